"""The rate of rejection over the last hour and day."""

from hypothesis import given
from hypothesis import strategies as st

from linkytui.link import Link
from linkytui.tui.quality import MINUTES, QualityLog

START = 1_764_006_000.0  # a whole minute


def link(accepted: int, rejected: int) -> Link:
    return Link(accepted=accepted, rejected={"checksum": rejected})


def test_what_came_before_the_screen_does_not_count() -> None:
    log = QualityLog()
    log.hear(link(1000, 500), START)
    assert log.rate(START, 60) is None


def test_each_minute_has_its_rate() -> None:
    log = QualityLog()
    for minute, (accepted, rejected) in enumerate([(0, 0), (90, 10), (190, 10), (190, 10), (190, 110)]):
        log.hear(link(accepted, rejected), START + 60 * minute)
    assert log.rates(START + 240, 5, 5) == [None, 0.1, 0.0, None, 1.0]
    assert log.rate(START + 240, 5) == 110 / 300


def test_counters_that_begin_anew_are_counted_from_nothing() -> None:
    log = QualityLog()
    log.hear(link(1000, 500), START)
    log.hear(link(90, 10), START + 60)
    assert log.rate(START + 60, 60) == 0.1


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 9), st.integers(0, 7200)), max_size=60))
def test_nothing_is_lost_within_a_day_and_nothing_older_is_kept(steps: list[tuple[int, int, int]]) -> None:
    log, at, accepted, rejected = QualityLog(), START, 0, 0
    log.hear(link(0, 0), at)
    told = []
    for more, bad, seconds in steps:
        at += seconds
        accepted, rejected = accepted + more, rejected + bad
        log.hear(link(accepted, rejected), at)
        told.append((int(at // 60), more, bad))
    now = int(at // 60)
    within = [(more, bad) for minute, more, bad in told if now - MINUTES < minute <= now]
    total = sum(more + bad for more, bad in within)
    assert log.rate(at, MINUTES) == (sum(bad for _more, bad in within) / total if total else None)
    assert len(log.rates(at, MINUTES, 60)) == 60


def test_a_clock_that_was_put_back_leaves_no_future() -> None:
    log = QualityLog()
    log.hear(link(0, 0), START)
    log.hear(link(0, 100), START + 600)
    log.hear(link(100, 100), START)
    assert log.rate(START, MINUTES) == 0.0
