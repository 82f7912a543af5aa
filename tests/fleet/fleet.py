"""A small fleet for tests: collectors without a meter, sinks on threads, and what the databases hold."""

import json
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from linkytui.fleet.database import Database
from linkytui.fleet.sink import Sink
from linkytui.outputs.callbacks.influxdb.address import InfluxAddress
from linkytui.outputs.callbacks.mqtt.session import BrokerAddress
from linkytui.outputs.callbacks.samples import MemoryLog
from linkytui.outputs.callbacks.upstream.callback import READER, Upstream, UpstreamCallback
from tests.lines import PATIENCE

BASE = "fleet"
START = 1_790_000_000


def upstream(port: int, site: str = "here", meter: str | None = "house", **more: Any) -> Upstream:
    """Where a collector of the tests sends to: a new batch at every look. `login`: user name, and password."""
    login = more.pop("login", None)
    broker = BrokerAddress(host="127.0.0.1", port=port, username=login, password=login)
    return Upstream(broker=broker, base=BASE, site=site, meter=meter, interval=0.01, **more)


def add(log: MemoryLog, first: int, count: int, *, start: float = START) -> dict[int, int]:
    """Samples of one meter, a second apart; power by time in milliseconds."""
    for place in range(first, first + count):
        log.add(start + place, place % 7000, {"HC": 5_602_128 + place // 50, "HP": 7_923_975})
    return {round((start + place) * 1000): place % 7000 for place in range(first, first + count)}


class Collector:
    """An upstream callback on a thread of its own, as a collector runs it."""

    def __init__(self, to: Upstream, log: MemoryLog, **options: Any) -> None:
        self.log = log
        self.callback = UpstreamCallback(to, samples=log, **options)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._stop.wait(0.02):
            self.callback.idle()
        self.callback.close()

    @property
    def cursor(self) -> int:
        """How far receipts came."""
        return self.log.cursor(READER) or 0

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(PATIENCE)


class RunningSink:
    """A sink on a thread of its own."""

    def __init__(self, broker: int, database: Database, name: str = "one", **options: Any) -> None:
        login = options.pop("login", None)
        address = BrokerAddress(host="127.0.0.1", port=broker, username=login, password=login)
        self.sink = Sink(address, BASE, database, name=name, **options)
        self.error: BaseException | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self.sink.run(self._stop)
        except BaseException as error:
            self.error = error

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(PATIENCE)


@contextmanager
def running(*parts: Collector | RunningSink) -> Iterator[None]:
    """Have them end with a test."""
    try:
        yield
    finally:
        for part in parts:
            part.stop()


def until(condition: Callable[[], object], what: str) -> None:
    """Wait for something that other threads bring about."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(f"{what} did not come about")
        time.sleep(0.02)


def database(port: int, name: str = "linky") -> Database:
    return Database(InfluxAddress(host="127.0.0.1", port=port, database=name))


def stored(port: int, name: str, field: str = "power") -> dict[tuple[str, str], dict[int, int]]:
    """What an InfluxDB holds, by site and meter: values by time in milliseconds."""
    asked = f'SELECT "{field}" FROM linky_fleet GROUP BY *'  # noqa: S608 -- ours
    query = urllib.parse.urlencode({"db": name, "epoch": "ms", "q": asked})
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/query?{query}", timeout=30) as answer:
        found = json.load(answer)
    series = found["results"][0].get("series", [])
    return {
        (one["tags"]["site"], one["tags"]["meter"]): {at: value for at, value in one["values"] if value is not None}
        for one in series
    }
