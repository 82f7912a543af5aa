"""Terminal bytes, processor time and memory of the dashboard, beside another version and glances in the same minutes.

    python benchmarks/screen.py [--beside TREE] [--seconds 60] [--size 120x40] [--mode historic|standard]
                                [--without-glances]

The meter is simulated on pseudo-terminals, one for each program: in the pieces in which an FTDI dongle hands its bytes
over, and once more whole frames at once. Its power jumps at every frame. glances comes from PyPI into an environment of
its own.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.port import FakePort
from benchmarks.process import Cost, cost_of
from benchmarks.terminal import Terminal, person
from linkytui.tic import Mode

_SETTLING: Final = 10.0
"""Seconds before the count begins: starting is another benchmark's business."""


class Program:
    """A program in a terminal, and what it costs."""

    def __init__(self, name: str, terminal: Terminal, port: FakePort | None) -> None:
        self.name = name
        self._terminal = terminal
        self._port = port
        self._begun = 0.0
        self._cost: Cost | None = None
        self._written = self._frames = 0

    def begin(self) -> None:
        """Count from now."""
        self._begun = time.monotonic()
        self._cost = cost_of(self._terminal.pid)
        self._written = self._terminal.written
        self._frames = self._port.frames if self._port else 0

    def show(self) -> None:
        """Print a line of what came of it up to now."""
        assert self._cost is not None
        took, cost = time.monotonic() - self._begun, cost_of(self._terminal.pid)
        frames = self._port.frames - self._frames if self._port else took / 1.5
        used, written = cost.processor - self._cost.processor, self._terminal.written - self._written
        print(
            f"{self.name:20} {written / took:9.0f} {written / frames:12.0f} {100 * used / took:7.2f}"
            f" {1000 * used / frames:13.1f} {cost.resident:7.1f}"
        )


def glances_command(folder: Path) -> list[str]:
    """Install glances in an environment of its own and say how to start it."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    subprocess.run([str(folder / "bin/pip"), "install", "--quiet", "glances"], check=True)
    return [str(folder / "bin/glances"), "--disable-check-update"]


def programs(
    stack: ExitStack, options: argparse.Namespace, glances: list[str] | None, *, sliced: bool
) -> list[Program]:
    """Start everything that is compared."""
    trees = {"linkytui": Path(__file__).parents[1]} | ({"beside": options.beside} if options.beside else {})
    columns, rows = map(int, options.size.split("x"))
    started = []
    how = "in pieces" if sliced else "whole"

    def start(command: list[str], environment: dict[str, str]) -> Terminal:
        return stack.enter_context(Terminal(command, columns=columns, rows=rows, environment=environment))

    for name, tree in trees.items():
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        port = FakePort(mode=options.mode, sliced=sliced, jumps=True)
        stack.callback(port.close)
        command = [sys.executable, "-P", "-m", "linkytui", "--port", port.path]
        terminal = start(command, {**person(folder), "PYTHONPATH": str(tree)})
        started.append(Program(f"{name} {how}", terminal, port))
    if glances is not None:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        started.append(Program("glances", start(glances, person(folder)), None))
    return started


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--beside", type=Path, help="a checkout of another version")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--size", default="120x40", help="columns and rows")
    parser.add_argument("--mode", type=Mode, choices=list(Mode), default=Mode.HISTORIC)
    parser.add_argument("--without-glances", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        glances = None if options.without_glances else glances_command(Path(folder))
        print(f"{'':20} {'bytes/s':>9} {'bytes/frame':>12} {'CPU %':>7} {'CPU ms/frame':>13} {'RSS MB':>7}")
        for sliced in (True, False):
            with ExitStack() as stack:
                started = programs(stack, options, glances, sliced=sliced)
                time.sleep(_SETTLING)
                for program in started:
                    program.begin()
                time.sleep(options.seconds)
                for program in started:
                    program.show()


if __name__ == "__main__":
    main()
