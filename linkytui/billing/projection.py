"""The projection: the energy of the days ahead, hour by hour, and its margin of error.

With two weeks of records it is the profile by weekday and hour at the level of the last weeks, between the last days'
and the month's own mean; the season is followed as it went the year before, else by the calendar. With less it is the
mean of what there is.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from linkytui.billing.energy import Energy
from linkytui.billing.profile import AROUND, LEVEL_DAYS, SHAPE_DAYS, YEAR, Profile, Records
from linkytui.billing.record import last_contract
from linkytui.civil.days import DAY, HOUR, local, midnight, next_month
from linkytui.civil.tempo import chances, register, tempo_day
from linkytui.civil.times import Timestamp
from linkytui.reading.contracts import Contract
from linkytui.tic.status import Colour

LEARNING_DAYS: Final = 14  # whole days of records that the profile needs
LEAST_SECONDS: Final = DAY  # seconds of records without which nothing can be said: a night alone does not tell a day
_LEAST_DAYS: Final = 3  # whole days without which nothing can be said of how much days differ

_BY_CHANCE: Final = 2.3
_LASTING: Final = 0.08
_DRIFTING: Final = 0.0006
"""How far off the sum of the days to come is, in variances of one day: of what each day has by chance, which grows with
their number; of what lasts (guests, cold, absence), which grows with its square; and of a level that wanders off (the
season), which grows with its fourth power. Found on 143 months of six homes (docs/billing.md)."""
_FEW_DAYS: Final = 0.82
"""Likewise where only the mean of a few days is known; and how much more, over the square of their number less one,
since a few days tell little of how much days differ."""
_FEWER_DAYS: Final = 4.5


class Method(StrEnum):
    """How the days to come are worked out."""

    PROFILE = "profile"  # by weekday and hour
    LINEAR = "linear"  # the mean of what is recorded


def wanted(now: Timestamp, month: date, zone: ZoneInfo, end: date | None = None) -> tuple[tuple[float, float], ...]:
    """The times whose energy the bill and the estimate of some days need, in order: the season a year ago, the last
    weeks. Without an end they are those of a month.
    """
    end = end or next_month(month)
    today = local(now, zone).date()
    first = min(month, today - timedelta(days=SHAPE_DAYS))
    season = today - YEAR - timedelta(days=LEVEL_DAYS) - AROUND, end - YEAR + AROUND
    if season[1] >= first or end <= today:
        return ((midnight(first, zone), now),)
    return ((midnight(season[0], zone), midnight(season[1], zone)), (midnight(first, zone), now))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """The energy that is to come."""

    method: Method
    days: int  # whole recorded days that it is made from
    energies: tuple[Energy, ...]  # hour by hour
    deviation_wh: float | None  # standard deviation of their sum in Wh; None when too little is recorded to tell
    chances: Mapping[date, Mapping[Colour, float]] = field(default_factory=dict, hash=False)
    """Tempo: the days whose colour is not known, and how likely each is."""


def look_ahead(
    past: Sequence[Energy],
    until: Timestamp,
    end: Timestamp,
    zone: ZoneInfo,
    *,
    since: date | None = None,
    colours: Mapping[date, Colour] | None = None,
    method: Method | None = None,
) -> Outlook | None:
    """Work out the energy between two moments; None when less than a day is recorded.

    The past is the last eight weeks and, for the season, the same time a year ago with the weeks around it, in order.
    `since` is the first day of the bill that these days belong to. Colours are those of the Tempo days, as far as they
    are known. Without a method, it is the best that the records allow.
    """
    past = [energy for energy in past if energy.start < until]
    contract = last_contract(past)
    if contract is None or end <= until:
        return None
    records = Records(past, zone, contract)
    if records.seconds < LEAST_SECONDS:
        return None
    today = local(until, zone).date()
    horizon = (end - until) / DAY
    profile = Profile(records, today, local(end - 1, zone).date(), since)
    if profile.days < LEARNING_DAYS or method is Method.LINEAR:
        energies = _round_off(_evenly(records, until, end))
        days = len(records.totals)
        return Outlook(
            method=Method.LINEAR,
            days=days,
            energies=tuple(energies),
            deviation_wh=_deviation_of_mean(list(records.totals.values()), horizon),
        )
    known = colours or {}
    unsure: dict[date, Mapping[Colour, float]] = {}
    energies = _round_off(_by_profile(profile, until, end, zone, contract, known, unsure))
    return Outlook(
        method=Method.PROFILE,
        days=profile.days,
        energies=tuple(energies),
        deviation_wh=profile.spread * deviation_of_days(horizon),
        chances=unsure,
    )


def deviation_of_days(count: float) -> float:
    """How far off the sum of so many days to come is, in standard deviations of one day."""
    return float((_BY_CHANCE * count + _LASTING * count**2 + _DRIFTING * count**4) ** 0.5)


_SLIP: Final = 1e-6
"""Wh by which a sum of floats may fall short of what it is."""

_Expected = tuple[float, float, Mapping[str, float]]
"""Start, end, Wh by register."""


def _slots(until: Timestamp, end: Timestamp) -> Iterator[tuple[float, float]]:
    """The hours between two moments, the first one's rest first."""
    while until < end:
        after = min(end, until - until % HOUR + HOUR)
        yield until, after
        until = after


def _evenly(records: Records, until: Timestamp, end: Timestamp) -> Iterator[_Expected]:
    for start, stop in _slots(until, end):
        share = (stop - start) / records.seconds
        yield start, stop, {name: wh * share for name, wh in records.wh.items()}


def _by_profile(
    profile: Profile,
    until: Timestamp,
    end: Timestamp,
    zone: ZoneInfo,
    contract: Contract,
    colours: Mapping[date, Colour],
    unsure: dict[date, Mapping[Colour, float]],
) -> Iterator[_Expected]:
    shares: dict[date, Mapping[Colour, float]] = {}
    for start, stop in _slots(until, end):
        when = local(start, zone)
        wh = {name: each * (stop - start) / HOUR for name, each in profile.hour(when.date(), when.hour).items()}
        if contract is Contract.TEMPO:
            day = tempo_day(start)
            if day not in shares:
                shares[day] = chances(day, colours)
                if len(shares[day]) > 1:
                    unsure[day] = shares[day]
            wh = _coloured(wh, shares[day])
        yield start, stop, wh


def _coloured(wh: Mapping[str, float], shares: Mapping[Colour, float]) -> dict[str, float]:
    """Off-peak and peak energy over the colours that a day may have."""
    return {
        register(colour, off_peak=name == "HC"): each * share
        for colour, share in shares.items()
        for name, each in wh.items()
    }


def _round_off(expected: Iterator[_Expected]) -> Iterator[Energy]:
    """Whole Wh; what is left over goes to the next hour, so that the sum is right."""
    over: defaultdict[str, float] = defaultdict(float)
    for start, stop, wh in expected:
        whole = {}
        for name, each in wh.items():
            total = over[name] + each
            whole[name] = int(total + _SLIP)
            over[name] = total - whole[name]
        yield Energy(start, stop, whole)


def _deviation_of_mean(totals: list[int], horizon: float) -> float | None:
    """How far off the mean of a few days may be over the days to come, in Wh."""
    count = len(totals)
    if count < _LEAST_DAYS:
        return None
    mean = sum(totals) / count
    variance = sum((total - mean) ** 2 for total in totals) / (count - 1)
    return float((_FEW_DAYS + _FEWER_DAYS / (count - 1) ** 2) * horizon * variance**0.5)
