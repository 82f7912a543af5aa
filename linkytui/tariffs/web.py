"""One GET by the standard library's client: proxies of the environment, certificates of the system, watched reading."""

import io
import ssl
import string
from collections.abc import Callable, Mapping
from functools import partial
from http.client import HTTPS_PORT, HTTPConnection, HTTPResponse
from typing import Any, Final
from urllib.parse import quote, urljoin, urlsplit
from urllib.request import AbstractHTTPHandler, OpenerDirector, ProxyHandler, Request

_MOVED: Final = frozenset({301, 302, 303, 307, 308})
_MOVES: Final = 10  # addresses to which one may lead, one after the other


class UnencryptedError(Exception):
    """An encrypted address leads to one that is not."""


def get(
    url: str, headers: Mapping[str, str], *, connect: float, silence: float, watch: Callable[[], object]
) -> HTTPResponse:
    """The answer to a request, whatever its status; for the caller to read and close.

    `connect`: seconds until a connection stands; `silence`: seconds without a byte; `watch`: called before each read of
    the connection, what it raises ends the request. Raises UnencryptedError: an encrypted address leads to one that is
    not; OSError: the site cannot be reached, a `URLError` holds the reason; HTTPException: what answers is no HTTP;
    ValueError: the address is none, or leads to none.
    """
    # Without the usual handlers, which read files and FTP too, and whole pages that only lead elsewhere.
    opener = OpenerDirector()
    opener.add_handler(ProxyHandler())
    opener.add_handler(_Handler(silence, watch))
    for _move in range(_MOVES + 1):
        if urlsplit(url).scheme not in ("http", "https"):
            break
        request = Request(quote(url, safe=string.punctuation), headers=dict(headers))  # noqa: S310 -- see above
        answer: HTTPResponse = opener.open(request, None, connect)
        place = answer.headers.get("Location") if answer.status in _MOVED else None
        if place is None:
            return answer
        answer.close()
        # The bytes of a header come as Latin-1, whatever they were meant as.
        before, url = url, urljoin(url, quote(place, safe=string.punctuation, encoding="latin-1"))
        if urlsplit(before).scheme == "https" != urlsplit(url).scheme:
            raise UnencryptedError
    raise ValueError(url)


class _Handler(AbstractHTTPHandler):
    """Opens http and https, each with its own patience once the connection stands."""

    def __init__(self, silence: float, watch: Callable[[], object]) -> None:
        super().__init__()
        self._silence = silence
        self._watch = watch

    def http_open(self, request: Request) -> HTTPResponse:
        return self.do_open(partial(self._connection, _Connection), request)

    def https_open(self, request: Request) -> HTTPResponse:
        return self.do_open(partial(self._connection, _Encrypted), request)

    http_request = https_request = AbstractHTTPHandler.do_request_

    def _connection(self, kind: "type[_Connection]", host: str, **options: Any) -> "_Connection":
        connection = kind(host, **options)
        connection.silence = self._silence
        connection.response_class = partial(_Response, self._watch)  # type: ignore[assignment]
        return connection


class _Connection(HTTPConnection):
    silence: float

    def connect(self) -> None:
        super().connect()
        self.sock.settimeout(self.silence)


class _Encrypted(_Connection):
    """As `HTTPSConnection`, but loads the 1.5 MB of certificates only once there is somebody to be checked."""

    default_port = HTTPS_PORT

    def connect(self) -> None:
        super().connect()
        self.sock.settimeout(self.timeout)
        host: str = self._tunnel_host or self.host  # type: ignore[attr-defined]
        self.sock = _trust().wrap_socket(self.sock, server_hostname=host)
        self.sock.settimeout(self.silence)


class _Response(HTTPResponse):
    """Asks before each read, be it of a header or of the document: either may trickle for hours."""

    def __init__(self, watch: Callable[[], object], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fp = io.BufferedReader(_Watched(self.fp.detach(), watch))


class _Watched(io.RawIOBase):
    def __init__(self, raw: io.RawIOBase, watch: Callable[[], object]) -> None:
        self._raw = raw
        self._watch = watch

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._watch()
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


def _trust() -> ssl.SSLContext:
    """Whom the system trusts; where it names nobody, whom Mozilla trusts."""
    context = ssl.create_default_context()
    if not context.cert_store_stats()["x509_ca"]:
        import certifi  # rarely needed

        context.load_verify_locations(certifi.where())
    return context
