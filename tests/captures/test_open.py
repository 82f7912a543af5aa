"""Recordings of both kinds, told apart by what is in them, and what people are told when one cannot be read."""

import gzip
import os
import random
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from linkytui.captures.form import Chunk, Header, parse_chunk
from linkytui.captures.open import Capture, bytes_of_stream, open_capture
from linkytui.errors import CaptureError
from tests.captures.made import STARTED, recording
from tests.lines import historic_frame, standard_frame
from tests.tic.test_captures import CAPTURES

CHUNKS = [Chunk(0.0, b"\x02\nADCO"), Chunk(0.25, b" 012361456789 K\r"), Chunk(1.5, bytes(range(256))), Chunk(1.5, b"x")]


@pytest.fixture(params=["plain.linky", "packed.linky.gz"])
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def all_of(capture: Capture) -> bytes:
    return b"".join(chunk.data for chunk in capture.chunks())


def test_a_recording_gives_back_what_came_and_when(tmp_path: Path, name: str) -> None:
    capture = open_capture(recording(tmp_path / name, CHUNKS))
    assert list(capture.chunks()) == CHUNKS
    assert b"".join(capture.blocks()) == b"".join(chunk.data for chunk in CHUNKS)
    assert capture.started_at == STARTED.timestamp()
    assert capture.baudrate == 1200
    assert capture.duration == 1.5
    assert not capture.anonymised
    assert capture.damaged == 0


def test_the_name_does_not_matter(tmp_path: Path) -> None:
    packed = recording(tmp_path / "packed.gz", CHUNKS)
    plain = recording(tmp_path / "plain.json", CHUNKS)
    for path, other in ((packed, "a.tic"), (plain, "b.gz")):
        assert list(open_capture(path.rename(tmp_path / other)).chunks()) == CHUNKS


@pytest.mark.parametrize("file", CAPTURES)
def test_a_capture_is_a_raw_dump(captures: Path, file: str) -> None:
    content = (captures / file).read_bytes()
    capture = open_capture(captures / file)
    standard = file.startswith("standard")
    assert capture.baudrate == (9600 if standard else 1200)
    assert all_of(capture) == content == b"".join(capture.blocks())
    assert capture.duration == pytest.approx(len(content) / (960 if standard else 120))
    moments = [chunk.at for chunk in capture.chunks()]
    assert moments == sorted(moments)
    assert moments[-1] == pytest.approx(capture.duration)


def test_a_dump_comes_frame_by_frame_at_the_speed_of_its_line(tmp_path: Path) -> None:
    path = tmp_path / "dump"
    frame = historic_frame()
    path.write_bytes(b"39 #\r\x03" + frame * 3 + frame[:50])
    chunks = list(open_capture(path).chunks())
    assert [chunk.data for chunk in chunks] == [b"39 #\r\x03", frame, frame, frame, frame[:50]]
    assert [chunk.at * 120 for chunk in chunks] == pytest.approx([6, 176, 346, 516, 566])


def test_a_dump_without_frame_ends_comes_in_frames_as_well(tmp_path: Path) -> None:
    path = tmp_path / "dump"
    frame = historic_frame()[:-1]
    path.write_bytes(frame * 5)
    assert [chunk.data for chunk in open_capture(path).chunks()] == [frame] * 5


def test_a_copy_without_marks_comes_in_small_pieces(tmp_path: Path) -> None:
    path = tmp_path / "copy"
    path.write_bytes(historic_frame()[2:-1].replace(b"\r\n", b"\n") * 500)
    sizes = [len(chunk.data) for chunk in open_capture(path).chunks()]
    assert max(sizes) == 512
    assert sum(sizes) == path.stat().st_size


def test_a_dump_says_when_it_began_if_its_meter_does(tmp_path: Path) -> None:
    path = tmp_path / "dump"
    frame = standard_frame()
    path.write_bytes(frame[200:] + frame * 20)
    os.utime(path, (1, 1))
    noon = datetime(2026, 11, 24, 11, 0, 0, tzinfo=UTC).timestamp()
    assert open_capture(path).started_at == pytest.approx(noon - (len(frame) - 200) / 960)


def test_a_dump_of_historic_mode_ends_when_its_file_was_written(tmp_path: Path) -> None:
    path = tmp_path / "dump"
    path.write_bytes(historic_frame() * 12)
    os.utime(path, (1_790_000_000, 1_790_000_000))
    assert open_capture(path).started_at == pytest.approx(1_790_000_000 - 17)


def test_a_compressed_dump_is_read_as_well(tmp_path: Path) -> None:
    path = tmp_path / "dump.gz"
    content = historic_frame(100) * 700 + historic_frame(200) * 700
    path.write_bytes(gzip.compress(content))
    capture = open_capture(path)
    assert all_of(capture) == content
    assert capture.duration == pytest.approx(len(content) / 120)
    assert historic_frame(200) in b"".join(chunk.data for chunk in capture.chunks(start=capture.duration - 10))
    assert b"PAPP 00100" not in b"".join(chunk.data for chunk in capture.chunks(start=capture.duration - 10))


