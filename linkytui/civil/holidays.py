"""French public holidays: lived like Sundays, and never red in Tempo."""

from datetime import date, timedelta
from functools import lru_cache
from typing import Final

_FIXED: Final = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
_AFTER_EASTER: Final = (1, 39, 50)  # days from Easter Sunday to Easter Monday, Ascension and Whit Monday

SUNDAY: Final = 6


def day_kind(day: date) -> int:
    """The day of the week, 0 for Monday; a public holiday is a Sunday."""
    return SUNDAY if is_holiday(day) else day.weekday()


def is_holiday(day: date) -> bool:
    """Whether a day is a public holiday all over France."""
    return (day.month, day.day) in _FIXED or day in _moving(day.year)


@lru_cache(maxsize=16)
def _moving(year: int) -> frozenset[date]:
    easter = _easter(year)
    return frozenset(easter + timedelta(days=number) for number in _AFTER_EASTER)


def _easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Butcher's computus)."""
    golden = year % 19
    century, rest = divmod(year, 100)
    epact = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)
