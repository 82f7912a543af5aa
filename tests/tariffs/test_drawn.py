"""Grids drawn at random are read as they were drawn, or left out with a word; never wrong."""

from dataclasses import replace

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from linkytui.errors import GridError
from linkytui.tariffs.grid.extract import pages_of
from linkytui.tariffs.grid.offers import grid_of
from tests.tariffs.replicas.drawn import Layout, TooWide, draw

LAYOUTS = st.builds(
    Layout,
    font=st.sampled_from(["Helvetica", "Times-Roman", "Courier"]),
    size=st.sampled_from([6, 7, 8, 9]),
    offers=st.sampled_from([1, 2, 3]),
    options=st.sampled_from([("BASE", "HPHC"), ("HPHC",), ("BASE",)]),
    place=st.sampled_from(["stacked", "beside", "pages", "shared"]),
    taxes=st.sampled_from(["both", "ttc", "tables"]),
    tax_heads=st.sampled_from(["each", "glued", "outer"]),
    taxed_first=st.booleans(),
    year=st.booleans(),
    cents=st.booleans(),
    decimals=st.sampled_from([4, 5, 6]),
    dot=st.booleans(),
    powers=st.sampled_from(["regulated", "every", "ranges"]),
    suffix=st.sampled_from(["", " kVA", "*"]),
    rules=st.sampled_from(["grid", "rows", "columns", "none", "zebra", "shaded"]),
    framed=st.booleans(),
    shared=st.sampled_from(["each", "middle", "first", "blocks"]),
    stacked=st.booleans(),
    beside=st.sampled_from(["", "regulated", "list"]),
    title=st.sampled_from(["inside", "above", "left"]),
    absent=st.sampled_from(["", "-", "x", " "]),
    peak_last=st.booleans(),
    notes=st.booleans(),
    wide=st.sampled_from([0.8, 1.0, 1.3]),
)


def unread(layout: Layout) -> tuple[int, tuple[str, ...]]:
    """How many rows of a drawn document are not read, and what is said; each that is read is right."""
    try:
        replica = draw(layout)
    except TooWide:
        assume(False)
    try:
        grid = grid_of(pages_of(replica.pdf), "drawn.pdf")
    except GridError as error:
        return len(replica.expected), (str(error),)
    for offer in grid.offers:
        key = (f"{offer.offer} {offer.option}", offer.power_kva)
        assert replica.expected.get(key) == (offer.subscription, dict(offer.prices)), key
    return len(replica.expected) - len(grid.offers), grid.notes


@settings(max_examples=25)
@given(LAYOUTS)
@example(Layout(rules="none", beside="list", tax_heads="glued"))
@example(Layout(offers=3, place="shared", stacked=True, rules="shaded", powers="ranges"))
def test_a_drawn_grid_is_read_right_or_left_out_with_a_word(layout: Layout) -> None:
    lost, notes = unread(layout)
    assert not lost or notes


PLAIN = Layout()


@pytest.mark.parametrize("rules", ["grid", "rows", "columns", "none", "zebra", "shaded"])
@pytest.mark.parametrize("place", ["stacked", "beside", "shared"])
def test_every_row_is_read_however_a_table_is_ruled(rules: str, place: str) -> None:
    assert unread(replace(PLAIN, rules=rules, place=place)) == (0, ())
