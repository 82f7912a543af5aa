"""Days and hours of a zone's clock, as seconds since 1970. France's, where no zone is named."""

import re
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

_CLOCK: Final = re.compile(r"([01]?[0-9]|2[0-3])[:hH]([0-5][0-9])", re.ASCII).fullmatch


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


def second_of_day(text: str) -> int | None:
    """Seconds after 00:00 of a time of day that a person writes: `07:00`, `7h00`; None for another text."""
    found = _CLOCK(text)
    return None if found is None else int(found[1]) * HOUR + int(found[2]) * MINUTE


def next_clock(now: Timestamp, second: int, zone: tzinfo = PARIS) -> float:
    """The next moment at which the clock shows a time of day."""
    today = local(now, zone).date()
    at = moment(today, second, zone)
    return at if at > now else moment(today + ONE_DAY, second, zone)


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
