"""Days, weeks, months and years to look back at, and the figures of them."""

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkytui.civil.days import midnight
from linkytui.history import HistoryReader
from linkytui.i18n import use_language
from linkytui.tui.history_view import View, ViewData, Zoom, read_view, same_part, spans_until
from tests.history.household import PARIS, at, moment, record, steady

DAYS = st.dates(date(2015, 1, 1), date(2040, 12, 31))


@given(st.sampled_from(Zoom), DAYS)
def test_a_day_lies_in_the_view_around_it(zoom: Zoom, day: date) -> None:
    view = View.around(zoom, day)
    assert view.first <= day < view.after


@given(st.sampled_from(Zoom), DAYS)
def test_views_follow_each_other_without_gap_or_overlap(zoom: Zoom, day: date) -> None:
    view = View.around(zoom, day)
    assert view.next == View.around(zoom, view.after)
    assert view.next.before == view
    assert view.before.next == view
    assert view.before.after == view.first


def test_a_week_begins_on_monday_also_over_new_year() -> None:
    week = View.around(Zoom.WEEK, date(2026, 1, 1))
    assert (week.first, week.after) == (date(2025, 12, 29), date(2026, 1, 5))
    assert week.next.first == date(2026, 1, 5)


@pytest.mark.parametrize(("year", "days"), [(2024, 29), (2026, 28), (2028, 29)])
def test_february_ends_when_it_ends(year: int, days: int) -> None:
    month = View.around(Zoom.MONTH, date(year, 2, 10))
    assert (month.after - month.first).days == days
    assert View.around(Zoom.DAY, date(year, 2, days)).after == date(year, 3, 1)


def test_a_leap_year_has_366_days() -> None:
    assert [(View.around(Zoom.YEAR, date(y, 5, 1)).after - date(y, 1, 1)).days for y in (2027, 2028)] == [365, 366]
    assert View.around(Zoom.YEAR, date(2028, 2, 29)).before == View(Zoom.YEAR, date(2027, 1, 1))


@pytest.mark.parametrize(
    ("zoom", "day", "english", "french"),
    [
        (Zoom.DAY, date(2026, 8, 1), "Sat 1 August 2026", "sam. 1er août 2026"),
        (Zoom.WEEK, date(2025, 11, 24), "24 Nov - 30 Nov 2025", "24 nov. - 30 nov. 2025"),
        (Zoom.WEEK, date(2026, 1, 1), "29 Dec 2025 - 4 Jan 2026", "29 déc. 2025 - 4 janv. 2026"),
        (Zoom.MONTH, date(2026, 2, 3), "February 2026", "février 2026"),
        (Zoom.YEAR, date(2026, 2, 3), "2026", "2026"),
    ],
)
def test_a_view_has_a_title_in_both_languages(zoom: Zoom, day: date, english: str, french: str) -> None:
    view = View.around(zoom, day)
    assert view.title == english
    use_language("fr")
    assert view.title == french


# What the history says ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> HistoryReader:
    """1.2 kW from Saturday 28 March 2026 to Monday noon, over the change to summer time; a pause on Saturday noon."""
    folder = tmp_path_factory.mktemp("steady")
    start, pause, end = at("2026-03-28 00:00"), at("2026-03-28 12:00"), at("2026-03-30 12:00")
    record(folder, steady(start, pause, step=60.0))
    record(folder, steady(pause + 7200, end, step=60.0, since=start))
    return HistoryReader(folder, PARIS)


def looked(reader: HistoryReader, zoom: Zoom, day: str, now: str = "2026-03-30 12:00") -> ViewData:
    return read_view(reader, View.around(zoom, date.fromisoformat(day)), moment(now))


def test_figures_are_the_sums_of_the_bars(reader: HistoryReader) -> None:
    for zoom in Zoom:
        shown = looked(reader, zoom, "2026-03-29")
        for spans, figures in ((shown.spans, shown.figures), (shown.spans_before, shown.figures_before)):
            assert figures.total_wh == sum(span.total_wh for span in spans)
            assert figures.wh.get("BASE", 0) == figures.total_wh
            assert figures.estimated_wh == sum(span.estimated_wh for span in spans)


def test_bars_are_hours_days_or_months(reader: HistoryReader) -> None:
    counts = {zoom: len(looked(reader, zoom, "2026-03-29").spans) for zoom in Zoom}
    assert counts == {Zoom.DAY: 23, Zoom.WEEK: 7, Zoom.MONTH: 31, Zoom.YEAR: 12}


def test_a_day_of_23_hours_took_the_energy_of_23_hours(reader: HistoryReader) -> None:
    shown = looked(reader, Zoom.DAY, "2026-03-29")
    assert shown.figures.total_wh == pytest.approx(23 * 1200, abs=25)
    assert shown.figures.covered == pytest.approx(1.0, abs=0.01)
    assert shown.figures.power is not None
    assert (shown.figures.power.mean, shown.figures.power.max) == (1200, 1200)


