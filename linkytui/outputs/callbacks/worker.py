"""A callback's thread: its queue, failures and pauses."""

import logging
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from linkytui.civil.times import Timestamp
from linkytui.errors import LinkytuiError
from linkytui.line.relay.report import CallbackState
from linkytui.link import Link
from linkytui.outputs.callbacks.base import Callback
from linkytui.outputs.callbacks.loading import in_a_line
from linkytui.outputs.callbacks.state import CallbackStatus
from linkytui.reading.model import Reading
from linkytui.tic.frames import Frame

log = logging.getLogger("linkytui.callbacks")

_MAX_PAUSE: Final = 600.0


class QueuedFrame(NamedTuple):
    """A frame that waits for a callback."""

    reading: Reading
    frame: Frame


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How long things last."""

    queue_length: int = 256
    """Frames that wait for a slow callback before the oldest is dropped; six minutes of historic mode."""
    tolerated: int = 5  # failures in a row after which a callback is paused
    first_pause: float = 10.0  # seconds; each further pause is twice as long, up to ten minutes
    hung_after: float = 10.0  # seconds after which a call that does not return counts as hung
    close_timeout: float = 5.0  # seconds that closing waits for all callbacks together


class CallbackWorker:
    """Runs one callback from the moment it is switched on until it is switched off."""

    def __init__(
        self, name: str, factory: Callable[[], Callback], *, clock: Callable[[], Timestamp], pace: Pace
    ) -> None:
        self.name = name
        self.callback: Callback | None = None
        self._factory = factory
        self._clock = clock
        self._pace = pace
        self._condition = threading.Condition()
        self._queue: deque[QueuedFrame] = deque()
        self._link: Link | None = None
        self._stopping = False
        self._draining = False
        self._status = CallbackStatus.STARTING
        self._delivered = self._dropped = self._failures = 0
        self._in_a_row: Counter[str] = Counter()
        self._kinds: set[tuple[object, ...]] = set()
        self._last_at: float | None = None
        self._last_error: tuple[str, float] | None = None
        self._busy_since: float | None = None
        self._resumes_at = 0.0
        self._hang_told = False
        self._thread = threading.Thread(target=self._run, name=f"callback {name}", daemon=True)

    def start(self) -> None:
        """Begin: make the callback, open it, hand it what comes."""
        self._thread.start()

    def put(self, heard: QueuedFrame) -> None:
        """Queue a frame; the oldest goes when there are too many. Never waits."""
        if self._status is CallbackStatus.FAILED:
            return
        with self._condition:
            if len(self._queue) >= self._pace.queue_length:
                self._queue.popleft()
                self._dropped += 1
            self._queue.append(heard)
            self._condition.notify()
        if not self._hang_told and self._busy_for() > self._pace.hung_after:
            self._hang_told = True
            log.warning("callback %s hangs: a call has not returned for %.0f s", self.name, self._pace.hung_after)

    def put_link(self, link: Link) -> None:
        """Keep the line's newest state for it."""
        with self._condition:
            self._link = link
            self._condition.notify()

    def stop(self, *, drain: bool) -> None:
        """Ask the thread to end, after what is queued or (without `drain`) at once."""
        with self._condition:
            self._stopping, self._draining = True, drain
            self._condition.notify()

    def join(self, timeout: float) -> bool:
        """Wait for the thread's end; True when it has ended."""
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def state(self) -> CallbackState:
        """How it fares now."""
        busy = self._busy_for()
        paused = max(0.0, self._resumes_at - time.monotonic()) if self._status is CallbackStatus.PAUSED else 0.0
        error, error_at = self._last_error or (None, None)
        return CallbackState(
            name=self.name,
            status=CallbackStatus.HUNG if busy > self._pace.hung_after else self._status,
            busy_for=round(busy, 1),
            paused_for=round(paused, 1),
            delivered=self._delivered,
            dropped=self._dropped,
            failures=self._failures,
            last_at=self._last_at,
            last_error=error,
            last_error_at=error_at,
        )

    def _busy_for(self) -> float:
        since = self._busy_since
        return 0.0 if since is None else time.monotonic() - since

    def _run(self) -> None:
        made, callback = self._call("load", self._factory)
        if not made or callback is None:
            self._status = CallbackStatus.FAILED
            return
        self.callback = callback
        opened = False
        patience: float | None = 0.0
        while self._may_go_on():
            if not opened:
                opened, _nothing = self._call("open", callback.open)
                if opened:
                    self._status = CallbackStatus.RUNNING
                elif self._stopping:
                    return
                continue
            item = self._next(patience)
            if isinstance(item, QueuedFrame):
                patience = 0.0
                taken, _nothing = self._call("reading", callback.reading, item.reading, item.frame)
                if taken:
                    self._delivered += 1
                    self._last_at = self._clock()
            elif item is not None:
                patience = 0.0
                self._call("link", callback.link, item)
            elif not self._stopping:
                idled, patience = self._call("idle", callback.idle)
                if not idled:
                    patience = 1.0
            else:
                break
        if opened:
            self._call("close", callback.close)
        self._status = CallbackStatus.OFF

    def _may_go_on(self) -> bool:
        """False when it is time to end; sits the pause out when one is due."""
        worst = max(self._in_a_row.values(), default=0)
        beyond = worst - self._pace.tolerated
        with self._condition:
            if beyond >= 0 and not self._stopping:
                pause = min(self._pace.first_pause * 2.0 ** min(beyond, 30), _MAX_PAUSE)
                before, self._status = self._status, CallbackStatus.PAUSED
                self._resumes_at = time.monotonic() + pause
                self._condition.wait_for(lambda: self._stopping, pause)
                self._status = before
                return not self._stopping
            return not self._stopping or (self._draining and bool(self._queue))

    def _next(self, patience: float | None) -> QueuedFrame | Link | None:
        """What to hand on next; None when nothing came within `patience` seconds or the end is near."""
        with self._condition:
            self._condition.wait_for(lambda: self._queue or self._link or self._stopping, patience)
            if self._queue and (not self._stopping or self._draining):
                return self._queue.popleft()
            link, self._link = self._link, None
            return link

    def _call(self, kind: str, function: Callable[..., Any], *args: object) -> tuple[bool, Any]:
        """Call into the callback; whether it went well, and what it returned."""
        self._busy_since = time.monotonic()
        try:
            result = function(*args)
        except BaseException as error:
            # SystemExit, KeyboardInterrupt and whatever else a plugin may raise: it ends here.
            self._failed(kind, error)
            return False, None
        finally:
            self._busy_since = None
        del self._in_a_row[kind]
        return True, result

    def _failed(self, kind: str, error: BaseException) -> None:
        self._failures += 1
        self._in_a_row[kind] += 1
        text = str(error) if isinstance(error, LinkytuiError) else in_a_line(error)
        self._last_error = text, self._clock()
        place = error.__traceback__
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        where = (place.tb_frame.f_code.co_filename, place.tb_lineno) if place is not None else None
        if (kind, type(error), where) not in self._kinds and len(self._kinds) < 100:
            self._kinds.add((kind, type(error), where))
            log.warning("callback %s failed in %s: %s", self.name, kind, text)
