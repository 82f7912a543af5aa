"""The recording format: a header line, then one line per chunk with its time.

    {"version":1,"started_at":"2026-11-23T18:04:05.250000+01:00","baudrate":1200}
    [0.025,"\\u0002\\nADCO 0123"]
    [0.141,"61456789 K\\r\\nOPT"]

The moments are seconds since the start, the text is the bytes as Latin-1, and the whole is UTF-8; an asciicast has the
same shape.
"""

from datetime import datetime
from typing import Final, NamedTuple

import msgspec

VERSION: Final = 1

LONGEST_LINE: Final = 1 << 20  # bytes of a line at most; what has none within that is no recording


_YEARS: Final = range(1970, 2200)  # in which a recording can have begun; else its clock was none
_LONGEST_RECORDING: Final = 50 * 365 * 86_400.0  # seconds; what lies beyond is no moment of a recording


class Header(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a recording says of itself."""

    version: int
    started_at: datetime | None = None  # moment at which its first bytes came, with its offset from UTC
    baudrate: int | None = None  # speed of the line at the start, in bits per second; None where there was no speed
    anonymised: bool = False  # the numbers of the meter and of the delivery point are pseudonyms


class Chunk(NamedTuple):
    """Bytes that came together."""

    at: float  # seconds since the start of the recording
    data: bytes


_header_of: Final = msgspec.json.Decoder(Header)
_any_header_of: Final = msgspec.json.Decoder(dict[str, object])
_chunk_of: Final = msgspec.json.Decoder(tuple[float, str])
_encode: Final = msgspec.json.Encoder().encode


def parse_header(line: bytes) -> Header | None:
    """The header that a first line is; None when it is none.

    What else it says may be of a later version, or damaged: then only the version counts.
    """
    try:
        header = _header_of.decode(line)
        return header if _can_be(header.started_at) else msgspec.structs.replace(header, started_at=None)
    except (msgspec.MsgspecError, UnicodeError):
        pass
    try:
        version = _any_header_of.decode(line).get("version")
    except (msgspec.MsgspecError, UnicodeError):
        return None
    return Header(version) if isinstance(version, int) else None


def parse_chunk(line: bytes) -> Chunk | None:
    """What a line says came, or None when it is damaged."""
    try:
        at, text = _chunk_of.decode(line)
        return Chunk(at, text.encode("latin-1")) if 0 <= at <= _LONGEST_RECORDING else None
    except (msgspec.MsgspecError, UnicodeError):
        return None


def _can_be(started_at: datetime | None) -> bool:
    """Whether a recording can have begun then; calculating with year 1 or 9999 leads beyond the calendar."""
    return started_at is None or started_at.year in _YEARS


def format_header(header: Header) -> bytes:
    """The first line of a recording."""
    return _encode(header) + b"\n"


def format_chunk(chunk: Chunk) -> bytes:
    """The line of what came at a moment, to the millisecond."""
    return _encode((round(chunk.at, 3), chunk.data.decode("latin-1"))) + b"\n"
