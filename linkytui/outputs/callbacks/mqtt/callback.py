"""The MQTT callback: frames as teleinfo2mqtt publishes them, discovery for Home Assistant, a last will."""

import json
import logging
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import msgspec

from linkytui.civil.times import Monotonic
from linkytui.errors import LinkytuiError
from linkytui.i18n import _
from linkytui.line.relay.report import Publication
from linkytui.outputs.callbacks.base import Callback
from linkytui.outputs.callbacks.mqtt.discovery import discovery_payload, discovery_topic
from linkytui.outputs.callbacks.mqtt.payload import frame_payload, id_label, tempo_payload
from linkytui.outputs.callbacks.network import why
from linkytui.reading.meter import Meter
from linkytui.reading.model import Reading
from linkytui.tic.frames import Frame

if TYPE_CHECKING:
    from paho.mqtt.client import Client

log = logging.getLogger("linkytui.callbacks")

MQTT_CONNECT_TIMEOUT: Final = 5.0
KEEPALIVE: Final = 30  # seconds after which the broker is asked whether it is still there, and learns that we are

HEARTBEAT: Final = 60.0
"""Seconds after which a frame is published though nothing changed, so that silence means silence."""

_FIRST_RETRY: Final = 1.0
_LAST_RETRY: Final = 60.0


