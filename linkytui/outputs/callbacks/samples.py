"""Logs of samples that a server is filled from, and how far each of their readers got."""

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, Protocol

from linkytui.civil.times import Timestamp
from linkytui.history.results import Backlog


class LoggedSample(NamedTuple):
    """What the meter said at one moment, as the history kept it."""

    cursor: int  # its place in the log; grows from sample to sample
    at: Timestamp  # seconds since 1970
    power: int | None  # VA; None when that frame did not say it
    registers: Mapping[str, int]  # Wh: every register as it stood then
    injected_power: int | None = None  # VA given to the grid
    period: str | None = None  # the register that counted
    meter: str = ""  # serial number; empty where it is not known


class SampleLog(Protocol):
    """The raw samples in the order in which they came, and how far each reader got. Used by one thread."""

    def cursor(self, reader: str) -> int | None:
        """The place of the last sample that this reader dealt with; None when it never read."""

    def advance(self, reader: str, cursor: int) -> None:
        """Remember, over restarts, that this reader dealt with everything up to and including `cursor`."""

    def after(self, cursor: int, limit: int) -> Sequence[LoggedSample]:
        """The samples after a place, oldest first, `limit` at most."""

    def before(self, at: Timestamp) -> int:
        """The place of the last sample older than this moment; the beginning when there is none."""

    def end(self) -> int:
        """The place of the newest sample; smaller than a cursor only when another log was begun."""

    def waiting(self, cursor: int) -> Backlog:
        """How much comes after a place."""


_KEPT: Final = 50_000


class MemoryLog:
    """A log for when there is no history: the last 50,000 samples, half a day or more, forgotten at the end."""

    def __init__(self, kept: int = _KEPT) -> None:
        self._samples: deque[LoggedSample] = deque(maxlen=kept)
        self._cursors: dict[str, int] = {}
        self._end = 0

    def add(
        self,
        at: Timestamp,
        power: int | None,
        registers: Mapping[str, int],
        *,
        injected_power: int | None = None,
        period: str | None = None,
        meter: str = "",
    ) -> None:
        """Keep a sample."""
        self._end += 1
        self._samples.append(LoggedSample(self._end, at, power, dict(registers), injected_power, period, meter))

    def cursor(self, reader: str) -> int | None:
        return self._cursors.get(reader)

    def advance(self, reader: str, cursor: int) -> None:
        self._cursors[reader] = cursor

    def after(self, cursor: int, limit: int) -> Sequence[LoggedSample]:
        first = self._samples[0].cursor if self._samples else 0
        start = max(0, cursor + 1 - first)
        stop = min(len(self._samples), start + limit)
        return [self._samples[place] for place in range(start, stop)]

    def before(self, at: Timestamp) -> int:
        younger = next((sample for sample in self._samples if sample.at >= at), None)
        return younger.cursor - 1 if younger is not None else self._end

    def end(self) -> int:
        return self._end

    def waiting(self, cursor: int) -> Backlog:
        oldest = self.after(cursor, 1)
        return Backlog(min(self._end - cursor, len(self._samples)), oldest[0].at) if oldest else Backlog(0, None)


class LogReader:
    """How far one reader of a log got, over restarts; a log that was begun anew is read from its beginning."""

    def __init__(self, log: SampleLog, name: str) -> None:
        """Read nothing yet. `name`: under which the log keeps the cursor."""
        self._log = log
        self._name = name
        self._cursor: int | None = None

    def place(self, oldest: Timestamp | None) -> int:
        """The last sample that was dealt with; at the very first start, the last one before `oldest`, None for all."""
        if self._cursor is None:
            kept = self._log.cursor(self._name)
            self._cursor = kept if kept is not None else self._before(oldest)
        return self._cursor

    def read(
        self, limit: int, oldest: Timestamp | None = None, *, after: int | None = None
    ) -> Sequence[LoggedSample] | None:
        """The samples that come next, or next after those that are under way, `limit` at most.

        None: the log was begun anew, as after a damaged file, and its first sample is news.
        """
        place = self.place(oldest) if after is None else after
        samples = self._log.after(place, limit)
        if not samples and self._log.end() < place:
            self._cursor = self._before(oldest)
            return None
        return samples

    def move(self, cursor: int) -> None:
        """Remember that everything up to and including this sample was dealt with."""
        self._log.advance(self._name, cursor)
        self._cursor = cursor

    def drop(self) -> None:
        """Let go of all that waits."""
        self.move(self._log.end())

    def waiting(self, oldest: Timestamp | None = None) -> Backlog:
        """How much there is to deal with."""
        return self._log.waiting(self.place(oldest))

    def _before(self, oldest: Timestamp | None) -> int:
        return 0 if oldest is None else self._log.before(oldest)
