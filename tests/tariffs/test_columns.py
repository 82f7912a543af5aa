"""What stands beside what one pays: the same for a year, parts of it, other terms, and heads of several lines."""

from collections.abc import Sequence

from linkytui.tariffs.grid.extract import pages_of
from linkytui.tariffs.grid.offers import Grid, grid_of
from tests.tariffs.replicas.sheet import Sheet

SUBSCRIPTIONS = {3: "11,73", 6: "15,47", 9: "19,39", 12: "23,32"}


def grid(heads: Sequence[Sequence[str]], rows: Sequence[Sequence[str]], option: str = "Option Base") -> Grid:
    """A grid with one table: cells of a head that are the same, side by side, are one."""
    sheet = Sheet(size=7)
    sheet.text(40, 30, "Offre Horizon - prix au 1er octobre 2025", 12)
    if option:
        sheet.text(40, 60, option, 9)
    edges = [40.0 + 75 * place for place in range(len(rows[0]) + 1)]
    y = 90.0
    for head in heads:
        height = 10.0 * max(words.count("\n") + 1 for words in head) + 4
        first = 0
        while first < len(head):
            last = first
            while last + 1 < len(head) and head[last + 1] == head[first] != "":
                last += 1
            sheet.cell(edges[first], y, edges[last + 1], y + height, head[first])
            first = last + 1
        y += height
    for row in rows:
        sheet.row(edges, y, y + 14, row)
        y += 14
    return grid_of(pages_of(sheet.done()), "drawn.pdf")


def read(grid: Grid) -> dict[tuple[str, int], tuple[str, dict[str, str]]]:
    """Subscription and prices by offer and power."""
    return {
        (offer.offer, offer.power_kva): (
            str(offer.subscription),
            {name: str(price) for name, price in offer.prices.items()},
        )
        for offer in grid.offers
    }


def test_a_subscription_for_a_year_beside_the_same_for_a_month() -> None:
    rows = [
        (str(kva), f"{float(eur.replace(',', '.')) * 12:.2f}".replace(".", ","), eur, "0,1952")
        for kva, eur in SUBSCRIPTIONS.items()
    ]
    heads = [("Puissance (kVA)", "Abonnement\n€ TTC/an", "Abonnement\n€ TTC/mois", "Prix du kWh\n€ TTC")]
    found = read(grid(heads, rows))
    assert found["Horizon", 6] == ("15.47", {"BASE": "0.1952"})
    assert len(found) == 4


def test_parts_without_taxes_beside_the_whole_with_taxes() -> None:
    rows = [(str(kva), "3,10", f"{5 + kva},20", eur, "0,1327", "0,1952") for kva, eur in SUBSCRIPTIONS.items()]
    heads = [
        (
            "Puissance (kVA)",
            "Part fixe\nfourniture\n€ HT/mois",
            "Part fixe\nacheminement\n€ HT/mois",
            "Abonnement\ntotal\n€ TTC/mois",
            "Prix du kWh\n€ HT",
            "Prix du kWh\n€ TTC",
        )
    ]
    assert read(grid(heads, rows))["Horizon", 9] == ("19.39", {"BASE": "0.1952"})


def test_terms_over_the_columns_are_offers_of_their_own() -> None:
    rows = [(str(kva), eur, "0,1952", eur, "0,1899") for kva, eur in SUBSCRIPTIONS.items()]
    pair = ("Abonnement\n€ TTC/mois", "kWh\n€ TTC")
    heads = [("Puissance", "Fixe 1 an", "Fixe 1 an", "Fixe 2 ans", "Fixe 2 ans"), ("(kVA)", *pair, *pair)]
    found = read(grid(heads, rows))
    assert {offer: prices for (offer, power), (_eur, prices) in found.items() if power == 6} == {
        "Horizon Fixe 1 an": {"BASE": "0.1952"},
        "Horizon Fixe 2 ans": {"BASE": "0.1899"},
    }


def test_a_row_up_to_a_power_begins_where_the_one_before_it_ends() -> None:
    rows = [(f"Jusqu'à {kva} kVA", eur, "0,1952") for kva, eur in SUBSCRIPTIONS.items()]
    heads = [("Puissance", "Abonnement\n€ TTC/mois", "Prix du kWh\n€ TTC")]
    found = read(grid(heads, rows))
    assert {power: eur for (_offer, power), (eur, _prices) in found.items()} == {
        kva: eur.replace(",", ".") for kva, eur in SUBSCRIPTIONS.items()
    }


def test_a_head_with_more_lines_than_the_others_stands_over_its_column_alone() -> None:
    rows = [(str(kva), eur, "0,2081", "0,1635", "0,1301") for kva, eur in SUBSCRIPTIONS.items()]
    heads = [
        (
            "Puissance\n(kVA)",
            "Abonnement\n€ TTC/mois",
            "Heures Pleines\n€ TTC/kWh",
            "Heures Creuses\n€ TTC/kWh",
            "Heures Super\nCreuses\n(2h-6h)\n€ TTC/kWh",
        )
    ]
    found = grid(heads, rows, option="")
    assert read(found)["Horizon", 6] == ("15.47", {"HP": "0.2081", "HC": "0.1635", "super HC": "0.1301"})
    assert "2h-6h" in found.offers[0].hours["super HC"]


def test_an_offer_may_be_called_as_extras_are() -> None:
    rows = [(str(kva), eur, "0,1952") for kva, eur in SUBSCRIPTIONS.items()]
    heads = [("Offre Budget serein",) * 3, ("Puissance (kVA)", "Abonnement\n€ TTC/mois", "Prix du kWh\n€ TTC")]
    assert len(read(grid(heads, rows))) == 4
