"""The power of the day so far, on terminals with room for it."""

from textual.reactive import var

from linkytui.history.today import Today
from linkytui.i18n import _
from linkytui.tui.charts import Chart, day_curve
from linkytui.tui.glyphs import glyphs
from linkytui.tui.widgets.chart import ChartPlot


class DayCurve(ChartPlot):
    """Apparent power since midnight in the tints of the registers, with the day before as dots."""

    today: var[Today | None] = var(None)

    def __init__(self, today: Today) -> None:
        super().__init__(id="day")
        self.set_reactive(DayCurve.today, today)

    def on_mount(self) -> None:
        self.speak()
        self.plan = self._chart

    def speak(self) -> None:
        """Say the title in the language spoken now."""
        self.border_title = _("Today, VA")
        self.border_subtitle = glyphs().before + " " + _("the day before")

    def watch_today(self) -> None:
        self.plan = self._chart

    def _chart(self, width: int, height: int) -> Chart:
        today = self.today
        if today is None:
            return Chart(2, 2)
        return day_curve(today.curve, today.curve_before, today.start, today.end, width, height)
