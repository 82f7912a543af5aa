"""Which offer a person pays."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from linkytui.billing.plan import find_plan, why_no_price
from linkytui.reading import Contract
from linkytui.tariffs.book import PriceBook
from linkytui.tariffs.offers import Offer, OfferKey, PriceKind, PriceSource
from tests.billing.households import BOOK, tariff

D = Decimal
TODAY = date(2026, 11, 24)


def grid(provider: str, name: str, power: int, **prices: str) -> Offer:
    """An offer as a supplier's grid gives it."""
    option = Contract.HPHC if "HC" in prices else Contract.BASE
    return Offer(
        provider=provider,
        offer=name,
        option=option,
        power_kva=power,
        subscription=D(prices.pop("subscription")),
        prices={register: D(price) for register, price in prices.items()},
        valid_from=date(2026, 9, 1),
        source=PriceSource(kind=PriceKind.GRID, file="grid.pdf"),
    )


def test_nothing_set_takes_the_regulated_tariff_and_says_so() -> None:
    plan = find_plan(tariff(), BOOK, Contract.HPHC, 9.0, TODAY)
    assert plan.assumed
    assert plan.title == "EDF Tarif Bleu"
    assert plan.power_kva == 9
    offer = plan.prices(BOOK)(Contract.HPHC, TODAY)
    assert offer is not None
    assert (offer.subscription, offer.prices["HP"]) == (D("19.88"), D("0.2142"))


def test_a_set_offer_is_found_whatever_the_case_and_the_accents() -> None:
    book = PriceBook([grid("Engie", "Elec Référence", 6, subscription="15.67", BASE="0.22249")])
    plan = find_plan(tariff(provider="engie", offer="elec reference"), book, Contract.BASE, 6.0, TODAY)
    assert not plan.assumed
    assert plan.key == OfferKey("Engie", "Elec Référence", Contract.BASE)
    offer = plan.prices(book)(Contract.BASE, TODAY)
    assert offer is not None
    assert offer.prices == {"BASE": D("0.22249")}


def test_an_offer_is_found_without_its_supplier() -> None:
    plan = find_plan(tariff(offer="tarif bleu"), BOOK, Contract.TEMPO, 9.0, TODAY)
    assert plan.key == OfferKey("EDF", "Tarif Bleu", Contract.TEMPO)
    assert not plan.assumed


def test_a_supplier_with_several_offers_asks_which_one_it_is() -> None:
    """As when the second grid of a supplier is fetched, and the first alone was enough to name it before."""
    fixed = grid("TotalEnergies", "Standard Fixe", 6, subscription="15.67", BASE="0.19")
    eco = grid("TotalEnergies", "Heures Eco", 6, subscription="15.67", BASE="0.2")
    for named, words in (
        ({}, "Your offer from totalenergies is not known: set offer in [tariff] to one of Heures Eco, "),
        ({"offer": "Verte"}, "No price of totalenergies Verte, Base is known, only of Heures Eco, Standard Fixe: set"),
    ):
        book = PriceBook([fixed, eco])
        plan = find_plan(tariff(provider="totalenergies", **named), book, Contract.BASE, 6.0, TODAY)
        assert plan.prices(book)(Contract.BASE, TODAY) is None
        assert why_no_price(plan, book, Contract.BASE, TODAY).startswith(words)


def test_edf_alone_is_its_regulated_tariff_and_said_not_to_be_certain_beside_its_other_offers() -> None:
    alone = find_plan(tariff(provider="edf"), BOOK, Contract.BASE, 6.0, TODAY)
    book = PriceBook([grid("EDF", "Zen Fixe", 6, subscription="17.22", BASE="0.1847")])
    beside = find_plan(tariff(provider="edf"), book, Contract.BASE, 6.0, TODAY)
    assert alone.key == beside.key == OfferKey("EDF", "Tarif Bleu", Contract.BASE)
    assert (alone.assumed, beside.assumed) == (False, True)


def test_the_option_that_is_set_wins_over_the_meters() -> None:
    plan = find_plan(tariff(option="BASE"), BOOK, Contract.HPHC, 9.0, TODAY)
    assert plan.contract is Contract.BASE
    assert plan.option is Contract.BASE


def test_one_price_by_hand_corrects_the_regulated_tariff() -> None:
    plan = find_plan(tariff(prices={"HC": D("0.1")}), BOOK, Contract.HPHC, 9.0, TODAY)
    assert not plan.assumed
    offer = plan.prices(BOOK)(Contract.HPHC, TODAY)
    assert offer is not None
    assert offer.prices == {"HC": D("0.1"), "HP": D("0.2142")}
    assert offer.source.kind is PriceKind.HAND
    assert BOOK.price_at(plan.key, 9, TODAY) != offer


