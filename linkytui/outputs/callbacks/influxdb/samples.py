"""Logs of samples that InfluxDB is filled from."""

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

    def add(self, at: Timestamp, power: int, registers: Mapping[str, int]) -> None:
        """Keep a sample."""
        self._end += 1
        self._samples.append(LoggedSample(self._end, at, power, dict(registers)))

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
