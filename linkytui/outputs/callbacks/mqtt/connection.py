"""One connection to the broker, and the topic on which it is `up` for as long as it stands."""

import contextlib
import logging
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from linkytui.i18n import _
from linkytui.outputs.callbacks.mqtt.broker import KEEPALIVE, MQTT_CONNECT_TIMEOUT, Broker, MqttError
from linkytui.outputs.callbacks.network import why

if TYPE_CHECKING:
    from paho.mqtt.client import Client, MQTTMessage

log = logging.getLogger("linkytui.callbacks")

UP: Final = "up"
DOWN: Final = "down"

_WELCOME_TIMEOUT: Final = 10.0  # seconds from a connection to the broker's answer
_FAREWELL_TIMEOUT: Final = 2.0  # seconds


class Connection:
    """Says `up` when the broker takes it in and `down` when it ends; the broker says `down` where it cannot.

    When somebody else says `down` there, as the will of an earlier connection that the broker holds lost only now, it
    says `up` again.
    """

    def __init__(
        self,
        broker: Broker,
        status: str,
        *,
        topics: Sequence[str] = (),
        heard: Callable[..., object] = lambda _topic, _payload, *, kept: None,  # noqa: ARG005
    ) -> None:
        """Connect; waits for five seconds at most.

        `topics`: to hear beside `status`; `heard`: told their messages and whether the broker had kept them, on the
        network's thread. Raises MqttError: the broker cannot be reached.
        """
        self.status = status
        self._broker = broker
        self._began_at = time.monotonic()
        self._topics = (status, *topics)
        self._heard = heard
        # These three are the network thread's to set.
        self._welcome = threading.Event()  # the broker took us in
        self._gone = threading.Event()  # it let us go, or never took us in
        self._refusal: str | None = None
        self._leaving = False
        self.client = self._made()
        try:
            self.client.connect(broker.host, broker.port, KEEPALIVE)
        except (OSError, ValueError) as error:
            self._unhook()
            raise MqttError(why(error, service="MQTT", host=broker.host, port=broker.port).text) from None
        self.client.loop_start()

    @property
    def stands(self) -> bool:
        """Whether the broker took it in and did not let it go."""
        return self._welcome.is_set()

    def trouble(self) -> str | None:
        """Why it has ended, or will not come about; None while there is hope."""
        if not self._gone.is_set():
            if self.stands or time.monotonic() - self._began_at < _WELCOME_TIMEOUT:
                return None
            place = f"{self._broker.host}:{self._broker.port}"
            return _("{service} at {place} does not answer").format(service="MQTT", place=place)
        if self._refusal is not None:
            return _("The MQTT broker refuses the connection: {reason}").format(reason=self._refusal)
        return _("The MQTT broker at {host} closed the connection").format(host=self._broker.host)

    def send(self, topic: str, payload: str, *, retain: bool = False) -> None:
        """Publish; an empty payload that is retained removes what was."""
        self.client.publish(topic, payload, qos=1 if retain else 0, retain=retain)

    def close(self, farewell: str = DOWN) -> None:
        """Say that we go, and go. `farewell`: what stays on the topic."""
        self._leaving = True
        if self.stands:
            said = self.client.publish(self.status, farewell, qos=1, retain=True)
            try:
                said.wait_for_publish(_FAREWELL_TIMEOUT)
            except (RuntimeError, ValueError):
                log.debug("the broker went before we did")
        self.client.disconnect()
        self.client.loop_stop()
        self._unhook()

    def _unhook(self) -> None:
        """Let go of each other: paho closes its sockets when nobody holds it any more."""
        self.client.on_connect = self.client.on_disconnect = self.client.on_message = None

    def _made(self) -> "Client":
        from paho.mqtt.client import Client, MQTTv311
        from paho.mqtt.enums import CallbackAPIVersion

        # One for each connection: paho does not tidy up well enough to be used again.
        client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTv311, reconnect_on_failure=False)
        client.connect_timeout = MQTT_CONNECT_TIMEOUT
        if self._broker.username:
            client.username_pw_set(self._broker.username, self._broker.password)
        if self._broker.tls:
            client.tls_set_context(ssl.create_default_context())
        client.will_set(self.status, DOWN, qos=1, retain=True)
        client.on_connect = self._connected
        client.on_disconnect = self._disconnected
        client.on_message = self._message
        return client

    def _connected(self, _client: object, _data: object, _flags: object, reason: Any, _properties: object) -> None:
        """The broker answered. On the network's thread."""
        if reason.is_failure:
            self._refusal = str(reason)
            return
        self.client.subscribe([(topic, 1) for topic in self._topics])
        self.send(self.status, UP, retain=True)
        self._welcome.set()

    def _disconnected(self, _client: object, _data: object, _flags: object, _reason: object, _props: object) -> None:
        """The connection ended. On the network's thread."""
        self._welcome.clear()
        self._gone.set()

    def _message(self, _client: object, _data: object, message: "MQTTMessage") -> None:
        """Somebody said something. On the network's thread, which an exception would end."""
        payload = bytes(message.payload[:16]).decode("utf-8", "replace")
        with contextlib.suppress(Exception):
            if message.topic != self.status:
                self._heard(message.topic, payload, kept=message.retain)
            elif payload == DOWN and not message.retain and not self._leaving:
                self.send(self.status, UP, retain=True)
