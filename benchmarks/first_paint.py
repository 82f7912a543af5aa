"""Time to the first paint, beside an empty Textual application.

    python benchmarks/first_paint.py [--runs 10]

A paint is the first write of the alternate screen's content; both run in the same kind of pseudo-terminal, in turn.
Both are compiled beforehand, as installing a package does.
"""

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.port import FakePort
from benchmarks.terminal import Terminal, person

_LINKYTUI = str(Path(sys.executable).with_name("linkytui"))
"""The command that people type."""

_EMPTY = """
from textual.app import App
from textual.widgets import Static


class Empty(App):
    def compose(self):
        yield Static("READY")


Empty().run()
"""


def painted(command: list[str], mark: bytes, environment: dict[str, str]) -> float:
    """Seconds until the program has written the mark."""
    with Terminal(command, environment=environment, keep=True) as program:
        deadline = time.monotonic() + 30
        while mark not in program.output:
            if time.monotonic() > deadline:
                raise SystemExit(f"{command} never painted {mark!r}")
            time.sleep(0.002)
        return time.monotonic() - program.started_at


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=10)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "empty.py"
        script.write_text(_EMPTY)
        environment = {
            **person(Path(folder)),
            "PYTHONDONTWRITEBYTECODE": "",
            "PYTHONPYCACHEPREFIX": str(Path(folder) / "compiled"),
        }
        port = FakePort()
        times: dict[str, list[float]] = {"empty": [], "linkytui": []}
        commands = {
            "empty": ([sys.executable, str(script)], b"READY"),
            "linkytui": ([_LINKYTUI, "--lang", "en", "--port", port.path], b"Power now"),
        }
        try:
            for run in range(options.runs + 1):
                for name, (command, mark) in commands.items():
                    seconds = painted(command, mark, environment)
                    if run:  # the first run compiles, and warms the disk
                        times[name].append(seconds)
        finally:
            port.close()
    medians = {name: statistics.median(values) for name, values in times.items()}
    for name, median in medians.items():
        print(f"{name:10} {median * 1000:7.0f} ms")
    print(f"{'ratio':10} {medians['linkytui'] / medians['empty']:7.2f}")


if __name__ == "__main__":
    main()
