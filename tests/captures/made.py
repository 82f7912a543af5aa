"""Recordings that tests make."""

import gzip
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from linkytui.captures.form import Chunk, Header, format_chunk, format_header

STARTED = datetime(2026, 11, 23, 17, 4, 5, 250_000, tzinfo=UTC)


def recording(path: Path, chunks: Iterable[Chunk], *, member: int = 1 << 20, header: Header | None = None) -> Path:
    """Write a recording as the recorder does, compressed in members where the name asks for it."""
    pieces, size = [format_header(header or Header(1, STARTED, 1200))], 0
    members = []
    for chunk in chunks:
        pieces.append(format_chunk(chunk))
        size += len(pieces[-1])
        if size >= member:
            members.append(b"".join(pieces))
            pieces, size = [], 0
    members.append(b"".join(pieces))
    compressed = path.suffix == ".gz"
    path.write_bytes(b"".join(map(gzip.compress, members) if compressed else members))
    return path
