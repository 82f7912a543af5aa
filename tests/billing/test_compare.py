"""Offers compared."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from linkytui.billing.as_json import offer_object
from linkytui.billing.compare import Compared, Comparison, compare
from linkytui.billing.energy import Energy
from linkytui.billing.plan import find_plan
from linkytui.billing.record import Record
from linkytui.civil.days import midnight
from linkytui.civil.off_peak import OffPeak
from linkytui.reading import Contract
from linkytui.settings.model import TariffSettings
from linkytui.tariffs.book import PriceBook
from linkytui.tariffs.offers import Offer, OfferKey, PriceKind, PriceSource
from linkytui.tic import Colour
from tests.billing.households import BOOK, PARIS, base, days, hours, off_peak, tariff

D = Decimal
NOW = midnight(date(2026, 11, 25), PARIS)
YEAR_AGO = date(2025, 11, 25)


def grid(name: str, since: date, *, subscription: str = "10", power: int = 6, **prices: str) -> Offer:
    """Another supplier's offer."""
    option = Contract.HPHC if "HC" in prices else Contract.BASE
    return Offer(
        provider="Other",
        offer=name,
        option=option,
        power_kva=power,
        subscription=D(subscription),
        prices={register: D(price) for register, price in prices.items()},
        valid_from=since,
        source=PriceSource(kind=PriceKind.GRID, file="grid.pdf"),
    )


def compared(
    energies: list[Energy],
    contract: Contract,
    *,
    book: PriceBook = BOOK,
    kva: float | None = 6.0,
    windows: tuple[str, ...] = (),
    colours: dict[date, Colour] | None = None,
    settings: TariffSettings | None = None,
    now: float = NOW,
) -> Comparison:
    """What all offers ask."""
    plan = find_plan(settings or tariff(), book, contract, kva, date(2026, 11, 24))
    record = Record(zone=PARIS, energies=energies, off_peak=OffPeak.of(windows), colours=colours or {})
    return compare(record, plan, book, now=now)


def counted_by(energy: Energy, name: str) -> Energy:
    """The same energy, counted by another register."""
    return energy._replace(wh={name: sum(energy.wh.values())})


def row(comparison: Comparison, option: Contract, name: str = "Tarif Bleu") -> Compared:
    """One offer of it."""
    return next(each for each in comparison.rows if (each.offer.offer, each.offer.option) == (name, option))


def test_a_year_by_hand() -> None:
    """365 days of 8 × 700 Wh off-peak and 16 × 300 Wh peak, at 6 kVA, with the prices of 24 November 2026.

    The clock changes give and take one hour at night: 25 October 2026 has 9 off-peak hours, 29 March 2026 has 7.
    HC 2044 kWh × 0.1589 = 324.7916 → 324.79; HP 1752 kWh × 0.2142 = 375.2784 → 375.28; 12 × 15.86 = 190.32.
    Off-peak: 890.39 EUR. Base: 3796 kWh × 0.2001 = 759.5796 → 759.58, and 190.32: 949.90 EUR, 59.51 more.
    """
    comparison = compared(days(YEAR_AGO, date(2026, 11, 25), off_peak(700, 300)), Contract.HPHC)
    mine, other = row(comparison, Contract.HPHC), row(comparison, Contract.BASE)
    assert mine.year is not None
    assert other.year is not None
    assert mine.mine
    assert mine.year.coverage == 1
    assert mine.year.energy == {"HC": D("324.79"), "HP": D("375.28")}
    assert mine.year.subscription == D("190.32")
    assert mine.year.total == mine.year.per_year == D("890.39")
    assert other.year.energy == {"BASE": D("759.58")}
    assert other.year.per_year == D("949.90")
    assert other.difference == D("59.51")
    assert not mine.year.partial
    assert comparison.mine is mine


def test_the_month_by_hand() -> None:
    """1 to 24 November 2026: HC 134.4 kWh × 0.1589 = 21.35616 → 21.36; HP 115.2 × 0.2142 = 24.67584 → 24.68.

    Subscription 15.86 × 24/30 = 12.688 → 12.69: 58.73 EUR. Base: 249.6 × 0.2001 = 49.94496 → 49.94: 62.63 EUR.
    """
    comparison = compared(days(YEAR_AGO, date(2026, 11, 25), off_peak(700, 300)), Contract.HPHC)
    assert row(comparison, Contract.HPHC).bill.total == D("58.73")
    assert row(comparison, Contract.BASE).bill.total == D("62.63")
    estimate = row(comparison, Contract.BASE).estimate
    assert estimate is not None
    # 312 kWh × 0.2001 = 62.4312, and the whole subscription.
    assert estimate.total == pytest.approx(D("78.29"), abs=D("0.02"))


