"""An invoice typed in, beside the meter: what agrees, and why the rest does not.

July and August 2025, Base, 6 kVA, 400 Wh an hour: the invoice that `test_invoice` works out by hand.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from linkytui.billing.check import Checked, Verdict, check
from linkytui.billing.invoice import Index, Invoice, due_lines, make_invoice
from linkytui.billing.lines import SubscriptionLine
from linkytui.billing.month import bill_of
from linkytui.billing.paper import read_paper
from linkytui.billing.plan import Plan, find_plan
from linkytui.billing.record import Record
from linkytui.billing.taxes import law
from linkytui.civil.days import midnight
from linkytui.errors import InvoiceError
from linkytui.reading import Contract
from tests.billing.households import BOOK, PARIS, base, days, tariff

D = Decimal
FIRST, END = date(2025, 7, 1), date(2025, 9, 1)


@dataclass(frozen=True)
class Books:
    """The meter's side."""

    plan: Plan
    record: Record

    def invoice(self, first: date, end: date) -> Invoice:
        bill = bill_of(self.record, self.plan, BOOK, first, end, now=midnight(END, PARIS), apart=law)
        indexes = {"BASE": Index(1_000_000, 1_595_200, exact=True)}
        return make_invoice(bill, self.plan, self.plan.prices(BOOK), indexes)

    def subscription(self, first: date, end: date) -> tuple[SubscriptionLine, ...]:
        return due_lines(self.plan, self.plan.prices(BOOK), Contract.BASE, first, end)


def checked(tmp_path: Path, text: str) -> list[Checked]:
    path = tmp_path / "invoice.toml"
    path.write_text(text)
    plan = find_plan(tariff(), BOOK, Contract.BASE, 6.0, END)
    record = Record(zone=PARIS, energies=days(FIRST, END, base(400)))
    return check(read_paper(path), Books(plan, record), BOOK)


RIGHT = """
from = 2025-07-01
to = 2025-08-31
total = 147.20

[indexes]
BASE = [1000, 1595]

[[lines]]
what = "BASE"
from = 2025-07-01
to = 2025-07-31
quantity = 297
price = 0.1343
eur_ht = 39.89

[[lines]]
what = "base"
from = 2025-08-01
to = 2025-08-31
quantity = 298
price = 0.1327
eur_ht = 39.54

[[lines]]
what = "Abonnement"
to = 2025-07-31
quantity = 1
price = 11.18
eur_ht = 11.18

[[lines]]
what = "subscription"
from = 2025-08-01
quantity = 1
eur_ht = 11.07

[[lines]]
what = "Accise"
quantity = 595
eur_ht = 18.95

[[lines]]
what = "CTA"
eur_ht = 3.64

[[lines]]
what = "TVA"
vat_rate = 5.5
quantity = 13.00
eur_ttc = 0.72

[[lines]]
what = "TVA"
vat_rate = 20
quantity = 111.27
eur_ttc = 22.25
"""


def test_a_right_invoice_agrees(tmp_path: Path) -> None:
    rows = checked(tmp_path, RIGHT)
    assert [(row.what, row.verdict, row.reasons) for row in rows] == [
        (what, Verdict.AGREES, ())
        for what in ("BASE", "BASE", "base", "Abonnement", "subscription", "Accise", "CTA", "TVA", "TVA", "Total")
    ]
    assert rows[1].quantity == D("297.6")
    assert rows[1].without_vat == D("39.97")
    assert rows[-1].amount == D("147.28")


