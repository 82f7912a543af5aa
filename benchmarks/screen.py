"""Terminal bytes and processor time of the dashboard, beside glances in the same minutes.

    python benchmarks/screen.py [--seconds 60] [--without-glances]

The meter is simulated on a pseudo-terminal: one historic frame every 1.5 s, power and registers changing.
glances comes from PyPI into an environment of its own.
"""

import argparse
import contextlib
import os
import pty
import subprocess
import sys
import tempfile
import threading
import time
import tty
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.terminal import Terminal, person
from linkytui.reading import Contract
from linkytui.simulator.meter import SimulatedMeter
from linkytui.tic import Mode

_SETTLING = 8.0
"""Seconds before the count begins: starting is another benchmark's business."""


class FakePort:
    """A serial port on which a simulated meter speaks one frame every 1.5 s."""

    def __init__(self, *, every: float = 1.5, mode: Mode = Mode.HISTORIC) -> None:
        self._master, slave = pty.openpty()
        tty.setraw(slave)
        self._slave = slave
        self.path = os.ttyname(slave)
        self._stop = threading.Event()
        self._every = every
        start = 1_770_315_000.0
        self._meter = SimulatedMeter(Contract.HPHC, mode, start=start)
        self._at = start
        self._thread = threading.Thread(target=self._speak, daemon=True)
        self._thread.start()

    def _speak(self) -> None:
        os.set_blocking(self._master, False)
        while not self._stop.is_set():
            self._at += self._every
            with contextlib.suppress(BlockingIOError):  # nobody reads
                os.write(self._master, self._meter.frame(self._at))
            self._stop.wait(self._every)

    def close(self) -> None:
        """End it."""
        self._stop.set()
        self._thread.join()
        os.close(self._master)
        os.close(self._slave)


def glances_command(folder: Path) -> list[str]:
    """Install glances in an environment of its own and say how to start it."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    subprocess.run([str(folder / "bin/pip"), "install", "--quiet", "glances"], check=True)
    return [str(folder / "bin/glances"), "--disable-check-update"]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--without-glances", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir()
        environment = person(home)
        port = FakePort()
        programs = {
            "linkytui": Terminal([sys.executable, "-m", "linkytui", "--port", port.path], environment=environment)
        }
        if not options.without_glances:
            programs["glances"] = Terminal(glances_command(Path(folder) / "glances"), environment=environment)
        try:
            time.sleep(_SETTLING)
            before = {name: (program.written, program.processor_seconds()) for name, program in programs.items()}
            begun = time.monotonic()
            time.sleep(options.seconds)
            took = time.monotonic() - begun
            print(f"{'':10} {'bytes/s':>9} {'bytes/frame':>12} {'CPU %':>7} {'CPU ms/frame':>13} {'RSS MB':>7}")
            for name, program in programs.items():
                written = (program.written - before[name][0]) / took
                used = (program.processor_seconds() - before[name][1]) / took
                print(
                    f"{name:10} {written:9.0f} {written * 1.5:12.0f} {used * 100:7.2f} {used * 1500:13.1f}"
                    f" {program.resident_megabytes():7.1f}"
                )
        finally:
            for program in programs.values():
                program.end()
            port.close()


if __name__ == "__main__":
    main()
