"""PJOURF+1 and PPOINTE: the day profiles, eleven blocks of hour and action."""

import re
from dataclasses import dataclass
from datetime import time
from enum import IntEnum
from functools import lru_cache
from itertools import pairwise
from typing import Final, Literal, Self

UNUSED: Final = "NONUTILE"  # the text of a block that holds nothing (Enedis-NOI-CPT_54E, 6.2.3.22)

Base = Literal["decimal", "hexadecimal"]
"""How a meter writes the hours and minutes of its profiles; the specification does not say."""

_SHAPE: Final = re.compile(rf"(?:[0-9A-F]{{8}}|{UNUSED})(?: (?:[0-9A-F]{{8}}|{UNUSED})){{10}}", re.ASCII)
_RADIX: Final[dict[Base, int]] = {"decimal": 10, "hexadecimal": 16}
_BASES: Final[dict[str, Base]] = {
    **dict.fromkeys(("02", "81", "84"), "hexadecimal"),  # Sagemcom
    **dict.fromkeys(("03", "04"), "decimal"),  # Itron, Landis+Gyr
}
"""The makers of which it is known, by the first two digits of the serial number."""

_OFF_PEAK_INDEXES: Final = frozenset({1, 3, 5})
_OFF_PEAK_MINUTES: Final = 8 * 60
_DAY_MINUTES: Final = 24 * 60


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
    def parse(cls, text: str, *, meter_id: str | None = None, proven: Base | None = None) -> Self:
        """Read the 98 characters of PJOURF+1 or PPOINTE.

        Whether hours are written in decimal or hexadecimal differs between makers. A reading is possible when every
        start is a time of day and the starts go forward; of two possible ones, the one with the eight off-peak hours
        that French contracts have is right; after that, only the maker's habit tells. `text`: the eleven blocks,
        separated by single spaces; `meter_id`: ADSC, its first two digits name the maker; `proven`: the base in which
        this meter is known to write, which decides where both can be read. Raises ValueError: not eleven blocks, or
        neither base gives times of day.
        """
        readings = _readings(text)
        if not readings:
            raise ValueError(f"no day profile: {text!r}")
        if len(readings) == 1 or len(set(readings.values())) == 1:
            base, slots = next(iter(readings.items()))
            return cls(slots, base, guessed=False)
        if proven is None:
            plausible = [base for base, slots in readings.items() if _off_peak_minutes(slots) == _OFF_PEAK_MINUTES]
            proven = plausible[0] if len(plausible) == 1 else None
        base = proven or base_of(meter_id) or "decimal"
        return cls(readings[base], base, guessed=proven is None)


def base_of(meter_id: str | None) -> Base | None:
    """How a meter's maker writes hours; None for a maker of whom that is not known."""
    return None if meter_id is None else _BASES.get(meter_id[:2])


@lru_cache(maxsize=32)  # asked with each frame
def possible_bases(text: str) -> tuple[Base, ...]:
    """The bases in which a profile can be read: both, one or none. None too where both say the same hours."""
    readings = _readings(text)
    return () if len(readings) == 2 and len(set(readings.values())) == 1 else tuple(readings)


def _readings(text: str) -> dict[Base, tuple[Slot, ...]]:
    """What a profile says in each base in which it can be read, decimal first."""
    if not _SHAPE.fullmatch(text):
        return {}
    blocks = [block for block in text.split(" ") if block != UNUSED]
    readings: dict[Base, tuple[Slot, ...]] = {}
    for base, radix in _RADIX.items():
        starts = _starts(blocks, radix)
        if starts is not None:
            readings[base] = _slots(blocks, starts)
    return readings


def _starts(blocks: list[str], radix: int) -> list[time] | None:
    """The times at which the blocks start, or None when they are not times that go forward."""
    try:
        starts = [time(int(block[0:2], radix), int(block[2:4], radix)) for block in blocks]
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
