"""Bills worked out by hand, to the cent. Prices: the regulated tariff as it ships with the program."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkytui.billing.bill import Bill, make_bill
from linkytui.billing.energy import Energy
from linkytui.billing.lines import energy_amount, to_cents
from linkytui.billing.plan import find_plan
from linkytui.billing.rows import subscription_rows
from linkytui.civil.days import midnight
from linkytui.reading import Contract
from linkytui.reading.contracts import INJECTED
from linkytui.settings.model import TariffSettings
from tests.billing.households import BOOK, HOUR, PARIS, base, days, hours, moment, off_peak, tariff

D = Decimal


def billed(
    energies: list[Energy],
    first: date,
    end: date,
    contract: Contract,
    *,
    kva: float = 6,
    now: float | None = None,
    settings: TariffSettings | None = None,
    sold_at: Decimal | None = None,
) -> Bill:
    """The bill of some days; from their end when no other moment is told."""
    plan = find_plan(settings or tariff(), BOOK, contract, kva, first)
    at = midnight(end, PARIS) if now is None else now
    return make_bill(energies, plan.prices(BOOK), first, end, now=at, zone=PARIS, sold_at=sold_at)


def test_a_base_month() -> None:
    """November 2025, 6 kVA, 400 Wh in every hour.

    30 days × 24 h × 0.400 kWh = 288 kWh; × 0.1952 = 56.2176, so 56.22 EUR.
    Subscription of a whole month: 15.47 EUR. Total: 71.69 EUR.
    """
    first, end = date(2025, 11, 1), date(2025, 12, 1)
    bill = billed(days(first, end, base(400)), first, end, Contract.BASE)
    assert bill.energy == {"BASE": D("56.22")}
    assert bill.subscription == D("15.47")
    assert bill.total == D("71.69")
    assert bill.complete
    assert bill.coverage == 1
    (line,) = bill.lines
    assert (line.first, line.end, line.wh, line.price) == (first, end, 288_000, D("0.1952"))
    assert [(row.amount, row.estimated) for row in subscription_rows(bill)] == [("15.47", False)]
    assert line.offer is not None
    assert line.offer.valid_from == date(2025, 8, 1)


def test_off_peak_hours_over_a_change_of_prices() -> None:
    """15 July to 14 August 2026, 6 kVA, 700 Wh in each of 8 off-peak hours and 300 Wh in each of 16 peak hours a day.

    A day: HC 5.6 kWh, HP 4.8 kWh.
    July, 17 days: HC 95.2 kWh × 0.1579 = 15.03208 → 15.03; HP 81.6 kWh × 0.2065 = 16.8504 → 16.85.
    August, 14 days: HC 78.4 kWh × 0.1589 = 12.45776 → 12.46; HP 67.2 kWh × 0.2142 = 14.39424 → 14.39.
    Subscription: 15.65 × 17/31 = 8.58226 → 8.58; 15.86 × 14/31 = 7.16258 → 7.16.
    Total: 27.49 + 31.24 + 15.74 = 74.47 EUR.
    """
    first, end = date(2026, 7, 15), date(2026, 8, 15)
    bill = billed(days(first, end, off_peak(700, 300)), first, end, Contract.HPHC)
    assert [(line.register, line.first, line.wh, line.price, line.amount) for line in bill.lines] == [
        ("HC", date(2026, 7, 15), 95_200, D("0.1579"), D("15.03")),
        ("HP", date(2026, 7, 15), 81_600, D("0.2065"), D("16.85")),
        ("HC", date(2026, 8, 1), 78_400, D("0.1589"), D("12.46")),
        ("HP", date(2026, 8, 1), 67_200, D("0.2142"), D("14.39")),
    ]
    assert bill.energy == {"HC": D("27.49"), "HP": D("31.24")}
    assert [(line.days, line.price, line.amount) for line in bill.subscription_lines] == [
        (17, D("15.65"), D("8.58")),
        (14, D("15.86"), D("7.16")),
    ]
    assert bill.total == D("74.47")
    assert bill.offer is not None
    assert bill.offer.valid_from == date(2026, 8, 1)


def test_a_month_in_which_only_the_subscription_changes() -> None:
    """1 October to 30 November 2024, 6 kVA: on 1 November only the subscription rises, 12.60 to 12.68 EUR.

    745 h (the clock goes back in October) and 720 h of 1 kWh × 0.2516: 187.442 → 187.44 and 181.152 → 181.15.
    """
    first, end = date(2024, 10, 1), date(2024, 12, 1)
    bill = billed(days(first, end, base(1000)), first, end, Contract.BASE)
    assert [line.amount for line in bill.lines] == [D("187.44"), D("181.15")]
    assert [line.amount for line in bill.subscription_lines] == [D("12.60"), D("12.68")]
    assert bill.total == D("393.87")


def tempo(when: datetime) -> dict[str, int]:
    """Blue, but white on the 13th and red on the 20th; 22:00 to 06:00 is off-peak, and a colour runs from 06:00."""
    day = when.day if when.hour >= 6 else when.day - 1
    colour = {13: "W", 20: "R"}.get(day, "B")
    return {f"HPJ{colour}": 500} if 6 <= when.hour < 22 else {f"HCJ{colour}": 1000}


def test_a_tempo_month_with_all_three_colours() -> None:
    """January 2026, 9 kVA, 500 Wh in each of 16 peak hours and 1 kWh in each of 8 off-peak hours a day.

    A Tempo day: HP 8 kWh, HC 8 kWh. One day is white, one is red, 29 are blue; the 31 days of the month begin and end
    inside blue days.
    HCJB 232 kWh × 0.1232 = 28.5824 → 28.58     HPJB 232 kWh × 0.1494 = 34.6608 → 34.66
    HCJW 8 kWh × 0.1391 = 1.1128 → 1.11         HPJW 8 kWh × 0.1730 = 1.384 → 1.38
    HCJR 8 kWh × 0.1460 = 1.168 → 1.17          HPJR 8 kWh × 0.6468 = 5.1744 → 5.17
    Energy 72.07; subscription 19.49. Total: 91.56 EUR.
    """
    first, end = date(2026, 1, 1), date(2026, 2, 1)
    bill = billed(days(first, end, tempo), first, end, Contract.TEMPO, kva=9)
    assert bill.wh == {"HCJB": 232_000, "HPJB": 232_000, "HCJW": 8000, "HPJW": 8000, "HCJR": 8000, "HPJR": 8000}
    assert bill.energy == {
        "HCJB": D("28.58"),
        "HPJB": D("34.66"),
        "HCJW": D("1.11"),
        "HPJW": D("1.38"),
        "HCJR": D("1.17"),
        "HPJR": D("5.17"),
    }
    assert bill.subscription == D("19.49")
    assert bill.total == D("91.56")


def test_an_ejp_month() -> None:
    """February 2026, 9 kVA, 28 days × 24 h × 0.5 kWh, of which 18 h on one peak day.

    PM 9 kWh × 0.3440 = 3.096 → 3.10; HN 327 kWh × 0.1781 = 58.2387 → 58.24; subscription 19.20. Total: 80.54 EUR.
    """
    first, end = date(2026, 2, 1), date(2026, 3, 1)

    def flow(when: datetime) -> dict[str, int]:
        peak = moment(2026, 2, 10, 7) <= when.timestamp() < moment(2026, 2, 11, 1)
        return {"PM" if peak else "HN": 500}

    bill = billed(days(first, end, flow), first, end, Contract.EJP, kva=9)
    assert bill.energy == {"HN": D("58.24"), "PM": D("3.10")}
    assert bill.total == D("80.54")


def test_a_month_that_is_recorded_from_the_12th_on_says_so() -> None:
    """November 2025, 9 kVA off-peak, recorded from the 12th at 08:00 on; it is the 24th, 18:00.

    From 12 November 08:00 to 24 November 18:00: 12 nights of 8 off-peak hours × 700 Wh = 67.2 kWh × 0.1635 = 10.9872
    → 10.99; peak hours 15 (the 12th, to 23:00) + 11 × 16 + 11 (the 24th, from 07:00) = 202 × 300 Wh = 60.6 kWh
    × 0.2081 = 12.61086 → 12.61.
    Subscription: the 12th to the 24th, 13 days: 19.81 × 13/30 = 8.58433 → 8.58. Total: 32.18 EUR.
    """
    now = moment(2025, 11, 24, 18)
    energies = list(hours(moment(2025, 11, 12, 8), now, off_peak(700, 300)))
    bill = billed(energies, date(2025, 11, 1), date(2025, 12, 1), Contract.HPHC, kva=9, now=now)
    assert bill.start == moment(2025, 11, 12, 8)
    assert bill.until == now
    assert not bill.complete
    assert bill.wh == {"HC": 67_200, "HP": 60_600}
    assert bill.energy == {"HC": D("10.99"), "HP": D("12.61")}
    assert bill.subscription == D("8.58")
    assert bill.total == D("32.18")
    # 298 of the 570 hours since the month began.
    assert bill.coverage == pytest.approx(298 / 570)


def test_a_month_that_began_within_an_hour_counts_from_the_minute() -> None:
    start = moment(2025, 11, 12, 8)
    energies = [Energy(start, start + HOUR, {"BASE": 300}, covered=2700.0)]
    bill = billed(energies, date(2025, 11, 1), date(2025, 12, 1), Contract.BASE, now=start + HOUR)
    assert bill.start == start + 900


@pytest.mark.parametrize(("late", "whole"), [(0, True), (120, True), (121, False), (7200, False)])
def test_a_month_is_whole_when_its_first_record_comes_within_two_minutes(late: int, whole: bool) -> None:
    first = moment(2025, 11, 1)
    energies = days(date(2025, 11, 1), date(2025, 12, 1), base(100))
    while energies[0].end <= first + late:
        del energies[0]
    energies[0] = energies[0]._replace(covered=energies[0].end - first - late)
    bill = billed(energies, date(2025, 11, 1), date(2025, 12, 1), Contract.BASE)
    assert bill.start == (first if whole else first + late)
    assert bill.complete is whole


@pytest.mark.parametrize(("missing", "whole"), [(3600, True), (3601, False)])
def test_a_month_is_whole_when_no_more_than_an_hour_is_missing(missing: int, whole: bool) -> None:
    end = moment(2025, 12, 1)
    energies = days(date(2025, 11, 1), date(2025, 12, 1), base(100))
    while energies[-1].start >= end - missing:
        del energies[-1]
    if energies[-1].end > end - missing:
        energies[-1] = energies[-1]._replace(covered=end - missing - energies[-1].start)
    bill = billed(energies, date(2025, 11, 1), date(2025, 12, 1), Contract.BASE)
    assert bill.until == end - missing
    assert bill.complete is whole


def test_the_subscription_is_paid_month_by_month() -> None:
    """22 November to 10 December 2025, 6 kVA: 15.47 × 9/30 = 4.641 → 4.64; 15.47 × 10/31 = 4.99032 → 4.99."""
    first, end = date(2025, 11, 22), date(2025, 12, 11)
    bill = billed(days(first, end, base(100)), first, end, Contract.BASE)
    assert len(bill.lines) == 1
    assert [(line.first, line.last, line.days, line.month_days, line.amount) for line in bill.subscription_lines] == [
        (date(2025, 11, 22), date(2025, 11, 30), 9, 30, D("4.64")),
        (date(2025, 12, 1), date(2025, 12, 10), 10, 31, D("4.99")),
    ]


@pytest.mark.parametrize(
    ("amount", "cents"),
    [
        ("0.005", "0.01"),
        ("0.015", "0.02"),
        ("0.025", "0.03"),
        ("2.345", "2.35"),
        ("2.3449", "2.34"),
        ("2.3451", "2.35"),
    ],
)
def test_half_a_cent_is_rounded_up(amount: str, cents: str) -> None:
    assert to_cents(D(amount)) == D(cents)


def test_a_line_of_half_a_cent_is_rounded_up() -> None:
    """45 and 25 Wh at 0.1 EUR/kWh: 0.0045 → 0.00 and 0.0025 → 0.00; 50 and 250 Wh: 0.005 → 0.01 and 0.025 → 0.03."""
    assert [energy_amount(wh, D("0.1")) for wh in (25, 45, 50, 250)] == [D("0.00"), D("0.00"), D("0.01"), D("0.03")]


def test_a_month_under_way_pays_the_days_begun() -> None:
    """10 November 2025, 12:00: ten days of 30. 228 h × 0.4 kWh = 91.2 × 0.1952 = 17.80224 → 17.80; 15.47/3 → 5.16."""
    now = moment(2025, 11, 10, 12)
    energies = list(hours(moment(2025, 11, 1), now, base(400)))
    bill = billed(energies, date(2025, 11, 1), date(2025, 12, 1), Contract.BASE, now=now)
    assert bill.complete
    assert bill.subscription == D("5.16")
    assert bill.total == D("22.96")


def test_a_leap_february_has_29_days() -> None:
    """February 2024, 6 kVA: the subscription of ten days is 12.60 × 10/29 = 4.3448 → 4.34 EUR."""
    first, end = date(2024, 2, 1), date(2024, 3, 1)
    whole = billed(days(first, end, base(100)), first, end, Contract.BASE)
    assert whole.wh == {"BASE": 29 * 2400}
    assert whole.subscription == D("12.60")
    part = billed(days(first, date(2024, 2, 11), base(100)), first, date(2024, 2, 11), Contract.BASE)
    assert part.subscription == D("4.34")


@pytest.mark.parametrize(("first", "end", "count"), [((2026, 3), (2026, 4), 743), ((2025, 10), (2025, 11), 745)])
def test_months_with_a_clock_change(first: tuple[int, int], end: tuple[int, int], count: int) -> None:
    start, stop = date(*first, 1), date(*end, 1)
    bill = billed(days(start, stop, base(1000)), start, stop, Contract.BASE)
    assert bill.wh == {"BASE": 1000 * count}
    assert bill.complete
    assert bill.lines[0].end == stop


def test_the_change_of_prices_comes_at_local_midnight() -> None:
    # 1 August 2026 begins at 22:00 UTC on 31 July.
    edge = moment(2026, 8, 1)
    energies = [Energy(edge - HOUR, edge, {"BASE": 1}), Energy(edge, edge + HOUR, {"BASE": 2})]
    bill = billed(energies, date(2026, 7, 31), date(2026, 8, 2), Contract.BASE)
    assert [(line.wh, line.price) for line in bill.lines] == [(1, D("0.1940")), (2, D("0.2001"))]


def test_a_suppliers_own_calendar_is_paid_at_prices_by_hand() -> None:
    """April 2026: 5 kWh at 0.10 a day on EASF01, 7 kWh at 0.25 on EASF02.

    150 × 0.10 = 15.00; 210 × 0.25 = 52.50; subscription 20. Total: 87.50 EUR. EASF03 counts nothing.
    """
    first, end = date(2026, 4, 1), date(2026, 5, 1)

    def flow(when: datetime) -> dict[str, int]:
        return {1: {"EASF01": 5000}, 13: {"EASF02": 7000, "EASF03": 0}}.get(when.hour, {})

    settings = tariff(prices={"subscription": D(20), "EASF01": D("0.10"), "EASF02": D("0.25")})
    bill = billed(days(first, end, flow), first, end, Contract.OTHER, settings=settings)
    assert bill.energy == {"EASF01": D("15.00"), "EASF02": D("52.50")}
    assert bill.total == D("87.50")
    assert bill.complete


def test_a_register_without_a_price_is_told_and_not_counted() -> None:
    first, end = date(2026, 4, 1), date(2026, 5, 1)
    settings = tariff(prices={"subscription": D(20), "EASF01": D("0.10")})
    bill = billed(
        days(first, end, lambda _: {"EASF01": 10, "EASF02": 20}), first, end, Contract.OTHER, settings=settings
    )
    (told,) = bill.unpriced
    assert (told.contract, told.registers, told.wh) == (Contract.OTHER, ("EASF02",), 720 * 20)
    assert not bill.complete
    assert bill.wh == {"EASF01": 7200}


def test_days_before_the_first_known_price_are_told() -> None:
    # EJP at 9 kVA has no price before August 2023.
    first, end = date(2023, 7, 30), date(2023, 8, 3)
    bill = billed(days(first, end, lambda _: {"HN": 100}), first, end, Contract.EJP, kva=9)
    (told,) = bill.unpriced
    assert (told.first, told.end, told.registers, told.wh) == (first, date(2023, 8, 1), ("HN",), 4800)
    assert bill.wh == {"HN": 4800}
    assert not bill.complete


def test_a_contract_that_changes_inside_the_month_is_billed_by_its_registers() -> None:
    """November 2025, 6 kVA: Base up to the 15th, off-peak from the 16th on; each day pays its option's subscription.

    Base 15 × 24 × 0.4 = 144 kWh × 0.1952 = 28.1088 → 28.11; HC 15 × 5.6 = 84 kWh × 0.1635 = 13.734 → 13.73;
    HP 15 × 4.8 = 72 kWh × 0.2081 = 14.9832 → 14.98; 15.47/2 = 7.735 → 7.74; 15.74/2 = 7.87.
    """
    first, end, change = date(2025, 11, 1), date(2025, 12, 1), date(2025, 11, 16)
    energies = days(first, change, base(400)) + days(change, end, off_peak(700, 300))
    bill = billed(energies, first, end, Contract.HPHC)
    assert bill.energy == {"BASE": D("28.11"), "HC": D("13.73"), "HP": D("14.98")}
    assert [(line.first.day, line.last.day) for line in bill.lines] == [(1, 15), (16, 30), (16, 30)]
    assert [line.amount for line in bill.subscription_lines] == [D("7.74"), D("7.87")]


def test_energy_spread_over_a_gap_counts_and_is_marked() -> None:
    first, end = date(2025, 11, 1), date(2025, 12, 1)
    energies = days(first, end, base(400))
    energies[50:60] = [each._replace(estimated=each.wh, covered=0.0) for each in energies[50:60]]
    bill = billed(energies, first, end, Contract.BASE)
    assert bill.estimated_wh == 4000
    assert bill.lines[0].estimated_wh == 4000
    assert bill.complete


def test_hours_that_nobody_knows_make_the_month_incomplete() -> None:
    first, end = date(2025, 11, 1), date(2025, 12, 1)
    energies = days(first, end, base(400))
    bill = billed(energies[:50] + energies[62:], first, end, Contract.BASE)
    assert not bill.complete
    assert bill.coverage == pytest.approx(708 / 720)
    assert bill.subscription == D("15.47")


def test_a_month_without_records_costs_nothing_and_is_not_complete() -> None:
    bill = billed([], date(2025, 11, 1), date(2025, 12, 1), Contract.BASE)
    assert bill.start is None
    assert bill.until is None
    assert not bill.complete
    assert bill.total == 0
    assert bill.coverage == 0


def test_energy_given_to_the_grid_is_sold_beside_the_bill() -> None:
    """April 2026: 10 kWh a day fed to the grid at 0.04 EUR/kWh: 300 × 0.04 = 12.00 EUR."""
    first, end = date(2026, 4, 1), date(2026, 5, 1)
    energies = days(first, end, lambda when: {"BASE": 100, INJECTED: 10_000 if when.hour == 12 else 0})
    bill = billed(energies, first, end, Contract.BASE, sold_at=D("0.04"))
    assert bill.income == D("12.00")
    assert bill.wh == {"BASE": 72_000}
    assert billed(energies, first, end, Contract.BASE).sold == ()


REGISTERS = ["BASE", "HC", "HP", "HCJB", "HPJR", "HN", "PM", INJECTED]


@given(
    st.lists(
        st.tuples(
            st.integers(0, 57 * 24 - 1), st.dictionaries(st.sampled_from(REGISTERS), st.integers(0, 40_000), max_size=3)
        ),
        max_size=60,
    ),
    st.sampled_from([3, 6, 9, 36]),
)
def test_totals_are_sums_of_lines_and_never_fall(rows: list[tuple[int, dict[str, int]]], kva: int) -> None:
    first, end = date(2026, 7, 10), date(2026, 9, 5)
    begin = midnight(first, PARIS)
    energies = [
        Energy(begin + number * HOUR, begin + (number + 1) * HOUR, wh) for number, wh in sorted(dict(rows).items())
    ]
    before = Decimal(0)
    for count in range(0, len(energies) + 1, 7):
        bill = billed(energies[:count], first, end, Contract.BASE, kva=kva)
        lines = [line.amount for line in bill.lines] + [line.amount for line in bill.subscription_lines]
        assert all(amount >= 0 for amount in lines)
        assert all(amount == round(amount, 2) for amount in lines)
        assert bill.total == sum(lines, Decimal(0))
        assert bill.energy_total == sum(bill.energy.values(), Decimal(0))
        # What has no price is told apart, so that all energy is found again.
        drawn = sum(each.drawn for each in energies[:count])
        assert sum(bill.wh.values()) + sum(each.wh for each in bill.unpriced) == drawn
        if not bill.unpriced:
            assert bill.energy_total >= before
            before = bill.energy_total
