"""A month's cost: the bill so far and its month-end estimate."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from linkytui.billing.bill import Apart, Bill, Counted, count, make_bill, price, subscription_lines, together
from linkytui.billing.energy import Energy
from linkytui.billing.lines import to_cents
from linkytui.billing.plan import Plan
from linkytui.billing.projection import Method, Outlook, look_ahead
from linkytui.billing.record import Record
from linkytui.billing.split import Split, Target
from linkytui.civil.days import ONE_DAY, each_day, local, midnight, month_start, next_month
from linkytui.civil.tempo import register, tempo_day
from linkytui.civil.times import Timestamp
from linkytui.reading.contracts import Contract
from linkytui.tariffs.book import PriceBook
from linkytui.tariffs.calendars.calendar import Calendar
from linkytui.tariffs.offers import PricesOn
from linkytui.tic.status import Colour

LIKELY: Final = 1.2816  # standard deviations on either side within which eight results out of ten lie


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What the bill of a month will have become at its end.

    It is about what the bill counts: a bill that counts from the 12th is estimated from the 12th to the end.
    """

    bill: Bill  # the bill as it is expected at the end, line by line
    low: Decimal | None
    """EUR; eight results out of ten lie between this and `high`. None when too little is recorded to tell."""
    high: Decimal | None  # EUR
    method: Method
    days: int  # whole recorded days that it is made from

    @property
    def total(self) -> Decimal:
        """EUR."""
        return self.bill.total


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthCost:
    """What a month costs."""

    month: date  # its first day, or that of a billing period
    plan: Plan  # the offers that are paid
    holds: Plan  # what holds of it on the last day that counts
    bill: Bill  # up to now, or to the end of a month that is over
    estimate: Estimate | None  # None for a month that is over, and when less than a day is recorded
    whole_subscription: Decimal  # EUR of the subscription from the month's first day to its last
    unsplit: str | None
    """Why a part of the energy could not be brought under the option that the person set; None when all could."""

    @property
    def end(self) -> date:
        """The day after the last one."""
        return self.bill.end

    @property
    def is_month(self) -> bool:
        """Whether it is a month of the calendar."""
        return self.month == month_start(self.month) and self.end == next_month(self.month)


def month_cost(
    record: Record,
    plan: Plan,
    book: PriceBook,
    month: date,
    *,
    now: Timestamp,
    end: date | None = None,
    sold_at: Decimal | None = None,
    outlook: Outlook | None = None,
) -> MonthCost:
    """Work out what the month that a day lies in costs, from a record of `projection.wanted`.

    `end` makes it a billing period instead, from the day on to the one before; `sold_at` is EUR/kWh for energy given
    to the grid, None when it is not sold; `outlook` is what is to come, where that is known already.
    """
    first, end = (month_start(month), next_month(month)) if end is None else (month, end)
    energies, unsplit = under_options(record, plan)
    prices = plan.prices(book)
    bill = make_bill(energies, prices, first, end, now=now, zone=record.zone, sold_at=sold_at)
    outlook = outlook or outlook_under(bill, energies, record, plan.calendar, now=now)
    last = min(local(now, record.zone).date(), end - ONE_DAY)
    return MonthCost(
        month=first,
        plan=plan,
        holds=plan.on(last),
        bill=bill,
        estimate=estimate_of(bill, energies, outlook, prices, record.zone, sold_at=sold_at),
        whole_subscription=whole_subscription(bill, prices, plan.contract),
        unsplit=unsplit,
    )


def bill_of(
    record: Record,
    plan: Plan,
    book: PriceBook,
    first: date,
    end: date,
    *,
    now: Timestamp,
    sold_at: Decimal | None = None,
    apart: Apart = together,
) -> Bill:
    """What the days before `end` cost, from the first one on: today, yesterday, a week."""
    energies, _ = under_options(record, plan)
    prices = plan.prices(book)
    return make_bill(energies, prices, first, end, now=now, zone=record.zone, sold_at=sold_at, apart=apart)


def under_options(record: Record, plan: Plan) -> tuple[Sequence[Energy], str | None]:
    """The energy by the registers of the option that a person set for its day, and why some could not be brought there.

    Where none was set, it stays as the meter counted it.
    """
    if not any(held.target for held in (plan, *plan.course)):
        return record.energies, None
    targets = {day: plan.on(day).target for day in _days(record)}
    splits = {target: Split(target, record) for target in targets.values() if target is not None}
    energies: list[Energy] = []
    for target, group in groupby(record.energies, lambda energy: targets[local(energy.start, record.zone).date()]):
        counted = list(group)
        energies += counted if target is None else splits[target].apply(counted)
    reasons = (splits[target].reason for target in reversed(splits))
    return energies, next(filter(None, reasons), None)


def _days(record: Record) -> Iterable[date]:
    return dict.fromkeys(local(energy.start, record.zone).date() for energy in record.energies)


