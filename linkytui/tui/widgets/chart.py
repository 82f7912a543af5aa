"""A plot of the past, drawn by plotext. It is drawn when its data or its size changes, never by the clock."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from rich.text import Text
from textual.color import Color
from textual.reactive import var
from textual.widget import Widget
from textual_plotext.plot import Plot

from linkytui.tui.charts import AXIS, BEFORE, CURSOR, Cells, Chart, Points
from linkytui.tui.glyphs import ASCII, glyphs

_ASCII_AXES: Final = str.maketrans("│┤└┬─", "|+++-")
"""Stand-ins for the signs that plotext draws axes with."""


class ChartPlot(Widget):
    """Shows a chart; `plan` makes it for the size there is."""

    plan: var[Callable[[int, int], Chart] | None] = var(None, always_update=True)
    """Makes the chart for a width and a height; None shows nothing."""

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
        for tint, places in chart.points.items():
            colour = self._tint({BEFORE: "quiet", CURSOR: "foreground"}.get(tint, f"tint-{tint}"))
            for marker, (across, up) in self._marked(chart, tint, places):
                plot.scatter(across, up, marker=marker, color=colour)
        plot.yticks([place for place, _label in chart.marks_up], [label for _place, label in chart.marks_up])
        plot.xticks([place for place, _label in chart.marks_across], [label for _place, label in chart.marks_across])
        drawn = plot.build()
        return Text.from_ansi(drawn.translate(_ASCII_AXES) if glyphs() is ASCII else drawn)

    def _marked(self, chart: Chart, tint: str, places: Points) -> Iterator[tuple[str, Points | Cells]]:
        """The signs that a tint is drawn with, and where: half-cells, but for marks and on ASCII terminals."""
        if glyphs() is not ASCII and tint != BEFORE:
            yield "hd", places
            return
        solid, hatched = chart.whole_cells(places)
        sign = "#" if tint != BEFORE else glyphs().before
        for marker, cells in ((sign, solid), (sign if tint == BEFORE else ":", hatched)):
            if cells[0]:
                yield marker, cells

    def _tint(self, variable: str) -> Any:
        return self._colour(Color.parse(self.app.theme_variables[variable]))

    def _colour(self, colour: Color) -> Any:
        """As plotext names it: a triple, the number of one of the terminal's colours, or none of ours."""
        if colour.ansi is None:
            return colour.rgb
        return colour.ansi if colour.ansi >= 0 else "default"
