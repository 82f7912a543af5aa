"""From collectors to the database by real servers: each sample once, whoever is killed on the way."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from linkytui.fleet import sink as module
from linkytui.fleet.database import UnfitDatabaseError
from linkytui.outputs.callbacks.samples import MemoryLog
from linkytui.outputs.callbacks.upstream import window
from linkytui.outputs.callbacks.upstream.batch import Batch, WireSample, encode
from tests.fleet.fleet import START, Collector, RunningSink, add, database, running, stored, until, upstream
from tests.lines import PATIENCE
from tests.servers import Broker, InfluxServer, VictoriaMetrics, free_port

LASTING = ("persistence true", "autosave_interval 1", "max_queued_messages 1000000")


@pytest.fixture
def own_broker(tmp_path: Path) -> Iterator[Broker]:
    """A broker to be killed."""
    folder = tmp_path / "mosquitto"
    folder.mkdir()
    server = Broker(folder, *LASTING, f"persistence_location {folder}/")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches without a receipt are sent again after a second."""
    monkeypatch.setattr(window, "FIRST_WAIT", 1.0)
    monkeypatch.setattr(window, "LAST_WAIT", 2.0)


@pytest.mark.parametrize("form", ["msgpack", "json"])
def test_every_sample_is_in_the_database_once(broker: Broker, influxd: InfluxServer, form: Any) -> None:
    logs = [MemoryLog() for _ in range(3)]
    said = [add(log, 0, 1_300) for log in logs]
    name = f"fleet_{form}"
    sinks = [RunningSink(broker.port, database(influxd.port, name), each, group=form) for each in ("a", "b")]
    until(lambda: all(sink.sink.working for sink in sinks), "the sinks")
    collectors = [
        Collector(upstream(broker.port, site=f"{form} site", meter=f"m={place}", form=form), log)
        for place, log in enumerate(logs)
    ]
    with running(*collectors, *sinks):
        until(lambda: all(each.cursor == 1_300 for each in collectors), "the receipts")
        said[0] |= add(logs[0], 1_300, 10)
        until(lambda: collectors[0].cursor == 1_310, "the receipt of what is new")
        assert all(each.callback.delivery.error is None for each in collectors)
    held = stored(influxd.port, name)
    assert held == {(f"{form} site", f"m={place}"): each for place, each in enumerate(said)}
    registers = stored(influxd.port, name, "wh_hc")[f"{form} site", "m=1"]
    assert sorted(set(registers.values())) == [5_602_128 + step for step in range(26)]
    assert all(sink.sink.count.batches for sink in sinks)


@pytest.mark.usefixtures("soon")
def test_nothing_is_lost_when_the_broker_is_killed(own_broker: Broker, influxd: InfluxServer) -> None:
    log = MemoryLog()
    said = add(log, 0, 2_000)
    sink = RunningSink(own_broker.port, database(influxd.port, "killed_broker"))
    until(lambda: sink.sink.working, "the sink")
    collector = Collector(upstream(own_broker.port), log)
    with running(collector, sink):
        until(lambda: collector.cursor > 0, "a receipt")
        own_broker.kill()
        said |= add(log, 2_000, 3_000)
        own_broker.start()
        until(lambda: collector.cursor == 5_000, "all receipts")
    assert stored(influxd.port, "killed_broker") == {("here", "house"): said}


@pytest.mark.usefixtures("soon")
def test_nothing_is_lost_with_a_sink_that_dies_with_what_it_took(broker: Broker, influxd: InfluxServer) -> None:
    """Its broker was told that it has them, and it is gone for good: another one gets them from the collector."""
    log = MemoryLog()
    said = add(log, 0, 1_500)
    greedy = _greedy(broker.port, "dies")
    collector = Collector(upstream(broker.port, site="dying"), log)
    with running(collector):
        until(lambda: greedy.user_data_get(), "what it takes")
        greedy.disconnect()
        greedy.loop_stop()
        assert collector.cursor == 0
        sink = RunningSink(broker.port, database(influxd.port, "dead_sink"), group="dies")
        with running(sink):
            until(lambda: collector.cursor == 1_500, "all receipts")
    assert stored(influxd.port, "dead_sink") == {("dying", "house"): said}


def _greedy(port: int, group: str) -> mqtt.Client:
    """Somebody who takes what comes, and writes nothing."""
    taken: list[bytes] = []
    granted: list[object] = []
    client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5, userdata=taken)
    client.on_message = lambda _client, _data, message: taken.append(bytes(message.payload))
    client.on_subscribe = lambda *_all: granted.append(1)
    client.connect("127.0.0.1", port)
    client.loop_start()
    client.subscribe(f"$share/{group}/fleet/+/+/samples", qos=1)
    until(lambda: granted, "its subscription")
    return client


@pytest.fixture
def own_influxd(tmp_path: Path) -> Iterator[InfluxServer]:
    """An InfluxDB to be killed."""
    folder = tmp_path / "influxd"
    folder.mkdir()
    server = InfluxServer(folder)
    server.start()
    yield server
    server.stop()


