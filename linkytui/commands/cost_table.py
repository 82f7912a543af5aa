"""A month's cost as a table: each line with its days, price and amount, then the totals."""

from collections.abc import Iterator, Sequence

from linkytui.billing.bill import Bill
from linkytui.billing.month import Estimate, MonthCost
from linkytui.billing.prepayment import Prepayment
from linkytui.billing.rows import energy_row, source_text, subscription_rows
from linkytui.civil.days import ONE_DAY
from linkytui.commands.columns import columns
from linkytui.commands.invoice_table import offer_text
from linkytui.i18n import _, long_date, month, ngettext, number, short_date
from linkytui.wording.terms import kwh, money

_NAME, _DAYS, _KWH, _PRICE, _AMOUNT = 22, 20, 11, 10, 10  # widths in characters


def cost_table(cost: MonthCost, days: Sequence[Bill], now: float) -> Iterator[str]:
    """The lines of the table. `days`: today and yesterday, to tell beside it; none for a month of the past."""
    bill = cost.bill
    yield period_title(cost)
    for offer in dict.fromkeys(line.offer for line in bill.subscription_lines):
        yield f"  {offer_text(offer)}"
        yield f"  {source_text(offer.source, now)}"
    yield ""
    yield _line("", "", "kWh", _("EUR/kWh"), "EUR")
    for row in map(energy_row, bill.lines):
        yield _line(row.name, row.days, row.quantity + ("~" if row.estimated else " "), row.price, row.amount)
    for row in subscription_rows(bill):
        monthly = _("{price} a month").format(price=row.price)
        yield columns((row.name, row.quantity, monthly, row.amount), (-_NAME, -_DAYS, _KWH + _PRICE, _AMOUNT))
    yield _line(_("Total"), "", _kwh(bill), "", money(bill.total))
    if cost.estimate is not None:
        yield ""
        yield from _estimate(cost.estimate)
    for row in map(energy_row, bill.sold):
        sold = _("Sold: {kwh} kWh at {price} EUR/kWh, {amount} EUR. Not deducted from the total.")
        yield ""
        yield sold.format(kwh=row.quantity, price=row.price, amount=row.amount)
    if days:
        yield ""
    for name, single in zip((_("Today"), _("Yesterday")), days, strict=False):
        if single.start is not None:
            yield _line(name, "", _kwh(single), "", money(single.total))
    if bill.estimated_wh:
        yield ""
        yield _("~ partly estimated: used while nothing was recorded")


def period_title(cost: MonthCost) -> str:
    """The month by its name, or the billing period by its days."""
    if cost.is_month:
        return month(cost.month)
    return _("{first} to {last}").format(first=long_date(cost.month), last=long_date(cost.end - ONE_DAY))


def prepayment_lines(paid: Prepayment) -> Iterator[str]:
    """Whether the monthly prepayments are enough, and what will be settled."""
    yield ""
    first, last = long_date(paid.first), long_date(paid.end - ONE_DAY)
    text = _("Prepayments, {first} to {last}: 12 times {month} EUR, {total} EUR; expected cost {expected} EUR.")
    yield text.format(
        first=first, last=last, month=money(paid.month), total=money(paid.total), expected=money(paid.expected)
    )
    if paid.enough:
        yield _("Enough: about {amount} EUR will be paid back.").format(amount=money(-paid.balance))
    else:
        yield _("Not enough: about {amount} EUR will be left to pay; {right} EUR a month would do.").format(
            amount=money(paid.balance), right=money(paid.right)
        )
    yield ngettext(
        "  {days} day is estimated, {before} from the year before",
        "  {days} days are estimated, {before} from the year before",
        paid.estimated_days,
    ).format(days=number(paid.estimated_days), before=number(paid.from_last_year))


def _estimate(estimate: Estimate) -> Iterator[str]:
    last = estimate.bill.end - ONE_DAY
    yield _line(_("Estimate, {day}").format(day=short_date(last)), "", "", "", money(estimate.total))
    if estimate.low is not None and estimate.high is not None:
        yield _("  probably between {low} and {high} EUR (8 times out of 10)").format(
            low=money(estimate.low), high=money(estimate.high)
        )
    else:
        yield _("  its margin of error is not known yet")
    count = number(estimate.days)
    if estimate.method == "profile":
        yield _("  from the weekdays and hours of {days} recorded days").format(days=count)
    else:
        yield ngettext(
            "  from the mean of {days} recorded day", "  from the mean of {days} recorded days", estimate.days
        ).format(days=count)


def _kwh(bill: Bill) -> str:
    return kwh(sum(line.wh for line in bill.lines)) + " "


def _line(name: str, days: str, energy: str, price: str, amount: str) -> str:
    return columns((name, days, energy, price, amount), (-_NAME, -_DAYS, _KWH, _PRICE, _AMOUNT))
