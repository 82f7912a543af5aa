"""Collectors on a disk of one megabyte that is really full, read-only or away: they read on, and write what waited."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from linkytui.history import HistoryReader
from tests.collector.processes import Collector, CountingMeter
from tests.line.relay.visitors import Listening
from tests.lines import wait_until

pytestmark = pytest.mark.usefixtures("heavy")
Record = Callable[[str, object], None]


class Disk:
    """A file system of its own in memory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"
        self._mount("-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder))

    def fill(self) -> None:
        """Leave no byte free."""
        with self._ballast.open("ab", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(512))

    def empty(self) -> None:
        """Make room."""
        self._ballast.unlink(missing_ok=True)

    def refuse(self) -> None:
        """Let nothing be written. Only while nobody has a file open there."""
        subprocess.run(["mount", "-o", "remount,ro,size=1m", str(self.folder)], check=True)

    def allow(self) -> None:
        """Let it be written again."""
        subprocess.run(["mount", "-o", "remount,rw,size=1m", str(self.folder)], check=True)

    def close(self) -> None:
        """Take it away."""
        subprocess.run(["umount", "--lazy", str(self.folder)], check=True)

    @staticmethod
    def _mount(*arguments: str) -> None:
        if os.geteuid():
            pytest.skip("only root can make a disk")
        if subprocess.run(["mount", *arguments], capture_output=True, check=False).returncode:
            pytest.skip("this machine lets nobody make a disk")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """An empty disk."""
    folder = tmp_path / "disk"
    folder.mkdir()
    made = Disk(folder)
    yield made
    made.close()


class Home:
    """A collector whose history is on that disk, and its meter."""

    def __init__(self, folder: Path, disk: Disk) -> None:
        self.meter = CountingMeter(folder / "meter")
        self.collector = Collector(folder, self.meter.port, LINKYTUI_HISTORY_FOLDER=str(disk.folder / "history"))
        self.history = HistoryReader(disk.folder / "history")

    def start(self) -> None:
        """Start it, and listen to what it reads."""
        self.collector.start()
        self._guest = Listening(self.collector.place.socket)
        wait_until(lambda: self.meter.heard)
        assert self.collector.report, "who asks later than the guest came is answered when the guest is let in"

    def talk(self, frames: int = 20) -> None:
        """Let so many frames be read, each for itself."""
        for _ in range(frames):
            self._guest.hear(self.meter.send(pace=0.01))

    def says(self, text: str) -> None:
        """Let the meter talk until the collector says this of its history."""
        wait_until(lambda: (report := self.collector.report) and text in report.history_trouble, self.talk)

    def is_well(self) -> None:
        """Let the meter talk until the collector has nothing to say of its history."""
        wait_until(lambda: (report := self.collector.report) and not report.history_trouble, self.talk)

    def end(self) -> None:
        """End it politely."""
        assert self.collector.stop() == 0
        self._guest.socket.close()

    def settle(self, record: Record, tries: int = 1, *, lost: int = 0) -> None:
        """End, and see that all frames but those that were lost are written, with every watt-hour."""
        self.talk()
        self.end()
        assert "Traceback" not in self.collector.log
        samples = self.history.samples(limit=1_000_000)
        kept = [sample.power or 0 for sample in samples]
        assert kept == sorted(set(kept))
        record("tries", tries)
        record("frames", self.meter.frames - len(kept) - lost)
        assert len(kept) == self.meter.frames - lost
        booked = self.history.registers_at(time.time())["HP"].wh - samples[0].registers["HP"]
        record("wh", self.meter.registers[-1] - self.meter.registers[kept[0] - 1] - booked)
        assert self.history.registers_at(time.time())["HP"].wh == self.meter.registers[-1]
        self.meter.unplug()


@pytest.fixture
def home(tmp_path: Path, disk: Disk) -> Iterator[Home]:
    """A home whose collector is not started yet."""
    made = Home(tmp_path, disk)
    yield made
    process = made.collector.process
    if process is not None and process.poll() is None:
        made.collector.kill()


def test_a_disk_that_is_full_at_the_start(disk: Disk, home: Home, record_property: Record) -> None:
    disk.fill()
    home.start()
    home.says("disk")
    disk.empty()
    home.is_well()
    home.settle(record_property)


def test_a_disk_that_is_read_only_at_the_start(disk: Disk, home: Home, record_property: Record) -> None:
    disk.refuse()
    home.start()
    home.says("ead-only")
    disk.allow()
    home.is_well()
    home.settle(record_property)


def test_a_disk_that_fills_up_three_times(disk: Disk, home: Home, record_property: Record) -> None:
    home.start()
    home.is_well()
    for _ in range(3):
        disk.fill()
        home.says("The disk is full")
        disk.empty()
        home.is_well()
    home.settle(record_property, 3)


def test_a_polite_end_with_a_full_disk_tells_what_is_lost(disk: Disk, home: Home, record_property: Record) -> None:
    home.start()
    home.is_well()
    disk.fill()
    home.says("The disk is full")
    home.talk()
    home.end()
    kept = len(home.history.samples(limit=1_000_000))
    lost = home.meter.frames - kept
    assert f"{lost} readings could not be written and are lost" in home.collector.log
    disk.empty()
    home.start()
    home.is_well()
    home.settle(record_property, lost=lost)
