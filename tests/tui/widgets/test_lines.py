"""The base of the panels: only cells that differ are drawn again."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.content import Content
from textual.widget import Widget

from linkytui.tui.widgets.big_number import FIGURE_SPACE, big_number, grouped
from linkytui.tui.widgets.lines import Lines, sides, together
from tests.tui.widgets.conftest import Alone, Watched, rows

Watch = Callable[[Widget], Watched]


class Told(Lines):
    """Shows what it is told."""

    DEFAULT_CSS = "Told { height: auto; width: 1fr; }"

    def __init__(self, *texts: str | Content) -> None:
        super().__init__()
        self.texts = texts

    def say(self, *texts: str | Content) -> None:
        self.texts = texts
        self.update()

    def lines(self, width: int, height: int) -> list[Content]:  # noqa: ARG002
        return [text if isinstance(text, Content) else Content(text) for text in self.texts]


async def test_only_the_cells_that_differ_are_drawn_again(watched: Watch) -> None:
    told = Told("power 4230 VA", "period HP")
    async with Alone(told).run_test(size=(30, 5)) as pilot:
        await pilot.pause()
        seen = watched(told)
        told.say("power 4310 VA", "period HP")
        assert seen.cells == {(7, 0), (8, 0)}
        assert not seen.whole
        await pilot.pause()
        assert rows(told) == ["power 4310 VA", "period HP"]


async def test_what_is_told_together_is_said_once(watched: Watch) -> None:
    told = Told("power 4230 VA")
    async with Alone(told).run_test(size=(30, 5)) as pilot:
        await pilot.pause()
        seen = watched(told)
        with together():
            told.say("power 5000 VA")
            told.say("power 4330 VA")
            assert not seen.cells
        assert seen.cells == {(7, 0)}
        await pilot.pause()
        assert rows(told) == ["power 4330 VA"]


async def test_the_same_words_draw_nothing(watched: Watch) -> None:
    told = Told("power 4230 VA", Content.styled("HP", "bold"))
    async with Alone(told).run_test(size=(30, 5)) as pilot:
        await pilot.pause()
        seen = watched(told)
        told.say("power 4230 VA", Content.styled("HP", "bold"))
        assert (seen.regions, seen.whole) == ([], 0)


async def test_another_look_of_the_same_words_is_drawn(watched: Watch) -> None:
    told = Told(Content.assemble("period ", ("HP", "$primary")))
    async with Alone(told).run_test(size=(30, 5)) as pilot:
        await pilot.pause()
        seen = watched(told)
        told.say(Content.assemble("period ", ("HP", "bold $warning")))
        assert seen.cells == {(7, 0), (8, 0)}


async def test_more_or_fewer_lines_make_room_or_leave_it() -> None:
    told = Told("one")
    async with Alone(told).run_test(size=(30, 5)) as pilot:
        await pilot.pause()
        told.say("one", "two", "three")
        await pilot.pause()
        assert rows(told) == ["one", "two", "three"]
        told.say()
        await pilot.pause()
        assert told.size.height == 0
        told.say("again")
        await pilot.pause()
        assert rows(told) == ["again"]


async def test_a_line_that_is_too_long_ends_in_a_sign() -> None:
    told = Told("much longer than it may be")
    async with Alone(told).run_test(size=(12, 5)) as pilot:
        await pilot.pause()
        assert rows(told) == ["much longer…"]


async def test_wide_signs_are_drawn_with_their_whole_row(watched: Watch) -> None:
    told = Told("電気 1", "x")
    async with Alone(told).run_test(size=(12, 5)) as pilot:
        await pilot.pause()
        seen = watched(told)
        told.say("電気 2", "x")
        assert seen.cells == {(x, 0) for x in range(12)}


@given(st.lists(st.text("ab 0", max_size=14), min_size=2, max_size=2), st.integers(0, 20))
def test_two_sides_fill_the_row_and_the_right_one_is_kept(texts: list[str], width: int) -> None:
    left, right = texts
    row = sides(Content(left), Content(right), width)
    assert row.cell_length == (width if len(right) < width else min(len(right), width))
    if len(right) < width:
        assert row.plain.endswith(right)


# The big number -------------------------------------------------------------------------------------------------------


@given(st.integers(0, 99_999))
def test_the_big_number_keeps_its_width(value: int) -> None:
    drawn = big_number(grouped(value, 5))
    assert len(drawn) == 3
    assert {len(row) for row in drawn} == {len(big_number(grouped(0, 5))[0])}


def test_digits_are_told_apart() -> None:
    assert len({big_number(str(digit)) for digit in range(10)}) == 10


def test_thousands_stand_apart() -> None:
    assert grouped(4230, 5) == f"4 230{FIGURE_SPACE}"
    assert grouped(460, 5) == f"460{FIGURE_SPACE * 2} "
    assert grouped(12_345, 5) == "12 345"


def test_letters_cannot_be_drawn() -> None:
    with pytest.raises(KeyError):
        big_number("12A")
