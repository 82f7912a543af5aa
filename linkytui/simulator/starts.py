"""Start times for the demo: the household is up and something is about to change."""

from datetime import date, timedelta
from typing import Final

from linkytui.civil.days import HOUR, ONE_DAY, moment
from linkytui.reading.contracts import Contract
from linkytui.simulator.calendar import Calendar
from linkytui.tic.status import Colour

_WINTER: Final = date(2026, 1, 12)
_SUMMER: Final = date(2026, 6, 16)
_DAYS: Final = 120

_SOON: Final = 12 / HOUR
_HOURS: Final = {
    Contract.BASE: 19 + 20 / 60,
    Contract.OTHER: 19 + 20 / 60,
    Contract.HPHC: 22.5 - _SOON,
    Contract.TEMPO: 20 - _SOON,
    Contract.EJP: 7 - _SOON,
}
"""Just before the off-peak hours, before the colour of tomorrow is told, before a peak begins; else at dinner."""
_NOON: Final = 13


def lively_start(calendar: Calendar, *, producer: bool) -> float:
    """Seconds since 1970: a summer noon for who produces, else the liveliest hour that a contract has in winter."""
    if producer:
        return moment(_SUMMER, _NOON * HOUR)
    days = (_WINTER + timedelta(days=number) for number in range(_DAYS))
    day = next((day for day in days if _is_worth_it(calendar, day)), _WINTER)
    return moment(day, _HOURS[calendar.contract] * HOUR)


def _is_worth_it(calendar: Calendar, day: date) -> bool:
    """Whether a dear day is about to begin, on the contracts that have such days."""
    match calendar.contract:
        case Contract.TEMPO:
            return calendar.colour(day) is Colour.WHITE and calendar.colour(day + ONE_DAY) is Colour.RED
        case Contract.EJP:
            return calendar.dear(day)
        case _:
            return True
