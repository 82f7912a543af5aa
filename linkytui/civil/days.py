"""Days and hours of the French clock, as seconds since 1970."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final

from linkytui.tic import PARIS

HOUR: Final = 3600
DAY: Final = 24 * HOUR
ONE_DAY: Final = timedelta(days=1)

_CLOCK_CHANGE: Final = 3 * HOUR
"""Seconds of the day from which, on the two days when the clock changes, it shows the new time."""


@lru_cache(maxsize=2048)
def midnight(day: date) -> int:
    """The moment at which a day begins."""
    return int(datetime(day.year, day.month, day.day, tzinfo=PARIS).timestamp())


@lru_cache(maxsize=2048)
def _clock_change(day: date) -> int:
    """Seconds by which a day is longer than others: 3600 in October, -3600 in March, else 0."""
    return midnight(day + ONE_DAY) - midnight(day) - DAY


def moment(day: date, seconds: float) -> float:
    """The moment at which the clock of a day shows so many seconds after midnight; 24 h and more is the next day."""
    while seconds >= DAY:
        day, seconds = day + ONE_DAY, seconds - DAY
    return midnight(day) + seconds + (_clock_change(day) if seconds >= _CLOCK_CHANGE else 0)


def local(at: float) -> datetime:
    """The French clock at a moment."""
    return datetime.fromtimestamp(at, PARIS)
