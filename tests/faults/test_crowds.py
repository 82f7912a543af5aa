"""Crowds around one collector: 200 guests by TCP, idle ones in all places, 20 screens. The reading notices none."""

import select
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from linkytui.history import HistoryReader
from tests.collector.processes import Collector, CountingMeter
from tests.line.relay.visitors import Listening
from tests.lines import wait_until
from tests.servers import free_port
from tests.terminal import Terminal

pytestmark = pytest.mark.usefixtures("heavy")
Record = Callable[[str, object], None]

GUESTS = 200
SCREENS = 20
FRAMES = 200


class Home:
    """A collector that anybody reaches by TCP, its meter, and one guest who listens to all of it."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.address = ("127.0.0.1", free_port())
        self.meter = stack.enter_context(CountingMeter(folder / "meter"))
        tcp = f"{self.address[0]}:{self.address[1]}"
        self.collector = stack.enter_context(Collector(folder, self.meter.port, LINKYTUI_RELAY_TCP=tcp))
        self.guest = stack.enter_context(Listening(self.collector.place.socket))
        wait_until(lambda: self.meter.heard)
        assert self.collector.report, "who asks later than the guest came is answered when the guest is let in"
        self.heard = 0

    def talk(self, frames: int = FRAMES) -> None:
        """Let so many frames be read."""
        for _ in range(frames):
            self.guest.hear(self.meter.send(pace=0.005))

    def settle(self, record: Record, tries: int) -> None:
        """End, and see that every frame was read and written."""
        assert self.collector.stop() == 0
        assert "Traceback" not in self.collector.log
        kept = HistoryReader(self.collector.history).samples(limit=1_000_000)
        record("tries", tries)
        record("frames", self.meter.frames - len(kept))
        assert len(kept) == self.meter.frames
        assert kept[-1].registers["HP"] == self.meter.registers[-1]


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """Ends what a test began."""
    with ExitStack() as made:
        yield made


def test_two_hundred_guests_hear_every_frame(tmp_path: Path, stack: ExitStack, record_property: Record) -> None:
    home = Home(tmp_path, stack)
    wait_until(lambda: reached(home.address))
    guests = [stack.enter_context(Listening(home.address)) for _ in range(GUESTS)]
    home.talk(1)
    wait_until(lambda: select.select([guests[-1].socket], [], [], 0)[0], lambda: home.talk(1))
    before = home.meter.frames
    home.talk()
    last = f"PAPP {home.meter.frames:05}".encode()
    for guest in guests:
        heard = b""
        while last not in heard:
            heard += guest.socket.recv(65536)
        assert [
            number for number in range(before + 1, home.meter.frames + 1) if b"PAPP %05d" % number not in heard
        ] == []
    home.settle(record_property, GUESTS)


def test_idle_guests_in_all_places_keep_nobody_out(tmp_path: Path, stack: ExitStack, record_property: Record) -> None:
    home = Home(tmp_path, stack)
    wait_until(lambda: reached(home.address))
    for _ in range(256):
        stack.enter_context(Listening(home.address))
    for _ in range(GUESTS):
        with Listening(home.address) as late:
            wait_until(lambda late=late: select.select([late.socket], [], [], 0)[0], lambda: home.talk(1))  # type: ignore[misc]
            assert late.hear(1) == b"\x02"
    home.settle(record_property, GUESTS)


def test_twenty_screens_show_what_one_reads(
    tmp_path: Path, stack: ExitStack, record_property: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path, stack)
    for name, value in home.collector.environment.items():
        if name.startswith("LINKYTUI_"):
            monkeypatch.setenv(name, value)
    screens = [stack.enter_context(Terminal([sys.executable, "-m", "linkytui"])) for _ in range(SCREENS)]
    for screen in screens:
        wait_until(lambda screen=screen: screen.shows(r"live.*collector"), lambda: home.talk(1))  # type: ignore[misc]
    home.talk()
    for screen in screens:
        screen.press("q")
        assert screen.ended() == 0
    home.settle(record_property, SCREENS)


def reached(address: tuple[str, int]) -> bool:
    """Whether somebody lets guests in there."""
    try:
        Listening(address).socket.close()
    except ConnectionRefusedError:
        return False
    return True
