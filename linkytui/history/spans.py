"""Hours, days, months and years of a time zone."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum

from linkytui.history.rollup import HOUR


class By(StrEnum):
    """How time is cut into spans."""

    HOUR = "hour"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


def floor(moment: datetime, by: By) -> datetime:
    """The beginning of the span that a moment lies in.

    Args:
        moment: with the time zone whose days and months are meant.
        by: kind of span.
    """
    zone = _zone(moment)
    if by is By.HOUR:
        return (moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)).astimezone(zone)
    civil = moment.date()
    if by is By.MONTH:
        civil = civil.replace(day=1)
    elif by is By.YEAR:
        civil = civil.replace(month=1, day=1)
    return midnight(civil, zone)


def following(start: datetime, by: By) -> datetime:
    """The beginning of the span after the one that begins at `start`."""
    zone = _zone(start)
    if by is By.HOUR:
        return (start.astimezone(UTC) + timedelta(hours=1)).astimezone(zone)
    civil = start.date()
    if by is By.DAY:
        civil += timedelta(days=1)
    elif by is By.MONTH:
        civil = (civil.replace(day=1) + timedelta(days=32)).replace(day=1)
    else:
        civil = civil.replace(year=civil.year + 1, month=1, day=1)
    return midnight(civil, zone)


def borders(by: By, start: datetime, end: datetime, zone: tzinfo) -> Iterator[tuple[datetime, datetime]]:
    """The spans from the one that holds `start` to the one before or around `end`.

    Args:
        by: kind of span.
        start: aware.
        end: aware; a span that begins there is not among them.
        zone: whose days, months and years they are.
    """
    begin = floor(start.astimezone(zone), by)
    while begin < end:
        after = following(begin, by)
        yield begin, after
        begin = after


def midnight(day: date, zone: tzinfo) -> datetime:
    """The beginning of a day, which is not midnight where the clocks change then."""
    return datetime.fromtimestamp(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp(), zone)


def hour_of(moment: datetime) -> int:
    """The hour since 1970 that a moment lies in.

    Hours are UTC: in a zone whose offset is not whole hours, a day begins with the hour that midnight lies in.
    """
    return int(moment.timestamp() * 1000) // HOUR


def _zone(moment: datetime) -> tzinfo:
    zone = moment.tzinfo
    if zone is None:
        raise ValueError("a moment without a time zone")
    return zone
