"""From bytes to frames, whatever the chunks, the noise and the recorder did to them."""

import re
from collections import Counter
from typing import Final, Literal, NamedTuple

from linkytui.tic.checksum import checksum
from linkytui.tic.groups import MAX_GROUP, Group, Reason, Rejected, mode_of, parse_group
from linkytui.tic.labels import FIRST_LABELS, LABELS, OVERCURRENT_LABELS, SHORT_FRAME_LABELS, Mode

BAUDRATES: Final = {Mode.HISTORIC: 1200, Mode.STANDARD: 9600}
"""Speed of the line in each mode, in bits per second, 7 bits and even parity (Enedis-NOI-CPT_54E, 5.3.5)."""

MAX_PIECES: Final = 160
"""Groups, or rejected pieces, after which a frame without an end is closed; the longest legal one has 71 groups."""

_STX, _ETX, _EOT = b"\x02", b"\x03", b"\x04"
_TOKEN: Final = re.compile(rb"([^\x02-\x04\n\r]*)([\x02-\x04\n\r])")
_SEVEN_BITS: Final = bytes(code & 0x7F for code in range(256))
_CONTROLS: Final = bytes((*range(0x20), 0x7F))
_LONGEST_FRAME: Final = 4096
"""More bytes than any legal frame has (1,727; Enedis-NOI-CPT_54E, 6.2.2)."""

_REMEMBERED_GROUPS: Final = 4096
# Most groups repeat from frame to frame, so what they were read as is remembered.
_GROUPS: Final[dict[Mode, dict[bytes, Group]]] = {mode: {} for mode in Mode}


class Frame(NamedTuple):
    """The groups between two frame marks (Enedis-NOI-CPT_54E, 5.3.6)."""

    mode: Mode
    groups: tuple[Group, ...]
    """In the order in which they came, doubled ones included."""
    rejected: tuple[Rejected, ...]
    complete: bool
    """Its beginning and its end were both seen. Only a complete frame can say that something is absent."""
    offset: int
    """Position of its first byte in the stream."""

    @property
    def short(self) -> bool:
        """A short frame of a three-phase meter that draws too much: currents only, no register and no power.

        Such a frame may hold no ADIR label at all (the last minute of a burst), so what it lacks tells it.
        Source: Enedis-NOI-CPT_54E, 6.1.2.
        """
        labels = {group.label for group in self.groups}
        return self.mode is Mode.HISTORIC and labels <= SHORT_FRAME_LABELS and not labels <= FIRST_LABELS

    @property
    def tells_absence(self) -> bool:
        """True when a label that this frame lacks is known to be absent, not merely lost or left out."""
        return self.complete and not self.rejected and not self.short and len(self.groups) > 1


class _Draft:
    """A frame that is being read."""

    def __init__(self, offset: int, *, marked: bool, begun: bool) -> None:
        self.offset = offset
        self.marked = marked  # an STX opened it
        self.begun = begun  # its beginning was seen
        self.mode: Mode | None = None
        self.groups: list[Group] = []
        self.rejected: list[Rejected] = []
        self.lost: Counter[Reason] = Counter()  # rejected pieces past the bound
        self.has_body = False  # something other than ADCO, ADSC and ADIR labels

    def ends_before(self, label: str | None) -> bool:
        """Whether this label can only belong to the next frame: marks can get lost, the order of labels tells."""
        seen = [group.label for group in self.groups]
        if label is None or (seen and seen[-1] == label):
            return False  # a group sent twice in a row
        if label in FIRST_LABELS:
            return label in seen or (self.has_body and not self.marked)
        if label in OVERCURRENT_LABELS:
            return self.has_body and not self.marked
        return bool(seen) and seen[0] == label


