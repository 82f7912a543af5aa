"""Publishing to a real mosquitto."""

import json
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from linkytui.link import Link, LinkState
from linkytui.outputs.callbacks.mqtt.broker import Broker
from linkytui.outputs.callbacks.mqtt.callback import MqttCallback
from linkytui.outputs.callbacks.mqtt.figures import Figures
from linkytui.outputs.callbacks.runner import CallbackRunner
from linkytui.reading import Reading
from linkytui.tic import Frame, Group, Mode
from tests import servers
from tests.lines import PATIENCE, wait_until
from tests.outputs.callbacks.frames import METER_ID, Household, framed, historic
from tests.outputs.callbacks.week import Clock

mqtt = pytest.importorskip("paho.mqtt.client")


class Listener:
    """A subscriber that keeps every message."""

    def __init__(self, port: int, topics: list[str]) -> None:
        self.messages: list[tuple[str, str, bool]] = []
        self._ready = threading.Event()
        self._client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
        self._client.on_connect = lambda client, *_rest: client.subscribe([(topic, 1) for topic in topics])
        self._client.on_subscribe = lambda *_rest: self._ready.set()
        self._client.on_message = lambda _client, _data, message: self.messages.append(
            (message.topic, message.payload.decode(), bool(message.retain))
        )
        self._client.connect("127.0.0.1", port, 60)
        self._client.loop_start()
        assert self._ready.wait(PATIENCE)

    def of(self, topic: str) -> list[str]:
        """The payloads of a topic, in their order."""
        return [payload for name, payload, _retained in self.messages if name == topic]

    def publish(self, topic: str, payload: str) -> None:
        """Say something oneself."""
        self._client.publish(topic, payload, qos=1)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@pytest.fixture
def base(request: pytest.FixtureRequest) -> str:
    """A topic of this test's own."""
    return f"test/{abs(hash(request.node.nodeid))}"


@pytest.fixture
def listener(broker: servers.Broker, base: str) -> Iterator[Listener]:
    heard = Listener(broker.port, [f"{base}/#", f"ha-{base}/#"])
    yield heard
    heard.close()


def connected(callback: MqttCallback) -> MqttCallback:
    """The callback, once the broker has taken it in."""
    callback.open()

    def tried() -> bool:
        callback.idle()
        return callback.publication.connected

    wait_until(tried)
    return callback


def say(callback: MqttCallback, household: Household, **frame: Any) -> None:
    hand_on(callback, household, historic(**frame))


def hand_on(callback: MqttCallback, household: Household, frame: Frame) -> None:
    """The first frame tells which meter it is, so that its own connection is made, and waited for."""
    arrival = household.arrival(frame)
    callback.reading(arrival.reading, arrival.frame)
    if callback.publication.connected and not callback.publication.frames:
        wait_until(lambda: callback.publication.frames, callback.idle)


def test_frames_discovery_and_availability(broker: servers.Broker, base: str, listener: Listener) -> None:
    callback = MqttCallback(Broker(host="127.0.0.1", port=broker.port, topic=f"/{base}/", discovery=f"ha-{base}"))
    connected(callback)
    wait_until(lambda: listener.of(f"{base}/status") == ["up"])
    household = Household()
    say(callback, household, power=460)
    wait_until(lambda: listener.of(f"{base}/{METER_ID}"))
    assert json.loads(listener.of(f"{base}/{METER_ID}")[0])["PAPP"] == {"raw": "00460", "value": 460}
    wait_until(lambda: len([name for name, _, _ in listener.messages if name.endswith("/config")]) == 14)
    topic = f"ha-{base}/sensor/{base.replace('/', '_')}/{METER_ID}_papp/config"
    described = json.loads(listener.of(topic)[0])
    assert described["state_topic"] == f"{base}/{METER_ID}"
    assert described["expire_after"] == 180
    until_greeted(callback)
    callback.close()
    wait_until(lambda: listener.of(f"{base}/status") == ["up", "down"])
    # Home Assistant may come later: what it needs is retained, and nothing else is.
    late = Listener(broker.port, [f"{base}/#", f"ha-{base}/#"])
    wait_until(lambda: len(late.messages) == 16)
    assert all(retained for _, _, retained in late.messages)
    assert late.of(f"{base}/status") == ["down"]
    assert late.of(f"{base}/{METER_ID}") == []
    late.close()


