"""A month's cost and its estimate."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from linkytui.billing.energy import Energy
from linkytui.billing.month import MonthCost, bill_of, month_cost
from linkytui.billing.plan import find_plan
from linkytui.billing.projection import Method
from linkytui.billing.record import Record
from linkytui.billing.remarks import cost_remarks
from linkytui.civil.days import midnight
from linkytui.civil.off_peak import OffPeak
from linkytui.reading import Contract
from linkytui.tariffs.book import PriceBook
from linkytui.tariffs.offers import Offer, PriceKind, PriceSource
from tests.billing.households import BOOK, PARIS, base, days, hours, moment, off_peak, tariff

D = Decimal
NOVEMBER = date(2025, 11, 1)


def cost(
    energies: list[Energy],
    now: float,
    *,
    contract: Contract = Contract.BASE,
    book: PriceBook = BOOK,
    windows: tuple[str, ...] = (),
    month: date = NOVEMBER,
    **settings: object,
) -> MonthCost:
    """What a month costs at 6 kVA."""
    plan = find_plan(tariff(**settings), book, contract, 6.0, month)
    record = Record(zone=PARIS, energies=energies, off_peak=OffPeak.of(windows))
    return month_cost(record, plan, book, month, now=now)


def test_a_steady_household_is_estimated_to_the_cent() -> None:
    """400 Wh an hour since September: November will be 288 kWh × 0.1952 = 56.22, and 15.47 EUR of subscription."""
    now = moment(2025, 11, 20, 7)
    found = cost(list(hours(moment(2025, 9, 1), now, base(400))), now)
    estimate = found.estimate
    assert estimate is not None
    assert estimate.method is Method.PROFILE
    assert estimate.total == D("71.69")
    # Every day was like any other, but the one of 25 hours.
    assert estimate.low == pytest.approx(D("71.69"), abs=D("0.2"))
    assert estimate.high == pytest.approx(D("71.69"), abs=D("0.2"))
    assert [line.register for line in estimate.bill.lines] == ["BASE"]
    assert found.whole_subscription == D("15.47")


def test_the_range_holds_what_is_paid_already() -> None:
    now = moment(2025, 11, 29, 7)
    energies = list(hours(moment(2025, 9, 20), now, lambda when: {"BASE": (when.toordinal() * 37) % 1900}))
    found = cost(energies, now)
    estimate = found.estimate
    assert estimate is not None
    assert estimate.low is not None
    assert estimate.high is not None
    assert found.bill.total <= estimate.low <= estimate.total <= estimate.high


def test_a_month_that_counts_from_the_12th_is_estimated_from_the_12th() -> None:
    """19 days × 24 h × 0.4 kWh = 182.4 kWh × 0.1952 = 35.60448 → 35.60; 15.47 × 19/30 = 9.79767 → 9.80."""
    now = moment(2025, 11, 24)
    found = cost(list(hours(moment(2025, 11, 12), now, base(400))), now)
    assert found.estimate is not None
    assert found.estimate.method is Method.LINEAR
    assert found.estimate.total == D("45.40")
    assert not found.bill.complete


def test_a_month_that_is_over_is_not_estimated() -> None:
    found = cost(days(NOVEMBER, date(2025, 12, 1), base(400)), moment(2025, 12, 5))
    assert found.estimate is None
    assert found.bill.total == D("71.69")


def test_prices_that_change_later_in_the_month_are_in_the_estimate() -> None:
    later = Offer(
        provider="EDF",
        offer="Tarif Bleu",
        option=Contract.BASE,
        power_kva=6,
        subscription=D("20"),
        prices={"BASE": D("0.3")},
        valid_from=date(2025, 11, 21),
        source=PriceSource(kind=PriceKind.GRID, file="grid.pdf"),
    )
    now = moment(2025, 11, 20)
    energies = list(hours(moment(2025, 9, 1), now, base(400)))
    found = cost(energies, now, book=PriceBook([later]))
    assert found.bill.total == cost(energies, now).bill.total
    assert found.estimate is not None
    # 20 days × 9.6 kWh × 0.1952 + 10 × 9.6 × 0.3, and 15.47 × 20/30 + 20 × 10/30.
    assert [line.amount for line in found.estimate.bill.lines] == [D("37.48"), D("28.80")]
    assert [line.amount for line in found.estimate.bill.subscription_lines] == [D("10.31"), D("6.67")]
    remarks = cost_remarks(found, PriceBook([later]), PARIS, now=now)
    assert "New prices apply from 21 November 2025, not before." in remarks


def test_a_flat_offer_on_a_meter_that_counts_off_peak_hours_pays_the_sum() -> None:
    """30 days × (8 × 700 + 16 × 300) Wh = 312 kWh × 0.1952 = 60.9024 → 60.90 EUR."""
    energies = days(NOVEMBER, date(2025, 12, 1), off_peak(700, 300))
    found = cost(energies, moment(2025, 12, 5), contract=Contract.HPHC, option="BASE")
    assert found.bill.energy == {"BASE": D("60.90")}
    assert found.unsplit is None


def test_an_off_peak_offer_on_a_meter_with_one_register_needs_the_hours() -> None:
    energies = days(NOVEMBER, date(2025, 12, 1), base(100))
    blind = cost(energies, moment(2025, 12, 5), option="HPHC")
    assert blind.bill.start is None
    assert blind.unsplit == "Your off-peak hours are not known: set off_peak in [tariff]."
    # 30 × 8 h × 0.1 kWh = 24 kWh × 0.1635 = 3.924; 48 kWh × 0.2081 = 9.9888.
    told = cost(energies, moment(2025, 12, 5), option="HPHC", windows=("23:00-07:00",))
    assert told.bill.energy == {"HC": D("3.92"), "HP": D("9.99")}


def test_today_and_yesterday_cost_their_energy_and_a_day_of_subscription() -> None:
    """A day: 9.6 kWh × 0.1952 = 1.87392 → 1.87; 15.47/30 = 0.51567 → 0.52. Half a day of energy: 0.94."""
    now = moment(2025, 11, 20, 12)
    energies = list(hours(moment(2025, 11, 1), now, base(400)))
    plan = find_plan(tariff(), BOOK, Contract.BASE, 6.0, NOVEMBER)
    record = Record(zone=PARIS, energies=energies)
    day = date(2025, 11, 20)
    today = bill_of(record, plan, BOOK, day, day + timedelta(days=1), now=now)
    yesterday = bill_of(record, plan, BOOK, day - timedelta(days=1), day, now=now)
    assert (today.total, yesterday.total) == (D("1.46"), D("2.39"))
    assert today.complete


@pytest.mark.parametrize(
    ("energies", "now", "provider", "words"),
    [
        (days(NOVEMBER, date(2025, 12, 1), base(1)), moment(2025, 12, 1), None, "Regulated tariff assumed"),
        (
            list(hours(moment(2025, 11, 12, 8), moment(2025, 12, 1), base(1))),
            moment(2025, 12, 1),
            None,
            "Counted from 12 November 2025, 08:00",
        ),
        (
            days(NOVEMBER, date(2025, 11, 20), base(1)),
            moment(2025, 11, 22),
            None,
            "Counted up to 20 November 2025, 00:00: nothing has been recorded since.",
        ),
        (
            days(NOVEMBER, date(2025, 11, 10), base(1)) + days(date(2025, 11, 16), date(2025, 12, 1), base(1)),
            moment(2025, 12, 1),
            None,
            "Energy is unknown for 20 % of that time.",
        ),
        (
            [each._replace(estimated=each.wh, covered=0.0) for each in days(NOVEMBER, date(2025, 12, 1), base(1000))],
            moment(2025, 12, 1),
            None,
            "720.0 kWh were used while nothing was recorded",
        ),
        (
            days(NOVEMBER, date(2025, 12, 1), base(1000)),
            moment(2025, 12, 1),
            "Nobody",
            "720.0 kWh of BASE are left out: their price is not known.",
        ),
    ],
)
def test_what_must_be_known_of_the_figure_is_said(
    energies: list[Energy], now: float, provider: str | None, words: str
) -> None:
    remarks = cost_remarks(cost(energies, now, provider=provider), BOOK, PARIS, now=now)
    assert [words in remark for remark in remarks].count(True) == 1
    assert all("\n" not in remark for remark in remarks)


def test_an_old_book_is_said() -> None:
    now = moment(2027, 3, 1)
    energies = days(date(2027, 2, 1), date(2027, 3, 1), base(1))
    remarks = cost_remarks(cost(energies, now, month=date(2027, 2, 1)), BOOK, PARIS, now=now)
    assert any("New prices were expected on 1 February 2027" in remark for remark in remarks)


def test_a_power_that_the_offer_does_not_have_is_said() -> None:
    plan = find_plan(tariff(), BOOK, Contract.HPHC, 7.0, NOVEMBER)
    record = Record(zone=PARIS, energies=days(NOVEMBER, date(2025, 12, 1), off_peak(1, 1)))
    now = midnight(date(2025, 12, 1), PARIS)
    remarks = cost_remarks(month_cost(record, plan, BOOK, NOVEMBER, now=now), BOOK, PARIS, now=now)
    assert "The price for 9 kVA is used: the offer has none for 7 kVA." in remarks


def test_nothing_is_said_of_a_figure_that_is_as_it_should_be() -> None:
    now, month = moment(2026, 11, 24, 12, 30), date(2026, 11, 1)
    energies = list(hours(moment(2026, 11, 1), moment(2026, 11, 24, 12), base(1)))
    found = cost(energies, now, month=month, provider="EDF")
    assert cost_remarks(found, BOOK, PARIS, now=now) == ()
