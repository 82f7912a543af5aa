"""The backlog: samples InfluxDB does not have yet, sent in order and in batches behind a persistent cursor."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Final

from linkytui.civil.days import HOUR
from linkytui.civil.times import Timestamp
from linkytui.history.results import Backlog
from linkytui.outputs.callbacks.influxdb.lines import Point
from linkytui.outputs.callbacks.influxdb.points import WEEK, linky_point
from linkytui.outputs.callbacks.influxdb.writing import Written
from linkytui.outputs.callbacks.samples import LogReader, SampleLog

READER: Final = "influxdb"  # the cursor's name in the store

SENT_AT_ONCE: Final = 2_000  # samples in one request: almost an hour of historic mode, some 250 kB

RETENTION_MARGIN: Final = 120  # seconds left to the server's retention policy, whose clock is not ours


@dataclass(frozen=True, slots=True)
class Sent:
    """What one batch came to."""

    samples: int  # written
    too_old: int  # left out, or refused by the server for their age
    hours: frozenset[int]  # the full hours, in seconds since 1970, in which the written samples lie
    more: bool  # the batch was full: there is probably more


class BacklogSender:
    """Sends the log, once and in order.

    The cursor moves only after the server took a batch. Between the two, a kill makes the same batch go out again:
    the same points at the same times, which InfluxDB keeps once.
    """

    def __init__(self, log: SampleLog, zone: tzinfo, *, batch: int = SENT_AT_ONCE) -> None:
        """Read the log as its reader `influxdb`."""
        self._log = LogReader(log, READER)
        self._zone = zone
        self._batch = batch

    def send(self, write: Callable[[Sequence[Point]], Written], now: Timestamp) -> Sent | None:
        """Send one batch; None when there was nothing to send.

        `write`: writes points, and keeps those that the server refuses; `now`: seconds since 1970, what is older than
        seven days is left out. Raises InfluxError: it could not be sent, the cursor has not moved.
        """
        oldest = _oldest(now)
        samples = self._log.read(self._batch, oldest)
        if not samples:
            return None
        fresh = [(sample.at, sample.power, sample.registers) for sample in samples if sample.at >= oldest]
        too_old = len(samples) - len(fresh)
        written = write([linky_point(at, power, said, self._zone) for at, power, said in fresh if power is not None])
        self._log.move(samples[-1].cursor)
        hours = frozenset(point["time"] // HOUR * HOUR for point in written.taken)
        return Sent(len(written.taken), too_old + written.too_old, hours, more=len(samples) == self._batch)

    def drop(self) -> None:
        """Let go of all that waits."""
        self._log.drop()

    def waiting(self, now: Timestamp) -> Backlog:
        """How much there is to send."""
        return self._log.waiting(_oldest(now))


def _oldest(now: Timestamp) -> Timestamp:
    """The oldest moment that InfluxDB still takes, and so the one to begin with at the very first start."""
    return now - WEEK + RETENTION_MARGIN
