"""The JSON objects of `cost --json` and `offers --json`."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from linkytui.billing.bill import Bill
from linkytui.billing.check import Checked, Verdict
from linkytui.billing.compare import Compared, Comparison, YearCost
from linkytui.billing.invoice import Invoice, InvoiceLine
from linkytui.billing.lines import BillLine, SubscriptionLine
from linkytui.billing.month import Estimate, MonthCost
from linkytui.billing.prepayment import Prepayment
from linkytui.civil.days import ONE_DAY, local
from linkytui.civil.times import Timestamp
from linkytui.tariffs.offers import Offer


def cost_object(cost: MonthCost, zone: ZoneInfo) -> dict[str, object]:
    """A month's cost, with the lines that it is the sum of."""
    shown = _month(cost.month, cost.bill, cost.estimate, cost.whole_subscription, cost.bill.offer, zone)
    shown["period"] = {"from": cost.month.isoformat(), "to": (cost.end - ONE_DAY).isoformat()}
    shown["assumed"] = cost.holds.assumed
    shown["coverage"] = round(cost.bill.coverage, 4)
    if cost.bill.sold:
        shown["sold_eur"] = float(cost.bill.income)
    shown["lines"] = [
        *(_energy_line(line) for line in (*cost.bill.lines, *cost.bill.sold)),
        *(_subscription_line(line) for line in cost.bill.subscription_lines),
    ]
    return shown


def prepayment_object(paid: Prepayment) -> dict[str, object]:
    """Monthly prepayments against the year."""
    return {
        "from": paid.first.isoformat(),
        "to": (paid.end - ONE_DAY).isoformat(),
        "month_eur": float(paid.month),
        "paid_eur": float(paid.paid),
        "cost_eur": float(paid.cost),
        "total_eur": float(paid.total),
        "expected_eur": float(paid.expected),
        "balance_eur": float(paid.balance),
        "enough": paid.enough,
        "right_month_eur": float(paid.right),
        "estimated_days": paid.estimated_days,
        "from_last_year": paid.from_last_year,
    }


def invoice_object(invoice: Invoice, zone: ZoneInfo) -> dict[str, object]:
    """An invoice: its registers, sums and lines. Both days are included."""
    bill = invoice.bill
    return {
        "from": invoice.first.isoformat(),
        "to": (invoice.end - ONE_DAY).isoformat(),
        "counted_from": _moment(bill.start, zone),
        "counted_to": _moment(bill.until, zone),
        "complete": bill.complete,
        "coverage": round(bill.coverage, 4),
        "indexes_wh": {name: [index.first, index.last] for name, index in invoice.indexes.items()},
        "energy_wh": dict(bill.wh),
        "estimated_wh": bill.estimated_wh,
        "energy_eur": _amounts(bill.energy),
        "subscription": invoice.paid,
        "subscription_eur": float(invoice.subscription_total),
        "lines": [_invoice_line(line) for line in invoice.lines],
        "vat": [
            {"rate": float(rate), "base_eur": float(base), "eur": float(tax)}
            for rate, (base, tax) in invoice.vat.items()
        ],
        "total_eur": float(invoice.total),
        "contracts": [
            {"from": first.isoformat(), "to": (end - ONE_DAY).isoformat(), **offer.as_json()}
            for first, end, offer in invoice.offers
        ],
    }


def check_object(first: date, last: date, rows: Sequence[Checked]) -> dict[str, object]:
    """An invoice beside the meter."""
    return {
        "from": first.isoformat(),
        "to": last.isoformat(),
        "agrees": all(row.verdict is not Verdict.DIFFERS for row in rows),
        "lines": [
            {
                "what": row.what,
                "kind": row.kind,
                "from": row.first.isoformat(),
                "to": (row.end - ONE_DAY).isoformat(),
                "verdict": row.verdict.value,
                "quantity": None if row.quantity is None else round(float(row.quantity), 4),
                "eur_ht": _euros(row.without_vat),
                "eur_ttc": _euros(row.amount),
                "why": list(row.reasons),
            }
            for row in rows
        ],
    }


