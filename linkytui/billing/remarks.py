"""Remarks that qualify a figure (gaps, assumed tariff, missing prices), one line each."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from linkytui.billing.bill import Bill
from linkytui.billing.course import Run, holes_of
from linkytui.billing.invoice import Invoice
from linkytui.billing.month import MonthCost
from linkytui.billing.plan import Plan, why_no_price
from linkytui.civil.days import ONE_DAY, local, midnight
from linkytui.civil.times import Timestamp
from linkytui.i18n import _, long_date, number, time_of_day
from linkytui.reading.contracts import REGISTERS
from linkytui.tariffs.book import PriceBook
from linkytui.tariffs.offers import PriceKind
from linkytui.wording.terms import contract_name, percent

_LATE: Final = 3600.0  # seconds after which a record that goes no further is worth a word
_HOLE: Final = 0.01  # share of the time without known energy that is worth a word


def cost_remarks(cost: MonthCost, book: PriceBook, zone: ZoneInfo, *, now: Timestamp) -> tuple[str, ...]:
    """What must be known of a month's cost; the weightiest first."""
    today = local(now, zone).date()
    over = cost.bill.end <= today
    return tuple(
        text
        for text in (
            *_prices(cost.bill, cost.plan, book),
            *([cost.unsplit] if cost.unsplit else []),
            *_times(cost.bill, zone, now),
            *_course(cost.bill, cost.plan, cost.holds, zone),
            *plan_remarks(cost.holds, book, cost.bill.end - ONE_DAY if over else today, over=over),
        )
    )


def invoice_remarks(invoice: Invoice, book: PriceBook, zone: ZoneInfo, *, now: Timestamp) -> tuple[str, ...]:
    """What must be known of an invoice; the weightiest first."""
    bill, plan = invoice.bill, invoice.plan
    day = min(local(now, zone).date(), invoice.end - ONE_DAY)
    holds = plan.on(day)
    return tuple(
        text
        for text in (
            *_prices(bill, plan, book),
            *_times(bill, zone, now),
            *_course(bill, plan, holds, zone),
            *plan_remarks(holds, book, day, over=True),
            *_taxes(invoice),
        )
    )


def _taxes(invoice: Invoice) -> Iterator[str]:
    unknown = [line.last for line in invoice.lines if line.vat_rate is None]
    if unknown:
        yield _("The taxes up to {day} are not known here: amounts without taxes are left out.").format(
            day=long_date(max(unknown))
        )


def plan_remarks(plan: Plan, book: PriceBook, day: date, *, over: bool = False) -> Iterator[str]:
    """What must be known of the prices with which bills are worked out on a day; `over`: it is one of the past."""
    offer = plan.prices(book)(plan.contract, day)
    if offer is None:
        return
    if plan.assumed:
        yield _("Regulated tariff assumed: set provider and offer in [tariff].")
    if plan.local is not None and offer.key.provider != plan.local:
        yield _(
            "{supplier} sells the regulated tariff in its own area: EDF's subscription is assumed, which may differ by "
            "some cents."
        ).format(supplier=plan.local)
    if plan.hand is not None and plan.hand.prices and not set(REGISTERS[plan.contract]) & set(plan.hand.prices):
        yield _("The prices set by hand for {registers} are not used: {option} has no such registers.").format(
            registers=", ".join(plan.hand.prices), option=contract_name(plan.contract)
        )
    if plan.power_wanted is not None and plan.power_kva != plan.power_wanted:
        yield _("The price for {paid} kVA is used: the offer has none for {wanted} kVA.").format(
            paid=plan.power_kva, wanted=plan.power_wanted
        )
    if offer.source.kind is PriceKind.HAND and offer.source.corrects is None:
        return
    overdue = book.overdue(day, plan.key)
    if overdue is not None:
        yield _(
            "New prices were expected on {day} but are not known here: run linkytui prices --fetch to look for them."
        ).format(day=long_date(overdue))
    ahead = [
        each.valid_from
        for each in book.ahead(day)
        if each.key == plan.key and each.power_kva == plan.power_kva and each.valid_from is not None
    ]
    if ahead and not over:
        yield _("New prices apply from {day}, not before.").format(day=long_date(min(ahead)))


def _course(bill: Bill, plan: Plan, holds: Plan, zone: ZoneInfo) -> Iterator[str]:
    """Where it is not known what held on some of the days."""
    if bill.start is None or bill.until is None:
        return
    first, last = local(bill.start, zone).date(), local(bill.until - 1, zone).date()
    for hole in holes_of(plan.runs):
        if hole.first <= last and hole.end >= first:
            yield _(
                "The contract changed from {before} to {after} between {first} and {end}, when the meter was not "
                "read: it counts as changed on {end}."
            ).format(
                before=_contract(hole.before),
                after=_contract(hole.after),
                first=long_date(hole.first),
                end=long_date(hole.end),
            )
    if plan.noted is not None and first < plan.noted:
        yield _(
            "Your contract settings changed on {day}: the days before are billed as it was set then. If that is not "
            "so, say from when it holds in [[tariff.contracts]]."
        ).format(day=long_date(plan.noted))
    then = plan.on(first)
    if plan.runs and first < plan.runs[0].first and not then.power_set and then.subscribed_kva:
        yield _("The subscribed power before {day} is not known: {power} kVA is assumed, as on that day.").format(
            day=long_date(plan.runs[0].first), power=number(then.subscribed_kva, 0)
        )
    if then.assumed and not holds.assumed:
        yield _("No contract is set for the first days: the regulated tariff is assumed for them.")


def _contract(run: Run) -> str:
    power = _("{power} kVA").format(power=number(run.subscribed_kva, 0)) if run.subscribed_kva else ""
    return ", ".join(filter(None, (contract_name(run.contract) if run.contract else "", power)))


def _prices(bill: Bill, plan: Plan, book: PriceBook) -> Iterator[str]:
    if not bill.unpriced:
        return
    missing = bill.unpriced[0]
    kwh = sum(each.wh for each in bill.unpriced) / 1000
    registers = ", ".join(dict.fromkeys(register for each in bill.unpriced for register in each.registers))
    yield _("{kwh} kWh of {registers} are left out: their price is not known.").format(
        kwh=number(kwh, 1), registers=registers
    )
    yield why_no_price(plan, book, missing.contract, missing.first)


def _times(bill: Bill, zone: ZoneInfo, now: Timestamp) -> Iterator[str]:
    if bill.start is None or bill.until is None:
        return
    if bill.start > midnight(bill.first, zone):
        yield _("Counted from {moment}: nothing was recorded before.").format(moment=_moment(local(bill.start, zone)))
    end = min(now, midnight(bill.end, zone))
    if end - bill.until > _LATE:
        yield _("Counted up to {moment}: nothing has been recorded since.").format(
            moment=_moment(local(bill.until, zone))
        )
    inside = (bill.until - bill.start) or 1.0
    holes = inside - bill.coverage * (end - midnight(bill.first, zone))
    if holes > max(_LATE, _HOLE * inside):
        yield _("Energy is unknown for {share} of that time.").format(share=percent(max(0.01, holes / inside)))
    if bill.estimated_wh:
        yield _("{kwh} kWh were used while nothing was recorded, and are spread evenly over that time.").format(
            kwh=number(bill.estimated_wh / 1000, 1)
        )


def _moment(when: datetime) -> str:
    return _("{day}, {time}").format(day=long_date(when.date()), time=time_of_day(when))
