"""The upstream callback: the history, sent by MQTT 5 until a sink says that the database has it."""

import logging
import secrets
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

import msgspec

from linkytui.civil.times import Monotonic, Timestamp
from linkytui.errors import HistoryError
from linkytui.i18n import _, ngettext, number
from linkytui.line.relay.report import Delivery
from linkytui.link import Link
from linkytui.outputs.callbacks.base import Callback
from linkytui.outputs.callbacks.mqtt.session import BrokerAddress, Session, Wishes
from linkytui.outputs.callbacks.samples import LoggedSample, LogReader, MemoryLog, SampleLog
from linkytui.outputs.callbacks.upstream.batch import MOST_SAMPLES, Batch, Decoder, Form, Receipt, encode, wire_samples
from linkytui.outputs.callbacks.upstream.live import LastKnown, Today
from linkytui.outputs.callbacks.upstream.topics import LIVE, RECEIPTS, SAMPLES, Source, level, topic
from linkytui.outputs.callbacks.upstream.window import UnderWay, Window
from linkytui.reading.model import Reading
from linkytui.tic.frames import Frame

if TYPE_CHECKING:
    from paho.mqtt.client import MQTTMessage

log = logging.getLogger("linkytui.callbacks")

READER: Final = "upstream"  # the cursor's name in the store

_GLANCE: Final = 0.5  # seconds between two looks at what the broker and the sinks say
_HEARD_KEPT: Final = 1_000  # answers that wait to be looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Upstream:
    """Where to, and as whom."""

    broker: BrokerAddress
    base: str
    site: str
    meter: str | None = None  # None: by its number
    interval: float = 10.0  # seconds between two batches
    form: Form = "msgpack"


