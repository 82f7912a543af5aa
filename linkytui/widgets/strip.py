"""The last minutes of power as columns. Only the columns that change are drawn again."""

from typing import Final

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.reactive import var
from textual.strip import Strip as Row
from textual.widget import Widget

from linkytui.glyphs import ASCII, UNICODE
from linkytui.i18n import _, number
from linkytui.live import Column, Strip, scale_for
from linkytui.messages import Sample
from linkytui.themes import TINTS, tint_of
from linkytui.words import duration

_AXIS: Final = 7
"""Cells of the figures at the left."""

_EIGHTHS: Final = 8


class LiveStrip(Widget):
    """Apparent power by time, newest at the right, in the colour of the period that ran; below it the period's name."""

    COMPONENT_CLASSES = {"strip--axis"} | {f"strip--{tint}" for tint in TINTS}

    samples: var[tuple[Sample, ...]] = var((), init=False, always_update=True)
    """New samples; the widget keeps what it was given before."""
    limit: var[float | None] = var(None)
    """Subscribed power in VA; columns above it are drawn as too much."""
    ascii: var[bool] = var(False)

    def __init__(self, *, seconds: float = 5.0, id: str | None = None) -> None:  # noqa: A002 -- Textual's name
        super().__init__(id=id)
        self.strip = Strip(seconds)
        self._scale = scale_for(0)
        self._newest: int | None = None

    def on_mount(self) -> None:
        self.speak()

    def speak(self) -> None:
        """Say the title in the language spoken now."""
        self.border_title = _("Last minutes")
        self._describe()
        self.refresh()

    def watch_samples(self, samples: tuple[Sample, ...]) -> None:
        self.show(samples)

    def watch_limit(self) -> None:
        self.refresh()

    def show(self, samples: tuple[Sample, ...]) -> None:
        """Take samples in and redraw the columns that changed; everything when the scale or the last column moved."""
        changed = self.strip.add(samples)
        if not changed or not self.is_mounted:
            return
        window = self.strip.window(self.columns_wide)
        scale = self._scale_of(window)
        if self.strip.last != self._newest or scale != self._scale:
            self._newest, self._scale = self.strip.last, scale
            self._describe()
            self.refresh()
            return
        for number_ in changed:
            if number_ in window:
                self.refresh(Region(_AXIS + number_ - window.start, 0, 1, self.size.height))

    def restart(self, seconds: float | None = None) -> None:
        """Forget everything, and draw columns of another width from now on if one is given."""
        self.strip.clear()
        if seconds is not None:
            self.strip.stretch(seconds)
        self._newest = None
        self._describe()
        self.refresh()

    def on_resize(self) -> None:
        """Other columns may be in sight."""
        self._scale = self._scale_of(self.strip.window(self.columns_wide))
        self._describe()

    @property
    def columns_wide(self) -> int:
        """Columns that fit."""
        return max(self.size.width - _AXIS, 1)

    def _scale_of(self, window: range) -> int:
        columns = [column for number_ in window if (column := self.strip.columns.get(number_))]
        return scale_for(max((max(column.highest, column.injected) for column in columns), default=0))

    def _describe(self) -> None:
        """Peak and mean of what is in sight, and how long that is."""
        wide = self.columns_wide
        summary = self.strip.summary(wide)
        if summary:
            highest, mean, given = summary
            told = _("{span}: peak {peak} VA, mean {mean} VA").format(
                span=duration(wide * self.strip.seconds), peak=number(highest), mean=number(mean)
            )
            if given:
                told += _(", given {given} VA").format(given=number(given))
            self.border_subtitle = told
        else:
            self.border_subtitle = ""

    def render_line(self, y: int) -> Row:
        height = self.size.height
        bars = max(height - 1, 1)
        window = self.strip.window(self.columns_wide)
        if y >= bars:
            return self._ribbon(window)
        segments = [Segment(self._axis(y, bars), self._style("axis"))]
        bottom = bars - 1 - y
        levels = (ASCII if self.ascii else UNICODE).levels
        shades = (ASCII if self.ascii else UNICODE).shades
        text, style = "", None
        blank = self.rich_style
        for number_ in window:
            column = self.strip.columns.get(number_)
            if column is None:
                cell, look = " ", blank
            else:
                injects = column.injected > column.highest
                value = column.injected if injects else column.highest
                eighths = round(value * bars * _EIGHTHS / self._scale) - bottom * _EIGHTHS
                if value and bottom == 0:
                    eighths = max(eighths, 1)  # a little is not nothing
                cell = (shades if injects else levels)[min(max(eighths, 0), _EIGHTHS)]
                look = self._style("injection" if injects else self._tint(column))
            if look is not style and text:
                segments.append(Segment(text, style))
                text = ""
            style = look
            text += cell
        segments.append(Segment(text, style))
        return Row(segments, self.size.width)

    def _tint(self, column: Column) -> str:
        if self.limit is not None and column.highest > self.limit:
            return "over"
        return tint_of(column.period)

    def _axis(self, y: int, bars: int) -> str:
        """The figure at the left of a row of bars: the top of the scale, its middle, and nothing else."""
        figure = ""
        if y == 0:
            figure = number(self._scale)
        elif bars >= 6 and bars % 2 == 0 and y == bars // 2:
            figure = number(self._scale / 2)
        return figure.rjust(_AXIS - 1) + " "

    def _ribbon(self, window: range) -> Row:
        """The period of each stretch of time by its name: colour alone does not tell."""
        line = (ASCII if self.ascii else UNICODE).line
        cells: list[tuple[str, str]] = []
        start, before = 0, None
        for index, number_ in enumerate(window):
            column = self.strip.columns.get(number_)
            period = column.period if column else None
            if period != before:
                start, before = index, period
            name = f"{period} " if period else ""
            place = index - start
            cells.append((name[place] if place < len(name) else line if period else " ", tint_of(period)))
        segments = [Segment("VA".rjust(_AXIS - 1) + " ", self._style("axis"))]
        text, tint = "", ""
        for cell, look in cells:
            if look != tint and text:
                segments.append(Segment(text, self._style(tint)))
                text = ""
            tint = look
            text += cell
        segments.append(Segment(text, self._style(tint)))
        return Row(segments, self.size.width)

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(f"strip--{name}", partial=False)