def test_prices_all_by_hand_are_an_offer_of_their_own() -> None:
    settings = tariff(prices={"HC": D("0.1"), "HP": D("0.2"), "subscription": D(10)})
    plan = find_plan(settings, BOOK, Contract.HPHC, 9.0, TODAY)
    assert plan.title == "Prices set by hand"
    offer = plan.prices(BOOK)(Contract.HPHC, date(2015, 1, 1))
    assert offer is not None
    assert (offer.subscription, offer.prices, offer.valid_from) == (D(10), {"HC": D("0.1"), "HP": D("0.2")}, None)


def test_prices_all_by_hand_need_no_power() -> None:
    settings = tariff(prices={"BASE": D("0.2"), "subscription": D(10)})
    plan = find_plan(settings, BOOK, Contract.BASE, None, TODAY)
    assert plan.prices(BOOK)(Contract.BASE, TODAY) is not None


@pytest.mark.parametrize(("kva", "paid"), [(6.0, 6), (7.0, 9), (5.2, 6), (20.0, 24), (48.0, 48)])
def test_a_power_that_the_offer_does_not_have_pays_the_next_one(kva: float, paid: int) -> None:
    assert find_plan(tariff(), BOOK, Contract.HPHC, kva, TODAY).power_kva == paid


def test_a_change_of_option_keeps_the_supplier() -> None:
    plan = find_plan(tariff(provider="EDF"), BOOK, Contract.TEMPO, 9.0, TODAY)
    offer = plan.prices(BOOK)(Contract.BASE, TODAY)
    assert offer is not None
    assert offer.key == OfferKey("EDF", "Tarif Bleu", Contract.BASE)


def test_a_future_grid_is_not_applied_before_its_day() -> None:
    plan = find_plan(tariff(), BOOK, Contract.BASE, 6.0, date(2026, 7, 31))
    prices = plan.prices(BOOK)
    before, after = prices(Contract.BASE, date(2026, 7, 31)), prices(Contract.BASE, date(2026, 8, 1))
    assert before is not None
    assert after is not None
    assert (before.subscription, after.subscription) == (D("15.65"), D("15.86"))


@pytest.mark.parametrize(
    ("settings", "contract", "kva", "words"),
    [
        ({}, Contract.BASE, None, "Subscribed power unknown: set power_kva in [meter]."),
        ({}, Contract.OTHER, 9.0, "set the prices by hand in [tariff.prices]"),
        ({}, Contract.BASE, 48.0, "for 48 kVA, only for 3, 6, 9, 12, 15, 18, 24, 30, 36 kVA"),
        ({"provider": "Nobody"}, Contract.BASE, 6.0, "No price of Nobody, Base is known on 24 November 2026: read"),
    ],
)
def test_why_there_is_no_price_is_said_in_a_line(
    settings: dict[str, object], contract: Contract, kva: float | None, words: str
) -> None:
    plan = find_plan(tariff(**settings), BOOK, contract, kva, TODAY)
    assert plan.prices(BOOK)(contract, TODAY) is None
    text = why_no_price(plan, BOOK, contract, TODAY)
    assert words in text
    assert "\n" not in text


def test_prices_by_hand_win_over_those_of_a_grid_with_hours_of_its_own() -> None:
    own = grid("Ohm", "Week-end", 6, **{"subscription": "12", "HP semaine": "0.2", "week-end": "0.1"})
    book = PriceBook([replace(own, option=Contract.OTHER)])
    by_hand = tariff(
        provider="Ohm", offer="Week-end", prices={"subscription": D(13), "EASF01": D("0.3"), "EASF02": D("0.1")}
    )
    offer = find_plan(by_hand, book, Contract.OTHER, 6.0, TODAY).prices(book)(Contract.OTHER, TODAY)
    assert offer is not None
    assert offer.subscription == D(13)
    assert offer.prices == {"EASF01": D("0.3"), "EASF02": D("0.1")}


def test_an_offer_that_is_sold_with_a_calendar_of_its_own_alone_is_taken_with_it() -> None:
    own = grid("Ohm", "Week-end", 6, **{"subscription": "12", "HP semaine": "0.2", "week-end": "0.1"})
    book = PriceBook([replace(own, option=Contract.OTHER)])
    plan = find_plan(tariff(provider="Ohm", offer="Week-end"), book, Contract.BASE, 6.0, TODAY)
    assert plan.contract is Contract.OTHER
    assert plan.calendar is not None
    assert plan.calendar.registers == {"week-end": "EASF01", "HP semaine": "EASF02"}


def test_prices_that_begin_later_are_mentioned() -> None:
    book = PriceBook([grid("Mint", "Classic", 6, subscription="12.5", BASE="0.18")])
    plan = find_plan(tariff(provider="Mint"), book, Contract.BASE, 6.0, date(2026, 8, 1))
    assert "start after 1 August 2026" in why_no_price(plan, book, Contract.BASE, date(2026, 8, 1))


def test_an_offer_without_a_name_has_a_title() -> None:
    assert OfferKey("", "", Contract.BASE).title == "Prices set by hand"