def test_the_cheapest_comes_first_and_the_unknown_last() -> None:
    book = PriceBook([grid("Cheap", date(2026, 9, 1), BASE="0.1"), grid("Dear", date(2026, 9, 1), BASE="0.9")])
    comparison = compared(days(YEAR_AGO, date(2026, 11, 25), base(400)), Contract.BASE, book=book)
    assert [each.offer.offer for each in comparison.rows[:3]] == ["Cheap", "Tarif Bleu", "Dear"]
    assert [each.year is not None and each.year.per_year for each in comparison.rows[3:]] == [False, None, False]


def test_an_offer_that_began_inside_the_month_is_taken_at_its_price_for_the_days_before_too() -> None:
    book = PriceBook([grid("New", date(2026, 11, 20), BASE="0.2"), grid("Later", date(2026, 12, 1), BASE="0.1")])
    comparison = compared(days(YEAR_AGO, date(2026, 11, 25), base(500)), Contract.BASE, book=book)
    assert row(comparison, Contract.BASE, "New").bill.energy == {"BASE": D("57.60")}
    assert all(each.offer.offer != "Later" for each in comparison.rows)


def test_an_offer_without_the_power_is_taken_at_the_next_higher_one() -> None:
    book = PriceBook([grid("Big", date(2026, 9, 1), power=9, BASE="0.2")])
    assert row(compared([], Contract.BASE, book=book), Contract.BASE, "Big").offer.power_kva == 9


def test_an_offer_for_meters_that_do_not_communicate_is_not_offered() -> None:
    book = PriceBook([replace(grid("Deaf", date(2026, 9, 1), BASE="0.1"), mute=True)])
    mine = days(YEAR_AGO, date(2026, 11, 25), base(400))
    assert all(each.offer.offer != "Deaf" for each in compared(mine, Contract.BASE, book=book).rows)
    paid = compared(mine, Contract.BASE, book=book, settings=tariff(provider="Other", offer="Deaf")).rows
    assert [each.offer.offer for each in paid if each.mine] == ["Deaf"]


@pytest.mark.parametrize("contract", [Contract.BASE, Contract.OTHER])
def test_an_offer_with_hours_of_its_own_is_compared_by_the_clock(contract: Contract) -> None:
    prices = {"HP semaine": D("0.3"), "week-end": D("0.1")}
    own = replace(grid("Own", date(2026, 9, 1)), option=Contract.OTHER, prices=prices)
    name = "BASE" if contract is Contract.BASE else "EASF01"
    energies = [counted_by(energy, name) for energy in days(YEAR_AGO, date(2026, 11, 25), base(400))]
    found = row(compared(energies, contract, book=PriceBook([own])), Contract.OTHER, "Own")
    assert found.reason is None
    assert found.year is not None
    # 104 days of week-ends, two of 25 and 23 hours among them, of 365.
    assert found.year.wh == {"EASF01": 104 * 24 * 400, "EASF02": 261 * 24 * 400}


def test_an_offer_whose_hours_nobody_knows_says_what_to_set() -> None:
    own = replace(grid("Own", date(2026, 9, 1)), option=Contract.OTHER, prices={"jour éco": D("0.1"), "HP": D("0.2")})
    energies = days(YEAR_AGO, date(2026, 11, 25), base(400))
    found = row(compared(energies, Contract.BASE, book=PriceBook([own])), Contract.OTHER, "Own")
    assert found.reason == "The grid does not say when jour éco is: describe it in [[tariff.calendars]]."
    assert found.year is None or found.year.per_year is None


def test_off_peak_offers_on_a_single_register_need_the_hours() -> None:
    energies = days(YEAR_AGO, date(2026, 11, 25), base(400))
    blind = row(compared(energies, Contract.BASE), Contract.HPHC)
    assert blind.year is None
    assert blind.bill.start is None
    assert blind.difference is None
    assert blind.reason == "Your off-peak hours are not known: set off_peak in [tariff]."
    # 365 × 8 h × 0.4 = 1168 kWh × 0.1589 = 185.5952; 2336 × 0.2142 = 500.3712; 190.32.
    told = row(compared(energies, Contract.BASE, windows=("22:30-06:30",)), Contract.HPHC)
    assert told.year is not None
    assert told.year.per_year == pytest.approx(D("876.29"), abs=D("0.03"))
    assert told.reason is None


def test_tempo_is_worked_out_from_recorded_colours() -> None:
    """All days blue but for two red ones: 365 × 16 h × 0.5 kWh, of which 16 on HPJR, and 365 × 8 h × 1 kWh, 16 HCJR.

    HPJB 2904 × 0.1654 = 480.32; HCJB 2904 × 0.1356 = 393.78; HPJR 16 × 0.7295 = 11.67; HCJR 16 × 0.1615 = 2.58;
    12 × 15.80 = 189.60 (6 kVA): 1077.95 EUR.
    """
    first = YEAR_AGO - timedelta(days=1)
    colours = {first + timedelta(days=number): Colour.BLUE for number in range(367)}
    colours |= {date(2026, 1, 7): Colour.RED, date(2026, 1, 8): Colour.RED}

    energies = days(YEAR_AGO, date(2026, 11, 25), lambda when: {"BASE": 500 if 6 <= when.hour < 22 else 1000})
    tempo = row(compared(energies, Contract.BASE, colours=colours), Contract.TEMPO)
    assert tempo.year is not None
    assert tempo.reason is None
    assert {name: wh for name, wh in tempo.year.wh.items() if wh} == {
        "HCJB": 2_904_000,
        "HPJB": 2_904_000,
        "HCJR": 16_000,
        "HPJR": 16_000,
    }
    assert tempo.year.per_year == D("1077.95")


