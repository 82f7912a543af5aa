"""A household's load profile by weekday and hour, learned from its history."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from math import cos, pi
from typing import Final
from zoneinfo import ZoneInfo

from linkytui.billing.energy import Energy, contract_of_register
from linkytui.civil.days import DAY, HOUR, ONE_DAY, each_day, local, midnight
from linkytui.civil.holidays import day_kind
from linkytui.reading.contracts import Contract

SHAPE_DAYS: Final = 56
"""Days from which the shape of a week and the level are learned."""
LEVEL_DAYS: Final = 28
"""Days of the year before that must be recorded to follow its season."""
YEAR: Final = timedelta(days=364)
"""Whole weeks, so that weekdays meet weekdays."""
AROUND: Final = timedelta(days=7)
"""Days on either side over which a day of the year before is smoothed: its weather does not come again."""

_FAST: Final = 2.0
_SLOW: Final = 8.0
"""Days after which a day weighs half for the level: for what changed just now, and for the household as it is."""
_FAST_SHARE: Final = 0.3
_POWER: Final = 0.7
"""Exponent of the mean of days: one day with guests or an oven counts a little less than it drew."""
_MONTH_SHARE: Final = 0.4
"""Share of the month's own mean so far in the level. Two ways of guessing that err differently err less together."""
_MONTH_DAYS: Final = 8
"""Days of the month that are known as well as its level is without them: one day alone tells little."""

_SEASON_TRUST: Final = 0.5
"""How far a household is taken to follow the season as it did the year before: 0 not at all, 1 wholly."""
_SEASON_MOST: Final = 1.25
"""The season of a year ago makes no more of a level than this, and no less than its inverse."""
_MOST: Final = 0.8
"""Share of the days of the year before that must be recorded to be followed."""
_HEATED_BELOW: Final = 16.0
"""Degrees Celsius of a day's mean below which homes are heated."""
_HEAT_MEMORY: Final = 40.0
"""Days after which a day weighs half for how much a household draws for heat."""
_HEAT_DOUBT: Final = 8.0
"""Variance of the degrees that are missing, in K², from which on heat is told from chance for the better half."""

_WHOLE: Final = 0.97
"""Share of a day that must be known for its total to count."""


def without_colour(register: str) -> str:
    """A register without its Tempo colour: habits follow the hours, and the days to come have colours of their own."""
    return register[:2] if contract_of_register(register) is Contract.TEMPO else register


class Records:
    """Energy by day and hour, as a profile is learned from it."""

    def __init__(self, energies: Iterable[Energy], zone: ZoneInfo, contract: Contract) -> None:
        """Sort energies that are in order; hours of another contract than the one that counts now tell nothing of the
        registers.
        """
        self.zone = zone
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

    def __init__(self, records: Records, today: date, last: date, since: date | None = None) -> None:
        """Learn it from records, among them whole days of the last weeks, for the days from today to the last one.

        What is recorded of today does not count. `since` is the first day of the bill that the days to come belong to.
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
        lengths = dict(_lengths(recent, records.zone))
        self._kinds = _trusted_kinds({day: records.totals[day] / length for day, length in lengths.items()})
        self.days = len(recent)
        """Whole days that it is learned from."""
        shape = {day: self._day(day_kind(day)) * length for day, length in lengths.items()}
        apart = sum((records.totals[day] - shape[day]) ** 2 for day in recent)
        self.spread = (apart / max(1, len(recent) - len({day_kind(day) for day in recent}))) ** 0.5
        """Standard deviation of a day's total from what is expected of such a day, in Wh."""
        self._level = _level(records.totals, {day: wh for day, wh in shape.items() if wh > 0}, today, last, since)

    def hour(self, day: date, hour: int) -> dict[str, float]:
        """Wh by bare register expected in an hour."""
        return {name: wh * self._level for name, wh in self._slot(day_kind(day), hour).items()}

    def _slot(self, kind: int, hour: int) -> Mapping[str, float]:
        slot = self._hours.get((kind, hour))
        if slot is None:
            return self._any.get(hour, {})
        trusted = self._kinds.get(kind, 1.0)
        return {name: wh * trusted for name, wh in slot.items()}

    def _day(self, kind: int) -> float:
        """Wh of a kind of day by its shape alone."""
        return sum(wh for hour in range(24) for wh in self._slot(kind, hour).values())


def _trusted_kinds(totals: Mapping[date, float]) -> dict[int, float]:
    """What to make of the means of the days of each kind: they differ by chance, too.

    Each is drawn to the mean of all as far as the days of one kind differ among themselves (the empirical Bayes
    estimate of James and Stein); a household whose Sundays are all alike keeps them.
    """
    kinds: dict[int, list[float]] = defaultdict(list)
    for day, wh in totals.items():
        kinds[day_kind(day)].append(wh)
    means = {kind: sum(days) / len(days) for kind, days in kinds.items()}
    if len(totals) <= len(kinds):
        return {}
    mean = sum(means.values()) / len(means)
    within = sum((wh - means[kind]) ** 2 for kind, days in kinds.items() for wh in days) / (len(totals) - len(kinds))
    chance = within * len(kinds) / len(totals)
    between = max(0.0, sum((each - mean) ** 2 for each in means.values()) / len(means) - chance)
    trust = between / (between + chance) if chance else 1.0
    return {kind: (mean + trust * (each - mean)) / each for kind, each in means.items() if each}


