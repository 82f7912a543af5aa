"""Days, weeks, months and years to look back at, and the figures of them."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkytui.history import HistoryReader
from linkytui.i18n import use_language
from linkytui.tui.history_view import View, ViewData, Zoom, read_view
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
    day = looked(reader, Zoom.DAY, "2026-03-30")
    before = looked(reader, Zoom.DAY, "2026-03-29")
    assert day.figures_before == before.figures
    assert day.spans_before == before.spans


def test_where_nothing_was_recorded_there_is_nothing(tmp_path: Path) -> None:
    shown = looked(HistoryReader(tmp_path, PARIS), Zoom.MONTH, "2026-03-01")
    assert shown.registers == []
    assert shown.figures.power is None
    assert shown.figures.covered == 0.0
    assert shown.end.date() - shown.start.date() == timedelta(days=31)
