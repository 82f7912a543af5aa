"""A recording as a source: its pace, its controls, and what the pipeline makes of a jump."""

import contextlib
import math
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from linkytui.captures.form import Chunk
from linkytui.captures.open import open_capture
from linkytui.line.listener import Arrival, Listener
from linkytui.line.pipeline import Pipeline
from linkytui.line.sources.base import READ_TIMEOUT, EndOfSource
from linkytui.line.sources.capture import CaptureSource, whole_frames
from linkytui.link import LinkError, LinkState
from tests.captures.made import STARTED, recording
from tests.lines import PATIENCE, historic_frame, wait_until


class Clock:
    """A clock that goes on only while someone waits."""

    def __init__(self) -> None:
        self.now = 500.0

    def __call__(self) -> float:
        return self.now

    def wait(self, _condition: threading.Condition, seconds: float) -> None:
        assert 0 < seconds <= READ_TIMEOUT
        self.now += seconds


POWERS = [100 * number for number in range(20)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Twenty frames, one every two seconds, each in ten pieces within a second; the first one lacks its beginning."""
    chunks = [
        Chunk(2.0 * number + (piece + 1) / 10, historic_frame(power)[17 * piece : 17 * piece + 17])
        for number, power in enumerate(POWERS)
        for piece in range(10)
    ][2:]
    return recording(tmp_path / "a.linky", chunks)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def play(path: Path, clock: Clock) -> Callable[..., CaptureSource]:
    def opened(**options: object) -> CaptureSource:
        return CaptureSource(open_capture(path), monotonic=clock, wait=clock.wait, **options)  # type: ignore[arg-type]

    return opened


def power_in(data: bytes) -> int:
    return int(data.partition(b"PAPP ")[2][:5])


def rest(source: CaptureSource) -> list[int]:
    """The powers of all frames until the end."""
    powers = []
    try:
        while True:
            if data := source.read():
                powers.append(power_in(data))
    except EndOfSource:
        return powers


def test_a_recording_is_replayed_to_its_end_frame_by_frame(play: Callable[..., CaptureSource], clock: Clock) -> None:
    source = play()
    assert rest(source) == POWERS
    assert clock.now - 500 == pytest.approx(39, abs=0.01)
    assert source.now() == STARTED.timestamp() + source.duration
    with pytest.raises(EndOfSource):
        source.read()


def test_moments_are_those_of_the_recording(play: Callable[..., CaptureSource]) -> None:
    source = play()
    while not source.read():
        pass
    assert source.now() == STARTED.timestamp() + 1.0
    assert source.position == pytest.approx(1.0)
    assert source.name.endswith("a.linky")
    assert source.baudrate is None
    assert source.generation == 0


@pytest.mark.parametrize(("speed", "seconds"), [(0.5, 78), (2.0, 19.5), (100.0, 0.39), (None, 0.0)])
def test_time_goes_as_fast_as_asked(
    play: Callable[..., CaptureSource], clock: Clock, speed: float | None, seconds: float
) -> None:
    source = play(speed=speed)
    assert source.pace == (math.inf if speed is None else speed)
    assert rest(source) == POWERS
    assert clock.now - 500 == pytest.approx(seconds, abs=0.01)


def test_the_speed_can_be_changed_on_the_way(play: Callable[..., CaptureSource], clock: Clock) -> None:
    source = play()
    for _ in range(60):
        source.read()
    place, before = source.position, clock.now
    source.speed = 10.0
    assert source.position == pytest.approx(place)
    rest(source)
    assert clock.now - before == pytest.approx((39 - place) / 10, abs=0.01)


def test_a_pause_holds_everything(play: Callable[..., CaptureSource], clock: Clock) -> None:
    source = play()
    for _ in range(10):
        source.read()
    place = source.position
    source.paused = True
    assert source.paused
    assert source.pace == 0.0
    for _ in range(10):
        assert source.read() == b""
    assert source.position == pytest.approx(place)
    source.paused = False
    before = clock.now
    rest(source)
    assert clock.now - before == pytest.approx(39 - place, abs=0.01)


def test_a_step_gives_one_frame_and_holds(play: Callable[..., CaptureSource], clock: Clock) -> None:
    source = play()
    source.step()
    assert power_in(source.read()) == 0
    assert source.read() == b""
    source.step()
    source.step()
    assert [power_in(source.read()) for _ in range(2)] == [100, 200]
    assert source.read() == b""
    assert source.paused
    assert source.position == pytest.approx(5.0)
    source.paused = False
    assert rest(source) == POWERS[3:]


@pytest.mark.parametrize(("position", "first"), [(0.0, 0), (10.0, 500), (20.5, 1000), (9.0, 400), (-5.0, 0)])
def test_a_seek_goes_on_from_there(play: Callable[..., CaptureSource], position: float, first: int) -> None:
    source = play(speed=None)
    for _ in range(7):
        source.read()
    source.seek(position)
    assert source.position == max(position, 0.0)
    data = source.read()
    assert source.generation == 1
    assert abs(power_in(data) - first) <= 100
    assert data.startswith(b"\x02") or first == 0
    assert rest(source) == POWERS[POWERS.index(power_in(data)) + 1 :]


def test_a_seek_while_it_is_paused_shows_the_frame_there(play: Callable[..., CaptureSource]) -> None:
    source = play()
    source.paused = True
    source.seek(30.0)
    assert power_in(source.read()) in (1500, 1600)
    assert source.read() == b""
    assert source.position == pytest.approx(source.now() - STARTED.timestamp())


def test_one_can_go_back_from_the_end(play: Callable[..., CaptureSource]) -> None:
    source = play(speed=None)
    rest(source)
    assert source.position == source.duration
    source.seek(0.0)
    assert rest(source) == POWERS
    source.seek(1000.0)
    assert source.position == source.duration
    assert rest(source) in ([], POWERS[-1:])


def test_a_loop_begins_again(play: Callable[..., CaptureSource]) -> None:
    source = play(speed=None, loop=True)
    powers = [power_in(source.read()) for _ in range(50)]
    assert powers == (POWERS * 3)[:50]
    assert source.generation == 2
    source.loop = False
    assert rest(source) == POWERS[10:]


def test_an_empty_recording_ends_even_in_a_loop(tmp_path: Path) -> None:
    source = CaptureSource(open_capture(recording(tmp_path / "none", [])), loop=True)
    with pytest.raises(EndOfSource):
        source.read()
    assert source.position == source.duration == 0.0


def test_a_sleep_of_the_machine_is_not_made_up_for(play: Callable[..., CaptureSource], clock: Clock) -> None:
    source = play()
    for _ in range(10):
        source.read()
    clock.now += 3600
    before = clock.now
    assert len(rest(source)) > 15
    assert clock.now - before > 20


@pytest.mark.parametrize("control", ["close", "seek", "unpause", "step", "speed"])
def test_a_waiting_read_wakes_at_once(path: Path, control: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("linkytui.line.sources.capture.READ_TIMEOUT", PATIENCE)
    waiting, outcome = threading.Event(), []

    def wait(condition: threading.Condition, seconds: float) -> None:
        waiting.set()
        condition.wait(seconds)

    source = CaptureSource(open_capture(path), speed=0.001, wait=wait)
    source.paused = control == "unpause"

    def read() -> None:
        try:
            outcome.append(source.read())
        except EndOfSource:
            outcome.append(b"end")

    reader = threading.Thread(target=read)
    reader.start()
    assert waiting.wait(PATIENCE)
    if control == "close":
        source.close()
    elif control == "seek":
        source.paused = True
        source.seek(20.0)
    elif control == "step":
        source.step()
    else:
        source.speed = None
        source.paused = False
    reader.join(PATIENCE / 3)
    assert not reader.is_alive()
    assert outcome
    assert outcome[0]
    source.close()
    with pytest.raises(EndOfSource):
        source.read()


class Heard(Listener):
    """What a listener hears."""

    def __init__(self) -> None:
        self.powers: list[int | None] = []
        self.rejected = self.resets = 0

    def frame_came(self, arrival: Arrival) -> None:
        self.powers.append(arrival.reading.power)
        self.rejected += len(arrival.frame.rejected)

    def meter_reset(self) -> None:
        self.resets += 1


def test_a_jump_resets_the_meter_and_counts_no_error(play: Callable[..., CaptureSource]) -> None:
    source, heard = play(speed=None), Heard()
    pipeline = Pipeline(source, listeners=[heard])
    for _ in range(5):
        pipeline.step()
    for position in (3.3, 12.0, 25.1, 7.0):
        source.seek(position)
        pipeline.step()
        pipeline.step()
    while pipeline.step() is not None:
        pass
    assert heard.resets == 4
    assert heard.rejected == 0
    assert heard.powers[-1] == POWERS[-1]
    assert pipeline.link.state is LinkState.ENDED


def test_every_capture_can_be_replayed(captures: Path) -> None:
    for file in sorted(captures.glob("*.tic")):
        source = CaptureSource(open_capture(file), speed=None)
        heard = Heard()
        pipeline = Pipeline(source, listeners=[heard])
        while pipeline.step() is not None:
            pass
        assert heard.powers, file.name


def test_a_recording_that_breaks_off_says_so(tmp_path: Path) -> None:
    path = recording(
        tmp_path / "bad.gz", [Chunk(float(number), historic_frame(number)) for number in range(3000)], member=20_000
    )
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 100] = bytes(100)
    path.write_bytes(content)
    source = CaptureSource(open_capture(path), speed=None)
    with pytest.raises(LinkError) as caught:
        rest(source)
    assert caught.value.state is LinkState.FAILED
    assert "damaged" in str(caught.value)
    source.seek(0.0)
    assert power_in(source.read()) == 0


def test_chunks_are_put_together_to_frames_and_silence_parts_them() -> None:
    chunks = [
        Chunk(0.0, b"\x02a"),
        Chunk(0.1, b"b\x03\x02c\x04d"),
        Chunk(0.2, b"e"),
        Chunk(9.0, b"f\x03"),
        Chunk(9.1, b"g"),
    ]
    assert list(whole_frames(chunks)) == [
        Chunk(0.1, b"\x02ab\x03"),
        Chunk(0.1, b"\x02c\x04"),
        Chunk(0.2, b"de"),
        Chunk(9.0, b"f\x03"),
        Chunk(9.1, b"g"),
    ]
    assert [len(chunk.data) for chunk in whole_frames([Chunk(0.0, b"x" * 1500)] * 3)] == [3000, 1500]


def test_controls_can_be_used_from_another_thread_while_it_plays(path: Path) -> None:
    source = CaptureSource(open_capture(path), speed=None, loop=True)
    stop, read = threading.Event(), []

    def play() -> None:
        with contextlib.suppress(EndOfSource):
            while not stop.is_set():
                read.append(len(source.read()))

    reader = threading.Thread(target=play)
    reader.start()
    try:
        for number in range(200):
            source.seek(number % 39)
            source.paused = number % 3 == 0
            source.step()
            source.speed = None if number % 2 else 50.0
            assert 0 <= source.position <= source.duration
        source.paused = False
        source.speed = None
        before = len(read)
        wait_until(lambda: len(read) > before + 20)
    finally:
        stop.set()
        source.close()
        reader.join(PATIENCE)
