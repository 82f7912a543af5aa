"""Off-peak hours learned from the record: the switches of the days that were seen whole."""

from collections.abc import Iterable, Sequence
from datetime import date, tzinfo
from itertools import pairwise
from statistics import median_low
from typing import Final, NamedTuple

from linkytui.civil.days import DAY, HOUR, MINUTE, ONE_DAY, local, midnight
from linkytui.civil.off_peak import OffPeak
from linkytui.civil.times import Timestamp
from linkytui.reading.meter_hours import DaySwitches

DAYS_BACK: Final = 14  # how far back is looked
DAYS_NEEDED: Final = 3  # days in a row that must agree

_TOLERANCE: Final = 5 * MINUTE  # by which a switch may differ from day to day: clocks drift
_HOLE: Final = 2 * MINUTE  # a longer time without a record hides when a switch in it was
_QUIET_HOLE: Final = HOUR  # a longer one may hide two switches

Windows = tuple[tuple[int, int], ...]
"""Off-peak hours of a day, in seconds after 00:00 by the clock, in order."""


class SeenMinute(NamedTuple):
    """A minute of the record."""

    start: Timestamp
    off_peak: bool  # whether off-peak hours counted in it; of a minute with a switch, what counted after it


def learn(minutes: Sequence[SeenMinute], zone: tzinfo) -> Windows | None:
    """The off-peak hours of the last days: the median of each switch over the days that agree with the newest one.

    `minutes` in order. None before three whole days in a row agree; days with holes and days on which the clock changes
    count neither way.
    """
    alike: list[Windows] = []
    for _day, windows in reversed(list(_whole_days(minutes, zone))):
        if alike and not alike_hours(windows, alike[0]):
            break
        alike.append(windows)
    if len(alike) < DAYS_NEEDED or not alike[0]:
        return None
    return tuple(
        (median_low(day[place][0] for day in alike), median_low(day[place][1] for day in alike))
        for place in range(len(alike[0]))
    )


def last_day(minutes: Sequence[SeenMinute], zone: tzinfo) -> Windows | None:
    """The off-peak hours of the last 24 hours of the record, as those of a day; None where they were not seen whole.

    After a change of hours they are a mixture for a while: look at their sum.
    """
    if not minutes:
        return None
    end = minutes[-1].start + MINUTE
    last = [minute for minute in minutes if minute.start >= end - DAY]
    start = last[0].start
    if start > end - DAY + _HOLE or last[0].off_peak is not last[-1].off_peak:
        return None
    if local(end, zone).utcoffset() != local(start, zone).utcoffset():
        return None
    switches = _switches(last)
    if switches is None:
        return None
    clock = sorted((_second_of(at, zone), off_peak) for at, off_peak in switches)
    return _windows([(0, clock[-1][1] if clock else last[0].off_peak), *clock])


def total(windows: Windows) -> int:
    """Seconds of off-peak hours in a day."""
    return sum(end - first for first, end in windows)


def alike_hours(one: Windows, other: Windows) -> bool:
    """Whether two days have the same off-peak hours, to some minutes."""
    return len(one) == len(other) and all(
        abs(here - there) <= _TOLERANCE
        for ours, theirs in zip(one, other, strict=True)
        for here, there in zip(ours, theirs, strict=True)
    )


def as_off_peak(windows: Windows) -> OffPeak:
    """The hours as those that a person sets."""
    return OffPeak(windows)


def as_switches(windows: Windows) -> DaySwitches:
    """The hours as a meter's: register 1 off-peak, 2 peak."""
    edges = sorted({0} | {edge for window in windows for edge in window if edge < DAY})
    return tuple((edge, 1 if any(first <= edge < end for first, end in windows) else 2) for edge in edges)


def as_windows(switches: DaySwitches) -> Windows:
    """The off-peak hours of a meter's day."""
    ends = [second for second, _number in switches[1:]] + [DAY]
    return tuple((first, end) for (first, number), end in zip(switches, ends, strict=True) if number == 1)


def _whole_days(minutes: Sequence[SeenMinute], zone: tzinfo) -> Iterable[tuple[date, Windows]]:
    """The days that were seen from end to end, in order."""
    if not minutes:
        return
    day = local(minutes[0].start, zone).date()
    place = 0
    while place < len(minutes):
        start, end = midnight(day, zone), midnight(day + ONE_DAY, zone)
        first = place
        while place < len(minutes) and minutes[place].start < end:
            place += 1
        seen = minutes[first:place]
        whole = bool(seen) and seen[0].start - start <= _HOLE and end - seen[-1].start <= _HOLE + MINUTE
        if whole and end - start == DAY and (switches := _switches(seen)) is not None:
            clock = [(int(at - start), off_peak) for at, off_peak in switches]
            yield day, _windows([(0, seen[0].off_peak), *clock])
        day += ONE_DAY


def _switches(minutes: Sequence[SeenMinute]) -> list[tuple[Timestamp, bool]] | None:
    """The minutes in which something else began to count; None where a hole hides one."""
    found = []
    for before, after in pairwise(minutes):
        gap = after.start - before.start
        if before.off_peak is not after.off_peak:
            if gap > _HOLE:
                return None
            found.append((after.start, after.off_peak))
        elif gap > _QUIET_HOLE:
            return None
    return found


def _windows(turns: list[tuple[int, bool]]) -> Windows:
    ends = [second for second, _off_peak in turns[1:]] + [DAY]
    return tuple((first, end) for (first, off_peak), end in zip(turns, ends, strict=True) if off_peak and end > first)


def _second_of(at: Timestamp, zone: tzinfo) -> int:
    clock = local(at, zone)
    return clock.hour * HOUR + clock.minute * MINUTE + clock.second
