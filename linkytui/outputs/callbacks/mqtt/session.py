"""A session of MQTT 5 with a broker, that comes back by itself; for whoever must know what the broker took."""

import ssl
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from linkytui.i18n import _
from linkytui.outputs.callbacks.mqtt.broker import KEEPALIVE, MQTT_CONNECT_TIMEOUT, MqttError
from linkytui.outputs.callbacks.network import why

if TYPE_CHECKING:
    from paho.mqtt.client import Client, MQTTMessage
    from paho.mqtt.properties import Properties

_LAST_PAUSE: Final = 60  # seconds between two attempts at most; the first is one second after
_AT_ONCE: Final = 100  # messages under way to the broker


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerAddress:
    """Which broker, as whom, and by which certificates."""

    host: str
    port: int = 1883
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: bool = False
    authority: Path | None = None  # PEM: who vouches for the broker; None for whom the system trusts
    certificate: Path | None = None  # PEM: our own
    key: Path | None = None  # PEM: of our own certificate, where that file does not hold it

    @property
    def place(self) -> str:
        """The host and the port, for a person."""
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a session is to be like."""

    client_id: str  # the same at each start: the broker knows us by it
    keeps: int = 0  # seconds for which the broker keeps the session, and what comes for it, while we are away
    at_once: int = 65_535  # messages that the broker may send before the first is acknowledged
    largest: int = 1024 * 1024  # bytes of a message that is taken
    acknowledges: bool = False  # we acknowledge ourselves, by `acknowledge`
    kept_ones: bool = True  # have the messages that the broker kept, too
    quality: int = 1  # of what we hear
    will: tuple[str, bytes] | None = None  # topic and message of the broker when we vanish


class Session:
    """Connects on a thread of its own as soon as it is begun, and again whenever it must."""

    def __init__(
        self,
        address: BrokerAddress,
        wishes: Wishes,
        *,
        topics: Iterable[str] = (),
        heard: Callable[["MQTTMessage"], None] = lambda _message: None,
        taken: Callable[[int, int], None] = lambda _number, _reason: None,
        begun: Callable[[], None] = lambda: None,
    ) -> None:
        """Begin. These are called on the network's thread, may not raise and may not wait:

        `heard`: a message came; `taken`: the broker answered to a message of ours, by its number, with a reason code of
        MQTT 5; `begun`: it stands. Raises MqttError: certificates that cannot be read.
        """
        self._address = address
        self._wishes = wishes
        self._topics = dict.fromkeys(topics)
        self._taken = taken
        self._begun = begun
        self._error: str | None = None
        self._stands = False
        self._asked: dict[int, str] = {}
        self.granted: dict[str, Any] = {}  # what the broker said of itself when it took us in
        self.client = self._made()
        self.client.on_message = lambda _client, _data, message: heard(message)
        self.client.connect_async(
            address.host, address.port, KEEPALIVE, clean_start=not wishes.keeps, properties=self._properties()
        )
        self.client.loop_start()

    @property
    def stands(self) -> bool:
        """Whether the broker took us in and did not let us go."""
        return self._stands

    @property
    def hears(self) -> bool:
        """Whether the broker has answered to all that we want to hear."""
        return not self._asked

    @property
    def trouble(self) -> str | None:
        """Why it does not stand, or what the broker does not let us hear; None while all is well, or not known yet."""
        return self._error

    def hear(self, topic: str) -> None:
        """Hear a further topic, from now on and whenever the session comes back."""
        if topic not in self._topics:
            self._topics[topic] = None
            if self._stands:
                self._subscribe([topic])

    def publish(
        self, topic: str, payload: bytes, *, quality: int = 1, retain: bool = False, expires: float | None = None
    ) -> int:
        """Hand a message to the broker; its number, by which `taken` tells of it. `expires`: seconds after which the
        broker may forget it.
        """
        properties = None
        if expires is not None:
            properties = _properties("PUBLISH")
            properties.MessageExpiryInterval = max(1, round(expires))
        return self.client.publish(topic, payload, quality, retain, properties).mid

    def acknowledge(self, numbers: Iterable[int]) -> None:
        """Tell the broker that it may forget messages, by their `mid`."""
        for number in numbers:
            self.client.ack(number, 1)

    def close(self) -> None:
        """Go. What the broker has not taken is not waited for."""
        self.client.disconnect()
        self.client.loop_stop()
        # paho closes its sockets when nobody holds it any more.
        for name in ("connect", "connect_fail", "disconnect", "message", "publish", "subscribe"):
            setattr(self.client, f"on_{name}", None)

    def _made(self) -> "Client":
        from paho.mqtt.client import Client, MQTTv5
        from paho.mqtt.enums import CallbackAPIVersion

        address, wishes = self._address, self._wishes
        if not address.host.strip():
            raise MqttError(why(OSError(), service="MQTT", host=address.host, port=address.port).text)
        client = Client(CallbackAPIVersion.VERSION2, wishes.client_id, protocol=MQTTv5, manual_ack=wishes.acknowledges)
        client.connect_timeout = MQTT_CONNECT_TIMEOUT
        client.reconnect_delay_set(1, _LAST_PAUSE)
        client.max_inflight_messages_set(_AT_ONCE)
        if address.username:
            client.username_pw_set(address.username, address.password)
        if address.tls:
            client.tls_set_context(_context(address))
        if wishes.will is not None:
            client.will_set(*wishes.will, qos=1, retain=True)
        client.on_connect = self._connected
        client.on_connect_fail = self._failed
        client.on_disconnect = self._disconnected
        client.on_subscribe = self._subscribed
        client.on_publish = self._published
        return client

    def _properties(self) -> "Properties":
        properties = _properties("CONNECT")
        properties.SessionExpiryInterval = self._wishes.keeps
        properties.ReceiveMaximum = self._wishes.at_once
        properties.MaximumPacketSize = self._wishes.largest
        return properties

    def _connected(self, _client: object, _data: object, flags: Any, reason: Any, properties: Any) -> None:
        if reason.is_failure:
            self._error = _("The MQTT broker refuses the connection: {reason}").format(reason=reason)
            return
        self._error = None
        self.granted = {**(properties.json() if properties is not None else {}), "kept": flags.session_present}
        self._asked.clear()
        if self._topics:
            self._subscribe(self._topics)
        self._stands = True
        self._begun()

    def _subscribe(self, topics: Iterable[str]) -> None:
        from paho.mqtt.subscribeoptions import SubscribeOptions

        kept = (
            SubscribeOptions.RETAIN_SEND_ON_SUBSCRIBE if self._wishes.kept_ones else SubscribeOptions.RETAIN_DO_NOT_SEND
        )
        for topic in topics:
            options = SubscribeOptions(qos=self._wishes.quality, retainHandling=kept)
            _result, number = self.client.subscribe(topic, options=options)
            if number is not None:
                self._asked[number] = topic

    def _subscribed(self, _client: object, _data: object, number: int, reasons: Any, _properties: object) -> None:
        topic = self._asked.pop(number, "")
        if any(reason.is_failure for reason in reasons):
            self._error = _("The MQTT broker does not let us read {topic}: {reason}").format(
                topic=topic, reason=reasons[0]
            )

    def _published(self, _client: object, _data: object, number: int, reason: Any, _properties: object) -> None:
        self._taken(number, reason.value)

    def _failed(self, _client: object, _data: object) -> None:
        error = sys.exc_info()[1]  # paho calls this while it handles the error, and does not hand it on
        if error is not None:
            address = self._address
            self._error = why(error, service="MQTT", host=address.host, port=address.port).text

    def _disconnected(self, _client: object, _data: object, _flags: object, reason: Any, _properties: object) -> None:
        self._stands = False
        if self._error is None:
            text = _("The MQTT broker at {host} closed the connection").format(host=self._address.host)
            self._error = f"{text} ({reason})" if reason.is_failure and reason.value != _UNSPECIFIED else text


_UNSPECIFIED: Final = 0x80


def _properties(packet: str) -> "Properties":
    from paho.mqtt.packettypes import PacketTypes
    from paho.mqtt.properties import Properties

    return Properties(getattr(PacketTypes, packet))  # type: ignore[no-untyped-call]


def _context(address: BrokerAddress) -> ssl.SSLContext:
    """How to encrypt; raises MqttError for a certificate or key that cannot be read."""
    file = address.authority
    try:
        context = ssl.create_default_context(cafile=file)
        if address.certificate is not None:
            file = address.certificate
            context.load_cert_chain(address.certificate, address.key, password=lambda: "")
    except (OSError, ValueError) as error:
        detail = getattr(error, "strerror", None) or str(error)
        text = _("Cannot use the certificate {path}: {error}").format(path=file, error=detail)
        raise MqttError(text) from None
    return context
