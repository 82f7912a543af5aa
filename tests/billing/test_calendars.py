"""Bills by suppliers' own calendars, each worked out by hand to the cent."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import pytest

from linkytui.billing.as_json import cost_object, offer_object
from linkytui.billing.bill import Bill
from linkytui.billing.compare import compare
from linkytui.billing.energy import Energy
from linkytui.billing.month import bill_of, month_cost
from linkytui.billing.plan import Plan, find_plan, why_no_price
from linkytui.billing.record import MinuteEnergy, Record
from linkytui.billing.remarks import cost_remarks
from linkytui.civil.days import midnight
from linkytui.civil.off_peak import OffPeak
from linkytui.reading import Contract
from linkytui.settings.model import CalendarPeriod, TariffCalendar, TariffSettings
from linkytui.tariffs.book import PriceBook
from linkytui.tariffs.offers import Offer, PriceKind, PriceSource
from tests.billing.households import HOUR, PARIS, base, days, moment, off_peak, tariff

D = Decimal


def grid(name: str, subscription: str, prices: dict[str, str], hours: dict[str, str] | None = None) -> Offer:
    """An offer with hours of its own, as a grid gives it."""
    return Offer(
        provider="Lac",
        offer=name,
        option=Contract.OTHER,
        power_kva=6,
        subscription=D(subscription),
        prices={period: D(price) for period, price in prices.items()},
        valid_from=date(2025, 1, 1),
        source=PriceSource(kind=PriceKind.GRID, file="grid.pdf"),
        hours=hours or {},
    )


WEEK_END = grid(
    "Week-end",
    "16.63",
    {"HP semaine": "0.2345", "HC semaine": "0.1551", "week-end": "0.1402"},
    {"week-end": "Le week-end va du samedi 0h au dimanche 23h59, et comprend les jours fériés."},
)
SUPER = grid(
    "Super",
    "15.50",
    {"super HC": "0.1232", "HC": "0.1635", "HP": "0.2081"},
    {"super HC": "Super Heures Creuses De 3h01 à 7h00", "HC": "Heures Creuses De 1h01 à 3h00 & 13h01 à 15h"},
)
SEASONS = grid(
    "Saisons",
    "14.00",
    {"HP hiver": "0.2305", "HC hiver": "0.1810", "HP été": "0.1702", "HC été": "0.1203"},
    {
        "HP hiver": "Hiver (novembre à mars)",
        "HC hiver": "Hiver (novembre à mars)",
        "HP été": "Été (avril à octobre)",
        "HC été": "Été (avril à octobre)",
    },
)
BOOK = PriceBook([WEEK_END, SUPER, SEASONS])


def planned(
    offer: str, contract: Contract = Contract.BASE, texts: dict[str, str] | None = None, **more: object
) -> Plan:
    """What a person with one of these offers pays."""
    settings: TariffSettings = tariff(provider="Lac", offer=offer, **more)
    return find_plan(settings, BOOK, contract, 6.0, date(2026, 11, 25), texts=texts)


def recorded(
    energies: list[Energy], *, minutes: Iterable[MinuteEnergy] = (), windows: tuple[str, ...] = ("23:00-07:00",)
) -> Record:
    """What was recorded, at an address with off-peak hours."""
    kept = list(minutes)
    return Record(
        zone=PARIS,
        energies=energies,
        off_peak=OffPeak.of(windows),
        minutes=lambda start, end: [minute for minute in kept if start <= minute.start < end],
    )


def billed(record: Record, plan: Plan, first: date, end: date) -> Bill:
    """The bill of some days that are over."""
    return bill_of(record, plan, BOOK, first, end, now=midnight(date(2026, 12, 25), PARIS))


def amounts(bill: Bill) -> dict[str, tuple[int, Decimal]]:
    """Wh and EUR by the supplier's names."""
    return {bill.names[line.register]: (line.wh, line.amount) for line in bill.lines}


