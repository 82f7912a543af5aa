"""Billing periods: without a gap, without an overlap, from any day of the month on."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkytui.civil.cycle import CALENDAR, Cycle


@given(
    st.builds(Cycle, st.integers(1, 31), st.sampled_from([1, 2, 3, 4, 6, 12]), st.integers(1, 12)),
    st.dates(date(2020, 1, 1), date(2032, 12, 31)),
)
def test_each_day_lies_in_one_period(cycle: Cycle, day: date) -> None:
    first, end = cycle.around(day)
    assert first <= day < end
    assert cycle.around(first) == cycle.around(end - timedelta(1)) == (first, end)
    assert cycle.around(end)[0] == end
    assert (end.year - first.year) * 12 + end.month - first.month == cycle.months
    assert first.day == cycle.day or (first + timedelta(1)).day == 1
    assert (first.month - cycle.first_month) % cycle.months == 0
    year = cycle.year(day)
    assert year[0].month == cycle.first_month
    assert year[0] <= first
    assert end <= year[1]
    assert list(cycle.periods(first, end)) == [(first, end)]


@pytest.mark.parametrize(
    ("cycle", "day", "period"),
    [
        (CALENDAR, date(2026, 2, 28), (date(2026, 2, 1), date(2026, 3, 1))),
        (Cycle(12), date(2026, 11, 11), (date(2026, 10, 12), date(2026, 11, 12))),
        (Cycle(31), date(2026, 2, 28), (date(2026, 2, 28), date(2026, 3, 31))),
        (Cycle(31), date(2026, 2, 27), (date(2026, 1, 31), date(2026, 2, 28))),
        (Cycle(12, 2, 9), date(2026, 1, 1), (date(2025, 11, 12), date(2026, 1, 12))),
        (Cycle(1, 12, 7), date(2026, 6, 30), (date(2025, 7, 1), date(2026, 7, 1))),
    ],
)
def test_the_period_of_a_day(cycle: Cycle, day: date, period: tuple[date, date]) -> None:
    assert cycle.around(day) == period


def test_the_period_that_a_month_names() -> None:
    assert Cycle(12).beginning_in(date(2026, 11, 1)) == (date(2026, 11, 12), date(2026, 12, 12))
    assert Cycle(12, 2, 9).beginning_in(date(2026, 12, 1)) == (date(2026, 11, 12), date(2027, 1, 12))
    assert Cycle(12).nth(date(2026, 11, 12), 3) == date(2027, 2, 12)
