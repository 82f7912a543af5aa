"""The dashboard on a tenth of a core, as on a small Pi: what is lost, how far behind it is, how soon keys answer.

    python benchmarks/quota.py [--share 0.1] [--seconds 60] [--mode historic|standard]

The quota is one of the system's control groups, version 1, which root may make; the program begins without it, since
starting is another benchmark's business. The meter says another power at every frame, in the pieces of a USB dongle.
"""

import argparse
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pyte

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.port import FakePort
from benchmarks.terminal import Terminal, person
from linkytui.tic import Mode

_GROUPS: Final = Path("/sys/fs/cgroup/cpu")
_PERIOD: Final = 100_000  # microseconds
_STARTING: Final = 10.0
_KEYS: Final = (b"?", b"\x1b")  # the help opens and closes
_COLUMNS: Final = 120
_ROWS: Final = 40


@contextmanager
def quota(pid: int, share: float) -> Iterator[None]:
    """Let a process have no more than this share of a core."""
    group = _GROUPS / f"linkytui-{pid}"
    try:
        group.mkdir()
    except OSError as error:
        raise SystemExit(f"no control group can be made here: {error}") from None
    try:
        (group / "cpu.cfs_period_us").write_text(str(_PERIOD))
        (group / "cpu.cfs_quota_us").write_text(str(round(_PERIOD * share)))
        (group / "cgroup.procs").write_text(str(pid))
        yield
    finally:
        (_GROUPS / "cgroup.procs").write_text(str(pid))
        group.rmdir()


def answered(terminal: Terminal, key: bytes) -> float:
    """Seconds from a key to the first thing that the program writes more than a digit or two."""
    before = terminal.written
    terminal.send(key)
    begun = time.monotonic()
    while terminal.written - before < 1000:
        if time.monotonic() - begun > 30:
            raise SystemExit("a key was never answered")
        time.sleep(0.002)
    return time.monotonic() - begun


def counted(terminal: Terminal) -> tuple[int, str]:
    """The frames that the screen says it has read, and the share of rejected groups."""
    screen = pyte.Screen(_COLUMNS, _ROWS)
    pyte.ByteStream(screen).feed(bytes(terminal.output))
    found = re.search(r"([\d,]+) frames · ([\d.]+) % rejected", "\n".join(screen.display))
    if found is None:
        raise SystemExit("the screen does not show what it has read:\n" + "\n".join(screen.display))
    return int(found[1].replace(",", "")), found[2]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--share", type=float, default=0.1)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--mode", type=Mode, choices=list(Mode), default=Mode.HISTORIC)
    options = parser.parse_args()
    port = FakePort(mode=options.mode, sliced=True, jumps=True)
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "linkytui", "--lang", "en", "--port", port.path]
        environment = person(Path(folder))
        with Terminal(command, columns=_COLUMNS, rows=_ROWS, environment=environment, keep=True) as terminal:
            time.sleep(_STARTING)
            with quota(terminal.pid, options.share):
                sent, (read, _share) = port.frames, counted(terminal)
                behind, delays = [], []
                end = time.monotonic() + options.seconds
                while time.monotonic() < end:
                    for key in _KEYS:
                        delays.append(answered(terminal, key))
                        time.sleep(1.0)
                    time.sleep(3.0)
                    now, shown = port.frames, counted(terminal)
                    behind.append((now - sent) - (shown[0] - read))
            print(f"{options.mode} mode, {options.share:.0%} of a core, {port.frames - sent} frames")
            print(f"frames behind: {max(behind)} at most, {behind[-1]} at the end; rejected groups: {shown[1]} %")
            print(f"keys: {sorted(delays)[len(delays) // 2] * 1000:.0f} ms, {max(delays) * 1000:.0f} ms at most")
    port.close()


if __name__ == "__main__":
    main()
