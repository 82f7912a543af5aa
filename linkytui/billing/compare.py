"""Comparison of offers: the same energy priced with every known offer, for the month and the recorded year."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from math import inf
from typing import Final
from zoneinfo import ZoneInfo

from linkytui.billing.bill import Bill, Counted, count, price
from linkytui.billing.energy import Energy
from linkytui.billing.hour_rows import HourRow, HourTable, hour_rows
from linkytui.billing.lines import energy_amount, to_cents
from linkytui.billing.month import (
    Estimate,
    count_whole,
    estimate_from,
    month_cost,
    outlook_of,
    parted,
    whole_subscription,
)
from linkytui.billing.plan import Plan, why_no_price
from linkytui.billing.profile import LEVEL_DAYS, YEAR
from linkytui.billing.projection import Outlook, wanted
from linkytui.billing.record import Record
from linkytui.billing.split import Split, Target, why_own_calendar
from linkytui.civil.days import DAY, local, midnight, month_start, next_month
from linkytui.civil.times import Timestamp
from linkytui.reading.contracts import Contract
from linkytui.tariffs.book import PriceBook
from linkytui.tariffs.calendars.calendar import Calendar
from linkytui.tariffs.calendars.own import by_register, why_unclear
from linkytui.tariffs.calendars.regulated import CALENDARS
from linkytui.tariffs.offers import Offer, PricesOn

YEAR_DAYS: Final = 365
_YEAR_SECONDS: Final = Decimal(YEAR_DAYS * DAY)
_LEAST_SECONDS: Final = DAY  # seconds of records without which no year can be worked out
_MOST: Final = 0.9
"""Share of the recorded time that must be split by an offer's registers for its year to be worked out: a year made of
the known Sundays of Tempo alone would be a cheap one."""
WHOLE_YEAR: Final = 0.95  # share of a year from which on its record counts as whole


@dataclass(frozen=True, slots=True, kw_only=True)
class YearCost:
    """What the recorded part of the last 365 days costs with one offer, at today's prices."""

    coverage: float  # share of the 365 days whose energy is known, and known by this offer's registers: 0 to 1
    energy: Mapping[str, Decimal]  # EUR by register, for the known time
    wh: Mapping[str, int]  # Wh by register
    subscription: Decimal  # EUR for as long a time as is known
    per_year: Decimal | None  # EUR for a whole year at this rate; None when too much is unknown

    @property
    def total(self) -> Decimal:
        """EUR for the known time."""
        return sum(self.energy.values(), Decimal("0.00")) + self.subscription

    @property
    def partial(self) -> bool:
        """Less than a year is known, so that the seasons do not weigh as they do in a year."""
        return self.coverage < WHOLE_YEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One offer, and what the same energy costs with it."""

    offer: Offer  # its prices today
    mine: bool  # it is the one that is paid
    bill: Bill  # the month so far
    estimate: Estimate | None
    whole_subscription: Decimal  # EUR of the whole month's subscription
    year: YearCost | None  # None when less than a day is recorded, or nothing can be split by its registers
    difference: Decimal | None
    """EUR a year more than the offer that is paid, negative when it is cheaper; None where either is not known."""
    reason: str | None  # why some of the energy could not be counted under this offer; None when all could


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All offers known for one power."""

    month: date  # first day of the month
    rows: tuple[Compared, ...]  # cheapest year first; those whose year is not known at the end
    trouble: str | None  # why the offer that is paid is not among them; None when it is
    recorded: bool  # anything is recorded that can be compared

    @property
    def mine(self) -> Compared | None:
        """The offer that is paid."""
        return next((row for row in self.rows if row.mine), None)


def wanted_for_comparison(now: Timestamp, zone: ZoneInfo) -> tuple[tuple[float, float], ...]:
    """The times whose energy is needed to compare offers: a year, and the season before it for the estimates."""
    today = local(now, zone).date()
    return ((midnight(today - YEAR - timedelta(days=LEVEL_DAYS), zone), now),)


