"""The line as read by another process: a collector, or a screen where there is none."""

import select
import threading
import time
from collections.abc import Callable
from typing import Final

from linkytui.civil.times import Monotonic, Timestamp
from linkytui.errors import RelayError
from linkytui.i18n import _
from linkytui.line.relay.place import Place
from linkytui.line.relay.report import Report
from linkytui.line.relay.subscription import Subscription
from linkytui.line.sources.base import READ_TIMEOUT, EndOfSource, Source
from linkytui.link import LinkError, LinkState

_CHUNK: Final = 64 * 1024

_PAUSED: Final = 10.0
"""Seconds between two reads after which what waits is too old to be shown as new: this process had been stopped."""

_ANSWER: Final = 1.0  # seconds for the other process to say how it fares when this one comes

_QUIET: Final = 10.0
"""Seconds without a report after which the other process hangs or is stopped: it says something every two seconds."""


_SHORT: Final = 20  # letters of a port's name that find room beside who reads it


class ReaderGoneError(LinkError):
    """Nobody reads there, or who does has ended or does not answer."""

    def __init__(self, detail: str) -> None:
        super().__init__(LinkState.NO_READER, detail)


class RelaySource(Source):
    """Listens at a place. The trouble that the other process has with its port is told as if it were our own."""

    def __init__(
        self,
        place: Place,
        *,
        clock: Callable[[], Timestamp] = time.time,
        monotonic: Callable[[], Monotonic] = time.monotonic,
    ) -> None:
        """Nothing is opened before the first read."""
        self.place = place
        self.report: Report | None = None  # what the other process said last; None before it said anything
        self._clock = clock
        self._monotonic = monotonic
        self._subscription: Subscription | None = None
        self._poll = select.poll()
        self._read_at = self._heard_at = 0.0
        self._now = clock()
        self._closed = threading.Event()

    @property
    def name(self) -> str:
        if self.report is None:
            return ""
        who = _("another screen") if self.report.kind == "screen" else _("collector")
        source = self.report.link.source
        return _("{who}: {source}").format(who=who, source=source) if 0 < len(source) <= _SHORT else who

    @property
    def baudrate(self) -> int | None:
        return None if self.report is None else self.report.link.baudrate

    def now(self) -> float:
        return self._now

    def listen_at(self, baudrate: int) -> None:
        """The other process chooses its speed."""

    def open(self) -> None:
        """Connect now, unless that is so already.

        Raises ReaderGoneError: nobody is there, or it does not answer; LinkError: this user may not listen.
        """
        if self._subscription is not None:
            return
        try:
            self._subscription = Subscription(self.place, _ANSWER)
        except RelayError as error:
            raise LinkError(LinkState.NO_PERMISSION, str(error)) from error
        except OSError as error:
            raise ReaderGoneError(_("No collector answers at {path}.").format(path=self.place.socket)) from error
        self.report = self._subscription.status.report
        for connection in (self._subscription.bytes, self._subscription.status.socket):
            self._poll.register(connection, select.POLLIN)
        self._read_at = self._heard_at = self._monotonic()

    def read(self) -> bytes:
        if self._closed.is_set():
            raise EndOfSource
        now = self._monotonic()
        if self._subscription is not None and now - self._read_at > _PAUSED:
            self._leave()
        self.open()
        subscription = self._subscription
        assert subscription is not None and self.report is not None  # noqa: S101, PT018 -- open() saw to it
        self._read_at = now
        data = b""
        try:
            ready = {number for number, _events in self._poll.poll(READ_TIMEOUT * 1000)}
            if subscription.status.socket.fileno() in ready:
                subscription.status.receive()
                self.report = subscription.status.report
                self._heard_at = self._monotonic()
            if subscription.bytes.fileno() in ready:
                data = subscription.bytes.recv(_CHUNK)
                if not data:
                    raise ConnectionResetError
        except (OSError, ValueError) as error:
            if self._closed.is_set():
                raise EndOfSource from None
            self._leave()
            raise ReaderGoneError(_describe(self.report)) from error
        self._now = self._clock()
        if data:
            return data
        if self._monotonic() - self._heard_at > _QUIET:
            self._leave()
            raise ReaderGoneError(
                _("linkytui (process {pid}) is reading the meter but not responding.").format(pid=self.report.pid)
            )
        if self.report.link.link_state.down:
            raise LinkError(self.report.link.link_state, self.report.link.detail)
        return b""

    def close(self) -> None:
        self._closed.set()
        if self._subscription is not None:
            self._subscription.close()

    def _leave(self) -> None:
        subscription, self._subscription = self._subscription, None
        if subscription is not None:
            subscription.close()
        self._poll = select.poll()


def _describe(report: Report) -> str:
    """That the other process has ended."""
    if report.kind == "screen":
        return _("The screen that was reading the meter was closed.")
    return _("The collector has stopped.")
