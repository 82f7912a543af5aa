"""Grids whose powers run across, or whose prices stand apart: read right, or left out with a word; never wrong."""

from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from linkytui.errors import GridError
from linkytui.tariffs.grid.extract import pages_of
from linkytui.tariffs.grid.offers import grid_of
from tests.tariffs.replicas.across import Across, Apart, draw_across, draw_apart
from tests.tariffs.replicas.prices import Replica
from tests.tariffs.replicas.sheet import Sheet

ACROSS = st.builds(
    Across,
    options=st.sampled_from([("BASE", "HPHC"), ("HPHC",), ("BASE",)]),
    rules=st.sampled_from(["grid", "rows", "none"]),
    taxes=st.sampled_from(["ttc", "both"]),
    labels=st.sampled_from(["line", "columns", "heading"]),
    merged=st.booleans(),
    year=st.booleans(),
    cents=st.booleans(),
    suffix=st.sampled_from(["", " kVA", "*"]),
    powers=st.sampled_from([(6, 9, 12), (6, 9, 12, 15, 18), (6, 9, 12, 15, 18, 24, 30, 36)]),
)
APART = st.builds(
    Apart,
    shape=st.sampled_from(["rows", "columns", "options"]),
    first=st.booleans(),
    page=st.booleans(),
    beside=st.booleans(),
    framed=st.booleans(),
    said=st.sampled_from(["title", "corner"]),
)


def unread(replica: Replica) -> tuple[int, tuple[str, ...]]:
    """How many rows are not read, and what is said; each that is read is right."""
    try:
        grid = grid_of(pages_of(replica.pdf), "drawn.pdf")
    except GridError as error:
        return len(replica.expected), (str(error),)
    for offer in grid.offers:
        key = (str(offer.option), offer.power_kva)
        assert replica.expected.get(key) == (offer.subscription, dict(offer.prices)), key
    return len(replica.expected) - len(grid.offers), grid.notes


@settings(max_examples=25)
@given(ACROSS)
@example(Across(rules="none", labels="columns", taxes="both", merged=True))
def test_powers_across_are_read_right_or_left_out_with_a_word(layout: Across) -> None:
    lost, notes = unread(draw_across(layout))
    assert not lost or notes


@settings(max_examples=25)
@given(APART)
def test_prices_apart_are_read_right_or_left_out_with_a_word(layout: Apart) -> None:
    lost, notes = unread(draw_apart(layout))
    assert not lost or notes


@pytest.mark.parametrize("labels", ["line", "columns", "heading"])
@pytest.mark.parametrize("taxes", ["ttc", "both"])
@pytest.mark.parametrize("merged", [False, True])
def test_every_row_is_read_where_powers_run_across(labels: str, taxes: str, merged: bool) -> None:
    layout = Across(labels=labels, taxes=taxes, merged=merged)
    assert unread(draw_across(layout)) == (0, ())
    if labels != "columns":
        assert unread(draw_across(replace(layout, rules="none", suffix=" kVA"))) == (0, ())


@pytest.mark.parametrize("shape", ["rows", "columns", "options"])
@pytest.mark.parametrize("said", ["title", "corner"])
def test_every_row_is_read_where_prices_stand_apart(shape: str, said: str) -> None:
    assert unread(draw_apart(Apart(shape=shape, said=said))) == (0, ())
    assert unread(draw_apart(Apart(shape=shape, said=said, page=True))) == (0, ())
    assert unread(draw_apart(Apart(shape=shape, said=said, framed=False))) == (0, ())


def test_two_prices_apart_that_differ_are_none() -> None:
    sheet = Sheet(size=8)
    sheet.text(40, 30, "Offre Horizon - prix au 1er octobre 2025", 12)
    edges = (60, 180, 300)
    sheet.row(edges, 100, 115, ("Puissance (kVA)", "Abonnement € TTC/mois"))
    for place, (power, price) in enumerate((("3", "11,73"), ("6", "15,47"), ("9", "19,39"))):
        sheet.row(edges, 115 + 15 * place, 130 + 15 * place, (power, price))
    sheet.row(edges, 200, 215, ("Option Base", "Prix du kWh TTC"))
    sheet.row(edges, 215, 230, ("Base en été", "0,1811"))
    sheet.row(edges, 230, 245, ("Base en hiver", "0,2144"))
    with pytest.raises(GridError, match="no prices per kWh"):
        grid_of(pages_of(sheet.done()), "drawn.pdf")


def test_a_budget_by_power_is_no_grid() -> None:
    sheet = Sheet(size=8)
    sheet.text(40, 30, "Offre Budget serein - prix au 1er octobre 2025", 12)
    edges = (60, 180, 300, 420)
    sheet.row(edges, 100, 115, ("Puissance (kVA)", "Abonnement € TTC/mois", "Prix du kWh € TTC"))
    for place, (power, price) in enumerate((("3", "11,73"), ("6", "15,47"), ("9", "19,39"))):
        sheet.row(edges, 115 + 15 * place, 130 + 15 * place, (power, price, "0,1952"))
    sheet.row(edges, 250, 265, ("Puissance", "3 kVA", "6 kVA", "9 kVA"))
    sheet.row(edges, 265, 280, ("Budget annuel (€ TTC)", "531,12", "1356,84", "2575,00"))
    sheet.row(edges, 280, 295, ("Soit par mois (€ TTC)", "44,26", "113,07", "214,58"))
    offers = grid_of(pages_of(sheet.done()), "drawn.pdf").offers
    assert [str(offer.subscription) for offer in offers] == ["11.73", "15.47", "19.39"]
