"""The base of what is drawn cell by cell: only the cells that changed go to the terminal."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import ClassVar, Final

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from linkytui.tui.canvas import AXIS, BEFORE, BEFORE_WITHIN, CURSOR, CURSOR_WITHIN, Canvas, Cell
from linkytui.tui.tints import TINTS

_NEAR: Final = 5  # cells between two changes up to which they are sent as one


class Cells(Widget):
    """Shows a picture. A subclass draws it; this class finds out what differs from the one before."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"cell--{tint}" for tint in (*TINTS, AXIS, BEFORE, BEFORE_WITHIN, CURSOR, CURSOR_WITHIN)
    }

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 -- Textual's name
        super().__init__(id=id)
        self._picture: list[list[Cell]] = []  # what is on the terminal, row by row
        self._looks: dict[tuple[str, str], Style] = {}

    def draw(self, canvas: Canvas) -> None:
        """Draw everything onto an empty canvas."""
        raise NotImplementedError

    def update(self) -> None:
        """Draw again and send the cells that differ. Call it when something that is shown has changed."""
        if not self.is_mounted or not self.size:
            return
        before, self._picture = self._picture, self._drawn()
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

    def speak(self) -> None:
        """Say everything in the language spoken now. A subclass with a title adds it."""
        self.update()

    def on_mount(self) -> None:
        self.speak()

    def on_resize(self) -> None:
        """Another size is another picture."""
        self.update()

    def notify_style_update(self) -> None:
        """Another theme: the signs stay, their colours do not."""
        super().notify_style_update()
        self._looks = {}
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One row, from the picture that was drawn last."""
        if not self._picture:
            self._picture = self._drawn()
        blank = self._look("", "")
        if y >= len(self._picture):
            return Strip.blank(self.size.width, blank)
        segments = [
            Segment("".join(map(itemgetter(0), run)), self._look(*look))
            for look, run in groupby(self._picture[y], key=itemgetter(1, 2))
        ]
        return Strip(segments).adjust_cell_length(self.size.width, blank)

    def _drawn(self) -> list[list[Cell]]:
        canvas = Canvas(*self.size)
        self.draw(canvas)
        return canvas.rows

    def _look(self, tint: str, ground: str) -> Style:
        """The style of a tint before another."""
        look = self._looks.get((tint, ground))
        if look is None:
            look = self.get_component_rich_style(f"cell--{tint}") if tint else self.rich_style
            if ground:
                look += Style(bgcolor=self.get_component_rich_style(f"cell--{ground}").color)
            self._looks[tint, ground] = look
        return look


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
