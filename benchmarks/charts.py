"""The chart of a day, drawn into cells, beside the same day drawn by plotext as it was before.

    python benchmarks/charts.py [--times 25]

Both draw in one run, from the same points to the rows that Textual sends, at 120x28 and 200x47. plotext knows half
cells, so each column is compared with the half columns that plotext draws there, to the quarter of a row.
"""

import argparse
import asyncio
import gc
import statistics
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from plotext._figure import _figure_class as figure
from rich.style import Style
from rich.text import Text
from textual.app import App, ComposeResult
from textual.color import Color
from textual.strip import Strip
from textual.widget import Widget

sys.path.insert(0, str(Path(__file__).parents[1]))

from linkytui.history import CurvePoint
from linkytui.i18n import number
from linkytui.reading import Contract
from linkytui.simulator.meter import MeterSample, synthetic
from linkytui.tui.canvas import FIGURES, Canvas
from linkytui.tui.charts import day_curve
from linkytui.tui.glyphs import UNICODE
from linkytui.tui.scales import round_top
from linkytui.tui.themes import DARK
from linkytui.tui.tints import tint_of
from linkytui.tui.widgets.chart import Chart

SIZES = ((120, 28), (200, 47))
LIMIT = 5.0
START = datetime(2026, 6, 2, tzinfo=ZoneInfo("Europe/Paris"))
DAY = timedelta(days=1)
MARK = "·"
QUADRANTS = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"
"""Signs by the quarters that they paint: 1 and 2 above, 4 and 8 below, the left ones first."""


def measured(start: datetime, parts: int) -> list[CurvePoint]:
    """A day of a simulated household in so many parts; its clock does not change."""
    begin = start.timestamp()
    together: dict[int, list[MeterSample]] = {}
    for sample in synthetic(begin, begin + 86_400, 60.0, Contract.HPHC, seed=5):
        together.setdefault(int((sample.at - begin) / 86_400 * parts), []).append(sample)
    points = []
    for part, samples in sorted(together.items()):
        powers = [sample.power for sample in samples]
        mean = round(sum(powers) / len(powers))
        # Well inside its column, so that both ways take it for the same.
        points.append(
            CurvePoint(begin + (part + 0.01) / parts * 86_400, mean, min(powers), max(powers), samples[0].period)
        )
    return points


class Day:
    """What is drawn at a size: a point a column, since half cells and cells put more of them together otherwise."""

    def __init__(self, width: int) -> None:
        self.points = measured(START, width - FIGURES)
        self.before = measured(START - DAY, width - FIGURES)
        self.top = round_top(max(point.high for point in (*self.points, *self.before)))


