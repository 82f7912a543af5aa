"""Not a test but a script: shows that an installed `linkytui` works, from outside, as a person would find out.

Usage: python tests/smoke.py COMMAND [CAPTURE]
"""

import fcntl
import json
import os
import pty
import re
import select
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path

import pyte

from linkytui.reading import Contract
from linkytui.simulator.meter import SimulatedMeter
from linkytui.tic import Mode

START = 1_780_000_000.0
"""A moment in 2026, in seconds since 1970."""
LINES, COLUMNS = 24, 80
PATIENCE = 60.0
"""Seconds for the screen to show what it should; a loaded machine needs some."""


def main() -> None:
    """Try the version, the decoder and the screen."""
    command, *captures = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {f"XDG_{name}_HOME": folder for name in ("CONFIG", "DATA", "STATE", "CACHE")}
        version = subprocess.run([command, "--version"], capture_output=True, text=True, check=True).stdout
        say(version.strip())
        decode(command, Path(captures[0]) if captures else made_capture(Path(folder)))
        show(command)


def decode(command: str, capture: Path) -> None:
    """Decode a capture and look at what comes out."""
    done = subprocess.run([command, "decode", "--json", str(capture)], capture_output=True, text=True, check=True)
    frames = [json.loads(line) for line in done.stdout.splitlines()]
    assert any(frame["complete"] and frame["groups"] for frame in frames), done
    say(f"decode: {done.stderr.strip()}")


def made_capture(folder: Path) -> Path:
    """Some frames of a simulated meter, as they come from a line."""
    meter = SimulatedMeter(Contract.HPHC, Mode.HISTORIC, start=START)
    path = folder / "made.tic"
    path.write_bytes(b"".join(meter.frame(START + 2 * number) for number in range(20)))
    return path


def show(command: str) -> None:
    """Open the demo in a pseudo-terminal, wait for a power on it, and leave it by its key."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
    screen = pyte.Screen(COLUMNS, LINES)
    stream = pyte.ByteStream(screen)
    variables = os.environ | {"TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
    with subprocess.Popen(
        [command, "demo"], stdin=theirs, stdout=theirs, stderr=theirs, env=variables, start_new_session=True
    ) as process:
        os.close(theirs)
        deadline = time.monotonic() + PATIENCE
        while not re.search(r"\d VA", text := "\n".join(screen.display)):
            assert time.monotonic() < deadline, f"no power on the screen:\n{text}"
            assert process.poll() is None, f"it ended by itself:\n{text}"
            if select.select([ours], [], [], 1)[0]:
                stream.feed(os.read(ours, 65536))
        say(text)
        os.write(ours, b"q")
        while process.poll() is None:
            assert time.monotonic() < deadline, "it does not end"
            if select.select([ours], [], [], 0.2)[0]:
                try:
                    os.read(ours, 65536)
                except OSError:
                    break
        assert process.wait(PATIENCE) == 0
    say("demo: shown and left")


def say(text: str) -> None:
    """Print for the log."""
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main()
