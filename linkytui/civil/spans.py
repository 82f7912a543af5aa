"""Hours, days, months and years of a time zone."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum

from linkytui.civil.cycle import CALENDAR, Cycle
from linkytui.civil.days import ONE_DAY, local, midnight


class By(StrEnum):
    """How time is cut into spans."""

    HOUR = "hour"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


def floor(moment: datetime, by: By, cycle: Cycle = CALENDAR) -> datetime:
    """The beginning of the span that a moment lies in, in the moment's own zone. Months are those of a cycle."""
    zone = _zone(moment)
    if by is By.HOUR:
        return (moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)).astimezone(zone)
    day = moment.date()
    if by is By.MONTH:
        day = cycle.around(day)[0]
    elif by is By.YEAR:
        day = day.replace(month=1, day=1)
    return local(midnight(day, zone), zone)


def following(start: datetime, by: By, cycle: Cycle = CALENDAR) -> datetime:
    """The beginning of the span after the one that begins at `start`. Months are those of a cycle."""
    zone = _zone(start)
    if by is By.HOUR:
        return (start.astimezone(UTC) + timedelta(hours=1)).astimezone(zone)
    day = start.date()
    if by is By.DAY:
        day += ONE_DAY
    elif by is By.MONTH:
        day = cycle.around(day)[1]
    else:
        day = day.replace(year=day.year + 1, month=1, day=1)
    return local(midnight(day, zone), zone)


def borders(
    by: By, start: datetime, end: datetime, zone: tzinfo, cycle: Cycle = CALENDAR
) -> Iterator[tuple[datetime, datetime]]:
    """The spans of a zone from the one that holds `start` to the one before or around `end`, both aware."""
    end = end.astimezone(UTC)  # two times of one zone compare by their clocks, which show an hour twice
    begin = floor(start.astimezone(zone), by, cycle)
    while begin < end:
        after = following(begin, by, cycle)
        yield begin, after
        begin = after


def _zone(moment: datetime) -> tzinfo:
    zone = moment.tzinfo
    if zone is None:
        raise ValueError("a moment without a time zone")
    return zone
