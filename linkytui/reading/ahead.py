"""What is ahead: the periods from a moment on, as far as the hours and the colours are known."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from itertools import pairwise
from typing import Final, NamedTuple

from linkytui.civil.days import ONE_DAY, local, midnight, moment
from linkytui.civil.times import Timestamp
from linkytui.tic.horodate import PARIS

DAYS_AHEAD: Final = 2  # today and tomorrow: nobody knows more of the hours than the meter does


class Origin(StrEnum):
    """Who says at which hours a period begins."""

    METER = "meter"  # its own profile of the day
    SETTINGS = "settings"  # `tariff.off_peak`
    LEARNED = "learned"  # the switches that were recorded


class Period(NamedTuple):
    """What counts in a stretch of time."""

    register: str | None  # as `Reading.period` names it; None where the colour of the Tempo day is not known
    off_peak: bool | None  # None for a register of which nobody said what it is


class Turn(NamedTuple):
    """The time of day from which on a period counts."""

    second: int  # after 00:00 by the clock
    period: Period


Hours = Callable[[date], tuple[Turn, ...] | None]
"""The periods of a day, the first from 00:00 on; None for a day of which they are not known."""


class Stretch(NamedTuple):
    """A time in which one period counts."""

    start: Timestamp
    end: Timestamp
    period: Period
    ends: bool  # whether another period follows; else it goes on beyond what is known
    sure: bool  # False: it ends within an hour that the clock skips or shows twice, and a meter may do either


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """The periods from a moment on."""

    origin: Origin
    stretches: tuple[Stretch, ...]  # without a gap; of each neighbour another period
    zone: tzinfo = PARIS  # by whose clock the hours are
    names: Mapping[str, str] = field(default_factory=dict)  # what the supplier calls registers that have no name
    from_tomorrow: bool = False  # of today nothing is known: the first stretch begins with the next day

    @property
    def known_until(self) -> Timestamp:
        """The moment up to which the periods are known."""
        return self.stretches[-1].end

    def at(self, now: Timestamp) -> "Outlook | None":
        """The same from a later moment on; None when that lies beyond what is known."""
        rest = [stretch for stretch in self.stretches if stretch.end > now]
        if not rest:
            return None
        rest[0] = rest[0]._replace(start=max(now, rest[0].start))
        return replace(self, stretches=tuple(rest), from_tomorrow=self.from_tomorrow and rest[0].start > now)


def look_ahead(hours: Hours, origin: Origin, now: Timestamp, zone: tzinfo, days: int = DAYS_AHEAD) -> Outlook | None:
    """The periods of the days that follow each other, from now on; from tomorrow on where today is not known.

    None when nothing is known.
    """
    today = local(now, zone).date()
    from_tomorrow = hours(today) is None
    first = today + ONE_DAY if from_tomorrow else today
    turns = list(_turns(hours, first, today + timedelta(days=days), zone))
    if not turns:
        return None
    merged = [turns[0]]
    for turn in turns[1:]:
        if turn.period != merged[-1].period or turn.period is None:
            merged.append(turn._replace(at=max(turn.at, merged[-1].at)))  # in the hour that is skipped, order may turn
    stretches = [
        Stretch(max(here.at, now), after.at, here.period, after.period is not None, after.sure)
        for here, after in pairwise(merged)
        if here.period is not None and after.at > max(here.at, now)
    ]
    if not stretches:
        return None
    return Outlook(origin=origin, stretches=tuple(stretches), zone=zone, from_tomorrow=from_tomorrow)


class _Moment(NamedTuple):
    at: Timestamp
    period: Period | None  # None: from here on nothing is known
    sure: bool


def _turns(hours: Hours, first: date, end: date, zone: tzinfo) -> Iterator[_Moment]:
    day = first
    while day < end and (turns := hours(day)) is not None:
        for second, period in turns:
            yield _Moment(moment(day, second, zone), period, _shown_once(day, second, zone))
        day += ONE_DAY
    if day > first:
        yield _Moment(midnight(day, zone), None, True)


def _shown_once(day: date, second: int, zone: tzinfo) -> bool:
    """Whether the clock shows a time of a day exactly once, so that there is one moment that it can mean."""
    clock = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(seconds=second)
    return clock.utcoffset() == clock.replace(fold=1).utcoffset()
