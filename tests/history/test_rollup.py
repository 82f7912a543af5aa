"""How a rise is spread over minutes and hours."""

from hypothesis import given
from hypothesis import strategies as st

from linkytui.history.rollup import HOUR_MS, MINUTE_MS, Bucket, Gap, pieces, value_at

times = st.integers(0, 4_000_000_000_000)
durations = st.integers(0, 40 * HOUR_MS)
rises = st.integers(0, 400_000)


@given(start=times, duration=durations, first=st.integers(0, 999_000_000), rise=rises)
def test_pieces_add_up_to_the_rise_in_minutes_as_in_hours(start: int, duration: int, first: int, rise: int) -> None:
    end, last = start + duration, first + rise
    minutes = list(pieces(start, first, end, last, MINUTE_MS))
    hours = list(pieces(start, first, end, last, HOUR_MS))
    assert sum(piece.wh for piece in minutes) == sum(piece.wh for piece in hours) == rise
    assert all(piece.wh >= 0 for piece in minutes)
    assert minutes[-1].value == hours[-1].value == last
    for hour in hours:
        assert sum(piece.wh for piece in minutes if piece.bucket // 60 == hour.bucket) == hour.wh


@given(start=times, duration=st.integers(1, 40 * HOUR_MS), first=st.integers(0, 999_000_000), rise=rises)
def test_a_gap_and_its_pieces_agree_at_every_hour(start: int, duration: int, first: int, rise: int) -> None:
    gap = Gap("BASE", start, start + duration, first, first + rise)
    for piece in list(pieces(start, first, gap.end, gap.end_value, HOUR_MS))[:-1]:
        assert value_at(gap, (piece.bucket + 1) * HOUR_MS) == piece.value


def test_a_rise_that_ends_with_the_hour_belongs_to_that_hour() -> None:
    (piece,) = pieces(HOUR_MS - 1000, 100, HOUR_MS, 103, HOUR_MS)
    assert piece == (0, 3, 103)


def test_a_rise_across_an_hour_is_cut_where_the_hour_ends() -> None:
    assert [tuple(piece) for piece in pieces(HOUR_MS - 2000, 100, HOUR_MS + 8000, 110, HOUR_MS)] == [
        (0, 2, 102),
        (1, 8, 110),
    ]


def test_a_bucket_keeps_the_range_of_powers_and_when_the_highest_came_first() -> None:
    bucket = Bucket()
    for at, power in enumerate((300, 900, 120, 900)):
        bucket.power(power, at)
    assert (bucket.frames, bucket.power_sum, bucket.power_min, bucket.power_max, bucket.peak_at) == (
        4,
        2220,
        120,
        900,
        1,
    )