@pytest.mark.parametrize(
    ("right", "wrong", "what", "reason"),
    [
        ("BASE = [1000, 1595]", "BASE = [1000, 1650]", "BASE", "at the end the meter stood at 1,595.200 kWh"),
        ("quantity = 298", "quantity = 350", "base", "52.4 kWh more than the meter counted"),
        ("quantity = 297\n", "quantity = 290\n", "BASE", "7.6 kWh less than the meter counted"),
        ("price = 0.1327", "price = 0.1343", "base", "price 0.1343, but it was 0.13269 from 1 August 2025"),
        ("eur_ht = 39.54", "eur_ht = 40.54", "base", "298 times 0.1327 is 39.54, not 40.54"),
        (
            "price = 11.18\neur_ht = 11.18",
            "price = 12.18\neur_ht = 12.18",
            "Abonnement",
            "price 12.1800, but it was 11.18016",
        ),
        ("quantity = 1\nprice = 11.18", "quantity = 2\nprice = 11.18", "Abonnement", "2 months, but these days are 1"),
        (
            "quantity = 595\neur_ht = 18.95",
            "quantity = 595\neur_ht = 25.00",
            "Accise",
            "25.00 EUR, but it comes to 18.95",
        ),
        ("vat_rate = 5.5", "vat_rate = 10", "TVA", "10.0 % of 13.00 EUR is 1.30, not 0.72"),
        (
            "vat_rate = 5.5\nquantity = 13.00",
            "vat_rate = 10\nquantity = 7.20",
            "TVA",
            "the rates of these days are 5.5 %",
        ),
        ("total = 147.20", "total = 160.00", "Total", "160.00 EUR, but it comes to 147.28"),
    ],
)
def test_what_does_not_agree_says_why(right: str, wrong: str, what: str, reason: str, tmp_path: Path) -> None:
    assert right in RIGHT
    rows = checked(tmp_path, RIGHT.replace(right, wrong, 1))
    (row,) = (row for row in rows if row.verdict is Verdict.DIFFERS)
    assert row.what == what
    assert row.reasons[0].startswith(reason)


def test_prices_with_all_taxes_and_a_price_of_another_time(tmp_path: Path) -> None:
    text = """
from = 2025-08-01
to = 2025-08-31
[[lines]]
what = "BASE"
quantity = 298
price_ttc = {price}
eur_ttc = {amount}
[[lines]]
what = "abonnement"
price_ttc = 15.47
eur_ttc = 15.47
"""
    assert {row.verdict for row in checked(tmp_path, text.format(price="0.1952", amount="58.17"))} == {Verdict.AGREES}
    wrong, subscription = checked(tmp_path, text.format(price="0.2016", amount="60.08"))
    assert subscription.verdict is Verdict.AGREES
    assert wrong.reasons == (
        "price 0.2016, but it was 0.1952 from 1 August 2025",
        "0.2016 is the price from 1 February 2025",
    )


def test_the_subscription_in_advance_and_lines_that_no_meter_knows(tmp_path: Path) -> None:
    """1 September to 31 October 2025: 2 × 15.47; energy 118.09, and 4.90 of something else."""
    text = """
from = 2025-07-01
to = 2025-08-31
subscription = "advance"
total = 153.93
[[lines]]
what = "abonnement"
quantity = 2
eur_ttc = 30.94
[[lines]]
what = "Assurance"
eur_ttc = 4.90
"""
    fixed, strange, total = checked(tmp_path, text)
    assert (fixed.verdict, fixed.first, fixed.end) == (Verdict.AGREES, date(2025, 9, 1), date(2025, 11, 1))
    assert strange.verdict is Verdict.UNKNOWN
    assert (total.verdict, total.amount) == (Verdict.AGREES, D("149.03"))
    assert total.reasons == ("4.90 EUR of it are lines that nothing here knows of",)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "missing required field `from`"),
        ("from = 2025-07-01\nto = 2025-06-01", "is before its first one"),
        ("from = [", "not valid TOML"),
        ("from = 2025-07-01\nto = 2025-08-31\ncolour = 1", "unknown field `colour`"),
        ("from = 2025-07-01\nto = 2025-08-31\n[[lines]]\nwhat = 'HC'\nquantity = 'many'", "$.lines[0].quantity"),
    ],
)
def test_a_file_that_is_no_invoice_gives_one_line(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "invoice.toml"
    path.write_text(text)
    with pytest.raises(InvoiceError) as caught:
        read_paper(path)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    with pytest.raises(InvoiceError, match="cannot read the invoice"):
        read_paper(tmp_path / "none.toml")