def compare(record: Record, plan: Plan, book: PriceBook, *, now: Timestamp) -> Comparison:
    """Work out what every known offer asks for the same energy, from a record of `wanted_for_comparison`."""
    today = local(now, record.zone).date()
    options = _Options(record, now)
    rows = []
    own = plan.prices(book)(plan.contract, today)
    if own is not None:
        month = options.month_record
        rows.append(_mine(month, plan, book, options.of(Target(own.option, plan.calendar)), own, now=now))
    for offer in _others(plan, book, today):
        calendar = plan.calendars.of(offer, own=False)
        unclear = why_unclear(calendar, offer.prices) if calendar is not None else None
        calendar = None if unclear else calendar
        option = options.of(Target(offer.option, calendar))
        asked = by_register(offer, calendar)
        rows.append(_other(_prices(book, asked, calendar), option, asked, unclear))
    return Comparison(
        month=month_start(today),
        rows=_sorted(rows),
        recorded=bool(record.energies),
        trouble=None if own is not None else why_no_price(plan, book, plan.contract, today),
    )


class _Options:
    """The energy of a record, counted anew for each option once."""

    def __init__(self, record: Record, now: Timestamp) -> None:
        self.record, self.now = record, now
        start = now - YEAR_DAYS * DAY
        start -= start % 3600
        self.rows = hour_rows(record.energies, record.zone)
        self.table = HourTable(self._between(start, inf))
        today = local(now, record.zone).date()
        self.month = month_start(today), next_month(today)
        low, high = (midnight(day, record.zone) for day in self.month)
        self.month_rows = self._between(low, high)
        self._options: dict[Target, _Option] = {}

    def of(self, target: Target) -> "_Option":
        """The energy by what an offer counts."""
        option = self._options.get(target)
        if option is None:
            option = self._options[target] = _Option(self, target)
        return option

    @cached_property
    def one_contract(self) -> Contract | None:
        """The option whose registers alone counted at all times; None where there were several, or a calendar's own."""
        contracts = {row.contract for row in self.rows}
        return contracts.pop() if len(contracts) == 1 else None

    @cached_property
    def together(self) -> Outlook | None:
        """What all registers together will count in the rest of the month."""
        base = self.of(Target(Contract.BASE))
        return outlook_of(base.counted, self.past(Target(Contract.BASE)), self.record, now=self.now)

    @cached_property
    def _past_rows(self) -> list[HourRow]:
        """The hours from which the rest of the month is told."""
        times = wanted(self.now, self.month[0], self.record.zone)
        return [row for start, end in times for row in self._between(start, end)]

    def _between(self, start: Timestamp, end: Timestamp) -> list[HourRow]:
        """The hours that begin between two moments."""
        first, last = (bisect_left(self.rows, at, key=lambda row: row.energy.start) for at in (start, end))
        return self.rows[first:last]

    @property
    def month_record(self) -> Record:
        """What the cost of the month is told from."""
        return replace(self.record, energies=[row.energy for row in self._past_rows])

    def past(self, target: Target) -> list[Energy]:
        """The energy from which the rest of the month is told, by the registers of an option."""
        if self.one_contract is target.option and target.is_counted:
            return [row.energy for row in self._past_rows]
        return list(Split(target, self.record).apply_rows(self._past_rows))


class _Option:
    """The energy by the registers of one option."""

    def __init__(self, all_of_them: _Options, target: Target) -> None:
        self._all, self._target = all_of_them, target
        self._split = Split(target, all_of_them.record)
        self.wh, self.seconds = self._split.sums(all_of_them.table)
        """Wh by register in the last 365 days, and the seconds of which they are known."""
        self.reason = self._split.reason
        self.enough = self.seconds >= _LEAST_SECONDS and self.seconds >= _MOST * all_of_them.table.known

    @cached_property
    def month(self) -> Sequence[Energy]:
        """The month's energy so far."""
        return list(self._split.apply_rows(self._all.month_rows))

    @cached_property
    def counted(self) -> Counted:
        """The month's days so far."""
        return count(self.month, *self._all.month, now=self._all.now, zone=self._all.record.zone)

    @cached_property
    def whole(self) -> tuple[Outlook, Counted] | None:
        """What is to come of the month, and the days of all of it; the same for all offers with this option."""
        outlook = self._outlook() if self.enough else None
        if outlook is None:
            return None
        return outlook, count_whole(self.counted, self.month, outlook, self._all.record.zone)

    def _outlook(self) -> Outlook | None:
        record, option = self._all.record, self._target.option
        calendar = self._target.calendar or CALENDARS.get(option)
        if option is Contract.BASE:
            return self._all.together
        if calendar is None or option is Contract.TEMPO or record.contract is option:
            # By its own registers; colours that nobody knows yet are weighed there.
            return outlook_of(self.counted, self._all.past(self._target), record, now=self._all.now)
        return None if self._all.together is None else parted(self._all.together, record, option, calendar)


