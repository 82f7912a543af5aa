"""The last minutes of power as columns. Only the columns that change are drawn again."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Final

from rich.segment import Segment
from textual.geometry import Region
from textual.reactive import var
from textual.strip import Strip as Row
from textual.widget import Widget

from linkytui.i18n import _, number
from linkytui.tui.glyphs import glyphs
from linkytui.tui.messages import Sample
from linkytui.tui.strip_data import Column, Strip, scale_for
from linkytui.tui.themes import TINTS, tint_of
from linkytui.wording.terms import duration

_AXIS: Final = 7
"""Cells of the figures at the left."""

_EIGHTHS: Final = 8

_NEAR: Final = 5
"""Cells between two changes up to which they are sent as one."""


Cell = tuple[str, str]
"""A sign and the name of its tint."""


class LiveStrip(Widget):
    """Apparent power by time, newest at the right, in the colour of the period that ran; below it the period's name."""

    COMPONENT_CLASSES = {"strip--axis"} | {f"strip--{tint}" for tint in TINTS}

    samples: var[tuple[Sample, ...]] = var((), init=False, always_update=True)
    """New samples; the widget keeps what it was given before."""
    limit: var[float | None] = var(None)
    """Subscribed power in VA; columns above it are drawn as too much."""

    def __init__(self, *, seconds: float = 5.0, id: str | None = None) -> None:  # noqa: A002 -- Textual's name
        super().__init__(id=id)
        self.strip = Strip(seconds)
        self._scale = scale_for(0)
        self._told: tuple[object, ...] = ()
        self._picture: list[list[Cell]] = []
        """What is on the terminal, row by row, the figures at the left included."""

    def on_mount(self) -> None:
        self.speak()

    def speak(self) -> None:
        """Say the title in the language spoken now."""
        self.border_title = _("Last minutes")
        self._draw()

    def watch_samples(self, samples: tuple[Sample, ...]) -> None:
        self.show(samples)

    def watch_limit(self) -> None:
        self._draw()

    def on_resize(self) -> None:
        """Other columns may be in sight."""
        self._draw()

    def show(self, samples: tuple[Sample, ...]) -> None:
        """Take samples in and draw the cells that they change."""
        if self.strip.add(samples):
            self._draw()

    def restart(self, seconds: float | None = None) -> None:
        """Forget everything, and draw columns of another width from now on if one is given."""
        self.strip.clear()
        if seconds is not None:
            self.strip.stretch(seconds)
        self._draw()

    @property
    def columns_wide(self) -> int:
        """Columns that fit."""
        return max(self.size.width - _AXIS, 1)

    def _draw(self) -> None:
        """Find the picture of now and send the cells that differ from the one before."""
        if not self.is_mounted or not self.size:
            return
        before, self._picture = self._picture, self._cells()
        self._describe()
        if len(before) != len(self._picture) or (before and len(before[0]) != len(self._picture[0])):
            self.refresh()
            return
        regions = [
            Region(start, row, stop - start, 1)
            for row, (old, new) in enumerate(zip(before, self._picture, strict=True))
            if old != new
            for start, stop in _runs(old, new)
        ]
        if regions:
            self.refresh(*regions)

    def _describe(self) -> None:
        """Peak and mean of what is in sight, and how long that is.

        A new subtitle repaints the whole strip: a new peak is worth it, a new mean once a minute.
        """
        wide = self.columns_wide
        summary = self.strip.summary(wide)
        minute = int((self.strip.last or 0) * self.strip.seconds // 60)
        told = (wide, self.border_title, minute, *((summary[0], summary[2]) if summary else ()))
        if told == self._told:
            return
        self._told = told
        self.border_subtitle = self._summary(*summary, wide) if summary else ""

    def _summary(self, highest: int, mean: float, given: int, wide: int) -> str:
        told = _("{span}: peak {peak} VA, mean {mean} VA").format(
            span=duration(wide * self.strip.seconds), peak=number(highest), mean=number(round(mean, -1))
        )
        return told + _(", given {given} VA").format(given=number(given)) if given else told

    def _cells(self) -> list[list[Cell]]:
        """Every cell, row by row: the bars, and below them the ribbon of periods."""
        bars = max(self.size.height - 1, 1)
        window = self.strip.window(self.columns_wide)
        columns = [self.strip.columns.get(number_) for number_ in window]
        highest = max((max(column.highest, column.injected) for column in columns if column), default=0)
        self._scale = scale_for(highest)
        upright = [self._column(column, bars) for column in columns]
        rows = [[*_axis(self._figure(row, bars)), *(column[row] for column in upright)] for row in range(bars)]
        ribbon = [*_axis("VA"), *_ribbon(columns, glyphs().line)]
        return [*rows, ribbon][: self.size.height]

    def _column(self, column: Column | None, bars: int) -> list[Cell]:
        """The cells of one column from top to bottom."""
        if column is None:
            return [_BLANK] * bars
        injects = column.injected > column.highest
        value = column.injected if injects else column.highest
        signs = glyphs().shades if injects else glyphs().levels
        tint = "injection" if injects else self._tint(column)
        eighths = round(value * bars * _EIGHTHS / self._scale)
        if value:
            eighths = max(eighths, 1)  # a little is not nothing
        cells = []
        for row in range(bars):
            level = min(max(eighths - (bars - 1 - row) * _EIGHTHS, 0), _EIGHTHS)
            cells.append((signs[level], tint) if level else _BLANK)
        return cells

    def _tint(self, column: Column) -> str:
        if self.limit is not None and column.highest > self.limit:
            return "over"
        return tint_of(column.period)

    def _figure(self, row: int, bars: int) -> str:
        """The figure at the left of a row of bars: the top of the scale, its middle, and nothing else."""
        if row == 0:
            return number(self._scale)
        if bars >= 6 and bars % 2 == 0 and row == bars // 2:
            return number(self._scale / 2)
        return ""

    def render_line(self, y: int) -> Row:
        if not self._picture:
            self._picture = self._cells()
        if y >= len(self._picture):
            return Row.blank(self.size.width, self.rich_style)
        blank = self.rich_style
        segments = [
            Segment(
                "".join(sign for sign, _tint in run),
                self.get_component_rich_style(f"strip--{tint}") if tint else blank,
            )
            for tint, run in groupby(self._picture[y], key=itemgetter(1))
        ]
        return Row(segments).adjust_cell_length(self.size.width, blank)


_BLANK: Final[Cell] = (" ", "")


def _axis(figure: str) -> list[Cell]:
    return [(sign, "axis") for sign in figure.rjust(_AXIS - 1) + " "]


def _ribbon(columns: Sequence[Column | None], line: str) -> Iterator[Cell]:
    """The period of each stretch of time by its name: colour alone does not tell."""
    start, before = 0, None
    for index, column in enumerate(columns):
        period = column.period if column else None
        if period != before:
            start, before = index, period
        if period is None:
            yield _BLANK
            continue
        name = f"{period} "
        place = index - start
        yield (name[place] if place < len(name) else line), tint_of(period)


def _runs(old: list[Cell], new: list[Cell]) -> Iterator[tuple[int, int]]:
    """The stretches of a row that differ; those close together as one, since moving the cursor costs bytes too."""
    start = stop = -1
    for index, (was, now) in enumerate(zip(old, new, strict=True)):
        if was == now:
            continue
        if start >= 0 and index - stop > _NEAR:
            yield start, stop
            start = index
        elif start < 0:
            start = index
        stop = index + 1
    if start >= 0:
        yield start, stop
