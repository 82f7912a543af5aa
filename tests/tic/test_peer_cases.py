"""Every case of other readers' tests is agreed with, or named with the reason why it is held to be wrong."""

from typing import Any

import pytest

from tests.tic.own_cases import OWN
from tests.tic.peers import CASES
from tests.tic.peers_agreed import SHAPES, expect_values
from tests.tic.peers_wrong import INSTEAD, WRONG

NONE_HERE = pytest.param("", marks=pytest.mark.skip(reason="the peers' cases are not on this machine"))


def shape_of(case: dict[str, Any]) -> str:
    """What a case expects, by the names of it."""
    return " ".join(sorted(case["expected"]))


@pytest.mark.parametrize("case", OWN, ids=shape_of)
def test_a_case_made_here_is_read_as_it_expects(case: dict[str, Any]) -> None:
    SHAPES[shape_of(case)](case)


def test_every_shape_has_a_case_made_here() -> None:
    assert {shape_of(case) for case in OWN} == set(SHAPES) - {"should"}


@pytest.mark.parametrize("name", [name for name in CASES if name not in WRONG] or [NONE_HERE])
def test_a_case_of_a_peer_is_agreed_with(name: str) -> None:
    case = CASES[name]
    SHAPES.get(shape_of(case), expect_values)(case)


@pytest.mark.parametrize("name", [name for name in CASES if name in WRONG] or [NONE_HERE])
def test_a_case_held_to_be_wrong_is_read_as_the_reason_says(name: str) -> None:
    INSTEAD[name](CASES[name])


@pytest.mark.skipif(not CASES, reason="the peers' cases are not on this machine")
def test_no_case_is_left_out() -> None:
    assert set(WRONG) == set(INSTEAD)
    assert set(WRONG) <= set(CASES)
    made_of_values = [name for name, case in CASES.items() if name not in WRONG and shape_of(case) not in SHAPES]
    assert made_of_values == ["c153", "c155", "c158"]
