"""Runs a program in a pseudo-terminal of its own and measures it: bytes written, processor time, memory."""

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

_TICKS = os.sysconf("SC_CLK_TCK")
_FOLDERS = ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR")


def person(folder: Path, settings: str = "") -> dict[str, str]:
    """The environment of somebody whose files are all in this folder, and who has been through the first start."""
    file = folder / "linkytui" / "config.toml"
    file.parent.mkdir()
    file.write_text(settings)
    return {**dict.fromkeys(_FOLDERS, str(folder)), "LANG": "C.UTF-8"}


class Terminal:
    """A program on a pseudo-terminal. What it writes is counted, and kept when asked for."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        columns: int = 120,
        rows: int = 40,
        environment: Mapping[str, str] | None = None,
        keep: bool = False,
    ) -> None:
        self.written = 0
        self.output = bytearray()
        self.pieces: list[tuple[float, int]] = []
        """When each piece of the output came, on the monotonic clock, and where in it the piece ends."""
        self.first_byte_at: float | None = None
        """On the monotonic clock."""
        self._keep = keep
        self._ended = threading.Event()
        self.started_at = time.monotonic()
        self.pid, self._master = pty.fork()
        if self.pid == 0:
            env = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", **(environment or {})}
            os.execvpe(command[0], list(command), env)  # noqa: S606 -- a program of this benchmark, without a shell
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def _read(self) -> None:
        while not self._ended.is_set():
            ready, _, _ = select.select([self._master], [], [], 0.2)
            if not ready:
                continue
            try:
                data = os.read(self._master, 65536)
            except OSError:
                return
            if not data:
                return
            if self.first_byte_at is None:
                self.first_byte_at = time.monotonic()
            self.written += len(data)
            if self._keep:
                self.output += data
                self.pieces.append((time.monotonic(), len(self.output)))

    def send(self, keys: bytes) -> None:
        """Type keys."""
        os.write(self._master, keys)

    def processor_seconds(self) -> float:
        """Processor time that the program has used so far, of all its threads."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def resident_megabytes(self) -> float:
        """Memory that it holds now."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        return 0.0

    def end(self) -> None:
        """Ask it to stop, then make it."""
        if self._ended.is_set():
            return
        for wanted in (signal.SIGTERM, signal.SIGKILL):
            os.kill(self.pid, wanted)
            deadline = time.monotonic() + 5
            while time.monotonic() < deadline:
                if os.waitpid(self.pid, os.WNOHANG)[0]:
                    self._ended.set()
                    self._reader.join(1)
                    os.close(self._master)
                    return
                time.sleep(0.05)
