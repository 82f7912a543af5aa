"""What a process costs, as /proc tells it."""

import os
from pathlib import Path
from typing import Final, NamedTuple

_TICKS: Final = os.sysconf("SC_CLK_TCK")


class Cost(NamedTuple):
    """What a process has used so far, and what it holds now."""

    processor: float  # seconds, of all its threads
    resident: float  # MB
    threads: int
    wakes: int  # times that its threads waited for something and went on


def cost_of(pid: int) -> Cost:
    """Read it; OSError when the process has ended."""
    folder = Path(f"/proc/{pid}")
    fields = (folder / "stat").read_text().rpartition(")")[2].split()
    status = dict(line.partition(":")[::2] for line in (folder / "status").read_text().splitlines())
    wakes = 0
    for task in (folder / "task").iterdir():
        for line in (task / "status").read_text().splitlines():
            if line.startswith("voluntary_ctxt_switches:"):
                wakes += int(line.split()[1])
    return Cost(
        processor=(int(fields[11]) + int(fields[12])) / _TICKS,
        resident=int(status["VmRSS"].split()[0]) / 1024,
        threads=int(status["Threads"]),
        wakes=wakes,
    )
