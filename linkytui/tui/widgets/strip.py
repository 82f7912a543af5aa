"""The last minutes of power as columns. Only the columns that change are drawn again."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Final

from textual.reactive import var

from linkytui.i18n import _, number
from linkytui.tui.canvas import AXIS, BLANK, EIGHTHS, FIGURES, Canvas, Cell, Part
from linkytui.tui.messages import PowerSample
from linkytui.tui.power_columns import Column, PowerColumns, scale_for
from linkytui.tui.tints import tint_of
from linkytui.tui.widgets.cells import Cells
from linkytui.wording.terms import duration, register_name


class LiveStrip(Cells):
    """Apparent power by time, newest at the right, in the colour of the period that ran; below it the period's name."""

    samples: var[tuple[PowerSample, ...]] = var((), init=False, always_update=True)
    called: var[Mapping[str, str]] = var({}, init=False)  # what meter and offer call the registers of an own calendar
    """New samples; the widget keeps what it was given before."""
    limit: var[float | None] = var(None)  # subscribed power in VA; columns above it are drawn as too much

    def __init__(self, *, seconds: float = 5.0, id: str | None = None) -> None:  # noqa: A002 -- Textual's name
        super().__init__(id=id)
        self.strip = PowerColumns(seconds)
        self._told: tuple[object, ...] = ()

    def speak(self) -> None:
        """Say the title in the language spoken now."""
        self.border_title = _("Last minutes")
        self.update()

    def watch_samples(self, samples: tuple[PowerSample, ...]) -> None:
        self.show(samples)

    def watch_limit(self) -> None:
        self.update()

    def watch_called(self) -> None:
        self.update()

    def show(self, samples: tuple[PowerSample, ...]) -> None:
        """Take samples in and draw the cells that they change."""
        if self.strip.add(samples):
            self.update()

    def restart(self, seconds: float | None = None) -> None:
        """Forget everything, and draw columns of another width from now on if one is given."""
        self.strip.clear()
        if seconds is not None:
            self.strip.stretch(seconds)
        self.update()

    @property
    def columns_wide(self) -> int:
        """Columns that fit."""
        return max(self.size.width - FIGURES, 1)

    def update(self) -> None:
        """Draw the picture of now and say what it shows."""
        super().update()
        if self._picture:
            self._describe()

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
        return told + _(", injected {given} VA").format(given=number(given)) if given else told

    def draw(self, canvas: Canvas) -> None:
        """Bars, and below them the ribbon of periods."""
        bars = max(canvas.height - 1, 1)
        columns = [self.strip.columns.get(number_) for number_ in self.strip.window(self.columns_wide)]
        highest = max((max(column.highest, column.injected) for column in columns if column), default=0)
        scale = scale_for(highest)
        steps = next((steps for steps in (6, 4, 3, 2) if bars % steps == 0 and bars // steps >= _ROWS_A_STEP), 1)
        figures = {bars * step // steps: number(scale * (steps - step) / steps) for step in range(steps)}
        figures[bars] = "VA"
        for y in range(canvas.height):
            canvas.write(0, y, figures.get(y, "").rjust(FIGURES - 1) + " ")
        for x, column in enumerate(columns, FIGURES):
            if column is not None:
                canvas.stack(x, bars - 1, [self._bar(column, bars / scale, canvas)])
        ribbon = _Ribbon(canvas.glyphs.line, self.columns_wide)
        ribbon.periods(columns, self.called)
        ribbon.times(self.strip.seconds)
        for x, cell in enumerate(ribbon.cells, FIGURES):
            canvas.put(x, bars, cell)

    def _bar(self, column: Column, rows_a_volt_ampere: float, canvas: Canvas) -> Part:
        """The peak of one column, of what was drawn or of what was given."""
        injects = column.injected > column.highest
        value = column.injected if injects else column.highest
        eighths = max(round(value * rows_a_volt_ampere * EIGHTHS), 1) if value else 0  # a little is not nothing
        if injects:
            return Part(eighths, "injection", canvas.glyphs.shades)
        over = self.limit is not None and column.highest > self.limit
        return Part(eighths, "over" if over else tint_of(column.period), canvas.glyphs.levels)


_ROWS_A_STEP: Final = 3  # between two figures of the axis at least

_MOMENTS: Final = (10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400)
"""Seconds that two moments of the axis may lie apart."""

_APART: Final = 18  # columns between two of them at least: room for the name of a period


class _Ribbon:
    """The row below the columns: each stretch of time by the name of its period, and how long ago that is."""

    def __init__(self, line: str, width: int) -> None:
        self._line = line
        self.cells: list[Cell] = [BLANK] * width
        self._free = [True] * width  # where no name stands

    def periods(self, columns: Sequence[Column | None], called: Mapping[str, str]) -> None:
        """Name the period of each stretch that has room for it: colour alone does not tell, and half a name neither."""
        periods = [column.period if column else None for column in columns]
        start = 0
        for period, stretch in groupby(periods):
            length = len(list(stretch))
            if period is not None:
                name = f"{register_name(period, called)} "
                name = name if len(name) <= length + 1 else ""
                for place, sign in enumerate(name.ljust(length, self._line)[:length]):
                    self.cells[start + place] = sign, tint_of(period), ""
                    self._free[start + place] = place >= len(name)
            start += length

    def times(self, seconds: float) -> None:
        """Say how long ago the columns were. These words stay where they are, so they cost no bytes."""
        width = len(self.cells)
        self._write(width, " " + _("now"))
        apart = next((step for step in _MOMENTS if step / seconds >= _APART), _MOMENTS[-1])
        for times in range(1, int(width * seconds / apart) + 1):
            text = f" -{duration(times * apart)} "
            self._write(width - round(times * apart / seconds) + len(text) // 2, text)

    def _write(self, end: int, text: str) -> None:
        """Write a text that ends before a column, where nothing else stands."""
        begin = end - len(text)
        if begin >= 0 and all(self._free[begin:end]):
            self.cells[begin:end] = [(sign, AXIS, "") for sign in text]