class FrameReader:
    """Turns a stream of bytes into frames of checked groups. It keeps no more than one frame in memory.

    A bad group costs that group only. A frame ends with ETX; with EOT, by which the meter gives it up; with the STX of
    the next; or, where a recorder swallowed those, with the return of the first label. Bytes before the first frame
    are dropped. Any chunking of the same bytes gives the same frames.

    Attributes:
        accepted: groups accepted so far.
        rejected: groups rejected so far, by reason.
        restored: groups accepted though their space checksum was gone (only with `text`).
        noise: bytes dropped because nothing in them resembled a group.

    Source: Enedis-NOI-CPT_54E, 5.3.6; for EOT, ERDF-NOI-CPT_02E, 1.5.2.
    """

    def __init__(self, mode: Mode | Literal["auto", "historic", "standard"] = "auto", *, text: bool = False) -> None:
        """Start at the beginning of a stream.

        Args:
            mode: accept the groups of one mode only, or (`auto`) of the one that speaks.
            text: the stream is a text copy whose trailing spaces may be gone; a group without its checksum is then
                accepted if that checksum was a space.

        Raises:
            ValueError: the mode is none of the three.
        """
        self.accepted = 0
        self.rejected: Counter[Reason] = Counter()
        self.restored = 0
        self.noise = 0
        self._only = None if mode == "auto" else Mode(mode)
        self._text = text
        self._pending = b""
        self._offset = 0
        self._draft: _Draft | None = None
        self._stx: int | None = None  # an STX whose next byte will tell whether it opens a frame
        self._mode: Mode | None = None
        self._synchronised = False
        self._last_piece_cut = False
        self._done: list[Frame] = []

    def feed(self, chunk: bytes) -> list[Frame]:
        """Take the next bytes and return the frames that they completed, oldest first. Never raises."""
        data = self._pending + chunk.translate(_SEVEN_BITS)
        start = 0
        while (token := _TOKEN.match(data, start)) is not None:
            if self._draft is None and self._stx is None and (end := self._take_whole(data, start)):
                start = end
                continue
            piece, mark = token.groups()
            self._take(piece, mark, self._offset + start)
            start = token.end()
        # What has no end is kept only as far as it takes to know that it is no group.
        rest = data[start:]
        self._pending = rest[: MAX_GROUP + 1]
        self._offset += len(data) - len(self._pending)
        done, self._done = self._done, []
        return done

    @property
    def heard(self) -> tuple[Group, ...]:
        """The groups accepted so far of the frame that is still being read."""
        return tuple(self._draft.groups) if self._draft else ()

    def close(self) -> Frame | None:
        """End the stream and return the frame that the end cut, if there is one.

        A last group without its carriage return is kept when it is right, and is no error when it is cut.
        """
        piece, self._pending = _clean(self._pending), b""
        if piece and self._stx is None:
            item = self._parse(piece)
            if isinstance(item, Group):
                self._keep(item, mode_of(piece), self._offset, boundary=False)
                self._last_piece_cut = False
        draft = self._draft
        if draft and self._last_piece_cut and draft.rejected and draft.rejected[-1].reason == "structure":
            draft.rejected.pop()
        self._finish(ended=False)
        return self._done.pop() if self._done else None

    def _take_whole(self, data: bytes, start: int) -> int:
        """Hand out the frame that stands whole and unharmed at `start`; its end, or 0 when there is none.

        Nearly all frames of a recording are such, and take a fifth of the time that going through the marks takes.
        """
        if not data.startswith(b"\x02\n", start):
            return 0
        last = data.find(b"\r\x03", start, start + _LONGEST_FRAME)
        if last < 0:
            return 0
        pieces = data[start + 2 : last].split(b"\r\n")
        if len(pieces) > MAX_PIECES:
            return 0
        mode = Mode.STANDARD if pieces[0][-2:-1] == b"\t" else Mode.HISTORIC
        if self._only not in (None, mode):
            return 0
        memo = _GROUPS[mode]
        groups: list[Group] = []
        for piece in pieces:
            group = memo.get(piece)
            if group is None:
                item = parse_group(piece)
                if isinstance(item, Rejected) or mode_of(piece) is not mode:
                    return 0
                group = item
                if len(memo) >= _REMEMBERED_GROUPS:
                    memo.clear()
                memo[piece] = group
            groups.append(group)
        if len({group.label for group in groups}) < len(groups):
            return 0
        self._mode = mode
        self._synchronised = True
        self._last_piece_cut = False
        self.accepted += len(groups)
        self._done.append(Frame(mode, tuple(groups), (), complete=True, offset=self._offset + start))
        return last + 2

    def _take(self, piece: bytes, mark: bytes, position: int) -> None:
        """One piece of the stream and the mark that ends it."""
        piece = _clean(piece)
        if self._stx is not None:
            stx, self._stx = self._stx, None
            if not piece and mark in b"\n\r":
                self._finish(ended=True)
                self._draft = _Draft(stx, marked=True, begun=True)
                self._synchronised = True
                return
        good = self._read(piece, position, given_up=mark == _EOT) if piece else True
        if mark == _STX:
            self._stx = position + len(piece)
        elif mark == _EOT:
            self._finish(ended=False)
        elif mark == _ETX and good:
            # An ETX after garbage is more likely garbage itself; the STX that follows a real one ends the frame too.
            self._finish(ended=True)

    def _read(self, piece: bytes, position: int, *, given_up: bool) -> bool:
        """Read one piece as a group; True when it was one."""
        item = self._parse(piece)
        if isinstance(item, Group):
            self._keep(item, mode_of(piece), position)
            return True
        if item.label is None or item.reason == "structure":
            if given_up:
                return False  # the meter stopped in the middle of a group
            if not self._synchronised:
                self.noise += len(piece)
                return False
        self._reject(item, position)
        return False

    def _parse(self, piece: bytes) -> Group | Rejected:
        item = parse_group(piece)
        if isinstance(item, Rejected):
            if self._text and item.reason == "structure" and checksum(piece) == 0x20:
                restored = parse_group(piece + b"  ")
                if isinstance(restored, Group) and restored.label in LABELS[Mode.HISTORIC]:
                    self.restored += 1
                    return restored
            return item
        mode = mode_of(piece)
        return item if self._speaks(mode, item.label) else Rejected(piece.decode("latin-1"), "structure")

    def _speaks(self, mode: Mode, label: str) -> bool:
        """Whether a group of this mode can come now: a mode lasts at least a frame, and only a known label ends it."""
        if self._only is not None:
            return mode is self._only
        if label in FIRST_LABELS or (self._draft is None and label in LABELS[mode]):
            return True
        return mode is ((self._draft and self._draft.mode) or self._mode or mode)

    def _keep(self, group: Group, mode: Mode, position: int, *, boundary: bool = True) -> None:
        draft = self._open(group.label, position) if boundary or self._draft is None else self._draft
        draft.mode = self._mode = draft.mode or mode
        draft.groups.append(group)
        draft.has_body = draft.has_body or group.label not in FIRST_LABELS | OVERCURRENT_LABELS
        self._synchronised = True
        self._last_piece_cut = False
        if len(draft.groups) >= MAX_PIECES:
            self._finish(ended=False)

    def _reject(self, item: Rejected, position: int) -> None:
        draft = self._open(item.label if item.label in FIRST_LABELS else None, position)
        if len(draft.rejected) < MAX_PIECES:
            draft.rejected.append(item)
        else:
            draft.lost[item.reason] += 1
        self._last_piece_cut = True

    def _open(self, label: str | None, position: int) -> _Draft:
        """The frame that this label belongs to: the one being read, or a new one."""
        if self._draft is not None and self._draft.ends_before(label):
            self._finish(ended=True)
        if self._draft is None:
            self._draft = _Draft(position, marked=False, begun=label in FIRST_LABELS)
        return self._draft

    def _finish(self, *, ended: bool) -> None:
        """Hand out the frame being read, unless there is nothing in it that resembles a group."""
        draft, self._draft = self._draft, None
        if draft is None:
            return
        if not draft.groups and all(item.label is None for item in draft.rejected):
            self.noise += sum(len(item.raw) for item in draft.rejected)
            return
        self.accepted += len(draft.groups)
        self.rejected.update(item.reason for item in draft.rejected)
        self.rejected.update(draft.lost)
        mode = draft.mode or self._only or _mode_of_labels(draft.rejected)
        complete = ended and draft.begun
        self._done.append(Frame(mode, tuple(draft.groups), tuple(draft.rejected), complete, draft.offset))


def _clean(piece: bytes) -> bytes:
    """The piece without NULs and without control characters around it: damaged line ends, breaks, stray tabs."""
    if 0 in piece:
        piece = piece.replace(b"\0", b"")
    return piece.strip(_CONTROLS)


def _mode_of_labels(rejected: list[Rejected]) -> Mode:
    labels = {item.label for item in rejected}
    return Mode.STANDARD if any(label in LABELS[Mode.STANDARD] for label in labels) else Mode.HISTORIC