def _others(plan: Plan, book: PriceBook, today: date) -> list[Offer]:
    """The offers of today beside the person's own, at the power that is subscribed."""
    if plan.subscribed_kva is None:
        return []
    # No Linky can have an offer that is for meters that do not communicate.
    return [one for one in book.in_force(today, plan.power_wanted) if one.key != plan.key and not one.mute]


def _prices(book: PriceBook, offer: Offer, calendar: Calendar | None) -> PricesOn:
    """What an offer asked at any time; today's prices for days before the first ones that are known."""
    asked: dict[date | None, Offer] = {}
    days: dict[date, Offer] = {}

    def offer_on(contract: Contract, day: date) -> Offer | None:
        if contract is not offer.option:
            return None
        if day not in days:
            then = book.price_at(offer.key, offer.power_kva, day)
            if then is not None and then.valid_from not in asked:
                asked[then.valid_from] = by_register(then, calendar)
            days[day] = offer if then is None else asked[then.valid_from]
        return days[day]

    return offer_on


def _mine(record: Record, plan: Plan, book: PriceBook, option: _Option, offer: Offer, *, now: Timestamp) -> Compared:
    """The month is the one that `cost` tells, a change of contract inside it included."""
    # What the meter counts as it is paid was looked ahead at already.
    alike = record.contract is offer.option and not any(each.target for each in plan.course or (plan,))
    whole = option.whole if alike and plan.calendar is None else None
    outlook = whole[0] if whole is not None else None
    cost = month_cost(record, plan, book, local(now, record.zone).date(), now=now, outlook=outlook)
    return Compared(
        offer=offer,
        mine=True,
        bill=cost.bill,
        estimate=cost.estimate,
        whole_subscription=cost.whole_subscription,
        year=_year(option, offer),
        difference=None,
        reason=cost.unsplit or option.reason,
    )


def _other(prices: PricesOn, option: _Option, offer: Offer, unclear: str | None) -> Compared:
    bill = price(option.counted, prices)
    whole = option.whole
    return Compared(
        offer=offer,
        mine=False,
        bill=bill,
        estimate=estimate_from(bill, whole[1], whole[0], prices) if whole is not None else None,
        whole_subscription=whole_subscription(bill, prices, offer.option),
        year=_year(option, offer),
        difference=None,
        reason=unclear or option.reason or _why_unpriced(option, offer),
    )


def _why_unpriced(option: "_Option", offer: Offer) -> str | None:
    """Why none of the energy has a price although it is counted; None when some has."""
    return None if not option.wh or offer.prices.keys() & option.wh.keys() else why_own_calendar()


def _year(option: _Option, offer: Offer) -> YearCost | None:
    if option.seconds < _LEAST_SECONDS:
        return None
    energy = {name: energy_amount(wh, offer.prices[name]) for name, wh in option.wh.items() if name in offer.prices}
    share = min(Decimal(1), Decimal(round(option.seconds)) / _YEAR_SECONDS)
    yearly = 12 * offer.subscription
    # A register of a supplier's own calendar may have no price.
    priced = option.enough and all(name in energy for name, wh in option.wh.items() if wh)
    return YearCost(
        coverage=float(share),
        energy=energy,
        wh={name: option.wh[name] for name in energy},
        subscription=to_cents(yearly * share),
        per_year=to_cents(sum(energy.values(), Decimal(0)) / share + yearly) if priced else None,
    )


def _sorted(rows: Sequence[Compared]) -> tuple[Compared, ...]:
    yearly = next((row.year.per_year for row in rows if row.mine and row.year is not None), None)

    def with_difference(row: Compared) -> Compared:
        mine, theirs = yearly, row.year.per_year if row.year is not None else None
        return row if mine is None or theirs is None else replace(row, difference=theirs - mine)

    def place(row: Compared) -> tuple[bool, Decimal, bool, str]:
        year = row.year.per_year if row.year is not None else None
        return year is None, year or Decimal(0), not row.mine, row.offer.key.title.casefold()

    return tuple(sorted(map(with_difference, rows), key=place))
