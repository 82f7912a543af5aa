"""What stands between Textual and the terminal: sends only the cells that changed, and notices a terminal that is gone.

Textual 8.2 finds the changed cells and then repaints each widget's row from the widget's left edge up to them. At the
right end of a wide strip that is the whole row, several times what is needed, which is felt over SSH.
"""

import contextlib
import os
import select
import threading
from collections.abc import Callable
from typing import Any

from rich.console import Console
from rich.control import Control
from textual._compositor import ChopsUpdate
from textual.drivers import linux_driver
from textual.drivers._writer_thread import WriterThread


class TightUpdate(ChopsUpdate):
    """The same update, cut at both ends of each changed stretch."""

    def render_segments(self, console: Console) -> str:
        sequences: list[str] = []
        for y, first, last in self.spans:
            for end, (start, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
                left, right = max(start, first), min(end, last)
                if strip is None or left >= right:
                    continue
                sequences.append(Control.move_to(left, y).segment.text)
                sequences.append(strip.crop(left - start, right - start).render(console))
        return "".join(sequences)


def tightened(renderable: Any) -> Any:
    """The update to send in place of one of Textual's; other renderables as they are."""
    if type(renderable) is ChopsUpdate:
        return TightUpdate(renderable.chops, renderable.spans, renderable.chop_ends)
    return renderable


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
