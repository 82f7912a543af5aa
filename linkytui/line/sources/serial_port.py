"""A meter on a serial port of this machine, or behind an address that pyserial knows (`socket://`, `rfc2217://`)."""

import contextlib
import fcntl
import os
import termios
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

from linkytui.civil.times import Monotonic, Timestamp
from linkytui.line.sources.base import READ_TIMEOUT, EndOfSource, Source
from linkytui.line.sources.descriptor import CHUNK, PortReader
from linkytui.line.sources.network import SILENT_FOR, close_connection, is_address, open_address
from linkytui.line.sources.ports import holders
from linkytui.line.sources.trouble import cannot_open, cannot_read, gone, taken
from linkytui.link import LinkError, LinkState
from linkytui.tic.frames import BAUDRATES
from linkytui.tic.labels import Mode

_APART: Final = 0.012
"""Seconds between two reads at least: adapters that hand over single bytes would wake the program 960 times a second.

FTDI chips gather for 16 ms by themselves, so nothing is added to theirs."""

_PSEUDO_TERMINALS: Final = "/dev/pts/"

_TROUBLE: Final = (OSError, termios.error, ValueError)
"""What pyserial lets through when a port fails; its own exceptions are OSErrors."""


class OpenPort(Protocol):
    """What is used of a port that pyserial opened."""

    baudrate: int

    @property
    def in_waiting(self) -> int: ...
    def read(self, size: int) -> bytes: ...
    def fileno(self) -> int: ...
    def close(self) -> None: ...


def open_port(port: str, baudrate: int) -> OpenPort:
    """Open a port as a meter needs it: 7 data bits, even parity, 1 stop bit (Enedis-NOI-CPT_54E, 5.3.5), for us alone.

    A pseudo-terminal has no such bits: it ignores them the first time, and the C library refuses them the second.
    Raises OSError, termios.error, ValueError: as pyserial does.
    """
    if is_address(port):
        by_network: OpenPort = open_address(port, baudrate, READ_TIMEOUT)
        return by_network
    import serial  # a screen is painted before it opens a port

    pseudo = is_pseudo_terminal(port)
    opened: OpenPort = serial.serial_for_url(
        port,
        baudrate=baudrate,
        bytesize=serial.EIGHTBITS if pseudo else serial.SEVENBITS,
        parity=serial.PARITY_NONE if pseudo else serial.PARITY_EVEN,
        stopbits=serial.STOPBITS_ONE,
        timeout=READ_TIMEOUT,
        exclusive=True,
    )
    if not pseudo:
        # The lock above only binds who asks for it; this keeps others from opening the port at all.
        fcntl.ioctl(opened.fileno(), termios.TIOCEXCL)
    return opened


def is_pseudo_terminal(port: str) -> bool:
    """Whether the path leads to a pseudo-terminal, on which a program plays the meter."""
    return os.path.realpath(port).startswith(_PSEUDO_TERMINALS)


