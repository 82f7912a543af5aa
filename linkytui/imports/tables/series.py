"""One table's lines as energy of stretches of time."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Final, NamedTuple, Protocol
from zoneinfo import ZoneInfo

from linkytui.civil.days import DAY, HOUR, ONE_DAY, local, midnight
from linkytui.i18n import _
from linkytui.imports.hourly import Interval
from linkytui.imports.tables.headings import UNITS

STEPS: Final = (60, 300, 600, 900, 1200, 1800, 3600)
"""Seconds of an interval of a load curve."""
USUAL_STEP: Final = 1800
_SLACK: Final = 60
"""Seconds by which an end may fall short: 00:29:59, 23:59."""


@dataclass(slots=True)
class Series:
    """What a table says."""

    what: str
    """Where it comes from and what it tells, for a person."""
    house: str = ""
    """Who made it."""
    intervals: list[Interval] = field(default_factory=list)
    """In the order of time; each time and register once."""
    by_registers: bool = False
    """The registers themselves were told: they count what is billed."""
    step: int | None = None
    """Seconds of most intervals."""
    notes: list[str] = field(default_factory=list)
    refusal: str = ""
    """Why it tells nothing that can be taken in, where it does not."""


class Table(Protocol):
    """A table that is read line by line."""

    def take(self, number: int, row: list[str]) -> None:
        """Read a line."""

    def close(self) -> Series | None:
        """What it says; None where it is empty."""


class Unfit:
    """A table that tells nothing that can be taken in."""

    def __init__(self, what: str, refusal: str) -> None:
        self._said = Series(what, refusal=refusal)

    def take(self, number: int, row: list[str]) -> None:
        """Leave a line out."""

    def close(self) -> Series:
        return self._said


class Point(NamedTuple):
    """A value of a table."""

    when: datetime
    value: Fraction | None
    register: str | None = None
    unit: str = ""
    step: int | None = None
    """Seconds, where the line says it."""
    until: datetime | None = None
    """Where the line says it."""


def energy(value: Fraction, unit: str, seconds: int) -> Fraction:
    """Wh of an interval.

    Args:
        value: mean power or energy.
        unit: one of `UNITS`.
        seconds: length of the interval.
    """
    whole = value * UNITS[unit]
    return whole if unit.endswith("h") else whole * Fraction(seconds, HOUR)


def once(intervals: list[Interval]) -> tuple[list[Interval], int]:
    """Each interval of a register once, in the order of time; and how many were left out for contradicting another."""
    told: dict[tuple[int, int, str | None], set[Fraction]] = {}
    for interval in intervals:
        told.setdefault((interval.start, interval.end, interval.register), set()).add(interval.wh)
    found = [
        Interval(start, end, next(iter(values)), register)
        for (start, end, register), values in told.items()
        if len(values) == 1
    ]
    return sorted(found, key=lambda interval: interval[:2]), len(told) - len(found)


def usual_step(moments: list[int]) -> int:
    """The most frequent distance of moments, among those that load curves have."""
    counts = Counter(after - before for before, after in pairwise(moments) if after - before in STEPS)
    return counts.most_common(1)[0][0] if counts else USUAL_STEP


def steps_by_day(moments: list[int], zone: ZoneInfo, *, ends: bool) -> list[int]:
    """The length in seconds of each moment's interval: what is most frequent on its day, else in all.

    Args:
        moments: in the order of time.
        zone: whose days they are.
        ends: the moments are the ends.
    """
    usual = usual_step(moments)
    days = [local(at - ends, zone).date() for at in moments]
    counts: dict[date, Counter[int]] = {}
    for (before, after), day in zip(pairwise(moments), days[1:], strict=True):
        if after - before in STEPS:
            counts.setdefault(day, Counter())[after - before] += 1
    daily = {day: count.most_common(1)[0][0] for day, count in counts.items()}
    return [daily.get(day, usual) for day in days]


def tells_ends(moments: list[int], step: int, zone: ZoneInfo, usual: bool | None) -> bool | None:
    """Whether moments are the ends of intervals rather than the beginnings; None where it cannot be known.

    Whole days go from 00:00 to 23:30 where they are beginnings, from 00:30 to 00:00 where they are ends. A file whose
    maker is known is believed unless it goes exactly the other way.

    Args:
        moments: in the order of time.
        step: seconds between two.
        zone: whose days they are.
        usual: what the maker is known to write.
    """
    first, last = (_clock(at, zone) for at in (moments[0], moments[-1]))
    begins_whole, ends_whole = first == timedelta(), first == timedelta(seconds=step)
    last_begins, last_ends = last == timedelta(seconds=DAY - step), last == timedelta()
    if begins_whole and last_begins and not last_ends:
        return False
    if ends_whole and last_ends and not begins_whole:
        return True
    if usual is not None:
        return usual
    if begins_whole != ends_whole and not (last_begins if ends_whole else last_ends):
        return ends_whole
    if begins_whole == ends_whole and last_begins != last_ends:
        return last_ends
    return None


def _clock(at: int, zone: ZoneInfo) -> timedelta:
    shown = local(at, zone)
    return timedelta(hours=shown.hour, minutes=shown.minute, seconds=shown.second)


def length_of(start: datetime, end: datetime, usual: int | None) -> int | None:
    """Seconds from a beginning to an end as they are written; None when it is no interval of a curve or a day.

    Args:
        start: as it is written.
        end: likewise.
        usual: seconds of most lines; where the clock changes, the difference of two times is not how long it took.
    """
    seconds = round((end - start).total_seconds())
    for step in (*STEPS, DAY - HOUR, DAY, DAY + HOUR):
        if 0 <= step - seconds <= _SLACK:
            return DAY if step >= DAY - HOUR else step
    return usual if usual is not None and abs(seconds - usual) == HOUR else None


def whole_day(start: datetime, zone: ZoneInfo) -> tuple[int, int]:
    """The beginning and the end of the day that a moment lies in."""
    day = start.date() if start.tzinfo is None else local(start.timestamp(), zone).date()
    return midnight(day, zone), midnight(day + ONE_DAY, zone)


def contradictions(count: int) -> list[str]:
    """What to say of times that are told differently in one table."""
    return [_("Times with two different values, left out: {count}.").format(count=count)] if count else []
