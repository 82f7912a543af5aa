"""The pictures of a stretch of the past beside its usual chart: what repeats in it, read from the history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from linkytui.civil.days import local, midnight
from linkytui.history import HistoryReader
from linkytui.history.patterns import BaseLoads, Hours, base_loads, hours_of_days, typical_days
from linkytui.i18n import _
from linkytui.tui.canvas import Canvas
from linkytui.tui.glyphs import glyphs
from linkytui.tui.history_view import View, Zoom
from linkytui.tui.pattern_charts import base_load_bars, heat_legend, heat_map, typical_week


class Picture(StrEnum):
    """What is drawn of a stretch."""

    USUAL = "usual"  # the curve of a day, or bars of energy
    HOURS = "hours"  # hours by days
    WEEKDAYS = "weekdays"  # the typical day of each weekday
    BASE_LOAD = "base load"  # month by month


PICTURES: Final[Mapping[Zoom, tuple[Picture, ...]]] = {
    Zoom.DAY: (Picture.USUAL,),
    Zoom.WEEK: (Picture.USUAL,),
    Zoom.MONTH: (Picture.USUAL, Picture.HOURS, Picture.WEEKDAYS),
    Zoom.YEAR: (Picture.USUAL, Picture.HOURS, Picture.WEEKDAYS, Picture.BASE_LOAD),
}
"""Which there are of which stretch, in the order of the key."""


def picture_name(picture: Picture) -> str:
    """What a person calls it."""
    return {
        Picture.USUAL: _("Energy"),
        Picture.HOURS: _("Hours by days"),
        Picture.WEEKDAYS: _("Typical days"),
        Picture.BASE_LOAD: _("Base load"),
    }[picture]


@dataclass(frozen=True, slots=True)
class Pattern:
    """What one of these pictures shows."""

    view: View
    picture: Picture
    hours: Hours
    loads: BaseLoads | None

    def draw(self, canvas: Canvas) -> Sequence[date]:
        """Draw it. Returns the day that each column stands for, where a column stands for one."""
        match self.picture:
            case Picture.HOURS:
                return heat_map(self.hours, self.view.first, self.view.after, canvas)
            case Picture.WEEKDAYS:
                typical_week(typical_days(self.hours), canvas)
            case Picture.BASE_LOAD if self.loads is not None:
                return base_load_bars(self.loads, canvas)
        return ()

    @property
    def legend(self) -> str:
        """What its signs mean."""
        match self.picture:
            case Picture.HOURS:
                return heat_legend(self.hours)
            case Picture.WEEKDAYS:
                return _("filled: the middle of all days; lines: one day in ten lies below, one above")
        sign = glyphs().shades[-1]
        return _("what is always drawn, from the nights; {sign} the year before").format(sign=sign)


def read_pattern(reader: HistoryReader, view: View, picture: Picture) -> Pattern | None:
    """Ask the history what a picture shows; nothing for the usual one. Raises HistoryError: it cannot be read."""
    if picture is Picture.USUAL:
        return None
    start, end = (local(midnight(day, reader.zone), reader.zone) for day in (view.first, view.after))
    hours = {} if picture is Picture.BASE_LOAD else hours_of_days(reader, start, end)
    loads = base_loads(reader, view.first.year) if picture is Picture.BASE_LOAD else None
    return Pattern(view, picture, hours, loads)
