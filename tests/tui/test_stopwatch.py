"""A lap while it runs."""

from linkytui.reading import Reading
from linkytui.tic import Mode
from linkytui.tui.messages import PowerSample
from linkytui.tui.stopwatch import Stopwatch


def reading(at: float, **registers: int) -> Reading:
    return Reading(at=at, mode=Mode.HISTORIC, registers=registers)


def test_a_lap_that_just_began_has_counted_nothing() -> None:
    elapsed = Stopwatch(reading(100, HC=5000, HP=9000)).elapsed
    assert (elapsed.start, elapsed.end, elapsed.wh, elapsed.total_wh) == (100, 100, {}, 0)
    assert (elapsed.mean, elapsed.peak, elapsed.peak_at) == (None, None, None)


def test_energy_is_the_difference_of_the_registers() -> None:
    stopwatch = Stopwatch(reading(100, HC=5000, HP=9000))
    stopwatch.hear(reading(200, HC=5000, HP=9250), [PowerSample(200, 9999, "HP")])
    elapsed = stopwatch.elapsed
    assert elapsed.wh == {"HP": 250}
    assert elapsed.total_wh == 250
    assert elapsed.end - elapsed.start == 100
    assert elapsed.exact


def test_mean_and_peak_are_those_of_the_frames() -> None:
    stopwatch = Stopwatch(reading(100, BASE=1))
    stopwatch.hear(reading(102, BASE=1), [PowerSample(101, 400, "BASE"), PowerSample(102, 2000, "BASE")])
    stopwatch.hear(reading(104, BASE=2), [PowerSample(103, 2000, "BASE"), PowerSample(104, 600, "BASE")])
    elapsed = stopwatch.elapsed
    assert (elapsed.mean, elapsed.peak, elapsed.peak_at) == (1250, 2000, 102)


def test_frames_from_before_the_lap_do_not_count() -> None:
    stopwatch = Stopwatch(reading(100, BASE=1))
    stopwatch.hear(reading(101, BASE=1), [PowerSample(99, 9000, "BASE"), PowerSample(101, 300, "BASE")])
    assert (stopwatch.elapsed.mean, stopwatch.elapsed.peak) == (300, 300)


def test_a_register_that_was_not_known_at_the_start_counts_nothing() -> None:
    stopwatch = Stopwatch(reading(100, HC=5000))
    stopwatch.hear(reading(200, HC=5010, HP=9250), [])
    assert stopwatch.elapsed.wh == {"HC": 10}