def test_a_week_end_offer_over_a_month_with_a_public_holiday() -> None:
    """November 2026 at 1 kWh an hour: 4 Saturdays, 5 Sundays (the 1st is a holiday, too) and Wednesday the 11th.

    Week-end 10 × 24 = 240 kWh × 0.1402 = 33.648 → 33.65. Week 20 days: off-peak 160 × 0.1551 = 24.816 → 24.82,
    peak 320 × 0.2345 = 75.04. With 16.63: 150.14 EUR.
    """
    record = recorded(days(date(2026, 11, 1), date(2026, 12, 1), base(1000)))
    bill = billed(record, planned("Week-end"), date(2026, 11, 1), date(2026, 12, 1))
    assert amounts(bill) == {
        "week-end": (240_000, D("33.65")),
        "HC semaine": (160_000, D("24.82")),
        "HP semaine": (320_000, D("75.04")),
    }
    assert bill.total == D("150.14")
    assert bill.complete


@pytest.mark.parametrize(
    ("first", "end", "expected", "total"),
    [
        # 31 days, one of 23 hours: the hour from 2 to 3 is missing. 124 × 0.1232 = 15.2768; 123 × 0.1635 = 20.1105;
        # 496 × 0.2081 = 103.2176; 15.50.
        (
            date(2026, 3, 1),
            date(2026, 4, 1),
            {"super HC": (124_000, D("15.28")), "HC": (123_000, D("20.11")), "HP": (496_000, D("103.22"))},
            D("154.11"),
        ),
        # 31 days, one of 25 hours: that hour comes twice. 125 × 0.1635 = 20.4375.
        (
            date(2026, 10, 1),
            date(2026, 11, 1),
            {"super HC": (124_000, D("15.28")), "HC": (125_000, D("20.44")), "HP": (496_000, D("103.22"))},
            D("154.44"),
        ),
    ],
)
def test_a_super_off_peak_offer_over_both_clock_changes(
    first: date, end: date, expected: dict[str, tuple[int, Decimal]], total: Decimal
) -> None:
    bill = billed(recorded(days(first, end, base(1000))), planned("Super"), first, end)
    assert amounts(bill) == expected
    assert bill.total == total


def test_a_seasonal_offer_over_the_first_of_november_to_the_watt_hour() -> None:
    """From 30 October to 2 November 2026, off-peak from 22:30 to 06:30; 600 Wh an hour, those from 22 and 6 by the
    minute: 1 Wh in each of peak hours and 19 Wh in each of off-peak hours.

    A day has 15 whole peak hours, 7 whole off-peak hours, and two cut in the middle: 30 Wh and 570 Wh each. Summer, 2
    days: peak 2 × (9000 + 60) = 18.12 kWh × 0.1702 = 3.084 → 3.08; off-peak 2 × (4200 + 1140) = 10.68 × 0.1203 = 1.2848
    → 1.28. Winter, 2 days: 18.12 × 0.2305 = 4.17666 → 4.18; 10.68 × 0.1810 = 1.93308 → 1.93.
    """
    first, end = date(2026, 10, 30), date(2026, 11, 3)
    minutes = [
        MinuteEnergy(midnight(day, PARIS) + hour * HOUR + minute * 60, 19 if (minute >= 30) == (hour == 22) else 1)
        for day in (date(2026, 10, 30), date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 2))
        for hour in (6, 22)
        for minute in range(60)
    ]
    record = recorded(days(first, end, base(600)), minutes=minutes, windows=("22:30-06:30",))
    bill = billed(record, planned("Saisons"), first, end)
    assert amounts(bill) == {
        "HP été": (18_120, D("3.08")),
        "HC été": (10_680, D("1.28")),
        "HP hiver": (18_120, D("4.18")),
        "HC hiver": (10_680, D("1.93")),
    }
    # 14.00 × 2 / 31 = 0.9032 and 14.00 × 2 / 30 = 0.9333.
    assert [line.amount for line in bill.subscription_lines] == [D("0.90"), D("0.93")]


