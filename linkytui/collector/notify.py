"""Tells systemd that the service is ready, alive, and what it is doing (sd_notify(3))."""

import contextlib
import os
import socket
import time
from collections.abc import Callable, Mapping
from typing import Final

from linkytui.civil.times import Monotonic
from linkytui.line.listener import Listener
from linkytui.link import Link
from linkytui.wording.terms import state_name

_MICROSECONDS: Final = 1_000_000


class Notifier:
    """Sends states to the socket that systemd named; does nothing where there is none. Never waits, never raises."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        """Args: environ: tells the socket, and how often the watchdog wants to hear of us."""
        self._address = environ.get("NOTIFY_SOCKET", "")
        self.watchdog: float | None = None
        """Seconds after which systemd takes silence for death; None when it does not watch."""
        if environ.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid()):
            with contextlib.suppress(ValueError):
                self.watchdog = int(environ.get("WATCHDOG_USEC", "")) / _MICROSECONDS or None

    def tell(self, *states: str) -> None:
        """Send states such as `READY=1`."""
        if not self._address:
            return
        # A name that begins with @ is one of Linux's abstract ones.
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        with (
            contextlib.suppress(OSError),
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK) as out,
        ):
            out.sendto("\n".join(states).encode(), address)


class Heartbeat(Listener):
    """Lets systemd hear of the reading itself: a loop that hangs goes silent, and the service is started again."""

    def __init__(self, notifier: Notifier, *, monotonic: Callable[[], Monotonic] = time.monotonic) -> None:
        self._notifier = notifier
        self._monotonic = monotonic
        self._every = None if notifier.watchdog is None else notifier.watchdog / 3
        self._beat_at = float("-inf")
        self._ready = False
        self._said = ""

    def link_changed(self, link: Link) -> None:
        status = ", ".join(part for part in (link.source, state_name(link)) if part)
        if status != self._said:
            self._said = status
            self._notifier.tell(f"STATUS={status}")

    def turn_ended(self) -> None:
        if not self._ready:
            self._ready = True
            self._notifier.tell("READY=1")
        if self._every is not None and (now := self._monotonic()) - self._beat_at >= self._every:
            self._beat_at = now
            self._notifier.tell("WATCHDOG=1")

    def close(self) -> None:
        self._notifier.tell("STOPPING=1")
