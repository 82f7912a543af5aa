"""The price book: which price is in force on which day."""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkytui.civil.price_days import last_change, next_change
from linkytui.reading import REGISTERS, Contract
from linkytui.tariffs.book import PriceBook
from linkytui.tariffs.offers import HandPrices, Offer, OfferKey, PriceKind, PriceSource
from linkytui.tariffs.regulated import regulated_offers

BASE = OfferKey("EDF", "Tarif Bleu", Contract.BASE)
HPHC = OfferKey("EDF", "Tarif Bleu", Contract.HPHC)
TEMPO = OfferKey("EDF", "Tarif Bleu", Contract.TEMPO)
EJP = OfferKey("EDF", "Tarif Bleu", Contract.EJP)


def grid(
    key: OfferKey = BASE,
    day: date = date(2027, 2, 1),
    power: int = 6,
    price: str = "0.2",
    fetched_at: float | None = None,
) -> Offer:
    """An offer read in a grid, the same price in every register."""
    return Offer(
        provider=key.provider,
        offer=key.offer,
        option=key.option,
        power_kva=power,
        subscription=Decimal("15.00"),
        prices={register: Decimal(price) for register in REGISTERS[key.option]},
        valid_from=day,
        source=PriceSource(kind=PriceKind.GRID, file="grid.pdf", sha256="ab" * 32, page=1, fetched_at=fetched_at),
    )


def test_the_regulated_tariff_of_any_day_since_2012_is_known_without_a_grid() -> None:
    book = PriceBook()
    august = book.price_at(HPHC, 6, date(2025, 8, 1))
    assert august is not None
    assert (august.subscription, dict(august.prices)) == (
        Decimal("15.74"),
        {"HC": Decimal("0.1635"), "HP": Decimal("0.2081")},
    )
    july = book.price_at(HPHC, 6, date(2025, 7, 31))
    assert july is not None
    assert july.valid_from == date(2025, 2, 1)
    assert book.price_at(BASE, 6, date(2012, 7, 22)) is None


def test_the_base_price_depends_on_the_power_since_2026() -> None:
    book = PriceBook()
    prices = {
        power: offer.prices["BASE"] for power in (6, 9) if (offer := book.price_at(BASE, power, date(2026, 11, 24)))
    }
    assert prices == {6: Decimal("0.2001"), 9: Decimal("0.1985")}


def test_tempo_at_24_kva_exists_since_august_2026_only() -> None:
    book = PriceBook()
    assert book.price_at(TEMPO, 24, date(2026, 7, 31)) is None
    offer = book.price_at(TEMPO, 24, date(2026, 8, 1))
    assert offer is not None
    assert offer.subscription == Decimal("38.21")
    assert list(offer.prices) == ["HCJB", "HPJB", "HCJW", "HPJW", "HCJR", "HPJR"]


def test_ejp_keeps_its_last_known_price_and_says_that_it_is_overdue() -> None:
    book = PriceBook()
    offer = book.price_at(EJP, 9, date(2026, 11, 24))
    assert offer is not None
    assert offer.valid_from == date(2026, 2, 1)
    assert book.price_at(EJP, 24, date(2026, 11, 24)) is None
    assert book.overdue(date(2026, 11, 24), EJP) == date(2026, 8, 1)
    assert book.overdue(date(2026, 11, 24)) is None


def test_a_future_grid_is_known_ahead_and_not_applied_before_its_day() -> None:
    coming = grid(day=date(2027, 2, 1), price="0.25")
    book = PriceBook([coming])
    before, after = book.price_at(BASE, 6, date(2027, 1, 31)), book.price_at(BASE, 6, date(2027, 2, 1))
    assert before is not None
    assert before.valid_from == date(2026, 8, 1)
    assert after == coming
    assert book.ahead(date(2027, 1, 31)) == (coming,)
    assert book.ahead(date(2027, 2, 1)) == ()


def test_a_suppliers_grid_wins_over_the_history_and_a_reissue_over_the_first_issue() -> None:
    first, second = (grid(day=date(2026, 8, 1), price=price) for price in ("0.2100", "0.2200"))
    book = PriceBook([first])
    assert book.price_at(BASE, 6, date(2026, 9, 1)) == first
    book.add([second])
    assert book.price_at(BASE, 6, date(2026, 9, 1)) == second
    book.add(regulated_offers())
    assert book.price_at(BASE, 6, date(2026, 9, 1)) == second
    assert book.grids == (second,)


def test_spans_split_at_the_day_of_the_change() -> None:
    spans = PriceBook().spans(BASE, 6, date(2026, 7, 20), date(2026, 8, 10))
    assert [(span.first, span.end, span.offer.prices["BASE"]) for span in spans] == [
        (date(2026, 7, 20), date(2026, 8, 1), Decimal("0.1940")),
        (date(2026, 8, 1), date(2026, 8, 10), Decimal("0.2001")),
    ]


def test_days_before_the_first_known_price_belong_to_no_span() -> None:
    spans = PriceBook().spans(TEMPO, 24, date(2026, 7, 1), date(2026, 9, 1))
    assert [(span.first, span.end) for span in spans] == [(date(2026, 8, 1), date(2026, 9, 1))]
    assert PriceBook().spans(BASE, 6, date(2026, 7, 1), date(2026, 7, 1)) == ()


