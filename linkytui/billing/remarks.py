"""Remarks that qualify a figure (gaps, assumed tariff, missing prices), one line each."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from linkytui.billing.bill import Bill
from linkytui.billing.month import MonthCost
from linkytui.billing.plan import Plan, why_no_price
from linkytui.civil.days import local, midnight
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
    return tuple(
        text
        for text in (
            *_prices(cost.bill, cost.plan, book),
            *([cost.unsplit] if cost.unsplit else []),
            *_times(cost.bill, zone, now),
            *plan_remarks(cost.plan, book, local(now, zone).date()),
        )
    )


def plan_remarks(plan: Plan, book: PriceBook, today: date) -> Iterator[str]:
    """What must be known of the prices with which bills are worked out."""
    offer = plan.prices(book)(plan.contract, today)
    if offer is None:
        return
    if plan.assumed:
        yield _("Regulated tariff assumed: set provider and offer in [tariff].")
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
    overdue = book.overdue(today, plan.key)
    if overdue is not None:
        yield _(
            "New prices were expected on {day} but are not known here: run linkytui prices --fetch to look for them."
        ).format(day=long_date(overdue))
    ahead = [
        each.valid_from
        for each in book.ahead(today)
        if each.key == plan.key and each.power_kva == plan.power_kva and each.valid_from is not None
    ]
    if ahead:
        yield _("New prices apply from {day}, not before.").format(day=long_date(min(ahead)))


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