def outlook_of(
    bill: Bill | Counted, energies: Sequence[Energy], record: Record, *, now: Timestamp, method: Method | None = None
) -> Outlook | None:
    """What is still to come of the days of a bill; None when they are over or too little is recorded.

    The energies are by the registers that it pays, with those of the weeks before and of the year before. Without a
    method, it is the best that the records allow.
    """
    end = midnight(bill.end, record.zone)
    if bill.until is None or now >= end:
        return None
    return look_ahead(energies, bill.until, end, record.zone, since=bill.first, colours=record.colours, method=method)


def outlook_under(
    bill: Bill, energies: Sequence[Energy], record: Record, calendar: Calendar | None, *, now: Timestamp
) -> Outlook | None:
    """The same where a supplier's own calendar holds: what all its registers will count, parted by the clock.

    Registers of a season that is to come have counted nothing yet.
    """
    if calendar is None:
        return outlook_of(bill, energies, record, now=now)
    together = Split(Target(Contract.BASE), record).apply(record.energies)
    outlook = outlook_of(bill, list(together), record, now=now)
    return None if outlook is None else parted(outlook, record, Contract.OTHER, calendar)


def parted(outlook: Outlook, record: Record, option: Contract, calendar: Calendar) -> Outlook | None:
    """What is to come, by the registers of a calendar; None where it is not known which of them will count."""
    split = Split(Target(option, calendar), record)
    energies = tuple(split.apply(outlook.energies))
    return None if split.missing else replace(outlook, energies=energies)


def estimate_of(
    bill: Bill,
    energies: Sequence[Energy],
    outlook: Outlook | None,
    prices: PricesOn,
    zone: ZoneInfo,
    *,
    sold_at: Decimal | None = None,
) -> Estimate | None:
    """What a bill will have become at its end; None when nothing tells what is to come, or some of it has no price.

    The energies are by the registers that it pays, the outlook is that of the bill; prices that are known already hold
    from their day.
    """
    if outlook is None or bill.until is None:
        return None
    return estimate_from(bill, count_whole(bill, energies, outlook, zone), outlook, prices, sold_at=sold_at)


def count_whole(bill: Bill | Counted, energies: Sequence[Energy], outlook: Outlook, zone: ZoneInfo) -> Counted:
    """The energy of all the days of a bill, recorded and to come."""
    low, end = midnight(bill.first, zone), midnight(bill.end, zone)
    counted = [energy for energy in energies if low <= energy.start < (bill.until or low)]
    return count([*counted, *outlook.energies], bill.first, bill.end, now=end, zone=zone)


def estimate_from(
    bill: Bill, counted: Counted, outlook: Outlook, prices: PricesOn, *, sold_at: Decimal | None = None
) -> Estimate | None:
    """The same from the energy of all the days."""
    if bill.unpriced:
        return None
    whole = price(counted, prices, sold_at=sold_at)
    if whole.unpriced:
        return None
    deviation = _deviation(whole, bill, outlook, prices)
    least = bill.energy_total + whole.subscription
    return Estimate(
        bill=whole,
        low=None if deviation is None else max(least, to_cents(whole.total - deviation)),
        high=None if deviation is None else to_cents(whole.total + deviation),
        method=outlook.method,
        days=outlook.days,
    )


def whole_subscription(bill: Bill, prices: PricesOn, contract: Contract) -> Decimal:
    """EUR of the subscription over all the days of a bill, whatever is recorded of them and whatever is to come."""
    option = bill.offer.option if bill.offer is not None else contract
    billed = {day: line.offer.option for line in bill.subscription_lines for day in each_day(line.first, line.end)}
    days = ((day, billed.get(day, option)) for day in each_day(bill.first, bill.end))
    lines = subscription_lines(days, prices)
    return sum((line.amount for line in lines), Decimal("0.00"))


def _deviation(whole: Bill, bill: Bill, outlook: Outlook, prices: PricesOn) -> Decimal | None:
    """EUR on either side within which the estimate likely lies."""
    if outlook.deviation_wh is None:
        return None
    wh = sum(energy.drawn for energy in outlook.energies)
    mean_price = float(whole.energy_total - bill.energy_total) / wh if wh else 0.0
    variance = (outlook.deviation_wh * mean_price) ** 2
    for day, costs in _costs_by_colour(outlook, prices).items():
        shares = outlook.chances[day]
        mean = sum(share * costs[colour] for colour, share in shares.items())
        variance += sum(share * (costs[colour] - mean) ** 2 for colour, share in shares.items())
    return Decimal(round(LIKELY * variance**0.5, 4))


def _costs_by_colour(outlook: Outlook, prices: PricesOn) -> Mapping[date, Mapping[Colour, float]]:
    """EUR of the energy of each Tempo day whose colour is not known, by the colour that it may turn out to have."""
    wh: dict[date, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for energy in outlook.energies:
        day = tempo_day(energy.start)
        if day in outlook.chances:
            for name, each in energy.wh.items():
                wh[day][name[:2]] += each
    costs: dict[date, dict[Colour, float]] = {}
    for day, sums in wh.items():
        offer = prices(Contract.TEMPO, day)
        if offer is not None:
            costs[day] = {
                colour: sum(
                    each * float(offer.prices[register(colour, off_peak=name == "HC")]) / 1000
                    for name, each in sums.items()
                )
                for colour in Colour
            }
    return costs
