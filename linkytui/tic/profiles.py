"""PJOURF+1 and PPOINTE: the day profiles, eleven blocks of hour and action."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time
from enum import IntEnum
from itertools import pairwise
from typing import Final, Literal, Self

UNUSED: Final = "NONUTILE"  # the text of a block that holds nothing (Enedis-NOI-CPT_54E, 6.2.3.22)

_SHAPE: Final = re.compile(rf"(?:[0-9A-F]{{8}}|{UNUSED})(?: (?:[0-9A-F]{{8}}|{UNUSED})){{10}}", re.ASCII)
_HEXADECIMAL_MAKERS: Final = frozenset({"02", "81", "84"})
_OFF_PEAK_INDEXES: Final = frozenset({1, 3, 5})
_OFF_PEAK_MINUTES: Final = 8 * 60
_DAY_MINUTES: Final = 24 * 60

Base = Literal["decimal", "hexadecimal"]
"""How a meter writes the hours and minutes of its profiles; the specification does not say."""


class Contact(IntEnum):
    """What a slot does to the dry contact (Enedis-NOI-CPT_54E, 6.2.3.22)."""

    UNCHANGED = 0
    TEMPO = 1  # Tempo: as the contact's own Tempo settings say; other contracts: unchanged
    OPEN = 2
    CLOSED = 3


@dataclass(frozen=True, slots=True)
class Slot:
    """A stretch of the day that begins at `start` and lasts until the next slot (Enedis-NOI-CPT_54E, 6.2.3.22)."""

    start: time
    index: int | None  # the EASF register that counts, 1 to 10; None leaves the one before in place
    contact: Contact
    virtual: tuple[bool, ...]  # state of the virtual contacts 1 to 7


@dataclass(frozen=True, slots=True)
class DayProfile:
    """A decoded day profile (Enedis-NOI-CPT_54E, 6.2.3.22 for PJOURF+1 and 6.2.3.23 for PPOINTE)."""

    slots: tuple[Slot, ...]
    base: Base
    guessed: bool  # True when both bases can be read and only the maker's habit decided

    @classmethod
    def parse(cls, text: str, *, meter_id: str | None = None) -> Self:
        """Read the 98 characters of PJOURF+1 or PPOINTE.

        Whether hours are written in decimal or hexadecimal differs between makers. A reading is possible when every
        start is a time of day and the starts go forward; of two possible ones, the one with the eight off-peak hours
        that French contracts have is right; after that, only the maker's habit tells. `text`: the eleven blocks,
        separated by single spaces; `meter_id`: ADSC, its first two digits name the maker. Raises ValueError: not eleven
        blocks, or neither base gives times of day.
        """
        if not _SHAPE.fullmatch(text):
            raise ValueError(f"not a day profile: {text!r}")
        blocks = [block for block in text.split(" ") if block != UNUSED]
        decimal, hexadecimal = _starts(blocks, int), _starts(blocks, lambda digits: int(digits, 16))
        if decimal is None and hexadecimal is None:
            raise ValueError(f"no times of day in the profile: {text!r}")
        if hexadecimal is None or decimal == hexadecimal:
            return cls(_slots(blocks, decimal or []), "decimal", guessed=False)
        if decimal is None:
            return cls(_slots(blocks, hexadecimal), "hexadecimal", guessed=False)
        as_decimal, as_hexadecimal = _slots(blocks, decimal), _slots(blocks, hexadecimal)
        plausible = [_off_peak_minutes(slots) == _OFF_PEAK_MINUTES for slots in (as_decimal, as_hexadecimal)]
        if plausible == [True, False]:
            return cls(as_decimal, "decimal", guessed=False)
        if plausible == [False, True]:
            return cls(as_hexadecimal, "hexadecimal", guessed=False)
        if meter_id is not None and meter_id[:2] in _HEXADECIMAL_MAKERS:
            return cls(as_hexadecimal, "hexadecimal", guessed=True)
        return cls(as_decimal, "decimal", guessed=True)


def _starts(blocks: list[str], number: Callable[[str], int]) -> list[time] | None:
    """The times at which the blocks start, or None when they are not times that go forward."""
    try:
        starts = [time(number(block[0:2]), number(block[2:4])) for block in blocks]
    except ValueError:
        return None
    forward = all(earlier < later for earlier, later in pairwise(starts))
    return starts if forward else None


def _slots(blocks: list[str], starts: list[time]) -> tuple[Slot, ...]:
    slots = []
    for block, start in zip(blocks, starts, strict=True):
        action = int(block[4:], 16)
        index = action & 0xF
        slots.append(
            Slot(
                start=start,
                index=index if 1 <= index <= 10 else None,
                contact=Contact(action >> 14),
                virtual=tuple(bool(action >> bit & 1) for bit in range(4, 11)),
            )
        )
    return tuple(slots)


def _off_peak_minutes(slots: tuple[Slot, ...]) -> int:
    starts = [slot.start.hour * 60 + slot.start.minute for slot in slots]
    ends = [*starts[1:], starts[0] + _DAY_MINUTES] if starts else []
    return sum(
        end - start for slot, start, end in zip(slots, starts, ends, strict=True) if slot.index in _OFF_PEAK_INDEXES
    )
