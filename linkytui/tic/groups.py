"""One information group: split it, verify its checksum, and check that its data fits its label."""

import re
from typing import Final, Literal, NamedTuple

from linkytui.tic.checksum import checksum
from linkytui.tic.labels import KNOWN_LABELS, Mode

SPACE: Final = 0x20
TAB: Final = 0x09

MAX_GROUP: Final = 256  # bytes after which what has no end cannot be a group; the longest legal one has 111

_HISTORIC: Final = KNOWN_LABELS[Mode.HISTORIC]
_STANDARD: Final = KNOWN_LABELS[Mode.STANDARD]
_LABEL_SHAPE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_+-]{1,15}", re.ASCII)

Reason = Literal["checksum", "format", "structure", "implausible"]
"""Why a group was rejected: its sum is wrong; its sum is right but the data cannot be that label's; it has no
recognisable fields; it is right in form, and cannot be true beside what the meter said before. `FrameReader` gives the
first three, `linkytui.reading.Judge` the last."""


class Group(NamedTuple):
    """An accepted group (Enedis-NOI-CPT_54E, 5.3.6): right checksum, data that the label can have."""

    label: str
    data: str  # as sent: width, zeros and spaces kept
    horodate: str | None = None  # the thirteen characters, on the labels that carry one


class Rejected(NamedTuple):
    """What stood where a group should be."""

    raw: str  # the bytes without the group's delimiters, as Latin-1 text; cut at `MAX_GROUP`
    reason: Reason
    label: str | None = None  # the label, when it could be read and the specification knows it


def parse_group(piece: bytes) -> Group | Rejected:
    """Read one group, given without its line feed and carriage return.

    It is cut from the end: the last character is the checksum, the one before is the separator, which also tells the
    mode and with it the rule of the sum. Nothing is ever stripped: a checksum can be a space and data can hold some.

    Args:
        piece: seven-bit bytes.

    Source: Enedis-NOI-CPT_54E, 5.3.6, tables 2, 6 and 7.
    """
    size = len(piece)
    if not 4 <= size <= MAX_GROUP:
        return _rejected(piece, "structure")
    horodate: str | None = None
    text = piece[:-2].decode("latin-1")
    if piece[-2] == SPACE:
        zone, labels = piece[:-2], _HISTORIC
        label, separator, data = text.partition(" ")
        if not separator:
            return _rejected(piece, "structure")
    elif piece[-2] == TAB:
        zone, labels = piece[:-1], _STANDARD
        fields = text.split("\t")
        if len(fields) == 2:
            label, data = fields
        elif len(fields) == 3:
            label, horodate, data = fields
        else:
            return _rejected(piece, "structure")
        text = "".join(fields)
    else:
        return _rejected(piece, "structure")
    if not label or not text.isascii() or not text.isprintable():
        return _rejected(piece, "structure")
    if checksum(zone) != piece[-1]:
        return _rejected(piece, "checksum")
    known = labels.get(label)
    if known is None:
        return Group(label, data, horodate) if _LABEL_SHAPE.fullmatch(label) else _rejected(piece, "structure")
    if not known.accepts(data, horodate):
        return _rejected(piece, "format")
    return Group(label, data, horodate)


def mode_of(piece: bytes) -> Mode:
    """The mode that the separator before the checksum tells; only of use on a piece that `parse_group` accepts."""
    return Mode.STANDARD if piece[-2] == TAB else Mode.HISTORIC


def _rejected(piece: bytes, reason: Reason) -> Rejected:
    raw = piece[:MAX_GROUP].decode("latin-1")
    label = re.split("[ \t]", raw, maxsplit=1)[0]
    known = any(label in labels for labels in KNOWN_LABELS.values())
    return Rejected(raw, reason, label if known else None)
