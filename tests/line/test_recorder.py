"""The recorder: what it writes, and that nothing of the disk's troubles comes back to the line."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from linkytui.captures.form import Chunk
from linkytui.captures.open import open_capture
from linkytui.errors import CaptureError
from linkytui.line.recorder import CaptureRecorder
from linkytui.link import Link
from tests.lines import PATIENCE, historic_frame, wait_until


class Clock:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.now = 50.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def hear(recorder: CaptureRecorder, clock: Clock, *chunks: Chunk) -> None:
    start = clock.now
    for chunk in chunks:
        clock.now = start + chunk.at
        recorder.bytes_came(chunk.data, 1_790_000_000.0 + chunk.at)


CHUNKS = [Chunk(0.0, b"\x02\nADCO"), Chunk(0.251, b" 012361456789 K\r"), Chunk(70.0, bytes(range(256)))]


@pytest.mark.parametrize("name", ["a.linky", "a.json", "a.gz"])
def test_what_was_recorded_can_be_read(tmp_path: Path, clock: Clock, name: str) -> None:
    path = tmp_path / name
    recorder = CaptureRecorder(path, baudrate=9600, monotonic=clock)
    hear(recorder, clock, *CHUNKS)
    recorder.close()
    recorder.close()
    capture = open_capture(path)
    assert list(capture.chunks()) == CHUNKS
    assert capture.baudrate == 9600
    assert capture.started_at == 1_790_000_000.0
    assert not capture.anonymised
    assert recorder.error is None


@pytest.mark.parametrize("name", ["a.tic", "a.raw", "a.bin"])
def test_a_raw_dump_holds_the_bytes_alone(tmp_path: Path, clock: Clock, name: str) -> None:
    recorder = CaptureRecorder(tmp_path / name, monotonic=clock)
    hear(recorder, clock, *CHUNKS)
    recorder.close()
    assert (tmp_path / name).read_bytes() == b"".join(chunk.data for chunk in CHUNKS)


def test_the_speed_is_that_at_which_the_first_bytes_came(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "a.linky"
    recorder = CaptureRecorder(path, monotonic=clock)
    recorder.link_changed(Link(baudrate=9600))
    recorder.link_changed(Link(baudrate=None))
    hear(recorder, clock, *CHUNKS)
    recorder.close()
    assert open_capture(path).baudrate == 9600


def test_the_clock_of_the_wall_may_jump(tmp_path: Path, clock: Clock) -> None:
    recorder = CaptureRecorder(tmp_path / "a.linky", monotonic=clock)
    recorder.bytes_came(b"a", 1_790_000_000.0)
    clock.now += 1
    recorder.bytes_came(b"b", 1_700_000_000.0)
    recorder.close()
    assert [chunk.at for chunk in open_capture(tmp_path / "a.linky").chunks()] == [0.0, 1.0]


def test_an_anonymised_recording_says_so_and_ends_with_its_last_byte(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "a.linky.gz"
    recorder = CaptureRecorder(path, anonymise=True, monotonic=clock)
    stream = historic_frame() * 3 + b"\x02\nADCO 0123"
    hear(recorder, clock, *(Chunk(number / 10, stream[number : number + 1]) for number in range(len(stream))))
    recorder.close()
    capture = open_capture(path)
    assert capture.anonymised
    content = b"".join(chunk.data for chunk in capture.chunks())
    assert len(content) == len(stream)
    assert b"678901" not in content
    assert content.count(b"PAPP 00460 ") == 3


def test_a_long_compressed_recording_can_be_begun_within(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "a.gz"
    recorder = CaptureRecorder(path, monotonic=clock)
    chunks = [Chunk(float(second), os.urandom(100)) for second in range(6000)]
    for first in range(0, 6000, 100):
        for chunk in chunks[first : first + 100]:
            clock.now = 50.0 + chunk.at
            recorder.bytes_came(chunk.data, chunk.at)
        wait_until(lambda: recorder._waiting.empty())
    recorder.close()
    assert path.read_bytes().count(b"\x1f\x8b\x08\x00") > 1
    assert list(open_capture(path).chunks(5500.0)) == chunks[5500:]


def test_a_file_that_is_there_is_not_overwritten_unless_asked(tmp_path: Path) -> None:
    path = tmp_path / "a.linky"
    path.write_text("mine")
    with pytest.raises(CaptureError, match="--force"):
        CaptureRecorder(path)
    assert path.read_text() == "mine"
    CaptureRecorder(path, overwrite=True).close()
    assert path.read_text() == "mine"  # nothing came that could take its place


@pytest.mark.parametrize("name", ["a.linky", "a.gz", "a.tic"])
def test_a_file_that_is_overwritten_holds_the_recording_alone(tmp_path: Path, clock: Clock, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"x" * 10_000)
    recorder = CaptureRecorder(path, overwrite=True, monotonic=clock)
    hear(recorder, clock, Chunk(0.0, historic_frame()))
    recorder.close()
    assert b"".join(open_capture(path).blocks()) == historic_frame()


def test_a_recording_of_nothing_leaves_no_file(tmp_path: Path) -> None:
    recorder = CaptureRecorder(tmp_path / "a.linky")
    recorder.close()
    assert not recorder.path.exists()


def test_a_place_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    for path, word in ((tmp_path / "no" / "a.linky", "folder"), (tmp_path, "folder")):
        with pytest.raises(CaptureError, match=word) as caught:
            CaptureRecorder(path, overwrite=True)
        assert "\n" not in str(caught.value)


def test_a_full_disk_ends_the_recording_and_not_the_reading(clock: Clock) -> None:
    recorder = CaptureRecorder(Path("/dev/full"), overwrite=True, monotonic=clock)
    for _ in range(10_000):
        clock.now += 1
        recorder.bytes_came(historic_frame(), clock.now)
        if recorder.error:
            break
    wait_until(lambda: recorder.error)
    assert "disk is full" in str(recorder.error)
    recorder.bytes_came(b"more", clock.now)
    recorder.close()


def test_a_disk_that_is_too_slow_loses_bytes_and_counts_them(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from linkytui.line import recorder as module

    stuck, seen = threading.Event(), threading.Event()
    write = module._Writer.write

    def slow(self: object, chunk: Chunk) -> None:
        seen.set()
        assert stuck.wait(PATIENCE)
        write(self, chunk)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "_WAITING", 3)
    monkeypatch.setattr(module._Writer, "write", slow)
    recorder = CaptureRecorder(tmp_path / "a.linky", monotonic=clock)
    recorder.bytes_came(b"0", 0.0)
    assert seen.wait(PATIENCE)
    for number in range(1, 10):
        recorder.bytes_came(b"%d" % number, 0.0)
    stuck.set()
    recorder.close()
    assert recorder.lost == 6
    assert b"".join(chunk.data for chunk in open_capture(recorder.path).chunks()) == b"0123"


@pytest.fixture
def killed(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A recording whose program was killed while it recorded."""
    path = tmp_path / str(request.param)
    program = f"""
import time
from pathlib import Path
from linkytui.line.recorder import CaptureRecorder
from tests.lines import historic_frame
recorder = CaptureRecorder(Path({str(path)!r}))
number = 0
while True:
    recorder.bytes_came(historic_frame(number % 9000), 1_790_000_000.0)
    number += 1
    time.sleep(0.002)
"""
    process = subprocess.Popen([sys.executable, "-c", program], cwd=Path(__file__).parents[2])
    try:
        wait_until(lambda: path.exists() and path.stat().st_size > 3000)
    finally:
        process.kill()
        process.wait()
    return path


@pytest.mark.parametrize("killed", ["a.linky", "a.linky.gz"], indirect=True)
def test_a_recording_survives_the_end_of_its_program(killed: Path) -> None:
    capture = open_capture(killed)
    chunks = list(capture.chunks())
    assert len(chunks) > 10
    assert [chunk.data for chunk in chunks] == [historic_frame(number % 9000) for number in range(len(chunks))]
    assert capture.damaged == 0


def test_the_speed_that_is_told_after_the_first_bytes_is_in_the_first_line(tmp_path: Path) -> None:
    """The pipeline tells the bytes first, and the thread that writes may be faster than what is told next."""
    path = tmp_path / "a.linky"
    recorder = CaptureRecorder(path)
    recorder.bytes_came(b"before", 1_780_000_000.0)
    wait_until(recorder._waiting.empty)
    recorder.link_changed(Link(baudrate=1200))
    recorder.bytes_came(b"after", 1_780_000_001.0)
    recorder.close()
    assert open_capture(path).baudrate == 1200
    assert recorder.recorded == 11