def test_a_pause_is_told(reader: HistoryReader) -> None:
    figures = looked(reader, Zoom.DAY, "2026-03-28").figures
    assert figures.covered == pytest.approx(22 / 24, abs=0.01)
    assert figures.estimated_wh == pytest.approx(2400, abs=50)


def test_what_has_not_come_yet_is_not_missing(reader: HistoryReader) -> None:
    figures = looked(reader, Zoom.DAY, "2026-03-30").figures
    assert figures.covered == pytest.approx(1.0, abs=0.01)
    assert looked(reader, Zoom.MONTH, "2026-04-30").figures.covered == 0.0


def test_only_a_day_has_a_curve(reader: HistoryReader) -> None:
    day = looked(reader, Zoom.DAY, "2026-03-29")
    assert {point.mean for point in (*day.curve, *day.curve_before)} == {1200}
    assert day.curve[0].at == day.start.timestamp()
    assert not looked(reader, Zoom.WEEK, "2026-03-29").curve


def test_the_stretch_before_is_the_one_that_was(reader: HistoryReader) -> None:
    day = looked(reader, Zoom.DAY, "2026-03-29")
    before = looked(reader, Zoom.DAY, "2026-03-28")
    assert day.figures_before == before.figures
    assert day.spans_before == before.spans
    assert day.cut is None


def test_what_goes_on_is_compared_with_the_same_part_of_the_one_before(reader: HistoryReader) -> None:
    day = looked(reader, Zoom.DAY, "2026-03-30", now="2026-03-30 10:17")
    assert day.cut == moment("2026-03-29 10:17")
    # One hour less on the day on which the clocks went forward.
    assert day.figures_before.total_wh == pytest.approx((10 + 17 / 60 - 1) * 1200, abs=5)
    assert day.figures_before.covered == pytest.approx(1.0, abs=0.01)
    assert day.spans_before == looked(reader, Zoom.DAY, "2026-03-29").spans


def test_a_record_that_ended_is_compared_up_to_its_end(reader: HistoryReader) -> None:
    day = looked(reader, Zoom.DAY, "2026-03-30", now="2026-03-30 20:00")
    assert day.cut is not None
    assert abs((day.cut - moment("2026-03-29 12:00")).total_seconds()) <= 60


@pytest.mark.parametrize(
    ("zoom", "now", "cut"),
    [
        (Zoom.DAY, "2026-06-02 18:42", "2026-06-01 18:42"),
        (Zoom.WEEK, "2026-06-03 18:42", "2026-05-27 18:42"),
        (Zoom.MONTH, "2026-03-28 18:42", "2026-02-28 18:42"),
        (Zoom.MONTH, "2026-03-31 18:42", "2026-03-01 00:00"),
        (Zoom.MONTH, "2026-01-31 00:00", "2025-12-31 00:00"),
        (Zoom.YEAR, "2026-11-24 18:42", "2025-11-24 18:42"),
        (Zoom.YEAR, "2028-02-29 18:42", "2027-03-01 00:00"),
        (Zoom.YEAR, "2029-03-01 00:00", "2028-03-01 00:00"),
    ],
)
def test_the_same_part_is_that_of_the_clock_and_the_calendar(zoom: Zoom, now: str, cut: str) -> None:
    at_now = moment(now)
    assert same_part(View.around(zoom, at_now.date()), at_now) == moment(cut)


@given(st.sampled_from(Zoom), DAYS, st.integers(0, 86_399))
def test_the_same_part_lies_within_the_view_before(zoom: Zoom, day: date, second: int) -> None:
    view = View.around(zoom, day)
    now = datetime.combine(day, time(), PARIS) + timedelta(seconds=second)
    assert midnight(view.before.first) <= same_part(view, now).timestamp() <= midnight(view.first)


def test_the_parts_of_a_stretch_add_up_to_the_minute(reader: HistoryReader) -> None:
    start = moment("2026-03-28 00:00")
    for until in ("2026-03-28 00:00", "2026-03-28 00:20", "2026-03-29 00:00", "2026-03-29 03:30", "2026-03-30 09:59"):
        spans = spans_until(reader, start, moment(until))
        passed = moment(until).timestamp() - start.timestamp()
        assert sum(span.total_wh for span in spans) == pytest.approx(passed / 3, abs=5)


def test_where_nothing_was_recorded_there_is_nothing(tmp_path: Path) -> None:
    shown = looked(HistoryReader(tmp_path, PARIS), Zoom.MONTH, "2026-03-01")
    assert shown.registers == []
    assert shown.figures.power is None
    assert shown.figures.covered == 0.0
    assert shown.end.date() - shown.start.date() == timedelta(days=31)
