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
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from plotext._figure import _figure_class as figure
from rich.text import Text
from textual.app import App, ComposeResult
from textual.color import Color
from textual.strip import Strip
from textual.widget import Widget

sys.path.insert(0, str(Path(__file__).parents[1]))

from linkytui.history import CurvePoint
from linkytui.i18n import number
from linkytui.reading import Contract
from linkytui.simulator.meter import synthetic
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
QUADRANTS = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"
"""Signs by the quarters that they paint: 1 and 2 above, 4 and 8 below, the left ones first."""


def measured(start: datetime) -> list[CurvePoint]:
    """A day of a simulated household, a point every five minutes."""
    begin = start.timestamp()
    minutes = list(synthetic(begin, begin + 86_400, 60.0, Contract.HPHC, seed=5))
    points = []
    for five in (minutes[place : place + 5] for place in range(0, len(minutes) - 4, 5)):
        powers = [sample.power for sample in five]
        mean = round(sum(powers) / len(powers))
        points.append(CurvePoint(five[0].at, mean, min(powers), max(powers), five[0].period))
    return points


TODAY = measured(START)
BEFORE = [point._replace(at=point.at + 86_400) for point in measured(START - DAY)]
"""The day before, laid over the day."""


class HalfCells:
    """What plotext was given: half cells by tint, two across and two up in a cell."""

    def __init__(self, across: int, up: int, top: float) -> None:
        self.across = across
        self.up = up
        self.top = top
        self.points: dict[str, tuple[list[int], list[int]]] = {}

    def paint(self, tint: str, x: int, y: int) -> None:
        """Paint one half cell."""
        if 0 <= x < self.across and 0 <= y < self.up:
            xs, ys = self.points.setdefault(tint, ([], []))
            xs.append(x)
            ys.append(y)

    def day(self) -> None:
        """Marks for the day before, then columns from below in the tint of each register."""
        for x, point in self.spread(BEFORE):
            self.paint("before", x, min(round(point.mean / self.top * self.up), self.up - 1))
        for x, point in self.spread(TODAY):
            for y in range(max(round(point.high / self.top * self.up), 1 if point.high else 0)):
                self.paint(tint_of(point.register), x, y)

    def spread(self, points: list[CurvePoint]) -> Iterator[tuple[int, CurvePoint]]:
        """Each half cell across with the point that holds there."""
        by_place: dict[int, CurvePoint] = {}
        for point in points:
            place = int((point.at - START.timestamp()) / 86_400 * self.across)
            if place not in by_place or point.high > by_place[place].high:
                by_place[place] = point
        widest = max(-(-self.across // 288) + 1, 2)
        for place, after in pairwise([*sorted(by_place), self.across]):
            for x in range(place, min(after, place + widest)):
                yield x, by_place[place]

    def marks(self) -> tuple[list[float], list[float]]:
        """The places of the marks, one in a whole cell."""
        cells = sorted({(x // 2, y // 2) for x, y in zip(*self.points["before"], strict=True)})
        sideways, upwards = (self.across - 1) / (self.across // 2 - 1), (self.up - 1) / (self.up // 2 - 1)
        return [x * sideways for x, _y in cells], [y * upwards for _x, y in cells]


class Plotted(Widget):
    """The day as plotext draws it: a canvas of half cells, then ANSI, then text."""

    def render(self) -> Text:
        width, height = self.size
        chart = HalfCells(
            2 * (width - FIGURES), 2 * (height - 2), round_top(max(point.high for point in (*TODAY, *BEFORE)))
        )
        chart.day()
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
            if tint == "before":
                plot.scatter(*chart.marks(), marker="·", color=self.colour("quiet"))
            else:
                plot.scatter(*places, marker="hd", color=self.colour(f"tint-{tint}"))
        shares = (0.0, 0.5, 1.0)
        figures = [number(share * chart.top).rjust(FIGURES - 1) for share in shares]
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

    def __init__(self) -> None:
        super().__init__()
        self.register_theme(DARK)
        self.theme = DARK.name
        self.stylesheet.add_source((Path(__file__).parents[1] / "linkytui.tcss").read_text(encoding="utf-8"))

    def compose(self) -> ComposeResult:
        yield Plotted()
        yield Chart()


def _plan(canvas: Canvas) -> None:
    day_curve(TODAY, BEFORE_AS_RECORDED, START, START + DAY, canvas)


def drawn(widget: Widget) -> tuple[list[Strip], float]:
    """What a widget shows, and the processor seconds that it takes to draw it."""
    begin = time.process_time()
    if isinstance(widget, Chart):
        widget.plan = _plan
    widget.refresh()
    rows = widget.render_lines(widget.size.region)
    return rows, time.process_time() - begin


async def beside(size: tuple[int, int], times: int) -> None:
    """Draw both ways in turns, compare what they show, and print what they take. Exits with 1 if it is too much."""
    app = Both()
    async with app.run_test(size=(size[0], 2 * size[1])) as pilot:
        await pilot.pause()
        before, now = app.query_one(Plotted), app.query_one(Chart)
        assert before.size == now.size == size
        columns = same_shape(drawn(before)[0], drawn(now)[0])
        gc.disable()
        taken = [(drawn(before)[1], drawn(now)[1], gc.collect()) for _turn in range(times)]
        gc.enable()
    plotted, cells, _collected = (statistics.median(each) for each in zip(*taken, strict=True))
    print(
        f"{size[0]}x{size[1]}: plotext {plotted * 1000:6.1f} ms, cells {cells * 1000:5.1f} ms: "
        f"{plotted / cells:.1f} times as fast (limit {LIMIT:.0f}); {columns} columns of the same shape"
    )
    if plotted < LIMIT * cells:
        sys.exit(1)


BEFORE_AS_RECORDED = [point._replace(at=point.at - 86_400) for point in BEFORE]

Look = tuple[str, Any]


def looks(rows: list[Strip]) -> list[list[Look]]:
    """Sign and colour of each cell of the plot, from the left, each column from below."""
    lines = [
        [
            (sign, segment.style.color.get_truecolor() if segment.style and segment.style.color else None)
            for segment in row
            for sign in segment.text
        ][FIGURES:]
        for row in rows[:-2]
    ]
    return [list(column) for column in zip(*reversed(lines), strict=True)]


def half(column: list[Look], quarters: tuple[int, int]) -> tuple[int, Any]:
    """How high one half of a column of plotext's is, in half rows, and in which colour."""
    lower, upper = quarters
    high, colour = 0, None
    for row, (sign, shown) in enumerate(column):
        painted = QUADRANTS.find(sign)
        if painted > 0 and painted & (lower | upper):
            high, colour = 2 * row + (2 if painted & upper else 1), shown
    return high, colour


def same_shape(before: list[Strip], now: list[Strip]) -> int:
    """How many columns there are. Raises AssertionError where one differs by more than half cells can tell."""
    old, new = looks(before), looks(now)
    assert len(old) == len(new)
    for x, (was, column) in enumerate(zip(old, new, strict=True)):
        eighths = sum(UNICODE.levels.index(sign) for sign, _colour in column if sign in UNICODE.levels)
        colours = {colour for sign, colour in column if sign in UNICODE.levels[1:]}
        halves = [half(was, (4, 1)), half(was, (8, 2))]
        assert len(colours) <= 1, f"column {x} has several colours"
        assert any(
            abs(4 * high - eighths) <= 2 + (high == 1) and ({colour} == colours or not high) for high, colour in halves
        ), f"column {x}: {eighths / 8} rows in {colours}, before {halves}"
        for row, (sign, _colour) in enumerate(column):
            if sign == UNICODE.before:
                # plotext's half cells are rounded: a value in the upper quarter of a row was marked in the next.
                places = {was[place][0] for place in (row, min(row + 1, len(was) - 1))}
                assert places != {" "}, f"a mark of the day before in column {x}, row {row}, was not there"
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
