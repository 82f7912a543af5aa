"""Rows are judged one by one: a slip of the supplier's costs its own row at most."""

from collections.abc import Callable

import pytest

from linkytui.tariffs.grid.extract import pages_of
from linkytui.tariffs.grid.offers import Grid, grid_of
from tests.tariffs.replicas import broken

POWERS = [6, 9, 12, 15, 18, 24, 30, 36]
Rows = list[list[str]]


def read(pdf: bytes) -> Grid:
    """What a document holds."""
    return grid_of(pages_of(pdf), "grille.pdf")


def powers(grid: Grid) -> list[int]:
    """The powers that a grid has prices for."""
    return [offer.power_kva for offer in grid.offers]


def without(power: int) -> list[int]:
    """All powers but one."""
    return [one for one in POWERS if one != power]


@pytest.mark.parametrize("power", POWERS[1:-1])
def test_a_power_that_is_missing_is_told(power: int) -> None:
    def drop(rows: Rows) -> None:
        rows[:] = [row for row in rows if row[0] != str(power)]

    grid = read(broken.changed(drop))
    assert powers(grid) == without(power)
    assert grid.notes == (f"page 1: HPHC: {power} kVA is missing",)


@pytest.mark.parametrize("place", [1, 3, 7])
def test_a_subscription_far_out_of_order_is_left_out(place: int) -> None:
    def fall(rows: Rows) -> None:
        rows[place][1] = "12,00"

    grid = read(broken.changed(fall))
    assert powers(grid) == without(POWERS[place])
    assert grid.notes == (f"page 1: HPHC: {POWERS[place]} kVA is left out: its subscription is out of order",)


@pytest.mark.parametrize("place", [1, 4, 7])
def test_a_subscription_slightly_out_of_order_is_taken_as_printed(place: int) -> None:
    def slip(rows: Rows) -> None:
        rows[place][1] = f"{float(rows[place - 1][1].replace(',', '.')) - 0.28:.2f}".replace(".", ",")

    grid = read(broken.changed(slip))
    assert powers(grid) == POWERS
    assert grid.notes == (
        f"page 1: HPHC: {POWERS[place]} kVA: its subscription is out of order; it is taken as it is printed",
    )


def _lose(place: int, column: int) -> Callable[[Rows], None]:
    def change(rows: Rows) -> None:
        rows[place][column] = ""

    return change


def test_a_subscription_that_is_missing_leaves_its_row_out() -> None:
    grid = read(broken.changed(_lose(3, 1)))
    assert powers(grid) == without(15)
    assert grid.notes == ("page 1: HPHC: 15 kVA is missing",)


def test_a_power_that_stands_twice_is_read_once() -> None:
    def double(rows: Rows) -> None:
        rows.insert(3, list(rows[2]))

    assert powers(read(broken.changed(double))) == POWERS


def test_a_power_that_stands_twice_with_different_prices_is_left_out() -> None:
    def double(rows: Rows) -> None:
        rows.insert(3, [rows[2][0], "23,10", *rows[2][2:]])

    assert powers(read(broken.changed(double))) == without(12)


def test_a_price_that_two_rows_may_share_leaves_out_the_row_that_may_have_either() -> None:
    def lose(rows: Rows) -> None:
        rows[3][2] = ""
        for row in rows[4:]:
            row[2] = "0,2099"

    grid = read(broken.changed(lose))
    assert powers(grid) == without(15)
    assert grid.notes == ("page 1: HPHC: 15 kVA is left out: it is not clear which price it has",)


def _taxed(change: Callable[[Rows], None]) -> bytes:
    """A grid with and without taxes, after a change of its rows."""
    heads = ("Puissance\n(kVA)", "Abonnement\n€ HT/mois", "Abonnement\n€ TTC/mois", "HP €/kWh\nHT", "HP €/kWh\nTTC")
    more = ("HC €/kWh\nHT", "HC €/kWh\nTTC")
    rows = []
    for power in POWERS:
        month = 5.8 + 0.9 * power
        figures = (f"{month:.2f}", f"{month * 1.39:.2f}")
        rows.append([str(power), *(one.replace(".", ",") for one in figures), "0,1434", "0,2081", "0,1063", "0,1635"])
    change(rows)
    return broken.sheet_of(rows, (*heads, *more), edges=tuple(60 + 60 * place for place in range(8)))


@pytest.mark.parametrize("place", [0, 3, 7])
def test_a_slip_in_the_column_without_taxes_costs_nothing(place: int) -> None:
    def slip(rows: Rows) -> None:
        rows[place][3] = "0,1344"

    grid = read(_taxed(slip))
    assert powers(grid) == POWERS
    assert {str(offer.prices["HP"]) for offer in grid.offers} == {"0.2081"}
    assert grid.notes == (
        f"page 1: HPHC: {POWERS[place]} kVA: the price without taxes (HP) does not fit; the one with taxes counts",
    )


@pytest.mark.parametrize("place", [0, 3, 7])
def test_a_price_with_taxes_that_does_not_fit_leaves_its_row_out(place: int) -> None:
    def slip(rows: Rows) -> None:
        rows[place][4] = "0,2801"

    grid = read(_taxed(slip))
    assert powers(grid) == without(POWERS[place])
    assert grid.notes[0] == (
        f"page 1: HPHC: {POWERS[place]} kVA is left out: its prices with taxes do not fit those without"
    )


@pytest.mark.parametrize("place", [0, 3, 7])
def test_a_subscription_with_taxes_below_the_one_without_leaves_its_row_out(place: int) -> None:
    def slip(rows: Rows) -> None:
        rows[place][2] = f"{float(rows[place][1].replace(',', '.')) - 0.5:.2f}".replace(".", ",")

    grid = read(_taxed(slip))
    assert powers(grid) == without(POWERS[place])
    assert "its subscription does not fit the one without taxes" in grid.notes[0]


@pytest.mark.parametrize("place", [4, 7])
def test_the_last_subscription_below_the_one_before_is_taken_as_printed(place: int) -> None:
    """The one without taxes rises all the same, so that the page is read soundly."""

    def slip(rows: Rows) -> None:
        rows[place][2] = f"{float(rows[place - 1][2].replace(',', '.')) - 0.28:.2f}".replace(".", ",")

    grid = read(_taxed(slip))
    assert powers(grid) == POWERS
    assert len(grid.notes) == 1
