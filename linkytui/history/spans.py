"""Hours, days, months and years of a time zone, and what was drawn in each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Any

from linkytui.history.rollup import HOUR


class By(StrEnum):
    """How time is cut into spans."""

    HOUR = "hour"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerRange:
    """Apparent power over a span."""

    mean: int
    """VA, over the frames that told it."""
    min: int
    """VA."""
    max: int
    """VA."""
    max_at: datetime
    """When the highest was reached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One hour, day, month or year."""

    start: datetime
    end: datetime
    """The next one's start; may lie in the future."""
    wh: Mapping[str, int]
    """Wh drawn per register, in the meter's order: differences of the registers."""
    injected_wh: int | None
    """Wh given to the grid; None where the meter does not count it."""
    power: PowerRange | None
    """None when no power was recorded."""
    estimated_wh: int
    """The part of `wh` that was spread over gaps."""
    covered_s: int
    """Seconds of the span that were recorded."""

    @property
    def total_wh(self) -> int:
        """Wh drawn in all."""
        return sum(self.wh.values())

    def as_dict(self) -> dict[str, Any]:
        """The object that `linkytui history --json` prints."""
        power = self.power
        shown: dict[str, Any] = {
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "wh": dict(self.wh),
            "power_va": None
            if power is None
            else {
                "mean": power.mean,
                "min": power.min,
                "max": power.max,
                "max_at": power.max_at.isoformat(timespec="seconds"),
            },
            "estimated_wh": self.estimated_wh,
            "covered_s": self.covered_s,
        }
        if self.injected_wh is not None:
            shown["injected_wh"] = self.injected_wh
        return shown


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
