"""A program that records without end, to be killed by a test: one sample every few milliseconds, ten seconds apart.

It prints the number of the newest sample that is surely on the disk.
"""

import sys
import time
from pathlib import Path

from linkytui.history import HistoryWriter
from tests.history.household import at, steady

START = "2026-03-28 12:00"


def main(folder: str, first: int) -> None:
    start = at(START)
    with_end = steady(start, start + 10_000_000)
    writer = HistoryWriter(Path(folder), flush_seconds=3600.0, monotonic=None)
    for number, sample in enumerate(with_end):
        if number < first:
            continue
        writer.hear(sample)
        if number % 7 == 0:
            writer.flush()
            print(number, flush=True)  # noqa: T201 -- the test reads it
        time.sleep(0.001)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
