"""How a meter speaks: learned from its frames, so that nobody need wake for each pair of bytes in the middle of one."""

from collections import deque
from typing import Final

from linkytui.civil.times import Monotonic

_PACES: Final = 8  # frames by whose pace it goes
_SIZES: Final = 100  # frames by whose size it goes
_ENOUGH: Final = 3  # frames after which the rhythm is known

_EARLY: Final = 0.03
"""Seconds before the earliest end of a frame from which on its bytes are read as they come."""

_LONGEST: Final = 0.4
"""Seconds of rest at most: that soon, some drivers being silent about it, one hears that the port is gone."""

_FIRST: Final = 0.2
"""Seconds of rest at most before the first label is known: a short frame (Enedis-NOI-CPT_54E, 6.1.2) takes longer."""

_SHORTEST: Final = 0.02  # seconds for which it is worth resting

_BEGINNING: Final = 7
"""Bytes by which a frame is known: STX, LF and the first label, which is another one in short frames."""

_STX: Final = (0x02, 0x82)  # without and with the parity that some lines leave on
_ETX: Final = (b"\x03", b"\x83")


class FrameRhythm:
    """Hears the bytes of a line and foretells when nothing but the middle of a frame can come.

    It errs on the early side: it goes by the shortest and the quickest of the last frames, says nothing where frames
    come whole or begin otherwise, and learns anew once a frame has ended earlier than foretold.
    """

    def __init__(self) -> None:
        self._paces: deque[float] = deque(maxlen=_PACES)  # bytes a second, from a frame's beginning to its end
        self._sizes: deque[int] = deque(maxlen=_SIZES)  # bytes
        self._usual = b""  # how the last frames began
        self._beginning = b""
        self._size = 0  # bytes of the frame that has begun
        self._begun: Monotonic = 0.0
        self._piece = 0  # bytes that came first of it: as many may come at once at its end
        self._rested = False

    def hear(self, data: bytes, now: Monotonic) -> None:
        """Bytes came. `data`: not empty."""
        first, last = _ends(data)
        if first < 0:
            self._begin_or_go_on(data, now)
        else:
            self._end(self._size + first + 1, now, alone=first == last)
            self._size, self._beginning = 0, b""
            if rest := data[last + 1 :]:
                self._begin_or_go_on(rest, now)
        self._rested = False

    def rest(self, now: Monotonic) -> float:
        """Seconds for which no frame can end; 0 where that is not known. The next bytes are heard after them."""
        known = self._beginning
        if len(self._paces) < _ENOUGH or not self._size or not self._usual.startswith(known):
            return 0.0
        pace, size = max(self._paces), min(self._sizes) - self._piece
        rest = min((size - self._size) / pace, self._begun + size / pace - now) - _EARLY
        if rest < _SHORTEST:
            return 0.0
        self._rested = True
        return min(rest, _LONGEST if len(known) == _BEGINNING else _FIRST)

    def _begin_or_go_on(self, data: bytes, now: Monotonic) -> None:
        if not self._size:
            self._begun, self._piece = now, len(data)
        self._size += len(data)
        if (missing := _BEGINNING - len(self._beginning)) > 0:
            self._beginning += data[:missing]

    def _end(self, size: int, now: Monotonic, *, alone: bool) -> None:
        """A frame has ended. `alone`: no other ended in the same piece."""
        if not self._size or not alone or self._beginning[0] not in _STX:
            self._paces.clear()
            return
        if self._beginning != self._usual:
            self._usual = self._beginning
            self._paces.clear()
            self._sizes.clear()
        self._sizes.append(size)
        if self._rested:
            self._paces.clear()  # it ended while nobody looked, so one does not know when
        elif now > self._begun:
            self._paces.append(size / (now - self._begun))


def _ends(data: bytes) -> tuple[int, int]:
    """Where the first and the last frame end in a piece; -1 where none does."""
    found = [place for mark in _ETX for place in (data.find(mark), data.rfind(mark)) if place >= 0]
    return (min(found), max(found)) if found else (-1, -1)
