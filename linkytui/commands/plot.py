"""Bars on the command line, one a row: plotext draws them into any terminal, and without colours into a pipe."""

import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import Final, NamedTuple

import plotext
from rich.color import Color
from rich.console import Console
from rich.text import Text

from linkytui.looks import colourless
from linkytui.tui.glyphs import UNICODE
from linkytui.tui.scales import round_top, scale
from linkytui.tui.tints import TINTS

_NARROWEST: Final = 24  # columns that are drawn at least; a narrower terminal wraps

_ROWS_AT_ONCE: Final = 60  # plotext takes four times as long for twice as many

_CELLS_A_STEP: Final = 10  # between two figures of the axis

_EIGHTHS: Final = " ▏▎▍▌▋▊▉█"
_MARKS: Final = "█▒░▓#=+:*%o@"
_ASCII_MARKS: Final = "#=-+*%o:@xIO"
"""What tells parts from each other where colours do not."""

_ASCII_AXES: Final = str.maketrans("┤└┬─", "|++-")

Look = tuple[str, int | str]  # a sign, and its colour as plotext names it


class Part(NamedTuple):
    """What a part of the bars stands for."""

    name: str
    tint: str | None  # None is what has no register: grey


class Bar(NamedTuple):
    """One row."""

    title: str
    values: Mapping[str, float]  # by the key of the part
    told: str  # the figure at its end


class BarPlot:
    """Bars that share a scale, as wide as the terminal.

    The width comes from COLUMNS or the terminal, 80 in a pipe. There is no colour where none is shown or wanted: in a
    pipe, on a dumb terminal, with NO_COLOR.
    """

    def __init__(self, bars: Sequence[Bar], parts: Mapping[str, Part], unit: str, *, ascii_only: bool = False) -> None:
        self._bars = bars
        self._unit = unit
        self._width = max(shutil.get_terminal_size().columns, _NARROWEST)
        self._console = Console(
            highlight=False, markup=False, width=self._width, color_system=None if colourless() else "auto"
        )
        self._plain = ascii_only or not UNICODE.fit(sys.stdout.encoding or "utf-8")
        self._parts = parts
        self._looks = dict(zip(parts, self._choose_looks(list(parts.values())), strict=True))
        self._titles = max((len(bar.title) for bar in bars), default=0) + 1
        told = max((len(bar.told) for bar in bars), default=0)
        self._cells = self._width - self._titles - 1
        self._wide = max(self._cells - max(told, len(unit) + 4) - 1, 1)
        self._top = round_top(max((sum(bar.values.values()) for bar in bars), default=0) or 1)

    def print(self) -> None:
        """Draw the bars, the axis with its unit, and what the parts are."""
        for line in (*self._rows(), *(self._legend() if len(self._parts) > 1 else ())):
            self._console.print(line, soft_wrap=True)

    def _rows(self) -> list[Text]:
        """The bars and the axis."""
        rows: list[Text] = []
        for begin in range(0, len(self._bars), _ROWS_AT_ONCE):
            end = begin + _ROWS_AT_ONCE
            drawn = self._drawn(self._bars[begin:end], axis=end >= len(self._bars))
            rows += Text.from_ansi(drawn.translate(_ASCII_AXES) if self._plain else drawn).split()
        for row in rows:
            row.rstrip()
        rows[-1].append(f" {self._unit}")
        return rows

    def _choose_looks(self, parts: Sequence[Part]) -> Iterator[Look]:
        """A colour each; and a sign of its own for each of those that share one."""
        marks = _ASCII_MARKS if self._plain else _MARKS
        shown = self._console.color_system is not None and not self._console.no_color
        colours = [_colour(part.tint) if shown else "default" for part in parts]
        for place, colour in enumerate(colours):
            yield marks[colours[:place].count(colour) % len(marks)], colour

    def _drawn(self, bars: Sequence[Bar], *, axis: bool) -> str:
        """Some of the bars as plotext draws them, with an axis below or without."""
        rows = len(bars)
        plotext.clear_figure()
        plotext.limitsize(False, False)  # it would cut the plot to 80x24 in a pipe
        plotext.plotsize(self._width, rows + 2 * axis)
        plotext.xlim(0, max(self._cells - 1, 1))
        plotext.ylim(0, max(rows - 1, 1))
        plotext.xaxes(axis, False)
        plotext.yaxes(True, False)
        for paint in (plotext.canvas_color, plotext.axes_color, plotext.ticks_color):
            paint("default")
        cells: dict[Look, tuple[list[int], list[int]]] = {}
        for y, bar in enumerate(reversed(bars)):
            looks = self._cells_of(bar)
            for x, look in enumerate(looks):
                xs, ys = cells.setdefault(look, ([], []))
                xs.append(x)
                ys.append(y)
            plotext.text(bar.told, len(looks) + bool(looks), y, color="default", alignment="left")
        for (sign, colour), (xs, ys) in cells.items():
            plotext.scatter(xs, ys, marker=sign, color=colour)
        plotext.yticks(list(range(rows)), [bar.title.ljust(self._titles) for bar in reversed(bars)])
        figures = scale(self._top, self._wide // _CELLS_A_STEP) if axis else []
        plotext.xticks([round(value / self._top * self._wide) for value, _text in figures], [t for _v, t in figures])
        return str(plotext.build())

    def _cells_of(self, bar: Bar) -> list[Look]:
        """The cells of one bar from the left; its end is told in eighths of a cell where a sign can."""
        values = {key: value for key, value in bar.values.items() if value > 0}
        if not values:
            return []
        *inner, end = (value / self._top * self._wide for value in accumulate(values.values()))
        looks = [self._looks[key] for key in values]
        sign, colour = looks[-1]
        full, eighths = divmod(max(round(end * 8), 1), 8) if sign == _EIGHTHS[-1] else (max(round(end), 1), 0)
        borders = [0, *(min(round(border), full) for border in inner), full]
        cells = [look for look, (start, stop) in zip(looks, pairwise(borders), strict=True) for _ in range(start, stop)]
        return [*cells, (_EIGHTHS[eighths], colour)] if eighths else cells

    def _legend(self) -> Iterator[Text]:
        """The parts by their signs, in as many lines as they need."""
        line = Text()
        for (sign, colour), part in zip(self._looks.values(), self._parts.values(), strict=True):
            told = Text.assemble((sign, colour if colour == "default" else f"color({colour})"), f" {part.name}")
            if line and line.cell_len + 2 + told.cell_len > self._width:
                yield line
                line = Text()
            line = Text.assemble(line, "  ", told) if line else told
        yield line


def _colour(tint: str | None) -> int | str:
    """One of the terminal's sixteen by its number. White is its own, since it would not be seen on a white ground."""
    name = "bright_black" if tint is None else TINTS[tint].sixteen.removeprefix("ansi_")
    return "default" if name == "bright_white" else Color.parse(name).number or 0
