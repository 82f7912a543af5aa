"""Ports behind an address: `socket://` and `rfc2217://`, by pyserial, kept from hanging on a line that is dead."""

import contextlib
import socket
import warnings
from typing import Any, Final

SILENT_FOR: Final = 30.0
"""Seconds without a byte after which the connection is made anew: a bridge that was restarted knows nothing of the one
before, and where the network drops everything, nobody says so."""

_KEEP_ALIVE: Final = {
    "TCP_KEEPIDLE": 10,  # seconds of silence before the other end is asked whether it is there
    "TCP_KEEPINTVL": 5,
    "TCP_KEEPCNT": 3,  # questions without an answer after which it is not
    "TCP_USER_TIMEOUT": 25_000,  # milliseconds that anything sent may stay unanswered
}


def is_address(port: str) -> bool:
    """Whether it names something on the network rather than a device of this machine."""
    return "://" in port


def open_address(port: str, baudrate: int, timeout: float) -> Any:
    """Open an address as a meter needs it: 7 data bits, even parity, 1 stop bit.

    Raises OSError, ValueError: as pyserial does.
    """
    import serial  # a screen is painted before it opens a port

    options: dict[str, Any] = {
        "baudrate": baudrate,
        "bytesize": serial.SEVENBITS,
        "parity": serial.PARITY_EVEN,
        "stopbits": serial.STOPBITS_ONE,
        "timeout": timeout,
    }
    opened = _rfc2217(port, options) if port.startswith("rfc2217://") else serial.serial_for_url(port, **options)
    connection = getattr(opened, "_socket", None)
    if isinstance(connection, socket.socket):
        _keep_alive(connection)
    return opened


def close_connection(connection: object) -> None:
    """Close what pyserial leaves open where the other end was gone before."""
    if isinstance(connection, socket.socket):
        connection.close()


def _keep_alive(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in _KEEP_ALIVE.items():
            if hasattr(socket, name):  # not each system has them all
                connection.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


def _rfc2217(port: str, options: dict[str, Any]) -> Any:
    """A port by RFC 2217 whose own thread ends without a traceback when the connection does."""
    import serial.rfc2217  # only who has such a port needs it

    class Quiet(serial.rfc2217.Serial):  # type: ignore[misc]
        def _telnet_read_loop(self) -> None:
            # The reads find the thread dead, and tell.
            with contextlib.suppress(OSError, AttributeError):
                super()._telnet_read_loop()

        def close(self) -> None:
            connection = self._socket
            super().close()
            if connection is not None:
                connection.close()

        def read(self, size: int = 1) -> bytes:
            try:
                return bytes(super().read(size))
            except AttributeError as error:
                raise serial.SerialException("connection failed") from error

    opened = Quiet(None, **options)
    opened.port = port
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # pyserial 3.5 calls Thread.setDaemon
        opened.open()
    return opened
