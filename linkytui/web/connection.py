"""Connections that end in time: every wait of a request, from the name to the last byte, draws on one allowance."""

import io
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from functools import partial
from http.client import HTTPS_PORT, HTTPConnection, HTTPResponse
from typing import Any, Final

from linkytui.civil.times import Monotonic

MEGABYTE: Final = 2**20


class TooSlowError(TimeoutError):
    """The whole answer was not there in time, though bytes may have come without a pause."""


class TooLargeError(Exception):
    """The answer is larger than it may be."""


class Allowance:
    """The time of one request: so many seconds, and as many again for each megabyte that has come."""

    def __init__(
        self,
        seconds: float,
        *,
        silence: float | None = None,
        clock: Callable[[], Monotonic] = time.monotonic,
        watch: Callable[[], object] = lambda: None,
    ) -> None:
        """`silence`: seconds without a byte, where that is less; `watch`: called before each wait, may raise."""
        self._seconds = seconds
        self._silence = seconds if silence is None else silence
        self._clock = clock
        self._watch = watch
        self._began = clock()
        self._received = 0

    def wait(self) -> float:
        """Seconds that the next wait may last; raises TooSlowError: none are left."""
        self._watch()
        whole = self._seconds * (1 + self._received // MEGABYTE)
        left = self._began + whole - self._clock()
        if left <= 0:
            raise TooSlowError
        return min(left, self._silence)

    def received(self, count: int) -> None:
        """So many bytes have come."""
        self._received += count


class Connection(HTTPConnection):
    """A connection whose waits draw on `allowance`, which whoever makes a request sets before."""

    allowance: Allowance
    allowed: Callable[[Sequence[Any]], Sequence[Any]] | None = None
    """Chooses those of a name's addresses that may be tried, as `getaddrinfo` tells them."""

    def __init__(self, host: str, port: int | None = None, *, timeout: float, **options: Any) -> None:
        """`timeout`: seconds until a connection stands."""
        super().__init__(host, port, timeout=timeout, **options)
        self._create_connection = self._connected  # where HTTPConnection looks for it
        self.response_class = partial(_Response, self)  # type: ignore[assignment]

    def connect(self) -> None:
        super().connect()
        self.sock.settimeout(self.allowance.wait())

    def _connected(self, address: tuple[str, int], timeout: float, _source: object = None) -> socket.socket:
        """The first address of a host that answers; OSError when none does in time."""
        end = time.monotonic() + timeout
        error: OSError = OSError("no address")
        found: Sequence[Any] = socket.getaddrinfo(*address, type=socket.SOCK_STREAM)
        for family, kind, protocol, _name, place in self.allowed(found) if self.allowed else found:
            made = socket.socket(family, kind, protocol)
            try:
                made.settimeout(max(0.001, min(end - time.monotonic(), self.allowance.wait())))
                made.connect(place)
            except OSError as failed:
                made.close()
                error = failed
            except BaseException:
                made.close()
                raise
            else:
                return made
        raise error


class Encrypted(Connection):
    """As `HTTPSConnection`, but loads the 1.5 MB of certificates only once there is somebody to be checked."""

    default_port = HTTPS_PORT
    verify: bool = True  # check the server's certificate
    certificates: str | None = None  # file of those to be trusted; the system's when None

    def connect(self) -> None:
        super().connect()
        self.sock.settimeout(min(self.timeout or self.allowance.wait(), self.allowance.wait()))
        host: str = self._tunnel_host or self.host  # type: ignore[attr-defined]
        context = _trust(self.certificates) if self.verify else _anybody()
        self.sock = context.wrap_socket(self.sock, server_hostname=host)
        self.sock.settimeout(self.allowance.wait())


class _Response(HTTPResponse):
    """Draws on the connection's allowance with each read, be it of a header or of the document."""

    def __init__(self, connection: Connection, sock: socket.socket, *args: Any, **options: Any) -> None:
        super().__init__(sock, *args, **options)
        self.fp = io.BufferedReader(_Watched(self.fp.detach(), sock, connection.allowance))


class _Watched(io.RawIOBase):
    def __init__(self, raw: io.RawIOBase, sock: socket.socket, allowance: Allowance) -> None:
        self._raw = raw
        self._sock = sock
        self._allowance = allowance

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(self._allowance.wait())
        try:
            count = self._raw.readinto(buffer)
        except TimeoutError:
            self._allowance.wait()  # which of the two it was
            raise
        self._allowance.received(count or 0)
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


def _trust(file: str | None) -> ssl.SSLContext:
    """Whom the system trusts, or a file of certificates; where the system names nobody, whom Mozilla trusts."""
    context = ssl.create_default_context(cafile=file)
    if file is None and not context.cert_store_stats()["x509_ca"]:
        import certifi  # rarely needed

        context.load_verify_locations(certifi.where())
    return context


def _anybody() -> ssl.SSLContext:
    """Whoever is there, for whom the settings say so."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
