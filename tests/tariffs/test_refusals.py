"""Documents that are refused, each with a reason for a person."""

import pytest

from linkytui.errors import GridError
from linkytui.i18n import use_language
from linkytui.tariffs.grid.extract import pages_of
from linkytui.tariffs.grid.offers import grid_of
from linkytui.tariffs.grid.process import MAX_SIZE, read_grid
from tests.tariffs.replicas import broken


def refusal(pdf: bytes) -> str:
    """Why a document is refused."""
    with pytest.raises(GridError) as caught:
        grid_of(pages_of(pdf), "grille.pdf")
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_the_plain_grid_is_read() -> None:
    """So that each refusal below has the one reason it is for."""
    grid = grid_of(pages_of(broken.sheet_of()), "toute-simple.pdf")
    assert [offer.power_kva for offer in grid.offers] == [6, 9, 12, 15, 18, 24, 30, 36]
    assert {(offer.provider, offer.offer) for offer in grid.offers} == {("toute-simple", "Toute Simple")}


def _swap(rows: list[list[str]]) -> None:
    for row in rows:
        row[2], row[3] = row[3], row[2]


def test_off_peak_dearer_than_peak() -> None:
    assert refusal(broken.changed(_swap)) == "page 1: HPHC: HC costs more than HP at 6 kVA"


def test_cents_that_are_called_euros() -> None:
    def cents(rows: list[list[str]]) -> None:
        for row in rows:
            row[2:] = ["20,81", "16,35"]

    assert "16.3500 EUR/kWh (HC, 6 kVA) cannot be; is its unit right?" in refusal(broken.changed(cents))


def test_a_year_that_is_called_a_month() -> None:
    def year(rows: list[list[str]]) -> None:
        for row in rows:
            row[1] = f"{179 + int(row[0])},58"

    assert "185.58 EUR a month at 6 kVA cannot be" in refusal(broken.changed(year))


def test_prices_with_taxes_must_fit_those_without() -> None:
    right = ("0,1434", "0,2081", "0,1063", "0,1636")
    grid = grid_of(pages_of(broken.with_both_taxes(*right)), "grille.pdf")
    assert {str(offer.prices["HP"]) for offer in grid.offers} == {"0.2081"}
    for wrong in (("0,1434", "0,2081", "0,1063", "0,1735"), ("0,2081", "0,1434", "0,1636", "0,1063")):
        assert "prices with taxes do not fit those without" in refusal(broken.with_both_taxes(*wrong))


def test_prices_without_taxes_only() -> None:
    heads = ("Puissance\n(kVA)", "Abonnement\n€ HT/mois", "HP\n€ HT/kWh", "HC\n€ HT/kWh")
    assert "it gives no prices with taxes" in refusal(broken.sheet_of(heads=heads))


def test_nothing_says_whether_taxes_are_included() -> None:
    heads = ("Puissance\n(kVA)", "Abonnement\n€/mois", "HP\n€/kWh", "HC\n€/kWh")
    assert "does not say whether its prices include taxes" in refusal(broken.sheet_of(heads=heads))


def test_prices_that_are_not_those_of_the_option_named() -> None:
    heads = (
        "Tempo\nPuissance (kVA)",
        "Abonnement\n€ TTC/mois",
        "Heures Pleines\n€ TTC/kWh",
        "Heures Creuses\n€ TTC/kWh",
    )
    assert "not those of TEMPO, which it names" in refusal(broken.sheet_of(heads=heads))
    fewer = ("Puissance\n(kVA)", "Abonnement\n€ TTC/mois", "HP / HC\n€ TTC/kWh")
    rows = [[str(power), f"{9 + power},00", "0,2081"] for power in (6, 9, 12)]
    assert "has one price" in refusal(broken.sheet_of(rows, fewer))


def test_no_date() -> None:
    assert "from which day its prices hold" in refusal(broken.sheet_of(date="Prix de la saison"))


def test_no_prices() -> None:
    assert "no table of electricity prices" in refusal(broken.sheet_of(rows=[], heads=()))


def test_a_picture() -> None:
    assert "it has no text layer" in refusal(broken.picture())


def test_a_password() -> None:
    assert refusal(broken.protected()) == "it is protected by a password"


def test_five_hundred_pages() -> None:
    assert refusal(broken.sheet_of(pages=500)) == "it has 500 pages; a price grid has at most 40"


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_file_cut_short(share: float) -> None:
    pdf = broken.sheet_of()
    assert "cut short" in refusal(pdf[: int(len(pdf) * share)])


def test_a_damaged_file() -> None:
    pdf = broken.sheet_of().replace(b"endobj", b"endoops").replace(b"xref", b"xerf")
    assert "the file is damaged" in refusal(pdf)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the file is empty"),
        (b"<!DOCTYPE html><html><body>403</body></html>", "it is a web page, not a PDF"),
        (b"\x00" * 2000, "it is not a PDF"),
        (b"%PDF-1.7" + b"\x00" * MAX_SIZE, "it is larger than 20 MB"),
    ],
    ids=["empty", "web page", "zeros", "huge"],
)
def test_what_is_no_grid_at_all_does_not_reach_the_reader(data: bytes, reason: str) -> None:
    with pytest.raises(GridError, match=reason):
        read_grid(data, "grille.pdf")


def _plain_rows() -> list[list[str]]:
    return [[str(power), f"{9 + power},00", "0,2081", "0,1635"] for power in (6, 9, 12, 15)]


def _grid_of_rows(rows: list[list[str]]) -> dict[int, tuple[str, ...]]:
    offers = grid_of(pages_of(broken.sheet_of(rows)), "grille.pdf").offers
    return {offer.power_kva: (str(offer.subscription), *map(str, offer.prices.values())) for offer in offers}


@pytest.mark.parametrize("missing", ["", "-", "?"])
@pytest.mark.parametrize("row", [0, 1, 2, 3])
@pytest.mark.parametrize("column", [0, 1, 2, 3])
def test_a_lost_cell_never_makes_a_wrong_price(row: int, column: int, missing: str) -> None:
    """Either the row is left out, or what is left of it is right."""
    whole = _grid_of_rows(_plain_rows())
    rows = _plain_rows()
    rows[row][column] = missing
    found = _grid_of_rows(rows)
    assert found.items() <= whole.items()
    assert len(found) >= 3


def test_a_refusal_is_in_the_language_of_the_person() -> None:
    use_language("fr")
    with pytest.raises(GridError, match="il est protégé par un mot de passe"):
        read_grid(broken.protected(), "grille.pdf")
