"""What a damaged write-ahead log takes with it: transactions that were written and that SQLite passes over in silence.

SQLite takes a log that a killed program left up to the first frame whose checksum is wrong. The frames behind it were
written, too; that they are there is all that can be told of them. https://www.sqlite.org/fileformat2.html#walformat
"""

import sqlite3
import struct
from itertools import accumulate
from pathlib import Path
from typing import Final

_HEADER: Final = struct.Struct(">8I")  # magic, version, page size, sequence, two salts, two checksums
_FRAME: Final = struct.Struct(">4I")  # page, size of the database if it ends a transaction, two salts
_FRAME_BYTES: Final = 24  # its header, the checksums included
_MAGIC: Final = 0x377F0682  # the last bit: checksums of big-endian words
_WORD: Final = 0xFFFFFFFF
_PAGE: Final = 4096  # where the header does not say it


def written(log: Path) -> int:
    """How many frames a log has up to the end of its last transaction, sound or not. Before a connection is opened."""
    try:
        file = log.open("rb")
    except FileNotFoundError:
        return 0
    with file:
        header = file.read(_HEADER.size)
        if len(header) < _HEADER.size:
            return 0
        _magic, _version, page, _sequence, *salts = _HEADER.unpack(header)[:6]
        sound = _sound(header)
        if not sound:
            page, salts = _PAGE, []
        number = last = 0
        while len(frame := file.read(_FRAME_BYTES)) == _FRAME_BYTES:
            number += 1
            _page, ends, *own = _FRAME.unpack(frame[: _FRAME.size])
            salts = salts or own  # of a log without a sound header, the first frame tells what belongs together
            if ends and own == salts:
                last = number
            file.seek(page, 1)
        return last


def taken(connection: sqlite3.Connection) -> int:
    """How many frames SQLite took, which it moves into the database meanwhile."""
    _busy, frames, _moved = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    return max(int(frames), 0)


def _sound(header: bytes) -> bool:
    """Whether the checksums of a log's header are right."""
    magic = int.from_bytes(header[:4], "big")
    if magic & ~1 != _MAGIC:
        return False
    words = struct.unpack(">6I" if magic & 1 else "<6I", header[:24])

    def add(sums: tuple[int, int], pair: tuple[int, int]) -> tuple[int, int]:
        first = (sums[0] + pair[0] + sums[1]) & _WORD
        return first, (sums[1] + pair[1] + first) & _WORD

    *_before, sums = accumulate(zip(words[::2], words[1::2], strict=True), add, initial=(0, 0))
    return struct.unpack(">2I", header[24:]) == sums
