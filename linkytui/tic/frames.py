"""A frame: the groups that stand between two frame marks."""

from typing import Final, NamedTuple

from linkytui.tic.groups import Group, Rejected
from linkytui.tic.labels import FIRST_LABELS, SHORT_FRAME_LABELS, Mode

BAUDRATES: Final = {Mode.HISTORIC: 1200, Mode.STANDARD: 9600}
"""Speed of the line in each mode, in bits per second, 7 bits and even parity (Enedis-NOI-CPT_54E, 5.3.5)."""

BITS_PER_CHARACTER: Final = 10  # on the line: start, seven bits, parity, stop (Enedis-NOI-CPT_54E, 5.3.5)


class Frame(NamedTuple):
    """The groups between two frame marks (Enedis-NOI-CPT_54E, 5.3.6)."""

    mode: Mode
    groups: tuple[Group, ...]  # in the order in which they came, doubled ones included
    rejected: tuple[Rejected, ...]
    complete: bool
    """Its beginning and its end were both seen. Only a complete frame can say that something is absent."""
    offset: int  # position of its first byte in the stream

    @property
    def short(self) -> bool:
        """A short frame of a three-phase meter that draws too much: currents only, no register and no power.

        Such a frame may hold no ADIR label at all (the last minute of a burst), so what it lacks tells it.
        Source: Enedis-NOI-CPT_54E, 6.1.2.
        """
        if self.mode is not Mode.HISTORIC or not self.groups or self.groups[-1].label not in SHORT_FRAME_LABELS:
            return False
        labels = {group.label for group in self.groups}
        return labels <= SHORT_FRAME_LABELS and not labels <= FIRST_LABELS

    @property
    def unharmed(self) -> bool:
        """True when all that the meter put into it came through.

        A frame without ADCO or ADSC is none: what came before the label that is its first was lost.
        """
        return self.complete and not self.rejected and any(group.label in FIRST_LABELS for group in self.groups)

    @property
    def tells_absence(self) -> bool:
        """True when a label that this frame lacks is known to be absent, not merely lost or left out.

        Neither a short frame nor that of a meter in standby, which holds ADCO alone, tells it.
        """
        return len(self.groups) > 1 and self.unharmed and not self.short