class UpstreamCallback(Callback):
    """Sends the log in batches, and again what got no receipt; the log's cursor follows the receipts alone."""

    def __init__(
        self,
        upstream: Upstream,
        *,
        samples: SampleLog | None,
        today: Callable[[Timestamp], Today] = lambda _now: Today(),
        clock: Callable[[], Monotonic] = time.monotonic,
        connect: Callable[..., Session] = Session,
    ) -> None:
        """Nothing is sent before the first `idle`. `samples`: None keeps the last hours in memory instead;
        `today`: what the day came to.
        """
        self._upstream = upstream
        self._today = today
        self._last = LastKnown(upstream.interval)
        self._said_at: Monotonic | None = None
        self._clock = clock
        self._connect = connect
        self._memory = MemoryLog() if samples is None else None
        self._log = LogReader(samples if samples is not None else self._memory or MemoryLog(), READER)
        self._window = Window()
        self._session: Session | None = None
        self._run = secrets.token_hex(6)  # names of batches are never used twice
        self._made = 0
        self._looked_at: Monotonic | None = None
        self._more = False  # the log held more than was read
        self._drop = False
        self._registers: dict[str, int] = {}
        self._reader = Decoder(Receipt)
        # The network's thread fills these, `idle` empties them.
        self._answers: deque[tuple[int, int]] = deque(maxlen=_HEARD_KEPT)
        self._receipts: deque[bytes] = deque(maxlen=_HEARD_KEPT)
        self.delivery = Delivery()  # how it fares; replaced as a whole, so that any thread may look at it

    def reading(self, reading: Reading, frame: Frame) -> None:  # noqa: ARG002 -- the interface's
        """Remember what is said last, and keep a frame where there is no history to read it from."""
        before = self._last.number
        self._last.hear(reading)
        if self._memory is not None:
            if self._last.number != before:
                self._registers.clear()
            self._registers.update(reading.registers)
            if reading.injected is not None:
                self._registers["INJECTED"] = reading.injected
            self._memory.add(
                reading.at,
                reading.power,
                self._registers,
                injected_power=reading.injected_power,
                period=reading.period,
                meter=self._last.number or "",
            )

    def link(self, link: Link) -> None:
        """Say at once that the line does otherwise."""
        if self._last.link(link):
            self._said_at = None

    def drop_backlog(self) -> None:
        """Let go of what waits to be sent, at the next occasion. May be called from any thread."""
        self._drop = True

    def idle(self) -> float:
        """Hear what was said, send what is due; seconds after which there may be more."""
        now = self._clock()
        with self._history():
            self._listen(now)
            if self._drop:
                self._drop = False
                self._window.clear()
                self._log.drop()
            if self._looked_at is None or now - self._looked_at >= self._upstream.interval:
                self._looked_at = now
                self._read()
                waiting = self._log.waiting()
                self._note(waiting=waiting.samples, oldest_at=waiting.oldest_at)
            elif self._more and self._window.room:
                self._read()
        self._send(now)
        self._say(now)
        self._tell()
        return _GLANCE

    def close(self) -> None:
        """Hear the last receipts, and go; what waits is sent at the next start."""
        with self._history():
            self._listen(self._clock())
        if self._session is not None:
            self._session.close()
            self._session = None

    def _listen(self, now: Monotonic) -> None:
        """What the broker and the sinks said since, and how far all is received."""
        while self._answers:
            self._window.answered(*self._answers.popleft(), now)
        received = 0
        while self._receipts:
            received += self._received(self._receipts.popleft())
        if received:
            self._note(sent=self.delivery.sent + received)
        if (cursor := self._window.done()) is not None:
            self._log.move(cursor)

    def _received(self, payload: bytes) -> int:
        try:
            receipt: Receipt = self._reader.decode(payload)
        except ValueError:
            log.warning("upstream: a receipt that cannot be read")
            return 0
        samples = self._window.receive(receipt.batches)
        if receipt.refused is not None and samples:
            words = ngettext(
                "{count} sample was refused for good: {reason}",
                "{count} samples were refused for good: {reason}",
                samples,
            ).format(count=number(samples), reason=receipt.refused)
            if words not in self.delivery.remarks:
                log.warning("upstream: %s", words)
                self._note(remarks=(*self.delivery.remarks[-4:], words))
            return 0
        return samples

    def _read(self) -> None:
        """Make batches of what is new in the log, as long as there is room for them."""
        self._more = True
        while self._more and self._window.room:
            samples = self._log.read(MOST_SAMPLES, after=self._window.end)
            if samples is None:
                self._window.clear()
                continue
            self._more = len(samples) == MOST_SAMPLES
            for meter, group in groupby(samples, lambda sample: sample.meter):
                self._add(meter, list(group))

    def _add(self, meter: str, samples: Sequence[LoggedSample]) -> None:
        source = self._source(meter)
        session = self._session_for(source)
        session.hear(topic(self._upstream.base, source, RECEIPTS))
        self._made += 1
        name = f"{self._run}-{self._made}"
        batch = Batch(batch=name, samples=list(wire_samples(samples)))
        self._window.add(
            UnderWay(
                name=name,
                topic=topic(self._upstream.base, source, SAMPLES),
                payload=encode(batch, self._upstream.form),
                cursor=samples[-1].cursor,
                samples=len(samples),
            )
        )

    def _source(self, number: str) -> Source:
        return Source(self._upstream.site, level(self._upstream.meter or number, "meter"))

    def _session_for(self, source: Source) -> Session:
        """The one connection, under a name that the broker knows again, begun when the meter is known."""
        if self._session is None:
            self._session = self._connect(
                self._upstream.broker,
                Wishes(client_id=f"linkytui-{source.site}-{source.meter}"),
                heard=self._heard,
                taken=lambda number, reason: self._answers.append((number, reason)),
            )
        return self._session

    def _heard(self, message: "MQTTMessage") -> None:
        self._receipts.append(bytes(message.payload))

    def _send(self, now: Monotonic) -> None:
        if self._session is None or not self._session.stands:
            return
        for batch in self._window.due(now):
            number = self._session.publish(batch.topic, batch.payload, expires=batch.wait * (2 if batch.sent else 1))
            self._window.sent(batch, number, now)

    def _say(self, now: Monotonic) -> None:
        """Say what the meter says now, when it is time to and it is known which one it is."""
        number = self._last.number or self._upstream.meter
        if number is None or (self._said_at is not None and now - self._said_at < self._upstream.interval):
            return
        source = self._source(number)
        session = self._session_for(source)
        if session.stands:
            self._said_at = now
            at = time.time()
            payload = encode(self._last.message(at, self._today(at)), self._upstream.form)
            session.publish(topic(self._upstream.base, source, LIVE), payload, quality=0, retain=True)

    def _tell(self) -> None:
        """Say how it fares."""
        trouble = None if self._session is None else self._session.trouble
        if trouble is None and self._window.nobody:
            trouble = _("No sink listens at this MQTT broker: what is sent waits here.")
        elif trouble is None and self._window.reason is not None:
            trouble = _("The MQTT broker does not take what is sent for {site}: {reason}").format(
                site=self._upstream.site, reason=_reason(self._window.reason)
            )
        elif trouble is None and self._window.late:
            trouble = _("No sink confirms what is sent: check that one runs and reaches its database.")
        if trouble != self.delivery.error:
            if trouble is not None:
                log.warning("upstream: %s", trouble)
            self._note(error=trouble, error_at=None if trouble is None else time.time())
        self._note(connected=self._session is not None and self._session.stands and trouble is None)

    @contextmanager
    def _history(self) -> Iterator[None]:
        """Around what reads the history: it says itself when it cannot be read, and may be again."""
        try:
            yield
        except HistoryError as error:
            self._note(unreadable=str(error))
        else:
            if self.delivery.unreadable is not None:
                self._note(unreadable=None)

    def _note(self, **changes: Any) -> None:
        if any(getattr(self.delivery, name) != value for name, value in changes.items()):
            self.delivery = msgspec.structs.replace(self.delivery, **changes)


def _reason(code: int) -> str:
    """A reason code of MQTT 5 in its words."""
    from paho.mqtt.packettypes import PacketTypes
    from paho.mqtt.reasoncodes import ReasonCode

    try:
        return str(ReasonCode(PacketTypes.PUBACK, identifier=code))
    except KeyError:
        return f"0x{code:02x}"
