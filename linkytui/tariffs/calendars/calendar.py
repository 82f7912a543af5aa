"""A supplier's own calendar: its periods, and which of them runs at a moment.

The first period of which all conditions hold is the one that runs. Hours are those of the local clock; days by colour
begin at 06:00, as Tempo's do.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from typing import Final, NamedTuple

from linkytui.civil.days import DAY, HOUR, MINUTE, ONE_DAY, local
from linkytui.civil.holidays import is_holiday
from linkytui.civil.off_peak import OffPeak, Season, Window
from linkytui.civil.tempo import DAY_START, colour_of
from linkytui.civil.times import Timestamp
from linkytui.reading.contracts import REGISTERS, Contract
from linkytui.tic.status import Colour

HOLIDAYS: Final = 7
"""Stands among the days of the week, 0 for Monday, for public holidays."""
MOST: Final = len(REGISTERS[Contract.OTHER])
"""Periods: a meter has no more registers."""


class Unknown(StrEnum):
    """Why it is not known which period runs."""

    HOURS = "hours"  # the off-peak hours of the address are not known
    SEASON = "season"  # they are known for another part of the year only
    COLOURS = "colours"  # the colour of the day is not known
    UNCOVERED = "uncovered"  # the calendar has no period for that time


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """One period. A condition that is empty always holds; the last period has none, and is the rest."""

    name: str  # as the supplier calls it, and as its grid names its price
    register: str | None = None  # the meter's register that counts it; None where nobody said it
    days: frozenset[int] = frozenset()  # of the week, 0 for Monday, and `HOLIDAYS`
    dates: frozenset[date] = frozenset()  # days that the supplier announced
    seasons: tuple[Season, ...] = ()
    hours: tuple[Window, ...] = ()  # seconds after midnight, from and to
    off_peak: bool = False  # the off-peak hours of the address
    colours: frozenset[Colour] = frozenset()  # of the Tempo day

    def holds_on(self, day: date) -> bool:
        """Whether it may run on a day."""
        return (
            (not self.days or day.weekday() in self.days or (HOLIDAYS in self.days and is_holiday(day)))
            and (not self.dates or day in self.dates)
            and (not self.seasons or any(season.holds(day) for season in self.seasons))
        )


@dataclass(frozen=True)
class Calendar:
    """The periods of an offer, the first that holds before the others."""

    periods: tuple[Period, ...]
    unclear: tuple[str, ...] = ()
    """Periods of which the grid does not say when they are."""

    @cached_property
    def registers(self) -> Mapping[str, str]:
        """The register of each period: the meter's where it is known, else by its place."""
        said = [period.register for period in self.periods if period.register]
        free = (name for name in REGISTERS[Contract.OTHER] if name not in said)
        return {period.name: period.register or next(free) for period in self.periods}

    @property
    def is_counted(self) -> bool:
        """It is known which register of the meter counts each period."""
        return all(period.register for period in self.periods)


class Span(NamedTuple):
    """A stretch of time in which one register counts."""

    start: Timestamp
    end: Timestamp
    register: str


class _Part(NamedTuple):
    first: int  # seconds after midnight
    end: int
    register: str | Unknown


Hours = tuple[str | Unknown | None, ...]
"""What counts in each of 24 hours."""


