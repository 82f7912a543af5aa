"""Grids as suppliers draw them: replicas of the real layouts, each with its trap."""

from collections.abc import Callable
from datetime import date

import pytest

from linkytui.errors import GridError
from linkytui.tariffs.grid.extract import pages_of
from linkytui.tariffs.grid.offers import Grid, grid_of
from linkytui.tariffs.grid.raw import RawPage
from linkytui.tariffs.grid.tables import tables_of
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


def test_the_replicas_have_the_traps_that_they_are_for() -> None:
    """Were they drawn too kindly, the layouts above would prove nothing."""
    # Default settings find the inner fills of shaded cells as columns of their own.
    bleu = pages_of(edf.tarif_bleu().pdf)[0]
    assert len(bleu.tables) == 3
    # Unshaded rows of Engie's lose their power in the first cut.
    first = pages_of(engie.reference().pdf)[1].tables[0].cuts[0]
    assert any(row[0] is None and row[1] and "," in row[1] for row in first)
    # TotalEnergies' two halves are one table, and gas has a table with numbered rows.
    pages = pages_of(total.indexed().pdf)
    assert [len(table.cuts[0][-1]) for table in pages[0].tables] == [18]
    assert [row[0] for row in pages[1].tables[0].cuts[0]][-6:] == ["1", "2", "3", "4", "5", "6"]
    # UEM's rows have one cell.
    assert {len([cell for cell in row if cell]) for row in pages_of(others.uem().pdf)[0].tables[0].cuts[0]} == {1}
    assert pages_of(others.curves().pdf)[0].tables[0].cuts[0][-1][0]


def test_the_page_is_the_one_that_has_the_prices() -> None:
    assert {offer.source.page for offer in read(engie.reference().pdf).offers} == {2}


def test_hours_of_a_suppliers_own_are_understood_and_left_out_in_words() -> None:
    pdf = edf.zen_week_end()
    (table,) = tables_of(pages_of(pdf)[0]).tables
    prices = next(iter(table.rows[9].prices.values()))
    assert {label: str(price) for label, price in prices.items()} == {
        "heures semaine": "0.2285",
        "heures week end": "0.1710",
    }
    for document in (pdf, others.seasons()):
        with pytest.raises(GridError, match="own calendar"):
            read(document)


def test_ranges_of_powers_are_refused_in_words() -> None:
    with pytest.raises(GridError, match="ranges of powers"):
        read(others.ranges())


def test_an_unknown_supplier_is_called_by_the_name_of_its_file() -> None:
    pages = [
        RawPage(page.number, page.text.replace("ilek", "acme"), page.tables) for page in pages_of(others.curves().pdf)
    ]
    assert {offer.provider for offer in grid_of(pages, "/home/me/grille-acme.pdf").offers} == {"grille-acme"}
