"""Reads an open descriptor (port, pseudo-terminal or socket) in whole pieces, and can be woken while it waits."""

import os
import select
import threading
from typing import Final

CHUNK: Final = 4096  # bytes taken in one read at most: what the kernel keeps for a port


class PortReader:
    """Waits for a descriptor and takes all that it has in one go, where pyserial asks the system several times."""

    def __init__(self, descriptor: int) -> None:
        """Begin. Raises ValueError, OSError: it is no open descriptor."""
        self._descriptor = descriptor
        self._bytes, self._hang_up = select.poll(), select.poll()
        self._bytes.register(descriptor, select.POLLIN)
        # An end is told at all times, and bytes do not wake who did not ask for them.
        self._hang_up.register(descriptor, select.POLLRDHUP)
        self._alarm = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        for poll in (self._bytes, self._hang_up):
            poll.register(self._alarm, select.POLLIN)
        self._open = True
        self._closing = threading.Lock()

    def rest(self, seconds: float) -> None:
        """Let bytes gather, unless the other end goes or `wake` is called."""
        self._hang_up.poll(seconds * 1000)

    def wait(self, seconds: float) -> bool:
        """Wait for bytes, the other end's going, or `wake`; whether there is something to read."""
        return any(descriptor == self._descriptor for descriptor, _events in self._bytes.poll(seconds * 1000))

    def read(self) -> bytes:
        """What is there. Raises OSError: it is gone, or another program took what was there."""
        try:
            data = os.read(self._descriptor, CHUNK)
        except BlockingIOError:
            return b""
        if not data:
            raise ConnectionResetError
        return data

    def wake(self) -> None:
        """End each wait from now on. May be called from any thread, at any time."""
        with self._closing:
            if self._open:
                os.eventfd_write(self._alarm, 1)

    def close(self) -> None:
        """Let go of what it made; the descriptor stays open."""
        with self._closing:
            if self._open:
                self._open = False
                os.close(self._alarm)
