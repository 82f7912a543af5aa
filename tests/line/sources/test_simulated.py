"""A simulated meter speaks at the pace of a line, or faster, and stops when asked."""

import threading
from datetime import datetime

import pytest

from linkytui.line.sources.base import READ_TIMEOUT, EndOfSource
from linkytui.line.sources.simulated import FRAMES_PER_SECOND, SILENCE, SimulatedSource
from linkytui.reading import Contract, Meter, Reading
from linkytui.simulator.meter import SimulatedMeter
from linkytui.tic import PARIS, FrameReader, Mode
from tests.lines import PATIENCE

START = datetime(2026, 1, 14, 19, 0, tzinfo=PARIS).timestamp()


class Time:
    """A clock that goes on only when someone waits."""

    def __init__(self) -> None:
        self.now = 500.0
        self.waits: list[float] = []

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += seconds
        self.waits.append(seconds)


def make(
    mode: Mode = Mode.HISTORIC, *, speed: float = 1.0, warm_up: float = 0.0, step: float = 5.0
) -> tuple[SimulatedSource, Time]:
    time = Time()
    meter = SimulatedMeter(Contract.HPHC, mode, start=START - warm_up)
    source = SimulatedSource(meter, start=START, speed=speed, warm_up_step=step, monotonic=time, wait=time.wait)
    return source, time


def listen(source: SimulatedSource, time: Time, seconds: float) -> tuple[bytes, list[Reading]]:
    """What comes in some seconds of real time: the bytes, and what they say."""
    reader, meter, data, readings = FrameReader(), Meter(), b"", []
    end = time.now + seconds
    while time.now < end:
        came = source.read()
        data += came
        readings += [meter.observe(frame, source.now()) for frame in reader.feed(came)]
    assert not reader.rejected
    assert not reader.noise
    return data, readings


@pytest.mark.parametrize(("mode", "baudrate"), [(Mode.HISTORIC, 1200), (Mode.STANDARD, 9600)])
def test_bytes_come_at_the_speed_of_the_line(mode: Mode, baudrate: int) -> None:
    source, time = make(mode)
    assert source.baudrate == baudrate
    data, readings = listen(source, time, 60)
    # The silences between frames take a little of it.
    silences = len(readings) * SILENCE * baudrate / 10
    assert len(data) + silences == pytest.approx(60 * baudrate / 10, rel=0.01)


def test_a_frame_takes_as_long_as_the_line_needs_for_it() -> None:
    source, time = make()
    _data, readings = listen(source, time, 30)
    times = [reading.at for reading in readings]
    assert times[0] == pytest.approx(START + 170 / 120)
    assert times[1] - times[0] == pytest.approx(170 / 120 + SILENCE)


def test_a_read_never_waits_longer_than_a_reader_may() -> None:
    for speed in (0.1, 1.0):
        source, time = make(speed=speed)
        listen(source, time, 60)
        assert max(time.waits) <= READ_TIMEOUT


def test_time_goes_as_much_faster_as_it_was_told_to() -> None:
    for speed in (0.5, 1.0, 60.0, 3600.0):
        source, time = make(speed=speed)
        _data, readings = listen(source, time, 30)
        assert source.pace == speed
        assert source.now() - START == pytest.approx(30 * speed, rel=0.01, abs=2)
        assert len(readings) <= 30 * FRAMES_PER_SECOND + 2


def test_an_hour_a_second_leaves_no_energy_out() -> None:
    source, time = make(Mode.STANDARD, speed=3600)
    _data, readings = listen(source, time, 24)
    twin = SimulatedMeter(Contract.HPHC, Mode.STANDARD, start=START)
    first, last = readings[0], readings[-1]
    assert first.meter_time is not None
    assert last.meter_time is not None
    assert last.meter_time.timestamp() - START > 23 * 3600
    totals = [reading.total for reading in readings if reading.total is not None]
    assert totals == sorted(totals)
    assert len(readings) > 400
    twin.advance(last.meter_time.timestamp() + 0.999)
    assert last.total == pytest.approx(sum(twin.registers.values()), abs=2)


def test_what_came_before_the_start_is_there_at_once() -> None:
    source, time = make(Mode.STANDARD, warm_up=600)
    began = time.now
    times: list[float] = []
    reader = FrameReader()
    while source.now() < START - 5 or not times:
        times += [source.now() for _frame in reader.feed(source.read())]
    assert time.now == began
    assert times == [START - 600 + 5 * number for number in range(120)]
    _data, readings = listen(source, time, 10)
    assert readings[0].at == pytest.approx(START + 865 / 960)


def test_a_machine_that_slept_is_not_flooded_afterwards() -> None:
    source, time = make()
    listen(source, time, 10)
    before = source.now()
    time.now += 3600
    data, _readings = listen(source, time, 10)
    assert len(data) < 11 * 120
    assert source.now() - before < 12


def test_a_short_delay_is_made_up() -> None:
    source, time = make()
    listen(source, time, 10)
    time.now += 2
    listen(source, time, 10)
    assert source.now() - START == pytest.approx(22, abs=0.5)


def test_another_speed_of_the_line_changes_nothing() -> None:
    source, time = make()
    source.listen_at(9600)
    assert source.baudrate == 1200
    _data, readings = listen(source, time, 5)
    assert readings


def test_closing_wakes_a_read_at_once_and_ends_the_source() -> None:
    source = SimulatedSource(SimulatedMeter(start=START), start=START, speed=0.1)
    source.read()
    got: list[bytes] = []

    def read_on() -> None:
        try:
            while True:
                got.append(source.read())
        except EndOfSource:
            got.append(b"end")

    reader = threading.Thread(target=read_on, daemon=True)
    reader.start()
    source.close()
    source.close()
    reader.join(PATIENCE)
    assert got[-1] == b"end"


def test_it_is_called_by_what_it_is() -> None:
    source, _time = make()
    assert source.name == "simulated meter"
