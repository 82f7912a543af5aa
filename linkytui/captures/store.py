"""Random access to the bytes of a recording, plain or compressed."""

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Protocol

from linkytui.errors import CaptureError
from linkytui.i18n import _

BLOCK: Final = 1 << 16  # bytes that are read at once

_GZIP: Final = b"\x1f\x8b\x08"
_WINDOW: Final = zlib.MAX_WBITS | 16  # with gzip's head and tail
_LARGEST_BLOCK: Final = 1 << 20

_SEARCHED: Final = 4 << 20
"""Compressed bytes that are searched for the start of a member; the recorder starts one every few thousand."""


class ByteStore(Protocol):
    """A file's content. Places in it are only good for the store that gave them."""

    path: Path
    size: int  # places go from 0 to this

    def blocks(self, place: int = 0) -> Iterator[bytes]:
        """The content from a place on, in pieces of any size.

        Raises CaptureError: it is damaged from there on; OSError: it cannot be read.
        """

    def line_start(self, place: int) -> int | None:
        """A place at or after this one where a line begins; None where there is none near."""


class PlainStore:
    """A file as it is."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = path.stat().st_size

    def blocks(self, place: int = 0) -> Iterator[bytes]:
        with self.path.open("rb") as file:
            file.seek(place)
            while block := file.read(BLOCK):
                yield block

    def line_start(self, place: int) -> int | None:
        if place == 0:
            return 0
        at = place - 1
        for block in self.blocks(at):
            if (end := block.find(b"\n")) >= 0:
                return at + end + 1
            at += len(block)
        return None


class GzipStore(PlainStore):
    """A file that gzip compressed. Its places are those of the compressed bytes, and only members can be begun at.

    The recorder begins a member, at the start of a line, every few minutes: that is what makes it quick to go anywhere
    in a long recording.
    """

    def blocks(self, place: int = 0) -> Iterator[bytes]:
        return inflate(super().blocks(place), str(self.path))

    def line_start(self, place: int) -> int | None:
        if place == 0:
            return 0
        with self.path.open("rb") as file:
            file.seek(place)
            compressed = file.read(_SEARCHED)
        found = compressed.find(_GZIP)
        while found >= 0:
            if _begins_member(compressed[found : found + BLOCK]):
                return place + found
            found = compressed.find(_GZIP, found + 1)
        return None


def open_store(path: Path) -> ByteStore:
    """The content of a file, whatever its name; OSError when it cannot be read."""
    with path.open("rb") as file:
        compressed = file.read(len(_GZIP)) == _GZIP
    return GzipStore(path) if compressed else PlainStore(path)


def inflate_if_compressed(blocks: Iterator[bytes], name: str) -> Iterator[bytes]:
    """A stream's content as it comes, decompressed if it is compressed.

    Raises CaptureError: it is compressed, and damaged.
    """
    head = b""
    for block in blocks:
        head += block
        if len(head) >= len(_GZIP) or not _GZIP.startswith(head):
            break
    compressed = head.startswith(_GZIP)
    all_blocks = _with_head(head, blocks)
    return inflate(all_blocks, name) if compressed else all_blocks


def inflate(blocks: Iterator[bytes], name: str) -> Iterator[bytes]:
    """The content of compressed blocks, member after member. One without its end, as a power cut leaves it, ends there.

    Raises CaptureError: what comes is damaged.
    """
    member, begun, content = zlib.decompressobj(_WINDOW), False, b""
    for block in blocks:
        waiting = block
        while waiting or len(content) == _LARGEST_BLOCK:
            if not begun:
                waiting = waiting.lstrip(b"\0")  # some tools pad the end with zeros
            begun = begun or bool(waiting)
            try:
                content = member.decompress(waiting, _LARGEST_BLOCK)
            except zlib.error as error:
                text = _("{path} is damaged: its compressed data breaks off. What comes before was read.")
                raise CaptureError(text.format(path=name)) from error
            if content:
                yield content
            waiting = member.unconsumed_tail
            if member.eof:
                waiting = member.unused_data
                member, begun, content = zlib.decompressobj(_WINDOW), False, b""


def _with_head(head: bytes, blocks: Iterator[bytes]) -> Iterator[bytes]:
    if head:
        yield head
    yield from blocks


def _begins_member(compressed: bytes) -> bool:
    """Whether a member begins here: three bytes can look like it by chance."""
    try:
        return bool(zlib.decompressobj(_WINDOW).decompress(compressed, 64))
    except zlib.error:
        return False
