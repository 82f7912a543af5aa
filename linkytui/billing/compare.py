"""Comparison of offers: the same energy priced with every known offer, for the month and the recorded year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from linkytui.billing.bill import Bill, make_bill
from linkytui.billing.energy import Energy
from linkytui.billing.lines import energy_amount, to_cents
from linkytui.billing.month import Estimate, estimate_of, month_cost, outlook_of, parted, whole_subscription
from linkytui.billing.plan import Plan, why_no_price
from linkytui.billing.profile import LEVEL_DAYS, YEAR
from linkytui.billing.projection import Outlook
from linkytui.billing.record import Record
from linkytui.billing.split import Split, Target, why_own_calendar
from linkytui.civil.days import DAY, local, midnight, month_start, next_month
from linkytui.civil.times import Timestamp
from linkytui.reading.contracts import INJECTED, Contract
from linkytui.tariffs.book import PriceBook
from linkytui.tariffs.calendars.calendar import Calendar
from linkytui.tariffs.calendars.own import by_register, why_unclear
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
        rows.append(_mine(record, plan, book, options.of(Target(own.option, plan.calendar)), own, now=now))
    for offer in _others(plan, book, today):
        calendar = plan.calendars.of(offer, own=False)
        unclear = why_unclear(calendar, offer.prices) if calendar is not None else None
        calendar = None if unclear else calendar
        option = options.of(Target(offer.option, calendar))
        asked = by_register(offer, calendar)
        rows.append(_other(record, _prices(book, asked, calendar), option, asked, unclear, now=now))
    return Comparison(
        month=month_start(today),
        rows=_sorted(rows),
        recorded=bool(record.energies),
        trouble=None if own is not None else why_no_price(plan, book, plan.contract, today),
    )


class _Options:
    """The energy of a record, counted anew for each option once."""

    def __init__(self, record: Record, now: Timestamp) -> None:
        self._record, self._now = record, now
        self._known: dict[Target, _Option] = {}

    def of(self, target: Target) -> "_Option":
        """The energy by what an offer counts."""
        option = self._known.get(target)
        if option is None:
            base = self.of(Target(Contract.BASE)) if target.calendar is not None else None
            option = self._known[target] = _Option(self._record, target, self._now, base)
        return option


class _Option:
    """The energy by the registers of one option."""

    def __init__(self, record: Record, target: Target, now: Timestamp, base: "_Option | None") -> None:
        split = Split(target, record)
        self._target, self._base = target, base
        self.energies: Sequence[Energy] = list(split.apply(record.energies))
        self.reason = split.reason
        start = now - YEAR_DAYS * DAY
        start -= start % 3600
        known = sum(energy.known for energy in record.energies if energy.start >= start)
        self.seconds = 0.0
        self.wh: dict[str, int] = {}
        for energy in self.energies:
            if energy.start >= start:
                self.seconds += energy.known
                for name, wh in energy.wh.items():
                    if name != INJECTED:
                        self.wh[name] = self.wh.get(name, 0) + wh
        self.enough = self.seconds >= _LEAST_SECONDS and self.seconds >= _MOST * known
        self._record, self._now = record, now
        self._outlook: Outlook | None = None

    def outlook(self, bill: Bill) -> Outlook | None:
        """What is to come of the month, the same for all offers with this option."""
        if self._outlook is None and self.enough:
            if self._base is None or self._target.calendar is None:
                self._outlook = outlook_of(bill, self.energies, self._record, now=self._now)
            elif (together := self._base.outlook(bill)) is not None:
                self._outlook = parted(together, self._record, self._target.calendar)
        return self._outlook


def _others(plan: Plan, book: PriceBook, today: date) -> list[Offer]:
    """The offers of today beside the person's own, at the power that is subscribed."""
    if plan.subscribed_kva is None:
        return []
    # No Linky can have an offer that is for meters that do not communicate.
    return [one for one in book.in_force(today, plan.power_wanted) if one.key != plan.key and not one.mute]


def _prices(book: PriceBook, offer: Offer, calendar: Calendar | None) -> PricesOn:
    """What an offer asked at any time; today's prices for days before the first ones that are known."""
    asked: dict[date | None, Offer] = {}

    def offer_on(contract: Contract, day: date) -> Offer | None:
        if contract is not offer.option:
            return None
        then = book.price_at(offer.key, offer.power_kva, day)
        if then is None:
            return offer
        return asked.setdefault(then.valid_from, by_register(then, calendar))

    return offer_on


def _mine(record: Record, plan: Plan, book: PriceBook, option: _Option, offer: Offer, *, now: Timestamp) -> Compared:
    """The month is the one that `cost` tells, a change of contract inside it included."""
    cost = month_cost(record, plan, book, local(now, record.zone).date(), now=now)
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


def _other(
    record: Record, prices: PricesOn, option: _Option, offer: Offer, unclear: str | None, *, now: Timestamp
) -> Compared:
    first = month_start(local(now, record.zone).date())
    bill = make_bill(option.energies, prices, first, next_month(first), now=now, zone=record.zone)
    return Compared(
        offer=offer,
        mine=False,
        bill=bill,
        estimate=estimate_of(bill, option.energies, option.outlook(bill), prices, record.zone),
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