def test_each_change_is_published_at_once_and_nothing_twice(
    broker: servers.Broker, base: str, listener: Listener
) -> None:
    clock = Clock(100.0)
    callback = MqttCallback(
        Broker(host="127.0.0.1", port=broker.port, topic=base, discovery="", interval=0), monotonic=clock
    )
    connected(callback)
    household = Household()
    for power in (460, 460, 470, 470, 460):
        clock.now += 1
        say(callback, household, power=power)
    clock.now += 61
    callback.idle()  # the meter said nothing: no news
    say(callback, household, power=460)  # nothing new, but it is alive
    callback.close()
    wait_until(lambda: listener.of(f"{base}/{METER_ID}/status") == ["up", "down"])
    powers = [json.loads(payload)["PAPP"]["value"] for payload in listener.of(f"{base}/{METER_ID}")]
    assert powers == [460, 470, 460, 460]


def test_between_two_messages_lies_the_interval(broker: servers.Broker, base: str, listener: Listener) -> None:
    clock = Clock(100.0)
    callback = MqttCallback(
        Broker(host="127.0.0.1", port=broker.port, topic=base, discovery="", interval=10), monotonic=clock
    )
    connected(callback)
    household = Household()
    for power in range(400, 421):
        say(callback, household, power=power)
        clock.now += 1
    callback.idle()
    callback.close()
    wait_until(lambda: listener.of(f"{base}/{METER_ID}/status") == ["up", "down"])
    powers = [json.loads(payload)["PAPP"]["value"] for payload in listener.of(f"{base}/{METER_ID}")]
    assert powers == [400, 410, 420]


def test_a_label_that_went_away_is_gone_from_the_message(broker: servers.Broker, base: str, listener: Listener) -> None:
    callback = MqttCallback(Broker(host="127.0.0.1", port=broker.port, topic=base, discovery="", interval=0))
    connected(callback)
    household = Household()
    over = framed([*historic().groups[:7], Group("ADPS", "047"), *historic().groups[7:]], Mode.HISTORIC)
    for frame in (over, historic()):
        hand_on(callback, household, frame)
    wait_until(lambda: len(listener.of(f"{base}/{METER_ID}")) == 2)
    first, second = (json.loads(payload) for payload in listener.of(f"{base}/{METER_ID}"))
    assert first["ADPS"]["value"] == 47
    assert "ADPS" not in second
    callback.close()


def test_tempo_colours_are_retained(broker: servers.Broker, base: str, listener: Listener) -> None:
    callback = MqttCallback(Broker(host="127.0.0.1", port=broker.port, topic=base, discovery=""))
    connected(callback)
    groups = [Group("ADCO", METER_ID), Group("OPTARIF", "BBR("), Group("PTEC", "HPJB"), Group("DEMAIN", "ROUG")]
    hand_on(callback, Household(), framed(groups, Mode.HISTORIC))
    wait_until(lambda: listener.of(f"{base}/tempo"))
    assert json.loads(listener.of(f"{base}/tempo")[0]) == {"today": "blue", "tomorrow": "red"}
    callback.close()


def test_the_last_will_says_that_we_are_gone(broker: servers.Broker, base: str, listener: Listener) -> None:
    callback = MqttCallback(Broker(host="127.0.0.1", port=broker.port, topic=base, discovery=""))
    connected(callback)
    wait_until(lambda: listener.of(f"{base}/status") == ["up"])
    assert callback._alone is not None
    client = callback._alone.client
    client.on_disconnect = None
    sock = client.socket()
    assert isinstance(sock, socket.socket)
    sock.shutdown(socket.SHUT_RDWR)  # as when the machine loses its power
    wait_until(lambda: listener.of(f"{base}/status") == ["up", "down"])
    client.loop_stop()


