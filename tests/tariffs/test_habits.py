"""Ways in which suppliers lay out their prices: each is read as a person reads it."""

from decimal import Decimal

import pytest

from linkytui.errors import GridError
from linkytui.tariffs.grid.extract import pages_of
from linkytui.tariffs.grid.offers import Grid, grid_of
from tests.tariffs.replicas.cells import UP, Rows, begun, table
from tests.tariffs.replicas.prices import POWERS
from tests.tariffs.replicas.sheet import Sheet

TEMPO = {"HCJB": "0.1232", "HPJB": "0.1494", "HCJW": "0.1391", "HPJW": "0.1730", "HCJR": "0.1460", "HPJR": "0.6468"}
HPHC = {"HC": "0.1635", "HP": "0.2081"}
BASE = {"BASE": "0.1952"}


def fr(figure: str) -> str:
    """With a decimal comma."""
    return figure.replace(".", ",")


def month(power: int, more: int = 0) -> str:
    """The subscription, EUR a month."""
    return f"{8 + more + power * Decimal('1.21'):.2f}"


def read(sheet: Sheet) -> Grid:
    """What a document holds."""
    return grid_of(pages_of(sheet.done()), "grille.pdf")


def found(grid: Grid) -> dict[tuple[str, str], dict[int, tuple[str, dict[str, str]]]]:
    """Subscription and prices by offer, option and power."""
    rows: dict[tuple[str, str], dict[int, tuple[str, dict[str, str]]]] = {}
    for offer in grid.offers:
        prices = {name: str(price) for name, price in offer.prices.items()}
        rows.setdefault((offer.offer, offer.option), {})[offer.power_kva] = (str(offer.subscription), prices)
    return rows


def wanted(
    powers: range | tuple[int, ...], prices: dict[str, str], more: int = 0
) -> dict[int, tuple[str, dict[str, str]]]:
    """What is printed."""
    return {power: (month(power, more), prices) for power in powers}


HEAD: Rows = [["Puissance\nsouscrite", "Abonnement\n€ TTC/mois", "Prix du kWh HP\n€ TTC", "Prix du kWh HC\n€ TTC"]]


@pytest.mark.parametrize("again", [True, False])
def test_a_table_goes_on_on_the_next_page_with_its_head_or_without(again: bool) -> None:
    sheet = begun()
    rows = [[f"{power} kVA", fr(month(power)), "0,2081", "0,1635"] for power in range(6, 37)]
    table(sheet, 40, 500, [80, 100, 100, 100], [*HEAD, *rows[:16]])
    sheet.page(turn=True)
    table(sheet, 40, 50, [80, 100, 100, 100], [*(HEAD if again else []), *rows[16:]])
    grid = read(sheet)
    assert found(grid) == {("Horizon Vert", "HPHC"): wanted(range(6, 37), HPHC)}
    assert {offer.source.page for offer in grid.offers if offer.power_kva > 21} == {2}
    assert grid.notes == ()


def test_a_table_without_a_head_is_not_taken_for_the_rest_of_another_one() -> None:
    sheet = begun()
    table(
        sheet,
        40,
        500,
        [80, 100, 100, 100],
        [*HEAD, *([f"{p} kVA", fr(month(p)), "0,2081", "0,1635"] for p in POWERS[1:])],
    )
    sheet.page(turn=True)
    table(sheet, 40, 50, [80, 100, 100, 100], [[f"{p} kVA", fr(month(p, 3)), "0,2581", "0,1735"] for p in POWERS[1:]])
    grid = read(sheet)
    assert found(grid) == {("Horizon Vert", "HPHC"): wanted(POWERS[1:], HPHC)}
    assert grid.notes


def test_a_table_in_two_blocks_side_by_side_is_one() -> None:
    sheet = begun()
    head = ["Puissance\n(kVA)", "Abonnement\n€ TTC/mois", "Prix kWh\n€ TTC"]
    rows = [
        [cell for power in pair for cell in (str(power), fr(month(power)), "0,1952")]
        for pair in zip(POWERS[1:5], POWERS[5:], strict=True)
    ]
    table(sheet, 30, 140, [70, 100, 80] * 2, [[*head, *head], *rows])
    assert found(read(sheet)) == {("Horizon Vert", "BASE"): wanted(POWERS[1:], BASE)}


def test_two_offers_whose_tables_have_different_prices_at_the_same_powers_are_left_out_with_a_word() -> None:
    sheet = begun()
    head = ["Puissance\n(kVA)", "Abonnement\n€ TTC/mois", "Prix kWh\n€ TTC"]
    table(sheet, 30, 140, [70, 100, 80], [head, *([str(p), fr(month(p)), "0,1952"] for p in POWERS)])
    table(sheet, 30, 400, [70, 100, 80], [head, *([str(p), fr(month(p, 1)), "0,1852"] for p in POWERS)])
    with pytest.raises(GridError, match="several of them with different prices"):
        read(sheet)


