"""A subscriber of the relay: one connection, and the bounded buffer of what it has not taken yet."""

import fcntl
import re
import socket
import struct
import termios
from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

SEND_BUFFER: Final = 64 * 1024
"""Bytes that wait for a slow subscriber at most, beside those that the system keeps: a minute of the fastest meter."""

_RECEIVED_AT_MOST: Final = 4096
"""Bytes that a subscriber may send. Lines at the status endpoint are requests; all else is thrown away."""

_FRAME_START: Final = re.compile(rb"[\x02\x82]").search
"""STX, also with the parity bit that some lines leave on (Enedis-NOI-CPT_54E, 5.3.6)."""

_NO_FRAME: Final = 4096
"""Bytes without the start of a frame after which a subscriber gets what comes: longer than any frame."""


class CutOffError(Exception):
    """The subscriber is slow, or sends too much: it is disconnected."""


_KEEP_ALIVE: Final = 30  # seconds of silence after which a connection is tried
_GONE_AFTER: Final = 120  # seconds after which one that does not answer is gone

_CREDENTIALS: Final = struct.Struct("3i")  # process, user and group
_COUNT: Final = struct.Struct("i")


class Endpoint(NamedTuple):
    """One of the sockets on which a relay is found."""

    socket: socket.socket
    name: str  # for the log: the path or the address
    limit: int  # subscribers at once
    status: bool = False  # it gives reports instead of bytes


class Subscriber:
    """One connection. Nothing here waits."""

    def __init__(self, connection: socket.socket, endpoint: Endpoint, address: object = None) -> None:
        """Take a connection over. `address`: of the other side, as `accept` tells it."""
        connection.setblocking(False)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        if connection.family == socket.AF_UNIX:
            credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
            self.owner: object = _CREDENTIALS.unpack(credentials)[0]  # the process
        else:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            for option in (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL):
                connection.setsockopt(socket.IPPROTO_TCP, option, _KEEP_ALIVE)
            # One whose machine went without a word leaves its place to another.
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 1000 * _GONE_AFTER)
            self.owner = address[0] if isinstance(address, tuple) else address  # the machine
        self.connection = connection
        self.endpoint = endpoint
        self.waiting = bytearray()  # what the system does not take yet
        self._received = 0
        self._partial = b""  # of a line that has not ended
        self._unframed = 0  # bytes that passed before the first start of a frame; -1 once it came

    def send_bytes(self, data: bytes) -> None:
        """Send what the line says, from the next start of a frame on.

        Raises CutOffError: it does not take what it was sent before; OSError: it is gone.
        """
        if self._unframed >= 0:
            start = _FRAME_START(data)
            self._unframed += len(data)
            if start is None and self._unframed < _NO_FRAME:
                return
            data = data[start.start() :] if start else data
            self._unframed = -1
        if len(self.waiting) + len(data) > SEND_BUFFER:
            raise CutOffError
        self.waiting += data
        self.flush()

    def send_line(self, line: bytes) -> None:
        """Send a report, unless the one before is still on its way: only the newest is of use.

        Raises OSError: it is gone.
        """
        if not self.waiting:
            self.waiting += line
            self.flush()

    def flush(self) -> None:
        """Send what waits, as far as the system takes it; OSError when it is gone."""
        try:
            while self.waiting:
                del self.waiting[: self.connection.send(self.waiting)]
        except BlockingIOError:
            pass

    @property
    def untaken(self) -> int:
        """Bytes that were sent to it and that its side has not taken."""
        queued = fcntl.ioctl(self.connection, termios.TIOCOUTQ, bytes(_COUNT.size))
        return len(self.waiting) + int(_COUNT.unpack(queued)[0])

    def lines(self) -> list[bytes]:
        """The whole lines that it has sent since the last call.

        Raises CutOffError: it sends too much; OSError: it is gone.
        """
        try:
            data = self.connection.recv(_RECEIVED_AT_MOST)
        except BlockingIOError:
            return []
        if not data:
            raise ConnectionResetError
        self._received += len(data)
        if self._received > _RECEIVED_AT_MOST:
            raise CutOffError
        *lines, self._partial = (self._partial + data).split(b"\n")
        return lines


def who_gives_way(places: Sequence[Subscriber]) -> Subscriber | None:
    """Who leaves when there is no room: of those that have the most connections, the one that has taken the least, else
    the oldest; None when nobody has more than one, and each takes what it is sent.

    `places`: in the order in which they came.
    """
    held = Counter(subscriber.owner for subscriber in places)
    most = max(held.values())
    idlest = max(
        (subscriber for subscriber in places if held[subscriber.owner] == most),
        key=lambda subscriber: subscriber.untaken,
    )
    return idlest if most > 1 or idlest.untaken else None
