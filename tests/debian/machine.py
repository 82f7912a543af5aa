"""A meter on a pseudo-terminal, and patience with what other machines do."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

ROOT = Path(__file__).parents[2]
PATIENCE = 90.0
"""Seconds that anything may take here before a test gives up; a loaded machine needs some."""

T = TypeVar("T")


def until(what: str, found: Callable[[], T]) -> T:
    """What a function finds, as soon as it finds something."""
    deadline = time.monotonic() + PATIENCE
    while not (value := found()):
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        time.sleep(0.2)
    return value


def tool(name: str) -> str:
    """A program that these tests need."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    assert found, f"{name} is missing: docs/testing.md says what make debian needs"
    return found


class Meter:
    """`linkytui demo --pty`: a household's meter, until the block ends."""

    def __init__(self, link: Path) -> None:
        self._link = link
        command = [sys.executable, "-m", "linkytui", "demo", "--contract", "hphc", "--mode", "historic"]
        command += ["--pty", str(link)]
        self._process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)

    def __enter__(self) -> Self:
        until("the meter's port", self._link.exists)
        return self

    @property
    def port(self) -> str:
        """The pseudo-terminal, such as /dev/pts/5."""
        return os.path.realpath(self._link)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(PATIENCE)
