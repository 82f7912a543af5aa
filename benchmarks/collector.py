"""Processor time a frame, memory and threads of the collector, beside another version and a reader like linkypy's.

    python benchmarks/collector.py [--beside TREE] [--seconds 60] [--runs 5] [--mode historic|standard] [--influxdb]

The meter speaks on pseudo-terminals, in the pieces in which an FTDI dongle hands its bytes over, and once more whole
frames at once. All programs run at the same time, each on a port and with an InfluxDB of its own that takes everything;
the time is the median of the runs. linkypy is on no package index, so a stand-in shows what its reader alone costs:
pyserial's threaded protocol, which reads what is waiting as soon as it comes, and nothing behind it.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.influx import FakeInflux
from benchmarks.port import FakePort
from benchmarks.process import Cost, cost_of
from benchmarks.terminal import person
from linkytui.tic import Mode

_SETTLING: Final = 15.0
"""Seconds before the count begins: starting is another benchmark's business, and the first look for prices is due."""

_THREADED: Final = """
import sys, time
import serial, serial.threaded

class Frames(serial.threaded.Packetizer):
    TERMINATOR = b"\\x03"
    def handle_packet(self, packet):
        for group in packet.split(b"\\r\\n"):
            sum(group[:-2]) & 0x3F

port = serial.Serial(sys.argv[1], 1200, bytesize=8)
serial.threaded.ReaderThread(port, Frames).start()
time.sleep(100000)
"""


class Program:
    """A reader of a port, and what it costs."""

    def __init__(self, name: str, command: list[str], port: FakePort, environment: dict[str, str]) -> None:
        self.name = name
        self._port = port
        self._process = subprocess.Popen(
            command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._before = (0.0, 0, 0)
        self.per_frame: list[float] = []  # ms of the processor
        self.wakes: list[float] = []
        self.last: Cost | None = None

    def begin(self) -> None:
        """Count from now."""
        cost = cost_of(self._process.pid)
        self._before = cost.processor, cost.wakes, self._port.frames

    def take(self) -> None:
        """Count up to now."""
        cost = self.last = cost_of(self._process.pid)
        processor, wakes, frames = self._before
        count = max(1, self._port.frames - frames)
        self.per_frame.append(1000 * (cost.processor - processor) / count)
        self.wakes.append((cost.wakes - wakes) / count)

    def end(self) -> None:
        """Stop it."""
        self._process.terminate()
        self._process.wait()


def programs(stack: ExitStack, options: argparse.Namespace, *, sliced: bool) -> list[Program]:
    """Start everything that is compared."""
    trees = {"linkytui": Path(__file__).parents[1]}
    if options.beside:
        trees["beside"] = options.beside
    started = []
    for name, tree in trees.items():
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        settings = ""
        if options.influxdb:
            database = stack.enter_context(FakeInflux())
            settings = f'[influxdb]\nenabled = true\nhost = "127.0.0.1"\nport = {database.port}\n'
        port = FakePort(mode=options.mode, sliced=sliced)
        stack.callback(port.close)
        environment = {**person(folder, settings), "PYTHONPATH": str(tree)}
        command = [sys.executable, "-P", "-m", "linkytui", "--port", port.path, "collect"]
        started.append(Program(name, command, port, environment))
        stack.callback(started[-1].end)
    port = FakePort(mode=options.mode, sliced=sliced)
    stack.callback(port.close)
    started.append(Program("threaded", [sys.executable, "-c", _THREADED, port.path], port, {}))
    stack.callback(started[-1].end)
    return started


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--beside", type=Path, help="a checkout of another version")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--mode", type=Mode, choices=list(Mode), default=Mode.HISTORIC)
    parser.add_argument("--influxdb", action="store_true", help="with InfluxDB on")
    options = parser.parse_args()
    print(f"{options.mode} mode{', with InfluxDB' if options.influxdb else ''}")
    print(f"{'':20} {'CPU ms/frame':>13} {'wakes/frame':>12} {'RSS MB':>7} {'threads':>8}")
    for sliced in (True, False):
        with ExitStack() as stack:
            started = programs(stack, options, sliced=sliced)
            time.sleep(_SETTLING)
            for _run in range(options.runs):
                for program in started:
                    program.begin()
                time.sleep(options.seconds / options.runs)
                for program in started:
                    program.take()
            for program in started:
                show(program, "in pieces" if sliced else "whole")


def show(program: Program, how: str) -> None:
    """Print a line."""
    assert program.last is not None
    milliseconds = statistics.median(program.per_frame)
    print(
        f"{program.name + ' ' + how:20} {milliseconds:13.2f} {statistics.median(program.wakes):12.1f}"
        f" {program.last.resident:7.1f} {program.last.threads:8}"
    )


if __name__ == "__main__":
    main()
