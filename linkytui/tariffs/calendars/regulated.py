"""The calendars of the options that the law regulates. EJP has none: only its meters tell its peak days."""

from collections.abc import Mapping
from typing import Final

from linkytui.civil.tempo import OFF_PEAK_HOURS, register
from linkytui.reading.contracts import Contract
from linkytui.tariffs.calendars.calendar import Calendar, Period
from linkytui.tic.status import Colour


def _period(name: str, **conditions: object) -> Period:
    return Period(name=name, register=name, **conditions)  # type: ignore[arg-type]


CALENDARS: Final[Mapping[Contract, Calendar]] = {
    Contract.BASE: Calendar((_period("BASE"),)),
    Contract.HPHC: Calendar((_period("HC", off_peak=True), _period("HP"))),
    Contract.TEMPO: Calendar(
        tuple(
            _period(register(colour, off_peak=off_peak), colours=frozenset({colour}), hours=hours)
            for colour in Colour
            for off_peak, hours in ((True, OFF_PEAK_HOURS), (False, ()))
        )
    ),
}
