"""Records the line to a file on its own thread, so that the reading thread never waits for the disk."""

import contextlib
import gzip
import os
import queue
import stat
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Final, Self

from linkytui.captures.anonymise import Anonymiser
from linkytui.captures.form import VERSION, Chunk, Header, format_chunk, format_header
from linkytui.captures.trouble import writing
from linkytui.civil.times import Monotonic, Timestamp
from linkytui.errors import CaptureError
from linkytui.line.listener import Listener
from linkytui.link import Link

RAW_SUFFIXES: Final = frozenset({".tic", ".raw", ".bin"})  # names that ask for a raw dump: the bytes alone

FLUSH_EVERY: Final = 1.0  # seconds after which what came is on its way to the disk

_SPEED_WITHIN: Final = 1.0  # seconds after the first bytes within which the speed of the line is told

_WAITING: Final = 4096  # chunks that wait for the disk at most: minutes of the fastest meter

_MEMBER: Final = 1 << 20
"""Bytes of text after which a compressed recording begins anew, so that a reader can begin there too."""


class CaptureRecorder(Listener):
    """Records a line. Nothing of it goes back to the line: trouble with the file is told by `error`.

    Attributes:
        path: the file.
        error: why nothing more is written, once that is so.
        recorded: bytes of the line that were written.
        lost: bytes that the disk was too slow for.
    """

    def __init__(
        self,
        path: Path,
        *,
        baudrate: int | None = None,
        anonymise: bool = False,
        overwrite: bool = False,
        monotonic: Callable[[], Monotonic] = time.monotonic,
    ) -> None:
        """Create the file and start the thread that writes it.

        `path`: a raw dump when its name ends in one of `RAW_SUFFIXES`, compressed when it ends in `.gz`; `baudrate`:
        speed of the line, in bits per second, as far as it is known; `anonymise`: put pseudonyms in the place of the
        numbers of the meter and of the delivery point; `overwrite`: replace a file that is there, once the first bytes
        have come. Raises CaptureError: the file cannot be created, or is there already.
        """
        self.path = path
        self.error: CaptureError | None = None
        self.recorded = self.lost = 0
        self._baudrate = baudrate
        self._anonymiser = Anonymiser() if anonymise else None
        self._monotonic = monotonic
        self._speed_told = threading.Event()
        self._waiting: queue.Queue[tuple[float, float, bytes] | None] = queue.Queue(_WAITING)
        with writing(path):
            self._created = not (overwrite and path.exists())
            file = path.open("xb" if self._created else "r+b")
        self._writer: _Writer
        if path.suffix in RAW_SUFFIXES:
            self._writer = _RawWriter(file)
        elif path.suffix == ".gz":
            self._writer = _GzipWriter(file)
        else:
            self._writer = _Writer(file)
        self._thread = threading.Thread(target=self._write_all, name="recorder", daemon=True)
        self._thread.start()

    def bytes_came(self, data: bytes, at: Timestamp) -> None:
        try:
            self._waiting.put_nowait((self._monotonic(), at, data))
        except queue.Full:
            self.lost += len(data)

    def link_changed(self, link: Link) -> None:
        self._baudrate = link.baudrate or self._baudrate
        self._speed_told.set()

    def turn_ended(self) -> None:
        self._speed_told.set()

    def close(self) -> None:
        """Write what waits and close the file; take it away again if nothing came. A second time does nothing."""
        if not self._thread.is_alive():
            return
        self._speed_told.set()
        self._waiting.put(None)
        self._thread.join()
        if self._created and not self.recorded and self.error is None:
            with contextlib.suppress(OSError):
                self.path.unlink()

    def _write_all(self) -> None:
        """The recorder's thread: from the first bytes to the end."""
        try:
            with writing(self.path):
                self._write_chunks()
        except CaptureError as error:
            self.error = error
            while self._waiting.get() is not None:
                pass  # whoever listens on must not find the queue full

    def _write_chunks(self) -> None:
        start: float | None = None
        at, unflushed_since = 0.0, None
        with self._writer as writer:
            while True:
                try:
                    item = self._waiting.get(timeout=None if unflushed_since is None else FLUSH_EVERY)
                except queue.Empty:
                    writer.flush()
                    unflushed_since = None
                    continue
                if item is None:
                    break
                moment, wall, data = item
                if start is None:
                    start = moment
                    writer.begin(self._header(wall))
                self.recorded += len(data)
                at = moment - start
                if kept := self._anonymiser.feed(data) if self._anonymiser else data:
                    writer.write(Chunk(at, kept))
                if unflushed_since is None:
                    unflushed_since = moment
                elif moment - unflushed_since >= FLUSH_EVERY:
                    writer.flush()
                    unflushed_since = None
            if self._anonymiser and (kept := self._anonymiser.close()):
                writer.write(Chunk(at, kept))

    def _header(self, wall: float) -> Header:
        # The first bytes are told before the speed that they came at.
        if self._baudrate is None:
            self._speed_told.wait(_SPEED_WITHIN)
        started = datetime.fromtimestamp(wall, UTC)
        return Header(VERSION, started, self._baudrate, anonymised=self._anonymiser is not None)


class _Writer:
    """Writes a recording in linkytui's own form."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._file.close()

    def begin(self, header: Header) -> None:
        if stat.S_ISREG(os.fstat(self._file.fileno()).st_mode):
            self._file.truncate()
        self._put_header(header)

    def write(self, chunk: Chunk) -> None:
        self._put(format_chunk(chunk))

    def flush(self) -> None:
        self._file.flush()

    def _put_header(self, header: Header) -> None:
        self._put(format_header(header))

    def _put(self, data: bytes) -> None:
        self._file.write(data)


class _RawWriter(_Writer):
    """Writes a raw dump, which says nothing of itself."""

    def _put_header(self, header: Header) -> None:
        """Nothing to put."""

    def write(self, chunk: Chunk) -> None:
        self._put(chunk.data)


class _GzipWriter(_Writer):
    """Writes a recording in linkytui's own form, compressed in members that each begin with a line."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file)
        self._member: gzip.GzipFile | None = None
        self._size = 0

    def __exit__(self, *_exception: object) -> None:
        with self._file:
            if self._member is not None:
                self._member.close()

    def flush(self) -> None:
        if self._member is not None:
            self._member.flush()
        super().flush()

    def _put(self, data: bytes) -> None:
        if self._member is not None and self._size >= _MEMBER:
            self._member.close()
            self._member = None
        if self._member is None:
            self._member, self._size = gzip.GzipFile(filename="", mode="wb", fileobj=self._file), 0
        self._member.write(data)
        self._size += len(data)
