"""Days, months and years are those of the wall clock in France, exact on the days that do not have 24 hours."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from linkytui.civil.spans import By
from linkytui.history import HistoryReader, Span
from tests.history.household import at, moment, record, steady

WATTS = 1200


def spans(folder: Path, by: By, start: str, end: str) -> list[Span]:
    return HistoryReader(folder).spans(by, moment(start), moment(end))


def test_the_day_that_summer_time_begins_has_23_hours(tmp_path: Path) -> None:
    record(tmp_path, steady(at("2026-03-28 00:00"), at("2026-03-31 00:00:10")))
    days = spans(tmp_path, By.DAY, "2026-03-28 00:00", "2026-03-31 00:00")
    assert [day.total_wh for day in days] == [24 * WATTS, 23 * WATTS, 24 * WATTS]
    assert [day.covered_s for day in days] == [86400, 82800, 86400]
    hours = spans(tmp_path, By.HOUR, "2026-03-29 00:00", "2026-03-30 00:00")
    assert len(hours) == 23
    assert [hour.start.hour for hour in hours[:4]] == [0, 1, 3, 4]
    assert {hour.total_wh for hour in hours} == {WATTS}


def test_the_day_that_winter_time_begins_has_25_hours(tmp_path: Path) -> None:
    record(tmp_path, steady(at("2026-10-24 00:00"), at("2026-10-27 00:00:10")))
    days = spans(tmp_path, By.DAY, "2026-10-24 00:00", "2026-10-27 00:00")
    assert [day.total_wh for day in days] == [24 * WATTS, 25 * WATTS, 24 * WATTS]
    assert [day.covered_s for day in days] == [86400, 90000, 86400]
    hours = spans(tmp_path, By.HOUR, "2026-10-25 00:00", "2026-10-26 00:00")
    assert len(hours) == 25
    assert [hour.start.hour for hour in hours[:5]] == [0, 1, 2, 2, 3]
    assert [hour.start.utcoffset() for hour in hours[2:4]] == [timedelta(hours=2), timedelta(hours=1)]
    assert {hour.total_wh for hour in hours} == {WATTS}


def test_a_gap_over_the_repeated_hour_is_spread_over_what_it_lasted(tmp_path: Path) -> None:
    start, end = at("2026-10-25 00:00"), at("2026-10-25 06:00")
    record(tmp_path, steady(start - 3600, start + 10))
    record(tmp_path, steady(end, end + 3610, since=start - 3600))
    hours = spans(tmp_path, By.HOUR, "2026-10-25 00:00", "2026-10-25 06:00")
    assert [hour.total_wh for hour in hours] == [WATTS] * 7
    assert [hour.estimated_wh for hour in hours] == [WATTS] * 7
    assert spans(tmp_path, By.DAY, "2026-10-25 00:00", "2026-10-25 01:00")[0].estimated_wh == 7 * WATTS


def test_months_end_at_midnight_in_france(tmp_path: Path) -> None:
    record(tmp_path, steady(at("2026-01-31 20:00"), at("2026-02-01 05:00:10")))
    january, february = spans(tmp_path, By.MONTH, "2026-01-15 00:00", "2026-02-15 00:00")
    assert (january.total_wh, february.total_wh) == (4 * WATTS, 5 * WATTS)
    assert january.end == february.start == moment("2026-02-01 00:00")
    assert january.start.isoformat() == "2026-01-01T00:00:00+01:00"


def test_the_energy_of_midnight_itself_belongs_to_the_day_before(tmp_path: Path) -> None:
    record(tmp_path, steady(at("2026-05-01 23:59"), at("2026-05-02 00:01:10")))
    first, second = spans(tmp_path, By.DAY, "2026-05-01 00:00", "2026-05-03 00:00")
    assert (first.total_wh, second.total_wh) == (20, 20)


def test_a_leap_day_is_a_day(tmp_path: Path) -> None:
    record(tmp_path, steady(at("2028-02-28 12:00"), at("2028-03-01 12:00:30"), step=30.0))
    days = spans(tmp_path, By.DAY, "2028-02-28 00:00", "2028-03-02 00:00")
    assert [day.start.day for day in days] == [28, 29, 1]
    assert [day.total_wh for day in days] == [12 * WATTS, 24 * WATTS, 12 * WATTS]
    february, march = spans(tmp_path, By.MONTH, "2028-02-01 00:00", "2028-03-02 00:00")
    assert (february.total_wh, march.total_wh) == (36 * WATTS, 12 * WATTS)


def test_years_end_with_their_last_hour(tmp_path: Path) -> None:
    record(tmp_path, steady(at("2026-12-31 22:00"), at("2027-01-01 03:00:10")))
    years = spans(tmp_path, By.YEAR, "2026-06-01 00:00", "2027-06-01 00:00")
    assert [(year.start.year, year.total_wh) for year in years] == [(2026, 2 * WATTS), (2027, 3 * WATTS)]


def test_another_zone_has_its_own_days(tmp_path: Path) -> None:
    record(tmp_path, steady(at("2026-07-01 00:00"), at("2026-07-02 00:00:10")))
    zone = ZoneInfo("Indian/Reunion")
    reader = HistoryReader(tmp_path, zone)
    first = datetime(2026, 7, 1, tzinfo=zone)
    days = reader.spans(By.DAY, first, first + timedelta(days=2))
    assert [day.total_wh for day in days] == [22 * WATTS, 2 * WATTS]
    assert days[0].start.utcoffset() == timedelta(hours=4)


def test_in_a_zone_with_a_half_hour_a_day_begins_with_the_hour_that_holds_midnight(tmp_path: Path) -> None:
    record(tmp_path, steady(at("2026-07-01 00:00"), at("2026-07-03 00:00:10")))
    zone = ZoneInfo("Pacific/Marquesas")
    day = datetime(2026, 7, 1, tzinfo=zone)
    (span,) = HistoryReader(tmp_path, zone).spans(By.DAY, day, day + timedelta(hours=1))
    assert span.total_wh == 24 * WATTS
    assert span.start == day
