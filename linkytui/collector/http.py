"""Answers `GET /metrics` and `GET /status` for programs such as Prometheus, on one thread, whatever they send.

Each connection gets one answer and is closed, as HTTP/1.1 allows; nothing is read that is not needed for that. The
servers of the standard library know no bounds: they take any number of clients, and wait for each for ever.
"""

import contextlib
import ipaddress
import json
import logging
import selectors
import socket
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

from linkytui.civil.times import Monotonic, Timestamp
from linkytui.collector.metrics import CONTENT_TYPE, exposition
from linkytui.collector.status import status_object
from linkytui.i18n import _
from linkytui.line.relay.report import Report
from linkytui.line.relay.tcp import tcp_server

_LOG: Final = logging.getLogger(__name__)

_CONNECTIONS: Final = 32  # at once; the one that has been there longest gives way to another
_REQUEST: Final = 8192  # bytes of a request at most, its headers included
_PATIENCE: Final = 5.0  # seconds for a client to say what it wants, and to take the answer
_RETRY: Final = 30.0  # seconds before an address that could not be had is tried again
_LOOK: Final = 0.5  # seconds between two looks at who is too slow

_REASONS: Final = {
    200: "OK",
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    431: "Request Header Fields Too Large",
    500: "Internal Server Error",
}


class _Client:
    """One connection: first what it asks, then what it is answered."""

    def __init__(self, connection: socket.socket, until: Monotonic) -> None:
        self.connection = connection
        self.until = until
        self.request = b""
        self.answer = b""
        self.answered = False


