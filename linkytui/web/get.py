"""One GET: proxies of the environment, certificates of the system, and no way into the home's own network."""

import ipaddress
import string
from collections.abc import Mapping, Sequence
from functools import partial
from http.client import HTTPResponse
from typing import Any, Final
from urllib.parse import SplitResult, quote, urljoin, urlsplit
from urllib.request import AbstractHTTPHandler, OpenerDirector, ProxyHandler, Request

from linkytui.web.connection import Allowance, Connection, Encrypted

_MOVED: Final = frozenset({301, 302, 303, 307, 308})
_MOVES: Final = 10  # addresses to which one may lead, one after the other
_CARRIERS: Final = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("::/96"))
"""IPv6 addresses that end in an IPv4 address, to which a gateway passes them on."""


class UnencryptedError(Exception):
    """An address leads to another that is not encrypted."""


class PrivateError(Exception):
    """An address leads into a private network, or to this machine itself."""


def get(url: str, headers: Mapping[str, str], allowance: Allowance, *, connect: float) -> HTTPResponse:
    """The answer to a request, whatever its status; for the caller to read and close.

    An address may lead to others, but only to encrypted ones of the public internet. `allowance`: the time for all of
    it; `connect`: seconds until a connection stands. Raises UnencryptedError, PrivateError: it leads elsewhere;
    OSError: the site cannot be reached, a `URLError` holds the reason; HTTPException: what answers is no HTTP;
    ValueError: the address is none, or leads to none.
    """
    if urlsplit(url).scheme not in ("http", "https"):
        raise ValueError(url)
    opener = _opener(allowance, moved=False)
    for _move in range(_MOVES + 1):
        request = Request(quote(url, safe=string.punctuation), headers=dict(headers))  # noqa: S310 -- see above
        answer: HTTPResponse = opener.open(request, None, connect)
        place = answer.headers.get("Location") if answer.status in _MOVED else None
        if place is None:
            return answer
        answer.close()
        # The bytes of a header come as Latin-1, whatever they were meant as.
        url = urljoin(url, quote(place, safe=string.punctuation, encoding="latin-1"))
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https"):
            break
        _may_lead_to(parts)
        opener = _opener(allowance, moved=True)
    raise ValueError(url)


def public(address: str) -> bool:
    """Whether an IP address is one of the public internet, also where another one carries it."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        carried = ip.ipv4_mapped or ip.sixtofour
        if any(ip in network for network in _CARRIERS):
            carried = ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)
        if carried is not None:
            ip = carried
    return ip.is_global and not ip.is_multicast


def _may_lead_to(parts: SplitResult) -> None:
    """Refuse what can be told from the address alone; the rest is told when its name is known."""
    if parts.scheme == "http":
        raise UnencryptedError
    host = (parts.hostname or "").rstrip(".").lower()
    if host == "localhost" or host.endswith(".localhost"):
        raise PrivateError
    try:
        known = public(host)
    except ValueError:
        return  # a name
    if not known:
        raise PrivateError


def _public_only(found: Sequence[Any]) -> Sequence[Any]:
    """The addresses of a name, all of which must be public."""
    if not all(public(place[0]) for *_others, place in found):
        raise PrivateError
    return found


def _opener(allowance: Allowance, *, moved: bool) -> OpenerDirector:
    """Without the usual handlers, which read files and FTP too, and whole pages that only lead elsewhere."""
    opener = OpenerDirector()
    opener.add_handler(ProxyHandler())
    opener.add_handler(_Handler(allowance, moved=moved))
    return opener


class _Handler(AbstractHTTPHandler):
    """Opens http and https."""

    def __init__(self, allowance: Allowance, *, moved: bool) -> None:
        super().__init__()
        self._allowance = allowance
        self._moved = moved

    def http_open(self, request: Request) -> HTTPResponse:
        return self._open(Connection, request)

    def https_open(self, request: Request) -> HTTPResponse:
        return self._open(Encrypted, request)

    http_request = https_request = AbstractHTTPHandler.do_request_

    def _open(self, kind: type[Connection], request: Request) -> HTTPResponse:
        # A proxy may stand in the home's network; where it goes is its own to allow.
        return self.do_open(partial(self._connection, kind, guarded=self._moved and not request.has_proxy()), request)

    def _connection(self, kind: type[Connection], host: str, *, guarded: bool, **options: Any) -> Connection:
        connection = kind(host, **options)
        connection.allowance = self._allowance
        if guarded:
            connection.allowed = _public_only
        return connection
