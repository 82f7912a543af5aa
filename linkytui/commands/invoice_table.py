"""An invoice as a table: the registers at both ends, what is asked, on request with and without taxes."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from linkytui.billing.invoice import CTA, EXCISE, SUBSCRIPTION, Invoice, InvoiceLine
from linkytui.billing.rows import days_text, energy_row, source_text
from linkytui.civil.days import ONE_DAY
from linkytui.commands.columns import columns, fitted
from linkytui.i18n import _, long_date, number
from linkytui.tariffs.offers import Offer
from linkytui.wording.terms import contract_name, kwh, money, percent, register_name, unit_price


def invoice_table(invoice: Invoice, now: float, *, detailed: bool) -> Iterator[str]:
    """The lines of the table; `detailed`: each as an invoice has it, with its taxes."""
    first, last = long_date(invoice.first), long_date(invoice.end - ONE_DAY)
    yield first if first == last else _("{first} to {last}").format(first=first, last=last)
    for since, end, offer in invoice.offers:
        days = "" if len(invoice.offers) == 1 else f"{days_text(since, end - ONE_DAY)}: "
        yield f"  {days}{offer_text(offer)}"
        yield f"  {source_text(offer.source, now)}"
    yield ""
    yield from _indexes(invoice)
    if detailed:
        yield from _detailed(invoice)
    else:
        yield from _short(invoice)


def offer_text(offer: Offer) -> str:
    """An offer in a line: supplier, name, option, power, first day of its prices."""
    power = _("{power} kVA").format(power=offer.power_kva) if offer.power_kva else ""
    since = _("prices from {day}").format(day=long_date(offer.valid_from)) if offer.valid_from else ""
    return ", ".join(filter(None, (offer.key.title, contract_name(offer.option), power, since)))


def _indexes(invoice: Invoice) -> Iterator[str]:
    if not invoice.indexes:
        return
    rows = [(_("Registers, kWh"), _("at the start"), _("at the end"), _("difference"))]
    for name, index in invoice.indexes.items():
        first, last = ("?" if value is None else kwh(value) for value in (index.first, index.last))
        rise = "" if index.first is None or index.last is None else kwh(index.last - index.first)
        mark = " " if index.exact else "~"
        rows.append((register_name(name, invoice.bill.called), first + mark, last + mark, rise))
    yield from fitted(rows, 1)
    yield ""


def _short(invoice: Invoice) -> Iterator[str]:
    rows = [("", "", "kWh ", _("EUR/kWh"), "EUR")]
    rows += [
        (row.name, row.days, row.quantity + ("~" if row.estimated else " "), row.price, row.amount)
        for row in map(energy_row, invoice.bill.lines)
    ]
    for line in invoice.subscription:
        share = _("{days} of {all} days").format(days=line.days, all=line.month_days)
        days = days_text(line.first, line.last)
        rows.append((_("Subscription"), days, share + " ", money(line.price), money(line.amount)))
    rows.append((_("Total"), "", kwh(sum(invoice.bill.wh.values())) + " ", "", money(invoice.total)))
    yield from fitted(rows, 2)


def _detailed(invoice: Invoice) -> Iterator[str]:
    rows = [("", "", "", _("price HT"), "EUR HT", _("VAT"), "EUR")]
    for line in invoice.lines:
        price = unit_price(line.price) if line.price is not None else ""
        without = money(line.without_vat) if line.without_vat is not None else ""
        rate = "" if line.vat_rate is None else percent(float(line.vat_rate), 1)
        days = days_text(line.first, line.last)
        rows.append((_what(line, invoice.bill.called), days, _quantity(line), price, without, rate, money(line.amount)))
    table = fitted(rows, 2)
    yield from table
    yield ""
    yield from _sums(invoice, max(map(len, table)))


def _sums(invoice: Invoice, width: int) -> Iterator[str]:
    def row(text: str, amount: Decimal) -> str:
        return columns((text, money(amount)), (-width + 10, 10))

    amounts = [line.without_vat for line in invoice.lines if line.without_vat is not None]
    if len(amounts) == len(invoice.lines):
        yield row(_("Total without VAT"), sum(amounts, Decimal(0)))
    for rate, (base, tax) in invoice.vat.items():
        yield row(_("VAT {rate} on {base} EUR").format(rate=percent(float(rate), 1), base=money(base)), tax)
    yield row(_("Total"), invoice.total)


def _what(line: InvoiceLine, names: Mapping[str, str]) -> str:
    words = {EXCISE: _("Excise"), CTA: "CTA", SUBSCRIPTION: _("Subscription")}
    return words.get(line.what) or register_name(line.what, names)


def _quantity(line: InvoiceLine) -> str:
    if line.unit == "kWh":
        return f"{number(float(line.quantity), 3)} kWh"
    return _("{count} months").format(count=number(float(line.quantity), 2))
