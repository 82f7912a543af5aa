"""Every case of other readers' tests is agreed with, or named with the reason why it is held to be wrong."""

import pytest

from tests.tic.peers import CASES
from tests.tic.peers_agreed import SHAPES, expect_values
from tests.tic.peers_wrong import INSTEAD, WRONG


@pytest.mark.parametrize("name", [name for name in CASES if name not in WRONG])
def test_a_case_of_a_peer_is_agreed_with(name: str) -> None:
    case = CASES[name]
    shape = " ".join(sorted(case["expected"]))
    SHAPES.get(shape, expect_values)(case)


@pytest.mark.parametrize("name", [name for name in CASES if name in WRONG])
def test_a_case_held_to_be_wrong_is_read_as_the_reason_says(name: str) -> None:
    INSTEAD[name](CASES[name])


@pytest.mark.skipif(not CASES, reason="the peers' cases are not on this machine")
def test_no_case_is_left_out() -> None:
    assert set(WRONG) == set(INSTEAD)
    assert set(WRONG) <= set(CASES)
    made_of_values = [
        name for name, case in CASES.items() if name not in WRONG and " ".join(sorted(case["expected"])) not in SHAPES
    ]
    assert made_of_values == ["c153", "c155", "c158"]
