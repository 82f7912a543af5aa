"""Collectors that are killed while they start, after a second, at their flush: every watt-hour is there afterwards."""

import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from linkytui.history import HistoryReader
from tests.collector.processes import Collector, CountingMeter
from tests.lines import wait_until

pytestmark = pytest.mark.usefixtures("heavy")

PACE = 0.1
Record = Callable[[str, object], None]


class Household:
    """A meter that talks to whoever reads, and its collectors, one after the other."""

    def __init__(self, folder: Path, **variables: str) -> None:
        folder.mkdir()
        self.folder = folder
        self.meter = CountingMeter(folder / "meter")
        self.variables = variables
        self.unwritten = 0
        """Frames that a collector heard before it was killed and that are nowhere."""

    def talk(self, seconds: float) -> None:
        """Let the meter talk for so long, as far as somebody hears it."""
        end, pause = time.monotonic() + seconds, threading.Event()
        while (left := end - time.monotonic()) > 0:
            if self.meter.heard:
                self.meter.send(pace=min(PACE, left))
            else:
                pause.wait(min(0.002, left))

    def live(self, seconds: float, *, from_first_frame: bool) -> None:
        """Start a collector and kill it after so many seconds, counted from its start or from what it heard first."""
        heard = self.meter.frames
        collector = Collector(self.folder, self.meter.port, **self.variables).launch()
        if from_first_frame:
            wait_until(lambda: self.meter.heard)
        self.talk(seconds)
        collector.kill()
        said = set(range(heard + 1, self.meter.frames + 1))
        self.unwritten += len(said - self.kept)

    def settle(self) -> int:
        """A last life that ends politely; Wh that the record does not tell of what was drawn since its first frame."""
        collector = Collector(self.folder, self.meter.port, **self.variables).start()
        wait_until(lambda: self.meter.heard)
        self.talk(0.5)
        assert collector.stop() == 0
        assert "Traceback" not in collector.log
        kept, meter = sorted(self.kept), self.meter
        meter.unplug()
        reader = HistoryReader(self.folder / "history")
        for sample in reader.samples(0, 1_000_000):
            assert sample.registers["HP"] == meter.registers[(sample.power or 0) - 1], "a register that nobody said"
        recorded = reader.recorded()
        assert recorded is not None
        start, end = (datetime.fromtimestamp(moment, ZoneInfo("Europe/Paris")) for moment in recorded)
        booked = sum(hour.wh.get("HP", 0) for hour in reader.hours(start, end + timedelta(hours=1)))
        assert reader.registers_at(time.time())["HP"].wh == meter.registers[kept[-1] - 1]
        return meter.registers[kept[-1] - 1] - meter.registers[kept[0] - 1] - booked

    @property
    def kept(self) -> set[int]:
        """The numbers of the frames that are written."""
        return {sample.power or 0 for sample in HistoryReader(self.folder / "history").samples(0, 1_000_000)}


def tell(record: Record, tries: int, households: list[Household]) -> None:
    """Settle all of them, and record what was lost."""
    wh = sum(household.settle() for household in households)
    record("tries", tries)
    record("frames", sum(household.unwritten for household in households))
    record("wh", wh)
    assert wh == 0


def test_killed_while_it_starts(tmp_path: Path, record_property: Record) -> None:
    chance = random.Random(1)  # noqa: S311 -- the same moments each time
    household = Household(tmp_path / "home")
    began = time.monotonic()
    household.live(1.0, from_first_frame=True)
    usual = time.monotonic() - began
    for _ in range(30):
        household.live(chance.uniform(0.0, usual), from_first_frame=False)
    tell(record_property, 30, [household])


def test_killed_after_a_second(tmp_path: Path, record_property: Record) -> None:
    household = Household(tmp_path / "home")
    for _ in range(20):
        household.live(1.0, from_first_frame=True)
    tell(record_property, 20, [household])


def test_killed_at_the_flush(tmp_path: Path, record_property: Record) -> None:
    """Six households at once, each killed around the tenth second, when what came is written."""
    chance = random.Random(10)  # noqa: S311 -- the same moments each time
    households = [Household(tmp_path / str(number), LINKYTUI_HISTORY_FLUSH_SECONDS="10") for number in range(6)]
    moments = [[10.0 + chance.uniform(-0.3, 0.3) for _ in range(5)] for _ in households]

    def run(number: int) -> None:
        for moment in moments[number]:
            households[number].live(moment, from_first_frame=True)

    with ThreadPoolExecutor(len(households)) as pool:
        list(pool.map(run, range(len(households))))
    tell(record_property, 30, households)
