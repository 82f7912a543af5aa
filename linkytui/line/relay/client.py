"""Somebody who listens at a relay's door, and how much of what he does not take is kept for him."""

import re
import socket
from typing import Final, NamedTuple

ROOM: Final = 64 * 1024
"""Bytes that wait for a slow client at most, beside those that the system keeps: a minute of the fastest meter."""

_TALK: Final = 4096
"""Bytes that a client may send. Lines at the status door are requests; all else is thrown away."""

_FRAME_START: Final = re.compile(rb"[\x02\x82]").search
"""STX, also with the parity bit that some lines leave on (Enedis-NOI-CPT_54E, 5.3.6)."""

_NO_FRAME: Final = 4096
"""Bytes without the start of a frame after which a client gets what comes: longer than any frame."""


class CutOffError(Exception):
    """The client is slow, or talks too much: it is done with."""


class Door(NamedTuple):
    """One of the sockets on which a relay is found."""

    socket: socket.socket
    name: str
    """For the log: the path or the address."""
    room: int
    """Clients at once."""
    status: bool = False
    """It gives reports instead of bytes."""


class Client:
    """One connection. Nothing here waits."""

    def __init__(self, connection: socket.socket, door: Door) -> None:
        """Take a connection over."""
        connection.setblocking(False)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, ROOM)
        if connection.family != socket.AF_UNIX:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        self.connection = connection
        self.door = door
        self.waiting = bytearray()
        """What the system does not take yet."""
        self._talk = 0
        self._said = b""  # of a line that has not ended
        self._unframed = 0  # bytes that passed before the first start of a frame; -1 once it came

    def give_bytes(self, data: bytes) -> None:
        """Send what the line says, from the next start of a frame on.

        Raises:
            CutOffError: it does not take what it was sent before.
            OSError: it is gone.
        """
        if self._unframed >= 0:
            start = _FRAME_START(data)
            self._unframed += len(data)
            if start is None and self._unframed < _NO_FRAME:
                return
            data = data[start.start() :] if start else data
            self._unframed = -1
        if len(self.waiting) + len(data) > ROOM:
            raise CutOffError
        self.waiting += data
        self.send()

    def give_line(self, line: bytes) -> None:
        """Send a report, unless the one before is still on its way: only the newest is of use.

        Raises:
            OSError: it is gone.
        """
        if not self.waiting:
            self.waiting += line
            self.send()

    def send(self) -> None:
        """Send what waits, as far as the system takes it.

        Raises:
            OSError: it is gone.
        """
        try:
            while self.waiting:
                del self.waiting[: self.connection.send(self.waiting)]
        except BlockingIOError:
            pass

    def hear(self) -> list[bytes]:
        """The lines that it has said to their end.

        Raises:
            CutOffError: it says too much.
            OSError: it is gone.
        """
        try:
            data = self.connection.recv(_TALK)
        except BlockingIOError:
            return []
        if not data:
            raise ConnectionResetError
        self._talk += len(data)
        if self._talk > _TALK:
            raise CutOffError
        *lines, self._said = (self._said + data).split(b"\n")
        return lines
