"""A chart of the past. It is drawn when its data or its size changes, never by the clock."""

from collections.abc import Callable, Sequence

from textual.events import Click
from textual.message import Message
from textual.reactive import var

from linkytui.tui.canvas import FIGURES, Canvas
from linkytui.tui.widgets.cells import Cells


class Chart(Cells):
    """Shows what `plan` draws. A click on one of its columns is told."""

    plan: var[Callable[[Canvas], Sequence[object] | None] | None] = var(None, always_update=True)
    """Draws onto a canvas of the size there is, and returns what each column stands for; None draws nothing."""

    class Picked(Message):
        """A column was clicked on."""

        def __init__(self, what: object) -> None:
            super().__init__()
            self.what = what  # what it stands for

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 -- Textual's name
        super().__init__(id=id)
        self.columns: Sequence[object] = ()

    def watch_plan(self) -> None:
        self.update()

    def draw(self, canvas: Canvas) -> None:
        """Nothing where a chart has no room."""
        self.columns = ()
        if self.plan is not None and canvas.width >= FIGURES + 6 and canvas.height >= 4:
            self.columns = self.plan(canvas) or ()

    def on_click(self, event: Click) -> None:
        """Tell what the column under the mouse stands for."""
        place = event.x - FIGURES
        if 0 <= place < len(self.columns):
            self.post_message(self.Picked(self.columns[place]))