TEXTS = {"EASF01": "HC SEMAINE", "EASF02": "HP SEMAINE", "EASF03": "WEEK-END"}


def test_a_meter_that_counts_the_calendar_is_billed_by_its_registers_whatever_the_clock_says() -> None:
    """One day: 10 kWh on EASF01, 20 on EASF02, 30 on EASF03, all in the middle of a Monday night.

    10 × 0.1551 = 1.551 → 1.55; 20 × 0.2345 = 4.69; 30 × 0.1402 = 4.206 → 4.21; 16.63 / 30 = 0.5543 → 0.55. 11.00 EUR.
    """
    at = moment(2026, 11, 16, 3)
    energies = [Energy(at, at + HOUR, {"EASF01": 10_000, "EASF02": 20_000, "EASF03": 30_000})]
    plan = planned("Week-end", Contract.OTHER, TEXTS)
    assert plan.target is None
    bill = billed(recorded(energies), plan, date(2026, 11, 16), date(2026, 11, 17))
    assert amounts(bill) == {
        "HC semaine": (10_000, D("1.55")),
        "HP semaine": (20_000, D("4.69")),
        "week-end": (30_000, D("4.21")),
    }
    assert bill.total == D("11.00")


def test_registers_whose_period_nobody_named_are_parted_by_the_clock() -> None:
    at = moment(2026, 11, 21, 12)
    energies = [Energy(at, at + HOUR, {"EASF01": 1000, "EASF02": 500})]
    bill = billed(recorded(energies), planned("Week-end", Contract.OTHER), date(2026, 11, 21), date(2026, 11, 22))
    assert amounts(bill) == {"week-end": (1500, D("0.21"))}


def test_the_settings_tell_which_register_counts_a_period() -> None:
    names = {"HP semaine": "EASF07", "HC semaine": "EASF02", "week-end": "EASF01"}
    periods = tuple(CalendarPeriod(name=name, register=register) for name, register in names.items())
    plan = planned("Week-end", Contract.OTHER, calendars=(TariffCalendar(offer="week-end", periods=periods),))
    at = moment(2026, 11, 16, 3)
    energies = [Energy(at, at + HOUR, {"EASF01": 10_000, "EASF07": 20_000})]
    bill = billed(recorded(energies), plan, date(2026, 11, 16), date(2026, 11, 17))
    assert amounts(bill) == {"week-end": (10_000, D("1.40")), "HP semaine": (20_000, D("4.69"))}


def test_prices_by_hand_go_with_a_calendar_of_the_settings() -> None:
    """No grid at all: 24 kWh on a Saturday at 0.10 and on a Friday at 0.30."""
    periods = (CalendarPeriod(name="samedi", days=("saturday",)), CalendarPeriod(name="sinon"))
    settings = tariff(
        option="OTHER",
        calendars=(TariffCalendar(periods=periods),),
        prices={"subscription": D(12), "EASF01": D("0.10"), "EASF02": D("0.30")},
    )
    plan = find_plan(settings, BOOK, Contract.BASE, 6.0, date(2026, 11, 25))
    record = recorded(days(date(2026, 11, 20), date(2026, 11, 22), base(1000)))
    bill = billed(record, plan, date(2026, 11, 20), date(2026, 11, 22))
    assert amounts(bill) == {"samedi": (24_000, D("2.40")), "sinon": (24_000, D("7.20"))}


def test_a_calendar_that_is_not_clear_says_what_to_set() -> None:
    dark = grid("Sobre", "12", {"jour éco": "0.15", "jour sobriété": "0.60"})
    book = PriceBook([dark])
    plan = find_plan(tariff(provider="Lac", offer="Sobre"), book, Contract.OTHER, 6.0, date(2026, 11, 25))
    reason = why_no_price(plan, book, Contract.OTHER, date(2026, 11, 25))
    assert reason == ("The grid does not say when jour éco, jour sobriété is: describe it in [[tariff.calendars]].")