class HalfCells:
    """What plotext was given: half cells by tint, two across and two up in a cell."""

    def __init__(self, across: int, up: int) -> None:
        self.across = across
        self.up = up
        self.points: dict[str, tuple[list[int], list[int]]] = {}

    def paint(self, tint: str, x: int, y: int) -> None:
        """Paint one half cell."""
        if 0 <= x < self.across and 0 <= y < self.up:
            xs, ys = self.points.setdefault(tint, ([], []))
            xs.append(x)
            ys.append(y)

    def day(self, day: Day) -> None:
        """Marks for the day before and for the peaks, then means as columns from below in the tint of each register."""
        for place, (before, point) in enumerate(zip(day.before, day.points, strict=True)):
            for x in (2 * place, 2 * place + 1):
                self.paint("before", x, min(int(before.mean / day.top * self.up), self.up - 1))
                self.paint("peak", x, min(int(point.high / day.top * self.up), self.up - 1))
                for y in range(max(round(point.mean / day.top * self.up), 1 if point.mean else 0)):
                    self.paint(tint_of(point.register), x, y)

    def marks(self, tint: str) -> tuple[list[float], list[float]]:
        """The places of the marks, one in a whole cell."""
        cells = sorted({(x // 2, y // 2) for x, y in zip(*self.points[tint], strict=True)})
        sideways, upwards = (self.across - 1) / (self.across // 2 - 1), (self.up - 1) / (self.up // 2 - 1)
        return [x * sideways for x, _y in cells], [y * upwards for _x, y in cells]


class Plotted(Widget):
    """The day as plotext draws it: a canvas of half cells, then ANSI, then text."""

    def __init__(self, day: Day) -> None:
        super().__init__()
        self.day = day

    def render(self) -> Text:
        width, height = self.size
        chart = HalfCells(2 * (width - FIGURES), 2 * (height - 2))
        chart.day(self.day)
        plot = figure()
        plot._limit_size(False, False)
        plot.plotsize(width, height)
        plot.xlim(0, chart.across - 1)
        plot.ylim(0, chart.up - 1)
        plot.xaxes(True, False)
        plot.yaxes(True, False)
        plot.grid(False, False)
        background = self.background_colors[1].rgb
        plot.canvas_color(background)
        plot.axes_color(background)
        plot.ticks_color(self.colour("quiet"))
        for tint, places in chart.points.items():
            if tint in ("before", "peak"):
                plot.scatter(*chart.marks(tint), marker=MARK, color=self.colour("quiet"))
            else:
                plot.scatter(*places, marker="hd", color=self.colour(f"tint-{tint}"))
        shares = (0.0, 0.5, 1.0)
        figures = [number(share * self.day.top).rjust(FIGURES - 1) for share in shares]
        plot.yticks([min(round(share * chart.up), chart.up - 1) for share in shares], figures)
        hours = range(0, 24, 1 if chart.across >= 192 else 2)
        ticks = [round(hour / 24 * chart.across) for hour in hours]
        plot.xticks([*ticks, chart.across - 1], [*(f"{hour:02}" for hour in hours), "24"])
        return Text.from_ansi(plot.build())

    def colour(self, variable: str) -> Any:
        """As plotext wants it."""
        return Color.parse(self.app.theme_variables[variable]).rgb


class Both(App[None]):
    """One way above the other."""

    CSS = "Plotted, Chart { height: 1fr; }"

    def __init__(self, day: Day) -> None:
        super().__init__()
        self.day = day
        self.register_theme(DARK)
        self.theme = DARK.name
        self.stylesheet.add_source((Path(__file__).parents[1] / "linkytui.tcss").read_text(encoding="utf-8"))

    def compose(self) -> ComposeResult:
        yield Plotted(self.day)
        yield Chart()


def drawn(widget: Widget) -> tuple[list[Strip], float]:
    """What a widget shows, and the processor seconds that it takes to draw it."""
    begin = time.process_time()
    widget.refresh()
    rows = widget.render_lines(widget.size.region)
    return rows, time.process_time() - begin


async def beside(size: tuple[int, int], times: int) -> None:
    """Draw both ways in turns, compare what they show, and print what they take. Exits with 1 if it is too much."""
    day = Day(size[0])
    app = Both(day)
    async with app.run_test(size=(size[0], 2 * size[1])) as pilot:
        await pilot.pause()
        before, now = app.query_one(Plotted), app.query_one(Chart)
        assert before.size == now.size == size

        def plan(canvas: Canvas) -> None:
            day_curve(day.points, day.before, START, START + DAY, canvas)

        def cells() -> tuple[list[Strip], float]:
            now.plan = plan  # another plan, as far as the widget knows
            return drawn(now)

        columns = same_shape(drawn(before)[0], cells()[0])
        gc.disable()
        taken = [(drawn(before)[1], cells()[1], gc.collect()) for _turn in range(times)]
        gc.enable()
    plotted, stripped, _collected = (statistics.median(each) for each in zip(*taken, strict=True))
    print(
        f"{size[0]}x{size[1]}: plotext {plotted * 1000:6.1f} ms, cells {stripped * 1000:5.1f} ms: "
        f"{plotted / stripped:.1f} times as fast (limit {LIMIT:.0f}); {columns} columns of the same shape"
    )
    if plotted < LIMIT * stripped:
        sys.exit(1)


Look = tuple[str, Any, Any]


def looks(rows: list[Strip]) -> list[list[Look]]:
    """Sign, colour and ground of each cell of the plot, from the left, each column from below."""
    lines = [
        [(sign, *colours(segment.style)) for segment in row for sign in segment.text][FIGURES:] for row in rows[:-2]
    ]
    return [list(column) for column in zip(*reversed(lines), strict=True)]


def colours(style: Style | None) -> tuple[Any, Any]:
    """Of a sign, and of what is behind it."""
    if style is None:
        return None, None
    sign, ground = (colour.get_truecolor() if colour else None for colour in (style.color, style.bgcolor))
    return sign, ground


def half(column: list[Look]) -> tuple[int, int, Any]:
    """How high a column of plotext's is at least and at most, in half rows, and in which colour.

    A mark takes the whole of its cell from the column, which may end in it.
    """
    least = most = 0
    tint = None
    for row, (sign, shown, _ground) in enumerate(column):
        painted = QUADRANTS.find(sign)
        if painted > 0:
            least = most = 2 * row + (2 if painted & 3 else 1)
            tint = shown
        elif sign == MARK and most == 2 * row:
            most += 2
    return least, most, tint


def filled(column: list[Look]) -> tuple[int, set[Any], int]:
    """How high a column of cells is, in eighths, in which colours, and how far that can be off.

    The day before is a line over it: it takes the whole of its cell, from which the column is then told to the nearest.
    """
    empty = column[-1][2]
    eighths, tints, off = 0, set(), 2
    for row, (sign, colour, ground) in enumerate(column):
        if sign in UNICODE.levels[1:]:
            eighths += UNICODE.levels.index(sign)
            tints.add(colour)
        elif sign in UNICODE.curve and ground != empty:
            eighths += 8
            tints.add(ground)
        if sign in UNICODE.curve and row <= eighths // 8 <= row + 1:
            off = 6
    return eighths, tints, off


def same_shape(before: list[Strip], now: list[Strip]) -> int:
    """How many columns there are. Raises AssertionError where one differs by more than half cells can tell."""
    old, new = looks(before), looks(now)
    assert len(old) == len(new)
    for x, (was, column) in enumerate(zip(old, new, strict=True)):
        eighths, tints, off = filled(column)
        least, most, colour = half(was)
        assert len(tints) <= 1, f"column {x} has several colours"
        off += least == 1
        assert 4 * least - off <= eighths <= 4 * most + off, f"column {x}: {eighths} eighths, before {least} to {most}"
        assert {colour} == tints or not least, f"column {x}: {tints}, before {colour}"
        for row, (sign, _colour, _ground) in enumerate(column):
            if sign in UNICODE.thin[1:]:
                # plotext's half cells are rounded: a value in the upper quarter of a row was marked in the next.
                places = {was[place][0] for place in (row, min(row + 1, len(was) - 1))}
                assert places != {" "}, f"a mark in column {x}, row {row}, was not there"
    assert before[0].text.split()[0].rstrip("┤─│ ") == now[0].text.split("┤")[0].strip()
    return len(new)


def main() -> None:
    """Measure, compare and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=25)
    options = parser.parse_args()
    for size in SIZES:
        asyncio.run(beside(size, options.times))


if __name__ == "__main__":
    main()
