"""What is said three times running is believed."""

from hypothesis import given
from hypothesis import strategies as st

from linkytui.reading.steady import TIMES, Steady


def test_the_first_word_is_believed_at_once_and_another_only_when_it_stays() -> None:
    word: Steady[str] = Steady()
    assert word.value is None
    assert word.hear("a")
    assert [word.hear(said) for said in ("b", "b", "c", "b", "a", "b", "b", "b")] == [False] * 4 + [True] + [
        False,
        False,
        True,
    ]
    assert word.value == "b"


def test_what_nobody_says_changes_nothing() -> None:
    word = Steady("a")
    assert [word.settle(said) for said in ("b", None, "b", None, "b")] == ["a", "a", "a", "a", "b"]


def test_says_is_true_only_while_nothing_else_was_heard_lately() -> None:
    word = Steady("a")
    assert word.says("a")
    word.hear("b")
    assert not word.says("a")
    word.hear("a")
    assert word.says("a")


@given(st.lists(st.sampled_from("abc"), max_size=60))
def test_a_value_is_believed_after_three_in_a_row_and_never_before(words: list[str]) -> None:
    steady: Steady[str] = Steady()
    for place, word in enumerate(words):
        before = steady.value
        assert steady.hear(word) is (steady.value == word)
        if steady.value != before and before is not None:
            assert words[place - TIMES + 1 : place + 1] == [word] * TIMES
        if words[max(0, place - TIMES + 1) : place + 1] == [word] * TIMES:
            assert steady.value == word
