"""Memory over many frames: of the reader and the meter in this process, and of the program with its dashboard open.

    python benchmarks/memory.py [--frames 200000] [--mode historic|standard] [--without-screen]

The frames are those of a simulated household, made as they are needed. The dashboard runs in a pseudo-terminal of
120x40 with its history on, and its port is fed as fast as it reads. Prints the resident memory near the start, in the
middle and at the end of each.
"""

import argparse
import os
import pty
import sys
import tempfile
import time
import tty
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.terminal import Terminal, person
from linkytui.reading import Contract, Meter
from linkytui.simulator.meter import SimulatedMeter
from linkytui.tic import FrameReader, Mode

_START = 1_790_000_000.0
_SETTLED = 0.1
"""Part of the frames after which the count begins: what is kept for a while has filled up by then."""

LIMIT_MB = 60


def resident_mb() -> float:
    """Resident memory of this process, in MB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1000
    raise SystemExit("this system does not tell the memory of a process")


def through_the_reader(mode: Mode) -> Iterator[None]:
    """Read a frame at each step, 1.5 s of the household's time after the one before."""
    simulated = SimulatedMeter(Contract.TEMPO, mode, start=_START, seed=1)
    reader, meter = FrameReader(), Meter()
    at = _START
    while True:
        at += 1.5
        for frame in reader.feed(simulated.frame(at)):
            meter.observe(frame, at)
        yield


def to_the_port(port: int, mode: Mode) -> Iterator[None]:
    """Write a frame at each step, as soon as there is room; the household lives in real time."""
    simulated = SimulatedMeter(Contract.TEMPO, mode, start=_START, seed=1)
    begun = time.monotonic()
    while True:
        rest = simulated.frame(_START + time.monotonic() - begun)
        while rest:
            rest = rest[os.write(port, rest) :]
        yield


def report(title: str, steps: Iterator[None], frames: int, memory: Callable[[], float]) -> None:
    """Take the steps and print the memory three times."""
    print(title)
    done, told = 0, []
    for upto in (int(frames * _SETTLED), frames // 2, frames):
        while done < upto:
            next(steps)
            done += 1
        told.append(memory())
        print(f"  after {done:>9,} frames: {told[-1]:6.1f} MB")
    print(f"  growth: {told[-1] - told[0]:+.1f} MB (limit: flat)")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, default=200_000)
    parser.add_argument("--mode", type=Mode, choices=list(Mode), default=Mode.HISTORIC)
    parser.add_argument("--without-screen", action="store_true")
    options = parser.parse_args()
    report("reader and meter", through_the_reader(options.mode), options.frames, resident_mb)
    if options.without_screen:
        return
    port, line = pty.openpty()
    tty.setraw(line)
    with tempfile.TemporaryDirectory() as folder:
        # At this pace thousands of frames wait for each flush of the history, where a meter sends seven in ten seconds.
        environment = person(Path(folder), "[history]\nflush_seconds = 1\n")
        command = [sys.executable, "-m", "linkytui", "--port", os.ttyname(line)]
        with Terminal(command, environment=environment) as program:
            title = f"with the dashboard open (limit {LIMIT_MB} MB)"
            report(title, to_the_port(port, options.mode), options.frames, program.resident_megabytes)


if __name__ == "__main__":
    main()
