"""The MQTT callback: frames as teleinfo2mqtt publishes them, discovery for Home Assistant, a last will.

What is of one meter lies below its number, so that several meters can share a broker. A single one also has the topics
that had no number before: a connection of its own holds them, for the sake of its last will.
"""

import json
import logging
import threading
import time
from collections.abc import Callable
from typing import Any, Final

import msgspec

from linkytui.civil.times import Monotonic
from linkytui.line.relay.report import Publication
from linkytui.link import Link
from linkytui.outputs.callbacks.base import Callback
from linkytui.outputs.callbacks.mqtt.announced import Announced
from linkytui.outputs.callbacks.mqtt.broker import Broker, MqttError
from linkytui.outputs.callbacks.mqtt.connection import UP, Connection
from linkytui.outputs.callbacks.mqtt.discovery import answers_topic, discovery_topic
from linkytui.outputs.callbacks.mqtt.figures import FiguresFeed
from linkytui.outputs.callbacks.mqtt.household import Household
from linkytui.outputs.callbacks.mqtt.payload import frame_payload, id_label, tempo_payload
from linkytui.reading.meter import Meter
from linkytui.reading.model import Reading
from linkytui.tic.frames import Frame

log = logging.getLogger("linkytui.callbacks")

HEARTBEAT: Final = 60.0
"""Seconds after which a frame is published though nothing changed, so that silence means silence."""

_OLD: Final = 3 * HEARTBEAT
"""Seconds after which what the meter said is not of now: not published any more, and not left with the broker."""

_MAKING: Final = 2.0  # seconds that Home Assistant is given to make what it was told of

_FIRST_RETRY: Final = 1.0
_LAST_RETRY: Final = 60.0


