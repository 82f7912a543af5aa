"""What stands on real grids beside their prices, and must not change what is read in them."""

from collections.abc import Sequence

import pytest

from linkytui.errors import GridError
from linkytui.tariffs.grid.extract import pages_of
from linkytui.tariffs.grid.offers import Grid, grid_of
from tests.tariffs.replicas import broken
from tests.tariffs.replicas.prices import POWERS
from tests.tariffs.replicas.sheet import Sheet

_EDGES = (60, 130, 230, 330)
_HEADS = ("Puissance\n(kVA)", "Abonnement\n€ TTC/mois", "Prix du kWh\n€ TTC")


def read(pdf: bytes) -> Grid:
    """What a document holds."""
    return grid_of(pages_of(pdf), "grille.pdf")


def table(sheet: Sheet, top: float, more: int = 0, heads: Sequence[str] = _HEADS) -> None:
    """A table of Base prices, dearer by so many EUR a month and tenths of a cent."""
    sheet.row(_EDGES, top, top + 26, heads)
    for place, power in enumerate(POWERS):
        cells = (str(power), f"{8 + power + more},50", f"0,19{more}2")
        sheet.row(_EDGES, top + 26 + place * 13, top + 39 + place * 13, cells)


def begun(*lines: str) -> Sheet:
    """A sheet with the words that every grid has, and some of its own."""
    sheet = Sheet()
    words = "Électricité pour les particuliers. Énergie du Lac SAS au capital de 1 000 €"
    sheet.paragraph(60, ["Prix applicables au 1er octobre 2025", words, *lines])
    return sheet


def offers(grid: Grid) -> dict[str, str]:
    """The subscription at 6 kVA by the offer's name."""
    return {offer.offer: str(offer.subscription) for offer in grid.offers if offer.power_kva == 6}


def test_offers_of_one_two_and_three_years_keep_their_names_page_by_page() -> None:
    sheet = begun()
    for years in (1, 2, 3):
        if years > 1:
            sheet.page(turn=True)
        sheet.text(60, 100, f"Offre de fourniture d'électricité Plenifix {years} an{'s' if years > 1 else ''}", 16)
        sheet.text(60, 130, "Offre verte d'électricité certifiée par des garanties d'origine", 9)
        table(sheet, 160, years)
    assert offers(read(sheet.done())) == {
        "Plenifix 1 an": "15.50",
        "Plenifix 2 ans": "16.50",
        "Plenifix 3 ans": "17.50",
    }


def test_two_offers_under_each_other_on_a_page_keep_their_names() -> None:
    sheet = begun()
    for number, name in enumerate(("Horizon", "Marée Haute")):
        sheet.text(60, 110 + number * 250, f"Offre {name}", 14)
        table(sheet, 140 + number * 250, number)
    assert offers(read(sheet.done())) == {"Horizon": "14.50", "Marée Haute": "15.50"}


def test_a_frame_around_the_page_is_no_table() -> None:
    sheet = begun()
    sheet.frame(15, 15, 580, 825)
    sheet.text(60, 110, "Offre Horizon", 14)
    table(sheet, 140)
    assert offers(read(sheet.done())) == {"Horizon": "14.50"}


def test_a_note_with_a_word_for_summer_makes_no_seasons() -> None:
    sheet = begun("Les puissances de 18 à 36 kVA ont été mises en extinction le week-end du 1er août 2025.")
    sheet.text(60, 110, "Offre Horizon", 14)
    table(sheet, 140)
    assert {offer.option.value for offer in read(sheet.done()).offers} == {"BASE"}


def test_a_grid_for_meters_that_do_not_communicate_says_so() -> None:
    sheet = begun()
    sheet.text(60, 110, "Offre Horizon", 14)
    table(sheet, 140)
    sheet.page(turn=True)
    sheet.text(60, 80, "Offre Horizon", 14)
    sheet.text(60, 110, "Compteurs non communicants", 12)
    table(sheet, 140, 2)
    grid = read(sheet.done())
    assert offers(grid) == {"Horizon": "14.50", "Horizon non communicant": "16.50"}
    assert {offer.offer for offer in grid.offers if offer.mute} == {"Horizon non communicant"}


def test_what_pads_a_document_after_its_end_does_no_harm() -> None:
    assert len(read(broken.sheet_of() + b"\0" * 5000).offers) == 8
    assert len(read(broken.sheet_of() + b"\r\n" * 3000).offers) == 8


def test_a_table_that_is_not_understood_is_mentioned() -> None:
    sheet = begun()
    sheet.text(60, 110, "Offre Horizon", 14)
    table(sheet, 140)
    sheet.page(turn=True)
    sheet.row((60, 160, 220, 280, 340), 100, 120, ("Puissance (kVA)", "trois", "six", "neuf"))
    sheet.row((60, 160, 220, 280, 340), 120, 140, ("Abonnement €/mois", "12,10", "15,20", "18,30"))
    sheet.row((60, 160, 220, 280, 340), 140, 160, ("Prix du kWh (€)", "0,1952", "0,1952", "0,1952"))
    assert read(sheet.done()).notes == (
        "page 2: it names powers, kWh and prices, but no table of them could be understood",
    )


def test_prices_without_taxes_are_not_taken_for_what_one_pays() -> None:
    sheet = begun()
    sheet.text(60, 110, "Offre Horizon", 14)
    table(sheet, 140, heads=("Puissance\n(kVA)", "Abonnement\n€ HT/mois", "Prix du kWh\n€ HT"))
    with pytest.raises(GridError):
        read(sheet.done())


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("Prix du gaz naturel. Abonnement annuel et prix du kWh selon la classe de consommation. " * 4, "a gas grid"),
        ("Conditions générales de vente. Article 1. Le client et le fournisseur conviennent. " * 4, "conditions"),
        (
            "Nous fournissons de l'électricité verte à nos clients depuis des années, partout en France. " * 4,
            "no table",
        ),
    ],
)
def test_a_document_without_a_grid_is_refused_for_what_it_is(words: str, reason: str) -> None:
    sheet = Sheet()
    sheet.paragraph(60, [words[start : start + 90] for start in range(0, len(words), 90)])
    with pytest.raises(GridError, match=reason):
        read(sheet.done())
