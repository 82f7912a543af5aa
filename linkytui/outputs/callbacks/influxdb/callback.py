"""The InfluxDB callback: live values at once, the rest from the history, prices and hourly means each minute."""

import logging
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import tzinfo
from functools import partial
from pathlib import Path
from typing import Any, Final

import msgspec

from linkytui.civil.days import HOUR
from linkytui.civil.times import Timestamp
from linkytui.errors import HistoryError
from linkytui.line.relay.report import Delivery
from linkytui.link import Link
from linkytui.outputs.callbacks.base import Callback
from linkytui.outputs.callbacks.influxdb.address import InfluxAddress
from linkytui.outputs.callbacks.influxdb.backlog import RETENTION_MARGIN, BacklogSender
from linkytui.outputs.callbacks.influxdb.client import InfluxClient
from linkytui.outputs.callbacks.influxdb.lines import Point
from linkytui.outputs.callbacks.influxdb.points import (
    WEEK,
    LabelPoints,
    PriceFeed,
    StatePoints,
    link_point,
    linky_point,
    price_point,
)
from linkytui.outputs.callbacks.influxdb.refused import RefusedPoints
from linkytui.outputs.callbacks.influxdb.resending import Resending
from linkytui.outputs.callbacks.influxdb.schema import IN_THE_STATEMENT, only_takes, prepare, roll_up
from linkytui.outputs.callbacks.influxdb.trouble import InfluxError, Trouble
from linkytui.outputs.callbacks.influxdb.writing import Written, write_all
from linkytui.outputs.callbacks.samples import MemoryLog, SampleLog
from linkytui.reading.contracts import Contract
from linkytui.reading.model import Reading
from linkytui.tic.frames import Frame

log = logging.getLogger("linkytui.callbacks")

_MINUTE: Final = 60.0
_FIRST_RETRY: Final = 1.0
_LAST_RETRY: Final = 60.0
_HOURS_AT_ONCE: Final = 24
_LIVE_KEPT: Final = 600
_TAKEN_KEPT: Final = 10_000  # longer than the history takes to repeat what was sent live
_LOOK_AFTER: Final = 5.0  # seconds between two looks into the history, which is written every ten seconds

_PRICES_AFTER: Final = 3.0  # seconds between two looks for prices while none are known

_COUNT_AFTER: Final = 10.0  # seconds between two counts of what waits while the server is left alone