def test_nothing_is_lost_when_influxdb_is_killed(broker: Broker, own_influxd: InfluxServer) -> None:
    log = MemoryLog()
    said = add(log, 0, 2_000)
    sink = RunningSink(broker.port, database(own_influxd.port), group="killed")
    until(lambda: sink.sink.working, "the sink")
    collector = Collector(upstream(broker.port, site="killed"), log)
    with running(collector, sink):
        until(lambda: collector.cursor > 0, "a receipt")
        own_influxd.kill()
        said |= add(log, 2_000, 1_000)
        own_influxd.start()
        until(lambda: collector.cursor == 3_000, "all receipts")
    assert stored(own_influxd.port, "linky") == {("killed", "house"): said}


@pytest.fixture
def own_victoria(tmp_path: Path) -> Iterator[VictoriaMetrics]:
    """A VictoriaMetrics to be killed, set as sinks want it."""
    folder = tmp_path / "victoria"
    folder.mkdir()
    server = VictoriaMetrics(folder, "-retentionPeriod=10y", "-dedup.minScrapeInterval=1ms")
    server.start()
    yield server
    server.stop()


def test_what_victoria_metrics_forgot_when_it_was_killed_is_written_again(
    broker: Broker, own_victoria: VictoriaMetrics
) -> None:
    """No receipt is given for what it has not had for fifteen seconds in one run."""
    log = MemoryLog()
    said = add(log, 0, 1_000)
    clock = Clock()
    sink = RunningSink(broker.port, database(own_victoria.port), group="victoria", monotonic=clock)
    until(lambda: sink.sink.working, "the sink")
    collector = Collector(upstream(broker.port, site="victoria"), log)
    with running(collector, sink):
        until(lambda: sink.sink.holds == 1_000, "what is held")
        assert collector.cursor == 0
        clock.now += 14
        watch = database(own_victoria.port)
        watch.begin()
        before = watch.run()
        while watch.run() == before:  # its runs are told apart by the second in which they begin
            own_victoria.kill()
            own_victoria.start()
        watch.close()
        clock.now += 2
        until(lambda: sink.sink.count.again == 2, "what is written again")
        assert collector.cursor == 0
        until(lambda: sink.sink.holds == 1_000, "what is held")
        clock.now += 16
        until(lambda: collector.cursor == 1_000, "all receipts")
    assert own_victoria.samples("linky_fleet_power") == sorted(said.items())


