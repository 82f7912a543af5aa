"""The state of an open line, derived from when bytes and valid frames came."""

from linkytui.civil.times import Monotonic
from linkytui.link import NOISE_AFTER, SILENT_AFTER, STALE_AFTER, LinkState


class LineWatch:
    """Told of each thing that happens to the line."""

    def __init__(self) -> None:
        self._opened = 0.0
        self._last_byte: Monotonic | None = None
        self._last_good: Monotonic | None = None
        self._bad_since: Monotonic | None = None  # the first byte since the last good frame

    def opened(self, now: Monotonic) -> None:
        """The source was opened, again or for the first time."""
        self._opened = now
        self._last_byte = self._last_good = self._bad_since = None

    def bytes_came(self, now: Monotonic) -> None:
        """Bytes came, good or bad."""
        if self._bad_since is None or (self._last_byte is not None and now - self._last_byte >= SILENT_AFTER):
            self._bad_since = now
        self._last_byte = now

    def good_frame(self, now: Monotonic) -> None:
        """A frame came with at least one good group of a known label."""
        self._last_good = now
        self._bad_since = None

    def state(self, now: Monotonic) -> LinkState:
        """What the line does now: WAITING, LIVE, STALE, SILENT or NOISE."""
        if self._last_good is not None and now - self._last_good < STALE_AFTER:
            return LinkState.LIVE
        last_byte = self._opened if self._last_byte is None else self._last_byte
        if now - last_byte >= SILENT_AFTER:
            return LinkState.SILENT
        if self._bad_since is not None and last_byte - self._bad_since >= NOISE_AFTER:
            return LinkState.NOISE
        return LinkState.WAITING if self._last_good is None else LinkState.STALE
