"""The columns of the live strip."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkytui.tui.messages import PowerSample
from linkytui.tui.power_columns import PowerColumns, column_seconds, scale_for


def sample(at: float, power: int = 500, period: str | None = "HC", injected: int | None = None) -> PowerSample:
    return PowerSample(at, power, period, injected)


def test_a_column_keeps_the_peak_and_the_mean_of_its_seconds() -> None:
    strip = PowerColumns(5.0)
    strip.add([sample(100, 400), sample(102, 2600), sample(104.9, 600)])
    assert list(strip.columns) == [20]
    assert strip.columns[20].highest == 2600
    assert strip.summary(10) == (2600, 1200, 0)


def test_only_columns_that_look_different_are_told() -> None:
    strip = PowerColumns(5.0)
    assert strip.add([sample(100, 500), sample(106, 700)]) == {20, 21}
    assert strip.add([sample(107, 600)]) == set()
    assert strip.add([sample(107, 701)]) == {21}
    assert strip.add([sample(108, 100, "HP")]) == {21}
    assert strip.add([sample(109, 0, "HP", 300)]) == {21}


def test_a_sample_without_a_period_belongs_to_the_one_before() -> None:
    strip = PowerColumns(5.0)
    strip.add([sample(100), sample(101, period=None)])
    assert strip.columns[20].period == "HC"


def test_time_in_which_nothing_came_stays_empty() -> None:
    strip = PowerColumns(5.0)
    strip.add([sample(100), sample(130)])
    window = strip.window(8)
    assert list(window) == list(range(19, 27))
    assert [number in strip.columns for number in window] == [False, True, *[False] * 5, True]


def test_an_empty_strip_has_nothing_to_tell() -> None:
    strip = PowerColumns(5.0)
    assert strip.summary(80) is None
    assert len(strip.window(80)) == 80


def test_what_is_out_of_sight_is_not_summed_up() -> None:
    strip = PowerColumns(5.0)
    strip.add([sample(0, 9000), sample(500, 300), sample(505, 500)])
    assert strip.summary(2) == (500, 400, 0)


def test_a_clock_that_is_put_back_does_not_stop_the_strip() -> None:
    strip = PowerColumns(5.0)
    strip.add([sample(at) for at in range(10_000, 10_100, 5)])
    changed = strip.add([sample(9_000, 700)])
    assert strip.last == 1800
    assert strip.columns[1800].highest == 700
    assert set(range(2000, 2020)) < changed
    assert max(strip.columns) == 1800


def test_a_clock_that_is_put_right_by_a_second_keeps_what_was_drawn() -> None:
    strip = PowerColumns(5.0)
    strip.add([sample(100), sample(105.2)])
    strip.add([sample(104.4, 900)])
    assert strip.last == 21
    assert strip.columns[20].highest == 900


def test_memory_is_bounded_and_the_newest_stay() -> None:
    strip = PowerColumns(1.0)
    for at in range(20_000):
        strip.add([sample(at)])
    assert len(strip.columns) <= 4096
    assert strip.last == 19_999
    assert all(number in strip.columns for number in strip.window(2000))


def test_clearing_forgets_everything() -> None:
    strip = PowerColumns(5.0)
    strip.add([sample(100)])
    strip.clear()
    assert (strip.columns, strip.last) == ({}, None)


@given(
    st.lists(st.tuples(st.integers(0, 3600), st.integers(0, 12_000)), min_size=1),
    st.sampled_from((5.0, 10.0, 30.0, 60.0, 300.0)),
)
def test_wider_columns_hold_what_samples_would_have_made_of_them(drawn: list[tuple[int, int]], seconds: float) -> None:
    samples = [sample(at, power) for at, power in sorted(drawn)]
    stretched, straight = PowerColumns(5.0), PowerColumns(seconds)
    stretched.add(samples)
    stretched.stretch(seconds)
    straight.add(samples)
    assert stretched.columns == straight.columns
    assert stretched.last == straight.last


def test_narrower_columns_begin_anew() -> None:
    strip = PowerColumns(60.0)
    strip.add([sample(100)])
    strip.stretch(5.0)
    assert (strip.columns, strip.last, strip.seconds) == ({}, None, 5.0)


@pytest.mark.parametrize(
    ("highest", "scale"),
    [(0, 600), (600, 600), (601, 900), (901, 1000), (1001, 1500), (3200, 4000), (6001, 9000), (9001, 10_000)],
)
def test_the_scale_is_the_next_round_number(highest: float, scale: int) -> None:
    assert scale_for(highest) == scale


@given(st.floats(0, 60_000))
def test_a_value_fits_its_scale_and_is_not_lost_in_it(highest: float) -> None:
    scale = scale_for(highest)
    assert scale >= highest
    assert scale <= max(600, 1.51 * highest)


@pytest.mark.parametrize(
    ("speed", "seconds"), [(0.25, 5), (1, 5), (2, 10), (10, 60), (60, 300), (3600, 3600), (None, 3600)]
)
def test_columns_are_wider_where_time_runs_faster(speed: float | None, seconds: float) -> None:
    assert column_seconds(speed) == seconds
