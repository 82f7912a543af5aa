"""A fleet's middle with real servers: what sinks take of the processor, and whether every sample is there once.

    python benchmarks/fleet.py [--meters 10000] [--seconds 600] [--sinks 3] [--database victoria-metrics] [--calm]

mosquitto, influxd and victoria-metrics are those of the machine. The meters are simulated by one process that knows of
each no more than its batches without a receipt: a batch of seven samples every ten seconds each. Unless it is to be
calm, two sinks are killed (one comes back, one does not), then the broker, then the database, each in its part of the
time. At the end everything that was sent is looked for in the database. First, one sink and a plain loop of paho-mqtt
and the influxdb client empty the same queue, one after the other.
"""

import argparse
import atexit
import itertools
import json
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.process import Cost, cost_of
from linkytui.outputs.callbacks.mqtt.session import BrokerAddress, Session, Wishes
from linkytui.outputs.callbacks.upstream.batch import Batch, Decoder, Receipt, WireSample, encode
from tests.servers import Broker, InfluxServer, VictoriaMetrics

_EVERY: Final = 10.0  # seconds between two batches of a meter
_SAMPLES: Final = 7  # of a batch
_AGAIN: Final = 60.0  # seconds without a receipt after which a batch is sent again
_QUEUE: Final = 3_000  # batches that one sink and the plain loop empty
_PATIENCE: Final = 300.0
_LASTING: Final = ("persistence true", "autosave_interval 1", "max_queued_messages 1000000")

_PLAIN: Final = """
import sys, threading
import influxdb, msgspec, paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
broker, database, count = map(int, sys.argv[1:])
server = influxdb.InfluxDBClient("127.0.0.1", database, database="plain")
server.create_database("plain")
done, left = threading.Event(), [count]
def heard(client, data, message):
    site, meter = message.topic.split("/")[1:3]
    batch = msgspec.msgpack.decode(message.payload)
    server.write_points([
        {"measurement": "linky_fleet", "tags": {"site": site, "meter": meter}, "time": at,
         "fields": {"power": power, **{"wh_" + name.lower(): wh for name, wh in registers.items()}}}
        for at, power, injected, period, registers in batch["samples"]
    ], time_precision="ms")
    left[0] -= 1
    left[0] or done.set()
client = mqtt.Client(CallbackAPIVersion.VERSION2, "plain", protocol=mqtt.MQTTv5)
client.on_message = heard
client.connect("127.0.0.1", broker, clean_start=False)
client.loop_start()
done.wait()
"""


class Town:
    """Simulated meters behind one connection; what has no receipt is sent again, as collectors do."""

    def __init__(self, broker: int, meters: int, base: str) -> None:
        self.base = base
        self.sent = 0  # batches
        self._meters = meters
        self._number = itertools.count()
        self._open: dict[str, tuple[str, bytes, float]] = {}
        self._heard: deque[bytes] = deque()
        self._reader = Decoder(Receipt)
        self._session = Session(
            BrokerAddress(host="127.0.0.1", port=broker),
            Wishes(client_id=f"town-{base}"),
            topics=[f"{base}/+/+/receipts"],
            heard=lambda message: self._heard.append(bytes(message.payload)),
        )
        until(lambda: self._session.stands and self._session.hears, "the broker")

    @property
    def open(self) -> int:
        """Batches without a receipt."""
        while self._heard:
            for name in self._reader.decode(self._heard.popleft()).batches:
                self._open.pop(name, None)
        return len(self._open)

    def batch(self) -> None:
        """The next meter's batch."""
        number = next(self._number)
        meter, turn = number % self._meters, number // self._meters
        start = 1_790_000_000_000 + turn * 10_000
        samples = [
            WireSample(start + place * 1_429 + meter % 1_000, (meter + place) % 6_000) for place in range(_SAMPLES)
        ]
        samples[0] = WireSample(samples[0].at, samples[0].power, None, "HC", {"HC": 5_000_000 + turn, "HP": 7_000_000})
        payload = encode(Batch(batch=f"b{number}", samples=samples), "msgpack")
        topic = f"{self.base}/s{meter // 10}/m{meter:05}/samples"
        self._open[f"b{number}"] = topic, payload, time.monotonic()
        self._session.publish(topic, payload, expires=_AGAIN)
        self.sent += 1

    def again(self) -> None:
        """Send once more what waits for too long."""
        now = time.monotonic()
        if self.open and self._session.stands:
            for name, (topic, payload, at) in list(self._open.items()):
                if now - at > _AGAIN:
                    self._open[name] = topic, payload, now
                    self._session.publish(topic, payload, expires=_AGAIN)

    def live(self, seconds: float, events: list[tuple[float, Callable[[], None]]]) -> None:
        """Send for so long, in its own time; `events` happen after so many seconds."""
        began = time.monotonic()
        due = sorted(events, key=lambda event: event[0])
        while (passed := time.monotonic() - began) < seconds:
            while due and due[0][0] <= passed:
                due.pop(0)[1]()
            while self.sent < passed * self._meters / _EVERY:
                self.batch()
            self.again()
            time.sleep(0.02)

    def close(self) -> None:
        self._session.close()


