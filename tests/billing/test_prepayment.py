"""Monthly prepayments: what the year will cost, worked out by hand where days are alike."""

from datetime import date
from decimal import Decimal

import pytest

from linkytui.billing.plan import find_plan
from linkytui.billing.prepayment import Prepayment, prepayment_of
from linkytui.billing.record import Record
from linkytui.civil.cycle import Cycle
from linkytui.civil.days import midnight
from linkytui.reading import Contract
from tests.billing.households import BOOK, PARIS, Flow, base, days, tariff

D = Decimal
YEAR = Cycle(1, 1, 7)
"""From 1 July on."""
BY_HAND = {"BASE": D("0.20"), "subscription": D("15")}


def paid(month: str, *recorded: tuple[date, date, Flow], today: date, cycle: Cycle = YEAR) -> Prepayment | None:
    energies = [energy for first, end, flow in recorded for energy in days(first, end, flow)]
    plan = find_plan(tariff(prices=BY_HAND), BOOK, Contract.BASE, 6.0, today)
    record = Record(zone=PARIS, energies=energies)
    return prepayment_of(record, plan, BOOK, cycle, D(month), now=midnight(today, PARIS))


def test_days_to_come_are_like_the_mean_of_what_is_recorded() -> None:
    """500 Wh an hour from July to September 2025: 365 days × 12 kWh × 0.20 = 876 EUR, and 12 × 15 = 180.

    Nobody knows the hours of the clock changes better: March has one less, and October one more is in the mean day.
    """
    found = paid("80", (date(2025, 7, 1), date(2025, 10, 1), base(500)), today=date(2025, 10, 1))
    assert found is not None
    assert (found.first, found.end) == (date(2025, 7, 1), date(2026, 7, 1))
    assert (found.expected, found.total, found.balance) == (D("1056.00"), D("960"), D("96.00"))
    assert (found.enough, found.right) == (False, D("88.00"))
    assert (found.paid, found.cost) == (D("320"), D("265.80"))
    # 30 June 2026 is 52 weeks after 1 July 2025.
    assert (found.estimated_days, found.from_last_year) == (273, 1)


def test_the_year_before_tells_winter() -> None:
    """100 Wh an hour in summer and 1000 in winter, a fifth more this year.

    From 15 October to 31 March (168 days, of which one has 23 and one 25 hours) 24 × 1.2 kWh; else 197 × 24 × 0.12.
    """
    record = [
        (date(2024, 6, 20), date(2024, 10, 15), base(100)),
        (date(2024, 10, 15), date(2025, 4, 1), base(1000)),
        (date(2025, 4, 1), date(2025, 7, 1), base(100)),
        (date(2025, 7, 1), date(2025, 10, 1), base(120)),
    ]
    found = paid("100", *record, today=date(2025, 10, 1))
    assert found is not None
    assert (found.estimated_days, found.from_last_year) == (273, 273)
    energy = 168 * 24 * D("1.2") * D("0.2") + 197 * 24 * D("0.12") * D("0.2")
    assert float(found.expected) == pytest.approx(float(energy + 180), abs=2)
    assert not found.enough


def test_too_much_is_paid_back() -> None:
    found = paid("150", (date(2025, 7, 1), date(2025, 10, 1), base(500)), today=date(2025, 10, 1))
    assert found is not None
    assert (found.enough, found.balance) == (True, D("-744.00"))


def test_with_a_few_days_nothing_is_said() -> None:
    assert paid("80", (date(2025, 7, 1), date(2025, 7, 10), base(500)), today=date(2025, 7, 10)) is None


def test_days_that_nobody_recorded_are_estimated_too() -> None:
    """Recorded from 1 September on: July and August are like the rest."""
    found = paid("80", (date(2025, 9, 1), date(2025, 10, 1), base(500)), today=date(2025, 10, 1))
    assert found is not None
    assert (found.expected, found.estimated_days) == (D("1056.00"), 335)
    # 30 days × 12 kWh × 0.20 + 15: what is recorded.
    assert found.cost == D("87.00")