class SerialSource(Source):
    """Reads one port, and opens it again after it was unplugged.

    The port's name is looked up at each opening, so a link under /dev/serial/by-id is followed to another device.
    """

    def __init__(
        self,
        port: str | Callable[[], str],
        baudrate: int = BAUDRATES[Mode.HISTORIC],
        *,
        clock: Callable[[], Timestamp] = time.time,
        opener: Callable[[str, int], OpenPort] = open_port,
        monotonic: Callable[[], Monotonic] = time.monotonic,
    ) -> None:
        """Nothing is opened before the first read.

        `port`: path or address, or what finds it, asked at each opening, which may raise `LinkError`.
        """
        self._find = port if callable(port) else lambda: port
        self._name = "" if callable(port) else port
        self._baudrate = baudrate
        self._clock = clock
        self._opener = opener
        self._monotonic = monotonic
        self._heard_at = 0.0  # the last byte, or the opening
        self._port: OpenPort | None = None
        self._reader: PortReader | None = None  # of the port that is open; None where it has no descriptor to read
        self._rest_until = 0.0  # on the monotonic clock
        self._shared = False  # another program read the same port, which nobody can forbid it
        self._was_open = False
        self._not_before = 0.0  # on the monotonic clock
        self._now = clock()
        self._closed = threading.Event()
        self._reading = threading.Lock()

    @property
    def name(self) -> str:
        return self._name

    @property
    def baudrate(self) -> int | None:
        return None if self._name.startswith("socket://") else self._baudrate

    def now(self) -> float:
        return self._now

    def listen_at(self, baudrate: int) -> None:
        self._baudrate = baudrate

    def read(self) -> bytes:
        with self._reading:
            if self._closed.is_set():
                raise EndOfSource
            data = self._read(self._port or self._open())
        if self._closed.is_set():
            self._let_go()
        self._now = self._clock()
        return data

    def rest(self, seconds: float) -> None:
        self._rest_until = time.monotonic() + seconds

    def close(self) -> None:
        self._closed.set()
        reader = self._reader
        if reader is not None:
            reader.wake()
        self._let_go()

    def _open(self) -> OpenPort:
        try:
            self._name = self._find()
            if self._used_by_another():
                raise taken(self._name)
            self._port = self._opener(self._name, self._baudrate)
        except LinkError as error:
            if self._was_open and error.state is LinkState.NO_PORT:
                raise LinkError(LinkState.UNPLUGGED, error.detail) from error
            raise
        except _TROUBLE as error:
            raise cannot_open(self._name, error, was_open=self._was_open) from error
        self._was_open, self._shared = True, False
        self._rest_until = 0.0
        self._heard_at = self._monotonic()
        return self._port

    def _read(self, port: OpenPort) -> bytes:
        try:
            data = self._take(port)
        except _TROUBLE as error:
            self._shut()
            trouble = cannot_read(self._name)
            self._shared = trouble.state is LinkState.BUSY
            raise trouble from error
        if data:
            self._heard_at = self._monotonic()
        elif not self._still_there(port):
            self._shut()
            raise gone(self._name)
        elif is_address(self._name) and self._monotonic() - self._heard_at >= SILENT_FOR:
            self._shut()  # the next read connects anew
        return data

    def _take(self, port: OpenPort) -> bytes:
        """What has come, or comes within `READ_TIMEOUT`, once it is time to look."""
        if port.baudrate != self._baudrate:
            port.baudrate = self._baudrate
        if self._name.startswith("rfc2217://"):
            return _from_queue(port, self._rest_until, self._closed)
        if self._reader is None:
            self._reader = PortReader(port.fileno())
        if (rest := self._rest_until - time.monotonic()) > 0:
            self._reader.rest(rest)
        if not self._reader.wait(READ_TIMEOUT):
            return b""
        time.sleep(max(0.0, self._not_before - time.monotonic()))
        data = self._reader.read()
        self._not_before = time.monotonic() + _APART
        return data

    def _used_by_another(self) -> bool:
        """Whether another program reads the port, though it did not lock it: each would get a part of the bytes."""
        if is_address(self._name) or (is_pseudo_terminal(self._name) and not self._shared):
            return False  # who plays the meter may hold its own pseudo-terminal
        return bool(holders(self._name))

    def _still_there(self, port: OpenPort) -> bool:
        """Whether the name still leads to the device that is open: some drivers say nothing when it is unplugged."""
        if is_address(self._name):
            return True
        try:
            return Path(self._name).stat().st_rdev == os.fstat(port.fileno()).st_rdev
        except OSError:
            return False

    def _let_go(self) -> None:
        """Close the port, unless a read is under way that will do it."""
        if self._reading.acquire(timeout=READ_TIMEOUT):
            try:
                self._shut()
            finally:
                self._reading.release()

    def _shut(self) -> None:
        port, self._port = self._port, None
        reader, self._reader = self._reader, None
        if reader is not None:
            reader.close()
        if port is None:
            return
        with contextlib.suppress(*_TROUBLE):
            fcntl.ioctl(port.fileno(), termios.TIOCNXCL)
        connection = getattr(port, "_socket", None)
        with contextlib.suppress(*_TROUBLE):
            port.close()
        close_connection(connection)


def _from_queue(port: OpenPort, rest_until: Monotonic, closed: threading.Event) -> bytes:
    """Read a port by RFC 2217, whose connection carries more than the line's bytes and is read by pyserial's thread."""
    if (rest := rest_until - time.monotonic()) > 0:
        closed.wait(rest)
    data = port.read(1)
    while data and (waiting := port.in_waiting) and len(data) < CHUNK:
        data += port.read(min(waiting, CHUNK - len(data)))
    return data
