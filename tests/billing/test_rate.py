"""What this moment costs."""

from datetime import date
from decimal import Decimal

from linkytui.billing.plan import find_plan
from linkytui.billing.rate import Basis, cost_of, rate_now
from linkytui.reading import Contract
from tests.billing.households import BOOK, tariff

TODAY = date(2026, 11, 24)
PRICES = find_plan(tariff(), BOOK, Contract.HPHC, 9.0, TODAY).prices(BOOK)


def test_active_power_is_preferred() -> None:
    rate = rate_now(PRICES, "HP", TODAY, watts=2000.0, volt_amperes=2100)
    assert rate is not None
    assert (rate.eur_per_hour, rate.basis) == (2 * Decimal("0.2142"), Basis.ACTIVE)


def test_apparent_power_stands_in_and_is_told() -> None:
    rate = rate_now(PRICES, "HC", TODAY, watts=None, volt_amperes=460)
    assert rate is not None
    assert (rate.eur_per_hour, rate.basis) == (Decimal("0.46") * Decimal("0.1589"), Basis.APPARENT)
    assert rate.offer.valid_from == date(2026, 8, 1)


def test_nothing_is_told_that_is_not_known() -> None:
    assert rate_now(PRICES, None, TODAY, watts=1.0, volt_amperes=1) is None
    assert rate_now(PRICES, "HP", TODAY, watts=None, volt_amperes=None) is None
    assert rate_now(PRICES, "EASF03", TODAY, watts=1.0, volt_amperes=1) is None
    assert rate_now(PRICES, "HP", date(2000, 1, 1), watts=1.0, volt_amperes=1) is None


def test_a_while_costs_its_energy() -> None:
    """1.2 kWh × 0.2142 = 0.25704 → 0.26; 0.4 kWh × 0.1589 = 0.06356 → 0.06."""
    assert cost_of({"HP": 1200, "HC": 400, "INJECTED": 900}, PRICES, TODAY) == Decimal("0.32")
    assert cost_of({}, PRICES, TODAY) == 0
    assert cost_of({"HP": 1200, "EASF03": 1}, PRICES, TODAY) is None
