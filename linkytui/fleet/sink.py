"""A sink: takes its share of a fleet's batches to the database, and says so to whom they came from.

The broker shares the batches out among the sinks of a group. It may forget one as soon as it is written, or has no room
here: what makes nothing be lost is that a collector sends again whatever got no receipt, and a receipt is given only
for what the database has for good.
"""

import logging
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from linkytui.civil.days import DAY
from linkytui.civil.times import Monotonic, Timestamp
from linkytui.fleet.database import Database
from linkytui.fleet.lines import lines_of
from linkytui.i18n import _
from linkytui.outputs.callbacks.influxdb.trouble import InfluxError, Trouble
from linkytui.outputs.callbacks.mqtt.session import BrokerAddress, Session, Wishes
from linkytui.outputs.callbacks.upstream.batch import (
    LARGEST,
    VERSION,
    Batch,
    Decoder,
    Receipt,
    encode,
    form_of,
    name_of,
)
from linkytui.outputs.callbacks.upstream.topics import RECEIPTS, SAMPLES, Source, source_of, topic

if TYPE_CHECKING:
    from paho.mqtt.client import MQTTMessage

log = logging.getLogger(__name__)

KEPT_SESSION: Final = 3_600
"""Seconds for which the broker keeps a sink's share while the sink is away. Then the others get it all; until then,
what is meant for one that died for good comes to them when its collectors send it again."""

_AT_ONCE: Final = 1_000  # messages that the broker sends before it waits; mosquitto sends some more
_ROOM: Final = 16 * 1024 * 1024  # bytes of messages that wait here
_WRITTEN_AT_ONCE: Final = 2_000  # messages
_LARGEST_WRITE: Final = 4 * 1024 * 1024  # bytes of messages; as lines they are three to six times as long
_GATHER: Final = 0.25  # seconds for which messages gather
_LOOK_EVERY: Final = 1.0  # seconds between two looks whether what is held is there for good
_FIRST_PAUSE: Final = 1.0
_LAST_PAUSE: Final = 30.0
_TELL_EVERY: Final = 60.0
_AHEAD: Final = DAY  # seconds by which a sample's time may be ahead of this machine's clock


_FORGOTTEN: Final = 0  # the number of a message that the broker has forgotten already; MQTT has no such number


class Message(NamedTuple):
    """What came, as it came."""

    topic: str
    payload: bytes
    number: int  # by which the broker is told that it may forget it


class Taken(NamedTuple):
    """A batch that was understood."""

    message: Message
    source: Source
    name: str
    samples: int
    lines: str  # empty once they are written


class Held(NamedTuple):
    """What was written and may still be forgotten."""

    until: Monotonic
    run: bytes  # of the database, from before it was written
    batches: list[Taken]


@dataclass(slots=True)
class Count:
    """What was done since the start."""

    batches: int = 0  # receipts were given for
    samples: int = 0
    refused: int = 0  # batches that the database will never have
    unreadable: int = 0  # messages of which not even that can be said
    no_room: int = 0  # messages that their collectors send again
    again: int = 0  # batches that the database may have forgotten, and got a second time
    too_old: int = 0  # samples that the database keeps no more
    troubles: dict[str, int] = field(default_factory=dict)  # each that was met, and how often


