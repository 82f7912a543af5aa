"""A plot of the past, drawn by plotext. It is drawn when its data or its size changes, never by the clock."""

from collections.abc import Callable
from typing import Any

from rich.text import Text
from textual.color import Color
from textual.reactive import var
from textual.widget import Widget
from textual_plotext.plot import Plot

from linkytui.charts import AXIS, BEFORE, CURSOR, Chart


class ChartPlot(Widget):
    """Shows a chart; `plan` makes it for the size there is."""

    plan: var[Callable[[int, int], Chart] | None] = var(None, always_update=True)
    """Makes the chart for a width and a height; None shows nothing."""
    ascii: var[bool] = var(False)

    def watch_plan(self) -> None:
        self.refresh()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self.refresh()

    def render(self) -> Text:
        width, height = self.size
        if self.plan is None or width < AXIS + 6 or height < 4:
            return Text()
        chart = self.plan(width, height)
        plot = Plot()
        # Else plotext cuts the plot to the size of the process's own terminal, which is not the widget's.
        plot._limit_size(False, False)  # type: ignore[attr-defined] # an attribute that it makes at run time
        plot.plotsize(width, height)
        plot.xlim(0, chart.across - 1)
        plot.ylim(0, chart.up - 1)
        plot.xaxes(True, False)
        plot.yaxes(True, False)
        plot.grid(False, False)
        background = self._colour(self.background_colors[1])
        plot.canvas_color(background)
        plot.axes_color(background)
        plot.ticks_color(self._tint("quiet"))
        fine, coarse = ("#", ".") if self.ascii else ("hd", "·")
        for tint, places in chart.points.items():
            colour = self._tint({BEFORE: "quiet", CURSOR: "foreground"}.get(tint, f"tint-{tint}"))
            marker = coarse if tint == BEFORE else fine
            across, up = places if marker == "hd" else chart.whole_cells(*places)
            plot.scatter(across, up, marker=marker, color=colour)
        plot.yticks([place for place, _label in chart.marks_up], [label for _place, label in chart.marks_up])
        plot.xticks([place for place, _label in chart.marks_across], [label for _place, label in chart.marks_across])
        return Text.from_ansi(plot.build())

    def _tint(self, variable: str) -> Any:
        return self._colour(Color.parse(self.app.theme_variables[variable]))

    def _colour(self, colour: Color) -> Any:
        """As plotext names it: a triple, the number of one of the terminal's colours, or none of ours."""
        if colour.ansi is None:
            return colour.rgb
        return colour.ansi if colour.ansi >= 0 else "default"
