"""Captures and frames of every kind, real ones and those made here, read exactly."""

from itertools import pairwise
from pathlib import Path

import pytest

from linkytui.tic import Frame, FrameReader, Mode
from tests.tic import naive

CHUNKS = (1, 2, 3, 7, 64, 170, 257, 4096, 1_000_000)

Counts = tuple[int, int, int, dict[str, int]]
"""Frames, complete ones, groups accepted, rejected by reason."""

CAPTURES: dict[str, Counts] = {
    "historic-base-1frame.tic": (1, 1, 9, {}),
    "historic-base-3phase-6frames.tic": (7, 6, 102, {}),
    "historic-base-3phase-noisy-no-etx.tic": (28, 25, 305, {"checksum": 30, "structure": 105}),
    "historic-hphc-13frames-leading-nul.tic": (15, 13, 153, {}),
    "historic-hphc-3min-123frames.tic": (125, 124, 1372, {}),
    # its number has thirteen digits, with a checksum that was made for another one
    "historic-hphc-6frames-13digit-adco.tic": (8, 6, 69, {"checksum": 7}),
    "historic-tempo-cut-in-group.tic": (3, 1, 39, {}),
    "historic-tempo-no-stx-etx.tic": (1, 0, 16, {}),
    "historic-tempo-tail-frame-head.tic": (3, 1, 20, {}),
    "historic-tempo-truncated.tic": (2, 0, 15, {}),
    "standard-base-12frames.tic": (13, 12, 467, {}),
    "standard-hphc-1frame-bad-checksum.tic": (1, 1, 37, {"checksum": 1}),
    "standard-hphc-1frame.tic": (1, 1, 38, {}),
    # ADSC and PRM were masked after the fact: two stale checksums in every frame
    "standard-producer-24frames.tic": (25, 25, 1050, {"checksum": 50}),
}
OF_MADE: dict[str, Counts] = {
    # where the one made here is not of the same size
    "historic-base-3phase-noisy-no-etx.tic": (27, 25, 409, {"checksum": 12, "structure": 6}),
    "standard-producer-24frames.tic": (25, 25, 1150, {"checksum": 50}),
}
CONSTRUCTED: dict[str, Counts] = {
    "hist_mono_base.bin": (1, 1, 10, {}),
    "hist_mono_ejp_notice.bin": (1, 1, 12, {}),
    "hist_mono_hc_adps.bin": (1, 1, 12, {}),
    "hist_mono_hc_peak.bin": (1, 1, 11, {}),
    "hist_mono_tempo.bin": (1, 1, 16, {}),
    "hist_tri_base_long.bin": (1, 1, 16, {}),
    "hist_tri_long_cut_by_eot_then_burst.bin": (22, 21, 122, {}),
    "hist_tri_short_adir2.bin": (1, 1, 5, {}),
    "hist_tri_short_no_adir.bin": (1, 1, 4, {}),
    "std_mono_consumer.bin": (1, 1, 38, {}),
    "std_mono_producer.bin": (1, 1, 48, {}),
    "std_tri_tempo_red_announced.bin": (1, 1, 56, {}),
}


def counts_of(captures: Path, name: str) -> Counts:
    """What is in a capture of one of the two folders."""
    return (captures.name == "made" and OF_MADE.get(name)) or CAPTURES[name]


def read(stream: bytes, size: int) -> tuple[list[Frame], FrameReader]:
    """All frames of a stream that comes in chunks, the cut one included."""
    reader = FrameReader()
    frames = [frame for start in range(0, len(stream), size) for frame in reader.feed(stream[start : start + size])]
    if (last := reader.close()) is not None:
        frames.append(last)
    return frames, reader


@pytest.mark.parametrize("name", CAPTURES)
def test_a_capture_gives_its_frames_and_groups(captures: Path, name: str) -> None:
    frames, reader = read((captures / name).read_bytes(), 4096)
    counts = len(frames), sum(frame.complete for frame in frames), reader.accepted, dict(reader.rejected)
    assert counts == counts_of(captures, name)


@pytest.mark.parametrize("name", CONSTRUCTED)
def test_a_constructed_frame_gives_its_groups(specification: Path, name: str) -> None:
    frames, reader = read((specification / "frames" / name).read_bytes(), 4096)
    assert (len(frames), sum(frame.complete for frame in frames), reader.accepted, dict(reader.rejected)) == (
        CONSTRUCTED[name]
    )


def test_every_right_group_is_read_and_no_other(captures: Path, specification: Path) -> None:
    rows = naive.table(specification / "labels.csv")
    files = [*sorted(captures.glob("*.tic")), *sorted((specification / "frames").glob("*.bin"))]
    assert len(files) == len(CAPTURES) + len(CONSTRUCTED)
    for path in files:
        stream = path.read_bytes()
        frames, _ = read(stream, 4096)
        got = [(group.label, group.horodate, group.data) for frame in frames for group in frame.groups]
        assert got == naive.groups(stream, rows), path.name


def test_the_counters_are_those_of_the_frames(captures: Path) -> None:
    for name in CAPTURES:
        frames, reader = read((captures / name).read_bytes(), 100)
        assert reader.accepted == sum(len(frame.groups) for frame in frames)
        assert sum(reader.rejected.values()) == sum(len(frame.rejected) for frame in frames)


@pytest.mark.parametrize("name", CAPTURES)
def test_any_chunk_size_gives_the_same(captures: Path, name: str) -> None:
    stream = (captures / name).read_bytes()
    whole, reader = read(stream, len(stream))
    for size in CHUNKS:
        frames, other = read(stream, size)
        assert frames == whole, size
        assert (other.accepted, other.rejected, other.noise) == (reader.accepted, reader.rejected, reader.noise), size


@pytest.mark.parametrize("name", CAPTURES)
def test_frames_say_where_they_begin(captures: Path, name: str) -> None:
    stream = (captures / name).read_bytes()
    frames, _ = read(stream, 50)
    assert all(earlier.offset < later.offset for earlier, later in pairwise(frames))
    marked = [frame for frame in frames if frame.complete and stream[frame.offset] == 0x02]
    assert len(marked) >= sum(frame.complete for frame in frames) - 5  # noise took some marks of one file


def test_a_capture_cut_in_its_groups_has_incomplete_frames_and_no_errors(captures: Path) -> None:
    for name in ("historic-tempo-cut-in-group.tic", "historic-tempo-truncated.tic"):
        frames, reader = read((captures / name).read_bytes(), 4096)
        assert not reader.rejected
        assert not frames[0].complete
        assert not frames[-1].complete


def test_a_frame_cut_by_eot_keeps_its_groups_and_its_burst_follows(specification: Path) -> None:
    frames, _ = read((specification / "frames" / "hist_tri_long_cut_by_eot_then_burst.bin").read_bytes(), 4096)
    assert [len(frame.groups) for frame in frames] == [6] + [5] * 20 + [16]
    assert not frames[0].complete
    assert [frame.short for frame in frames] == [False] + [True] * 20 + [False]
    assert all(frame.mode is Mode.HISTORIC for frame in frames)


def test_a_bad_group_in_a_standard_frame_costs_only_itself(captures: Path) -> None:
    (frame,), _ = read((captures / "standard-hphc-1frame-bad-checksum.tic").read_bytes(), 4096)
    (other,), _ = read((captures / "standard-hphc-1frame.tic").read_bytes(), 4096)
    (bad,) = frame.rejected
    assert (bad.label, bad.reason) == ("PCOUP", "checksum")
    assert frame.groups == tuple(group for group in other.groups if group.label != "PCOUP")
    assert not frame.tells_absence
    assert other.tells_absence
