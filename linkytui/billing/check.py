"""Lays an invoice beside the meter, line by line: what agrees, and why the rest does not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final, Protocol

from linkytui.billing.invoice import CTA, EXCISE, SUBSCRIPTION, Invoice, due_days, taxed_subscription
from linkytui.billing.lines import SubscriptionLine, to_cents
from linkytui.billing.paper import VAT, Paper, PaperLine
from linkytui.civil.days import ONE_DAY
from linkytui.i18n import _, listed, long_date, number
from linkytui.tariffs.book import PriceBook
from linkytui.tariffs.offers import Offer
from linkytui.wording.terms import money, percent, unit_price

_KWH: Final = Decimal(1)  # invoices count whole kWh
_PRICE: Final = Decimal("0.00006")  # EUR/kWh: prices without VAT are printed with four decimals, or five
_MONTHLY: Final = Decimal("0.006")  # EUR a month: likewise with two
_CENT: Final = Decimal("0.011")
_CTA: Final = Decimal("0.35")  # EUR a month by which network formulas differ
_WHOLE_MONTH: Final = Decimal("0.1")
"""Months by which days of calendar months and months from a day to a day differ at most."""


class Books(Protocol):
    """Where the meter's side of things comes from, for the days before the second one, from the first one on."""

    def invoice(self, first: date, end: date) -> Invoice:
        """Their invoice, in arrears."""
        ...

    def subscription(self, first: date, end: date) -> tuple[SubscriptionLine, ...]:
        """Their subscription, recorded or not."""
        ...


class Verdict(StrEnum):
    """How a line compares."""

    AGREES = "agrees"
    DIFFERS = "differs"
    UNKNOWN = "unknown"  # nothing here knows of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One line of the invoice, and what the meter and the prices say."""

    what: str  # as the invoice calls it
    kind: str | None  # as `PaperLine.kind`, or "total" or "index"
    first: date
    end: date  # the day after the last one
    verdict: Verdict
    quantity: Decimal | None  # kWh or months by the meter and the calendar
    without_vat: Decimal | None  # EUR
    amount: Decimal | None  # EUR, all taxes included
    reasons: tuple[str, ...]  # why it differs, or what is as good as the same


def check(paper: Paper, books: Books, book: PriceBook) -> list[Checked]:
    """Compare each line of an invoice, its registers and its total with what is recorded and the prices known."""
    whole = books.invoice(paper.first, paper.last + ONE_DAY)
    rows = [*_indexes(paper, whole)]
    rows += [_Line(paper, line, whole, books, book).checked() for line in paper.lines]
    if paper.total is not None:
        rows.append(_total(paper, whole, rows, books))
    return rows


def _indexes(paper: Paper, whole: Invoice) -> Iterator[Checked]:
    for name, (first, last) in paper.indexes.items():
        known = whole.indexes.get(PaperLine(what=name).kind or name)
        reasons = []
        for printed, wh, when in (
            (first, known.first if known else None, _("at the start")),
            (last, known.last if known else None, _("at the end")),
        ):
            if wh is not None and abs(printed - Decimal(wh) / 1000) > _KWH:
                text = _("{when} the meter stood at {kwh} kWh, not at {printed}")
                reasons.append(text.format(when=when, kwh=number(wh / 1000, 3), printed=number(float(printed), 0)))
        none = known is None or (known.first is None and known.last is None)
        verdict = Verdict.UNKNOWN if none else Verdict.DIFFERS if reasons else Verdict.AGREES
        if verdict is Verdict.UNKNOWN:
            reasons.append(_("the register is not recorded at these ends"))
        yield Checked(
            what=name,
            kind="index",
            first=paper.first,
            end=paper.last + ONE_DAY,
            verdict=verdict,
            quantity=None,
            without_vat=None,
            amount=None,
            reasons=tuple(reasons),
        )


