"""Raw dumps: the bytes of a line as any tool saves them, without times."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from linkytui.captures.form import Chunk
from linkytui.captures.store import BLOCK, ByteStore, GzipStore
from linkytui.captures.trouble import reading
from linkytui.errors import CaptureError
from linkytui.i18n import _
from linkytui.tic.frames import BAUDRATES, BITS_PER_CHARACTER, Frame
from linkytui.tic.horodate import Horodate
from linkytui.tic.labels import KNOWN_LABELS, Mode
from linkytui.tic.reader import FrameReader

_PROBED: Final = 64 * BLOCK  # bytes among which a frame must be, for a file to be taken for a dump

_LONGEST: Final = {Mode.HISTORIC: 512, Mode.STANDARD: 2048}
"""Bytes that go together where nothing ends a frame; the longest have 356 and 1,727 (Enedis-NOI-CPT_54E, 6)."""

_EDGE: Final = re.compile(rb"(?=[\x02\x82])|[\x03\x83\x04\x84]")
"""The edge between two frames: before an STX, behind an ETX or EOT."""


class RawDump:
    """A raw dump. Its moments are those at which a line of its speed, that is never silent, would have sent it.

    Attributes:
        path: the file.
        mode: what its first frame speaks.
        baudrate: speed of the line it came from, in bits per second.
        damaged: always 0; what is damaged in a dump are its groups.
        anonymised: always False: a dump says nothing of itself.
    """

    damaged = 0
    anonymised = False

    def __init__(self, store: ByteStore) -> None:
        """Look for the first frame.

        Raises CaptureError: there is none among the first megabytes; OSError: the file cannot be read.
        """
        self.path: Path = store.path
        self._store = store
        frame, self._dated = _first_frames(store)
        self.mode = frame.mode
        self.baudrate: int = BAUDRATES[frame.mode]
        self._size: int | None = None

    @property
    def duration(self) -> float:
        """Seconds; CaptureError when the file cannot be read."""
        if self._size is None:
            with reading(self.path):
                compressed = isinstance(self._store, GzipStore)
                self._size = sum(map(len, self._store.blocks())) if compressed else self._store.size
        return self._moment(self._size)

    @property
    def started_at(self) -> float:
        """Seconds since 1970: what the meter's clock said, else the file's date less the duration."""
        if self._dated is not None:
            offset, at = self._dated
            return at - self._moment(offset)
        with reading(self.path):
            return self.path.stat().st_mtime - self.duration

    @property
    def dated(self) -> bool:
        """The meter's clock said when it was recorded."""
        return self._dated is not None

    def chunks(self, start: float = 0.0) -> Iterator[Chunk]:
        """What came from a moment on, frame by frame; the first one is cut unless it is that of the beginning.

        Raises CaptureError: the file cannot be read.
        """
        place = int(max(start, 0.0) * self.baudrate / BITS_PER_CHARACTER)
        with reading(self.path):
            for piece in frame_by_frame(self._blocks_from(place), _LONGEST[self.mode]):
                place += len(piece)
                yield Chunk(self._moment(place), piece)

    def blocks(self) -> Iterator[bytes]:
        """All bytes, in pieces that are large enough to be read fast; CaptureError when the file cannot be read."""
        with reading(self.path):
            yield from self._store.blocks()

    def _moment(self, place: int) -> float:
        return place * BITS_PER_CHARACTER / self.baudrate

    def _blocks_from(self, place: int) -> Iterator[bytes]:
        if not isinstance(self._store, GzipStore):
            yield from self._store.blocks(place)
            return
        for block in self._store.blocks():
            if place < len(block):
                yield block[place:]
            place = max(place - len(block), 0)


def frame_by_frame(blocks: Iterable[bytes], longest: int) -> Iterator[bytes]:
    """The same bytes cut at the edges of frames, or after `longest` bytes where there is none."""
    waiting = b""
    for block in blocks:
        waiting += block
        start = 0
        while True:
            if edge := _EDGE.search(waiting, start + 1, start + longest):
                end = edge.end()
            elif len(waiting) - start > longest:
                end = start + longest
            else:
                break
            yield waiting[start:end]
            start = end
        waiting = waiting[start:]
    if waiting:
        yield waiting


def _first_frames(store: ByteStore) -> tuple[Frame, tuple[int, float] | None]:
    """The first frame with a group that the specification knows; and, of the first dated one, its place and moment."""
    reader = FrameReader(text=True)
    blocks = islice(store.blocks(), _PROBED // BLOCK)
    frames = [frame for block in blocks for frame in reader.feed(block)]
    if (last := reader.close()) is not None:
        frames.append(last)
    known = [frame for frame in frames if any(group.label in KNOWN_LABELS[frame.mode] for group in frame.groups)]
    if not known:
        text = _("{path} contains nothing that a meter sends. To make a recording: linkytui record FILE.")
        raise CaptureError(text.format(path=store.path))
    return known[0], next((dated for frame in known if (dated := _date_of(frame)) is not None), None)


def _date_of(frame: Frame) -> tuple[int, float] | None:
    """The place of a frame in the stream and the moment that it says; None when it says none."""
    for group in frame.groups:
        if group.label == "DATE" and group.horodate is not None:
            when = Horodate.parse(group.horodate).when
            return None if when is None else (frame.offset, when.timestamp())
    return None
