"""From the last byte of a frame to its power on the terminal.

    python benchmarks/latency.py [--frames 300] [--mode historic|standard]

The meter speaks at the pace of its line, in pieces of 16 ms as a USB dongle hands them over. The clock starts when the
frame's ETX is written to the port and stops when the big number has come out of the terminal.
"""

import argparse
import os
import pty
import statistics
import sys
import tempfile
import time
import tty
from collections.abc import Iterator
from pathlib import Path

import pyte

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.terminal import Terminal, person
from linkytui.reading import Contract
from linkytui.simulator.meter import SimulatedMeter
from linkytui.tic import BAUDRATES, FrameReader, Mode, encode_frame
from linkytui.tui.widgets.big_number import big_number

_COLUMNS, _ROWS = 120, 40
_PIECE = 0.016
_POWER = {Mode.HISTORIC: "PAPP", Mode.STANDARD: "SINSTS"}


def frames(mode: Mode, count: int) -> Iterator[tuple[int, bytes]]:
    """Frames that each say another power, with that power in VA."""
    start = 1_770_315_000.0
    (frame,) = FrameReader().feed(SimulatedMeter(Contract.HPHC, mode, start=start).frame(start))
    for number in range(count):
        power = 1001 + number * 7
        groups = [
            group._replace(data=f"{power:05}") if group.label == _POWER[mode] else group for group in frame.groups
        ]
        yield power, encode_frame(groups, mode)


def say(port: int, frame: bytes, bytes_per_second: float) -> float:
    """Send a frame at the pace of the line; when its last byte was sent, on the monotonic clock."""
    size = max(1, int(bytes_per_second * _PIECE))
    due = time.monotonic()
    for first in range(0, len(frame) - 1, size):
        piece = frame[first : min(first + size, len(frame) - 1)]
        due += len(piece) / bytes_per_second
        time.sleep(max(0.0, due - time.monotonic()))
        os.write(port, piece)
    sent_at = time.monotonic()
    os.write(port, frame[-1:])
    return sent_at


def shows(screen: pyte.Screen, power: int) -> bool:
    """Whether the big number on a screen is this power."""
    first, second, third = big_number(f"{power:,}".replace(",", " "))
    rows = screen.display
    return any(
        (column := above.find(first)) >= 0
        and middle.startswith(second, column)
        and below.startswith(third.rstrip(), column)
        for above, middle, below in zip(rows, rows[1:], rows[2:], strict=False)
    )


def measure(mode: Mode, count: int) -> list[float]:
    """Seconds that each frame took, one that came before the screen stood aside."""
    port, line = pty.openpty()
    tty.setraw(line)
    rate = BAUDRATES[mode] / 10
    sent: list[tuple[int, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        environment = person(Path(folder))
        command = [sys.executable, "-m", "linkytui", "--lang", "en", "--port", os.ttyname(line)]
        with Terminal(command, columns=_COLUMNS, rows=_ROWS, environment=environment, keep=True) as program:
            while b"Power now" not in program.output:
                time.sleep(0.05)
            time.sleep(1.0)
            for power, frame in frames(mode, count + 1):
                sent.append((power, say(port, frame, rate)))
                time.sleep(0.025)
            time.sleep(1.0)
    screen = pyte.Screen(_COLUMNS, _ROWS)
    stream = pyte.ByteStream(screen)
    taken, waiting, place = [], sent[1:], 0
    for at, end in program.pieces:
        stream.feed(bytes(program.output[place:end]))
        place = end
        while waiting and waiting[0][1] <= at and shows(screen, waiting[0][0]):
            taken.append(at - waiting.pop(0)[1])
    if waiting:
        raise SystemExit(f"{len(waiting)} of {count} frames never came to the terminal, the first {waiting[0][0]} VA")
    return taken


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--frames", type=int, default=300)
    parser.add_argument("--mode", type=Mode, choices=list(Mode), default=Mode.STANDARD)
    options = parser.parse_args()
    taken = sorted(measure(options.mode, options.frames))
    p50, p99 = statistics.median(taken), taken[min(int(len(taken) * 0.99), len(taken) - 1)]
    print(f"{options.mode} mode, {len(taken)} frames, last byte to terminal:")
    print(f"p50 {p50 * 1000:.1f} ms   p99 {p99 * 1000:.1f} ms   max {taken[-1] * 1000:.1f} ms")


if __name__ == "__main__":
    main()
