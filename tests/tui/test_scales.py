"""Scales: round, not much higher than they must be, with figures that are what they say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkytui.tui.scales import round_top, scale


@pytest.mark.parametrize(
    ("top", "steps", "texts"),
    [
        (8000, 8, ["0", "2,000", "4,000", "6,000", "8,000"]),
        (8000, 3, ["0", "4,000", "8,000"]),
        (8000, 0, ["0", "8,000"]),
        (0.2, 4, ["0.00", "0.05", "0.10", "0.15", "0.20"]),
        (1.5, 4, ["0.0", "0.5", "1.0", "1.5"]),
        (60, 6, ["0", "10", "20", "30", "40", "50", "60"]),
    ],
)
def test_as_many_round_figures_stand_along_a_scale_as_find_room(top: float, steps: int, texts: list[str]) -> None:
    assert [text for _value, text in scale(top, steps)] == texts


@given(st.floats(0.0011, 8e4), st.integers(0, 20))
def test_figures_are_what_they_say_and_short(value: float, steps: int) -> None:
    top = round_top(value)
    figures = scale(top, steps)
    assert 2 <= len(figures) <= max(steps, 1) + 1
    assert figures[-1][0] == pytest.approx(top)
    for exact, text in figures:
        assert float(text.replace(",", "")) == pytest.approx(exact)
        assert len(text) <= 6


@given(st.floats(0.0011, 1e6))
def test_a_scale_is_round_and_not_much_higher_than_it_must_be(value: float) -> None:
    assert value <= round_top(value) <= 1.51 * value
