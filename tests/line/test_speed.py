"""The search for the speed of the line, without a line."""

from linkytui.line.speed import SEARCH_AGAIN_AFTER, TRY_FOR, SpeedSearch


def test_the_first_speed_is_given_time() -> None:
    search = SpeedSearch(1200)
    assert search.bad(0.0) is None
    assert search.bad(TRY_FOR - 0.1) is None
    assert search.bad(TRY_FOR) == 9600


def test_the_speeds_take_turns_until_one_is_right() -> None:
    search = SpeedSearch(1200)
    changes = [speed for tenth in range(100) if (speed := search.bad(tenth / 10)) is not None]
    assert changes[:4] == [9600, 1200, 9600, 1200]


def test_a_speed_that_was_right_is_kept_for_longer() -> None:
    search = SpeedSearch(9600)
    search.good()
    assert search.found
    assert search.bad(10.0) is None
    assert search.bad(10.0 + TRY_FOR) is None
    assert search.bad(10.0 + SEARCH_AGAIN_AFTER) == 1200
    assert not search.found


def test_a_good_group_starts_the_patience_anew() -> None:
    search = SpeedSearch(1200)
    search.good()
    search.bad(0.0)
    search.good()
    assert search.bad(SEARCH_AGAIN_AFTER) is None


def test_a_silent_line_changes_nothing() -> None:
    search = SpeedSearch(1200)
    search.bad(0.0)
    search.restart()
    assert search.bad(3600.0) is None
    assert search.baudrate == 1200


def test_any_other_speed_gives_way_to_the_slow_one() -> None:
    search = SpeedSearch(19200)
    search.bad(0.0)
    assert search.bad(TRY_FOR) == 1200
