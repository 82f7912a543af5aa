"""What the process that reads a PDF answers."""

from collections.abc import Mapping
from typing import Final

import msgspec

from linkytui.tariffs.offers import Offer

TRY: Final = "--try-walls"  # has the process try its walls instead of reading


class Walls(msgspec.Struct, frozen=True):
    """How the process is kept from doing harm."""

    missing: tuple[str, ...]  # walls that this machine does not have: `landlock`, `seccomp`
    refused: Mapping[str, bool]  # whether each harmless try was refused

    @property
    def open(self) -> tuple[str, ...]:
        """What could be done all the same; empty where all walls stand."""
        return tuple(name for name, refused in self.refused.items() if not refused)


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """Offers and notes, or the reason why there are none."""

    offers: tuple[Offer, ...] = ()
    notes: tuple[str, ...] = ()
    error: str = ""
