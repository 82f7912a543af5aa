"""A meter that draws too much says so, in the way of its mode and its phases, and in no other."""

from datetime import datetime

import pytest

from linkytui.reading import Contract, Meter
from linkytui.simulator.meter import BURST_AFTER, SHORT_FRAMES_PER_LONG, SimulatedMeter
from linkytui.tic import PARIS, FrameReader, Mode, Status

JANUARY = datetime(2026, 1, 5, tzinfo=PARIS).timestamp()


def begins_to_draw_too_much(phases: int, subscribed_kva: int, *, seed: int = 2) -> float:
    """A moment just before a meter draws too much for at least half a minute."""
    meter = SimulatedMeter(start=JANUARY, phases=phases, subscribed_kva=subscribed_kva, seed=seed)
    since = None
    for number in range(10 * 8640):
        at = JANUARY + 10 * number
        meter.advance(at)
        if not meter.snapshot().over_phases:
            since = None
        elif since is None:
            since = at
        elif at - since >= 30:
            return since - 20
    raise AssertionError("it never draws too much")


@pytest.fixture(scope="module")
def one_phase() -> float:
    return begins_to_draw_too_much(1, 6)


@pytest.fixture(scope="module")
def three_phases() -> float:
    return begins_to_draw_too_much(3, 6)


def test_one_phase_warns_in_both_modes_at_once_and_only_while_it_lasts(one_phase: float) -> None:
    historic, standard = (SimulatedMeter(Contract.BASE, mode, start=one_phase, seed=2) for mode in Mode)
    seen = set()
    for number in range(300):
        at = one_phase + 2 * number
        said: dict[str, str] = {}
        for meter in (historic, standard):
            (frame,) = FrameReader().feed(meter.frame(at))
            said |= {group.label: group.data for group in frame.groups}
        over = int(said["IINST"]) > int(said["ISOUSC"])
        assert ("ADPS" in said) is over
        assert Status.parse(said["STGE"]).over_reference is over
        assert said.get("ADPS", said["IINST"]) == said["IINST"] == said["IRMS1"]
        seen.add(over)
    assert seen == {True, False}


def test_three_phases_break_off_a_frame_then_send_twenty_short_ones_for_a_long_one(three_phases: float) -> None:
    meter = SimulatedMeter(Contract.BASE, Mode.HISTORIC, start=three_phases, phases=3, subscribed_kva=6, seed=2)
    at, kinds, data = three_phases, "", b""
    for _ in range(400):
        frame = meter.frame(at)
        data += frame
        over = bool(meter.snapshot().over_phases)
        kinds += "c" if frame.endswith(b"\x04") else "s" if b"IINST1" in frame and b"PTEC" not in frame else "L"
        if kinds[-1] == "L":
            assert b"ADIR" not in frame
        if kinds[-1] == "s":
            assert (b"ADIR" in frame) is over
        at += len(frame) / 120
    first = kinds.index("c")
    assert kinds[:first] == "L" * first
    cycle = "s" * SHORT_FRAMES_PER_LONG + "L"
    assert kinds[first + 1 :].startswith(cycle + cycle)
    reader = FrameReader()
    frames = reader.feed(data)
    assert not reader.rejected
    assert not reader.noise
    assert len(frames) == len(kinds)
    assert [frame.short for frame in frames if frame.complete] == [kind == "s" for kind in kinds if kind != "c"]


def test_short_frames_go_on_for_a_minute_after_the_warning(three_phases: float) -> None:
    meter = SimulatedMeter(Contract.BASE, Mode.HISTORIC, start=three_phases, phases=3, subscribed_kva=6, seed=2)
    at, last_over, last_short = three_phases, None, None
    while last_short is None or at - last_short < 120:
        frame = meter.frame(at)
        if meter.snapshot().over_phases:
            last_over = at
        if b"PTEC" not in frame:
            last_short = at
        at += 0.6
    assert last_over is not None
    assert 0 <= last_over + BURST_AFTER - last_short < 1.2


def test_a_reader_knows_the_phase_that_draws_too_much(three_phases: float) -> None:
    meter = SimulatedMeter(Contract.BASE, Mode.HISTORIC, start=three_phases, phases=3, subscribed_kva=6, seed=2)
    observer, reader, told = Meter(), FrameReader(), False
    for number in range(120):
        at = three_phases + number
        for frame in reader.feed(meter.frame(at)):
            reading = observer.observe(frame, at)
            if frame.short:
                assert reading.over_phases == meter.snapshot().over_phases
                told = told or bool(reading.over_subscription)
            assert observer.latest is not None
            if number:
                assert dict(observer.latest.registers).keys() == {"BASE"}
    assert told


def test_three_phases_warn_by_the_status_register_in_standard_mode(three_phases: float) -> None:
    meter = SimulatedMeter(Contract.BASE, Mode.STANDARD, start=three_phases, phases=3, subscribed_kva=6, seed=2)
    seen = set()
    for number in range(200):
        (frame,) = FrameReader().feed(meter.frame(three_phases + 2 * number))
        data = {group.label: group.data for group in frame.groups}
        over = any(int(data[f"IRMS{phase}"]) > 10 for phase in (1, 2, 3))
        assert Status.parse(data["STGE"]).over_reference is over
        seen.add(over)
    assert seen == {True, False}