@given(st.dates(date(2012, 7, 23), date(2028, 1, 1)), st.integers(1, 900))
def test_spans_cover_every_day_once_with_the_price_of_that_day(first: date, days: int) -> None:
    book = PriceBook()
    end = date.fromordinal(first.toordinal() + days)
    spans = book.spans(HPHC, 9, first, end)
    assert spans[0].first == first
    assert spans[-1].end == end
    for span, after in pairwise(spans):
        assert span.end == after.first
    for span in spans:
        last = date.fromordinal(span.end.toordinal() - 1)
        assert book.price_at(HPHC, 9, span.first) == span.offer == book.price_at(HPHC, 9, last)


def test_all_offers_in_force_take_the_next_higher_power_where_theirs_is_missing() -> None:
    total = OfferKey("TotalEnergies", "Standard Fixe", Contract.BASE)
    book = PriceBook([grid(total, date(2025, 8, 5), power) for power in (6, 7, 8)])
    found = {offer.key: offer.power_kva for offer in book.in_force(date(2026, 3, 1), 7)}
    assert found == {BASE: 9, HPHC: 9, TEMPO: 9, EJP: 9, total: 7}
    assert total not in {offer.key for offer in book.in_force(date(2025, 8, 4), 7)}
    assert [offer.power_kva for offer in book.in_force(date(2026, 3, 1)) if offer.key == total] == [6, 7, 8]


def test_prices_by_hand_win_each_for_itself() -> None:
    hand = HandPrices(key=HPHC, power_kva=9, prices={"HP": Decimal("0.30")})
    book = PriceBook(hand=hand)
    offer = book.price_at(HPHC, 9, date(2026, 9, 1))
    assert offer is not None
    assert dict(offer.prices) == {"HC": Decimal("0.1589"), "HP": Decimal("0.30")}
    assert offer.subscription == Decimal("19.88")
    assert offer.source.kind is PriceKind.HAND
    assert offer.source.corrects is not None
    assert offer.source.corrects.kind is PriceKind.REGULATED
    whole = HandPrices(key=HPHC, prices={"HP": Decimal("0.30"), "HC": Decimal("0.2")}, subscription=Decimal(12))
    corrected = PriceBook(hand=whole).price_at(HPHC, 9, date(2026, 9, 1))
    assert corrected is not None
    assert corrected.source.corrects is None
    other = book.price_at(HPHC, 6, date(2026, 9, 1))
    assert other is not None
    assert other.source.kind is PriceKind.REGULATED


def test_prices_by_hand_stand_alone_when_they_are_complete() -> None:
    key = OfferKey("Coopérative", "Maison", Contract.HPHC)
    prices = {"HP": Decimal("0.24"), "HC": Decimal("0.18")}
    book = PriceBook(hand=HandPrices(key=key, power_kva=9, prices=prices, subscription=Decimal("17")))
    offer = book.price_at(key, 9, date(2020, 1, 1))
    assert offer is not None
    assert (offer.valid_from, list(offer.prices.items())) == (None, [("HC", Decimal("0.18")), ("HP", Decimal("0.24"))])
    assert offer in book.in_force(date(2026, 9, 1), 9)
    assert [span.offer for span in book.spans(key, 9, date(2026, 9, 1), date(2026, 9, 3))] == [offer]
    for missing in (
        HandPrices(key=key, power_kva=9, prices=prices),
        HandPrices(key=key, power_kva=9, prices={"HP": Decimal("0.24")}, subscription=Decimal("17")),
    ):
        assert PriceBook(hand=missing).price_at(key, 9, date(2020, 1, 1)) is None


def test_a_suppliers_own_calendar_can_be_priced_by_hand() -> None:
    key = OfferKey("EDF", "Zen Week-End", Contract.OTHER)
    prices = {"EASF01": Decimal("0.22"), "EASF02": Decimal("0.17"), "BASE": Decimal("1")}
    offer = PriceBook(hand=HandPrices(key=key, prices=prices, subscription=Decimal("15"))).price_at(
        key, 6, date(2026, 9, 1)
    )
    assert offer is not None
    assert list(offer.prices) == ["EASF01", "EASF02"]


@pytest.mark.parametrize(
    ("day", "last", "following"),
    [
        (date(2026, 1, 31), date(2025, 8, 1), date(2026, 2, 1)),
        (date(2026, 2, 1), date(2026, 2, 1), date(2026, 8, 1)),
        (date(2026, 11, 24), date(2026, 8, 1), date(2027, 2, 1)),
    ],
)
def test_changes_are_expected_in_february_and_august(day: date, last: date, following: date) -> None:
    assert last_change(day) == last
    assert next_change(day) == following


def test_a_book_older_than_the_last_change_says_so_until_the_supplier_serves_the_grid_again() -> None:
    day = date(2027, 3, 1)
    book = PriceBook()
    assert book.overdue(day) == date(2027, 2, 1)
    book.add([grid(day=date(2026, 8, 1), fetched_at=datetime(2027, 2, 1, 3, tzinfo=UTC).timestamp())])
    assert book.overdue(day) == date(2027, 2, 1)
    book.add([grid(day=date(2026, 8, 1), fetched_at=datetime(2027, 2, 20, tzinfo=UTC).timestamp())])
    assert book.overdue(day) is None
    assert book.overdue(day, OfferKey("Mint", "Online & Green", Contract.BASE)) is None


def test_an_offer_prints_the_object_that_prices_promises() -> None:
    assert grid().as_json() == {
        "provider": "EDF",
        "offer": "Tarif Bleu",
        "option": "BASE",
        "power_kva": 6,
        "valid_from": "2027-02-01",
        "subscription_eur_month": 15.0,
        "prices_eur_kwh": {"BASE": 0.2},
        "source": {"file": "grid.pdf", "sha256": "ab" * 32, "page": 1},
    }
