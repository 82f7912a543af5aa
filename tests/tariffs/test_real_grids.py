"""The real grids, against what a person reads in them."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from linkytui.errors import GridError
from linkytui.tariffs.book import PriceBook
from linkytui.tariffs.grid.extract import pages_of
from linkytui.tariffs.grid.offers import Grid, grid_of
from linkytui.tariffs.grid.raw import RawPage, RawTable
from linkytui.tariffs.grid.tables import tables_of
from tests.tariffs.conftest import SHARED

REGISTERS = {
    "base": "BASE",
    "hp": "HP",
    "hc": "HC",
    "bleu_hc": "HCJB",
    "bleu_hp": "HPJB",
    "blanc_hc": "HCJW",
    "blanc_hp": "HPJW",
    "rouge_hc": "HCJR",
    "rouge_hp": "HPJR",
}


@cache
def grid(name: str) -> Grid:
    """A real grid, read once."""
    return grid_of(pages_of((SHARED / "pdf" / name).read_bytes()), name)


def _cases() -> Iterator[Any]:
    path = SHARED / "expected-2025.json"
    if not path.is_file():
        yield pytest.param({}, marks=pytest.mark.skip(reason="the real price grids are not on this machine"))
        return
    for case in json.loads(path.read_text(encoding="utf-8")):
        yield pytest.param(case, id=f"{case['offer']} {case['option']}")


@pytest.mark.parametrize("case", _cases())
def test_a_real_grid_gives_what_a_person_reads_in_it(case: dict[str, Any]) -> None:
    found = [offer.as_json() for offer in grid(case["pdf"]).offers if offer.option == case["option"]]
    for offer in found:
        del offer["source"]
    assert found == [
        {
            "provider": case["provider"],
            "offer": case["offer"],
            "option": case["option"],
            "power_kva": int(power),
            "valid_from": case["valid_from"],
            "subscription_eur_month": row["subscription_eur_month_ttc"],
            "prices_eur_kwh": {REGISTERS[name]: price for name, price in row.items() if name in REGISTERS},
        }
        for power, row in case["rows"].items()
    ]


def test_taxes_on_transport_are_counted_once(tariffs: Path) -> None:
    """happ-e's own columns with taxes add up to 215.76 EUR a year at 6 kVA; a customer pays 188.07."""
    (offer,) = (o for o in grid("happ-e-2025-11.pdf").offers if (o.option, o.power_kva) == ("BASE", 6))
    assert (str(offer.subscription * 12), str(offer.prices["BASE"])) == ("188.0700", "0.21842")


def test_a_local_suppliers_regulated_tariff_is_its_own(tariffs: Path) -> None:
    offers = grid("uem-tarif-bleu-2025-08.pdf").offers
    assert {(offer.provider, offer.offer) for offer in offers} == {("UEM", "Tarif Bleu")}
    assert [sum(offer.option == option for offer in offers) for option in ("BASE", "HPHC", "TEMPO")] == [9, 8, 8]
    (tempo,) = (offer for offer in offers if (offer.option, offer.power_kva) == ("TEMPO", 9))
    assert tempo.as_json()["prices_eur_kwh"] == {
        "HCJB": 0.1232,
        "HPJB": 0.1494,
        "HCJW": 0.1391,
        "HPJW": 0.173,
        "HCJR": 0.146,
        "HPJR": 0.6468,
    }


def test_a_picture_of_prices_is_refused_in_words(tariffs: Path) -> None:
    with pytest.raises(GridError, match="no text layer"):
        grid("vattenfall-no-text-layer.pdf")


def recorded(tables: list[Any], text: str) -> RawPage:
    """A page whose tables were recorded, not its PDF."""
    cuts = (RawTable((tuple(tuple(row) for row in table),)) for table in tables)
    return RawPage(1, text, tuple(cuts))


def test_the_tables_of_august_2026_are_the_regulated_tariff_of_that_day(tariffs: Path) -> None:
    record = json.loads((tariffs / "edf-tarif-bleu-2026-08.tables.json").read_text(encoding="utf-8"))
    offers = grid_of([recorded(record["tables"], record["text"])], "bleu.json").offers
    book = PriceBook()
    assert len(offers) == 26
    for offer in offers:
        assert offer.valid_from is not None
        known = book.price_at(offer.key, offer.power_kva, offer.valid_from)
        assert known is not None
        assert (offer.subscription, offer.prices) == (known.subscription, known.prices)


ZEN = {
    "zen_online": {
        ("BASE", 6): (15.86, {"BASE": 0.1925}),
        ("BASE", 9): (19.88, {"BASE": 0.1909}),
        ("BASE", 36): (53.88, {"BASE": 0.1909}),
        ("HPHC", 6): (15.86, {"HC": 0.1531, "HP": 0.2059}),
        ("HPHC", 36): (53.88, {"HC": 0.1531, "HP": 0.2059}),
    },
    "zen_fixe": {
        ("BASE", 3): (12.67, {"BASE": 0.1847}),
        ("BASE", 6): (17.22, {"BASE": 0.1847}),
        ("BASE", 9): (23.92, {"BASE": 0.1835}),
        ("BASE", 36): (68.88, {"BASE": 0.1835}),
        ("HPHC", 36): (70.36, {"HC": 0.1507, "HP": 0.1966}),
    },
}


@pytest.mark.parametrize("name", ZEN)
def test_the_tables_of_zen_read_right(name: str, tariffs: Path) -> None:
    record = json.loads((tariffs / "edf-zen-2026-08.tables.json").read_text(encoding="utf-8"))
    title = f"Grille de prix de l'offre {name.replace('_', ' ')}\nApplicable au 1er août 2026"
    offers = grid_of([recorded(record[name], title)], "zen.json").offers
    found = {(o.option.value, o.power_kva): (float(o.subscription), o.as_json()["prices_eur_kwh"]) for o in offers}
    assert len(found) == 17
    assert {key: found[key] for key in ZEN[name]} == ZEN[name]
    assert {(o.provider, o.offer) for o in offers} == {("EDF", name.replace("_", " ").title())}


def test_the_tables_of_zen_week_end_read_right(tariffs: Path) -> None:
    record = json.loads((tariffs / "edf-zen-2026-08.tables.json").read_text(encoding="utf-8"))
    page = recorded(record["zen_week_end"], "Zen Week-End TTC")
    tables = tables_of(page).tables
    prices = [next(iter(table.rows[36].prices.values())) for table in tables]
    assert [{label: float(price) for label, price in row.items()} for row in prices] == [
        {"heures semaine": 0.2285, "heures week end": 0.171},
        {
            "heures pleines semaine": 0.2359,
            "heures creuses semaine": 0.1762,
            "heures pleines week end": 0.1762,
            "heures creuses week end": 0.1762,
        },
        {
            "heures creuses jour eco": 0.1595,
            "heures pleines jour eco": 0.2142,
            "heures creuses jour sobriete": 0.2142,
            "heures pleines jour sobriete": 0.7467,
        },
    ]