def test_offers_in_columns_that_share_the_powers_keep_their_prices_and_names() -> None:
    sheet = begun("de l'automne")
    rows: Rows = [
        ["Puissance\nkVA", "Offre Horizon Fixe", None, "Offre Horizon Online", None],
        [UP, "Abonnement\n€ TTC/mois", "kWh\n€ TTC", "Abonnement\n€ TTC/mois", "kWh\n€ TTC"],
        *([str(p), fr(month(p)), "0,1952", fr(month(p, 1)), "0,1802"] for p in POWERS),
    ]
    table(sheet, 40, 140, [60, 100, 100, 100, 100], rows)
    assert found(read(sheet)) == {
        ("Horizon Fixe", "BASE"): wanted(POWERS, BASE),
        ("Horizon Online", "BASE"): wanted(POWERS, {"BASE": "0.1802"}, 1),
    }


def test_three_options_that_share_the_powers_are_told_apart_by_the_words_over_their_columns() -> None:
    sheet = begun("Horizon Vert", "Prix TTC en €")
    rows: Rows = [
        ["Puissance\n(kVA)", "Option Base", None, "Option HP/HC", None, None, "Option Tempo", *[None] * 6],
        [UP, "Abo.\n€/mois", "kWh", "Abo.\n€/mois", "HP", "HC", "Abo.\n€/mois", *TEMPO],
        *(
            [
                str(p),
                *(fr(month(p)), "0,1952"),
                *((fr(month(p, 1)), "0,2081", "0,1635") if p > 3 else "-" * 3),
                *((fr(month(p, 2)), *map(fr, TEMPO.values())) if p > 3 else "-" * 7),
            ]
            for p in POWERS
        ),
    ]
    table(sheet, 10, 140, [44] * 13, rows)
    assert found(read(sheet)) == {
        ("Horizon Vert", "BASE"): wanted(POWERS, BASE),
        ("Horizon Vert", "HPHC"): wanted(POWERS[1:], HPHC, 1),
        ("Horizon Vert", "TEMPO"): wanted(POWERS[1:], TEMPO, 2),
    }


def test_a_list_of_prices_beside_the_powers_is_no_price_of_its_rows() -> None:
    sheet = begun("Horizon Tempo")
    labels = ["HC Jour bleu", "HP Jour bleu", "HC Jour blanc", "HP Jour blanc", "HC Jour rouge", "HP Jour rouge"]
    rows = [
        [str(p), fr(month(p)), label, fr(price)]
        for p, label, price in zip(POWERS[1:7], labels, TEMPO.values(), strict=True)
    ]
    head = ["Puissance (kVA)", "Abonnement € TTC/mois", "Prix du kWh € TTC", None]
    table(sheet, 40, 140, [80, 110, 90, 80], [head, *rows])
    assert found(read(sheet)) == {("Horizon Tempo", "TEMPO"): wanted(POWERS[1:7], TEMPO)}


def test_prices_that_differ_from_row_to_row_as_no_price_does_are_refused() -> None:
    sheet = begun()
    rows = [[str(p), fr(month(p)), fr(price)] for p, price in zip(POWERS[1:7], TEMPO.values(), strict=True)]
    table(sheet, 40, 140, [80, 110, 90], [["Puissance (kVA)", "Abonnement € TTC/mois", "Prix du kWh € TTC"], *rows])
    with pytest.raises(GridError, match="differ too much from power to power"):
        read(sheet)


def test_a_price_that_is_far_from_the_others_costs_its_own_row() -> None:
    sheet = begun()
    rows = [[str(p), fr(month(p)), "0,1592" if p == 12 else "0,1952"] for p in POWERS]
    table(sheet, 40, 140, [80, 110, 90], [["Puissance (kVA)", "Abonnement € TTC/mois", "Prix du kWh € TTC"], *rows])
    grid = read(sheet)
    assert found(grid) == {("Horizon Vert", "BASE"): wanted(tuple(p for p in POWERS if p != 12), BASE)}
    assert grid.notes == ("page 1: BASE: 12 kVA is left out: its price (BASE) is far from that at other powers",)


def test_an_option_below_another_one_that_shares_its_head_is_read() -> None:
    sheet = begun()
    rows: Rows = [
        ["Option", "Puissance (kVA)", "Abonnement € TTC/mois", "Prix du kWh € TTC", None],
        *(["Base" if p == 3 else UP, str(p), fr(month(p)), "0,1952", None] for p in POWERS),
        *(["HP/HC" if p == 6 else UP, str(p), fr(month(p, 1)), "HP 0,2081", "HC 0,1635"] for p in POWERS[1:]),
    ]
    table(sheet, 20, 140, [60, 80, 120, 80, 80], rows)
    assert found(read(sheet)) == {
        ("Horizon Vert", "BASE"): wanted(POWERS, BASE),
        ("Horizon Vert", "HPHC"): wanted(POWERS[1:], HPHC, 1),
    }