class InfluxDBCallback(Callback):
    """Writes what linkypy wrote, where linkypy wrote it.

    A point goes out twice: at once, so that Grafana shows it, and from the log, which knows what the server has really
    got. Both are the same point at the same second, and InfluxDB keeps it once.
    """

    def __init__(
        self,
        address: InfluxAddress,
        *,
        samples: SampleLog | None,
        zone: tzinfo,
        prices: PriceFeed | None = None,
        all_labels: bool = False,
        clock: Callable[[], Timestamp] = time.time,
        connect: Callable[[InfluxAddress], InfluxClient] = InfluxClient,
        refused: Path | None = None,
    ) -> None:
        """Nothing is sent before the first frame or `idle`.

        `samples`: the history's raw samples, None keeps the last hours in memory instead; `prices`: what the month
        costs, None writes no prices; `all_labels`: also write every label and the link's counters, to measurements of
        their own; `refused`: file that keeps what the server refuses, None keeps it in memory.
        """
        self._address = address
        self._zone = zone
        self._prices = prices
        self._clock = clock
        self._connect = connect
        self._memory: MemoryLog | None = None
        if samples is None:
            samples = self._memory = MemoryLog()
        self._backlog = BacklogSender(samples, zone)
        self._labels = LabelPoints() if all_labels else None
        self._states = StatePoints()
        self._live: deque[Point] = deque(maxlen=_LIVE_KEPT)
        self._more: deque[Point] = deque(maxlen=_LIVE_KEPT)
        self._registers: dict[str, int] = {}
        self._of: tuple[str | None, Contract | None] = (None, None)
        self._client: InfluxClient | None = None
        self._hours: set[int] = set()
        self._hours_at_once = _HOURS_AT_ONCE
        self._minute: float | None = None
        self._looked_at: float | None = None
        self._link_state: tuple[object, float] = (None, 0.0)
        self._counted_at = 0.0
        self._retry_at = 0.0
        self._retry_after = _FIRST_RETRY
        self._drop = False
        self._only_takes = False  # the server keeps a sample that comes twice twice
        self._taken: dict[int, None] = {}  # the moments that such a server has got, oldest first
        self._refused = Resending(RefusedPoints(f"{address.place}/{address.database}", refused))
        self._prices_at = 0.0
        self._priced = False  # prices were sent since the start
        self._price_trouble: str | None = None
        self.trouble: InfluxError | None = None  # what `delivery.error` tells, with its kind
        self.delivery = Delivery()  # how it fares; replaced as a whole, so that any thread may look at it

    def reading(self, reading: Reading, frame: Frame) -> None:
        """Make the points of a frame; `idle` sends them."""
        meter = (reading.meter_id or self._of[0], reading.contract or self._of[1])
        if meter != self._of:
            self._registers.clear()
            self._states = StatePoints()
            self._of = meter
        self._registers.update(reading.registers)
        if reading.power is not None:
            self._live.append(linky_point(reading.at, reading.power, self._registers, self._zone))
            if self._memory is not None:
                self._memory.add(reading.at, reading.power, self._registers)
        if self._labels is not None:
            points = self._labels.point(frame, reading.at), self._states.point(reading, self._registers)
            self._more.extend(point for point in points if point is not None)

    def link(self, link: Link) -> None:
        """Note the line's counters, each minute and when its state changes."""
        state, noted_at = self._link_state
        now = self._clock()
        if self._labels is not None and (link.state is not state or not 0 <= now - noted_at < _MINUTE):
            self._link_state = link.state, now
            self._more.append(link_point(link, now))

    def drop_backlog(self) -> None:
        """Let go of what waits to be sent, at the next occasion. May be called from any thread."""
        self._drop = True

    def send_again(self) -> None:
        """Send at the next occasion what the server refused, or could not take. May be called from any thread."""
        self._retry_at = 0.0
        self._refused.now()

    def idle(self) -> float:
        """Send what there is; seconds after which there may be more."""
        now = self._clock()
        if self._drop:
            self._drop = False
            self._let_go(now)
        if 0 < self._retry_at - now <= _LAST_RETRY:
            if not 0 <= now - self._counted_at < _COUNT_AFTER:
                self._count(now)
            return 1.0
        try:
            more = self._deliver(now)
        except InfluxError as error:
            self._failed(error, now)
            return 1.0
        self._retry_after = _FIRST_RETRY
        self.trouble = None
        self._note(connected=True, error=None, error_at=None)
        return 0.0 if more else 1.0

    def close(self) -> None:
        """Send the last values and close the connection."""
        if self.delivery.connected:
            self.idle()
        if self._client is not None:
            self._client.close()
        self._refused.close()

    def _let_go(self, now: Timestamp) -> None:
        """Drop what waits: the backlog, and the live values that could not be sent."""
        waited = self.delivery.waiting
        self._looked_at = None
        self._live.clear()
        self._more.clear()
        self._refused.clear()
        with self._history():
            self._backlog.drop()
        self._count(now)
        log.warning("InfluxDB: what waited is dropped, %d samples", waited)

    def _deliver(self, now: Timestamp) -> bool:
        """Live values, prices, a batch of the backlog, one of what was refused, a day of hourly means; whether there is
        more.
        """
        if self._client is None:
            self._client = self._prepared(now)
        client = self._client
        if self._live:
            self._write_once(client, tuple(self._live))
            self._live.clear()
        self._send(client, self._more)
        if self._minute is None or not 0 <= now - self._minute < _MINUTE:
            self._minute = now
            self._hours |= {int(now) // HOUR * HOUR, (int(now) // HOUR - 1) * HOUR}
            self._send_prices(client, now)
        elif not self._priced and not 0 <= now - self._prices_at < _PRICES_AFTER:
            self._send_prices(client, now)
        return self._send_backlog(client, now) or self._send_refused(client, now) or self._roll_up(client)

    def _send_refused(self, client: InfluxClient, now: Timestamp) -> bool:
        """Send a batch of what the server refused before, if it is time; whether there is more."""
        try:
            more, taken = self._refused.step(client, now)
        finally:
            self._note_refused()
        self._took(taken)
        self._note(too_old=self.delivery.too_old + self._refused.expired())
        return more

    def _send_backlog(self, client: InfluxClient, now: Timestamp) -> bool:
        """Send a batch, if it is time to look for one; whether there is more."""
        if self._looked_at is not None and 0 <= now - self._looked_at < _LOOK_AFTER:
            return False
        sent = None
        with self._history():
            sent = self._backlog.send(partial(self._write_once, client), now)
        if sent is None or not sent.more:
            self._looked_at = now
        if sent is not None:
            self._hours |= sent.hours
            self._note(sent=self.delivery.sent + sent.samples, too_old=self.delivery.too_old + sent.too_old)
        self._count(now)
        return sent is not None and sent.more

    @contextmanager
    def _history(self) -> Iterator[None]:
        """Around what reads the history: when it cannot be read, live values are sent all the same."""
        try:
            yield
        except HistoryError as error:
            if self.delivery.unreadable != (text := str(error)):
                log.warning("InfluxDB gets live values only: %s", text)
                self._note(unreadable=text)
        else:
            if self.delivery.unreadable is not None:
                self._note(unreadable=None)

    def _prepared(self, now: Timestamp) -> InfluxClient:
        """A connection to a database that has what is needed. The week's means are looked after once."""
        client = self._connect(self._address)
        self._note(remarks=prepare(client))
        self._only_takes = only_takes(client)
        log.info("InfluxDB at %s: ready", self._address.place)
        oldest = int(now - WEEK + RETENTION_MARGIN) // HOUR * HOUR + HOUR
        self._hours |= set(range(oldest, int(now), HOUR))
        return client

    def _send(self, client: InfluxClient, points: deque[Point]) -> None:
        """Write all of these points and forget them; they stay when the server cannot take them now."""
        if points:
            self._write(client, tuple(points))
            points.clear()

    def _write(self, client: InfluxClient, points: Sequence[Point]) -> Written:
        """Write points; those that the server refuses are kept and told of."""
        written = write_all(client, points)
        if written.refused:
            self._refused.keep(written.refused, written.words)
            self._note_refused()
        return written

    def _write_once(self, client: InfluxClient, points: Sequence[Point]) -> Written:
        """Write points of samples: those that the history repeats a second time only where the server keeps one."""
        if not self._only_takes:
            return self._write(client, points)
        new = {point["time"]: point for point in points if point["time"] not in self._taken}
        written = self._write(client, tuple(new.values()))
        self._taken.update(dict.fromkeys(point["time"] for point in written.taken))
        for old in list(self._taken)[:-_TAKEN_KEPT]:
            del self._taken[old]
        return written

    def _took(self, points: Sequence[Point]) -> None:
        """The server took points that it had refused: they count as sent, and in the means of their hours."""
        self._hours |= {point["time"] // HOUR * HOUR for point in points}
        samples = sum(point["measurement"] == "linky" for point in points)
        self._note(sent=self.delivery.sent + samples)

    def _note_refused(self) -> None:
        self._note(refused=self._refused.words, refused_points=self._refused.count)

    def _send_prices(self, client: InfluxClient, now: Timestamp) -> None:
        if self._prices is None:
            return
        self._prices_at = now
        try:
            costs = self._prices.costs(now)
        except Exception as error:
            # Whatever the bill stumbles over must not keep the meter's values back.
            if self._price_trouble != (text := f"{type(error).__name__}: {error}"):
                self._price_trouble = text
                log.warning("no prices for InfluxDB: %s", text)
            return
        self._send(client, deque(price_point(cost, now, self._zone) for cost in costs))
        if costs and not self._priced:
            self._priced = True
            self._hours.add(int(now) // HOUR * HOUR)  # a dashboard reads the hourly ones

    def _roll_up(self, client: InfluxClient) -> bool:
        """Write the means of some hours that are due; whether more are."""
        if self._only_takes:
            self._hours = set()
        if not self._hours:
            return False
        first = min(self._hours)
        due = {hour for hour in self._hours if hour < first + self._hours_at_once * HOUR}
        try:
            roll_up(client, first, max(due) + HOUR)
        except InfluxError as error:
            if error.kind is Trouble.TIMEOUT:
                # Too much for a small server: less the next time, so that live values need not wait for it again.
                self._hours_at_once = max(1, self._hours_at_once // 4)
            if error.kind not in IN_THE_STATEMENT:
                raise
            due = self._hours
            if (text := str(error)) not in self.delivery.remarks:
                self._note(remarks=(*self.delivery.remarks, text))
        self._hours = self._hours - due
        return bool(self._hours)

    def _count(self, now: Timestamp) -> None:
        self._counted_at = now
        with self._history():
            waiting = self._backlog.waiting(now)
            self._note(waiting=waiting.samples, oldest_at=waiting.oldest_at)

    def _failed(self, error: InfluxError, now: Timestamp) -> None:
        """Remember the trouble, and leave the server alone for a while."""
        known, self.trouble = self.trouble, error
        if known is None or known.kind is not error.kind:
            log.warning("%s", error)
        began_at = now if known is None else self.delivery.error_at
        self._note(connected=False, error=str(error), error_at=began_at)
        self._count(now)
        self._retry_at = now + self._retry_after
        self._retry_after = min(self._retry_after * 2, _LAST_RETRY)
        if error.kind in (Trouble.DATABASE, Trouble.POLICY) and self._client is not None:
            # Somebody removed what was there: make it again.
            self._client.close()
            self._client = None

    def _note(self, **changes: Any) -> None:
        self.delivery = msgspec.structs.replace(self.delivery, **changes)
