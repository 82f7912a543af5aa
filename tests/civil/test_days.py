"""Days and hours of the clock, on days that have 23 or 25 hours too."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkytui.civil.days import DAY, HOUR, ONE_DAY, days_in_month, each_day, local, midnight, moment, next_month

ZONES = ["Europe/Paris", "Indian/Reunion", "America/Miquelon", "America/Santiago", "Pacific/Marquesas", "Asia/Beirut"]
DAYS = st.dates(date(2000, 1, 1), date(2037, 12, 31))


@given(DAYS, st.sampled_from(ZONES))
def test_a_day_begins_with_its_first_second(day: date, name: str) -> None:
    zone = ZoneInfo(name)
    assert local(midnight(day, zone), zone).date() == day
    assert local(midnight(day, zone) - 1, zone).date() == day - ONE_DAY


def test_a_day_may_begin_after_midnight() -> None:
    """In Santiago, the day that summer time begins starts at 01:00."""
    zone = ZoneInfo("America/Santiago")
    assert local(midnight(date(2026, 9, 6), zone), zone).isoformat() == "2026-09-06T01:00:00-03:00"


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 10, 26), 24)]
)
def test_a_day_is_as_long_as_the_clock_says(day: date, hours: int) -> None:
    assert midnight(day + ONE_DAY) - midnight(day) == hours * HOUR


@given(DAYS, st.integers(0, 12 * DAY - 1).map(lambda quarters: quarters / 4), st.sampled_from(ZONES))
def test_the_clock_shows_the_seconds_after_midnight(day: date, seconds: float, name: str) -> None:
    zone = ZoneInfo(name)
    shown = local(moment(day, seconds, zone), zone)
    wanted = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(seconds=int(seconds))
    if local(wanted.timestamp(), zone).replace(tzinfo=None) == wanted.replace(tzinfo=None):  # such a time there is
        assert shown.replace(tzinfo=None, microsecond=0) == wanted.replace(tzinfo=None)
        assert shown.fold == 0


def test_a_time_that_the_clock_leaves_out_is_as_far_after_midnight_as_it_says() -> None:
    spring = date(2026, 3, 29)
    assert f"{local(moment(spring, 2.5 * HOUR)):%H:%M}" == "03:30"
    assert moment(spring, 2.5 * HOUR) - midnight(spring) == 2.5 * HOUR


@given(DAYS)
def test_months_follow_each_other(day: date) -> None:
    after = next_month(day)
    assert after.day == 1
    assert (after - ONE_DAY).month == day.month
    assert len(list(each_day(day.replace(day=1), after))) == days_in_month(day)