class MqttError(LinkytuiError):
    """The broker cannot be reached or refuses us. The text holds no password."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Broker:
    """Which broker, as whom, and under which topics."""

    host: str = "localhost"
    port: int = 1883
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: bool = False
    topic: str = "teleinfo"  # under which everything is published
    discovery: str = "homeassistant"  # under which Home Assistant looks for devices; empty for no discovery
    interval: float = 10.0  # seconds between two frames at least; 0 publishes each change at once

    @property
    def base(self) -> str:
        """The topic without slashes around it."""
        return self.topic.strip("/") or "teleinfo"


class MqttCallback(Callback):
    """Publishes the newest state. What the broker missed is not sent afterwards: states are of now, and the registers,
    which only grow, tell all that was used meanwhile.
    """

    def __init__(self, broker: Broker, *, monotonic: Callable[[], Monotonic] = time.monotonic) -> None:
        """Nothing is sent before `open`."""
        self._broker = broker
        self._monotonic = monotonic
        self._meter = Meter()
        self._client: Client | None = None
        # These three are the network thread's to set.
        self._welcome = threading.Event()  # the broker took us in
        self._gone = threading.Event()  # it let us go, or never took us in
        self._refusal: str | None = None
        self._greeted = False
        self._fresh = False  # a frame came since the last one was published
        self._announced: set[str] = set()
        self._published: dict[str, Any] = {}
        self._published_at: float | None = None
        self._tempo: dict[str, str] | None = None
        self._retry_at = 0.0
        self._retry_after = _FIRST_RETRY
        self.publication = Publication()  # how it fares; replaced as a whole, so that any thread may look at it

    def reading(self, reading: Reading, frame: Frame) -> None:
        """Take the frame in, and publish when it is time."""
        self._meter.observe(frame, reading.at)
        self._fresh = True
        self._publish()

    def idle(self) -> float:
        """Look after the connection, and publish what waited for its time."""
        if self._gone.is_set():
            self._lost()
        if self._welcome.is_set():
            if not self._greeted:
                self._greet()
            self._publish()
        elif self._client is None and self._monotonic() >= self._retry_at:
            self._connect()
        return 1.0

    def close(self) -> None:
        """Say that we go, and go."""
        client, self._client = self._client, None
        if client is None:
            return
        if self._welcome.is_set():
            farewell = client.publish(f"{self._broker.base}/status", "down", qos=1, retain=True)
            try:
                farewell.wait_for_publish(2.0)
            except (RuntimeError, ValueError):
                log.debug("the broker went before we did")
        client.disconnect()
        client.loop_stop()

    def _connect(self) -> None:
        """Try once, with a client of its own: paho's does not tidy up well enough to be used again."""
        self._retry_at = self._monotonic() + self._retry_after
        self._retry_after = min(self._retry_after * 2, _LAST_RETRY)
        broker = self._broker
        client = self._made()
        try:
            client.connect(broker.host, broker.port, KEEPALIVE)
        except (OSError, ValueError) as error:
            self._trouble(why(error, service="MQTT", host=broker.host, port=broker.port).text)
            return
        self._client = client
        client.loop_start()

    def _made(self) -> "Client":
        from paho.mqtt.client import Client, MQTTv311
        from paho.mqtt.enums import CallbackAPIVersion

        client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTv311, reconnect_on_failure=False)
        client.connect_timeout = MQTT_CONNECT_TIMEOUT
        if self._broker.username:
            client.username_pw_set(self._broker.username, self._broker.password)
        if self._broker.tls:
            client.tls_set_context(ssl.create_default_context())
        client.will_set(f"{self._broker.base}/status", "down", qos=1, retain=True)
        client.on_connect = self._connected
        client.on_disconnect = self._disconnected
        return client

    def _connected(self, _client: object, _data: object, _flags: object, reason: Any, _properties: object) -> None:
        """The broker answered. On the network's thread."""
        if reason.is_failure:
            self._refusal = str(reason)
        else:
            self._welcome.set()

    def _disconnected(self, _client: object, _data: object, _flags: object, _reason: object, _props: object) -> None:
        """The connection ended. On the network's thread."""
        self._welcome.clear()
        self._gone.set()

    def _lost(self) -> None:
        """Let the network's thread end, so that the next try begins with a new one."""
        client, self._client = self._client, None
        if client is not None:
            client.loop_stop()
        self._gone.clear()
        self._greeted = False
        if self._refusal is not None:
            self._trouble(_("The MQTT broker refuses the connection: {reason}").format(reason=self._refusal))
            self._refusal = None
        else:
            self._trouble(_("The MQTT broker at {host} closed the connection").format(host=self._broker.host))

    def _greet(self) -> None:
        """After each connection: a broker that was restarted may have forgotten what we said before."""
        self._greeted = True
        self._retry_after = _FIRST_RETRY
        self._announced.clear()
        self._published_at = self._tempo = None
        self._send(f"{self._broker.base}/status", "up", retain=True)
        self.publication = msgspec.structs.replace(self.publication, connected=True, error=None)
        log.info("MQTT broker at %s: connected", self._broker.host)

    def _publish(self) -> None:
        """Publish the frame, if it changed and its time has come, and what goes with it."""
        if not (self._fresh and self._greeted and self._welcome.is_set()):
            return
        now = self._monotonic()
        waited = None if self._published_at is None else now - self._published_at
        if waited is not None and waited < self._broker.interval:
            return
        latest = self._meter.latest
        if latest is None or (name := self._meter.labels.get(id_label(latest.mode))) is None:
            return
        payload = frame_payload(self._meter.labels)
        if waited is not None and waited < HEARTBEAT and payload == self._published:
            return
        meter_id = name.group.data
        self._announce(meter_id, latest)
        self._send(f"{self._broker.base}/{meter_id}", json.dumps(payload))
        tempo = tempo_payload(latest)
        if tempo is not None and tempo != self._tempo:
            self._tempo = tempo
            self._send(f"{self._broker.base}/tempo", json.dumps(tempo), retain=True)
        self._published, self._published_at, self._fresh = payload, now, False
        self.publication = msgspec.structs.replace(self.publication, frames=self.publication.frames + 1)

    def _announce(self, meter_id: str, latest: Reading) -> None:
        """Describe to Home Assistant the labels that it does not know yet."""
        if not self._broker.discovery:
            return
        prefix, base = self._broker.discovery.strip("/"), self._broker.base
        expire_after = int(max(3 * self._broker.interval, 3 * HEARTBEAT))
        for label in self._meter.labels:
            topic = discovery_topic(prefix, base, meter_id, label)
            if topic in self._announced:
                continue
            self._announced.add(topic)
            payload = discovery_payload(base, meter_id, label, latest.mode, expire_after=expire_after)
            self._send(topic, json.dumps(payload, ensure_ascii=False), retain=True)

    def _send(self, topic: str, payload: str, *, retain: bool = False) -> None:
        if self._client is not None:
            self._client.publish(topic, payload, qos=1 if retain else 0, retain=retain)

    def _trouble(self, text: str) -> None:
        if text != self.publication.error:
            log.warning("%s", text)
        self.publication = msgspec.structs.replace(self.publication, connected=False, error=text)
