"""The history's raw samples as the log that a server is filled from."""

import math
from collections.abc import Sequence
from typing import Final, Protocol

from linkytui.civil.times import Timestamp
from linkytui.history.reader import HistoryReader
from linkytui.history.results import Backlog
from linkytui.outputs.callbacks.samples import LoggedSample


class CursorKeeper(Protocol):
    """Who writes the history, as far as it matters here."""

    def save_cursor(self, name: str, sample: int) -> None:
        """As `HistoryWriter.save_cursor`."""


class HistoryLog:
    """Reads the samples from the file; cursors are saved by the writer, with its next flush.

    A kill before that flush makes the reader go back by what it dealt with since: its server gets those samples again,
    and keeps each once. Every method raises `HistoryError` when the file cannot be read.
    """

    def __init__(self, reader: HistoryReader, writer: CursorKeeper) -> None:
        """Name who reads and who writes the same history."""
        self._reader = reader
        self._writer = writer

    def cursor(self, reader: str) -> int | None:
        return self._reader.cursor(reader)

    def advance(self, reader: str, cursor: int) -> None:
        self._writer.save_cursor(reader, cursor)

    def after(self, cursor: int, limit: int) -> Sequence[LoggedSample]:
        return [
            LoggedSample(
                sample.id, sample.at, sample.power, sample.registers, sample.injected_power, sample.period, sample.meter
            )
            for sample in self._reader.samples(cursor, limit)
        ]

    def before(self, at: Timestamp) -> int:
        younger = next(self._reader.samples_between(max(at, 0.0), _FAR), None)
        return younger.id - 1 if younger is not None else self._reader.newest_sample()

    def end(self) -> int:
        return self._reader.newest_sample()

    def waiting(self, cursor: int) -> Backlog:
        return self._reader.backlog(_ANYBODY, cursor)


_ANYBODY: Final = ""  # whose cursor does not matter where a place is given
_FAR: Final = math.floor(2**63 / 1000) - 1  # seconds since 1970, later than any sample