def test_tempo_without_colours_has_no_year() -> None:
    """Only Sundays are known to be blue: a year made of them would be a cheap one."""
    tempo = row(compared(days(YEAR_AGO, date(2026, 11, 25), base(400)), Contract.BASE), Contract.TEMPO)
    assert tempo.year is not None
    assert tempo.year.coverage == pytest.approx(52 / 365, abs=0.01)
    assert tempo.year.per_year is None
    assert tempo.estimate is None
    assert not tempo.bill.complete
    assert tempo.reason is not None
    assert "only a meter with a Tempo contract reports it" in tempo.reason


def test_half_a_year_is_scaled_and_marked() -> None:
    """182.5 days of 9.6 kWh: 1752 kWh × 0.2001 = 350.5752 → 350.58, twice, and 190.32."""
    now = NOW
    energies = list(hours(now - 182.5 * 86_400, now, base(400)))
    year = row(compared(energies, Contract.BASE), Contract.BASE).year
    assert year is not None
    assert year.coverage == pytest.approx(0.5)
    assert year.partial
    assert year.energy == {"BASE": D("350.58")}
    assert year.subscription == D("95.16")
    assert year.total == D("445.74")
    assert year.per_year == D("891.48")


def test_less_than_a_day_gives_no_year() -> None:
    comparison = compared(list(hours(NOW - 20 * 3600, NOW, base(400))), Contract.BASE)
    assert all(each.year is None for each in comparison.rows)
    assert comparison.recorded


def test_a_change_of_contract_inside_the_year_is_bridged() -> None:
    change = date(2026, 6, 1)
    energies = days(YEAR_AGO, change, base(400)) + days(change, date(2026, 11, 25), off_peak(400, 400))
    comparison = compared(energies, Contract.HPHC, windows=("23:00-07:00",))
    flat, cheap = row(comparison, Contract.BASE), row(comparison, Contract.HPHC)
    assert flat.year is not None
    assert cheap.year is not None
    assert flat.year.wh == {"BASE": 365 * 9600}
    assert cheap.year.wh == {"HC": 365 * 3200, "HP": 365 * 6400}


def test_prices_by_hand_are_mine_and_the_regulated_tariff_stays() -> None:
    settings = tariff(prices={"BASE": D("0.15"), "subscription": D(10)})
    comparison = compared(days(YEAR_AGO, date(2026, 11, 25), base(400)), Contract.BASE, settings=settings)
    assert comparison.rows[0].mine
    assert comparison.rows[0].offer.key == OfferKey("", "", Contract.BASE)
    assert row(comparison, Contract.BASE).difference is not None


def test_why_my_offer_is_missing_is_said() -> None:
    settings = tariff(provider="Nobody")
    comparison = compared(days(YEAR_AGO, date(2026, 11, 25), base(400)), Contract.BASE, settings=settings)
    assert comparison.mine is None
    assert comparison.trouble is not None
    assert "No price of Nobody" in comparison.trouble
    assert all(each.difference is None for each in comparison.rows)
    unknown = compared(days(YEAR_AGO, date(2026, 11, 25), base(400)), Contract.BASE, kva=None)
    assert unknown.rows == ()
    assert unknown.trouble == "Subscribed power unknown: set power_kva in [meter]."


def test_nothing_recorded_is_said() -> None:
    comparison = compared([], Contract.BASE)
    assert not comparison.recorded
    assert all(each.bill.total == 0 for each in comparison.rows)


def test_the_object_for_other_programs() -> None:
    comparison = compared(days(YEAR_AGO, date(2026, 11, 25), off_peak(700, 300)), Contract.HPHC)
    shown = offer_object(comparison, row(comparison, Contract.BASE), PARIS)
    offer, year = shown["offer"], shown["year"]
    assert isinstance(offer, dict)
    assert isinstance(year, dict)
    assert shown["month"] == "2026-11"
    assert shown["from"] == "2026-11-01T00:00:00+01:00"
    assert shown["energy_eur"] == {"BASE": 49.94}
    assert shown["total_eur"] == 62.63
    assert shown["coverage"] == 1
    assert (shown["mine"], shown["difference_eur_year"], shown["reason"]) == (False, 59.51, None)
    assert offer["option"] == "BASE"
    assert (year["coverage"], year["per_year_eur"]) == (1, 949.9)
