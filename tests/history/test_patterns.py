"""What repeats in a household's days."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkytui.history import HistoryReader
from linkytui.history.patterns import base_loads, hours_of_days, spread, typical_days
from tests.history.household import PARIS, at, moment, record, steady


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> HistoryReader:
    """1.2 kW over five weeks and the change to winter time; a pause of six hours on a Tuesday."""
    folder = tmp_path_factory.mktemp("weeks")
    start, pause, end = at("2026-10-01 00:00"), at("2026-10-13 06:00"), at("2026-11-05 00:00")
    record(folder, steady(start, pause, step=60.0))
    record(folder, steady(pause + 6 * 3600, end, step=60.0, since=start))
    return HistoryReader(folder, PARIS)


def test_every_hour_of_every_day_is_there(reader: HistoryReader) -> None:
    hours = hours_of_days(reader, moment("2026-10-01 00:00"), moment("2026-11-05 00:00"))
    assert list(hours) == [date.fromordinal(date(2026, 10, 1).toordinal() + n) for n in range(35)]
    assert set(hours[date(2026, 10, 2)]) == set(range(24))
    whole = [by_hour for day, by_hour in hours.items() if day != date(2026, 10, 13)]
    assert all(wh == pytest.approx(1200, abs=25) for by_hour in whole for wh in by_hour.values())


def test_the_hour_that_comes_twice_is_one(reader: HistoryReader) -> None:
    hours = hours_of_days(reader, moment("2026-10-25 00:00"), moment("2026-10-26 00:00"))
    assert hours[date(2026, 10, 25)][2] == pytest.approx(1200, abs=5)


def test_what_was_spread_over_a_gap_says_nothing_of_its_hours(reader: HistoryReader) -> None:
    hours = hours_of_days(reader, moment("2026-10-13 00:00"), moment("2026-10-14 00:00"))
    assert not {6, 7, 8, 9, 10, 11} & set(hours[date(2026, 10, 13)])


def test_a_weekday_is_typical_from_three_of_them_on(reader: HistoryReader) -> None:
    hours = hours_of_days(reader, moment("2026-10-01 00:00"), moment("2026-10-21 00:00"))
    week = typical_days(hours)
    assert [len(day) for day in week] == [24, 18, 0, 24, 24, 24, 24]  # Monday to Sunday, from a Thursday on
    assert all(hour.middle == pytest.approx(1200, abs=25) for day in week for hour in day.values())


@given(st.lists(st.floats(0, 10_000), min_size=1, max_size=60))
def test_a_spread_lies_within_what_it_tells_of(values: list[float]) -> None:
    told = spread(values)
    assert min(values) <= told.low <= told.middle <= told.high <= max(values)
    # One day in ten lies outside on either side, as near as so many days can say it.
    assert sum(value < told.low for value in values) <= len(values) / 10 + 1
    assert sum(value > told.high for value in values) <= len(values) / 10 + 1


def test_the_base_load_is_told_month_by_month_and_beside_the_year_before(reader: HistoryReader) -> None:
    told = base_loads(reader, 2026)
    assert [month.month for month in told.months] == list(range(1, 13))
    assert told.loads[9] == 1200
    assert told.loads[:9] == told.before[:9] == [None] * 9
    assert base_loads(reader, 2027).before[9] == 1200


def test_without_a_record_there_is_no_pattern(tmp_path: Path) -> None:
    nothing = HistoryReader(tmp_path, PARIS)
    assert hours_of_days(nothing, moment("2026-10-01 00:00"), moment("2026-11-01 00:00")) == {}
    assert typical_days({}) == [{}] * 7
    assert set(base_loads(nothing, 2026).loads) == {None}