def test_a_broker_that_restarts_hears_everything_again(tmp_path: Path, base: str) -> None:
    broker = servers.Broker(tmp_path)
    broker.start()
    clock = Clock(100.0)
    callback = MqttCallback(
        Broker(host="127.0.0.1", port=broker.port, topic=base, discovery=f"ha-{base}", interval=0), monotonic=clock
    )
    household = Household()
    try:
        connected(callback)
        say(callback, household)
        broker.stop()

        def noticed() -> bool:
            callback.idle()
            return not callback.publication.connected

        wait_until(noticed)
        assert callback.publication.error is not None
        say(callback, household, power=999)
        clock.now += 61
        callback.idle()
        assert "Nothing listens" in str(callback.publication.error)
        broker.start()
        listener = Listener(broker.port, [f"{base}/#", f"ha-{base}/#"])
        clock.now += 61
        connected(callback)
        say(callback, household, power=480)
        # The newest state at once, then what follows.
        wait_until(lambda: len(listener.of(f"{base}/{METER_ID}")) == 2)
        powers = [json.loads(payload)["PAPP"]["value"] for payload in listener.of(f"{base}/{METER_ID}")]
        assert powers == [999, 480]
        assert listener.of(f"{base}/status") == ["up"]
        assert len([name for name, _, _ in listener.messages if name.endswith("/config")]) == 14
        listener.close()
    finally:
        callback.close()
        broker.stop()


def test_a_refused_login_is_said_without_the_password(
    tmp_path: Path, base: str, caplog: pytest.LogCaptureFixture
) -> None:
    password = "correct horse"  # noqa: S105 -- of a broker that lives as long as the test
    broker = servers.Broker(tmp_path, login=("jeanne", password))
    broker.start()
    try:
        for username, secret in ((None, None), ("jeanne", "wrong secret")):
            settings = Broker(host="127.0.0.1", port=broker.port, username=username, password=secret, topic=base)
            callback = MqttCallback(settings)
            callback.open()

            def refused(callback: MqttCallback = callback) -> bool:
                callback.idle()
                return callback.publication.error is not None

            wait_until(refused)
            assert "refuses the connection" in str(callback.publication.error)
            assert "wrong secret" not in f"{callback.publication} {settings!r} {caplog.text}"
            callback.close()
        right = MqttCallback(
            Broker(host="127.0.0.1", port=broker.port, username="jeanne", password=password, topic=base)
        )
        connected(right).close()
    finally:
        broker.stop()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # paho leaves a refused socket behind
