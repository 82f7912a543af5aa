"""One line, many readers: the first process reads the port and relays its bytes, the others connect to it."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from linkytui.civil.times import Monotonic, Timestamp
from linkytui.errors import RelayError
from linkytui.i18n import _
from linkytui.line.listener import FanOut
from linkytui.line.relay.place import Place, PlaceLock, TakenError
from linkytui.line.relay.report import Report, first_report
from linkytui.line.relay.server import Relay
from linkytui.line.relay.subscription import request
from linkytui.line.sources.base import READ_TIMEOUT, EndOfSource, Source
from linkytui.line.sources.relay import ReaderGoneError, RelaySource
from linkytui.link import LinkError, LinkState

_LOG: Final = logging.getLogger(__name__)

GRACE: Final = 20.0
"""Seconds for which a collector that stopped is waited for: it may be starting again, and the port is its."""

_LOOK_EVERY: Final = 1.0  # seconds between two looks for a collector while this process reads

_LET_GO_WITHIN: Final = 2.0
"""Seconds for the reading thread to let go of the port when the process is about to be suspended."""


class SharedSource(Source):
    """The line by the best way there is.

    A collector is listened to. Where there is none, the first process reads the port itself and offers the bytes at
    the place of the screens, where the others listen. When a collector starts, the one that reads lets go of the port
    at once; when a collector stops, it is waited for before the port is taken; when the one that reads ends, another
    follows at once.
    """

    def __init__(
        self,
        own: Callable[[], Source],
        *,
        collectors: Sequence[Place],
        screens: Place,
        history: Path | None = None,
        settings: Path | None = None,
        accepts: Callable[[Report], bool] = lambda _report: True,
        clock: Callable[[], Timestamp] = time.time,
        monotonic: Callable[[], Monotonic] = time.monotonic,
    ) -> None:
        """Nothing is opened before the first read or `look`.

        `own`: makes the source that reads the port, called each time it is this process's turn; `collectors`: where a
        collector may be found, in the order in which to look; `screens`: where processes like this one find each other;
        `accepts`: tells whether what another process reads will do, as it does not where a port is meant.
        """
        self.listener = FanOut()
        """Has to hear of the line too, so that others get to know it while this process reads."""
        self.complete: Callable[[Report], Report] = lambda report: report
        """Adds to what others are told while this process reads; as `Relay` has it. To be set before the first read."""
        self.obey: dict[bytes, Callable[[], object]] = {}  # what others may ask for while this process reads, likewise
        self.others = False  # `look` met a process that reads what was not accepted
        self._accepts = accepts
        self._make_own = own
        self._collectors = tuple(collectors)
        self._screens = screens
        self._history = history
        self._settings = settings
        self._clock = clock
        self._monotonic = monotonic
        # What the pipeline wants, or what the others listen at; the port's own at first, so that it is searched for.
        self._baudrate = own().baudrate
        self._listening: RelaySource | None = None
        self._own: Source | None = None
        self._lock: PlaceLock | None = None
        self._relay: Relay | None = None
        self._look_at = self._wait_until = float("-inf")
        self._gone = ""
        self._paused = threading.Event()
        self._at_rest = threading.Event()
        self._closed = threading.Event()
        self._letting_go = threading.Lock()

    @property
    def reads(self) -> bool:
        """This process reads the port itself, and has to keep what comes."""
        return self._own is not None

    @property
    def report(self) -> Report | None:
        """What the process that is listened to said last; None while there is none."""
        listening = self._listening
        return None if listening is None else listening.report

    def ask_for(self, line: bytes) -> bool:
        """Ask the process that is listened to for something; whether it has heard it. May take some seconds."""
        listening = self._listening
        return listening is not None and request(listening.place, line)

    @property
    def name(self) -> str:
        source = self._source
        return "" if source is None else source.name

    @property
    def baudrate(self) -> int | None:
        source = self._source
        return self._baudrate if source is None else source.baudrate

    def now(self) -> float:
        source = self._source
        return self._clock() if source is None else source.now()

    def listen_at(self, baudrate: int) -> None:
        self._baudrate = baudrate
        if self._own is not None:
            self._own.listen_at(baudrate)

    def rest(self, seconds: float) -> None:
        if self._own is not None:
            self._own.rest(seconds)

    def look(self) -> None:
        """Listen to a collector if there is one, before the first read: so that it is known from the beginning."""
        try:
            self._listening = self._find()
            if self._listening is None and (other := self._screen()) is not None:
                other.close()  # the first read listens to it
        except LinkError:
            return  # the first read tells

    def read(self) -> bytes:
        if self._closed.is_set():
            raise EndOfSource
        if self._paused.is_set():
            self._rest()
            return b""
        if self._listening is not None:
            try:
                return self._listen(self._listening)
            except ReaderGoneError as error:
                self._miss(self._listening, error)
        try:
            return self._choose().read()
        except EndOfSource:
            if self._closed.is_set():
                raise
            self._stop_reading()  # it was closed to let go of the port; the next read opens another
            return b""

    def pause(self) -> None:
        """Let go of the port: this process is about to be suspended, and others want to read. Waits until it is so."""
        if not self._closed.is_set():
            self._at_rest.clear()
            self._paused.set()
            own = self._own
            if own is not None:
                own.close()
            self._at_rest.wait(_LET_GO_WITHIN)

    def resume(self) -> None:
        """Go on after `pause`."""
        self._paused.clear()

    def close(self) -> None:
        self._closed.set()
        if self._listening is not None:
            self._listening.close()
        self._stop_reading()

    @property
    def _source(self) -> Source | None:
        return self._own or self._listening

    def _listen(self, other: RelaySource) -> bytes:
        data = other.read()
        self._baudrate = other.baudrate or self._baudrate
        return data

    def _miss(self, other: RelaySource, error: ReaderGoneError) -> None:
        """The process that was listened to is gone."""
        self._listening = None
        other.close()
        self._look_at = float("-inf")
        if other.place in self._collectors:
            self._wait_until = self._monotonic() + GRACE
            self._gone = error.detail

    def _choose(self) -> Source:
        """The source to read now; LinkError when somebody else reads, or is waited for."""
        now = self._monotonic()
        if self._own is not None and now < self._look_at:
            return self._own
        self._look_at = now + _LOOK_EVERY
        try:
            found = self._find()
        except LinkError:
            self._stop_reading()
            raise
        if found is not None:
            self._stop_reading()
            self._listening = found
            self._wait_until = float("-inf")
            return found
        if self._own is not None:
            return self._own
        if now < self._wait_until:
            text = _("{what} If it is not back in {seconds} s, this screen will read the meter itself.")
            raise LinkError(LinkState.NO_READER, text.format(what=self._gone, seconds=round(self._wait_until - now)))
        return self._start_reading()

    def _find(self) -> RelaySource | None:
        """A collector, if there is one that can be listened to.

        Raises LinkError: there is one, but this user may not listen.
        """
        for place in self._collectors:
            source = RelaySource(place, clock=self._clock, monotonic=self._monotonic)
            try:
                source.open()
            except ReaderGoneError:
                continue
            if self._will_do(source):
                return source
        return None

    def _screen(self) -> RelaySource | None:
        """The screen that reads the port, if there is one that can be listened to."""
        source = RelaySource(self._screens, clock=self._clock, monotonic=self._monotonic)
        try:
            source.open()
        except ReaderGoneError:
            return None
        return source if self._will_do(source) else None

    def _will_do(self, source: RelaySource) -> bool:
        """Whether a process that was found reads what is wanted; it is left when not."""
        if source.report is None or self._accepts(source.report):
            return True
        self.others = True
        source.close()
        return False

    def _start_reading(self) -> Source:
        """Read the port, unless another process like this one does: then listen to that."""
        try:
            lock = PlaceLock(self._screens)
        except TakenError as error:
            self.others = False
            other = self._screen()
            if other is not None:
                self._listening = other
                return other
            if not self.others:
                text = _("Another screen (process {pid}) holds the meter and is not responding: quit it or resume it.")
                raise LinkError(LinkState.BUSY, text.format(pid=error.holder)) from None
            lock = None  # it reads another port, and has the place where others would listen
        except RelayError as error:
            _LOG.warning("%s", error)  # nobody else can listen, but that is no reason not to read
            lock = None
        own = self._make_own()
        if self._baudrate is not None:
            own.listen_at(self._baudrate)
        self._lock = lock
        if lock is not None:
            try:
                report = first_report("screen", self._history, self._settings, source=own.name)
                self._relay = Relay(lock.place, report, complete=self.complete, obey=self.obey)
                self.listener.listeners = [self._relay]
            except RelayError as error:
                _LOG.warning("%s", error)
        self._own = own
        if self._closed.is_set():
            self._stop_reading()
            raise EndOfSource
        return own

    def _stop_reading(self) -> None:
        """Let go of the port, then of the place."""
        with self._letting_go:
            own, self._own = self._own, None
            relay, self._relay, self.listener.listeners = self._relay, None, []
            lock, self._lock = self._lock, None
        if own is not None:
            self._baudrate = own.baudrate or self._baudrate
            own.close()
        if relay is not None:
            relay.close()
        if lock is not None:
            lock.release()

    def _rest(self) -> None:
        """Do nothing until it is time to go on."""
        self._stop_reading()
        self._at_rest.set()
        self._closed.wait(READ_TIMEOUT)
