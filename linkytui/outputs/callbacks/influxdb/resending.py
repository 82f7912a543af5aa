"""Sends again what InfluxDB refused: every few minutes a part of each day's points, and the rest if that is taken."""

import logging
from collections import deque
from collections.abc import Sequence
from typing import Final

from linkytui.civil.times import Timestamp
from linkytui.i18n import _
from linkytui.outputs.callbacks.influxdb.client import InfluxClient
from linkytui.outputs.callbacks.influxdb.lines import Point
from linkytui.outputs.callbacks.influxdb.refused import RefusedPoints, Shard
from linkytui.outputs.callbacks.influxdb.writing import write_all

log = logging.getLogger("linkytui.callbacks")

_EVERY: Final = 180.0  # seconds between two rounds
_AT_ONCE: Final = 1_000  # points
_EXPIRE_EVERY: Final = 3_600.0  # seconds


class Resending:
    """What was refused, and when it is tried again. For one thread, but for `now`."""

    def __init__(self, points: RefusedPoints) -> None:
        """Nothing is opened yet."""
        self._points = points
        self._round: deque[Shard] = deque()
        self._began_at: float | None = None  # the last round
        self._expired_at: float | None = None
        self._expired = 0
        self._wanted = False
        self._told = False  # in the log

    @property
    def count(self) -> int:
        """Points that are kept."""
        return self._points.count

    @property
    def words(self) -> str | None:
        """Why the server refuses them; None while there are none."""
        return self._points.words

    def keep(self, points: Sequence[Point], words: str) -> None:
        """Keep points that were refused just now. Told once, until the server took them all."""
        self._points.add(points, words)
        if not self._told:
            self._told = True
            text = _("InfluxDB rejects the data: {reason}").format(reason=words)
            log.warning("%s; what it refuses is kept for seven days and sent again every few minutes", text)

    def now(self) -> None:
        """Begin a round at the next step. May be called from any thread."""
        self._wanted = True

    def clear(self) -> None:
        """Forget all."""
        self._points.clear()
        self._round.clear()

    def close(self) -> None:
        """Close the file."""
        self._points.close()

    def expired(self) -> int:
        """How many were given up for their age since the last call."""
        gone, self._expired = self._expired, 0
        return gone

    def step(self, client: InfluxClient, now: Timestamp) -> tuple[bool, list[Point]]:
        """Send a batch, if it is time: whether there is more to send now, and what was taken.

        Raises InfluxError: the server cannot take anything now; what was not sent is kept.
        """
        if self._expired_at is None or not 0 <= now - self._expired_at < _EXPIRE_EVERY:
            self._points.open()
            self._expired_at = now
            self._expired += self._points.expire(now)
        if self._wanted or self._began_at is None or not 0 <= now - self._began_at < _EVERY:
            if self._wanted:
                self._points.rewind()
            self._wanted = False
            self._began_at = now
            self._round = deque(self._points.shards)
        if not self._round:
            return False, []
        taken = self._send_some(client, self._round[0])
        if not self._points.count and taken:
            self._told = False
            log.info("InfluxDB took all that it had refused")
        return bool(self._round), taken

    def _send_some(self, client: InfluxClient, shard: Shard) -> list[Point]:
        points = self._points.some(shard, _AT_ONCE)
        written = write_all(client, points)
        if written.words:
            self._points.add(written.refused, written.words)
        kept = {id(point) for point in written.refused}
        self._points.remove([point for point in points if id(point) not in kept])  # taken, or too old by now
        self._expired += written.too_old
        if not written.taken:
            # Refused all the same: the rest of this day would be, too. Other points of it have their turn next time.
            self._round.popleft()
        return written.taken
