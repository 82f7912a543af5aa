"""Watts from the steps of a register that counts whole watt-hours."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from linkytui.reading.active_power import ActivePower, ActivePowerMeter


def drive(
    meter: ActivePowerMeter, watts: float, seconds: float, *, start: float, energy: float, step: float = 1.5
) -> tuple[float, float, ActivePower | None]:
    """Feed frames of a constant load; returns the time, the energy and what was said last."""
    now, last = start, None
    for _number in range(int(seconds / step)):
        now += step
        energy += watts * step / 3600
        last = meter.hear(now, int(energy), round(watts / 0.9))
    return now, energy, last


def test_nothing_is_said_before_two_steps() -> None:
    meter = ActivePowerMeter()
    assert meter.hear(0, 1000, 100) is None
    assert meter.hear(30, 1001, 100) is None
    known = meter.hear(60, 1002, 100)
    assert known == ActivePower(watts=120.0, window=30.0, error=120.0)
    assert meter.latest == known


@given(watts=st.floats(20, 12_000), energy=st.floats(0, 1e8), step=st.sampled_from((0.9, 1.5, 2.3)))
@settings(deadline=None, max_examples=50)
def test_a_constant_load_is_known_within_its_error(watts: float, energy: float, step: float) -> None:
    meter = ActivePowerMeter()
    _now, _energy, known = drive(meter, watts, 900, start=1e9, energy=energy, step=step)
    assert known is not None
    assert abs(known.watts - watts) <= known.error
    assert known.error == 3600 / known.window


def test_the_window_is_short_when_much_is_drawn_and_long_when_little_is() -> None:
    big, small = ActivePowerMeter(), ActivePowerMeter()
    much = drive(big, 6000, 900, start=0, energy=0)[2]
    little = drive(small, 60, 900, start=0, energy=0)[2]
    assert much is not None
    assert little is not None
    assert much.window < 20
    assert much.error / much.watts <= 0.06
    assert 600 < little.window <= 900
    assert little.error <= 6


def test_a_change_of_load_begins_a_new_window() -> None:
    meter = ActivePowerMeter()
    now, energy, _known = drive(meter, 300, 900, start=0, energy=0)
    now, energy, known = drive(meter, 3000, 15, start=now, energy=energy)
    assert known is not None
    assert known.window <= 15
    assert abs(known.watts - 3000) <= known.error
    now, energy, known = drive(meter, 300, 120, start=now, energy=energy)
    assert known is not None
    assert abs(known.watts - 300) <= known.error


def test_a_load_that_is_switched_off_is_seen_before_the_next_step() -> None:
    """No step comes for long: the power must be less than one Wh in that time."""
    meter = ActivePowerMeter()
    now, energy, _known = drive(meter, 200, 600, start=0, energy=0)
    known = None
    for _number in range(400):
        now += 1.5
        known = meter.hear(now, int(energy), 222)
    assert known is not None
    assert known.watts < 200


def test_a_step_that_is_overdue_says_that_less_is_drawn() -> None:
    """One Wh came after 30 s: up to twice that time the next may still come, and then half a Wh is all there can be."""
    meter = ActivePowerMeter()
    for at, energy in ((0, 999), (30, 1000), (60, 1001)):
        meter.hear(at, energy, 130)
    assert meter.hear(120, 1001, 130) == ActivePower(watts=120.0, window=30.0, error=120.0)
    assert meter.hear(130, 1001, 130) == ActivePower(watts=3600 * 1.5 / 100, window=100.0, error=36.0)
    assert meter.hear(630, None, None) == ActivePower(watts=3600 * 1.5 / 600, window=600.0, error=6.0)
    # It comes at last: 2 Wh in 610 s.
    assert meter.hear(640, 1002, 130) == ActivePower(watts=7200 / 610, window=610.0, error=3600 / 610)


def test_frames_that_do_not_tell_all_change_nothing() -> None:
    meter = ActivePowerMeter()
    meter.hear(0, 1000, 100)
    meter.hear(30, 1001, None)
    meter.hear(45, None, 100)
    assert meter.hear(60, 1002, 100) == ActivePower(120.0, 30.0, 120.0)


def test_another_meter_or_a_long_silence_begins_anew() -> None:
    meter = ActivePowerMeter()
    drive(meter, 1000, 300, start=0, energy=5000)
    assert meter.hear(301, 17, 1000) is None
    now, energy, known = drive(meter, 1000, 60, start=301, energy=17)
    assert known is not None
    assert meter.hear(now + 5000, int(energy) + 900, 1000) is None


def test_noise_of_the_load_does_not_shorten_the_window() -> None:
    chance = random.Random(1)  # noqa: S311 -- a test's
    meter = ActivePowerMeter()
    energy, known = 0.0, None
    for number in range(600):
        watts = 400 + chance.uniform(-20, 20)
        energy += watts * 1.5 / 3600
        known = meter.hear(number * 1.5, int(energy), round(watts / 0.95))
    assert known is not None
    assert known.window > 150
    assert abs(known.watts - 400) <= known.error


def test_each_new_load_begins_anew_after_its_second_frame_however_soon_it_follows() -> None:
    meter = ActivePowerMeter()
    now, energy, known = drive(meter, 1000, 300, start=0, energy=5000)
    assert known is not None
    for watts in (3000, 6000):
        meter.hear(now + 1, int(energy), watts)
        assert meter.hear(now + 2, int(energy), watts) is None, watts
        now, energy, known = drive(meter, watts, 60, start=now + 3, energy=energy)
        assert known is not None
