"""From bytes to frames, whatever chunking, noise or recording tools did to them."""

import re
from collections import Counter
from operator import itemgetter
from typing import Final, Literal

from linkytui.tic.draft import MAX_PIECES, Draft
from linkytui.tic.frames import Frame
from linkytui.tic.groups import MAX_GROUP, TAB, Group, Reason, Rejected, mode_of, parse_group
from linkytui.tic.labels import FIRST_LABELS, KNOWN_LABELS, Mode

_STX, _ETX, _EOT = b"\x02", b"\x03", b"\x04"
_TOKEN: Final = re.compile(rb"([^\x02-\x04\n\r]*+)([\x02-\x04\n\r])")
_SEVEN_BITS: Final = bytes(code & 0x7F for code in range(256))
_CONTROLS: Final = bytes((*range(0x20), 0x7F))
_LONGEST_FRAME: Final = 4096  # more bytes than any legal frame has (1,727; Enedis-NOI-CPT_54E, 6.2.2)

_label_of: Final = itemgetter(0)


class _Memory(dict[bytes, Group]):
    """What pieces of one mode were read as. Most groups repeat from frame to frame, so few are read anew."""

    LIMIT: Final = 4096

    def __init__(self, mode: Mode) -> None:
        super().__init__()
        self._mode = mode

    def __missing__(self, piece: bytes) -> Group:
        item = parse_group(piece)
        if isinstance(item, Rejected) or mode_of(piece) is not self._mode:
            raise KeyError(piece)
        if len(self) >= self.LIMIT:
            self.clear()
        self[piece] = item
        return item


_HISTORIC_GROUPS: Final = _Memory(Mode.HISTORIC)
_STANDARD_GROUPS: Final = _Memory(Mode.STANDARD)


