"""Grids as suppliers draw them: replicas of the real layouts, each with its trap."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from linkytui.tariffs.grid.extract import pages_of
from linkytui.tariffs.grid.offers import Grid, grid_of
from tests.tariffs.replicas import edf, engie, others, total
from tests.tariffs.replicas.prices import Replica

LAYOUTS: dict[str, Callable[[], Replica]] = {
    "shaded rows shift their columns": edf.tarif_bleu,
    "the Base price depends on the power": lambda: edf.tarif_bleu(date(2026, 8, 1), "août 2026"),
    "EJP lacks powers": edf.ejp,
    "rows share price cells": edf.zen_fixe,
    "bodies in one row": edf.vert,
    "two tables, the larger is not Base": total.fixed,
    "eighteen columns, regulated prices beside the offer's": total.indexed,
    "parts of a price, every other row unshaded": engie.reference,
    "two options share the column of powers": engie.guaranteed,
    "the contribution on transport twice": engie.happ_e,
    "one price cell for all": others.mint,
    "both taxes in one header cell, prices by blocks": others.alpiq,
    "rows in one cell, Tempo in a stack": others.uem,
    "cents, digits apart, crosses": others.cents,
    "the price in the header under one struck out": others.struck_out,
    "no table, only text": others.curves,
    "a year's subscription, stacked in blocks": others.stacked_blocks,
}


def read(pdf: bytes, file: str = "grille.pdf") -> Grid:
    """Read in this process: what the process apart adds has tests of its own."""
    return grid_of(pages_of(pdf), file, "0" * 64)


@pytest.mark.parametrize("draw", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_what_a_person_reads_is_what_is_read(draw: Callable[[], Replica]) -> None:
    replica = draw()
    grid = read(replica.pdf)
    assert {(o.option.value, o.power_kva): (o.subscription, dict(o.prices)) for o in grid.offers} == replica.expected
    assert {(o.provider, o.offer, o.valid_from) for o in grid.offers} == {
        (replica.provider, replica.offer, replica.valid_from)
    }


def test_the_page_is_the_one_that_has_the_prices() -> None:
    assert {offer.source.page for offer in read(engie.reference().pdf).offers} == {2}


def test_hours_of_a_suppliers_own_keep_their_names() -> None:
    (row,) = (offer for offer in read(edf.zen_week_end()).offers if offer.power_kva == 9)
    assert (row.option, row.offer) == ("OTHER", "Zen Week-End")
    assert {name: str(price) for name, price in row.prices.items()} == {"semaine": "0.2285", "week-end": "0.1710"}
    (row,) = (offer for offer in read(others.seasons()).offers if offer.power_kva == 9)
    assert {name: str(price) for name, price in row.prices.items()} == {
        "HP saison haute": "0.2611",
        "HC saison haute": "0.1822",
        "HP saison basse": "0.1733",
        "HC saison basse": "0.1344",
    }


def test_a_range_of_powers_holds_for_the_powers_in_it() -> None:
    grid = read(others.ranges())
    assert {offer.power_kva: str(offer.subscription) for offer in grid.offers} == {
        3: "12.10",
        9: "18.30",
        12: "18.30",
        15: "33.50",
        18: "33.50",
        24: "33.50",
        30: "33.50",
        36: "33.50",
    }
    # Two of the ranges hold 6 kVA.
    assert grid.notes == ("page 1: HPHC: 6 kVA is left out: it stands there twice, with different prices",)


def test_an_unknown_supplier_is_called_as_it_calls_itself_or_by_the_name_of_its_file() -> None:
    pages = pages_of(others.mint().pdf)
    unknown = [replace(page, text=page.text.replace("Mint", "Acme")) for page in pages]
    assert {offer.provider for offer in grid_of(unknown, "/home/me/grille-acme.pdf").offers} == {"grille-acme"}
    legal = [replace(page, text=f"{page.text}\nAcme Énergie SAS au capital de 1 000 €") for page in unknown]
    assert {offer.provider for offer in grid_of(legal, "grille.pdf").offers} == {"Acme Énergie"}
