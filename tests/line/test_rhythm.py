"""A meter that speaks piece by piece, and somebody who sleeps while it does."""

from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkytui.line.rhythm import FrameRhythm
from linkytui.tic import Group, Mode, encode_frame
from tests.lines import historic_frame, standard_frame

Piece = tuple[float, bytes]  # when it comes, and what it is

_GAP = 0.033


def spoken(
    frames: Iterable[bytes], *, size: int = 2, every: float = 0.016, late: Sequence[float] = (0.0,)
) -> list[Piece]:
    """Frames as pieces in time. `late`: seconds by which pieces are late, in turn; none overtakes another."""
    pieces: list[Piece] = []
    due = at = 0.0
    for frame in frames:
        for first in range(0, len(frame), size):
            due += every
            at = max(at, due + late[len(pieces) % len(late)])
            pieces.append((at, frame[first : first + size]))
        due += _GAP
    return pieces


def listen(pieces: list[Piece]) -> tuple[list[float], int]:
    """Read them, resting when told to; the seconds after which each frame's end is read, and how many reads it took."""
    rhythm = FrameRhythm()
    now, place, reads, delays = 0.0, 0, 0, []
    while place < len(pieces):
        now = max(now, pieces[place][0])
        last = place
        while last < len(pieces) and pieces[last][0] <= now:
            last += 1
        delays += [now - at for at, data in pieces[place:last] if b"\x03" in data]
        rhythm.hear(b"".join(data for _at, data in pieces[place:last]), now)
        reads += 1
        place = last
        now += rhythm.rest(now)
    return delays, reads


@pytest.mark.parametrize(("frame", "size"), [(historic_frame(), 2), (standard_frame(), 16)])
def test_the_middle_of_a_frame_is_slept_through_and_its_end_is_not_late(frame: bytes, size: int) -> None:
    first, reads_at_first = listen(spoken([frame] * 4, size=size))
    delays, reads = listen(spoken([frame] * 24, size=size))
    assert delays == [0.0] * 24
    assert first == [0.0] * 4
    assert (reads - reads_at_first) / 20 <= 12


def test_a_historic_frame_takes_a_tenth_of_the_reads() -> None:
    pieces = spoken([historic_frame()] * 100)
    _delays, reads = listen(pieces)
    assert reads < len(pieces) / 7


def test_whole_frames_are_read_as_they_come() -> None:
    frames = [historic_frame(power) for power in range(1000, 1030)]
    pieces = [(number * 1.5 - number % 3 * 0.4, frame) for number, frame in enumerate(frames)]
    delays, reads = listen(sorted(pieces))
    assert delays == [0.0] * 30
    assert reads == 30


def test_a_short_frame_in_between_is_not_late() -> None:
    short = encode_frame(
        [
            Group("ADIR1", "035"),
            Group("ADIR2", "001"),
            Group("ADIR3", "001"),
            Group("ADCO", "012345678901"),
            *(Group(f"IINST{phase}", "035") for phase in (1, 2, 3)),
        ],
        Mode.HISTORIC,
    )
    delays, _reads = listen(spoken([historic_frame()] * 20 + [short] * 3 + [historic_frame()] * 20))
    assert max(delays) == 0.0


def test_a_frame_that_the_meter_cut_by_half_is_late_once_and_the_rhythm_is_learned_anew() -> None:
    frame = historic_frame()
    delays, _reads = listen(spoken([frame] * 20 + [frame[:90] + b"\r\x03"] * 20))
    assert sum(delay > 0 for delay in delays) == 1
    assert max(delays) <= 0.4


def test_longer_frames_are_awaited_to_their_end() -> None:
    longer = historic_frame(460, "012345678901", Group("ADPS", "050"))
    delays, _reads = listen(spoken([historic_frame(), longer, longer] * 10))
    assert max(delays) == 0.0


def test_nothing_is_foretold_of_noise() -> None:
    rhythm = FrameRhythm()
    for turn in range(2000):
        rhythm.hear(bytes([turn * 37 % 256, turn * 91 % 256]), turn * 0.016)
        assert rhythm.rest(turn * 0.016) == 0.0


@given(
    st.lists(st.integers(0, 40), min_size=1, max_size=6),
    st.integers(1, 40),
    st.lists(st.floats(0.0, 0.03), min_size=1, max_size=7),
)
def test_no_end_is_late_however_the_pieces_are_cut_and_delayed(
    lengths: list[int], size: int, late: list[float]
) -> None:
    frames = [historic_frame(), *(b"\x02\nADCO 0" + b"x" * (150 + length) + b"\r\x03" for length in lengths)]
    delays, _reads = listen(spoken(frames * 6, size=size, every=size / 120, late=late))
    assert max(delays) <= 0.4  # one that is shorter than all before it may be late
    assert max(delays[len(frames) * 3 :]) <= 0.0


@given(st.lists(st.tuples(st.floats(0.0, 2.0), st.binary(min_size=1, max_size=40)), max_size=60))
def test_no_bytes_whatever_make_it_rest_for_long(heard: list[tuple[float, bytes]]) -> None:
    rhythm, now = FrameRhythm(), 0.0
    for wait, data in heard:
        now += wait
        rhythm.hear(data, now)
        assert 0.0 <= rhythm.rest(now) <= 0.4
