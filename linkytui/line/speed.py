"""Finds the meter's speed by trying both, again when Enedis switches its mode."""

from typing import Final

from linkytui.civil.times import Monotonic
from linkytui.tic.frames import BAUDRATES
from linkytui.tic.labels import Mode

TRY_FOR: Final = 1.5
"""Seconds of bytes without a good group after which the other speed is tried.

The slowest whole group takes 0.2 s (1,200 baud, with the silences allowed), so a clean line shows several."""

SEARCH_AGAIN_AFTER: Final = 5.0
"""Seconds of bytes without a good group after which a speed that was right may no longer be."""


class SpeedSearch:
    """Decides on good groups, never on bytes: at the wrong speed those come too."""

    def __init__(self, baudrate: int) -> None:
        """Args: baudrate: the speed to begin with, bits per second."""
        self.baudrate = baudrate
        self.found = False  # good groups came at this speed and have not stopped coming
        self._bad_since: float | None = None

    def good(self) -> None:
        """A good group came."""
        self.found = True
        self._bad_since = None

    def bad(self, now: Monotonic) -> int | None:
        """Bytes came without a good group; the speed to change to, if it is time for that."""
        if self._bad_since is None:
            self._bad_since = now
        if now - self._bad_since < (SEARCH_AGAIN_AFTER if self.found else TRY_FOR):
            return None
        self.restart()
        slow, fast = BAUDRATES[Mode.HISTORIC], BAUDRATES[Mode.STANDARD]
        self.baudrate = fast if self.baudrate == slow else slow
        return self.baudrate

    def restart(self) -> None:
        """The port was opened anew: begin with the last speed, and trust it no longer than any other."""
        self.found = False
        self._bad_since = None
