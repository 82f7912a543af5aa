"""Replaces meter and delivery-point numbers with pseudonyms."""

import re
import secrets
from collections.abc import Callable
from typing import Final

from linkytui.tic.groups import Group, parse_group
from linkytui.tic.labels import KNOWN_LABELS

_MARKS: Final = re.compile(rb"([\x02-\x04\n\r\x82-\x84\x8a\x8d])")
_CONTROLS: Final = bytes((*range(0x20), 0x7F))
_SEVEN_BITS: Final = bytes(code & 0x7F for code in range(256))
_DIGITS: Final = re.compile(rb"\d+")
_SEPARATORS: Final = b" \t"

_LONGEST_PIECE: Final = 2048  # bytes without a mark that are held back at most; a group has 111

_IDENTIFIERS: Final = frozenset({"ADCO", "ADSC", "PRM"})
_OTHERS: Final = frozenset(label for labels in KNOWN_LABELS.values() for label in labels) - _IDENTIFIERS

_METER_NUMBER: Final = 12
_KEPT: Final = 6  # first digits of a meter's number that stay: maker, year and type, which tells the phases (54E, 2.2)

_LOOK_ALIKE: Final = re.compile(rb"(?:AD.O|A.CO|.DCO|ADC.|AD.C|A.SC|.DSC|ADS.|PR.|P.M|.RM)(?![A-Za-z])")
"""A label of an identifier with one character damaged."""

_TELLING: Final = 10  # digits in a row that only an identifier or a date can have; registers have nine

_DATED: Final = (b"E", b"H", b"e", b"h", b"\t ")  # what stands before the digits of a date

_FRAGMENT: Final = 5  # digits in a row that give a number away when it is known to hold them

_REMEMBERED: Final = 1000  # numbers that keep their pseudonym; noise must not fill the memory


class Anonymiser:
    """Passes a stream on with other numbers in the groups of ADCO, ADSC and PRM, and the checksums that go with them.

    The same number gets the same pseudonym each time, ADCO and ADSC being the same number; maker, year and type of the
    meter stay. Damaged groups lose their digits too, and stay as damaged as they were. All else passes byte for byte.
    """

    def __init__(self, random_digits: Callable[[int], str] | None = None) -> None:
        """Start at the beginning of a stream. Without digits given by chance, they cannot be foreseen."""
        self._random_digits = random_digits or _unforeseeable
        self._pseudonyms: dict[bytes, bytes] = {}
        self._known: set[bytes] = set()
        self._pending = b""
        self._endless = False  # the piece being read is longer than any group: its digits all go

    def feed(self, chunk: bytes) -> bytes:
        """Take the next bytes and return those that can be passed on. A group waits until its end has come."""
        *parts, self._pending = _MARKS.split(self._pending + chunk)
        passed = b""
        for number, part in enumerate(parts):
            if number % 2:
                passed += part
                self._endless = False
            else:
                passed += self._piece(part)
        if len(self._pending) > _LONGEST_PIECE:
            self._endless = True
            passed += self.close()
        return passed

    def close(self) -> bytes:
        """The rest of the stream."""
        piece, self._pending = self._pending, b""
        return self._piece(piece)

    def _piece(self, piece: bytes) -> bytes:
        """What stands between two marks. Parity bits, NULs and what surrounds a group stay where they were."""
        plain = piece.translate(_SEVEN_BITS)
        places = [place for place, code in enumerate(plain) if code]
        clean = plain.replace(b"\0", b"")
        core = clean.lstrip(_CONTROLS)
        del places[: len(clean) - len(core)]
        core = core.rstrip(_CONTROLS)
        changed = self._change(core)
        if changed == core:
            return piece
        parity = plain != piece
        result = bytearray(piece)
        for place, code in zip(places, changed, strict=False):
            if code != plain[place]:
                result[place] = code | (0x80 if parity and code.bit_count() % 2 else 0)
        return bytes(result)

    def _change(self, piece: bytes) -> bytes:
        """A group, or what is left of one, with other numbers; as long as it was."""
        item = parse_group(piece)
        if isinstance(item, Group) and item.label in _OTHERS and not self._endless:
            return piece
        if isinstance(item, Group) and item.label in _IDENTIFIERS and len(self._known) < _REMEMBERED:
            self._known.add(item.data.encode("ascii"))
        has_checksum = len(piece) > 2 and piece[-2] in _SEPARATORS and 0x20 <= piece[-1] < 0x60
        body = piece[:-1] if has_checksum else piece
        begin = self._begin_of_number(body, item.label)
        changed = _DIGITS.sub(
            lambda digits: (
                self._pseudonym(digits[0])
                if digits.start() >= begin or self._gives_away(body, digits.start(), digits[0])
                else digits[0]
            ),
            body,
        )
        if not has_checksum:
            return changed
        # The sum moves by what the digits moved: a right one stays right, a wrong one as wrong as it was.
        moved = piece[-1] - 0x20 + sum(changed) - sum(body)
        return changed + bytes([(moved & 0x3F) + 0x20])

    def _begin_of_number(self, body: bytes, label: str | None) -> int:
        """Where the digits begin that all have to go; past the end when only telling ones do."""
        if self._endless or label in _IDENTIFIERS:
            return 0
        if label not in _OTHERS and (match := _LOOK_ALIKE.search(body)):
            return match.start()
        return len(body)

    def _gives_away(self, body: bytes, start: int, digits: bytes) -> bool:
        """Whether some digits, wherever they stand, are a number or a part of one that is known."""
        if len(digits) >= _TELLING:
            return len(digits) != _METER_NUMBER or not body[:start].endswith(_DATED)
        return len(digits) >= _FRAGMENT and any(digits in number for number in self._known)

    def _pseudonym(self, digits: bytes) -> bytes:
        known = self._pseudonyms.get(digits)
        if known is not None:
            return known
        kept = digits[:_KEPT] if len(digits) == _METER_NUMBER else b""
        pseudonym = digits
        while pseudonym == digits:
            pseudonym = kept + self._random_digits(len(digits) - len(kept)).encode("ascii")
        if len(self._pseudonyms) < _REMEMBERED:
            self._pseudonyms[digits] = pseudonym
        return pseudonym


def _unforeseeable(count: int) -> str:
    return "".join(secrets.choice("0123456789") for _ in range(count))
