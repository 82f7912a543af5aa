"""linkytui's own recordings: timed chunks of bytes, readable from any time on."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Final

from linkytui.captures.form import LONGEST_LINE, Chunk, Header, parse_chunk
from linkytui.captures.store import BLOCK, ByteStore, GzipStore, inflate
from linkytui.captures.trouble import reading
from linkytui.errors import CaptureError
from linkytui.tic.horodate import PARIS

_TAILS: Final = (1 << 16, 1 << 20, 1 << 23)
"""Distances from the end at which the last line is looked for, one after the other."""

_SAMPLE: Final = 1 << 20  # compressed bytes from which the duration of a long recording without members is estimated

_LINES_TRIED: Final = 100


class Recording:
    """A recording in linkytui's own form. The file is read anew by each pass, and never whole.

    Attributes:
        path: the file.
        damaged: lines of the last pass that could not be read; a last line without its end is none.
    """

    def __init__(self, store: ByteStore, header: Header) -> None:
        self.path: Path = store.path
        self.damaged = 0
        self._store = store
        self._header = header
        self._duration: float | None = None

    @property
    def started_at(self) -> float:
        """Seconds since 1970; the file's own date where the recording does not say."""
        started = self._header.started_at
        if started is None:
            with reading(self.path):
                return self.path.stat().st_mtime - self.duration
        return (started if started.tzinfo is not None else started.replace(tzinfo=PARIS)).timestamp()

    @property
    def dated(self) -> bool:
        """It says when it was recorded."""
        return self._header.started_at is not None

    @property
    def baudrate(self) -> int | None:
        """Speed of the line when the recording began, in bits per second."""
        return self._header.baudrate

    @property
    def anonymised(self) -> bool:
        """The numbers in it are pseudonyms."""
        return self._header.anonymised

    @property
    def duration(self) -> float:
        """Seconds; an estimate for long compressed recordings that another program compressed.

        Raises CaptureError: the file cannot be read.
        """
        if self._duration is None:
            with reading(self.path):
                self._duration = self._measure()
        return self._duration

    def chunks(self, start: float = 0.0) -> Iterator[Chunk]:
        """What came from a moment on, in seconds since the beginning. Moments never go back, whatever the lines say.

        Raises CaptureError: the file cannot be read, or is damaged beyond its lines.
        """
        self.damaged = 0
        with reading(self.path):
            latest = 0.0
            for chunk in self._from(self._place_of(start) if start > 0 else 0):
                if chunk is None:
                    self.damaged += 1
                elif chunk.data:
                    latest = max(latest, chunk.at)
                    if latest >= start:
                        yield Chunk(latest, chunk.data)

    def blocks(self) -> Iterator[bytes]:
        """All bytes that came, without their moments, in pieces that are large enough to be read fast."""
        waiting: list[bytes] = []
        size = 0
        for chunk in self.chunks():
            waiting.append(chunk.data)
            size += len(chunk.data)
            if size >= BLOCK:
                yield b"".join(waiting)
                waiting, size = [], 0
        if waiting:
            yield b"".join(waiting)

    def _from(self, place: int) -> Iterator[Chunk | None]:
        """The lines from a place on, a damaged one being None."""
        return parsed(self._store.blocks(place), skip=1 if place == 0 else 0)

    def _place_of(self, moment: float) -> int:
        """A place at or before the first line of a moment, found by halving the file."""
        low, high = 0, self._store.size
        while high - low > BLOCK:
            middle = (low + high) // 2
            begin = self._store.line_start(middle)
            if begin is None or begin >= high:
                high = middle
                continue
            first = self._first_moment(begin)
            if first is None or first >= moment:
                high = middle
            else:
                low = begin
        return low

    def _measure(self) -> float:
        size = self._store.size
        for tail in (*_TAILS, size):
            begin = self._store.line_start(max(size - tail, 0))
            if begin is None:
                continue
            if begin == 0 and isinstance(self._store, GzipStore) and size > _TAILS[-1]:
                return self._estimate()
            last = _last_moment(self._from(begin))
            if last is not None:
                return last
        return 0.0

    def _first_moment(self, place: int) -> float | None:
        """The moment of the first line from a place on that can be read."""
        with suppress(CaptureError):
            for chunk in islice(self._from(place), _LINES_TRIED):
                if chunk is not None:
                    return chunk.at
        return None

    def _estimate(self) -> float:
        """The duration as the first part of a long compressed file lets expect it."""
        with self.path.open("rb") as file:
            sample = file.read(_SAMPLE)
        lines = parsed(inflate(iter([sample]), str(self.path)), skip=1)
        return (_last_moment(lines) or 0.0) * self._store.size / len(sample)


def _last_moment(lines: Iterator[Chunk | None]) -> float | None:
    """The latest moment among some lines, up to where they are damaged."""
    last = None
    with suppress(CaptureError):
        for chunk in lines:
            if chunk is not None:
                last = chunk.at if last is None else max(last, chunk.at)
    return last


def parsed(blocks: Iterable[bytes], *, skip: int) -> Iterator[Chunk | None]:
    """The lines of a recording's content, but the first `skip`; a damaged one is None, and a last one that is cut is
    left out.
    """
    for line, whole in lines_of(blocks):
        if skip:
            skip -= 1
            continue
        chunk = parse_chunk(line)
        if chunk is not None or (whole and line.strip()):
            yield chunk


def lines_of(blocks: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """The lines of some content, and whether their end was there. One that is too long comes cut."""
    waiting = b""
    for block in blocks:
        *lines, waiting = (waiting + block).split(b"\n")
        for line in lines:
            yield line, True
        if len(waiting) > LONGEST_LINE:
            yield waiting, True
            waiting = b""
    if waiting:
        yield waiting, False