class Sink:
    """One worker. `step` does what there is to do, and is called by `run` until it is told to stop."""

    def __init__(
        self,
        broker: BrokerAddress,
        base: str,
        database: Database,
        *,
        name: str,
        group: str = "sinks",
        clock: Callable[[], Timestamp] = time.time,
        monotonic: Callable[[], Monotonic] = time.monotonic,
        connect: Callable[..., Session] = Session,
    ) -> None:
        """Nothing is asked of anybody yet. `name`: always the same for one sink, and no other's of the group."""
        self._broker = broker
        self._base = base
        self._database = database
        self._wishes = Wishes(
            client_id=f"linkytui-{group}-{name}",
            keeps=KEPT_SESSION,
            at_once=_AT_ONCE,
            largest=LARGEST,
            acknowledges=True,
            kept_ones=False,
        )
        self._topic = f"$share/{group}/{base}/+/+/{SAMPLES}"
        self._clock = clock
        self._monotonic = monotonic
        self._connect = connect
        self._reader = Decoder(Batch)
        self._session: Session | None = None
        # The network's thread adds on one side, this one takes on the other, and each keeps its own sum.
        self._inbox: deque[Message] = deque()
        self._came = 0  # bytes
        self._left = 0  # bytes
        self._news = threading.Event()
        self._held: deque[Held] = deque()
        self._held_size = 0  # bytes
        self._again: list[Taken] = []
        self._run = b""
        self._looked_at: Monotonic = float("-inf")
        self._pause = _FIRST_PAUSE
        self._trouble: str | None = None
        self._told_at: Monotonic = float("-inf")
        self.count = Count()

    @property
    def working(self) -> bool:
        """Whether the broker gives it its share."""
        return self._session is not None and self._session.stands and self._session.hears

    @property
    def waiting(self) -> int:
        """Bytes of messages that wait to be written."""
        return self._came - self._left

    @property
    def holds(self) -> int:
        """Samples that were written, and may still be forgotten by the database."""
        return sum(batch.samples for held in tuple(self._held) for batch in held.batches)

    def run(self, stop: threading.Event) -> None:
        """Work until told to stop. What is held then is sent again by its collectors.

        Raises UnfitDatabaseError, InfluxError: the database is not one to write to; MqttError: certificates that cannot
        be read.
        """
        if not self._begin_database(stop):
            return
        self._session = self._connect(self._broker, self._wishes, topics=[self._topic], heard=self.heard)
        try:
            while not stop.is_set():
                try:
                    self.step()
                except InfluxError as error:
                    self._tell(str(error))
                    stop.wait(self._pause)
                    if error.kind is Trouble.DATABASE:
                        self._begin_database(stop)  # somebody removed it
                    self._pause = min(self._pause * 2, _LAST_PAUSE)
                    continue
                self._pause = _FIRST_PAUSE
                self._look_at_the_broker()
                if self._news.wait(_LOOK_EVERY if not self._held else _GATHER):
                    self._news.clear()
                    stop.wait(_GATHER)
        finally:
            self._session.close()
            self._database.close()

    def leave(self, stop: threading.Event) -> bool:
        """Have the broker end this sink's share, which the others get from now on; whether it did.

        Raises MqttError: certificates that cannot be read.
        """
        session = self._connect(self._broker, replace(self._wishes, keeps=0))
        while not session.stands and not stop.wait(0.1):
            self._tell(session.trouble)
        done = session.stands
        session.close()
        return bool(done)

    def heard(self, message: "MQTTMessage") -> None:
        """A message came. On the network's thread, which an exception would end."""
        payload = bytes(message.payload)
        if self.waiting + len(payload) > _ROOM:
            self.count.no_room += 1
            if self._session is not None:
                self._session.acknowledge([message.mid])
            return
        try:
            named = message.topic
        except UnicodeDecodeError:
            named = ""
        self._came += len(payload)
        self._inbox.append(Message(named, payload, message.mid))
        self._news.set()

    def step(self) -> None:
        """Write what came, and give the receipts that are due; raises InfluxError: the database takes nothing now."""
        if self._again:
            self._write(self._again)
            self._again = []
        while self._inbox and self._held_size < _ROOM:
            self._again = self._taken()
            self._write(self._again)
            self._again = []
        self._look_at_the_held()

    def _begin_database(self, stop: threading.Event) -> bool:
        """Wait until it is there; False when told to stop meanwhile."""
        pause = _FIRST_PAUSE
        while not stop.is_set():
            try:
                for remark in self._database.begin():
                    log.warning("%s", remark)
                self._run = self._database.run()
            except InfluxError as error:
                if error.kind not in _PASSING:
                    raise
                self._tell(str(error))
                stop.wait(pause)
                pause = min(pause * 2, _LAST_PAUSE)
            else:
                log.info("the database at %s: ready", self._database.place)
                return True
        return False

    def _taken(self) -> list[Taken]:
        """Some of what came, understood. What cannot be is answered, or counted, and forgotten."""
        batches: list[Taken] = []
        size = 0
        now = self._clock()
        oldest, latest = self._database.oldest(now) * 1000, (now + _AHEAD) * 1000
        while self._inbox and len(batches) < _WRITTEN_AT_ONCE and size < _LARGEST_WRITE:
            message = self._inbox.popleft()
            self._left += len(message.payload)
            size += len(message.payload)
            source = source_of(self._base, message.topic)
            try:
                batch: Batch = self._reader.decode(message.payload)
            except ValueError as error:
                self._refuse(message, source, name_of(message.payload), _unread(error))
                continue
            if source is None:
                self._refuse(message, None, None, "")
                continue
            if max(one.at for one in batch.samples) > latest:
                words = _("a sample's time is in the future: check the clocks of the site and of the sink")
                self._refuse(message, source, batch.batch, words)
                continue
            samples = [one for one in batch.samples if one.at >= oldest]
            self.count.too_old += len(batch.samples) - len(samples)
            batches.append(Taken(message, source, batch.batch, len(samples), lines_of(source, samples)))
        return batches

    def _write(self, batches: Sequence[Taken]) -> None:
        """Write batches, those that the database refuses by halves, and have the broker forget them."""
        if not batches:
            return
        lines = "".join(batch.lines for batch in batches).encode()
        try:
            if lines:
                self._database.write(lines)
        except InfluxError as error:
            if error.kind is Trouble.REJECTED and len(batches) > 1:
                half = len(batches) // 2
                self._write(batches[:half])
                self._write(batches[half:])
                return
            if error.kind is Trouble.REJECTED:
                (batch,) = batches
                self._refuse(batch.message, batch.source, batch.name, error.said)
                return
            if error.kind is not Trouble.TOO_OLD:
                raise
            self.count.too_old += error.dropped or 0
        self._acknowledge(batch.message.number for batch in reversed(batches))
        if self._database.hold:
            kept = [batch._replace(lines="") for batch in batches]
            self._held.append(Held(self._monotonic() + self._database.hold, self._run, kept))
            self._held_size += _size(kept)
        else:
            self._give(batches)

    def _look_at_the_held(self) -> None:
        """Give receipts for what is there for good by now; write again what may have been forgotten."""
        now = self._monotonic()
        if not self._held or self._held[0].until > now or now - self._looked_at < _LOOK_EVERY:
            return
        self._looked_at = now
        self._run = self._database.run()
        forgotten: list[Taken] = []
        while self._held and (self._held[0].run != self._run or self._held[0].until <= now):
            held = self._held.popleft()
            self._held_size -= _size(held.batches)
            if held.run == self._run:
                self._give(held.batches)
            else:
                forgotten += held.batches
        if forgotten:
            log.warning("the database was started anew: %d batches are written again", len(forgotten))
            self.count.again += len(forgotten)
            self._left -= _size(forgotten)
            self._inbox.extendleft(batch.message._replace(number=_FORGOTTEN) for batch in reversed(forgotten))
            self._news.set()

    def _give(self, batches: Iterable[Taken]) -> None:
        """Give receipts, one message for all batches of a meter."""
        names = defaultdict(list)
        for batch in batches:
            names[batch.source, form_of(batch.message.payload)].append(batch.name)
            self.count.batches += 1
            self.count.samples += batch.samples
        for (source, form), said in names.items():
            self._answer(source, encode(Receipt(v=VERSION, batches=said), form))

    def _refuse(self, message: Message, source: Source | None, name: str | None, words: str) -> None:
        """Say that a batch will never be in the database, if it can be said to anybody."""
        self._acknowledge([message.number])
        if source is None or name is None:
            self.count.unreadable += 1
            self._note(_("messages that are no batches"))
            return
        self.count.refused += 1
        self._note(words)
        self._answer(source, encode(Receipt(v=VERSION, batches=[name], refused=words[:900]), form_of(message.payload)))

    def _answer(self, source: Source, payload: bytes) -> None:
        # A receipt that is lost costs a batch that is sent again; it need not be kept for anybody.
        if self._session is not None:
            self._session.publish(topic(self._base, source, RECEIPTS), payload, quality=0)

    def _acknowledge(self, numbers: Iterable[int]) -> None:
        if self._session is not None:
            self._session.acknowledge(number for number in numbers if number != _FORGOTTEN)

    def _note(self, words: str) -> None:
        """Log a kind of refusal the first time, and count it."""
        if words not in self.count.troubles and len(self.count.troubles) < 100:
            log.warning("refused: %s", words)
        self.count.troubles[words] = self.count.troubles.get(words, 0) + 1

    def _look_at_the_broker(self) -> None:
        session, now = self._session, self._monotonic()
        if session is None:
            return
        trouble = session.trouble
        if trouble is None and session.stands and session.granted.get("SharedSubscriptionAvailable", 1) == 0:
            trouble = _("This MQTT broker has no shared subscriptions: sinks cannot share the work.")
        elif trouble is None and session.granted.get("SessionExpiryInterval", KEPT_SESSION) < KEPT_SESSION:
            trouble = _("This MQTT broker keeps a session for {seconds} s only: what waits for a sink is lost after.")
            trouble = trouble.format(seconds=session.granted["SessionExpiryInterval"])
        self._tell(trouble)
        if now - self._told_at >= _TELL_EVERY:
            count = self.count
            text = "%d batches with %d samples written; %d refused, %d without room, %d written again"
            log.info(text, count.batches, count.samples, count.refused, count.no_room, count.again)
            self._told_at = now

    def _tell(self, trouble: str | None) -> None:
        """Log what is wrong when it begins, and its end."""
        if trouble != self._trouble:
            if trouble is not None:
                log.warning("%s", trouble)
            else:
                log.info("all is well again")
            self._trouble = trouble


_PASSING: Final = (Trouble.NAME, Trouble.REFUSED, Trouble.UNREACHABLE, Trouble.TIMEOUT, Trouble.SERVER)
"""Troubles with the database at the start that need only be waited for."""


def _size(batches: Iterable[Taken]) -> int:
    return sum(len(batch.message.payload) for batch in batches)


def _unread(error: ValueError) -> str:
    """Why a batch cannot be read, for whoever sent it."""
    return _("not a batch of version {version}: {reason}").format(version=VERSION, reason=" ".join(str(error).split()))