def test_the_price_after_a_discount_counts_where_the_other_column_says_only_that_it_is_a_price() -> None:
    sheet = begun()
    head = [
        "Puissance (kVA)",
        "Abonnement € TTC/mois",
        "Prix du kWh € TTC",
        "Prix du kWh remisé de 10 % € TTC",
        "Remise",
    ]
    rows = [[str(p), fr(month(p)), "0,1952", "0,1757", "10 %"] for p in POWERS]
    table(sheet, 20, 140, [80, 110, 100, 150, 60], [head, *rows])
    grid = read(sheet)
    assert found(grid) == {("Horizon Vert", "BASE"): wanted(POWERS, {"BASE": "0.1757"})}
    assert any("0.1952" in note for note in grid.notes)


def parts(total: str) -> Sheet:
    """A table of parts and what it calls their sum."""
    sheet = begun()
    rows: Rows = [
        ["Puissance\n(kVA)", "Abonnement € TTC/mois", None, None, "Prix du kWh € TTC", None, None],
        [UP, "Fourniture", "Acheminement", "Total", "Fourniture", "Acheminement", "Total"],
        *(
            [str(p), fr(month(p)), fr(month(p)), fr(f"{2 * Decimal(month(p))}"), "0,1452", "0,0500", total]
            for p in POWERS
        ),
    ]
    table(sheet, 40, 140, [50] + [70] * 6, rows)
    return sheet


def test_the_sum_of_parts_counts_where_it_stands_beside_them() -> None:
    rows = found(read(parts("0,1952")))["Horizon Vert", "BASE"]
    assert rows[9] == (f"{2 * Decimal(month(9))}", BASE)
    assert list(rows) == list(POWERS)


def test_what_is_called_a_sum_and_is_none_is_refused() -> None:
    with pytest.raises(GridError, match="given in parts"):
        read(parts("0,1852"))


@pytest.mark.parametrize(
    ("unit", "price_unit", "scale", "times"),
    [("€ TTC/jour", "€ TTC/kWh", 1, 365), ("€ TTC/mois", "€ TTC/MWh", 1000, 12), ("€ TTC/an", "c€ TTC/kWh", 100, 1)],
)
def test_prices_by_the_day_and_by_the_megawatt_hour_are_brought_to_the_usual_units(
    unit: str, price_unit: str, scale: int, times: int
) -> None:
    sheet = begun()
    rows = [
        [str(p), fr(f"{Decimal(month(p)) * 12 / times:.4f}"), fr(f"{Decimal('0.1952') * scale:.4f}")] for p in POWERS
    ]
    table(
        sheet,
        20,
        140,
        [80, 130, 140],
        [["Puissance (kVA)", f"Abonnement {unit}", f"Prix de l'énergie {price_unit}"], *rows],
    )
    for offer in read(sheet).offers:
        assert abs(offer.subscription - Decimal(month(offer.power_kva))) < Decimal("0.002")
        assert offer.prices["BASE"] == Decimal("0.1952")


def test_what_professionals_pay_is_not_what_a_household_pays() -> None:
    sheet = begun()
    head = ["Puissance (kVA)", "Abonnement € TTC/mois", "Prix du kWh € TTC"]
    sheet.text(40, 110, "Clients résidentiels", 11)
    end = table(sheet, 20, 130, [80, 120, 130], [head, *([str(p), fr(month(p)), "0,1952"] for p in POWERS)])
    sheet.text(40, end + 20, "Clients professionnels", 11)
    table(sheet, 20, end + 40, [80, 120, 130], [head, *([str(p), fr(month(p, -1)), "0,1852"] for p in POWERS)])
    grid = read(sheet)
    assert found(grid) == {("Horizon Vert", "BASE"): wanted(POWERS, BASE)}
    assert grid.notes == ("page 1: BASE: the prices for professionals are left out",)


def test_words_over_one_column_that_stand_higher_than_the_others_are_no_title() -> None:
    sheet = begun("Horizon Solaire")
    rows: Rows = [
        [
            "Puissance\n(kVA)",
            "Abonnement\n€ TTC/mois",
            "Heures solaires\n(11h-17h)\n€ TTC/kWh",
            "Heures pleines\n€ TTC/kWh",
            "Heures creuses\n€ TTC/kWh",
        ],
        *([str(p), fr(month(p)), "0,1405", "0,2310", "0,1702"] for p in POWERS),
    ]
    table(sheet, 40, 140, [60, 80, 90, 90, 90], rows)
    prices = {"heures solaires": "0.1405", "HP": "0.2310", "HC": "0.1702"}
    assert found(read(sheet)) == {("Horizon Solaire", "OTHER"): wanted(POWERS, prices)}


def test_words_that_lost_their_spaces_are_understood() -> None:
    sheet = begun()
    head = ["Puissance\nsouscrite", "Abonnement\n€TTC/mois", "PrixdukWh\n€TTC/kWhHP", "PrixdukWh\n€TTC/kWhHC"]
    rows = [[f"{p}kVA", f"{fr(month(p))}€", "0,2081€", "0,1635€"] for p in POWERS[1:]]
    table(sheet, 40, 140, [90, 90, 90, 90], [head, *rows])
    assert found(read(sheet)) == {("Horizon Vert", "HPHC"): wanted(POWERS[1:], HPHC)}
