"""The batches under way to a sink: which is sent when, again, and how far all is received. Pure."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from linkytui.civil.times import Monotonic

AT_ONCE: Final = 8  # batches that wait for their receipts; more are read from the history when these have them
FIRST_WAIT: Final = 60.0
"""Seconds for a receipt before a batch is sent again: a sink holds it for fifteen where the database writes late."""
LAST_WAIT: Final = 600.0  # each further wait is twice as long, up to this

_NOBODY: Final = 0x10  # MQTT 5: no matching subscribers
_REFUSED: Final = 0x80  # from here on, reason codes of MQTT 5 are refusals
_FIRST_PAUSE: Final = 5.0  # seconds
_LAST_PAUSE: Final = 60.0
_LATE: Final = 3  # times that a batch was sent without a receipt until somebody must be told


@dataclass(slots=True, kw_only=True)
class UnderWay:
    """A batch whose receipt has not come."""

    name: str
    topic: str
    payload: bytes
    cursor: int  # of its last sample
    samples: int
    number: int | None = None  # of the broker's acknowledgement; None once that came, or while it was never sent
    taken: bool = False  # the broker has it, and somebody to hand it to
    received: bool = False
    sent: int = 0  # times
    due: Monotonic = 0.0  # when it is to be sent, again unless it never was
    wait: float = 0.0  # seconds for its receipt


class Window:
    """Batches in the order of their samples. Times are of a clock that never jumps."""

    def __init__(self) -> None:
        self._batches: deque[UnderWay] = deque()
        self._blocked_until: Monotonic | None = None
        self._pause = _FIRST_PAUSE
        self.reason: int | None = None  # the broker's, while it takes no batch

    @property
    def room(self) -> bool:
        """Whether another batch may be added."""
        return len(self._batches) < AT_ONCE and self._blocked_until is None

    @property
    def end(self) -> int | None:
        """The last sample under way; None when there is none."""
        return self._batches[-1].cursor if self._batches else None

    @property
    def late(self) -> bool:
        """Whether a batch was taken by the broker again and again, and no sink says that it has it."""
        return any(batch.taken and batch.sent >= _LATE for batch in self._batches)

    @property
    def nobody(self) -> bool:
        """Whether the broker has nobody to hand a batch to."""
        return self.reason == _NOBODY

    def add(self, batch: UnderWay) -> None:
        """Have a batch sent."""
        batch.wait = FIRST_WAIT
        self._batches.append(batch)

    def clear(self) -> None:
        """Forget them all: the log was begun anew, or let go of."""
        self._batches.clear()
        self._open()

    def due(self, now: Monotonic) -> Iterator[UnderWay]:
        """Those to be sent now: told by `sent`. While the broker takes none, one at a time asks whether it does."""
        if self._blocked_until is not None:
            if now < self._blocked_until:
                return
            asked = next((batch for batch in self._batches if not batch.received), None)
            if asked is None:
                self._open()
            elif asked.number is None:
                self._pause = min(self._pause * 2, _LAST_PAUSE)
                self._blocked_until = now + self._pause
                yield asked
            return
        for batch in tuple(self._batches):
            if not batch.received and batch.number is None and now >= batch.due:
                yield batch

    def sent(self, batch: UnderWay, number: int, now: Monotonic) -> None:
        """A batch was handed to the network, which has it under a number until the broker takes it."""
        if batch.sent:
            batch.wait = min(batch.wait * 2, LAST_WAIT)
        batch.number, batch.taken = number, False
        batch.sent += 1
        batch.due = now + batch.wait

    def answered(self, number: int, reason: int, now: Monotonic) -> None:
        """The broker answered to a number."""
        batch = next((batch for batch in self._batches if batch.number == number), None)
        if batch is None:
            return
        batch.number = None
        batch.taken = reason != _NOBODY and reason < _REFUSED
        if batch.taken:
            self._open()
            batch.due = now + batch.wait
            return
        batch.sent, batch.wait, batch.due = 0, FIRST_WAIT, now
        self.reason = reason
        self._blocked_until = now + self._pause

    def receive(self, names: Iterable[str]) -> int:
        """A sink has these for good; how many samples of them were waited for."""
        wanted = set(names)
        found = [batch for batch in self._batches if batch.name in wanted and not batch.received]
        for batch in found:
            batch.received = True
        return sum(batch.samples for batch in found)

    def done(self) -> int | None:
        """Forget the first ones that are received; the last sample of them, None when there is none."""
        cursor = None
        while self._batches and self._batches[0].received:
            cursor = self._batches.popleft().cursor
        return cursor

    def _open(self) -> None:
        self._blocked_until, self._pause, self.reason = None, _FIRST_PAUSE, None
