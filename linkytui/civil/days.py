"""Days and hours of a zone's clock, as seconds since 1970. France's, where no zone is named."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Final

from linkytui.civil.times import Timestamp
from linkytui.tic.horodate import PARIS

MINUTE: Final = 60
HOUR: Final = 3600
DAY: Final = 24 * HOUR  # seconds
ONE_DAY: Final = timedelta(days=1)


def local(at: Timestamp, zone: tzinfo = PARIS) -> datetime:
    """The clock of a zone at a moment."""
    return datetime.fromtimestamp(at, zone)


@lru_cache(maxsize=2048)
def midnight(day: date, zone: tzinfo = PARIS) -> int:
    """The moment at which a day begins, which is not 00:00 where the clocks change then."""
    return int(moment(day, 0, zone))


def moment(day: date, seconds: float, zone: tzinfo = PARIS) -> float:
    """The moment at which the clock of a day shows so many seconds after 00:00; 24 h and more is the next day.

    Of an hour that comes twice it is the first; one that does not come is as far after midnight as it says.
    """
    whole = int(seconds)
    clock = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(seconds=whole)
    return clock.timestamp() + (seconds - whole)


def each_day(first: date, end: date) -> Iterator[date]:
    """The days from one to the one before `end`."""
    return (date.fromordinal(number) for number in range(first.toordinal(), end.toordinal()))


def month_start(day: date) -> date:
    """The first day of the month that a day lies in."""
    return day.replace(day=1)


def next_month(day: date) -> date:
    """The first day of the month after the one that a day lies in."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def days_in_month(day: date) -> int:
    """How many days the month has that a day lies in."""
    return (next_month(day) - month_start(day)).days
