"""The terminal itself: output that it may refuse, and a terminal that is gone."""

import contextlib
import os
import select
import threading
from collections.abc import Callable

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


def use_steady_output() -> None:
    """Have Textual write through it from now on."""
    linux_driver.WriterThread = SteadyWriter  # type: ignore[attr-defined]


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
