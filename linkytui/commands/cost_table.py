"""A month's cost as a table for people: each line with its days, its price and its amount, then the sums."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from linkytui.billing.bill import Bill
from linkytui.billing.month import Estimate, MonthCost
from linkytui.civil.days import ONE_DAY
from linkytui.commands.price_list import source_line
from linkytui.i18n import _, long_date, month, ngettext, number, short_date
from linkytui.tariffs.offers import Offer
from linkytui.wording.terms import contract_name, register_name, unit_price

if TYPE_CHECKING:
    from decimal import Decimal

_NAME, _DAYS, _KWH, _PRICE, _AMOUNT = 22, 20, 11, 10, 10
"""Widths in characters."""


def cost_table(cost: MonthCost, days: Sequence[Bill], now: float) -> Iterator[str]:
    """The lines of the table.

    Args:
        cost: of the month.
        days: today and yesterday, to tell beside it; none for a month of the past.
        now: seconds since 1970, for the age of what was fetched.
    """
    bill = cost.bill
    yield month(cost.month)
    for offer in dict.fromkeys(line.offer for line in bill.subscription_lines):
        yield f"  {_offer(offer)}"
        yield f"  {source_line(offer.source, now)}"
    yield ""
    yield _row("", "", "kWh", _("EUR/kWh"), "EUR")
    for line in bill.lines:
        kwh = number(line.wh / 1000, 3) + ("~" if line.estimated_wh else " ")
        yield _row(
            register_name(line.register), _span(line.first, line.last), kwh, unit_price(line.price), _money(line.amount)
        )
    for part in bill.subscription_lines:
        share = _("{days} of {all} days").format(days=part.days, all=part.month_days)
        monthly = _("{price} a month").format(price=_money(part.price))
        name = _("Subscription")
        yield f"{name:{_NAME}}{share:{_DAYS}}{monthly:>{_KWH + _PRICE}}{_money(part.amount):>{_AMOUNT}}"
    yield _row(_("Total"), "", number(sum(line.wh for line in bill.lines) / 1000, 3) + " ", "", _money(bill.total))
    if cost.estimate is not None:
        yield ""
        yield from _estimate(cost.estimate)
    for line in bill.sold:
        sold = _("Sold: {kwh} kWh at {price} EUR/kWh, {amount} EUR. It is not taken off the total.")
        yield ""
        yield sold.format(kwh=number(line.wh / 1000, 3), price=unit_price(line.price), amount=_money(line.amount))
    if days:
        yield ""
    for name, single in zip((_("Today"), _("Yesterday")), days, strict=False):
        if single.start is not None:
            kwh = number(sum(line.wh for line in single.lines) / 1000, 3) + " "
            yield _row(name, "", kwh, "", _money(single.total))
    if any(line.estimated_wh for line in bill.lines):
        yield ""
        yield _("~ partly estimated: drawn while nothing was recorded")


def _offer(offer: Offer) -> str:
    title = offer.key.title or _("Prices set by hand")
    power = _("{power} kVA").format(power=offer.power_kva) if offer.power_kva else ""
    since = _("prices from {day}").format(day=long_date(offer.valid_from)) if offer.valid_from else ""
    return ", ".join(filter(None, (title, contract_name(offer.option), power, since)))


def _estimate(estimate: Estimate) -> Iterator[str]:
    last = estimate.bill.end - ONE_DAY
    yield _row(_("Estimate, {day}").format(day=short_date(last)), "", "", "", _money(estimate.total))
    if estimate.low is not None and estimate.high is not None:
        yield _("  likely between {low} and {high} EUR (eight times out of ten)").format(
            low=_money(estimate.low), high=_money(estimate.high)
        )
    else:
        yield _("  how far off it may be cannot be told yet")
    count = number(estimate.days)
    if estimate.method == "profile":
        yield _("  from the weekdays and hours of {days} recorded days").format(days=count)
    else:
        yield ngettext(
            "  from the mean of {days} recorded day", "  from the mean of {days} recorded days", estimate.days
        ).format(days=count)


def _span(first: date, last: date) -> str:
    return short_date(first) if first == last else f"{short_date(first)} - {short_date(last)}"


def _money(amount: "Decimal") -> str:
    return number(float(amount), 2)


def _row(name: str, days: str, kwh: str, price: str, amount: str) -> str:
    return f"{name:{_NAME}}{days:{_DAYS}}{kwh:>{_KWH}}{price:>{_PRICE}}{amount:>{_AMOUNT}}"
