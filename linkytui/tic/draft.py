"""A frame while it is being read."""

from collections import Counter
from typing import Final

from linkytui.tic.frames import Frame
from linkytui.tic.groups import Group, Reason, Rejected
from linkytui.tic.labels import FIRST_LABELS, KNOWN_LABELS, OVERCURRENT_LABELS, Mode

MAX_PIECES: Final = 160  # groups, or rejected pieces, that a frame can hold; the longest legal one has 71 groups

_HEAD_LABELS: Final = FIRST_LABELS | OVERCURRENT_LABELS


class Draft:
    """What has come of a frame so far, and the rules by which a label tells that it belongs to the next one.

    Attributes:
        offset: position of its first byte in the stream.
        marked: an STX opened it.
        begun: its beginning was seen, by an STX or by the label that frames begin with.
        etx: an ETX came, though behind something unreadable.
    """

    def __init__(self, offset: int, *, marked: bool, begun: bool) -> None:
        self.offset = offset
        self.marked = marked
        self.begun = begun
        self.etx = False
        self.mode: Mode | None = None
        self.groups: list[Group] = []
        self.rejected: list[Rejected] = []
        self.rejected_bytes = 0
        self.reasons: Counter[Reason] = Counter()
        self._labels: set[str] = set()

    @property
    def full(self) -> bool:
        """It holds as many groups as a frame can have, so what comes now belongs to another."""
        return len(self.groups) >= MAX_PIECES

    @property
    def worthless(self) -> bool:
        """Nothing in it resembles a group."""
        return not self.groups and all(item.label is None for item in self.rejected)

    def add(self, group: Group, mode: Mode) -> None:
        """Take in an accepted group."""
        self.mode = self.mode or mode
        self.groups.append(group)
        self._labels.add(group.label)

    def reject(self, item: Rejected, size: int) -> None:
        """Take in what is no group; past `MAX_PIECES` of them they are only counted."""
        if len(self.rejected) < MAX_PIECES:
            self.rejected.append(item)
        self.rejected_bytes += size
        self.reasons[item.reason] += 1

    def drop_prose(self) -> int:
        """Take back the rejections of lines that say no known label, in a text copy; the characters of them."""
        prose = [item for item in self.rejected if item.label is None]
        self.rejected = [item for item in self.rejected if item.label is not None]
        self.reasons.subtract(item.reason for item in prose)
        return sum(len(item.raw) for item in prose)

    def forgive_last(self) -> None:
        """Take back the last rejection: the end of the stream cut that group."""
        self.reasons[self.rejected.pop().reason] -= 1

    def ends_before(self, label: str | None, mode: Mode | None) -> bool:
        """Whether this label can only belong to the next frame: marks can get lost, the order of labels tells."""
        groups = self.groups
        if label is None or (groups and groups[-1].label == label):
            return False  # a group sent twice in a row
        if label in FIRST_LABELS:
            if self.mode is not None and mode not in (None, self.mode):
                return True  # the meter was switched, and its marks got lost
            return label in self._labels or (self._has_body and not self.marked)
        if label in OVERCURRENT_LABELS:
            return self._has_body and not self.marked
        return bool(groups) and groups[0].label == label

    def frame(self, mode: Mode | None, *, ended: bool) -> Frame:
        """The frame as it stands.

        `mode`: the mode of the stream, for a frame that has no group to tell; `ended`: its end was seen.
        """
        said = self.mode or mode or _mode_of_labels(self.rejected)
        return Frame(said, tuple(self.groups), tuple(self.rejected), ended and self.begun, self.offset)

    @property
    def _has_body(self) -> bool:
        return not self._labels <= _HEAD_LABELS


def _mode_of_labels(rejected: list[Rejected]) -> Mode:
    labels = {item.label for item in rejected}
    return Mode.HISTORIC if labels.isdisjoint(KNOWN_LABELS[Mode.STANDARD]) else Mode.STANDARD