class CalendarClock:
    """Tells which period of a calendar runs at any moment. What it found out of a day it keeps."""

    def __init__(
        self,
        calendar: Calendar,
        zone: tzinfo,
        off_peak: OffPeak | None = None,
        colours: Mapping[date, Colour] | None = None,
    ) -> None:
        """`off_peak`: of the address, None where they are not known; `colours`: of the Tempo days that are known."""
        self._calendar, self._zone = calendar, zone
        self._off_peak, self._colours = off_peak, colours or {}
        self._days: dict[date, tuple[_Part, ...]] = {}
        self._kinds: dict[object, tuple[_Part, ...]] = {}
        self._hours: dict[tuple[_Part, ...], Hours] = {}

    def spans(self, start: Timestamp, end: Timestamp) -> list[Span] | Unknown:
        """A time cut where a period begins or ends. In between, the clock does not change and no day begins."""
        when = local(start, self._zone)
        parts = self._parts(when.date())
        clock = when.hour * HOUR + when.minute * MINUTE + when.second
        origin, until = start - clock, clock + (end - start)
        spans = []
        for part in parts:
            if part.first < until and part.end > clock:
                if isinstance(part.register, Unknown):
                    return part.register
                spans.append(Span(max(start, origin + part.first), min(end, origin + part.end), part.register))
        return spans

    def hours(self, day: date) -> "Hours":
        """The register that counts in each hour of a day by the clock; None in an hour that is cut."""
        parts = self._parts(day)
        hours = self._hours.get(parts)
        if hours is None:
            hours = self._hours[parts] = tuple(
                next(
                    (part.register for part in parts if part.first <= hour * HOUR and part.end >= (hour + 1) * HOUR),
                    None,
                )
                for hour in range(24)
            )
        return hours

    def within(self, day: date, hour: int) -> list[Span]:
        """What counts in an hour that is cut, in seconds from its beginning; of a day on which all of that is known."""
        first, end = hour * HOUR, (hour + 1) * HOUR
        return [
            Span(max(0, part.first - first), min(HOUR, part.end - first), part.register)
            for part in self._parts(day)
            if part.first < end and part.end > first and not isinstance(part.register, Unknown)
        ]

    def _parts(self, day: date) -> tuple[_Part, ...]:
        """The parts of a day, those of all days alike worked out once."""
        parts = self._days.get(day)
        if parts is None:
            periods = tuple(period for period in self._calendar.periods if period.holds_on(day))
            windows = self._off_peak.windows(day) if self._off_peak is not None and _any_local(periods) else None
            coloured = any(period.colours for period in periods)
            colours = [colour_of(each, self._colours) for each in (day - ONE_DAY, day)] if coloured else []
            kind = (tuple(map(id, periods)), windows, *colours)
            parts = self._kinds.get(kind)
            if parts is None:
                parts = self._kinds[kind] = tuple(self._cut(day, periods, windows))
            self._days[day] = parts
        return parts

    def _cut(self, day: date, periods: Sequence[Period], local_hours: tuple[Window, ...] | None) -> Iterable[_Part]:
        """The parts of a day, from midnight to midnight by the clock."""
        edges = {0, DAY, *(edge for period in periods for window in period.hours for edge in window)}
        edges |= {edge for window in local_hours or () for edge in window} if _any_local(periods) else set()
        edges |= {DAY_START * HOUR} if any(period.colours for period in periods) else set()
        begun: _Part | None = None
        for first, end in pairwise(sorted(edges)):
            register = self._at(periods, day, first, local_hours)
            if begun is not None and begun.register == register:
                begun = begun._replace(end=end)
                continue
            if begun is not None:
                yield begun
            begun = _Part(first, end, register)
        if begun is not None:
            yield begun

    def _at(
        self, periods: Iterable[Period], day: date, clock: int, local_hours: tuple[Window, ...] | None
    ) -> str | Unknown:
        for period in periods:
            if period.hours and not _is_in(clock, period.hours):
                continue
            if period.colours:
                colour = colour_of(day if clock >= DAY_START * HOUR else day - ONE_DAY, self._colours)
                if colour is None:
                    return Unknown.COLOURS
                if colour not in period.colours:
                    continue
            if period.off_peak:
                if local_hours is None:
                    return Unknown.HOURS if self._off_peak is None else Unknown.SEASON
                if not _is_in(clock, local_hours):
                    continue
            return self._calendar.registers[period.name]
        return Unknown.UNCOVERED


def _any_local(periods: Sequence[Period]) -> bool:
    return any(period.off_peak for period in periods)


def _is_in(clock: int, windows: Iterable[Window]) -> bool:
    return any(first <= clock < end for first, end in windows)
