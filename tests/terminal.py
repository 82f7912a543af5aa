"""A program on a real pseudo-terminal, whose screen a test can read and whose keys it can press."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte

from tests.lines import PATIENCE


class Terminal:
    """Runs a program in a terminal of some size until it ends, at the latest with the block."""

    def __init__(
        self, command: Sequence[str], *, columns: int = 80, rows: int = 24, folder: Path | None = None
    ) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        inherited = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
        environment = inherited | {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8"}
        self._process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, env=environment, cwd=folder, start_new_session=True
        )
        os.close(slave)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        if self._master >= 0:
            os.close(self._master)

    @property
    def pid(self) -> int:
        """The number of the program's process."""
        return self._process.pid

    @property
    def text(self) -> str:
        """What stands on the screen, row by row."""
        return "\n".join(self._screen.display)

    def signs(self, row: int) -> list[tuple[str, str]]:
        """The signs of a row with their colours, as pyte names these."""
        cells = self._screen.buffer[row]
        return [(cells[column].data, cells[column].fg) for column in range(self._screen.columns)]

    def press(self, keys: str) -> None:
        """Send keys as a terminal does."""
        os.write(self._master, keys.encode())

    def wipe(self) -> None:
        """Take everything off the screen, as another program may that has the terminal meanwhile."""
        self._screen.reset()

    def shows(self, pattern: str) -> bool:
        """Whether a regular expression is found on the screen now."""
        while self._waits(0.02):
            assert self._listen(), f"it ended by itself:\n{self.text}"
        return re.search(pattern, self.text) is not None

    def wait_for(self, pattern: str) -> str:
        """Wait until a regular expression is found on the screen, and return the screen."""
        deadline = time.monotonic() + PATIENCE
        while not re.search(pattern, self.text):
            assert time.monotonic() < deadline, f"{pattern} never came:\n{self.text}"
            assert self._listen(), f"it ended by itself:\n{self.text}"
        return self.text

    def ended(self) -> int:
        """Wait until the program has ended, and return its exit status."""
        deadline = time.monotonic() + PATIENCE
        while self._listen():
            assert time.monotonic() < deadline, f"it does not end:\n{self.text}"
        return self._process.wait(PATIENCE)

    def interrupt(self) -> int:
        """Ask the program to end, as `kill` does, and return its exit status."""
        self._process.terminate()
        return self.ended()

    def hang_up(self) -> int:
        """Take the terminal away, as when an SSH session is lost, and return the program's exit status."""
        os.close(self._master)
        self._master = -1
        self._process.send_signal(signal.SIGHUP)
        return self._process.wait(PATIENCE)

    def vanish(self) -> int:
        """Take the terminal away without a word to the program, and return its exit status."""
        os.close(self._master)
        self._master = -1
        return self._process.wait(PATIENCE)

    def _listen(self) -> bool:
        """Take what the program writes within a second; False once it writes no more for good."""
        if self._waits(1):
            try:
                self._stream.feed(os.read(self._master, 65536))
            except OSError:  # the other end is closed
                return False
        return True

    def _waits(self, seconds: float) -> bool:
        """Whether there is something that the program wrote, within some seconds."""
        return bool(select.select([self._master], [], [], seconds)[0])
