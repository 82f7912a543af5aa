"""Monthly prepayments against what the year will cost: are they enough, and what will be settled at its end?

The days to come are taken from the year before where they are recorded, at the level of this year; else they are like
the mean of the recorded days.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from linkytui.billing.bill import make_bill
from linkytui.billing.energy import Energy
from linkytui.billing.lines import to_cents
from linkytui.billing.month import under_options
from linkytui.billing.plan import Plan
from linkytui.billing.record import Record
from linkytui.civil.cycle import YEAR_MONTHS, Cycle
from linkytui.civil.days import HOUR, each_day, local, midnight
from linkytui.civil.times import Timestamp
from linkytui.tariffs.book import PriceBook

_WEEKS: Final = timedelta(weeks=52)  # so that weekdays fall on weekdays
_WHOLE_DAY: Final = 23 * HOUR  # seconds known, from which on a day tells what a day is
_LEAST_DAYS: Final = 14
_ALIKE_DAYS: Final = 28  # days recorded in both years, from which on their levels are compared
_LEAST_LEVEL, _MOST_LEVEL = 0.5, 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepayment:
    """What is paid in a year, and what it is for."""

    first: date
    end: date  # the day after the last one
    month: Decimal  # EUR a month
    paid: Decimal  # EUR up to now, this month's included
    cost: Decimal  # EUR of the days up to now, as far as they are recorded
    expected: Decimal  # EUR of the whole year
    estimated_days: int  # those of the year that are not recorded, to come or missing
    from_last_year: int  # those of them that are taken from the year before

    @property
    def total(self) -> Decimal:
        """EUR that will have been paid."""
        return self.month * YEAR_MONTHS

    @property
    def balance(self) -> Decimal:
        """EUR to pay at the end; below zero, what comes back."""
        return self.expected - self.total

    @property
    def enough(self) -> bool:
        """Nothing will be left to pay."""
        return self.balance <= 0

    @property
    def right(self) -> Decimal:
        """EUR a month that would leave nothing to settle."""
        return to_cents(self.expected / YEAR_MONTHS)


def wanted_for_prepayment(now: Timestamp, cycle: Cycle, zone: ZoneInfo) -> tuple[tuple[float, float], ...]:
    """The time whose energy is needed: the year that runs, and the one before it."""
    first, _end = cycle.year(local(now, zone).date())
    return ((midnight(first - _WEEKS - timedelta(days=7), zone), now),)


def prepayment_of(
    record: Record, plan: Plan, book: PriceBook, cycle: Cycle, month: Decimal, *, now: Timestamp
) -> Prepayment | None:
    """Work out the year that runs, from a record of `wanted_for_prepayment`; None with less than two weeks recorded."""
    zone = record.zone
    today = local(now, zone).date()
    first, end = cycle.year(today)
    energies, _reason = under_options(record, plan)
    days = _whole_days(energies, zone)
    days.pop(today, None)
    if len(days) < _LEAST_DAYS:
        return None
    counted = [energy for day in each_day(first, today) for energy in days.get(day, ())]
    missing = [day for day in each_day(first, end) if day >= today or day not in days]
    level = _level(days, first, today)
    guessed: list[Energy] = []
    from_last_year = 0
    for day in missing:
        if (model := days.get(day - _WEEKS)) is not None:
            from_last_year += 1
            guessed += _moved(model, day - _WEEKS, day, level, zone)
        else:
            guessed.append(_mean_day(days, day, zone))
    whole = sorted((*counted, *guessed), key=lambda energy: energy.start)
    prices = plan.prices(book)
    expected = make_bill(whole, prices, first, end, now=midnight(end, zone), zone=zone)
    so_far = make_bill(energies, prices, first, end, now=now, zone=zone)
    if expected.unpriced:
        return None
    months = sum(1 for number in range(YEAR_MONTHS) if cycle.nth(first, number) <= today)
    return Prepayment(
        first=first,
        end=end,
        month=month,
        paid=month * months,
        cost=so_far.total,
        expected=expected.total,
        estimated_days=len(missing),
        from_last_year=from_last_year,
    )


def _whole_days(energies: Sequence[Energy], zone: ZoneInfo) -> dict[date, list[Energy]]:
    days: defaultdict[date, list[Energy]] = defaultdict(list)
    for energy in energies:
        days[local(energy.start, zone).date()].append(energy)
    return {day: hours for day, hours in days.items() if sum(hour.known for hour in hours) >= _WHOLE_DAY}


def _level(days: Mapping[date, Sequence[Energy]], first: date, today: date) -> float:
    """How much is drawn this year for what was drawn a year ago."""
    pairs = [
        (_drawn(days[day]), _drawn(days[day - _WEEKS]))
        for day in each_day(first, today)
        if day in days and day - _WEEKS in days
    ]
    before = sum(wh for _now, wh in pairs)
    if len(pairs) < _ALIKE_DAYS or not before:
        return 1.0
    return min(max(sum(wh for wh, _before in pairs) / before, _LEAST_LEVEL), _MOST_LEVEL)


def _drawn(hours: Sequence[Energy]) -> int:
    return sum(hour.drawn for hour in hours)


def _moved(hours: Sequence[Energy], before: date, day: date, level: float, zone: ZoneInfo) -> Iterator[Energy]:
    """A day's energy on another day, at another level."""
    shift = midnight(day, zone) - midnight(before, zone)
    end = midnight(day + timedelta(days=1), zone)
    for hour in hours:
        if hour.start + shift < end:
            wh = {name: round(each * level) for name, each in hour.wh.items()}
            yield Energy(hour.start + shift, hour.end + shift, wh)


def _mean_day(days: Mapping[date, Sequence[Energy]], day: date, zone: ZoneInfo) -> Energy:
    """The mean of what is recorded, as one stretch of a day."""
    sums: defaultdict[str, int] = defaultdict(int)
    for hours in days.values():
        for hour in hours:
            for name, each in hour.wh.items():
                sums[name] += each
    start = midnight(day, zone)
    wh = {name: round(each / len(days)) for name, each in sums.items()}
    return Energy(start, midnight(day + timedelta(days=1), zone), wh, covered=24 * HOUR)
