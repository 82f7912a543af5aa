"""Converts energy by half hour, ten minutes or day into energy by hour. Pure."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple
from zoneinfo import ZoneInfo

from linkytui.civil.days import HOUR
from linkytui.civil.off_peak import OffPeak
from linkytui.history.importing import HourOfEnergy


class Interval(NamedTuple):
    """What was drawn in a stretch of time."""

    start: int  # seconds since 1970, as is `end`
    end: int
    wh: Fraction
    register: str | None = None  # the register that counted it, where that is known


Share = tuple[str, Fraction]  # a register, and its part of an energy


def one_register(name: str) -> Callable[[int, int], list[Share]]:
    """All energy counts in one register."""
    return lambda _start, _end: [(name, Fraction(1))]


def by_off_peak(hours: OffPeak, zone: ZoneInfo) -> Callable[[int, int], list[Share]]:
    """Energy counts in HC within the off-peak hours, and in HP without."""

    def shares(start: int, end: int) -> list[Share]:
        parts: dict[str, Fraction] = {}
        for piece in hours.pieces(start, end, zone) or ():
            name = "HC" if piece.off_peak else "HP"
            parts[name] = parts.get(name, Fraction(0)) + Fraction(round(piece.end - piece.start), end - start)
        return list(parts.items())

    return shares


@dataclass(slots=True)
class _Hour:
    """What is known of an hour so far."""

    seconds: int = 0  # seconds of it that are told
    estimated: bool = False
    wh: dict[str, Fraction] = field(default_factory=dict)


def whole_hours(
    intervals: Iterable[Interval], shares: Callable[[int, int], list[Share]]
) -> Iterator[HourOfEnergy | None]:
    """The hours that intervals fill; None for each that they fill only in part, whose energy is left out.

    What is longer than an hour is spread evenly and marked as estimated. Every register adds up to its exact energy,
    rounded down once: what a rounding leaves goes to the next hour. `intervals`: in the order of time, without overlaps
    among those of one register; `shares`: which registers count an interval within one hour that does not say its own.
    """
    hours: dict[int, _Hour] = {}
    exact: dict[str, Fraction] = {}
    for interval in intervals:
        done = [hour for hour in hours if hour < interval.start // HOUR]
        for hour in done:
            yield _round(hour, hours.pop(hour), exact)
        for hour, start, end in _cut(interval.start, interval.end):
            here = hours.setdefault(hour, _Hour())
            wh = interval.wh * Fraction(end - start, interval.end - interval.start)
            here.estimated = here.estimated or interval.end - interval.start > HOUR
            if interval.register is None:
                here.seconds += end - start
                parts = [(name, wh * share) for name, share in shares(start, end)]
            else:
                here.seconds = max(here.seconds, end - start)
                parts = [(interval.register, wh)]
            for name, part in parts:
                here.wh[name] = here.wh.get(name, Fraction(0)) + part
    for hour, rest in hours.items():
        yield _round(hour, rest, exact)


def _cut(start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """The hours since 1970 that a stretch touches, and its part within each."""
    while start < end:
        hour = start // HOUR
        until = min(end, (hour + 1) * HOUR)
        yield hour, start, until
        start = until


def _round(hour: int, known: _Hour, exact: dict[str, Fraction]) -> HourOfEnergy | None:
    """Whole Wh of an hour. `hour`: since 1970; `exact`: by register, the energy up to here, is carried on."""
    if known.seconds < HOUR:
        return None
    wh: dict[str, int] = {}
    for name, part in known.wh.items():
        before = exact.get(name, Fraction(0))
        exact[name] = before + part
        wh[name] = int(exact[name]) - int(before)
    return HourOfEnergy(hour * HOUR, wh, known.estimated)