class _Line:
    """Compares one line."""

    def __init__(self, paper: Paper, line: PaperLine, whole: Invoice, books: Books, book: PriceBook) -> None:
        self.line, self.book = line, book
        self.first, self.end = _days(paper, line)
        self.fixed = line.kind in (SUBSCRIPTION, CTA)
        self.apart = any(each.kind == (CTA if self.fixed else EXCISE) for each in paper.lines)
        """The invoice has lines of its own for the tax that is in this one's price."""
        self.invoice = whole
        if not self.fixed and (self.first, self.end) != (whole.first, whole.end):
            self.invoice = books.invoice(self.first, self.end)
        if self.fixed:
            due = books.subscription(self.first, self.end)
            lines, amounts = tuple(taxed_subscription(due)), [each.amount for each in due]
        else:
            lines = self.invoice.lines
            amounts = [each.amount for each in self.invoice.bill.lines if each.register == line.kind]
        self.known = [each for each in lines if each.what == line.kind]
        self.with_taxes = sum(amounts, Decimal(0))
        self.reasons: list[str] = []
        self.notes: list[str] = []

    def checked(self) -> Checked:
        """The verdict on the line."""
        if self.line.kind == VAT:
            return self._row(self._vat(), None, None)
        if self.line.kind is None:
            self.notes.append(_("nothing here knows of it"))
            return self._row(Verdict.UNKNOWN, None, None)
        if not self.known:
            self.notes.append(_("nothing is recorded, or no price is known, for these days"))
            return self._row(Verdict.UNKNOWN, None, None)
        self._compare_quantity()
        self._compare_price()
        self._compare_amounts()
        amounts = [each.without_vat for each in self.known]
        without = None if None in amounts else sum((each for each in amounts if each is not None), Decimal(0))
        return self._row(
            Verdict.DIFFERS if self.reasons else Verdict.AGREES, self._sum("quantity"), without, self._sum("amount")
        )

    def _row(
        self, verdict: Verdict, quantity: Decimal | None, without: Decimal | None, amount: Decimal | None = None
    ) -> Checked:
        return Checked(
            what=self.line.what,
            kind=self.line.kind,
            first=self.first,
            end=self.end,
            verdict=verdict,
            quantity=quantity,
            without_vat=without,
            amount=amount,
            reasons=(*self.reasons, *self.notes),
        )

    def _sum(self, name: str) -> Decimal:
        return sum((getattr(each, name) for each in self.known), Decimal(0))

    def _compare_quantity(self) -> None:
        printed, counted = self.line.quantity, self._sum("quantity")
        if printed is None:
            return
        if self.fixed:
            if abs(printed - counted) > _WHOLE_MONTH:
                text = _("{printed} months, but these days are {counted}")
                self.reasons.append(text.format(printed=_plain(printed), counted=number(float(counted), 2)))
            elif printed != counted.quantize(Decimal("0.01")):
                self.notes.append(_("{counted} months by days").format(counted=number(float(counted), 2)))
            return
        if abs(printed - counted) <= _KWH * len(self.known):
            return
        text = (
            _("{kwh} kWh more than the meter counted")
            if printed > counted
            else _("{kwh} kWh less than the meter counted")
        )
        self.reasons.append(text.format(kwh=number(float(abs(printed - counted)), 1)))
        bill = self.invoice.bill
        if not bill.complete:
            self.notes.append(_("only {share} of these days are recorded").format(share=percent(bill.coverage)))

    def _compare_price(self) -> None:
        tolerance = _MONTHLY if self.line.kind in (SUBSCRIPTION, CTA) else _PRICE
        if self.line.kind == CTA:
            tolerance = _CTA
        for printed, name in ((self.line.price, "price"), (self.line.price_ttc, "price_with_taxes")):
            known = [each for each in self.known if getattr(each, name) is not None]
            if printed is None or not known:
                continue
            right = [each for each in known if abs(getattr(each, name) - printed) <= tolerance]
            if len(right) == len(known):
                continue
            prices = listed(
                *(
                    _("{price} from {day}").format(price=unit_price(getattr(each, name)), day=long_date(each.first))
                    for each in known
                )
            )
            text = _("price {printed}, but it was {prices}")
            self.reasons.append(text.format(printed=unit_price(printed), prices=prices))
            if (when := self._elsewhen(printed, name)) is not None:
                self.notes.append(_("{price} is the price from {day}").format(price=unit_price(printed), day=when))

    def _elsewhen(self, printed: Decimal, name: str) -> str | None:
        """The day from which the same offer had, or has, the price that is printed."""
        offer = self.invoice.bill.offer
        if offer is None or name != "price_with_taxes":
            return None
        for span in self.book.spans(offer.key, offer.power_kva, date(2012, 1, 1), date(2100, 1, 1)):
            if _price(span.offer, self.line.kind) == printed and span.first > date(2012, 1, 1):
                return long_date(span.first)
        return None

    def _compare_amounts(self) -> None:
        quantity = self.line.quantity
        for printed, price, name in (
            (self.line.eur_ht, self.line.price, "without_vat"),
            (self.line.eur_ttc, self.line.price_ttc, "amount"),
        ):
            if printed is None:
                continue
            if quantity is not None and price is not None and abs(to_cents(quantity * price) - printed) > _CENT:
                text = _("{quantity} times {price} is {product}, not {printed}")
                self.reasons.append(
                    text.format(
                        quantity=_plain(quantity),
                        price=unit_price(price),
                        product=money(to_cents(quantity * price)),
                        printed=money(printed),
                    )
                )
                continue
            known = self._amount(name)
            if known is None or self.reasons:
                continue
            if abs(known - printed) > self._tolerance():
                text = _("{printed} EUR, but it comes to {known}")
                self.reasons.append(text.format(printed=money(printed), known=money(known)))

    def _amount(self, name: str) -> Decimal | None:
        """EUR that the line should come to; with its taxes, unless these have lines of their own."""
        if name == "amount" and not self.apart and self.line.kind not in (EXCISE, CTA):
            return self.with_taxes
        values = [getattr(each, name) for each in self.known]
        return None if None in values else sum(values, Decimal(0))

    def _tolerance(self) -> Decimal:
        """EUR: a cent a line, and what one kWh more or less costs."""
        slack = _CENT * len(self.known)
        if self.line.kind == CTA:
            return slack + _CTA * self._sum("quantity")
        price = max((each.price_with_taxes or each.price or Decimal(0) for each in self.known), default=Decimal(0))
        if self.line.kind == SUBSCRIPTION:
            printed = self.line.quantity
            off = abs(printed - self._sum("quantity")) if printed is not None else Decimal(0)
            return slack + min(off, _WHOLE_MONTH) * price + (_CTA if self.line.eur_ht is not None else 0)
        off = min(abs((self.line.quantity or 0) - self._sum("quantity")), _KWH * len(self.known))
        return slack + (off if self.line.quantity is not None else _KWH * len(self.known)) * price

    def _vat(self) -> Verdict:
        rate, base = _share(self.line.vat_rate), self.line.quantity
        printed = self.line.eur_ttc if self.line.eur_ttc is not None else self.line.eur_ht
        if rate is None or printed is None:
            self.notes.append(_("say vat_rate, and eur_ttc for the tax"))
            return Verdict.UNKNOWN
        if base is not None and abs(to_cents(base * rate) - printed) > _CENT:
            text = _("{rate} of {base} EUR is {tax}, not {printed}")
            tax = money(to_cents(base * rate))
            self.reasons.append(
                text.format(rate=percent(float(rate), 1), base=money(base), tax=tax, printed=money(printed))
            )
            return Verdict.DIFFERS
        rates = self.invoice.vat
        if rate not in {each.normalize() for each in rates}:
            self.reasons.append(
                _("the rates of these days are {rates}").format(
                    rates=", ".join(percent(float(each), 1) for each in rates)
                )
            )
            return Verdict.DIFFERS
        return Verdict.AGREES


