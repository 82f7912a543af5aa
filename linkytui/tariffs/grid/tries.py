"""Harmless tries of what the process that reads a PDF must not do, made inside its walls. Each should be refused."""

import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from typing import Final

_OWN: Final = __file__  # a file that this user may read, and often write


def refused(tries: "Mapping[str, Callable[[], object]] | None" = None) -> dict[str, bool]:
    """Make each try; whether it was refused, by its name."""
    return {name: _is_refused(act) for name, act in (TRIES if tries is None else tries).items()}


def _is_refused(act: Callable[[], object]) -> bool:
    try:
        act()
    except (OSError, RuntimeError, subprocess.SubprocessError):
        return True
    return False


def _write() -> None:
    path = f"{_OWN}.{os.getpid()}"
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    os.unlink(path)  # noqa: PTH108 -- as directly as possible


def _fork() -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def _connect() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as made, contextlib.suppress(ConnectionRefusedError):
        made.connect("\0nobody listens here")


def _thread() -> None:
    import _thread as threads

    threads.start_new_thread(lambda: None, ())


TRIES: Final[Mapping[str, Callable[[], object]]] = {
    "read a file": lambda: os.close(os.open(_OWN, os.O_RDONLY)),
    "list a folder": lambda: os.listdir(os.path.dirname(_OWN)),  # noqa: PTH120, PTH208 -- as directly as possible
    "write a file": _write,
    "ask about a file": lambda: os.stat(_OWN),  # noqa: PTH116 -- as directly as possible
    "change a file's mode": lambda: os.chmod(_OWN, os.stat(_OWN).st_mode),  # noqa: PTH101, PTH116 -- likewise
    "change a file's times": lambda: os.utime(_OWN, (os.stat(_OWN).st_atime, os.stat(_OWN).st_mtime)),  # noqa: PTH116
    "read on from what was open": lambda: os.read(0, 1),
    "make a socket": lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM).close(),
    "connect to a socket": _connect,
    "start a process": _fork,
    "run a program": lambda: subprocess.run([sys.executable, "-c", ""], check=True),
    "start a thread": _thread,
    "signal a process": lambda: os.kill(os.getppid(), 0),
    "watch another process": lambda: os.sched_getaffinity(os.getppid()),
}
