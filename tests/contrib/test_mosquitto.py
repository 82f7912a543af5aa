"""contrib/mosquitto: who may do what, asked of a real broker."""

import os
import re
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from linkytui.outputs.callbacks.samples import MemoryLog
from tests.fleet.fleet import Collector, RunningSink, add, database, running, stored, until, upstream
from tests.servers import InfluxServer, Process, free_port, program

FILES = Path(__file__).parents[2] / "contrib" / "mosquitto"
METER = "teleinfo/012345678901"
DISCOVERY = "homeassistant/sensor/teleinfo/012345678901_papp/config"
USERS = ("linkytui", "homeassistant", "reader")


class Guarded(Process):
    """mosquitto with the files of contrib/, which lie in another folder here."""

    def __init__(self, folder: Path, name: str = "mosquitto", prefix: str = "", users: Sequence[str] = USERS) -> None:
        self.port = free_port()
        self._user = users[0]
        passwords, access = folder / f"{prefix}passwords", folder / f"{prefix}access"
        (folder / "data").mkdir()
        for user in users:
            create = [] if passwords.exists() else ["-c"]
            subprocess.run([program("mosquitto_passwd"), "-b", *create, passwords, user, user], check=True)
        access.write_text((FILES / f"{prefix}access").read_text())
        text = (FILES / f"{name}.conf").read_text()
        text = text.replace("/mosquitto/config", str(folder)).replace("/mosquitto/data", str(folder / "data"))
        text = re.sub(r"^listener 1883$", f"listener {self.port} 127.0.0.1", text, flags=re.MULTILINE)
        assert str(self.port) in text
        if os.geteuid() == 0:
            text += "user root\n"
        for file in (passwords, access):
            file.chmod(0o600)
        (folder / "mosquitto.conf").write_text(text)
        super().__init__([program("mosquitto"), "-c", str(folder / "mosquitto.conf")], folder, self._listens)

    def _listens(self) -> bool:
        return connected(self.port, self._user) is not None


def connected(port: int, user: str | None, password: str | None = None) -> mqtt.Client | None:
    """A client that the broker let in, with its network loop running; None when it was refused."""
    client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
    answers: list[Any] = []
    client.on_connect = lambda _client, _data, _flags, reason, _properties: answers.append(reason)
    if user is not None:
        client.username_pw_set(user, user if password is None else password)
    try:
        client.connect("127.0.0.1", port)
    except OSError:
        return None
    client.loop_start()
    deadline = time.monotonic() + 20
    while not answers and time.monotonic() < deadline:
        time.sleep(0.01)
    if answers and not answers[0].is_failure:
        return client
    client.loop_stop()
    return None


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    server = Guarded(tmp_path_factory.mktemp("guarded"))
    server.start()
    yield server
    server.stop()


def refused(client: mqtt.Client, topic: str) -> bool:
    """Whether the broker refuses what a client publishes."""
    reasons: list[Any] = []
    client.on_publish = lambda _client, _data, _mid, reason, _properties: reasons.append(reason)
    client.publish(topic, "1", qos=1).wait_for_publish(20)
    deadline = time.monotonic() + 20
    while not reasons and time.monotonic() < deadline:
        time.sleep(0.01)
    return bool(reasons[0].is_failure)


def hears(broker: Guarded, user: str, topic: str, publisher: mqtt.Client) -> bool:
    """Whether a user gets what somebody publishes under a topic; its own topic tells when all must have come."""
    listener = connected(broker.port, user)
    assert listener is not None
    heard: list[str] = []
    granted: list[Any] = []
    listener.on_message = lambda _client, _data, message: heard.append(message.topic)
    listener.on_subscribe = lambda _client, _data, _mid, reasons, _properties: granted.extend(reasons)
    listener.subscribe(topic, qos=1)
    deadline = time.monotonic() + 20
    while not granted and time.monotonic() < deadline:
        time.sleep(0.01)
    publisher.publish(topic, "1", qos=1).wait_for_publish(20)
    settled = time.monotonic() + 1
    while not heard and time.monotonic() < settled:
        time.sleep(0.01)
    listener.disconnect()
    listener.loop_stop()
    return bool(heard)


