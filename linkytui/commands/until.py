"""What commands have in common that run until somebody ends them."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from linkytui.commands.common import heeded

if TYPE_CHECKING:
    from types import FrameType

LOG_LEVELS: Final = ("debug", "info", "warning", "error")

_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@contextmanager
def asked_to_stop() -> Iterator[threading.Event]:
    """An event that is set when somebody wants the process to end: by Ctrl-C, systemd, or closing the terminal."""
    stop = threading.Event()

    def end(_number: int, _frame: "FrameType | None") -> None:
        stop.set()

    before = {number: signal.signal(number, end) for number in heeded(*_SIGNALS)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
