"""Tests the connection to a broker step by step. Publishes nothing."""

import contextlib
import socket
import ssl
import time
from typing import TYPE_CHECKING, Any, Final

from linkytui.i18n import _
from linkytui.outputs.callbacks.mqtt.broker import KEEPALIVE, MQTT_CONNECT_TIMEOUT, Broker, MqttError
from linkytui.outputs.callbacks.network import why
from linkytui.outputs.callbacks.verdict import Attempt, ConnectionStep, Verdict, try_name, try_port, try_steps

if TYPE_CHECKING:
    from paho.mqtt.client import Client


def probe_mqtt(broker: Broker, *, timeout: float = MQTT_CONNECT_TIMEOUT) -> tuple[Verdict, ...]:
    """Try every step to the broker, up to the first that fails. May take some seconds."""

    def words(error: Exception) -> str:
        known = isinstance(error, MqttError)
        return str(error) if known else why(error, service="MQTT", host=broker.host, port=broker.port).text

    return try_steps(_ATTEMPTS, broker, timeout, words)


def _tls(broker: Broker, timeout: float) -> tuple[bool | None, str]:
    if not broker.tls:
        return None, _("not encrypted")
    connection = socket.create_connection((broker.host, broker.port), timeout)
    with connection, ssl.create_default_context().wrap_socket(connection, server_hostname=broker.host):
        return True, _("encrypted, certificate verified")


def _login(broker: Broker, timeout: float) -> tuple[bool | None, str]:
    client, answers = _client(broker, timeout)
    client.connect(broker.host, broker.port, KEEPALIVE)
    deadline = time.monotonic() + timeout
    while not answers and time.monotonic() < deadline:
        client.loop(0.1)
    with contextlib.suppress(OSError, ValueError):
        client.disconnect()
    if not answers:
        raise MqttError(_("The server at {place} does not speak MQTT").format(place=f"{broker.host}:{broker.port}"))
    if answers[0].is_failure:
        raise MqttError(_("The MQTT broker refuses the connection: {reason}").format(reason=answers[0]))
    return (
        (True, _("logged in as {username}").format(username=broker.username))
        if broker.username
        else (None, _("none asked for"))
    )


def _client(broker: Broker, timeout: float) -> "tuple[Client, list[Any]]":
    """A client, and the list in which the broker's answer will be."""
    from paho.mqtt.client import Client, MQTTv311
    from paho.mqtt.enums import CallbackAPIVersion

    client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTv311, reconnect_on_failure=False)
    client.connect_timeout = timeout
    if broker.username:
        client.username_pw_set(broker.username, broker.password)
    if broker.tls:
        client.tls_set_context(ssl.create_default_context())
    answers: list[Any] = []
    client.on_connect = lambda _client, _data, _flags, reason, _properties: answers.append(reason)
    return client, answers


_ATTEMPTS: Final[dict[ConnectionStep, Attempt[Broker]]] = {
    ConnectionStep.NAME: try_name,
    ConnectionStep.PORT: try_port,
    ConnectionStep.TLS: _tls,
    ConnectionStep.LOGIN: _login,
}
