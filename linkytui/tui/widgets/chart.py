"""A chart of the past. It is drawn when its data or its size changes, never by the clock."""

from collections.abc import Callable

from textual.reactive import var

from linkytui.tui.canvas import FIGURES, Canvas
from linkytui.tui.widgets.cells import Cells


class Chart(Cells):
    """Shows what `plan` draws."""

    plan: var[Callable[[Canvas], object] | None] = var(None, always_update=True)
    """Draws onto a canvas of the size there is; None draws nothing."""

    def watch_plan(self) -> None:
        self.update()

    def draw(self, canvas: Canvas) -> None:
        """Nothing where a chart has no room."""
        if self.plan is not None and canvas.width >= FIGURES + 6 and canvas.height >= 4:
            self.plan(canvas)
