"""The client of an InfluxDB server."""

import base64
import json
import os
from collections.abc import Mapping, Sequence
from http.client import HTTPException
from typing import Any, Final, TypeAlias
from urllib.parse import unquote, urlencode, urlsplit
from urllib.request import getproxies, proxy_bypass

from linkytui.outputs.callbacks.influxdb.address import RAW_POLICY, InfluxAddress
from linkytui.outputs.callbacks.influxdb.lines import Point, to_lines
from linkytui.outputs.callbacks.influxdb.trouble import explained, not_influxdb, refusal
from linkytui.web.connection import MEGABYTE, Allowance, Connection, Encrypted, TooLargeError

INFLUX_CONNECT_TIMEOUT: Final = 4.0
_ANSWER_TIMEOUT: Final = 10.0
_LARGEST: Final = MEGABYTE  # bytes of an answer at most
_CERTIFICATES: Final = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")  # variables that name a file of one's own

Answer: TypeAlias = tuple[int, Mapping[str, str], bytes]
"""Status, headers by name, body."""


class InfluxClient:
    """Talks to the server over one connection. Every request ends in time; every failure is an `InfluxError`."""

    def __init__(
        self,
        address: InfluxAddress,
        *,
        connect_timeout: float = INFLUX_CONNECT_TIMEOUT,
        read_timeout: float = _ANSWER_TIMEOUT,
    ) -> None:
        """Say where it is; nothing is sent yet. `read_timeout`: seconds for a whole request and its answer."""
        self.address = address
        self._connect_timeout = connect_timeout
        self._answer_timeout = read_timeout
        self._connection: Connection | None = None
        self._prefix = ""  # before the path, where a proxy must be told the whole address
        self._headers = {"Accept": "application/json"}
        if login := address.login:
            token = base64.b64encode(":".join(login).encode()).decode()
            self._headers["Authorization"] = f"Basic {token}"

    def ping(self) -> str:
        """The server's version; raises InfluxError."""
        _status, headers, _body = self._ask("GET", "/ping", {}, b"", (200, 204))
        return headers.get("x-influxdb-version", "unknown")

    def query(self, statement: str) -> list[dict[str, Any]]:
        """Run a statement of InfluxQL and return its rows; raises InfluxError."""
        parameters = {"q": statement, "db": self.address.database}
        _status, _headers, body = self._ask("POST", "/query", parameters, b"", (200,))
        try:
            return _rows(json.loads(body), self.address)
        except (ValueError, TypeError, AttributeError, RecursionError):
            raise not_influxdb(self.address) from None

    def write(self, points: Sequence[Point]) -> None:
        """Write points, times in seconds, into the week's retention policy; raises InfluxError."""
        self._write(to_lines(points), {"precision": "s", "rp": RAW_POLICY})

    def write_lines(self, lines: bytes) -> None:
        """Write lines of the line protocol, times in milliseconds, into the default policy; raises InfluxError."""
        self._write(lines, {"precision": "ms"})

    def metrics(self) -> bytes:
        """What the server says of itself to Prometheus; raises InfluxError."""
        _status, _headers, body = self._ask("GET", "/metrics", {}, b"", (200,))
        return body

    def may_write(self) -> None:
        """Write nothing, which tells whether the database is there and may be written to; raises InfluxError."""
        self._write(b"", {})

    def close(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    __del__ = close

    def _write(self, lines: bytes, parameters: Mapping[str, str]) -> None:
        self._ask("POST", "/write", {"db": self.address.database, **parameters}, lines, (204,))

    def _ask(self, method: str, path: str, parameters: Mapping[str, str], body: bytes, well: tuple[int, ...]) -> Answer:
        """Send a request, and have its answer; raises InfluxError when that is not one of `well`."""
        target = self.address.prefix + (f"{path}?{urlencode(parameters)}" if parameters else path)
        try:
            answer = self._exchange(method, target, body)
        except (OSError, HTTPException, ValueError, TooLargeError) as error:
            self.close()
            # Nothing of the libraries' errors goes on, since their texts may tell too much.
            raise explained(error, self.address) from None
        except BaseException:
            self.close()
            raise
        status, headers, said = answer
        if status not in well:
            raise refusal(status, said, self.address, elsewhere=headers.get("location"))
        return answer

    def _exchange(self, method: str, target: str, body: bytes) -> Answer:
        """One request. A server may have closed the connection since the one before: then over a new one."""
        used, connection = self._connection is not None, self._connection or self._open()
        self._connection = connection
        connection.allowance = Allowance(self._answer_timeout)
        try:
            connection.request(method, self._prefix + target, body, self._headers)
            answer = connection.getresponse()
        except ConnectionError:
            if not used:
                raise
            self.close()
            return self._exchange(method, target, body)
        with answer:
            said = answer.read(_LARGEST + 1)
        if len(said) > _LARGEST:
            raise TooLargeError
        return answer.status, {name.lower(): text for name, text in answer.headers.items()}, said

    def _open(self) -> Connection:
        """A connection to the server, or to the proxy that the environment names."""
        address = self.address
        scheme = "https" if address.tls else "http"
        proxy = None if proxy_bypass(address.host) else getproxies().get(scheme)
        connection: Connection
        if address.tls:
            connection = Encrypted(address.host, address.port, timeout=self._connect_timeout)
            connection.verify = address.verify
            connection.certificates = next(filter(None, map(os.environ.get, _CERTIFICATES)), None)
        else:
            connection = Connection(address.host, address.port, timeout=self._connect_timeout)
        if proxy:
            self._go_by(connection, proxy)
        return connection

    def _go_by(self, connection: Connection, proxy: str) -> None:
        parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        headers = {}
        if parts.username is not None:
            login = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            headers["Proxy-Authorization"] = f"Basic {base64.b64encode(login.encode()).decode()}"
        if self.address.tls:
            connection.set_tunnel(self.address.host, self.address.port, headers)
        else:
            self._prefix = f"http://{self.address.place}"
            self._headers |= headers
        connection.host, connection.port = parts.hostname or "", parts.port or 80


def _rows(answer: Any, address: InfluxAddress) -> list[dict[str, Any]]:
    """The rows of all series of an answer, as InfluxDB forms it."""
    results = answer.get("results", ())
    for place in (answer, *results):
        if error := place.get("error"):
            raise refusal(None, str(error), address)
    return [
        dict(zip(part["columns"], values, strict=False))
        for result in results
        for part in result.get("series", ())
        for values in part.get("values", ())
    ]
