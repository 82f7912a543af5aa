"""Energy of half hours, tens of minutes or days as the history takes it: whole hours, and longer stretches. Pure."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple
from zoneinfo import ZoneInfo

from linkytui.civil.days import HOUR
from linkytui.civil.off_peak import OffPeak
from linkytui.history.told import Told


class Interval(NamedTuple):
    """What was drawn in a stretch of time."""

    start: int  # seconds since 1970, as is `end`
    end: int
    wh: Fraction
    register: str | None = None
    """The register that counted it, where that is known."""
    value: Fraction | None = None
    """What the register stood at in the end, in Wh, where that is known."""


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


class _Rounding:
    """Whole Wh by register: each adds up to its exact energy, rounded down once, whatever is left going on."""

    def __init__(self) -> None:
        self._exact: dict[str, Fraction] = {}

    def whole(self, parts: dict[str, Fraction]) -> dict[str, int]:
        wh: dict[str, int] = {}
        for name, part in parts.items():
            before = self._exact.get(name, Fraction(0))
            self._exact[name] = before + part
            wh[name] = int(self._exact[name]) - int(before)
        return wh


@dataclass(slots=True)
class _Hour:
    """What is known of an hour so far."""

    told: set[tuple[int, int]] = field(default_factory=set)
    """Parts of it that are told."""
    wh: dict[str, Fraction] = field(default_factory=dict)


class Taken(NamedTuple):
    """What the history can take in."""

    told: list[Told]
    """In the order of time."""
    partial: int
    """Hours of which only a part is told, or a part twice: they are left out."""


def as_told(
    intervals: Iterable[Interval], shares: Callable[[int, int], list[Share]], *, clocked: bool, registers: bool
) -> Taken:
    """Whole hours from what is an hour and less; what is longer as it is.

    Args:
        intervals: in the order of time, without overlaps among those of one register.
        shares: which registers count an interval within one hour that does not say its own.
        clocked: which they are depends on the hour, so what is longer is told hour by hour.
        registers: the registers themselves were told.
    """
    intervals = list(intervals)
    measured = [interval for interval in intervals if interval.end - interval.start <= HOUR]
    longer = [interval for interval in intervals if interval.end - interval.start > HOUR]
    hours = list(_hours(measured, shares))
    told = [hour for hour in hours if hour is not None]
    told += _longer(longer, shares, clocked=clocked, registers=registers)
    return Taken(sorted(told, key=lambda one: (one.start, one.end)), hours.count(None))


def _hours(intervals: Iterable[Interval], shares: Callable[[int, int], list[Share]]) -> Iterator[Told | None]:
    """The hours that intervals fill; None for each that they do not fill once."""
    hours: dict[int, _Hour] = {}
    rounding = _Rounding()
    for interval in intervals:
        for hour in [hour for hour in hours if hour < interval.start // HOUR]:
            yield _rounded(hour, hours.pop(hour), rounding)
        for hour, start, end in _cut(interval.start, interval.end):
            here = hours.setdefault(hour, _Hour())
            wh = interval.wh * Fraction(end - start, interval.end - interval.start)
            here.told.add((start, end))
            named = [(interval.register, Fraction(1))] if interval.register else shares(start, end)
            for name, share in named:
                here.wh[name] = here.wh.get(name, Fraction(0)) + wh * share
    for hour, rest in hours.items():
        yield _rounded(hour, rest, rounding)


def _rounded(hour: int, known: _Hour, rounding: _Rounding) -> Told | None:
    if sum(end - start for start, end in known.told) != HOUR:
        return None
    return Told(hour * HOUR, (hour + 1) * HOUR, rounding.whole(known.wh))


def _longer(
    intervals: Iterable[Interval], shares: Callable[[int, int], list[Share]], *, clocked: bool, registers: bool
) -> Iterator[Told]:
    """Days and the like; with registers that stand side by side in one."""
    rounding = _Rounding()
    together: dict[tuple[int, int], list[Interval]] = {}
    for interval in intervals:
        together.setdefault((interval.start, interval.end), []).append(interval)
    for (start, end), group in together.items():
        for low, high in _pieces(start, end, clocked=clocked and group[0].register is None):
            wh: dict[str, Fraction] = {}
            for interval in group:
                part = interval.wh * Fraction(high - low, end - start)
                named = [(interval.register, Fraction(1))] if interval.register else shares(low, high)
                for name, share in named:
                    wh[name] = wh.get(name, Fraction(0)) + part * share
            values = {one.register: int(one.value) for one in group if one.register and one.value is not None}
            yield Told(low, high, rounding.whole(wh), estimated=True, registers=registers, values=values)


def _pieces(start: int, end: int, *, clocked: bool) -> Iterator[tuple[int, int]]:
    if not clocked:
        yield start, end
        return
    for _hour, low, high in _cut(start, end):
        yield low, high


def _cut(start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """The hours since 1970 that a stretch touches, and its part within each."""
    while start < end:
        hour = start // HOUR
        until = min(end, (hour + 1) * HOUR)
        yield hour, start, until
        start = until
