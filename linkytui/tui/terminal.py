"""The terminal itself: output that it may refuse, and a terminal that is gone."""

import contextlib
import os
import select
import selectors
import threading
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import ClassVar, Final
from weakref import WeakSet

from textual.constants import ESCAPE_DELAY
from textual.drivers import linux_driver
from textual.drivers._writer_thread import WriterThread


class SteadyWriter(WriterThread):
    """Textual's output, which goes on when the terminal refuses it: else its queue fills, and the program hangs."""

    def run(self) -> None:
        while (text := self._queue.get()) is not None:
            with contextlib.suppress(OSError, ValueError):
                self._file.write(text)
                if self._queue.empty():
                    self._file.flush()
        with contextlib.suppress(OSError, ValueError):
            self._file.flush()


_SEQUENCE: Final = ESCAPE_DELAY + 1.0  # seconds after a key for which one has to see whether it was a sequence's first


class PatientSelector(selectors.SelectSelector):
    """Waits for keys until some come: Textual looks ten times a second whether it is to end.

    For a while after a key it waits as long as it is told, since the rest of an escape sequence may follow or not; once
    it was woken, too.
    """

    _all: ClassVar["WeakSet[PatientSelector]"] = WeakSet()

    def __init__(self) -> None:
        super().__init__()
        self._alarm = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        self._hasty_until = 0.0
        self._woken = False
        self.register(self._alarm, selectors.EVENT_READ)
        self._all.add(self)

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        hasty = self._woken or time.monotonic() < self._hasty_until
        keys = [(key, events) for key, events in super().select(timeout if hasty else None) if key.fd != self._alarm]
        if keys:
            self._hasty_until = time.monotonic() + _SEQUENCE
        return keys

    def close(self) -> None:
        super().close()
        if self._alarm >= 0:
            os.close(self._alarm)
            self._alarm = -1

    @classmethod
    def wake(cls) -> None:
        """Have all of them look up, and from now on as often as they are told."""
        for each in tuple(cls._all):
            each._woken = True
            if each._alarm >= 0:
                os.eventfd_write(each._alarm, 1)


_disable_input = linux_driver.LinuxDriver.disable_input


def _wake_and_disable_input(driver: linux_driver.LinuxDriver) -> None:
    PatientSelector.wake()  # its thread is about to be waited for
    _disable_input(driver)


def use_steady_output() -> None:
    """Have Textual write and read through them from now on."""
    linux_driver.WriterThread = SteadyWriter  # type: ignore[attr-defined]
    linux_driver.selectors = SimpleNamespace(  # type: ignore[attr-defined, assignment]
        SelectSelector=PatientSelector, EVENT_READ=selectors.EVENT_READ
    )
    linux_driver.LinuxDriver.disable_input = _wake_and_disable_input  # type: ignore[assignment]


def tell_when_gone(terminal: int, tell: Callable[[], object]) -> None:
    """Call something once, on a thread of its own, when a terminal goes away, be it without a signal.

    `terminal`: file descriptor, which may come to mean another file afterwards. Reading from a terminal that is gone
    returns nothing at once, for ever.
    """
    watched = os.dup(terminal)
    poll = select.poll()
    poll.register(watched, 0)  # for a hang-up or an error, which are told always

    def watch() -> None:
        poll.poll()
        os.close(watched)
        tell()

    threading.Thread(target=watch, name="terminal", daemon=True).start()
