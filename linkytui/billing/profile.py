"""A household's load profile by weekday and hour, learned from its history."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from linkytui.billing.energy import Energy, contract_of_register
from linkytui.civil.days import HOUR, ONE_DAY, each_day, local, midnight
from linkytui.civil.holidays import day_kind
from linkytui.reading.contracts import Contract

SHAPE_DAYS: Final = 56  # days from which the shape of a week is learned
LEVEL_DAYS: Final = 28  # days from which the level is learned
YEAR: Final = timedelta(days=364)  # whole weeks, so that weekdays meet weekdays

_HALF_LIFE: Final = 4.0
_HALF_LIFE_IN_SEASON: Final = 14.0
"""Days after which a day weighs half for the level. Without the year before, only the last days tell the season."""
_SEASON_TRUST: Final = 0.75
"""How far a household is taken to follow the season as it did the year before: 0 not at all, 1 wholly."""
_MOST: Final = 0.8  # share of the days of the year before that must be recorded to be followed
_WHOLE: Final = 0.97  # share of a day that must be known for its total to count


def without_colour(register: str) -> str:
    """A register without its Tempo colour: habits follow the hours, and the days to come have colours of their own."""
    return register[:2] if contract_of_register(register) is Contract.TEMPO else register


class Records:
    """Energy by day and hour, as a profile is learned from it."""

    def __init__(self, energies: Iterable[Energy], zone: ZoneInfo, contract: Contract) -> None:
        """Sort energies that are in order; hours of another contract than the one that counts now tell nothing of the
        registers.
        """
        self.hours: dict[date, list[tuple[int, Mapping[str, int]]]] = defaultdict(list)
        """Wh by bare register of each measured hour."""
        self.totals: dict[date, int] = {}  # Wh drawn on each day that is known whole, in order
        self.wh: Counter[str] = Counter()  # Wh by register, in all
        self.seconds = 0.0  # seconds of which the energy is known
        known: Counter[date] = Counter()
        sums: Counter[date] = Counter()
        for energy in energies:
            when = local(energy.start, zone)
            day, seconds = when.date(), energy.known
            hourly: dict[str, int] = {}
            drawn, mine = 0, False
            for name, wh in energy.wh.items():
                option = contract_of_register(name)
                if option is None:
                    continue
                drawn += wh
                if option is contract:
                    mine = True
                    if wh:
                        self.wh[name] += wh
                        kind = without_colour(name)
                        hourly[kind] = hourly.get(kind, 0) + wh
            known[day] += round(seconds)
            sums[day] += drawn
            if mine:
                self.seconds += seconds
                if not energy.estimated and energy.covered >= _WHOLE * HOUR:
                    self.hours[day].append((when.hour, hourly))
        for day, seconds in known.items():
            if seconds >= _WHOLE * (midnight(day + ONE_DAY, zone) - midnight(day, zone)):
                self.totals[day] = sums[day]


class Profile:
    """The energy expected at any hour of the days to come."""

    def __init__(self, records: Records, today: date, last: date) -> None:
        """Learn it from records, among them whole days of the last weeks, for the days from today to the last one.

        What is recorded of today does not count.
        """
        recent = [day for day in _before(today, SHAPE_DAYS) if day in records.totals]
        sums: dict[tuple[int, int], Counter[str]] = defaultdict(Counter)
        counts: Counter[tuple[int, int]] = Counter()
        for day in recent:
            kind = day_kind(day)
            for hour, wh in records.hours.get(day, ()):
                sums[kind, hour].update(wh)
                counts[kind, hour] += 1
        self._hours = {slot: {name: value / counts[slot] for name, value in wh.items()} for slot, wh in sums.items()}
        self._any = _mean_hours(self._hours)
        shape = {day: self._day(day) for day in recent}
        self.days = len(recent)  # whole days that it is learned from
        spread = [records.totals[day] - shape[day] for day in recent]
        kinds = len({day_kind(day) for day in recent})
        self.variance = sum(error**2 for error in spread) / max(1, len(spread) - kinds)
        """Variance of a day's total around what is expected of such a day, in Wh²."""
        season = _season(records.totals, today, last)
        self.knows_season = season is not None  # the same weeks of the year before are recorded
        half_life = _HALF_LIFE if season is None else _HALF_LIFE_IN_SEASON
        self._level = _level(records.totals, shape, today, half_life) * (season or 1.0)

    def hour(self, day: date, hour: int) -> dict[str, float]:
        """Wh by bare register expected in an hour."""
        return {name: wh * self._level for name, wh in self._slot(day_kind(day), hour).items()}

    def _slot(self, kind: int, hour: int) -> Mapping[str, float]:
        slot = self._hours.get((kind, hour))
        return self._any.get(hour, {}) if slot is None else slot

    def _day(self, day: date) -> float:
        """Wh of a day by its shape alone."""
        kind = day_kind(day)
        return sum(wh for hour in range(24) for wh in self._slot(kind, hour).values())


def _mean_hours(hours: Mapping[tuple[int, int], Mapping[str, float]]) -> dict[int, dict[str, float]]:
    """The mean of an hour over all kinds of days, for kinds that did not come yet."""
    sums: dict[int, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    counts: Counter[int] = Counter()
    for (_, hour), wh in hours.items():
        for name, value in wh.items():
            sums[hour][name] += value
        counts[hour] += 1
    return {hour: {name: value / counts[hour] for name, value in wh.items()} for hour, wh in sums.items()}


def _level(totals: Mapping[date, int], shape: Mapping[date, float], today: date, half_life: float) -> float:
    """How much more than the shape of its days a household drew lately."""
    drawn = expected = 0.0
    for day in _before(today, LEVEL_DAYS):
        if day in shape:
            weight = 0.5 ** ((today - day).days / half_life)
            drawn += weight * totals[day]
            expected += weight * shape[day]
    return drawn / expected if expected else 1.0


def _season(totals: Mapping[date, int], today: date, last: date) -> float | None:
    """How the days to come stood to the weeks before them a year ago; None where too little of it is recorded."""
    before = {day: totals.get(day - YEAR) for day in _before(today, LEVEL_DAYS) if day in totals}
    ahead = [totals.get(day - YEAR) for day in each_day(today, last + ONE_DAY)]
    weighed = weights = 0.0
    for day, wh in before.items():
        if wh is not None:
            weight = 0.5 ** ((today - day).days / _HALF_LIFE_IN_SEASON)
            weighed += weight * wh
            weights += weight
    known = [wh for wh in ahead if wh is not None]
    enough = len(known) >= _MOST * len(ahead) and sum(wh is not None for wh in before.values()) >= _MOST * LEVEL_DAYS
    if not enough or not known or not weighed:
        return None
    return float((sum(known) / len(known) / (weighed / weights)) ** _SEASON_TRUST)


def _before(today: date, count: int) -> Iterator[date]:
    """So many days before one, the oldest first."""
    return each_day(today - timedelta(days=count), today)