def test_an_encrypted_broker_is_checked(
    tmp_path: Path, certificate: tuple[Path, Path], base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    broker = servers.Broker(tmp_path, certificate=certificate)
    broker.start()
    try:
        stranger = MqttCallback(Broker(host="127.0.0.1", port=broker.port, tls=True, topic=base))
        stranger.open()
        stranger.idle()
        assert "No encrypted connection" in str(stranger.publication.error)
        stranger.close()
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
        known = MqttCallback(Broker(host="127.0.0.1", port=broker.port, tls=True, topic=base))
        connected(known).close()
    finally:
        broker.stop()


@pytest.mark.parametrize(
    ("host", "words"), [("a-name-that-nobody-has.invalid", "Unknown"), ("", "Unknown"), ("x" * 300, "Unknown")]
)
def test_a_host_that_cannot_be_is_one_line(host: str, words: str) -> None:
    callback = MqttCallback(Broker(host=host))
    callback.open()
    callback.idle()
    assert words in str(callback.publication.error)
    callback.close()


def test_it_runs_in_the_runner_like_any_other(broker: servers.Broker, base: str, listener: Listener) -> None:
    runner = CallbackRunner()
    settings = Broker(host="127.0.0.1", port=broker.port, topic=base, discovery="", interval=0)
    runner.add("mqtt", lambda: MqttCallback(settings))
    household = Household()

    def heard() -> bool:
        runner.frame_came(household.arrival())
        return bool(listener.of(f"{base}/{METER_ID}"))

    wait_until(heard)
    runner.close()
    wait_until(lambda: listener.of(f"{base}/status") == ["up", "down"])


OTHER_ID = "041864000002"


def retained(broker: servers.Broker, base: str) -> dict[str, str]:
    """What the broker keeps, by topic."""
    late = Listener(broker.port, [f"{base}/#"])
    late._client.publish(f"{base}/mark", "", qos=1).wait_for_publish(PATIENCE)
    wait_until(lambda: late.of(f"{base}/mark"))
    late.close()
    return {topic: payload for topic, payload, kept in late.messages if kept}


def another(callback: MqttCallback, meter_id: str, **labels: str) -> None:
    """A frame of another meter, on Tempo if colours are said."""
    groups = [Group("ADCO", meter_id), Group("OPTARIF", "BBR("), Group("PTEC", labels.get("PTEC", "HPJB"))]
    groups += [Group("DEMAIN", labels["DEMAIN"])] if "DEMAIN" in labels else []
    arrival = Household().arrival(framed(groups, Mode.HISTORIC))
    callback.reading(arrival.reading, arrival.frame)


def until_greeted(callback: MqttCallback) -> None:
    def greeted() -> bool:
        callback.idle()
        return callback._own is not None and callback._own.stands

    wait_until(greeted)


def test_what_is_of_a_meter_lies_below_its_number_and_old_topics_stay(
    broker: servers.Broker, base: str, listener: Listener
) -> None:
    callback = connected(MqttCallback(Broker(host="127.0.0.1", port=broker.port, topic=base, discovery=f"ha-{base}")))
    another(callback, METER_ID, DEMAIN="ROUG")
    until_greeted(callback)
    colours = json.dumps({"today": "blue", "tomorrow": "red"})
    wait_until(lambda: len(listener.of(f"{base}/{METER_ID}/tempo")) == 1)
    kept = retained(broker, base)
    assert kept == {
        f"{base}/status": "up",
        f"{base}/tempo": colours,
        f"{base}/{METER_ID}/status": "up",
        f"{base}/{METER_ID}/tempo": colours,
    }
    topic = f"ha-{base}/sensor/{base.replace('/', '_')}/{METER_ID}_adco/config"
    assert json.loads(listener.of(topic)[0])["availability_topic"] == f"{base}/{METER_ID}/status"
    callback.close()
    kept = retained(broker, base)
    assert (kept[f"{base}/status"], kept[f"{base}/{METER_ID}/status"]) == ("down", "down")


def test_one_meter_s_end_does_not_mark_the_other_as_gone(broker: servers.Broker, base: str, listener: Listener) -> None:
    settings = Broker(host="127.0.0.1", port=broker.port, topic=base, discovery="", interval=0)
    first, second = connected(MqttCallback(settings)), connected(MqttCallback(settings))
    another(first, METER_ID, DEMAIN="ROUG")
    until_greeted(first)
    another(second, OTHER_ID, DEMAIN="BLEU")
    until_greeted(second)
    for callback in (first, second):

        def alone(callback: MqttCallback = callback) -> bool:
            callback.idle()
            return callback._alone is not None

        wait_until(lambda alone=alone: not alone())  # type: ignore[misc]
    # Nothing is said for both of them any more.
    assert {topic for topic in retained(broker, base) if topic.count("/") == base.count("/") + 1} == set()
    another(first, METER_ID, DEMAIN="BLAN")
    wait_until(lambda: "white" in retained(broker, base)[f"{base}/{METER_ID}/tempo"])
    second.close()
    kept = retained(broker, base)
    assert kept[f"{base}/{METER_ID}/status"] == "up"
    assert kept[f"{base}/{OTHER_ID}/status"] == "down"
    assert f"{base}/status" not in kept
    first.close()


def test_the_will_of_a_meter_marks_that_meter_only(broker: servers.Broker, base: str) -> None:
    settings = Broker(host="127.0.0.1", port=broker.port, topic=base, discovery="")
    callback = connected(MqttCallback(settings))
    another(callback, METER_ID)
    until_greeted(callback)
    assert callback._own is not None
    client = callback._own.client
    client.on_disconnect = None
    sock = client.socket()
    assert isinstance(sock, socket.socket)
    sock.shutdown(socket.SHUT_RDWR)
    wait_until(lambda: retained(broker, base)[f"{base}/{METER_ID}/status"] == "down")
    assert retained(broker, base)[f"{base}/status"] == "up"
    client.loop_stop()
    callback.close()


def test_a_will_that_comes_late_is_taken_back(broker: servers.Broker, base: str) -> None:
    callback = connected(MqttCallback(Broker(host="127.0.0.1", port=broker.port, topic=base, discovery="")))
    another(callback, METER_ID)
    until_greeted(callback)
    other = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
    other.connect("127.0.0.1", broker.port)
    other.loop_start()
    for topic in (f"{base}/status", f"{base}/{METER_ID}/status"):
        # As the broker does when it notices at last that the connection before is gone.
        other.publish(topic, "down", qos=1, retain=True).wait_for_publish(PATIENCE)
        wait_until(lambda topic=topic: retained(broker, base)[topic] == "up")  # type: ignore[misc]
    other.disconnect()
    other.loop_stop()
    callback.close()


def test_colours_of_another_day_are_not_left_with_the_broker(broker: servers.Broker, base: str) -> None:
    clock = Clock(100.0)
    settings = Broker(host="127.0.0.1", port=broker.port, topic=base, discovery="")
    before = connected(MqttCallback(settings))
    another(before, METER_ID, DEMAIN="ROUG")
    until_greeted(before)
    before.close()
    assert f"{base}/tempo" in retained(broker, base)
    # Started again: the meter has not said anything yet.
    callback = connected(MqttCallback(settings, monotonic=clock))

    def gone() -> bool:
        callback.idle()
        return f"{base}/tempo" not in retained(broker, base)

    wait_until(gone)
    another(callback, METER_ID, DEMAIN="BLAN")
    until_greeted(callback)
    wait_until(lambda: "white" in retained(broker, base).get(f"{base}/{METER_ID}/tempo", ""))
    # The meter falls silent.
    clock.now += 200
    wait_until(lambda: callback.idle() and not any("tempo" in topic for topic in retained(broker, base)))
    callback.close()


def test_what_the_meter_said_long_ago_is_not_published_after_an_outage(tmp_path: Path, base: str) -> None:
    broker = servers.Broker(tmp_path)
    broker.start()
    clock = Clock(100.0)
    callback = MqttCallback(
        Broker(host="127.0.0.1", port=broker.port, topic=base, discovery="", interval=0), monotonic=clock
    )
    try:
        connected(callback)
        household = Household()
        say(callback, household, power=460)
        until_greeted(callback)
        broker.stop()
        wait_until(lambda: callback.idle() and not callback.publication.connected)
        say(callback, household, power=999)
        clock.now += 3600
        broker.start()
        listener = Listener(broker.port, [f"{base}/#"])
        connected(callback)
        until_greeted(callback)
        say(callback, household, power=480)
        wait_until(lambda: listener.of(f"{base}/{METER_ID}"))
        assert json.loads(listener.of(f"{base}/{METER_ID}")[0])["PAPP"]["value"] == 480
        listener.close()
    finally:
        callback.close()
        broker.stop()


def test_a_broker_that_never_answers_is_given_up(base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("linkytui.outputs.callbacks.mqtt.connection._WELCOME_TIMEOUT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        callback = MqttCallback(Broker(host="127.0.0.1", port=silent.getsockname()[1], topic=base))
        callback.open()
        wait_until(lambda: callback.idle() and callback.publication.error)
        assert "does not answer" in str(callback.publication.error)
        callback.close()


def test_home_assistant_that_comes_later_hears_values_at_once(
    broker: servers.Broker, base: str, listener: Listener
) -> None:
    clock = Clock(100.0)
    settings = Broker(host="127.0.0.1", port=broker.port, topic=base, discovery=f"ha-{base}", interval=10)
    callback = connected(MqttCallback(settings, monotonic=clock))
    household = Household()
    say(callback, household)
    until_greeted(callback)
    for _ in range(3):
        # What was described is said again after the interval: nobody can have heard it before.
        clock.now += 10
        callback.idle()
    wait_until(lambda: len(listener.of(f"{base}/{METER_ID}")) == 2)
    assert len(listener.of(f"{base}/{METER_ID}/answers")) == 2
    clock.now += 11
    listener.publish(f"ha-{base}/status", "online")
    wait_until(lambda: len(listener.of(f"{base}/{METER_ID}")) == 3, callback.idle)
    wait_until(lambda: len(listener.of(f"{base}/{METER_ID}/answers")) == 3)
    callback.close()


def test_a_silent_meter_is_told_of(broker: servers.Broker, base: str, listener: Listener) -> None:
    clock = Clock(100.0)
    settings = Broker(host="127.0.0.1", port=broker.port, topic=base, discovery="", interval=10)
    callback = connected(MqttCallback(settings, monotonic=clock))
    callback.link(Link(state=LinkState.LIVE))
    say(callback, Household())
    clock.now += 10
    callback.link(Link(state=LinkState.SILENT))
    callback.idle()
    clock.now += 200
    callback.idle()
    wait_until(lambda: len(listener.of(f"{base}/{METER_ID}/answers")) == 3)
    answers = [json.loads(payload) for payload in listener.of(f"{base}/{METER_ID}/answers")]
    assert [each["link"]["value"] for each in answers] == ["live", "silent", "silent"]
    assert [each["period"]["value"] for each in answers] == ["Peak", "Peak", None]
    assert len(listener.of(f"{base}/{METER_ID}")) == 1
    callback.close()


class Costs:
    """An account that knows what some registers cost this month."""

    def __init__(self, *registers: str) -> None:
        self._energy = dict.fromkeys(registers, Decimal(1))

    def at(self, now: float, _latest: Reading) -> Figures:
        day = datetime.fromtimestamp(now, UTC)
        return Figures(
            day=day.date(), prices=lambda _option, _day: None, month_began=day, month=Decimal(2), energy=self._energy
        )


def test_answers_of_an_earlier_contract_are_taken_from_home_assistant(broker: servers.Broker, base: str) -> None:
    """They stand there unavailable for ever otherwise; what the labels counted stays, for its statistics."""
    settings = Broker(host="127.0.0.1", port=broker.port, topic=base, discovery=f"ha-{base}")
    node = f"ha-{base}/sensor/{base.replace('/', '_')}"
    earlier = connected(MqttCallback(settings, figures=Costs("HCJB", "HPJB")))
    another(earlier, METER_ID, DEMAIN="ROUG")
    wait_until(lambda: earlier.publication.frames, earlier.idle)

    def told() -> set[str]:
        kept = retained(broker, f"ha-{base}")
        return {topic.removeprefix(f"{node}/{METER_ID}_").removesuffix("/config") for topic in kept}

    wait_until(lambda: {"cost_hcjb", "cost_hpjb", "tempo_today", "demain"} <= told())
    other = f"{node}/{OTHER_ID}_cost_hcjb/config"
    voice = Listener(broker.port, [other])
    voice._client.publish(other, "{}", qos=1, retain=True).wait_for_publish(PATIENCE)
    voice.close()
    earlier.close()

    later = connected(MqttCallback(settings, figures=Costs("HC", "HP")))
    say(later, Household())

    def gone() -> bool:
        later.idle()
        return not {"cost_hcjb", "cost_hpjb", "tempo_today", "tempo_tomorrow"} & told()

    wait_until(gone)
    assert {"cost_hc", "cost_hp", "cost_energy", "month_cost", "hchc", "demain"} <= told()
    assert other in retained(broker, f"ha-{base}"), "another meter's"
    later.close()
