"""Serves the line to any number of clients, on its own thread, without ever holding up the reading."""

import contextlib
import errno
import logging
import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Final

from linkytui.civil.times import Timestamp
from linkytui.errors import RelayError
from linkytui.i18n import _
from linkytui.line.listener import Arrival, Listener
from linkytui.line.relay.place import Place, listen_at
from linkytui.line.relay.report import Report, report_of, to_line
from linkytui.line.relay.subscriber import CutOffError, Endpoint, Subscriber, who_gives_way
from linkytui.line.relay.tcp import tcp_server
from linkytui.link import Link
from linkytui.reading.meter import Meter

_LOG: Final = logging.getLogger(__name__)

_LOCAL_SUBSCRIBERS: Final = 64
_REMOTE_SUBSCRIBERS: Final = 256
_CHUNKS: Final = 4096  # reads that wait for the relay's thread at most; the oldest go first

_BEAT: Final = 2.0
"""Seconds after which the report is said again though nothing changed, so that listeners know that someone is there."""

_TCP_RETRY: Final = 30.0
"""Seconds before a TCP address that could not be had is tried again: at boot the network may come later."""

_CUT_OFF_TOLD_EVERY: Final = 60.0
"""Seconds between two lines in the log about clients that were cut off: they may come again at once."""