class Clock:
    """A clock that a test moves on."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_victoria_metrics_that_would_count_twice_is_not_written_to(
    broker: Broker, victoria_metrics: VictoriaMetrics
) -> None:
    sink = RunningSink(broker.port, database(victoria_metrics.port))
    with running(sink):
        until(lambda: sink.error, "the end")
    assert isinstance(sink.error, UnfitDatabaseError)
    assert "start it with -dedup.minScrapeInterval=1ms" in str(sink.error)


def test_one_that_forgets_after_a_month_is_warned_of(tmp_path: Path) -> None:
    server = VictoriaMetrics(tmp_path, "-dedup.minScrapeInterval=1ms")
    server.start()
    try:
        (remark,) = database(server.port).begin()
    finally:
        server.stop()
    assert remark.endswith("forgets everything after 31 days: start it with -retentionPeriod=10y.")


def test_without_any_sink_everything_waits_at_the_collector(own_broker: Broker) -> None:
    log = MemoryLog()
    add(log, 0, 600)
    collector = Collector(upstream(own_broker.port), log)
    with running(collector):
        until(lambda: collector.callback.delivery.error, "the trouble")
        assert collector.callback.delivery.error == "No sink listens at this MQTT broker: what is sent waits here."
        assert collector.callback.delivery.waiting == 600
        assert collector.cursor == 0


GOOD = Batch(batch="good", samples=[WireSample(START * 1000, 300)])


@pytest.mark.parametrize(
    ("topic", "payload", "receipt"),
    [
        ("fleet/a/b/samples", b"", None),
        ("fleet/a/b/samples", b"{", None),
        ("fleet/a/b/samples", b"[" * 100_000, None),
        ("fleet/a/b/samples", b"\x91" * 100_000, None),
        ("fleet/a/b/samples", b'{"v":2,"batch":"new","samples":[]}', "new"),
        ("fleet/a/b/samples", b'{"v":1,"batch":"none","samples":[]}', "none"),
        ("fleet/a/b/samples", b'{"v":1,"batch":"odd","samples":[[1,2,3,"HP",{"a b":1}]]}', "odd"),
        ("fleet/a/b/samples", b'{"v":1,"batch":"neg","samples":[[1,-2]]}', "neg"),
        ("fleet/a/b/samples", encode(Batch(batch="far", samples=[WireSample(4_000_000_000_000, 1)]), "json"), "far"),
    ],
)
def test_what_is_no_batch_harms_nobody(
    broker: Broker, influxd: InfluxServer, topic: str, payload: bytes, receipt: str | None
) -> None:
    sink = RunningSink(broker.port, database(influxd.port, "hostile"), group="hostile")
    heard: list[Any] = []
    client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
    client.on_message = lambda _client, _data, message: heard.append(bytes(message.payload))
    client.connect("127.0.0.1", broker.port)
    client.loop_start()
    client.subscribe("fleet/a/b/receipts", qos=1)
    with running(sink):
        until(lambda: sink.sink.working, "the sink")
        client.publish(topic, payload, qos=1)
        client.publish("fleet/a/b/samples", encode(GOOD, "json"), qos=1)
        until(lambda: any(b'"good"' in each for each in heard), "the receipt of the good one")
        refused = [each for each in heard if b'"refused"' in each]
        if receipt is None:
            assert refused == []
            assert sink.sink.count.unreadable == 1
        else:
            assert [f'"{receipt}"'.encode() in each for each in refused] == [True]
            assert sink.sink.count.refused == 1
        assert sink.error is None
    client.disconnect()
    client.loop_stop()


def test_a_refused_batch_is_told_of_and_holds_nothing_back(broker: Broker, influxd: InfluxServer) -> None:
    log = MemoryLog()
    log.add(4_000_000_000, 300, {"BASE": 1})
    collector = Collector(upstream(broker.port, site="ahead"), log)
    sink = RunningSink(broker.port, database(influxd.port, "ahead"), group="ahead")
    with running(collector, sink):
        until(lambda: collector.cursor == 1, "the refusal")
        said = add(log, 0, 10)
        until(lambda: collector.cursor == 11, "the receipt")
        (remark,) = collector.callback.delivery.remarks
    assert remark.startswith("1 sample was refused for good: a sample's time is in the future")
    assert stored(influxd.port, "ahead") == {("ahead", "house"): said}


def test_what_influxdb_refuses_costs_itself_only(broker: Broker, influxd: InfluxServer) -> None:
    """A field that somebody else made a text: the batches of that shard are told of, the others are written."""
    odd = database(influxd.port, "odd")
    odd.begin()
    odd.write(f'linky_fleet,site=x,meter=y wh_easf01="text" {START * 1000}\n'.encode())
    good, bad = MemoryLog(), MemoryLog()
    said = add(good, 0, 900)
    bad.add(START + 1, 300, {"EASF01": 5})
    collectors = [
        Collector(upstream(broker.port, site="odd", meter="good"), good),
        Collector(upstream(broker.port, site="odd", meter="bad"), bad),
    ]
    sink = RunningSink(broker.port, odd, group="odd")
    with running(*collectors, sink):
        until(lambda: collectors[0].cursor == 900 and collectors[1].cursor == 1, "the receipts")
        assert "field type conflict" in collectors[1].callback.delivery.remarks[0]
    assert stored(influxd.port, "odd")["odd", "good"] == said


def test_the_memory_of_a_sink_is_bounded_while_its_database_is_away(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What has no room is forgotten, and sent again by its collector."""
    monkeypatch.setattr(module, "_ROOM", 3_000)
    away = database(free_port())
    monkeypatch.setattr(away, "begin", tuple)
    monkeypatch.setattr(away, "run", bytes)
    sink = RunningSink(broker.port, away, group="bounded")
    log = MemoryLog()
    add(log, 0, 4_000)
    until(lambda: sink.sink.working, "the sink")
    collector = Collector(upstream(broker.port, site="bounded"), log)
    with running(collector, sink):
        until(lambda: sink.sink.count.no_room, "what has no room")
        assert sink.sink.waiting <= 3_000
        assert collector.cursor == 0


@pytest.mark.usefixtures("soon")
def test_a_killed_sink_is_replaced_by_the_others_and_one_that_left_gets_no_share(
    broker: Broker, influxd: InfluxServer
) -> None:
    log = MemoryLog()
    said = add(log, 0, 1_000)
    processes = {name: command(broker.port, influxd.port, name) for name in ("a", "b")}
    collector = Collector(upstream(broker.port, site="processes"), log)
    with running(collector):
        until(lambda: collector.cursor == 1_000, "the receipts")
        processes["a"].kill()
        processes["a"].wait()
        said |= add(log, 1_000, 4_000)
        until(lambda: collector.cursor == 5_000, "all receipts")
        left = command(broker.port, influxd.port, "a", "--leave")
        assert left.wait(PATIENCE) == 0
        said |= add(log, 5_000, 2_000)
        until(lambda: collector.cursor == 7_000, "all receipts")
    processes["b"].terminate()
    assert processes["b"].wait(PATIENCE) == 0
    assert stored(influxd.port, "processes") == {("processes", "house"): said}


def command(broker: int, influxd: int, name: str, *more: str) -> "subprocess.Popen[bytes]":
    """`linkytui sink` as a person runs it."""
    where = f"mqtt://127.0.0.1:{broker}", "--to", f"influxdb://127.0.0.1:{influxd}/processes"
    return subprocess.Popen(
        [sys.executable, "-m", "linkytui", "sink", *where, "--name", name, "--group", "processes", *more],
        stderr=subprocess.DEVNULL,
    )
