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
from tests.tariffs.conftest import SHARED
from tests.tariffs.replicas.recorded import drawn

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
    "ejp_normal": "HN",
    "ejp_pointe": "PM",
}
EXPECTED = ("expected-2025.json", "expected-2025-second.json")


def cases(folder: Path = SHARED) -> list[dict[str, Any]]:
    """What a person reads in the real grids."""
    return [
        case
        for name in EXPECTED
        if (folder / name).is_file()
        for case in json.loads((folder / name).read_text(encoding="utf-8"))
    ]


@cache
def grid(name: str) -> Grid:
    """A real grid, read once."""
    return grid_of(pages_of((SHARED / "pdf" / name).read_bytes()), name)


def _cases() -> Iterator[Any]:
    if not cases():
        yield pytest.param({}, marks=pytest.mark.skip(reason="the real price grids are not on this machine"))
    for case in cases():
        yield pytest.param(case, id=f"{case['offer']} {case['option']}")


@pytest.mark.parametrize("case", _cases())
def test_a_real_grid_gives_what_a_person_reads_in_it(case: dict[str, Any]) -> None:
    offers = grid(case["pdf"]).offers
    found = [offer.as_json() for offer in offers if (offer.offer, offer.option) == (case["offer"], case["option"])]
    for offer in found:
        del offer["source"]
        offer.pop("communicating", None)
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


def read(tables: list[Any], text: str) -> Grid:
    """A grid whose tables were recorded, not its PDF."""
    return grid_of(pages_of(drawn(tables, text)), "recorded.pdf")


def test_the_tables_of_august_2026_are_the_regulated_tariff_of_that_day(tariffs: Path) -> None:
    record = json.loads((tariffs / "edf-tarif-bleu-2026-08.tables.json").read_text(encoding="utf-8"))
    offers = read(record["tables"], record["text"]).offers
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
    offers = read(record[name], title).offers
    found = {(o.option.value, o.power_kva): (float(o.subscription), o.as_json()["prices_eur_kwh"]) for o in offers}
    assert len(found) == 17
    assert {key: found[key] for key in ZEN[name]} == ZEN[name]
    assert {(o.provider, o.offer) for o in offers} == {("EDF", name.replace("_", " ").title())}


OWN = (
    {"semaine": 0.2285, "week-end": 0.171},
    {"HP semaine": 0.2359, "HC semaine": 0.1762, "HP week-end": 0.1762, "HC week-end": 0.1762},
    {"HC jour éco": 0.1595, "HP jour éco": 0.2142, "HC jour sobriété": 0.2142, "HP jour sobriété": 0.7467},
)


@pytest.mark.parametrize("number", range(3))
def test_the_tables_of_zen_week_end_read_right(number: int, tariffs: Path) -> None:
    record = json.loads((tariffs / "edf-zen-2026-08.tables.json").read_text(encoding="utf-8"))
    title = "Grille de prix de l'offre Zen Week-End\nApplicable au 1er août 2026"
    tables = [table for table in record["zen_week_end"] if len(table) > 1]
    (row,) = (offer for offer in read([tables[number]], title).offers if offer.power_kva == 36)
    assert row.as_json()["prices_eur_kwh"] == OWN[number]
    assert row.option == "OTHER"


REFUSED = {
    "refuse-conditions-generales.pdf": "terms and conditions",
    "refuse-engie-forfait-padded-2024-08.pdf": "it is a gas grid",
    "refuse-geg-2024-picture.pdf": "its table is a picture",
    "refuse-ilek-gaz.pdf": "it is a gas grid",
    "refuse-plenitude-gaz.pdf": "it is a gas grid",
    "vattenfall-no-text-layer.pdf": "no text layer",
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_electricity_grid_is_refused_for_the_true_reason(name: str, tariffs: Path) -> None:
    with pytest.raises(GridError, match=REFUSED[name]):
        grid(name)


def test_own_calendars_keep_their_registers_and_the_hours_that_the_page_names(tariffs: Path) -> None:
    (week_end,) = (offer for offer in grid("ohm-week-end-2025-10.pdf").offers if offer.power_kva == 3)
    assert week_end.as_json()["prices_eur_kwh"] == {"HP semaine": 0.2345, "HC semaine": 0.1551, "week-end": 0.1551}
    assert float(week_end.subscription) == 12.28
    assert "samedi à 00h00 au dimanche à 23h59" in week_end.hours["week-end"]
    seasons = [offer for offer in grid("llum-2025-08.pdf").offers if offer.option == "OTHER"]
    assert len(seasons) == 9 + 8
    assert seasons[0].hours["HP saison haute"] == "Saison Haute (du 01/11 au 31/03)"


def test_a_grid_for_meters_that_do_not_communicate_says_so(tariffs: Path) -> None:
    offers = grid("llum-2025-08.pdf").offers
    assert {offer.offer for offer in offers if offer.mute} == {"LLUM non communicant"}
    assert all(offer.mute is (offer.option != "OTHER") for offer in offers)
