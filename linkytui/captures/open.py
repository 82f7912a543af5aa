"""Opens a recording of either kind, detected by its content."""

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Protocol

from linkytui.captures.form import LONGEST_LINE, VERSION, Chunk, Header, parse_header
from linkytui.captures.raw import RawDump
from linkytui.captures.recording import Recording, parsed
from linkytui.captures.store import ByteStore, inflate_if_compressed, open_store
from linkytui.captures.trouble import reading
from linkytui.errors import CaptureError
from linkytui.i18n import _


class Capture(Protocol):
    """A recording, whichever its kind. Its passes are independent: each reads the file anew, and never whole."""

    path: Path

    @property
    def started_at(self) -> float:
        """Seconds since 1970 at which its first byte came, as well as it can be told."""

    @property
    def dated(self) -> bool:
        """It, or the meter in it, says when it was recorded; else `started_at` is only the file's date."""

    @property
    def baudrate(self) -> int | None:
        """Speed of the line it came from, in bits per second; None where it does not say."""

    @property
    def duration(self) -> float:
        """Seconds that it lasts; for some very long ones an estimate."""

    @property
    def anonymised(self) -> bool:
        """It says that its numbers are pseudonyms."""

    @property
    def damaged(self) -> int:
        """Lines of the last pass that could not be read."""

    def chunks(self, start: float = 0.0) -> Iterator[Chunk]:
        """What came from a moment on, in seconds since its beginning.

        Raises CaptureError: it cannot be read any further.
        """

    def blocks(self) -> Iterator[bytes]:
        """All its bytes, in larger pieces. Raises CaptureError: it cannot be read any further."""


def open_capture(path: Path | str) -> Capture:
    """Open a recording.

    Raises CaptureError: it is not there, may not be read, is empty, is no recording, or is one of a later version.
    """
    path = Path(path)
    with reading(path):
        if not stat.S_ISREG(os.stat(path).st_mode) and not path.is_dir():  # noqa: PTH116 -- says why it fails
            text = _("{path} is not a file. To record from a port: linkytui record FILE --port {path}.")
            raise CaptureError(text.format(path=path))
        store = open_store(path)
        header = _header_of(store)
        return RawDump(store) if header is None else Recording(store, header)


def bytes_of_stream(
    blocks: Iterator[bytes], name: str, *, damage: Callable[[], None] = lambda: None
) -> Iterator[bytes]:
    """The bytes that a recording of either kind holds, as the stream of its content comes, in blocks of any size.

    `name` is what an error calls it; `damage` is called for each line that cannot be read. Raises CaptureError: it is
    damaged beyond its lines, or of a later version.
    """
    content = inflate_if_compressed(blocks, name)
    head = b""
    for block in content:
        head += block
        if not head.startswith(b"{") or b"\n" in head or len(head) > LONGEST_LINE:
            break
    header = _read_header(head.partition(b"\n")[0], name)
    everything: Iterable[bytes] = chain([head] if head else [], content)
    if header is None:
        yield from everything
    else:
        for chunk in parsed(everything, skip=1):
            if chunk is None:
                damage()
            elif chunk.data:
                yield chunk.data


def _header_of(store: ByteStore) -> Header | None:
    """The header of a recording in linkytui's own form; None for anything else."""
    head = b""
    for block in store.blocks():
        head += block
        if not head.startswith(b"{") or b"\n" in head or len(head) > LONGEST_LINE:
            break
    if not head:
        text = _("{path} is empty. To make a recording: linkytui record FILE.")
        raise CaptureError(text.format(path=store.path))
    return _read_header(head.partition(b"\n")[0], str(store.path))


def _read_header(line: bytes, name: str) -> Header | None:
    header = parse_header(line) if line.startswith(b"{") else None
    if header is not None and header.version != VERSION:
        text = _("{path} is a recording of version {version}, which this linkytui does not know: update linkytui.")
        raise CaptureError(text.format(path=name, version=header.version))
    return header