class Sinks:
    """`linkytui sink`, some of them."""

    def __init__(self, broker: int, database: str, base: str) -> None:
        self._to = f"mqtt://127.0.0.1:{broker}/{base}", "--to", database
        self._group = base
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.before: dict[str, Cost] = {}
        self.costs: list[tuple[str, float, float]] = []  # name, seconds of the processor, MB at most

    def start(self, name: str, *more: str) -> None:
        command = [sys.executable, "-m", "linkytui", "sink", *self._to, "--name", name, "--group", self._group, *more]
        self.running[name] = subprocess.Popen(command, stderr=subprocess.DEVNULL)

    def mark(self) -> None:
        """Count what they cost from now on."""
        self.before = {name: cost_of(process.pid) for name, process in self.running.items()}

    def kill(self, name: str) -> None:
        self._count(name)
        process = self.running.pop(name)
        process.kill()
        process.wait()

    def stop(self) -> None:
        for name in list(self.running):
            self._count(name)
            process = self.running.pop(name)
            process.terminate()
            process.wait()

    def _count(self, name: str) -> None:
        pid = self.running[name].pid
        now, before = cost_of(pid), self.before.get(name)
        self.costs.append((name, now.processor - (before.processor if before else 0.0), peak_of(pid)))


def peak_of(pid: int) -> float:
    """MB that a process held at most."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


def until(condition: Callable[[], object], what: str) -> None:
    """Wait for something that others bring about."""
    deadline = time.monotonic() + _PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise SystemExit(f"{what} did not come about")
        time.sleep(0.05)


def in_influxdb(port: int, name: str) -> tuple[int, int]:
    """Points, and series, of a database."""

    def ask(query: str) -> Any:
        address = f"http://127.0.0.1:{port}/query?{urllib.parse.urlencode({'db': name, 'q': query})}"
        with urllib.request.urlopen(address, timeout=_PATIENCE) as answer:
            return json.load(answer)["results"][0]["series"][0]["values"]

    return ask("SELECT count(power) FROM linky_fleet")[0][1], len(ask("SHOW SERIES FROM linky_fleet"))


def in_victoria_metrics(server: VictoriaMetrics) -> tuple[int, int]:
    """Samples, and series, once all is merged as its deduplication has it."""
    with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/internal/force_flush", timeout=_PATIENCE):
        pass
    samples = series = 0
    query = "match[]=linky_fleet_power&start=0&end=4102444800"
    with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/api/v1/export?{query}", timeout=_PATIENCE) as answer:
        for line in answer:
            samples += len(set(json.loads(line)["timestamps"]))
            series += 1
    return samples, series


def plain_and_one(broker: Broker, influxd: InfluxServer) -> None:
    """How many samples a second one sink takes, and how many the plain loop."""
    rates = {}
    for name in ("plain", "one"):
        client = "plain" if name == "plain" else f"linkytui-{name}-a"
        topic = f"{name}/+/+/samples" if name == "plain" else f"$share/{name}/{name}/+/+/samples"
        wishes = Wishes(client_id=client, keeps=3_600, kept_ones=False)
        session = Session(BrokerAddress(host="127.0.0.1", port=broker.port), wishes, topics=[topic])
        until(lambda session=session: session.stands and session.hears, "the subscription")  # type: ignore[misc]
        session.close()
        town = Town(broker.port, 1_000, name)
        for _batch in range(_QUEUE):
            town.batch()
        time.sleep(3.0)  # all of them are at the broker
        began = time.monotonic()
        if name == "plain":
            subprocess.run([sys.executable, "-c", _PLAIN, *map(str, (broker.port, influxd.port, _QUEUE))], check=True)
        else:
            sinks = Sinks(broker.port, f"influxdb://127.0.0.1:{influxd.port}/one", name)
            atexit.register(sinks.stop)
            sinks.start("a")
            until(lambda town=town: not town.open, "all receipts")  # type: ignore[misc]
            sinks.stop()
        rates[name] = _QUEUE * _SAMPLES / (time.monotonic() - began)
        town.close()
    print(f"one sink: {rates['one']:,.0f} samples a second, a plain loop: {rates['plain']:,.0f}", end="")
    print(f", {rates['one'] / rates['plain']:.1f} times (wanted: 3); starting is in both")


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--meters", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--sinks", type=int, default=3)
    parser.add_argument("--database", choices=("influxdb", "victoria-metrics"), default="influxdb")
    parser.add_argument("--calm", action="store_true", help="kill nothing")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        places = {name: Path(folder, name) for name in ("broker", "influxd", "victoria")}
        for place in places.values():
            place.mkdir()
        broker = Broker(places["broker"], *_LASTING, f"persistence_location {places['broker']}/")
        influxd = InfluxServer(places["influxd"])
        servers: list[Broker | InfluxServer | VictoriaMetrics] = [broker, influxd]
        database: InfluxServer | VictoriaMetrics = influxd
        if options.database == "victoria-metrics":
            database = VictoriaMetrics(places["victoria"], "-retentionPeriod=10y", "-dedup.minScrapeInterval=1ms")
            servers.append(database)
        for server in servers:
            server.start()
        try:
            plain_and_one(broker, influxd)
            fleet(broker, database, options)
        finally:
            for server in servers:
                server.stop()


def fleet(broker: Broker, database: InfluxServer | VictoriaMetrics, options: argparse.Namespace) -> None:
    """The fleet's time, with what happens in it, and what came of it."""
    sinks = Sinks(broker.port, f"influxdb://127.0.0.1:{database.port}/town", "town")
    atexit.register(sinks.stop)
    for number in range(options.sinks):
        sinks.start(str(number))
    time.sleep(5.0)  # they have come in
    town = Town(broker.port, options.meters, "town")
    sinks.mark()
    part = options.seconds / 5

    def anew(server: Broker | InfluxServer | VictoriaMetrics) -> None:
        server.kill()
        threading.Thread(target=server.start).start()

    def back() -> None:
        sinks.kill("0")
        sinks.start("0")

    events: list[tuple[float, Callable[[], None]]] = (
        []
        if options.calm
        else [
            (part, back),
            (2 * part, lambda: sinks.kill("1")),
            (3 * part, lambda: anew(broker)),
            (4 * part, lambda: anew(database)),
        ]
    )
    town.live(options.seconds, events)
    ended = time.monotonic()
    while town.open:
        town.again()
        time.sleep(0.1)
        if time.monotonic() - ended > _PATIENCE + options.seconds:
            print(f"{town.open} batches have no receipt")
            break
    print(f"{town.sent:,} batches sent, the last receipt {time.monotonic() - ended:.0f} s after the last of them")
    sinks.stop()
    town.close()
    spent = sum(seconds for _name, seconds, _peak in sinks.costs)
    print(f"sinks: {spent / (options.seconds) * 100:.0f} % of a core in all (wanted: 60)", end="")
    print(f", {max(peak for _name, _seconds, peak in sinks.costs):.0f} MB at most (wanted: 60)")
    found, series = (
        in_influxdb(database.port, "town") if isinstance(database, InfluxServer) else in_victoria_metrics(database)
    )
    wanted = town.sent * _SAMPLES
    print(f"in the database: {found:,} samples of {wanted:,} in {series:,} series: {found - wanted:+,} (wanted: +0)")


if __name__ == "__main__":
    main()