def _total(paper: Paper, whole: Invoice, rows: Sequence[Checked], books: Books) -> Checked:
    """The total, with the subscription that this invoice asks; lines that nobody knows here explain a difference."""
    assert paper.total is not None  # noqa: S101 -- the caller looked
    first, end = due_days(whole.first, whole.end, paper.subscription or "arrears")
    fixed = sum((line.amount for line in books.subscription(first, end)), Decimal(0))
    known = whole.bill.energy_total + fixed
    strange = [line for line in paper.lines if line.kind is None]
    extra = sum((line.eur_ttc for line in strange if line.eur_ttc is not None), Decimal(0))
    off = paper.total - known - extra
    slack = _CENT * (1 + len(paper.lines)) + Decimal("0.25") * len(whole.bill.lines)
    reasons = []
    if extra:
        reasons.append(_("{amount} EUR of it are lines that nothing here knows of").format(amount=money(extra)))
    if abs(off) > slack:
        text = _("{printed} EUR, but it comes to {known}")
        reasons.append(text.format(printed=money(paper.total), known=money(known + extra)))
        wrong = [row.what for row in rows if row.verdict is Verdict.DIFFERS]
        if wrong:
            reasons.append(_("see {lines}").format(lines=", ".join(wrong)))
    return Checked(
        what=_("Total"),
        kind="total",
        first=whole.first,
        end=whole.end,
        verdict=Verdict.DIFFERS if abs(off) > slack else Verdict.AGREES,
        quantity=None,
        without_vat=None,
        amount=known,
        reasons=tuple(reasons),
    )


def _days(paper: Paper, line: PaperLine) -> tuple[date, date]:
    """The days of a line; those of the invoice, or those whose subscription it asks."""
    first, end = paper.first, paper.last + ONE_DAY
    if line.kind in (SUBSCRIPTION, CTA):
        first, end = due_days(first, end, paper.subscription or "arrears")
    return line.first or first, (line.last + ONE_DAY) if line.last is not None else end


def _price(offer: Offer, kind: str | None) -> Decimal | None:
    return offer.subscription if kind == SUBSCRIPTION else offer.prices.get(kind or "")


def _share(rate: Decimal | None) -> Decimal | None:
    """A rate as a share, written as one or in per cent."""
    if rate is None:
        return None
    return (rate / 100 if rate >= 1 else rate).normalize()


def _plain(value: Decimal) -> str:
    digits = -int(value.normalize().as_tuple().exponent)
    return number(float(value), max(0, digits))
