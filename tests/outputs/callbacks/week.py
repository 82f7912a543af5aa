"""A simulated week of an HC/HP meter, and a log of it that outlives a killed callback."""

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from linkytui.outputs.callbacks.influxdb.address import InfluxAddress
from linkytui.outputs.callbacks.influxdb.callback import InfluxDBCallback
from linkytui.outputs.callbacks.influxdb.client import Answer, InfluxClient
from linkytui.outputs.callbacks.samples import MemoryLog, SampleLog
from linkytui.reading import Contract, Reading
from linkytui.tic import Frame, Mode
from tests.lines import PATIENCE
from tests.outputs.callbacks.fake_influxdb import FakeInfluxDB

PARIS = ZoneInfo("Europe/Paris")
NOTHING = Frame(Mode.HISTORIC, (), (), complete=True, offset=0)


class Clock:
    """A clock that a test moves."""

    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def readings(start: float, seconds: float, step: float) -> Iterator[Reading]:
    """What the meter says: power that goes up and down, registers that only grow."""
    hc, hp = 5_602_128, 7_923_975
    for count in range(int(seconds / step)):
        at = start + count * step
        power = 300 + count * 7919 % 4001
        if int(at) % 86_400 < 8 * 3600:
            hc += power * int(step) // 3600
        else:
            hp += power * int(step) // 3600
        yield Reading(
            at=at,
            mode=Mode.HISTORIC,
            meter_id="041864000001",
            contract=Contract.HPHC,
            registers={"HC": hc, "HP": hp},
            power=power,
        )


def add(log: MemoryLog, reading: Reading) -> None:
    """Put a reading into the log, as the history does."""
    assert reading.power is not None
    log.add(reading.at, reading.power, reading.registers)


class KnowingClient(InfluxClient):
    """Waits as long as it takes for an answer, but not long for one that will never come."""

    def __init__(self, address: InfluxAddress, fake: FakeInfluxDB | None) -> None:
        super().__init__(address, connect_timeout=PATIENCE, read_timeout=PATIENCE)
        self._fake = fake

    def _exchange(self, method: str, target: str, body: bytes) -> Answer:
        hangs = self._fake is not None and self._fake.hangs(target.partition("?q=")[2])
        self._answer_timeout = 0.2 if hangs else PATIENCE
        return super()._exchange(method, target, body)


def callback(
    server: int | FakeInfluxDB, database: str, log: SampleLog | None, clock: Clock, **options: Any
) -> InfluxDBCallback:
    """A callback that writes to a server of this machine: a fake one, or the one at a port."""
    fake = server if isinstance(server, FakeInfluxDB) else None
    port = server if isinstance(server, int) else server.port
    return InfluxDBCallback(
        InfluxAddress(host="127.0.0.1", port=port, database=database),
        samples=log,
        zone=PARIS,
        clock=clock,
        connect=lambda address: KnowingClient(address, fake),
        **options,
    )


def work_off(callback: InfluxDBCallback, clock: Clock) -> None:
    """Let the callback send all it has, past any pause."""
    clock.now += 61
    for _ in range(200):
        if callback.idle() and not callback.delivery.waiting:
            return
        clock.now += 6
    raise AssertionError(f"it does not end: {callback.delivery}")


def expected(reading: Reading) -> tuple[int, int, int, int]:
    """Second, PAPP, HCHC and HCHP of a reading."""
    assert reading.power is not None
    return int(reading.at), reading.power, reading.registers["HC"], reading.registers["HP"]