class HttpServer:
    """Answers on one address from a thread of its own, until it is closed."""

    def __init__(
        self,
        address: str,
        report: Callable[[], Report],
        zone: ZoneInfo,
        *,
        clock: Callable[[], Timestamp] = time.time,
        patience: float = _PATIENCE,
    ) -> None:
        """Start; an address that cannot be had is tried again.

        `address`: `host:port`; `report`: what is known now, called on this server's thread; `zone`: for times that are
        written out; `patience`: seconds that a client has.
        """
        self._name = address
        self._report = report
        self._zone = zone
        self._clock = clock
        self._patience = patience
        self._server: socket.socket | None = None
        self._failed = False
        self._clients: dict[socket.socket, _Client] = {}
        self._selector = selectors.DefaultSelector()
        self._wake_end, self._wake_up = socket.socketpair()
        self._selector.register(self._wake_end, selectors.EVENT_READ)
        self._stop = False
        self._thread = threading.Thread(target=self._run, name="http", daemon=True)
        self._thread.start()

    @property
    def address(self) -> tuple[str, int] | None:
        """Where it listens: host and port; None while it does not."""
        if self._server is None:
            return None
        host, port = self._server.getsockname()[:2]
        return host, port

    def close(self) -> None:
        """Let go of the address and of everyone; the second time does nothing."""
        self._stop = True
        with contextlib.suppress(OSError):  # closed
            self._wake_up.send(b"!")
        self._thread.join()

    # On its own thread ----------------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            self._begin()
            while not self._stop:
                wait = _LOOK if self._clients else None
                for key, _events in self._selector.select(wait if self._server is not None else _RETRY):
                    if key.fileobj is self._server:
                        self._accept()
                    elif isinstance(key.data, _Client):
                        self._attend(key.data)
                self._begin()
                self._send_away(time.monotonic())
        except Exception:
            _LOG.exception("the HTTP server failed; nobody gets metrics any more")
        finally:
            self._close_all()

    def _begin(self) -> None:
        """Listen, where it does not yet."""
        if self._server is not None or self._stop:
            return
        host, _colon, port = self._name.rpartition(":")
        try:
            self._server = tcp_server(host.strip("[]"), int(port))
        except OSError as error:
            if not self._failed:
                text = _("Cannot listen on {address}: {reason}; retrying.")
                _LOG.warning("%s", text.format(address=self._name, reason=error.strerror or error))
            self._failed = True
            return
        self._selector.register(self._server, selectors.EVENT_READ)

    def _accept(self) -> None:
        assert self._server is not None  # noqa: S101 -- the selector knows it
        try:
            connection, _address = self._server.accept()
        except OSError:
            time.sleep(0.05)  # no descriptor is left, or it is gone: the selector would return at once
            return
        if len(self._clients) >= _CONNECTIONS:
            self._drop(next(iter(self._clients.values())))
        connection.setblocking(False)
        client = _Client(connection, time.monotonic() + self._patience)
        self._clients[connection] = client
        self._selector.register(connection, selectors.EVENT_READ, client)

    def _attend(self, client: _Client) -> None:
        """Go on with a client, as far as that goes without waiting; who is gone leaves."""
        if client.connection not in self._clients:
            return  # it gave way to another meanwhile
        try:
            if client.answered:
                self._finish(client)
            elif client.answer:
                self._send(client)
            else:
                self._hear(client)
        except BlockingIOError:
            pass
        except OSError:
            self._drop(client)

    def _hear(self, client: _Client) -> None:
        data = client.connection.recv(_REQUEST)
        client.request += data
        head, end, _body = client.request.partition(b"\r\n\r\n")
        if end and len(head) <= _REQUEST:
            client.answer = self._answer(head)
        elif len(client.request) > _REQUEST:
            client.answer = _response(431)
        elif not data:
            self._drop(client)
            return
        if client.answer:
            self._selector.modify(client.connection, selectors.EVENT_WRITE, client)
            self._send(client)

    def _send(self, client: _Client) -> None:
        client.answer = client.answer[client.connection.send(client.answer) :]
        if not client.answer:
            # Closing at once, with something unread, would take the answer away from the client again.
            client.answered = True
            client.connection.shutdown(socket.SHUT_WR)
            self._selector.modify(client.connection, selectors.EVENT_READ, client)

    def _finish(self, client: _Client) -> None:
        """Wait for the client to close, whatever else it says."""
        if not client.connection.recv(65536):
            self._drop(client)

    def _send_away(self, now: Monotonic) -> None:
        """Send those away who take too long."""
        for client in [client for client in self._clients.values() if now >= client.until]:
            self._drop(client)

    def _drop(self, client: _Client) -> None:
        del self._clients[client.connection]
        self._selector.unregister(client.connection)
        client.connection.close()

    def _close_all(self) -> None:
        for client in list(self._clients.values()):
            self._drop(client)
        for one in (self._server, self._wake_end, self._wake_up):
            if one is not None:
                one.close()
        self._selector.close()

    # What is answered -----------------------------------------------------------------------------------------------

    def _answer(self, head: bytes) -> bytes:
        line, *fields = head.decode("latin-1").split("\r\n")
        words = line.split(" ")
        if len(words) != 3 or not words[2].startswith("HTTP/1."):
            return _response(400)
        method, target, _version = words
        if not self._meant(fields):
            return _response(403, "Ask by the address that the collector listens on.\n")
        if (answer := self._resource(target.partition("?")[0])) is None:
            return _response(404)
        if method not in ("GET", "HEAD"):
            return _response(405, more={"Allow": "GET, HEAD"})
        try:
            kind, body = answer()
        except Exception:
            _LOG.exception("no answer to %s", target)
            return _response(500)
        return _response(200, body, kind=kind, bodyless=method == "HEAD")

    def _resource(self, path: str) -> Callable[[], tuple[str, str]] | None:
        return {"/metrics": self._metrics, "/status": self._status}.get(path)

    def _metrics(self) -> tuple[str, str]:
        return CONTENT_TYPE, exposition(self._report(), self._clock())

    def _status(self) -> tuple[str, str]:
        report = self._report()
        told = status_object(report, report.reading, report.cost, self._zone, self._clock())
        return "application/json", json.dumps(told) + "\n"

    def _meant(self, fields: list[str]) -> bool:
        """Whether a request is for this machine by its name: else a web page that is open on it could ask for its user.

        On the loopback interface alone; elsewhere it is known by names that cannot be known here.
        """
        address = self.address
        if address is None or not ipaddress.ip_address(address[0]).is_loopback:
            return True
        hosts = [value.strip().lower() for name, _colon, value in (field.partition(":") for field in fields)
                 if name.strip().lower() == "host"]  # fmt: skip
        return all(_is_local(host) for host in hosts)


def _is_local(host: str) -> bool:
    name = host.partition("]")[0].strip("[") if host.startswith("[") else host.partition(":")[0]
    if name in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _response(
    status: int, body: str = "", *, kind: str = "text/plain; charset=utf-8", bodyless: bool = False, more: Any = None
) -> bytes:
    text = (body or f"{_REASONS[status]}\n").encode()
    fields: Mapping[str, str] = {
        "Content-Type": kind,
        "Content-Length": str(len(text)),
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Connection": "close",
        **(more or {}),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status} {_REASONS[status]}\r\n{head}\r\n".encode() + (b"" if bodyless else text)