@pytest.mark.parametrize(
    ("user", "topic", "allowed"),
    [
        ("linkytui", METER, True),
        ("linkytui", "teleinfo/status", True),
        ("linkytui", "teleinfo/tempo", True),
        ("linkytui", DISCOVERY, True),
        ("linkytui", "homeassistant/switch/other/heater/config", False),
        ("linkytui", "zigbee2mqtt/plug/set", False),
        ("homeassistant", METER, False),
        ("homeassistant", "homeassistant/status", True),
        ("reader", METER, False),
    ],
)
def test_who_may_publish_what(broker: Guarded, user: str, topic: str, allowed: bool) -> None:
    client = connected(broker.port, user)
    assert client is not None
    assert refused(client, topic) is not allowed
    client.disconnect()
    client.loop_stop()


@pytest.mark.parametrize(
    ("user", "topic", "allowed"),
    [
        ("homeassistant", METER, True),
        ("homeassistant", DISCOVERY, True),
        ("reader", METER, True),
        ("reader", DISCOVERY, False),
        ("linkytui", METER, False),
        ("linkytui", DISCOVERY, True),  # it takes away what is of an earlier contract
        ("linkytui", "homeassistant/sensor/other/heater/config", False),
    ],
)
def test_who_hears_what(broker: Guarded, user: str, topic: str, allowed: bool) -> None:
    publisher = connected(broker.port, "linkytui")
    assert publisher is not None
    assert hears(broker, user, topic, publisher) is allowed
    publisher.disconnect()
    publisher.loop_stop()


def test_nobody_comes_in_without_a_password(broker: Guarded) -> None:
    assert connected(broker.port, None) is None
    assert connected(broker.port, "linkytui", "wrong") is None


FLEET = ("lilas", "roses", "sink", "viewer")


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    server = Guarded(tmp_path_factory.mktemp("fleet"), "fleet", "fleet-", FLEET)
    server.start()
    yield server
    server.stop()


@pytest.mark.parametrize(
    ("user", "topic", "allowed"),
    [
        ("lilas", "fleet/lilas/stairs/samples", True),
        ("lilas", "fleet/lilas/stairs/live", True),
        ("lilas", "fleet/roses/stairs/samples", False),
        ("lilas", "fleet/roses/stairs/live", False),
        ("lilas", "fleet/lilas/stairs/receipts", False),
        ("lilas", "fleet/lilas/a/b/samples", False),
        ("sink", "fleet/lilas/stairs/receipts", True),
        ("sink", "fleet/lilas/stairs/samples", False),
        ("viewer", "fleet/lilas/stairs/live", False),
        ("viewer", "fleet/viewer/x/receipts", False),
    ],
)
def test_a_site_writes_its_own_topics_only(fleet: Guarded, user: str, topic: str, allowed: bool) -> None:
    client = connected(fleet.port, user)
    assert client is not None
    assert refused(client, topic) is not allowed
    client.disconnect()
    client.loop_stop()


@pytest.mark.parametrize(
    ("user", "topic", "publisher", "allowed"),
    [
        ("lilas", "fleet/lilas/stairs/receipts", "sink", True),
        ("roses", "fleet/lilas/stairs/receipts", "sink", False),
        ("roses", "fleet/lilas/stairs/samples", "lilas", False),
        ("viewer", "fleet/lilas/stairs/live", "lilas", True),
        ("viewer", "fleet/lilas/stairs/samples", "lilas", False),
    ],
)
def test_a_site_hears_its_own_receipts_only(
    fleet: Guarded, user: str, topic: str, publisher: str, allowed: bool
) -> None:
    client = connected(fleet.port, publisher)
    assert client is not None
    assert hears(fleet, user, topic, client) is allowed
    client.disconnect()
    client.loop_stop()


def test_samples_reach_the_database_by_this_broker(fleet: Guarded, influxd: InfluxServer) -> None:
    log = MemoryLog()
    said = add(log, 0, 600)
    sinks = [RunningSink(fleet.port, database(influxd.port, "guarded"), name, login="sink") for name in ("a", "b")]
    until(lambda: all(sink.sink.working for sink in sinks), "the sinks")
    own, others = (
        Collector(upstream(fleet.port, site=site, login="lilas"), log)
        for site, log in (("lilas", log), ("roses", MemoryLog()))
    )
    add(others.log, 0, 1)
    with running(own, others, *sinks):
        until(lambda: own.cursor == 600, "the receipts")
        until(lambda: others.callback.delivery.error, "the refusal")
        assert others.callback.delivery.error == (
            "The MQTT broker does not take what is sent for roses: Not authorized"
        )
    assert stored(influxd.port, "guarded") == {("lilas", "house"): said}
