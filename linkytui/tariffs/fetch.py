"""Downloads one document from a supplier's site, within limits, and only when it changed."""

import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from linkytui.civil.times import Monotonic
from linkytui.errors import GridError
from linkytui.i18n import _
from linkytui.tariffs.grid.process import MAX_SIZE, Stopped

if TYPE_CHECKING:
    from http.client import HTTPResponse

# EDF refuses what does not look like a browser.
_HEADERS: Final = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Accept": "application/pdf,text/html;q=0.9,*/*;q=0.8",
    "Accept-Language": "fr-FR,fr;q=0.9",
    "Accept-Encoding": "gzip",
}
_CHUNK: Final = 64 * 1024  # bytes
_GZIP: Final = 16 + zlib.MAX_WBITS
_TRANSIENT: Final = frozenset({429, 500, 502, 503, 504})  # answers after which asking again may help
_NOT_MODIFIED: Final = 304
_OK: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long a fetch may take."""

    connect: float = 5.0  # seconds until a connection stands
    silence: float = 8.0  # seconds without a byte
    whole: float = 10.0  # seconds for one document, and as many again for each megabyte of it
    pauses: tuple[float, ...] = (2.0, 8.0)  # seconds before each further attempt


USUAL: Final = Limits()


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a site answered."""

    data: bytes | None  # the document; None when it has not changed
    etag: str | None = None
    last_modified: str | None = None  # with `etag`, what to send the next time to be told whether it changed


class RefusedError(GridError):
    """The site serves nobody like us."""


class _AgainError(Exception):
    """An attempt failed in a way that may pass; carries what to say when none does not."""


def fetch(
    url: str,
    known: Fetched | None = None,
    *,
    limits: Limits = USUAL,
    sleep: Callable[[float], object] = time.sleep,
    clock: Callable[[], Monotonic] = time.monotonic,
    stopped: Callable[[], bool] = lambda: False,
) -> Fetched:
    """The document at an address. Blocks; never call it on the thread of the screen.

    `stopped`: asked before each attempt and after each chunk whether to give up at once. Raises GridError: it cannot be
    had, the text says why; Stopped: `stopped` said so.
    """

    for pause in (*limits.pauses, None):
        if stopped():
            raise Stopped
        try:
            return _attempt(url, known, limits, clock, stopped)
        except _AgainError as error:
            if pause is None:
                raise GridError(str(error)) from error
            sleep(pause)
    raise AssertionError  # the last pause is None


def _attempt(
    url: str, known: Fetched | None, limits: Limits, clock: Callable[[], Monotonic], stopped: Callable[[], bool]
) -> Fetched:
    from http.client import HTTPException, IncompleteRead

    # Most of the time nothing is due, and the 2 MB of HTTP and TLS need not be loaded.
    from linkytui.web.connection import Allowance, TooSlowError
    from linkytui.web.get import PrivateError, UnencryptedError, get

    headers = dict(_HEADERS)
    if known is not None and known.etag:
        headers["If-None-Match"] = known.etag
    if known is not None and known.last_modified:
        headers["If-Modified-Since"] = known.last_modified

    def watch() -> None:
        if stopped():
            raise Stopped

    allowance = Allowance(limits.whole, silence=limits.silence, clock=clock, watch=watch)
    try:
        with get(url, headers, allowance, connect=limits.connect) as answer:
            _check(answer.status)
            etag, modified = answer.headers.get("ETag"), answer.headers.get("Last-Modified")
            if answer.status == _NOT_MODIFIED and known is not None:
                return Fetched(None, etag or known.etag, modified or known.last_modified)
            try:
                return Fetched(_body(answer), etag, modified)
            except (ConnectionError, IncompleteRead) as error:
                text = _("{host} ends the connection within the document")
                raise _AgainError(text.format(host=_host(url))) from error
    except UnencryptedError as error:
        raise GridError(_("the address leads to one that is not encrypted")) from error
    except PrivateError as error:
        raise GridError(_("the address leads into a private network")) from error
    except TooSlowError as error:
        raise GridError(_("the site sends it too slowly")) from error
    except (OSError, HTTPException, ValueError, zlib.error) as error:
        raise _failure(error, _host(url)) from error


def _host(url: str) -> str:
    """The host of an address, for a person; all of it when it is no address."""
    try:
        return urlsplit(url).hostname or url
    except ValueError:
        return url


def _failure(error: Exception, host: str) -> Exception:
    """What an attempt's failure means to a person, and whether asking again may help."""
    import socket  # with TLS, only when fetching: offers and bills load this module, too
    import ssl

    cause = getattr(error, "reason", error)  # of a URLError, or what it wraps
    if isinstance(cause, ssl.SSLCertVerificationError):
        return GridError(_("the certificate of {host} cannot be verified").format(host=host))
    if isinstance(cause, TimeoutError):
        return _AgainError(_("{host} does not answer in time").format(host=host))
    if isinstance(error, OSError) and not isinstance(cause, ssl.SSLError):
        text = _("{host} cannot be reached; is there a network?").format(host=host)
        # Without a network no name is known for a while; to wait for each of them would take minutes.
        return GridError(text) if isinstance(cause, socket.gaierror) else _AgainError(text)
    return _AgainError(_("{host} answers what cannot be read").format(host=host))


def _check(status: int) -> None:
    """See that the answer may be a document."""
    if status in (_OK, _NOT_MODIFIED):
        return
    if status in (401, 403):
        raise RefusedError(
            _("the site refuses ({status}): get the grid with a browser and name it in files of [tariff]").format(
                status=status
            )
        )
    if status in (404, 410):
        raise GridError(_("there is nothing at its address any more ({status})").format(status=status))
    text = _("the site answers with an error ({status})").format(status=status)
    raise _AgainError(text) if status in _TRANSIENT else GridError(text)


def _body(answer: "HTTPResponse") -> bytes:
    """The document, unpacked; `ConnectionAbortedError` when it ends before it said."""
    packed = answer.headers.get("Content-Encoding", "").strip().lower() in ("gzip", "x-gzip")
    unpack = zlib.decompressobj(_GZIP)
    data = bytearray()
    # What has come, however little, so that a site is left as soon as it has sent too much.
    while chunk := answer.read1(_CHUNK):
        data += unpack.decompress(chunk, MAX_SIZE + 1 - len(data)) if packed else chunk
        if len(data) > MAX_SIZE:
            raise GridError(_("it is larger than {size} MB, which no price grid is").format(size=MAX_SIZE // 2**20))
    if answer.length or (packed and not unpack.eof):
        raise ConnectionAbortedError
    return bytes(data)
