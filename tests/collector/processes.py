"""Collectors as processes of their own, and a meter that feeds them many frames a second."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from linkytui.line.relay.place import Place
from linkytui.line.relay.report import Report
from linkytui.line.relay.subscription import query_report
from linkytui.tic import Group, Mode, encode_frame
from tests.lines import PATIENCE, FakeMeter, wait_until

BASE_WH = 1_000_000
WATTS = 3600
"""What the register of the counting meter rises by: one Wh a second."""


class CountingMeter(FakeMeter):
    """Numbers its frames by their power, and counts a Wh for each second that passes."""

    def __init__(self, link: Path) -> None:
        super().__init__(link)
        self.frames = 0
        """How many it has sent."""
        self.sent_at: list[float] = []
        """When each was sent, on the monotonic clock; frame n, of n VA, is the nth."""
        self.registers: list[int] = []
        """What each said, in Wh."""
        self._begun = time.monotonic()

    def send(self, count: int = 1, pace: float = 0.0) -> int:
        """Send frames as fast as they are read, or one every so many seconds; how many bytes these were."""
        pause = threading.Event()
        sent = 0
        for _ in range(count):
            self.frames += 1
            self.sent_at.append(time.monotonic())
            self.registers.append(BASE_WH + int(time.monotonic() - self._begun))
            frame = self._frame(self.frames, self.registers[-1])
            self.say(frame)
            sent += len(frame)
            if pace:
                pause.wait(pace)
        return sent

    def _frame(self, power: int, register: int) -> bytes:
        groups = [
            Group("ADCO", "012345678901"),
            Group("OPTARIF", "HC.."),
            Group("ISOUSC", "60"),
            Group("HCHC", "000723392"),
            Group("HCHP", f"{register:09}"),
            Group("PTEC", "HP.."),
            Group("IINST", "001"),
            Group("IMAX", "090"),
            Group("PAPP", f"{power:05}"),
            Group("HHPHC", "A"),
            Group("MOTDETAT", "000000"),
        ]
        return encode_frame(groups, Mode.HISTORIC)


class Collector:
    """`linkytui collect` in a process, with everything of its own in one folder."""

    def __init__(self, folder: Path, port: str, *options: str, **variables: str) -> None:
        self.folder = folder
        self.port = port
        self.options = options
        self.place = Place(folder / "run" / "linkytui.sock")
        self.history = folder / "history"
        self.environment = os.environ | {
            "LINKYTUI_METER_PORT": port,
            "LINKYTUI_RELAY_SOCKET": str(self.place.socket),
            "LINKYTUI_HISTORY_FOLDER": str(self.history),
            "LINKYTUI_HISTORY_FLUSH_SECONDS": "1",
            "LINKYTUI_TARIFF_FETCH": "false",
            "LC_ALL": "C.UTF-8",
            **variables,
        }
        self.process: subprocess.Popen[str] | None = None
        self._log = folder / "log"

    @property
    def log(self) -> str:
        """What it has written on stderr."""
        return self._log.read_text() if self._log.exists() else ""

    @property
    def report(self) -> Report | None:
        """What it says of itself now."""
        return query_report(self.place)

    def start(self) -> Self:
        """Start it, and wait until it can be found."""
        self.launch()
        wait_until(lambda: self.report, self._lives)
        return self

    def launch(self) -> Self:
        """Start it, and wait for nothing."""
        with self._log.open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "linkytui", "collect", *self.options],
                stderr=log,
                env=self.environment,
                text=True,
            )
        return self

    def reads(self, frames: int) -> None:
        """Wait until it has read so many frames."""
        wait_until(lambda: (report := self.report) and report.link.frames >= frames, self._lives)

    def kill(self) -> None:
        """Kill it with -9."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(PATIENCE)

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End it politely; its exit status."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def _lives(self) -> None:
        assert self.process is not None
        assert self.process.poll() is None, self.log

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process is not None and self.process.poll() is None:
            self.kill()