def _invoice_line(line: InvoiceLine) -> dict[str, object]:
    return {
        "what": line.what,
        "from": line.first.isoformat(),
        "to": line.last.isoformat(),
        "quantity": round(float(line.quantity), 4),
        "unit": line.unit,
        "price": _euros(line.price),
        "price_ttc": _euros(line.price_with_taxes),
        "eur_ht": _euros(line.without_vat),
        "vat_rate": _euros(line.vat_rate),
        "eur_ttc": float(line.amount),
    }


def offer_object(comparison: Comparison, row: Compared, zone: ZoneInfo) -> dict[str, object]:
    """One offer of a comparison."""
    shown = _month(comparison.month, row.bill, row.estimate, row.whole_subscription, row.offer, zone)
    shown["mine"] = row.mine
    shown["coverage"] = round(row.bill.coverage, 4)
    shown["year"] = _year(row.year, row.offer.names) if row.year is not None else None
    shown["difference_eur_year"] = _euros(row.difference)
    shown["reason"] = row.reason
    return shown


def _month(
    month: date, bill: Bill, estimate: Estimate | None, whole_subscription: Decimal, offer: Offer | None, zone: ZoneInfo
) -> dict[str, object]:
    return {
        "month": f"{month:%Y-%m}",
        "from": _moment(bill.start, zone),
        "to": _moment(bill.until, zone),
        "complete": bill.complete,
        "wh": _named(bill.wh, bill.names),
        "estimated_wh": bill.estimated_wh,
        "energy_eur": _named(_amounts(bill.energy), bill.names),
        "subscription_eur": float(bill.subscription),
        "subscription_month_eur": float(whole_subscription),
        "total_eur": float(bill.total),
        "estimate_eur": _euros(estimate.total if estimate else None),
        "estimate_low_eur": _euros(estimate.low if estimate else None),
        "estimate_high_eur": _euros(estimate.high if estimate else None),
        "method": estimate.method.value if estimate else None,
        "offer": offer.as_json() if offer is not None else None,
    }


def _year(year: YearCost, names: Mapping[str, str]) -> dict[str, object]:
    return {
        "coverage": round(year.coverage, 4),
        "partial": year.partial,
        "wh": _named(year.wh, names),
        "energy_eur": _named(_amounts(year.energy), names),
        "subscription_eur": float(year.subscription),
        "total_eur": float(year.total),
        "per_year_eur": _euros(year.per_year),
    }


def _energy_line(line: BillLine) -> dict[str, object]:
    price = float(line.price)
    shown = _line(line, register=line.register, wh=line.wh, estimated_wh=line.estimated_wh, price_eur_kwh=price)
    if line.offer is not None and line.register in line.offer.names:
        shown["name"] = line.offer.names[line.register]
    return shown


def _subscription_line(line: SubscriptionLine) -> dict[str, object]:
    return _line(line, days=line.days, price_eur_month=float(line.price))


def _line(line: BillLine | SubscriptionLine, **what: object) -> dict[str, object]:
    """One line, and where its price comes from, in short; the offer itself says the rest."""
    days = {"from": line.first.isoformat(), "to": line.last.isoformat()}
    shown: dict[str, object] = {**days, **what, "amount_eur": float(line.amount)}
    if (offer := line.offer) is None:
        return {**shown, "source": "hand"}
    since = offer.valid_from.isoformat() if offer.valid_from else None
    return {**shown, "valid_from": since, "source": offer.source.file or offer.source.kind.value}


def _named(by_register: Mapping[str, float], names: Mapping[str, str]) -> dict[str, float]:
    """What registers have, under the supplier's names of its periods in a calendar of its own."""
    return {names.get(register, register): value for register, value in by_register.items()}


def _amounts(amounts: Mapping[str, Decimal]) -> dict[str, float]:
    return {register: float(amount) for register, amount in amounts.items()}


def _euros(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)


def _moment(at: Timestamp | None, zone: ZoneInfo) -> str | None:
    return None if at is None else local(at, zone).isoformat(timespec="seconds")