class MqttCallback(Callback):
    """Publishes the newest state. What the broker missed is not sent afterwards: states are of now, and the registers,
    which only grow, tell all that was used meanwhile.
    """

    def __init__(
        self, broker: Broker, *, figures: FiguresFeed | None = None, monotonic: Callable[[], Monotonic] = time.monotonic
    ) -> None:
        """Nothing is sent before `open`. `figures`: the account; None answers nothing of money."""
        self._broker = broker
        self._monotonic = monotonic
        self._meter = Meter()
        self._meter_id: str | None = None
        self._heard_at: float | None = None  # the last frame
        self._own: Connection | None = None  # of the meter's topics
        self._alone: Connection | None = None  # of those without a number, while no other meter is seen
        self._others: set[str] = set()  # status topics of meters that are up; the network's threads add to these two
        self._left: set[str] = set()  # topics on which the broker kept colours of before
        self._crowd = False  # another meter was seen
        self._fresh = False  # a frame came since the last one was published
        self._announced = Announced(broker)
        self._again = threading.Event()  # Home Assistant came, or heard of something new: it waits for values
        self._household = Household(figures)
        self._answers: dict[str, Any] = {}
        self._answered_at: float | None = None
        self._published: dict[str, Any] = {}
        self._published_at: float | None = None
        self._tempo: dict[str, str] | None = None
        self._retry_at = 0.0
        self._retry_after = _FIRST_RETRY
        self.publication = Publication()  # how it fares; replaced as a whole, so that any thread may look at it

    def reading(self, reading: Reading, frame: Frame) -> None:
        """Take the frame in, and publish when it is time."""
        self._meter.observe(frame, reading.at)
        self._heard_at = self._monotonic()
        self._fresh = True
        latest = self._meter.latest
        name = self._meter.labels.get(id_label(latest.mode)) if latest is not None else None
        if name is not None and name.group.data != self._meter_id:
            self._use(name.group.data)
        if latest is not None and reading.meter_id in (None, self._meter_id):
            self._household.hear(reading, latest)
        self._look_after()
        self._publish()

    def link(self, link: Link) -> None:
        """Take the state of the line in: what a silent meter cannot say."""
        self._household.link = link

    def idle(self) -> float:
        """Look after the connections, and publish what waited for its time."""
        self._look_after()
        self._publish()
        return 1.0

    def close(self) -> None:
        """Say that we go, and go."""
        for connection in self._connections():
            connection.close()
        self._own = self._alone = None

    # The connections ------------------------------------------------------------------------------------------------

    def _use(self, meter_id: str) -> None:
        """Another meter: its topics have another will, which belongs to a connection of its own."""
        self._meter_id = meter_id
        self._household.forget()
        if self._own is not None:
            self._own.close()
            self._own = None
        self._forget()

    def _topic(self, name: str) -> str:
        """A topic of the meter."""
        return f"{self._broker.base}/{self._meter_id}/{name}"

    @property
    def _home_assistant(self) -> str:
        """Where Home Assistant says that it has come; empty where nobody is told of us."""
        prefix = self._broker.discovery.strip("/")
        return f"{prefix}/status" if prefix else ""

    @property
    def _described(self) -> str:
        """Where the broker keeps what Home Assistant was told of us; empty where nobody is."""
        return discovery_topic(self._broker.discovery.strip("/"), self._broker.base) if self._home_assistant else ""

    def _connections(self) -> list[Connection]:
        return [connection for connection in (self._alone, self._own) if connection is not None]

    def _look_after(self) -> None:
        """Make the connections that are wanted, and take note of those that ended."""
        for connection in self._connections():
            if (trouble := connection.trouble()) is not None:
                self._lost(trouble)
                return
        try:
            self._connect(self._monotonic())
        except MqttError as error:
            self._lost(str(error))
            return
        if self._others_are_up() and not self._crowd:
            self._leave_what_is_shared()
        if connections := self._connections():
            self._tell_connected(all(connection.stands for connection in connections))
        self._take_away_what_was_left()

    def _connect(self, now: Monotonic) -> None:
        """Connect what is wanted and not there, unless that failed a moment ago."""
        wants_alone = self._alone is None and not self._crowd
        wants_own = self._own is None and self._meter_id is not None
        if not (wants_alone or wants_own) or (not self._connections() and now < self._retry_at):
            return
        if not self._connections():
            self._retry_at = now + self._retry_after
            self._retry_after = min(self._retry_after * 2, _LAST_RETRY)
        if wants_alone:
            base = self._broker.base
            topics = f"{base}/+/status", f"{base}/tempo"
            self._alone = Connection(self._broker, f"{base}/status", topics=topics, heard=self._heard)
        if wants_own:
            wanted = [topic for topic in (self._topic("tempo"), self._home_assistant, self._described) if topic]
            self._own = Connection(self._broker, self._topic("status"), topics=wanted, heard=self._heard)

    def _heard(self, topic: str, payload: str, *, kept: bool) -> None:
        """A meter or Home Assistant came or went, or the broker kept something of before. On the network's thread."""
        if topic == self._home_assistant:
            if payload == "online" and not kept:
                self._again.set()
        elif topic.endswith("/config"):
            if kept and payload:
                self._announced.keeps(topic)
        elif topic.endswith("/tempo"):
            if kept and payload:
                self._left.add(topic)
        elif payload == UP:
            self._others.add(topic)
        else:
            self._others.discard(topic)

    def _others_are_up(self) -> bool:
        return self._meter_id is not None and bool(self._others - {self._topic("status")})

    def _leave_what_is_shared(self) -> None:
        """Another meter is there: nothing may be said for all of them, now or when one of them ends."""
        self._crowd = True
        if self._alone is not None:
            self._alone.send(f"{self._broker.base}/tempo", "", retain=True)
            self._alone.close(farewell="")
            self._alone = None

    def _lost(self, trouble: str) -> None:
        """Let the network's threads end, so that the next try begins with new ones."""
        for connection in self._connections():
            connection.close()
        self._own = self._alone = None
        self._others.clear()
        self._forget()
        if trouble != self.publication.error:
            log.warning("%s", trouble)
        self.publication = msgspec.structs.replace(self.publication, connected=False, error=trouble)

    def _tell_connected(self, connected: bool) -> None:
        if connected and not self.publication.connected:
            self._retry_after = _FIRST_RETRY
            self.publication = msgspec.structs.replace(self.publication, connected=True, error=None)
            log.info("MQTT broker at %s: connected", self._broker.host)

    def _forget(self) -> None:
        """Nothing was published yet, as far as the broker of now knows."""
        self._announced.clear()
        self._published_at = self._answered_at = None
        self._tempo = None

    def _take_away_what_was_left(self) -> None:
        """Colours that an earlier connection left with the broker may be of another day: they go until said anew."""
        while self._left:
            topic = self._left.pop()
            connection = self._own if topic == self._topic("tempo") else self._alone
            if self._tempo is None and connection is not None:
                connection.send(topic, "", retain=True)

    # What is published ----------------------------------------------------------------------------------------------

    def _is_old(self) -> bool:
        return self._heard_at is None or not 0 <= self._monotonic() - self._heard_at < _OLD

    def _publish(self) -> None:
        """Publish the frame, if it changed and its time has come, and what goes with it."""
        # By the meter's own connection alone: what two send may arrive the other way round, the older value last.
        way, latest, meter_id = self._own, self._meter.latest, self._meter_id
        if way is None or not way.stands or latest is None or meter_id is None:
            return
        again = self._again.is_set() and self._may_repeat()
        if again:
            self._again.clear()
        self._answer(way, meter_id, latest, again=again)
        if self._is_old():
            if self._tempo:
                self._send_tempo(None)
            return
        now = self._monotonic()
        waited = None if self._published_at is None else now - self._published_at
        if not (self._fresh or again) or (waited is not None and waited < self._broker.interval):
            return
        payload = frame_payload(self._meter.labels)
        if waited is not None and waited < HEARTBEAT and payload == self._published and not again:
            return
        self._announce(way, meter_id, latest)
        way.send(f"{self._broker.base}/{meter_id}", json.dumps(payload))
        tempo = tempo_payload(latest)
        if tempo is not None and tempo != self._tempo:
            self._send_tempo(tempo)
        self._published, self._published_at, self._fresh = payload, now, False
        self.publication = msgspec.structs.replace(self.publication, frames=self.publication.frames + 1)

    def _send_tempo(self, tempo: dict[str, str] | None) -> None:
        """Leave the colours with the broker, or take them away: what was of another day is not of this one."""
        self._tempo = tempo
        payload = "" if tempo is None else json.dumps(tempo)
        if self._own is not None:
            self._own.send(self._topic("tempo"), payload, retain=True)
        if self._alone is not None:
            self._alone.send(f"{self._broker.base}/tempo", payload, retain=True)

    def _may_repeat(self) -> bool:
        now, pause = self._monotonic(), max(self._broker.interval, _MAKING)
        return all(at is None or now - at >= pause for at in (self._published_at, self._answered_at))

    def _answer(self, way: Connection, meter_id: str, latest: Reading, *, again: bool) -> None:
        """Publish the answers, on a change and once a minute, whether or not the meter still speaks."""
        now = self._monotonic()
        waited = None if self._answered_at is None else now - self._answered_at
        if self._heard_at is None or (waited is not None and waited < self._broker.interval):
            return
        answers = self._household.message(latest, latest.at + now - self._heard_at, old=self._is_old())
        if answers != self._answers or waited is None or waited >= HEARTBEAT or again:
            self._answers, self._answered_at = answers, now
            self._announce(way, meter_id, latest)
            way.send(answers_topic(self._broker.base, meter_id), json.dumps(answers, ensure_ascii=False))

    def _announce(self, way: Connection, meter_id: str, latest: Reading) -> None:
        """Describe to Home Assistant what it does not know yet.

        It hears values only once it has made what it was told of: they are published again after the interval.
        """
        called = self._household.called
        for topic, payload in self._announced.news(meter_id, latest, self._meter.labels, self._answers, called):
            way.send(topic, payload, retain=True)
            self._again.set()
