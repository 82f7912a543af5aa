"""Invoices worked out by hand, to the cent: subscription in arrears or in advance, the VAT change of August 2025."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkytui.billing.invoice import Invoice, InvoiceLine, Paid, due_days, make_invoice, months_on
from linkytui.billing.month import bill_of
from linkytui.billing.plan import find_plan
from linkytui.billing.record import Record
from linkytui.billing.taxes import cta, excise, law, vat_on_subscription
from linkytui.civil.days import midnight
from linkytui.reading import Contract
from linkytui.tariffs.regulated import regulated_offers
from tests.billing.households import BOOK, PARIS, Flow, base, days, off_peak, tariff

D = Decimal


def invoiced(
    first: date,
    end: date,
    flow: Flow,
    paid: Paid,
    contract: Contract = Contract.BASE,
    kva: float = 6,
    **settings: object,
) -> Invoice:
    """The invoice of days that are over."""
    plan = find_plan(tariff(**settings), BOOK, contract, kva, end)
    record = Record(zone=PARIS, energies=days(first, end, flow))
    bill = bill_of(record, plan, BOOK, first, end, now=midnight(end, PARIS) + 86400 * 90, apart=law)
    return make_invoice(bill, plan, plan.prices(BOOK), {}, paid=paid)


def told(line: InvoiceLine) -> tuple[str, str, str, str, str | None, str | None, str]:
    """What, from, to, quantity, HT, VAT, TTC."""
    quantity = f"{line.quantity:.4f}".rstrip("0").rstrip(".")
    without, rate = (None if value is None else str(value) for value in (line.without_vat, line.vat_rate))
    return line.what, f"{line.first:%d/%m}", f"{line.last:%d/%m}", quantity, without, rate, str(line.amount)


def test_two_months_over_the_change_of_vat() -> None:
    """July and August 2025, Base, 6 kVA, 400 Wh an hour, paid in arrears.

    July: 297.6 kWh × 0.2016 = 59.99616 → 60.00 TTC, 50.00 without VAT, of which 297.6 × 0.0337 = 10.03 of excise.
    August: 297.6 × 0.1952 = 58.09152 → 58.09 TTC, 48.41 without VAT, of which 297.6 × 0.02998 = 8.92.
    Subscription, July: 13.72 TTC, / 1.055 = 13.00, of which CTA 0.2193 × (39.30 + 6 × 10.09) / 12 = 1.82.
    August: 15.47 TTC, / 1.2 = 12.89, of which CTA 0.2193 × (38.80 + 6 × 10.11) / 12 = 1.82.
    """
    invoice = invoiced(date(2025, 7, 1), date(2025, 9, 1), base(400), "arrears")
    assert [told(line) for line in invoice.lines] == [
        ("BASE", "01/07", "31/07", "297.6", "39.97", "0.20", "47.96"),
        ("BASE", "01/08", "31/08", "297.6", "39.49", "0.20", "47.39"),
        ("subscription", "01/07", "31/07", "1", "11.18", "0.055", "11.80"),
        ("subscription", "01/08", "31/08", "1", "11.07", "0.20", "13.29"),
        ("excise", "01/07", "31/07", "297.6", "10.03", "0.20", "12.04"),
        ("excise", "01/08", "31/08", "297.6", "8.92", "0.20", "10.70"),
        ("cta", "01/07", "31/07", "1", "1.82", "0.055", "1.92"),
        ("cta", "01/08", "31/08", "1", "1.82", "0.20", "2.18"),
    ]
    assert invoice.vat == {D("0.055"): (D("13.00"), D("0.72")), D("0.20"): (D("111.30"), D("22.26"))}
    assert (invoice.subscription_total, invoice.total) == (D("29.19"), D("147.28"))


def test_two_months_with_the_subscription_in_advance_over_the_change_of_vat() -> None:
    """15 May to 14 July 2025, and the subscription of 15 July to 14 September.

    61 days × 9.6 = 585.6 kWh × 0.2016 = 118.05696. 13.72 × 17/31 = 7.52387 at 5.5 %; 15.47 and 15.47 × 14/30 =
    7.21933 at 20 %: it is the day that counts, not that of the invoice. Total 118.06 + 7.52 + 22.69 = 148.27 EUR.
    """
    invoice = invoiced(date(2025, 5, 15), date(2025, 7, 15), base(400), "advance")
    fixed = [line for line in invoice.lines if line.what in ("subscription", "cta")]
    assert [told(line) for line in fixed] == [
        ("subscription", "15/07", "31/07", "0.5484", "6.13", "0.055", "6.46"),
        ("subscription", "01/08", "14/09", "1.4667", "16.24", "0.20", "19.49"),
        ("cta", "15/07", "31/07", "0.5484", "1.00", "0.055", "1.06"),
        ("cta", "01/08", "14/09", "1.4667", "2.67", "0.20", "3.20"),
    ]
    assert invoice.bill.energy_total == D("118.06")
    assert (invoice.subscription_total, invoice.total) == (D("30.21"), D("148.27"))


def test_one_line_of_excise_for_all_registers() -> None:
    """January 2026: HC 31 × 5.6 = 173.6 kWh, HP 31 × 4.8 = 148.8 kWh; 322.4 × 0.02998 = 9.665552."""
    invoice = invoiced(date(2026, 1, 1), date(2026, 2, 1), off_peak(700, 300), "arrears", Contract.HPHC)
    (tax,) = (line for line in invoice.lines if line.what == "excise")
    assert told(tax) == ("excise", "01/01", "31/01", "322.4", "9.67", "0.20", "11.60")
    # 173.6 × 0.1635 = 28.3836, 148.8 × 0.2081 = 30.96528: together 59.35.
    amounts = [line.amount for line in invoice.lines if line.what in ("HC", "HP", "excise")]
    assert sum(amounts) == D("59.35")


def test_prices_by_hand_that_stay_are_split_where_the_taxes_change() -> None:
    prices = {"BASE": D("0.2"), "subscription": D("12")}
    invoice = invoiced(date(2025, 7, 1), date(2025, 9, 1), base(400), "arrears", prices=prices)
    assert [(line.what, line.vat_rate) for line in invoice.lines if line.what != "cta"] == [
        ("BASE", D("0.20")),
        ("BASE", D("0.20")),
        ("subscription", D("0.055")),
        ("subscription", D("0.20")),
        ("excise", D("0.20")),
        ("excise", D("0.20")),
    ]
    assert invoice.total == D("59.52") * 2 + 24


def test_taxes_that_are_not_known_leave_the_amounts() -> None:
    invoice = invoiced(date(2019, 3, 1), date(2019, 4, 1), base(400), "arrears")
    (energy, *rest) = invoice.lines
    assert (energy.without_vat, energy.vat_rate, energy.amount) == (None, None, invoice.bill.energy_total)
    assert [line.what for line in rest] == ["subscription"]
    assert sum(line.amount for line in invoice.lines) == invoice.total


@given(
    st.dates(date(2023, 1, 1), date(2026, 9, 1)),
    st.integers(1, 70),
    st.sampled_from(["arrears", "advance"]),
    st.integers(1, 3000),
    st.sampled_from([3, 6, 9, 12, 36]),
)
def test_lines_taxes_and_totals_add_up(first: date, length: int, paid: Paid, wh: int, kva: int) -> None:
    invoice = invoiced(first, first + timedelta(length), base(wh), paid, kva=kva)
    assert sum((line.amount for line in invoice.lines), D(0)) == invoice.total
    known = [line for line in invoice.lines if line.without_vat is not None]
    without = sum((line.without_vat or D(0) for line in known), D(0))
    assert without + sum(tax for _base, tax in invoice.vat.values()) == sum(line.amount for line in known)
    for line in known:
        assert line.vat_rate is not None
        assert line.without_vat is not None
        assert abs(line.without_vat * (1 + line.vat_rate) - line.amount) <= D("0.03")
    assert sum(line.wh for line in invoice.bill.lines) == sum(
        1000 * line.quantity for line in invoice.lines if line.what == "BASE"
    )


@pytest.mark.parametrize(
    ("first", "end", "due"),
    [
        (date(2025, 7, 1), date(2025, 9, 1), (date(2025, 9, 1), date(2025, 11, 1))),
        (date(2025, 5, 12), date(2025, 7, 12), (date(2025, 7, 12), date(2025, 9, 12))),
        (date(2025, 5, 12), date(2025, 7, 10), (date(2025, 7, 10), date(2025, 9, 7))),
        (date(2025, 12, 31), date(2026, 1, 31), (date(2026, 1, 31), date(2026, 2, 28))),
        (date(2025, 3, 1), date(2025, 3, 11), (date(2025, 3, 11), date(2025, 3, 21))),
    ],
)
def test_the_days_that_are_paid_in_advance(first: date, end: date, due: tuple[date, date]) -> None:
    assert due_days(first, end, "advance") == due
    assert due_days(first, end, "arrears") == (first, end)


def test_a_month_that_is_too_short_has_its_last_day() -> None:
    assert months_on(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert months_on(date(2026, 2, 28), 1, 31) == date(2026, 3, 31)
    assert months_on(date(2026, 1, 15), -2) == date(2025, 11, 15)


def test_the_taxes_explain_the_regulated_tariff() -> None:
    """Prices without taxes, as EDF and the CRE print them, are those with taxes less these taxes."""
    day = date(2025, 9, 1)
    tax = excise(day)
    assert tax is not None
    assert round(D("0.1952") / D("1.2") - tax, 4) == D("0.1327")
    for kva, without in ((3, "102.12"), (6, "132.84"), (9, "165.48")):
        offer = next(
            offer
            for offer in regulated_offers()
            if (offer.option, offer.power_kva, offer.valid_from) == (Contract.BASE, kva, date(2025, 8, 1))
        )
        part = cta(day, kva)
        assert part is not None
        yearly = 12 * (offer.subscription / (1 + vat_on_subscription(day)) - part)
        assert abs(yearly - D(without)) < D("0.50"), kva
