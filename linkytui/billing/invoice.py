"""An invoice: a bill of some days as the supplier writes it, line by line, with and without taxes.

Amounts with taxes are those of the bill, to the cent; what is without them follows from these, so that sums agree.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from typing import Final, Literal, NamedTuple

from linkytui.billing.bill import Bill, subscription_lines
from linkytui.billing.lines import BillLine, SubscriptionLine, to_cents
from linkytui.billing.plan import Plan
from linkytui.billing.taxes import VAT_ON_ENERGY, cta, excise, law, vat_on_subscription
from linkytui.civil.days import ONE_DAY, each_day
from linkytui.reading.contracts import Contract
from linkytui.tariffs.offers import Offer, PricesOn

EXCISE: Final = "excise"
SUBSCRIPTION: Final = "subscription"
CTA: Final = "cta"

_FINE: Final = Decimal("0.00001")  # EUR/kWh: one digit more than grids print
_KWH: Final = Decimal(1000)

Paid = Literal["arrears", "advance"]
"""Whether an invoice asks the subscription of its own days, or of as many after them."""


class InvoiceLine(NamedTuple):
    """One line, with its taxes; what is without them is None where the law of its days is not known here."""

    what: str  # a register, or one of `EXCISE`, `SUBSCRIPTION` and `CTA`
    first: date
    end: date  # the day after the last one
    quantity: Decimal
    unit: Literal["kWh", "month"]
    price: Decimal | None  # EUR for one unit, without VAT
    price_with_taxes: Decimal | None  # EUR for one unit; None for a tax
    without_vat: Decimal | None  # EUR
    vat_rate: Decimal | None
    amount: Decimal  # EUR, all taxes included

    @property
    def last(self) -> date:
        """The last day."""
        return self.end - ONE_DAY


class Index(NamedTuple):
    """A register at both ends, in Wh; None where it is not known."""

    first: int | None
    last: int | None
    exact: bool  # the meter said both around that time; else one lies between two readings


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """What some days cost, and the subscription that is due with them."""

    first: date
    end: date  # the day after the last one
    plan: Plan
    paid: Paid
    bill: Bill  # the energy of these days; its subscription where that is paid in arrears
    subscription: tuple[SubscriptionLine, ...]
    indexes: Mapping[str, Index]
    """By register."""

    @property
    def lines(self) -> tuple[InvoiceLine, ...]:
        """Everything that is asked, in the order of an invoice."""
        energy = list(_energy(self.bill.lines))
        fixed = list(taxed_subscription(self.subscription))
        taxes = (EXCISE, CTA)
        return (
            *(line for line in (*energy, *fixed) if line.what not in taxes),
            *(line for line in (*energy, *fixed) if line.what in taxes),
        )

    @property
    def subscription_total(self) -> Decimal:
        """EUR, all taxes included."""
        return sum((line.amount for line in self.subscription), Decimal("0.00"))

    @property
    def total(self) -> Decimal:
        """EUR, all taxes included."""
        return self.bill.energy_total + self.subscription_total

    @property
    def vat(self) -> Mapping[Decimal, tuple[Decimal, Decimal]]:
        """By rate, what it is asked on and what it comes to, in EUR."""
        sums: dict[Decimal, tuple[Decimal, Decimal]] = {}
        for line in self.lines:
            if line.vat_rate is not None and line.without_vat is not None:
                base, tax = sums.get(line.vat_rate, (Decimal("0.00"), Decimal("0.00")))
                sums[line.vat_rate] = base + line.without_vat, tax + line.amount - line.without_vat
        return dict(sorted(sums.items()))

    @property
    def offers(self) -> tuple[tuple[date, date, Offer], ...]:
        """What was paid when: first day, the day after the last one, the prices."""
        found = []
        for offer, lines in groupby(self.bill.subscription_lines, key=lambda line: line.offer):
            days = list(lines)
            found.append((days[0].first, days[-1].end, offer))
        return tuple(found)


def due_days(first: date, end: date, paid: Paid) -> tuple[date, date]:
    """The days whose subscription an invoice of some days asks: first, and the day after the last one.

    In advance it is as many months where the days are whole months, from any day of the month on, else as many days.
    """
    if paid == "arrears":
        return first, end
    months = (end.year - first.year) * 12 + end.month - first.month
    if months > 0 and end.day == first.day:
        return end, months_on(end, months)
    return end, end + (end - first)


def months_on(day: date, months: int, anchor: int | None = None) -> date:
    """The same day of the month so many months later, or the last one of a month that is too short.

    `anchor`: the day of the month that is meant, where this month was too short for it.
    """
    month = day.year * 12 + day.month - 1 + months
    first = date(month // 12, month % 12 + 1, 1)
    following = (first + timedelta(days=31)).replace(day=1)
    return min(first + timedelta(days=(anchor or day.day) - 1), following - ONE_DAY)


def make_invoice(
    bill: Bill, plan: Plan, prices: PricesOn, indexes: Mapping[str, Index], *, paid: Paid = "arrears"
) -> Invoice:
    """Lay out a bill, which keeps days of other taxes apart (`taxes.law`), as an invoice."""
    lines = bill.subscription_lines
    if paid == "advance":
        option = bill.offer.option if bill.offer is not None else plan.contract
        lines = due_lines(plan, prices, option, *due_days(bill.first, bill.end, paid))
    return Invoice(first=bill.first, end=bill.end, plan=plan, paid=paid, bill=bill, subscription=lines, indexes=indexes)


def due_lines(plan: Plan, prices: PricesOn, option: Contract, first: date, end: date) -> tuple[SubscriptionLine, ...]:
    """The subscription of some days, recorded or not, with the option that the meter has where none is set for them."""
    targets = ((day, plan.on(day).target) for day in each_day(first, end))
    days = ((day, target.option if target is not None else option) for day, target in targets)
    return subscription_lines(days, prices, law)


def _energy(lines: Sequence[BillLine]) -> Iterator[InvoiceLine]:
    """The energy of each register, and one line of excise for all that was drawn on days of one rate."""
    for tax, group in groupby(sorted(lines, key=lambda line: line.first), key=lambda line: excise(line.first)):
        taxed = list(group)
        if tax is None:
            yield from (_untaxed(line) for line in taxed)
            continue
        wh = 0
        excise_so_far = with_vat_so_far = Decimal("0.00")
        for line in taxed:
            # Each line bears its part of a tax that is rounded once.
            wh += line.wh
            tax_amount = to_cents(wh * tax / _KWH) - excise_so_far
            with_vat = to_cents((excise_so_far + tax_amount) * (1 + VAT_ON_ENERGY)) - with_vat_so_far
            excise_so_far += tax_amount
            with_vat_so_far += with_vat
            yield InvoiceLine(
                what=line.register,
                first=line.first,
                end=line.end,
                quantity=line.wh / _KWH,
                unit="kWh",
                price=_fine(line.price / (1 + VAT_ON_ENERGY) - tax),
                price_with_taxes=line.price,
                without_vat=to_cents(line.amount / (1 + VAT_ON_ENERGY)) - tax_amount,
                vat_rate=VAT_ON_ENERGY,
                amount=line.amount - with_vat,
            )
        yield InvoiceLine(
            what=EXCISE,
            first=taxed[0].first,
            end=max(line.end for line in taxed),
            quantity=wh / _KWH,
            unit="kWh",
            price=tax,
            price_with_taxes=None,
            without_vat=excise_so_far,
            vat_rate=VAT_ON_ENERGY,
            amount=with_vat_so_far,
        )


def _untaxed(line: BillLine) -> InvoiceLine:
    """A line of days whose taxes are not known here."""
    return InvoiceLine(
        what=line.register,
        first=line.first,
        end=line.end,
        quantity=line.wh / _KWH,
        unit="kWh",
        price=None,
        price_with_taxes=line.price,
        without_vat=None,
        vat_rate=None,
        amount=line.amount,
    )


def taxed_subscription(lines: Sequence[SubscriptionLine]) -> Iterator[InvoiceLine]:
    """Months of one price and the same taxes share a line; the CTA has its own where it is known."""
    for (offer, _law), group in groupby(lines, key=lambda line: (line.offer, law(line.first))):
        months = list(group)
        first, end = months[0].first, months[-1].end
        quantity = sum((Decimal(line.days) / line.month_days for line in months), Decimal(0))
        amount = sum((line.amount for line in months), Decimal("0.00"))
        vat, tax = vat_on_subscription(first), cta(first, offer.power_kva)
        tax_amount = to_cents(quantity * (tax or 0))
        with_vat = to_cents(tax_amount * (1 + vat))
        yield InvoiceLine(
            what=SUBSCRIPTION,
            first=first,
            end=end,
            quantity=quantity,
            unit="month",
            price=_fine(offer.subscription / (1 + vat) - (tax or 0)),
            price_with_taxes=offer.subscription,
            without_vat=to_cents(amount / (1 + vat)) - tax_amount,
            vat_rate=vat,
            amount=amount - with_vat,
        )
        if tax is not None:
            yield InvoiceLine(
                what=CTA,
                first=first,
                end=end,
                quantity=quantity,
                unit="month",
                price=_fine(tax),
                price_with_taxes=None,
                without_vat=tax_amount,
                vat_rate=vat,
                amount=with_vat,
            )


def _fine(price: Decimal) -> Decimal:
    return price.quantize(_FINE, ROUND_HALF_UP)
