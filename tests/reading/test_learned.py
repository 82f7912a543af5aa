"""Off-peak hours learned from the record: ten days, a change of the clocks, a change of hours, holes."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import pytest

from linkytui.civil.days import DAY, HOUR, MINUTE, local, midnight, moment
from linkytui.reading.learned import SeenMinute, alike_hours, last_day, learn, total
from linkytui.tic import PARIS

NIGHT = ((0, 6 * HOUR + 30 * MINUTE), (22 * HOUR + 30 * MINUTE, DAY))
LATER = ((0, 7 * HOUR + 30 * MINUTE), (23 * HOUR + 30 * MINUTE, DAY))
REFORM = ((30 * MINUTE, 6 * HOUR + 30 * MINUTE), (12 * HOUR + 30 * MINUTE, 14 * HOUR + 30 * MINUTE))
Hours = tuple[tuple[int, int], ...]


def minutes(first: date, days: Sequence[Hours], late: int = 0) -> Iterator[SeenMinute]:
    """Every minute of some days, each with hours of its own; `late`: seconds by which the meter's clock is late."""
    for number, windows in enumerate(days):
        day = first + timedelta(days=number)
        for at in range(midnight(day), midnight(day + timedelta(days=1)), MINUTE):
            off_peak = any(moment(day, a) + late <= at + 59 and at + 59 < moment(day, b) + late for a, b in windows)
            yield SeenMinute(at, off_peak)


def test_ten_days_teach_the_hours() -> None:
    assert learn(list(minutes(date(2026, 5, 4), [NIGHT] * 10)), PARIS) == NIGHT


@pytest.mark.parametrize("change", [date(2026, 3, 29), date(2026, 10, 25)])
def test_a_change_of_the_clocks_moves_no_hours(change: date) -> None:
    for before in range(1, 10):
        seen = list(minutes(change - timedelta(days=before), [NIGHT] * 10))
        assert learn(seen, PARIS) == NIGHT


def test_other_hours_are_believed_after_three_days_and_the_old_ones_no_longer_before() -> None:
    for since in range(11):
        learned = learn(list(minutes(date(2026, 5, 4), [NIGHT] * (10 - since) + [REFORM] * since)), PARIS)
        assert learned == (NIGHT if since == 0 else None if since < 3 else REFORM)


def test_the_last_day_shows_new_hours_as_soon_as_it_holds_nothing_else() -> None:
    """Old and new hours are a mixture for a while, which is not eight hours long."""
    for old, new in ((NIGHT, REFORM), (NIGHT, LATER), (REFORM, NIGHT), (LATER, REFORM)):
        seen = list(minutes(date(2026, 5, 4), [old] * 4 + [new] * 2))
        shown = set()
        for end in range(4 * 1440, len(seen), 30):
            windows = last_day(seen[end - 1441 : end], PARIS)
            if windows is not None and abs(total(windows) - 8 * HOUR) <= 5 * MINUTE:
                shown.add(old if alike_hours(windows, old) else new if alike_hours(windows, new) else windows)
        assert shown == {old, new}


def test_a_hole_hides_a_day_only_where_it_may_hide_a_switch() -> None:
    whole = list(minutes(date(2026, 5, 4), [NIGHT] * 4))

    def without(start: int, end: int) -> list[SeenMinute]:
        """The same without some minutes of the third day."""
        return whole[: 2 * 1440 + start] + whole[2 * 1440 + end :]

    assert learn(without(12 * 60, 12 * 60 + 40), PARIS) == NIGHT
    assert learn(without(22 * 60 + 20, 22 * 60 + 40), PARIS) == NIGHT  # of the other three days
    assert learn(without(22 * 60 + 20, 22 * 60 + 40)[: 3 * 1440], PARIS) is None  # two are too few
    assert learn(without(10 * 60, 14 * 60)[1440:], PARIS) is None


def test_nothing_is_learned_from_nothing_or_from_one_price() -> None:
    assert learn([], PARIS) is None
    assert last_day([], PARIS) is None
    assert learn([SeenMinute(at * MINUTE, off_peak=False) for at in range(10 * 1440)], PARIS) is None


def test_a_clock_that_drifts_does_not_hide_the_hours() -> None:
    seen = [
        minute
        for number in range(6)
        for minute in minutes(date(2026, 5, 4) + timedelta(days=number), [NIGHT], late=number * 20)
    ]
    learned = learn(seen, PARIS)
    assert learned is not None
    assert alike_hours(learned, NIGHT)
    assert local(seen[0].start, PARIS).hour == 0