def test_hours_of_the_address_that_are_not_set_are_asked_for() -> None:
    record = Record(zone=PARIS, energies=days(date(2026, 11, 1), date(2026, 11, 24), base(1000)))
    cost = month_cost(record, planned("Week-end"), BOOK, date(2026, 11, 1), now=midnight(date(2026, 11, 24), PARIS))
    assert cost.unsplit == "Your off-peak hours are not known: set off_peak in [tariff]."
    assert cost.unsplit in cost_remarks(cost, BOOK, PARIS, now=midnight(date(2026, 11, 24), PARIS))


def test_the_estimate_of_a_seasonal_offer_knows_the_season_that_is_to_come() -> None:
    """Registers of the winter counted nothing in October, and will count all of November."""
    energies = days(date(2026, 9, 1), date(2026, 11, 1), off_peak(700, 300))
    cost = month_cost(
        recorded(energies + days(date(2026, 11, 1), date(2026, 11, 2), off_peak(700, 300))),
        planned("Saisons"),
        BOOK,
        date(2026, 11, 1),
        now=midnight(date(2026, 11, 2), PARIS),
    )
    assert cost.estimate is not None
    # 30 days of 8 × 700 and 16 × 300 Wh: 168 kWh × 0.1810 = 30.408, 144 kWh × 0.2305 = 33.192, and 14.00.
    # The level holds a trace of 25 October, which had an hour more.
    assert {cost.estimate.bill.names[line.register] for line in cost.estimate.bill.lines} == {"HP hiver", "HC hiver"}
    assert abs(cost.estimate.total - D("77.60")) < D("0.20")


def test_the_comparison_and_the_bill_are_the_same_money() -> None:
    """What an offer would cost as one of many is what it costs as one's own."""
    energies = days(date(2025, 11, 25), date(2026, 11, 25), off_peak(700, 300))
    now = midnight(date(2026, 11, 25), PARIS)
    record = recorded(energies)
    for name in ("Week-end", "Super", "Saisons"):
        others = compare(record, find_plan(tariff(), BOOK, Contract.HPHC, 6.0, date(2026, 11, 24)), BOOK, now=now)
        other = next(row for row in others.rows if row.offer.offer == name)
        mine = compare(record, planned(name, Contract.HPHC), BOOK, now=now).mine
        assert mine is not None
        assert mine.offer.offer == name
        assert (mine.bill.total, mine.year, mine.reason) == (other.bill.total, other.year, None)
        assert mine.estimate is not None
        assert other.estimate is not None
        assert mine.estimate.total == other.estimate.total
        assert other.year is not None
        assert sum(other.year.wh.values()) == sum(energy.drawn for energy in energies)


def test_json_names_the_periods_as_the_supplier_does() -> None:
    record = recorded(days(date(2026, 11, 1), date(2026, 11, 24), base(1000)))
    now = midnight(date(2026, 11, 24), PARIS)
    shown = cost_object(month_cost(record, planned("Week-end"), BOOK, date(2026, 11, 1), now=now), PARIS)
    assert list(shown["energy_eur"]) == ["week-end", "HC semaine", "HP semaine"]  # type: ignore[call-overload]
    lines = shown["lines"]
    assert isinstance(lines, list)
    assert [line.get("name") for line in lines] == ["week-end", "HC semaine", "HP semaine", None]
    comparison = compare(record, find_plan(tariff(), BOOK, Contract.BASE, 6.0, date(2026, 11, 24)), BOOK, now=now)
    row = next(row for row in comparison.rows if row.offer.offer == "Super")
    offered = offer_object(comparison, row, PARIS)
    assert offered["offer"]["prices_eur_kwh"] == {  # type: ignore[index]
        "super HC": 0.1232,
        "HC": 0.1635,
        "HP": 0.2081,
    }
    assert set(offered["wh"]) == {"super HC", "HC", "HP"}  # type: ignore[call-overload]