class Relay(Listener):
    """A listener that hands the bytes on. Its methods only put them into a queue."""

    def __init__(
        self,
        place: Place,
        report: Report,
        *,
        tcp: str = "",
        complete: Callable[[Report], Report] = lambda report: report,
        obey: Mapping[bytes, Callable[[], object]] = MappingProxyType({}),
    ) -> None:
        """Open the sockets of a place whose lock this process holds, and start.

        `tcp`: `host:port` on which others on the network get the bytes as well, empty for none. Where it cannot be had
        it is tried again; `complete`: adds to a report what is not the line's, called on the relay's thread; `obey`:
        what is done, on the relay's thread, when who wants reports says one of these lines. Raises RelayError: a socket
        cannot be made.
        """
        self.report = report  # the newest, as far as it is about the line
        self._tcp = tcp
        self._complete = complete
        self._obey = obey
        self._meter: Meter | None = None
        self._chunks: deque[bytes] = deque(maxlen=_CHUNKS)
        self._changed = False
        self._subscribers: dict[Subscriber, None] = {}
        self._endpoints: list[Endpoint] = []
        self._tcp_endpoint: Endpoint | None = None
        self._tcp_at = 0.0
        self._tcp_failed = False
        self._cut_off_told_at = float("-inf")
        self._stop = False
        self._selector = selectors.DefaultSelector()
        self._wake_end, self._wake_up = socket.socketpair()
        self._wake_end.setblocking(False)
        self._wake_up.setblocking(False)
        self._selector.register(self._wake_end, selectors.EVENT_READ)
        try:
            for path in (place.socket, place.status):
                endpoint = Endpoint(listen_at(path), str(path), _LOCAL_SUBSCRIBERS, status=path == place.status)
                self._open(endpoint)
        except RelayError:
            self._close_all()
            raise
        self._thread = threading.Thread(target=self._run, name="relay", daemon=True)
        self._thread.start()

    @property
    def subscribers(self) -> int:
        """How many listen, those that only ask for reports left out."""
        return sum(not subscriber.endpoint.status for subscriber in tuple(self._subscribers))

    @property
    def tcp_address(self) -> tuple[str, int] | None:
        """Where it listens on the network: host and port; None while it does not."""
        endpoint = self._tcp_endpoint
        if endpoint is None:
            return None
        host, port = endpoint.socket.getsockname()[:2]
        return host, port

    # On the reading thread ------------------------------------------------------------------------------------------

    def bytes_came(self, data: bytes, at: Timestamp) -> None:  # noqa: ARG002 -- a line has no times
        if self._subscribers:
            self._chunks.append(data)
            self._wake()

    def frame_came(self, arrival: Arrival) -> None:
        self._meter = arrival.meter

    def meter_reset(self) -> None:
        self._meter = None

    def link_changed(self, link: Link) -> None:
        self.report = report_of(self.report, link, self._meter.latest if self._meter else None)
        self._changed = True
        if self._subscribers:
            self._wake()

    def close(self) -> None:
        """Send everyone away and remove the sockets; the second time does nothing."""
        self._stop = True
        self._wake()
        self._thread.join()

    def _wake(self) -> None:
        with contextlib.suppress(OSError):  # it is awake already, or closed
            self._wake_up.send(b"!")

    # On the relay's own thread --------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            beat = time.monotonic()
            while not self._stop:
                self._look_after_tcp()
                for key, events in self._selector.select(max(0.0, beat - time.monotonic())):
                    self._answer(key, events)
                self._distribute()
                now = time.monotonic()
                if self._changed or now >= beat:
                    self._changed = False
                    self._report()
                    beat = now + _BEAT
        except Exception:
            _LOG.exception("the relay failed; nobody can listen any more")
        finally:
            self._close_all()

    def _answer(self, key: selectors.SelectorKey, events: int) -> None:
        if isinstance(key.data, Endpoint):
            self._accept(key.data)
        elif isinstance(key.data, Subscriber):
            if events & selectors.EVENT_READ:
                self._try(key.data, partial(self._obey_lines, key.data))
            if events & selectors.EVENT_WRITE and key.data in self._subscribers:
                self._try(key.data, key.data.flush)
        else:
            with contextlib.suppress(BlockingIOError):
                self._wake_end.recv(4096)

    def _obey_lines(self, subscriber: Subscriber) -> None:
        """Do what a client asks for, where it may ask: on the network nobody may."""
        for line in subscriber.lines():
            if subscriber.endpoint.status and line in self._obey:
                self._obey[line]()
                self._changed = True

    def _accept(self, endpoint: Endpoint) -> None:
        try:
            connection, address = endpoint.socket.accept()
        except OSError as error:
            if error.errno in (errno.EMFILE, errno.ENFILE):
                time.sleep(0.1)  # the connection stays in the backlog, so the selector would return at once
            return
        others = [other for other in self._subscribers if other.endpoint is endpoint]
        if len(others) >= endpoint.limit:
            if (idlest := who_gives_way(others)) is None:
                connection.close()
                return
            self._drop(idlest)
        try:
            subscriber = Subscriber(connection, endpoint, address)
        except OSError:
            connection.close()  # gone already
            return
        self._subscribers[subscriber] = None
        self._selector.register(connection, selectors.EVENT_READ, subscriber)
        if endpoint.status:
            self._try(subscriber, partial(subscriber.send_line, to_line(self._complete(self.report))))

    def _distribute(self) -> None:
        """Give what came to everyone."""
        chunks = [self._chunks.popleft() for _number in range(len(self._chunks))]
        if chunks:
            data = b"".join(chunks)
            for subscriber in [subscriber for subscriber in self._subscribers if not subscriber.endpoint.status]:
                self._try(subscriber, partial(subscriber.send_bytes, data))

    def _report(self) -> None:
        """Give a report to everyone who wants reports."""
        watchers = [subscriber for subscriber in self._subscribers if subscriber.endpoint.status]
        if watchers:
            line = to_line(self._complete(self.report))
            for subscriber in watchers:
                self._try(subscriber, partial(subscriber.send_line, line))

    def _try(self, subscriber: Subscriber, do: Callable[[], None]) -> None:
        """Deal with a subscriber; one that is gone or is to be cut off leaves."""
        try:
            do()
        except CutOffError:
            now = time.monotonic()
            if now - self._cut_off_told_at >= _CUT_OFF_TOLD_EVERY:
                self._cut_off_told_at = now
                text = _("A client of {address} was disconnected: it was too slow, or sent data itself.")
                _LOG.info("%s", text.format(address=subscriber.endpoint.name))
            self._drop(subscriber)
        except OSError:
            self._drop(subscriber)
        else:
            wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if subscriber.waiting else 0)
            if self._selector.get_key(subscriber.connection).events != wanted:
                self._selector.modify(subscriber.connection, wanted, subscriber)

    def _drop(self, subscriber: Subscriber) -> None:
        del self._subscribers[subscriber]
        self._selector.unregister(subscriber.connection)
        subscriber.connection.close()

    def _open(self, endpoint: Endpoint) -> None:
        self._endpoints.append(endpoint)
        self._selector.register(endpoint.socket, selectors.EVENT_READ, endpoint)

    def _look_after_tcp(self) -> None:
        """Listen on the network, if that is wanted and not so yet."""
        if not self._tcp or self._tcp_endpoint is not None or time.monotonic() < self._tcp_at:
            return
        host, _colon, port = self._tcp.rpartition(":")
        try:
            server = tcp_server(host.strip("[]"), int(port))
        except OSError as error:
            self._tcp_at = time.monotonic() + _TCP_RETRY
            if not self._tcp_failed:
                self._tcp_failed = True
                text = _("Cannot listen on {address}: {reason}; retrying.")
                _LOG.warning("%s", text.format(address=self._tcp, reason=error.strerror or error))
            return
        self._tcp_endpoint = Endpoint(server, self._tcp, _REMOTE_SUBSCRIBERS)
        self._open(self._tcp_endpoint)

    def _close_all(self) -> None:
        for subscriber in list(self._subscribers):
            self._drop(subscriber)
        for endpoint in self._endpoints:
            if endpoint.socket.family == socket.AF_UNIX:
                with contextlib.suppress(OSError):
                    Path(endpoint.name).unlink()
            endpoint.socket.close()
        self._selector.close()
        self._wake_end.close()
        self._wake_up.close()