def _mean_hours(hours: Mapping[tuple[int, int], Mapping[str, float]]) -> dict[int, dict[str, float]]:
    """The mean of an hour over all kinds of days, for kinds that did not come yet."""
    sums: dict[int, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    counts: Counter[int] = Counter()
    for (_, hour), wh in hours.items():
        for name, value in wh.items():
            sums[hour][name] += value
        counts[hour] += 1
    return {hour: {name: value / counts[hour] for name, value in wh.items()} for hour, wh in sums.items()}


def _lengths(days: Iterable[date], zone: ZoneInfo) -> Iterator[tuple[date, float]]:
    """Each day with its length, in days of 24 hours."""
    return ((day, (midnight(day + ONE_DAY, zone) - midnight(day, zone)) / DAY) for day in days)


def _level(
    totals: Mapping[date, int], shape: Mapping[date, float], today: date, last: date, since: date | None
) -> float:
    """How much more than the shape of their kind the days to come will draw, on the mean.

    Args:
        totals: Wh of all days that are known whole.
        shape: Wh of the days of the last weeks, as their kind draws them.
        today: the first day to come.
        last: the last one.
        since: the first day of the bill.
    """
    if not shape:
        return 1.0
    ratios = {day: totals[day] / expected for day, expected in shape.items()}
    weights = _weights(ratios, today)
    mean = sum(weight * ratios[day] ** _POWER for day, weight in weights.items())
    level = float(mean ** (1 / _POWER))
    season = _season(totals, weights, today, last)
    by_calendar = max(level / 4, level + _heat(ratios, weights, today, last))
    level = by_calendar if season is None else (by_calendar + level * season) / 2
    month = [day for day in shape if since is not None and day >= since]
    if month:
        share = min(_MONTH_SHARE, len(month) / (len(month) + _MONTH_DAYS))
        level += share * (sum(totals[day] for day in month) / sum(shape[day] for day in month) - level)
    return level


def _weights(recent: Iterable[date], today: date) -> dict[date, float]:
    """How much each day counts for the level."""
    ages = {day: (today - day).days for day in recent}
    found = dict.fromkeys(ages, 0.0)
    for half_life, share in ((_FAST, _FAST_SHARE), (_SLOW, 1 - _FAST_SHARE)):
        each = {day: 0.5 ** (age / half_life) for day, age in ages.items()}
        whole = sum(each.values())
        for day, weight in each.items():
            found[day] += share * weight / whole
    return found


def _season(totals: Mapping[date, int], weights: Mapping[date, float], today: date, last: date) -> float | None:
    """How the days to come stood to the weeks before them a year ago; None where too little of it is recorded."""
    before = {day: _smooth(totals, day - YEAR) for day in weights}
    ahead = [_smooth(totals, day - YEAR) for day in each_day(today, last + ONE_DAY)]
    known = [wh for wh in ahead if wh is not None]
    days = sum((day - YEAR) in totals for day in _before(today, LEVEL_DAYS))
    if len(known) < _MOST * len(ahead) or days < _MOST * LEVEL_DAYS:
        return None
    weight = sum(weights[day] for day, wh in before.items() if wh is not None)
    weighed = sum(weights[day] * wh for day, wh in before.items() if wh is not None)
    if not weighed:
        return None
    ratio = sum(known) / len(known) / (weighed / weight)
    return float(min(_SEASON_MOST, max(1 / _SEASON_MOST, ratio)) ** _SEASON_TRUST)


def _smooth(totals: Mapping[date, int], day: date) -> float | None:
    """The mean of the days around one; None where none of them is known."""
    around = [totals[one] for one in each_day(day - AROUND, day + AROUND + ONE_DAY) if one in totals]
    return sum(around) / len(around) if around else None


def _heat(ratios: Mapping[date, float], weights: Mapping[date, float], today: date, last: date) -> float:
    """By how much of a day heating will make the days to come other than the last ones, by the calendar alone.

    How much a household draws for each degree that the season's usual weather is too cold shows in the last weeks
    when the season changes; where it does not change, there is nothing to show, and nothing to expect.
    """
    memory = {day: 0.5 ** ((today - day).days / _HEAT_MEMORY) for day in ratios}
    whole = sum(memory.values())
    cold = {day: _degrees_missing(day) for day in ratios}
    mean = sum(memory[day] * ratio for day, ratio in ratios.items()) / whole
    mean_cold = sum(memory[day] * degrees for day, degrees in cold.items()) / whole
    together = sum(memory[day] * (ratios[day] - mean) * (cold[day] - mean_cold) for day in ratios) / whole
    variance = sum(memory[day] * (degrees - mean_cold) ** 2 for day, degrees in cold.items()) / whole
    ahead = [_degrees_missing(day) for day in each_day(today, last + ONE_DAY)]
    now = sum(weight * cold[day] for day, weight in weights.items())
    return max(0.0, together / (variance + _HEAT_DOUBT)) * (sum(ahead) / len(ahead) - now) if ahead else 0.0


def _degrees_missing(day: date) -> float:
    """Kelvin by which a day is usually colder than homes are to be: France's mean, coldest about 20 January."""
    usual = 12.5 - 7.5 * cos(2 * pi * (day.timetuple().tm_yday - 20) / 365.25)
    return max(0.0, _HEATED_BELOW - usual)


def _before(today: date, count: int) -> Iterator[date]:
    """So many days before one, the oldest first."""
    return each_day(today - timedelta(days=count), today)
