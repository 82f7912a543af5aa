"""A bill in words, for whoever lays it out: its lines, and where its prices were read."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from linkytui.billing.bill import Bill
from linkytui.billing.lines import BillLine
from linkytui.civil.times import Timestamp
from linkytui.i18n import _, short_date
from linkytui.tariffs.offers import PriceSource
from linkytui.wording.terms import duration, kwh, money, register_name, unit_price


class BillRow(NamedTuple):
    """A line of a bill."""

    name: str
    days: str
    quantity: str  # kWh, or which part of the month is paid
    estimated: bool  # a part of it was spread over a time without records
    price: str  # EUR/kWh, or EUR a month
    amount: str  # EUR


def energy_row(line: BillLine) -> BillRow:
    """The row of one register at one price."""
    return BillRow(
        line_name(line),
        days_text(line.first, line.last),
        kwh(line.wh),
        bool(line.estimated_wh),
        unit_price(line.price),
        money(line.amount),
    )


def line_name(line: BillLine) -> str:
    """What a line is for: the register in words, or the name that supplier or meter give it."""
    return register_name(line.register, line.offer.called if line.offer is not None else {})


def subscription_rows(bill: Bill) -> Iterator[BillRow]:
    """A row for each price that the subscription had."""
    for line in bill.subscription_lines:
        share = _("{days} of {all} days").format(days=line.days, all=line.month_days)
        days = days_text(line.first, line.last)
        yield BillRow(_("Subscription"), days, share, False, money(line.price), money(line.amount))


def days_text(first: date, last: date) -> str:
    """Some days in short, both included."""
    return short_date(first) if first == last else f"{short_date(first)} - {short_date(last)}"


def source_text(source: PriceSource, now: Timestamp) -> str:
    """Where a price was read, for a person, and how old that is."""
    if source.corrects is not None:
        return _("partly set by hand; the rest: {source}").format(source=source_text(source.corrects, now))
    if source.kind == "hand":
        return _("set by hand")
    if source.kind == "regulated":
        return _("regulated tariff, as it comes with linkytui")
    where = _("{file}, page {page}").format(file=source.file, page=source.page) if source.page else source.file
    if source.fetched_at is None:
        return where
    age = duration(now - source.fetched_at)
    return _("{where}, fetched {age} ago").format(where=where, age=age)