@pytest.mark.parametrize("start", [0.0, 0.4, 1000.0, 1000.001, 7777.7, 19_999.0, 25_000.0])
@pytest.mark.parametrize("file", ["long.linky", "long.linky.gz", "one-member.gz"])
def test_a_pass_can_begin_at_any_moment(long_recordings: Path, file: str, start: float) -> None:
    capture = open_capture(long_recordings / file)
    got = list(capture.chunks(start))
    assert got == [Chunk(float(second), LINE % second) for second in range(20_000) if second >= start]
    assert capture.duration == 19_999.0


LINE = b"\nPAPP %05d and so on and so on and so on\r"


@pytest.fixture(scope="module")
def long_recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("long")
    chunks = [Chunk(float(second), LINE % second) for second in range(20_000)]
    recording(folder / "long.linky", chunks)
    recording(folder / "long.linky.gz", chunks, member=100_000)
    recording(folder / "one-member.gz", chunks, member=1 << 30)
    return folder


@pytest.mark.parametrize("file", ["long.linky", "long.linky.gz"])
def test_going_far_into_a_long_recording_reads_little_of_it(
    long_recordings: Path, file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    capture = open_capture(long_recordings / file)
    parsed = 0

    def count(line: bytes) -> Chunk | None:
        nonlocal parsed
        parsed += 1
        return parse_chunk(line)

    monkeypatch.setattr("linkytui.captures.recording.parse_chunk", count)
    assert next(capture.chunks(15_000.0)).at == 15_000.0
    assert parsed < 6000


def test_a_dump_can_be_begun_at_any_moment(tmp_path: Path) -> None:
    path = tmp_path / "dump"
    path.write_bytes(b"".join(map(historic_frame, range(0, 10_000, 10))))
    first, second, *_ = open_capture(path).chunks(start=850.5)
    assert first.data == historic_frame(6000)[60:]
    assert first.at == pytest.approx(601 * 170 / 120)
    assert second.data == historic_frame(6010)


def test_memory_stays_flat_over_a_long_recording(tmp_path: Path, name: str) -> None:
    path = recording(tmp_path / name, (Chunk(second, historic_frame(second % 9000)) for second in range(20_000)))
    capture = open_capture(path)
    next(capture.chunks())
    tracemalloc.start()
    try:
        assert sum(len(chunk.data) for chunk in capture.chunks()) == 20_000 * len(historic_frame())
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4_000_000


def test_a_damaged_line_is_left_out_and_counted(tmp_path: Path, name: str) -> None:
    content = recording(tmp_path / "whole", CHUNKS).read_bytes()
    damaged = content.replace(b"[0.25", b"[0.2x", 1) + b'\n[3.0,"\\u0101"]\n{"a":1}\nnonsense\n[4.0,"z"]\n'
    path = tmp_path / name
    path.write_bytes(gzip.compress(damaged) if name.endswith(".gz") else damaged)
    capture = open_capture(path)
    assert list(capture.chunks()) == [CHUNKS[0], *CHUNKS[2:], Chunk(4.0, b"z")]
    assert capture.damaged == 4
    assert list(capture.chunks(4.0)) == [Chunk(4.0, b"z")]


def test_a_line_cut_by_a_power_cut_is_no_damage(tmp_path: Path) -> None:
    path = recording(tmp_path / "cut", CHUNKS)
    path.write_bytes(path.read_bytes()[:-4])
    capture = open_capture(path)
    assert list(capture.chunks()) == CHUNKS[:-1]
    assert capture.damaged == 0
    path.write_bytes(path.read_bytes().removesuffix(b"\n") + b"\n[1.7")
    assert open_capture(path).duration == 1.5


def test_a_compressed_recording_cut_by_a_power_cut_is_read_to_its_end(tmp_path: Path) -> None:
    numbers = random.Random(1)  # noqa: S311
    chunks = [Chunk(float(number), numbers.randbytes(30)) for number in range(5000)]
    path = recording(tmp_path / "cut.gz", chunks, member=20_000)
    path.write_bytes(path.read_bytes()[:-3000])
    got = list(open_capture(path).chunks())
    assert got == chunks[: len(got)]
    assert 4500 < len(got) < 5000


def test_moments_that_go_back_are_held(tmp_path: Path) -> None:
    path = recording(tmp_path / "back", [Chunk(5.0, b"a"), Chunk(3.0, b"b"), Chunk(6.0, b"c")])
    assert [chunk.at for chunk in open_capture(path).chunks()] == [5.0, 5.0, 6.0]


def test_a_header_may_say_more_or_less(tmp_path: Path) -> None:
    path = tmp_path / "more"
    path.write_bytes(b'{"version": 1, "tool": "another", "title": "La cave"}\n[0.5, "x"]\n')
    os.utime(path, (1000, 1000))
    capture = open_capture(path)
    assert list(capture.chunks()) == [Chunk(0.5, b"x")]
    assert capture.baudrate is None
    assert capture.started_at == 999.5
    local = recording(tmp_path / "local", CHUNKS, header=Header(1, datetime(2026, 7, 1, 12)))  # noqa: DTZ001
    assert open_capture(local).started_at == datetime(2026, 7, 1, 10, tzinfo=UTC).timestamp()


def test_a_recording_without_chunks_is_empty_but_right(tmp_path: Path) -> None:
    capture = open_capture(recording(tmp_path / "none", []))
    assert list(capture.chunks()) == []
    assert capture.duration == 0.0


def refused(path: Path | str) -> str:
    with pytest.raises(CaptureError) as caught:
        list(open_capture(path).chunks())
    text = str(caught.value)
    assert "\n" not in text
    assert str(path) in text
    return text


def test_what_cannot_be_opened_is_told_in_one_line(tmp_path: Path) -> None:
    assert "check its name" in refused(tmp_path / "nowhere")
    assert "folder" in refused(tmp_path)
    (tmp_path / "empty").touch()
    assert "empty" in refused(tmp_path / "empty")
    (tmp_path / "empty.gz").write_bytes(gzip.compress(b""))
    assert "empty" in refused(tmp_path / "empty.gz")
    assert "linkytui record" in refused("/dev/null")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_recording_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    path = recording(tmp_path / "mine", CHUNKS)
    path.chmod(0)
    assert "may not read" in refused(path)


@pytest.mark.parametrize("size", [10, 10_000, 2_000_000])
def test_noise_is_no_recording(tmp_path: Path, size: int) -> None:
    path = tmp_path / "noise"
    path.write_bytes(random.Random(size).randbytes(size))  # noqa: S311
    assert "nothing that a meter sends" in refused(path)
    path.write_bytes(b"Dear diary,\n" * (size // 12 + 1))
    assert "nothing that a meter sends" in refused(path)
    path.write_bytes(b'{"name": "not a recording"}\n')
    assert "nothing that a meter sends" in refused(path)


def test_a_later_version_asks_for_an_update(tmp_path: Path) -> None:
    path = tmp_path / "later"
    path.write_bytes(b'{"version": 7, "started_at": [1]}\n[0.5, "x"]\n')
    text = refused(path)
    assert "7" in text
    assert "update" in text


def test_a_damaged_compression_gives_what_stands_before_it(tmp_path: Path) -> None:
    numbers = random.Random(2)  # noqa: S311
    chunks = [Chunk(float(number), numbers.randbytes(30)) for number in range(5000)]
    path = recording(tmp_path / "bad.gz", chunks, member=20_000)
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 200] = bytes(200)
    path.write_bytes(content)
    got: list[Chunk] = []
    with pytest.raises(CaptureError, match="damaged"):
        got.extend(open_capture(path).chunks())
    assert got == chunks[: len(got)]
    assert 1000 < len(got) < 4000
    path.write_bytes(b"\x1f\x8b\x08nonsense")
    assert "damaged" in refused(path)


def pieces(content: bytes, size: int) -> Iterator[bytes]:
    return (content[start : start + size] for start in range(0, len(content), size))


@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_a_stream_of_either_kind_gives_its_bytes_as_they_come(tmp_path: Path, size: int) -> None:
    expected = b"".join(chunk.data for chunk in CHUNKS)
    for path in (recording(tmp_path / "plain", CHUNKS), recording(tmp_path / "packed.gz", CHUNKS)):
        assert b"".join(bytes_of_stream(pieces(path.read_bytes(), size), "-")) == expected
    dump = historic_frame() * 2
    assert b"".join(bytes_of_stream(pieces(dump, size), "-")) == dump
    assert b"".join(bytes_of_stream(pieces(gzip.compress(dump), size), "-")) == dump
    assert b"".join(bytes_of_stream(pieces(b"{ no JSON", size), "-")) == b"{ no JSON"
    assert b"".join(bytes_of_stream(iter([]), "-")) == b""


def test_a_stream_passes_on_at_once_what_came() -> None:
    asked = []

    def line() -> Iterator[bytes]:
        for number in range(3):
            asked.append(number)
            yield historic_frame(number)

    stream = bytes_of_stream(line(), "-")
    assert next(stream) == historic_frame(0)
    assert asked == [0]


def test_a_stream_that_is_damaged_or_of_a_later_version_is_told() -> None:
    with pytest.raises(CaptureError, match="damaged"):
        list(bytes_of_stream(iter([b"\x1f\x8b", b"\x08nonsense nonsense"]), "-"))
    with pytest.raises(CaptureError, match="version 2"):
        list(bytes_of_stream(iter([b'{"version"', b": 2}\n"]), "-"))
