"""Spans follow each other without a gap, whatever the clocks do."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkytui.civil.spans import By, borders, floor, following
from linkytui.tic import PARIS


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


@pytest.mark.parametrize("by", list(By))
def test_spans_follow_each_other_without_a_gap_over_three_years(by: By) -> None:
    start, end = moment("2026-01-01 00:00"), moment("2029-01-01 00:00" if by is not By.HOUR else "2026-12-31 00:00")
    limits = list(borders(by, start, end, PARIS))
    assert limits[0][0] == start
    assert all(before[1] == after[0] for before, after in pairwise(limits))
    assert all(begin.astimezone(UTC) < after.astimezone(UTC) for begin, after in limits)
    assert limits[-1][1] >= end
    assert all(floor(begin, by) == begin and following(begin, by) == after for begin, after in limits)


def test_a_span_is_the_one_that_holds_the_moment() -> None:
    inside = moment("2026-10-25 02:30").replace(fold=1)
    assert floor(inside, By.HOUR).isoformat() == "2026-10-25T02:00:00+01:00"
    assert floor(inside, By.DAY).isoformat() == "2026-10-25T00:00:00+02:00"
    assert floor(inside, By.MONTH).isoformat() == "2026-10-01T00:00:00+02:00"
    assert floor(inside, By.YEAR).isoformat() == "2026-01-01T00:00:00+01:00"


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a time zone"):
        floor(datetime(2026, 1, 1), By.DAY)  # noqa: DTZ001 -- that is the point


def test_the_hour_that_comes_twice_is_two_spans_and_each_ends_where_it_ends() -> None:
    first, second = moment("2026-10-25 02:00"), moment("2026-10-25 02:00").replace(fold=1)
    midnight = moment("2026-10-25 00:00")
    assert [begin.fold for begin, _ in borders(By.HOUR, midnight, second, PARIS)] == [0, 0, 0]
    assert len(list(borders(By.HOUR, midnight, first, PARIS))) == 2
    assert [begin.fold for begin, _ in borders(By.HOUR, first, second.replace(minute=1), PARIS)] == [0, 1]


ZONES = ["Europe/Paris", "Indian/Reunion", "America/Miquelon", "America/Santiago", "Pacific/Marquesas", "Asia/Beirut"]
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(MOMENTS, st.integers(1, 3 * 86_400), st.sampled_from(ZONES), st.sampled_from(By))
def test_a_stretch_lies_in_its_spans_and_none_begins_after_it(at: datetime, length: int, name: str, by: By) -> None:
    zone = ZoneInfo(name)
    start, end = at.astimezone(zone), (at + timedelta(seconds=length)).astimezone(zone)
    begins = [(begin.timestamp(), after.timestamp()) for begin, after in borders(by, start, end, zone)]
    assert begins[0][0] <= start.timestamp() < begins[0][1]
    assert begins[-1][0] < end.timestamp() <= begins[-1][1]
    assert all(one[1] == other[0] for one, other in pairwise(begins))
