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

import plotext
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
from linkytui.tui.canvas import FIGURES
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


class Plotted(Widget):
    """The day as plotext draws it: a canvas of half cells, then ANSI, then text."""

    def render(self) -> Text:
        width, height = self.size
        across, up = 2 * (width - FIGURES), 2 * (height - 2)
        top = round_top(max(point.high for point in (*TODAY, *BEFORE)))
        plotext.clear_figure()
        plotext.limitsize(False, False)
        plotext.plotsize(width, height)
        plotext.xlim(0, across - 1)
        plotext.ylim(0, up - 1)
        plotext.xaxes(True, False)
        plotext.yaxes(True, False)
        plotext.grid(False, False)
        background = self.background_colors[1].rgb
        plotext.canvas_color(background)
        plotext.axes_color(background)
        plotext.ticks_color(self.colour("quiet"))
        self.mark(across, up, top)
        self.fill(across, up, top)
        shares = (0.0, 0.5, 1.0)
        plotext.yticks([min(round(share * up), up - 1) for share in shares], [number(s * top).rjust(6) for s in shares])
        hours = range(0, 24, 1 if across >= 192 else 2)
        plotext.xticks(
            [*(round(hour / 24 * across) for hour in hours), across - 1], [*(f"{h:02}" for h in hours), "24"]
        )
        return Text.from_ansi(plotext.build())

    def mark(self, across: int, up: int, top: float) -> None:
        """The day before: a point in whole cells."""
        cells = {(x // 2, min(round(p.mean / top * up), up - 1) // 2) for x, p in spread(BEFORE, across)}
        sideways, upwards = (across - 1) / (across // 2 - 1), (up - 1) / (up // 2 - 1)
        xs, ys = [x * sideways for x, _y in sorted(cells)], [y * upwards for _x, y in sorted(cells)]
        plotext.scatter(xs, ys, marker="·", color=self.colour("quiet"))

    def fill(self, across: int, up: int, top: float) -> None:
        """The day: half cells from below in the tint of each register."""
        painted: dict[str, tuple[list[int], list[int]]] = {}
        for x, point in spread(TODAY, across):
            xs, ys = painted.setdefault(tint_of(point.register), ([], []))
            for y in range(max(round(point.high / top * up), 1 if point.high else 0)):
                xs.append(x)
                ys.append(y)
        for tint, (xs, ys) in painted.items():
            plotext.scatter(xs, ys, marker="hd", color=self.colour(f"tint-{tint}"))

    def colour(self, variable: str) -> Any:
        """As plotext wants it."""
        return Color.parse(self.app.theme_variables[variable]).rgb


def spread(points: list[CurvePoint], across: int) -> Iterator[tuple[int, CurvePoint]]:
    """Each half cell across with the point that holds there."""
    by_place: dict[int, CurvePoint] = {}
    for point in points:
        place = int((point.at - START.timestamp()) / 86_400 * across)
        if place not in by_place or point.high > by_place[place].high:
            by_place[place] = point
    widest = max(-(-across // 288) + 1, 2)
    for place, after in pairwise([*sorted(by_place), across]):
        for x in range(place, min(after, place + widest)):
            yield x, by_place[place]


class Both(App[None]):
    """One way or the other, over the whole terminal."""

    def __init__(self, widget: Widget) -> None:
        super().__init__()
        self.register_theme(DARK)
        self.theme = DARK.name
        self.stylesheet.add_source((Path(__file__).parents[1] / "linkytui.tcss").read_text(encoding="utf-8"))
        self.widget = widget

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """What the stylesheet names."""
        return dict(DARK.variables)

    def compose(self) -> ComposeResult:
        yield self.widget


async def drawn(widget: Widget, size: tuple[int, int], times: int) -> tuple[list[Strip], float]:
    """What a widget shows and the median of the seconds that it takes to draw it."""
    async with Both(widget).run_test(size=size) as pilot:
        await pilot.pause()
        taken, rows = [], []
        gc.disable()
        for _turn in range(times):
            begin = time.perf_counter()
            if isinstance(widget, Chart):
                widget.plan = lambda canvas: day_curve(TODAY, BEFORE_AS_RECORDED, START, START + DAY, canvas)
            widget.refresh()
            rows = widget.render_lines(widget.size.region)
            taken.append(time.perf_counter() - begin)
            gc.collect()
        gc.enable()
        return rows, statistics.median(taken)


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
    failed = False
    for size in SIZES:
        before, plotted = asyncio.run(drawn(Plotted(), size, options.times))
        now, strips = asyncio.run(drawn(Chart(), size, options.times))
        columns = same_shape(before, now)
        ratio = plotted / strips
        failed |= ratio < LIMIT
        print(
            f"{size[0]}x{size[1]}: plotext {plotted * 1000:6.1f} ms, cells {strips * 1000:5.1f} ms: "
            f"{ratio:.1f} times as fast (limit {LIMIT:.0f}); {columns} columns of the same shape"
        )
    sys.exit(failed)


if __name__ == "__main__":
    main()
