"""The test of a connection to a broker, against real ones."""

import socket
from pathlib import Path

from linkytui.outputs.callbacks.mqtt.broker import Broker
from linkytui.outputs.callbacks.mqtt.probe import probe_mqtt
from linkytui.outputs.callbacks.verdict import ConnectionStep
from tests import servers
from tests.servers import free_port


def outcome(broker: Broker, timeout: float = 30) -> dict[ConnectionStep, bool | None]:
    """How each step goes."""
    return {verdict.step: verdict.ok for verdict in probe_mqtt(broker, timeout=timeout)}


def test_a_broker_that_lets_everybody_in(broker: servers.Broker) -> None:
    assert outcome(Broker(host="127.0.0.1", port=broker.port)) == {
        ConnectionStep.NAME: True,
        ConnectionStep.PORT: True,
        ConnectionStep.TLS: None,
        ConnectionStep.LOGIN: None,
    }


def test_a_login_that_the_broker_refuses_and_one_that_it_takes(tmp_path: Path) -> None:
    guarded = servers.Broker(tmp_path, login=("meter", "right"))
    guarded.start()
    try:
        refused, taken = (
            probe_mqtt(Broker(host="127.0.0.1", port=guarded.port, username="meter", password=word), timeout=30)
            for word in ("wrong", "right")
        )
    finally:
        guarded.stop()
    assert refused[-1].ok is False
    assert "wrong" not in refused[-1].text
    assert taken[-1].ok is True


def test_a_certificate_that_nobody_vouches_for(tmp_path: Path, certificate: tuple[Path, Path]) -> None:
    encrypted = servers.Broker(tmp_path, certificate=certificate)
    encrypted.start()
    try:
        verdicts = outcome(Broker(host="127.0.0.1", port=encrypted.port, tls=True))
    finally:
        encrypted.stop()
    assert verdicts == {
        ConnectionStep.NAME: True,
        ConnectionStep.PORT: True,
        ConnectionStep.TLS: False,
        ConnectionStep.LOGIN: None,
    }


def test_nothing_listens_there() -> None:
    assert outcome(Broker(host="127.0.0.1", port=free_port())) == {
        ConnectionStep.NAME: True,
        ConnectionStep.PORT: False,
        ConnectionStep.TLS: None,
        ConnectionStep.LOGIN: None,
    }


def test_something_listens_that_never_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        verdicts = outcome(Broker(host="127.0.0.1", port=mute.getsockname()[1]), timeout=1)
    assert verdicts[ConnectionStep.PORT] is True
    assert verdicts[ConnectionStep.LOGIN] is False


def test_the_empty_name() -> None:
    assert outcome(Broker(host="", port=1883))[ConnectionStep.NAME] is False
