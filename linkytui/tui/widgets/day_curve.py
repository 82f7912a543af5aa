"""The power of the day so far, on terminals with room for it."""

from textual.reactive import var

from linkytui.history.today import Today
from linkytui.i18n import _
from linkytui.tui.canvas import Canvas
from linkytui.tui.charts import day_curve
from linkytui.tui.glyphs import glyphs
from linkytui.tui.widgets.cells import Cells


class DayCurve(Cells):
    """Apparent power since midnight in the tints of the registers, with the day before as dots."""

    today: var[Today | None] = var(None)

    def __init__(self, today: Today) -> None:
        super().__init__(id="day")
        self.set_reactive(DayCurve.today, today)

    def speak(self) -> None:
        """Say the title and the figures in the language spoken now."""
        self.border_title = _("Today, VA")
        self.border_subtitle = glyphs().before + " " + _("the day before")
        self.update()

    def watch_today(self) -> None:
        self.update()

    def draw(self, canvas: Canvas) -> None:
        """The day and the one before it."""
        today = self.today
        if today is not None:
            day_curve(today.curve, today.curve_before, today.start, today.end, canvas)