class FrameReader:
    """Turns a stream of bytes into frames of checked groups. It keeps no more than one frame in memory.

    A bad group costs that group only. A frame ends with ETX; with EOT, by which the meter gives it up; with the STX of
    the next; or, where a recorder swallowed those, with the return of the first label. Bytes before the first frame
    are dropped. Any chunking of the same bytes gives the same frames.

    Attributes:
        accepted: groups accepted in the frames handed out so far.
        rejected: groups rejected in them, by reason.
        restored: groups accepted though their space checksum was gone (only with `text`).
        noise: bytes dropped because nothing in them resembled a group.

    Source: Enedis-NOI-CPT_54E, 5.3.6; for EOT, ERDF-NOI-CPT_02E, 1.5.2.
    """

    def __init__(self, mode: Mode | Literal["auto", "historic", "standard"] = "auto", *, text: bool = False) -> None:
        """Start at the beginning of a stream.

        `mode`: accept the groups of one mode only, or (`auto`) of the one that speaks; `text`: until the first frame
        mark comes, take the stream for a text copy, whose trailing spaces may be gone and which may hold prose. A group
        without its checksum is then accepted if that checksum was a space, and lines that are no groups are noise.
        Raises ValueError: the mode is none of the three.
        """
        self.accepted = 0
        self.rejected: Counter[Reason] = Counter()
        self.restored = 0
        self.noise = 0
        self._only = None if mode == "auto" else Mode(mode)
        self._text = text
        self._received = 0  # bytes fed so far
        self._pending = b""  # the piece that has no end yet, without what `_head` takes away
        self._pending_at = 0  # where in the stream it began
        self._draft: Draft | None = None
        self._stx: int | None = None  # an STX whose next byte will tell whether it opens a frame
        self._mode: Mode | None = None
        self._synchronised = False
        self._knows_etx = False  # the recorder did not swallow the ETX
        self._last_piece_bad = False
        self._done: list[Frame] = []

    def feed(self, chunk: bytes) -> list[Frame]:
        """Take the next bytes and return the frames that they completed, oldest first. Never raises."""
        data = self._pending + chunk.translate(_SEVEN_BITS)
        base = self._received - len(self._pending)
        self._received += len(chunk)
        start, piece_at = 0, self._pending_at
        while True:
            if self._draft is None and self._stx is None and (end := self._take_whole_frames(data, start, base)):
                start, piece_at = end, base + end
            token = _TOKEN.match(data, start)
            if token is None:
                break
            piece, mark = token.groups()
            start = token.end()
            self._take(_clean(piece), mark, piece_at, base + start - 1)
            piece_at = base + start
        # What has no end is kept only as far as it takes to know that it is no group.
        self._pending, self._pending_at = _head(data[start:])[: MAX_GROUP + 1], piece_at
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
        if piece:
            item, mode = self._parse(piece)
            if isinstance(item, Group):
                self._draft = self._draft or self._new_draft(item.label, self._pending_at)
                self._draft.add(item, mode)
                self._last_piece_bad = False
        draft = self._draft
        if draft and self._last_piece_bad and draft.rejected and draft.rejected[-1].reason == "structure":
            draft.forgive_last()
        self._finish(ended=False)
        return self._done.pop() if self._done else None

    def _take_whole_frames(self, data: bytes, start: int, base: int) -> int:
        """Hand out the frames that stand whole and unharmed from `start` on; where they end, or 0 if there is none.

        Nearly all frames of a recording are such, and take a tenth of the time that going through the marks takes.
        """
        end = 0
        while data.startswith(b"\x02\n", start):
            last = data.find(b"\r\x03", start, start + _LONGEST_FRAME)
            if last < 0:
                break
            standard = data[last - 2] == TAB
            mode = Mode.STANDARD if standard else Mode.HISTORIC
            if (self._only or self._mode or mode) is not mode:
                break
            memo = _STANDARD_GROUPS if standard else _HISTORIC_GROUPS
            try:
                groups = tuple(map(memo.__getitem__, data[start + 2 : last].split(b"\r\n")))
            except KeyError:
                break
            if len(set(map(_label_of, groups))) < len(groups) or len(groups) > MAX_PIECES:
                break
            self.accepted += len(groups)
            self._mode = mode
            self._done.append(Frame(mode, groups, (), True, base + start))
            start = end = last + 2
        if end:
            self._synchronised = self._knows_etx = True
            self._last_piece_bad = self._text = False
        return end

    def _take(self, piece: bytes, mark: bytes, begin: int, end: int) -> None:
        """One piece of the stream, without what surrounds it, and the mark that ends it; their positions."""
        stx, self._stx = self._stx, None
        if stx is not None and not piece and mark in b"\n\r":
            # An ETX that was lost, in a stream that has them, may have taken groups with it.
            draft = self._draft
            self._text = False
            self._finish(ended=not self._knows_etx or (draft is not None and draft.etx))
            self._draft = Draft(stx, marked=True, begun=True)
            self._synchronised = True
            return
        good = not piece or self._read(piece, begin, end, given_up=mark == _EOT)
        if mark == _STX:
            self._stx = end
        elif mark == _EOT:
            self._finish(ended=False)
        elif mark == _ETX and self._draft is not None:
            if good:
                self._knows_etx, self._text = True, False
                self._finish(ended=True)
            else:
                # An ETX after garbage is more likely garbage itself; the STX that follows a real one ends the frame.
                self._draft.etx = True

    def _read(self, piece: bytes, begin: int, end: int, *, given_up: bool) -> bool:
        """Read one piece as a group; True when it was one."""
        item, mode = self._parse(piece)
        if isinstance(item, Group):
            if not self._synchronised and item.label not in KNOWN_LABELS[mode]:
                self.noise += end - begin
                return False  # the end of a label whose beginning was not seen
            self._open(item.label, mode, begin).add(item, mode)
            self._mode = mode
            self._synchronised = True
            self._last_piece_bad = False
            return True
        if given_up:
            return False  # the meter stopped in the middle of a group
        shapeless = item.label is None or item.reason == "structure"
        if shapeless and not self._synchronised:
            self.noise += end - begin
            return False
        self._open(item.label if item.label in FIRST_LABELS else None, None, begin).reject(item, end - begin)
        self._last_piece_bad = True
        return False

    def _parse(self, piece: bytes) -> tuple[Group | Rejected, Mode]:
        """The piece as a group of the mode that speaks, or why it is none; and the mode of the group."""
        item = parse_group(piece)
        if isinstance(item, Group):
            mode = mode_of(piece)
            return (item if self._speaks(mode, item.label) else Rejected(piece.decode("ascii"), "structure")), mode
        if self._text and item.reason == "structure":
            for mode, tail in ((Mode.HISTORIC, b"  "), (Mode.STANDARD, b"\t ")):
                restored = parse_group(piece.rstrip(b"\t ") + tail)
                if (
                    isinstance(restored, Group)
                    and restored.label in KNOWN_LABELS[mode]
                    and self._speaks(mode, item.label)
                ):
                    self.restored += 1
                    return restored, mode
        return item, Mode.HISTORIC

    def _speaks(self, mode: Mode, label: str | None) -> bool:
        """Whether a group of this mode can come now: a mode lasts at least a frame, and only a known label ends it."""
        if self._only is not None:
            return mode is self._only
        said = self._draft and self._draft.mode
        if label in FIRST_LABELS or (said is None and label in KNOWN_LABELS[mode]):
            return True
        return mode is (said or self._mode or mode)

    def _open(self, label: str | None, mode: Mode | None, position: int) -> Draft:
        """The frame that this label belongs to: the one being read, or a new one."""
        draft = self._draft
        if draft is not None and draft.ends_before(label, mode):
            self._finish(ended=not self._knows_etx)
        elif draft is not None and draft.full:
            self._finish(ended=False)
        self._draft = self._draft or self._new_draft(label, position)
        return self._draft

    @staticmethod
    def _new_draft(label: str | None, position: int) -> Draft:
        return Draft(position, marked=False, begun=label in FIRST_LABELS)

    def _finish(self, *, ended: bool) -> None:
        """Hand out the frame being read, unless there is nothing in it that resembles a group."""
        draft, self._draft = self._draft, None
        if draft is None:
            return
        if draft.worthless:
            self.noise += draft.rejected_bytes
            return
        if self._text:
            self.noise += draft.drop_prose()
        self.accepted += len(draft.groups)
        self.rejected += draft.reasons
        self._done.append(draft.frame(self._only or self._mode, ended=ended))


def _head(piece: bytes) -> bytes:
    """The piece without NULs and without control characters before it: damaged line ends, breaks."""
    if 0 in piece:
        piece = piece.translate(None, b"\0")
    return piece.lstrip(_CONTROLS)


def _clean(piece: bytes) -> bytes:
    """The piece without NULs and without control characters around it; what is too long to be a group as it stands."""
    piece = _head(piece)
    return piece if len(piece) > MAX_GROUP else piece.rstrip(_CONTROLS)
