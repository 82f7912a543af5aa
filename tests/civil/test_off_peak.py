"""Off-peak hours by the clock."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkytui.civil.off_peak import OffPeak, is_window
from linkytui.settings.model import OffPeakSeason
from tests.billing.households import HOUR, PARIS, moment


def cut(off_peak: OffPeak | None, start: float, end: float) -> list[tuple[float, bool]]:
    """Minutes of each piece, and whether it is off-peak."""
    assert off_peak is not None
    pieces = off_peak.pieces(start, end, PARIS)
    assert pieces is not None
    return [((piece.end - piece.start) / 60, piece.off_peak) for piece in pieces]


def test_nothing_set_is_nothing_known() -> None:
    assert OffPeak.of(()) is None


def test_hours_over_midnight_are_an_evening_and_a_morning() -> None:
    off_peak = OffPeak.of(("22:30-06:30",))
    assert off_peak is not None
    assert off_peak.windows(date(2026, 5, 5)) == ((0, 6 * HOUR + 1800), (22 * HOUR + 1800, 24 * HOUR))
    assert cut(off_peak, moment(2026, 5, 5, 22), moment(2026, 5, 5, 23)) == [(30, False), (30, True)]
    assert cut(off_peak, moment(2026, 5, 5, 6), moment(2026, 5, 5, 7)) == [(30, True), (30, False)]


@pytest.mark.parametrize("text", ["22H30-6H30", "22h30-06h30", "22:30-6:30"])
def test_hours_may_be_written_as_bills_print_them(text: str) -> None:
    found = OffPeak.of((text,))
    assert found is not None
    assert found.windows(date(2026, 5, 5)) == ((0, 6 * HOUR + 1800), (22 * HOUR + 1800, 24 * HOUR))


@pytest.mark.parametrize(
    "text", ["06:00-06:00", "6h00-06:00", "24:00-06:00", "25:00-06:00", "22:30-24:30", "22:60-06:00"]
)
def test_what_is_no_stretch_of_hours_is_refused(text: str) -> None:
    assert not is_window(text)


def test_several_windows_a_day_and_odd_minutes() -> None:
    off_peak = OffPeak.of(("01:34-07:04", "12:10-12:40"))
    assert cut(off_peak, moment(2026, 5, 5, 1), moment(2026, 5, 5, 2)) == [(34, False), (26, True)]
    assert cut(off_peak, moment(2026, 5, 5, 12), moment(2026, 5, 5, 13)) == [(10, False), (30, True), (20, False)]
    assert cut(off_peak, moment(2026, 5, 5, 9), moment(2026, 5, 5, 10)) == [(60, False)]


@pytest.mark.parametrize("text", ["22:00-24:00", "22:00-00:00"])
def test_a_window_may_end_at_midnight(text: str) -> None:
    assert cut(OffPeak.of((text,)), moment(2026, 5, 5, 23), moment(2026, 5, 6)) == [(60, True)]
    assert cut(OffPeak.of((text,)), moment(2026, 5, 5, 0), moment(2026, 5, 5, 1)) == [(60, False)]


def test_seasons_have_hours_of_their_own() -> None:
    off_peak = OffPeak.of(
        (
            "02:00-07:00",
            OffPeakSeason(first="04-01", last="10-31", windows=("11:00-14:00",)),
            OffPeakSeason(first="11-01", last="03-31", windows=("21:30-00:30",)),
        )
    )
    assert off_peak is not None
    assert off_peak.windows(date(2026, 10, 31)) == ((2 * HOUR, 7 * HOUR), (11 * HOUR, 14 * HOUR))
    for winter in (date(2026, 11, 1), date(2026, 12, 31), date(2027, 1, 1), date(2027, 3, 31)):
        assert off_peak.windows(winter) == ((0, 1800), (2 * HOUR, 7 * HOUR), (21 * HOUR + 1800, 24 * HOUR))


def test_a_day_in_no_season_is_not_known() -> None:
    off_peak = OffPeak.of((OffPeakSeason(first="04-01", last="10-31", windows=("11:00-14:00",)),))
    assert off_peak is not None
    assert off_peak.windows(date(2026, 11, 1)) is None
    assert off_peak.pieces(moment(2026, 11, 1, 12), moment(2026, 11, 1, 13), PARIS) is None


def test_the_clock_that_people_read_decides_when_it_changes() -> None:
    # 29 March 2026: 02:00 to 03:00 does not exist; 25 October 2026: it comes twice.
    off_peak = OffPeak.of(("02:00-04:00",))
    spring = [cut(off_peak, moment(2026, 3, 29) + n * HOUR, moment(2026, 3, 29) + (n + 1) * HOUR) for n in range(4)]
    assert [pieces[0][1] for pieces in spring] == [False, False, True, False]
    autumn = [cut(off_peak, moment(2026, 10, 25) + n * HOUR, moment(2026, 10, 25) + (n + 1) * HOUR) for n in range(6)]
    assert [pieces[0][1] for pieces in autumn] == [False, False, True, True, True, False]


CLOCK = st.tuples(st.integers(0, 23), st.integers(0, 59)).map(lambda time: f"{time[0]:02}:{time[1]:02}")
WINDOWS = st.lists(st.builds("{}-{}".format, CLOCK, CLOCK).filter(is_window), min_size=1, max_size=4)


@given(WINDOWS, st.integers(0, 23))
def test_pieces_fill_the_hour_and_agree_with_each_minute(windows: list[str], hour: int) -> None:
    off_peak = OffPeak.of(windows)
    assert off_peak is not None
    start = moment(2026, 5, 5, hour)
    pieces = off_peak.pieces(start, start + HOUR, PARIS)
    assert pieces is not None
    assert [pieces[0].start, *(piece.end for piece in pieces)] == [*(piece.start for piece in pieces), start + HOUR]
    known = off_peak.windows(date(2026, 5, 5)) or ()
    for minute in range(60):
        at = hour * HOUR + minute * 60
        inside = next(piece.off_peak for piece in pieces if piece.start <= start + minute * 60 < piece.end)
        assert inside == any(first <= at < last for first, last in known)
