"""Imports older records: recordings, other programs' databases. Importing twice changes nothing."""

import logging
import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple, Self

from linkytui.civil.times import Timestamp
from linkytui.errors import HistoryError
from linkytui.history import retention
from linkytui.history.book import Book
from linkytui.history.colours import ColourCount
from linkytui.history.contracts import ContractCount
from linkytui.history.lock import WriterLock
from linkytui.history.periods import PeriodTexts
from linkytui.history.rollup import HOUR_MS, Millis
from linkytui.history.samples import Sample
from linkytui.history.schema import FILE_NAME, DamagedError, open_for_writing
from linkytui.history.store import MeterRow, Store
from linkytui.history.told import Told
from linkytui.i18n import _
from linkytui.reading.steady import Steady

_LOG: Final = logging.getLogger(__name__)

IMPORT_BATCH: Final = 20_000
"""Samples in one transaction: what a crash in the middle of an import can lose, and what memory holds."""

_ENDLESS: Final = 1 << 62


@dataclass(slots=True)
class ImportReport:
    """How far an import has come."""

    read: int = 0  # samples that were looked at
    added: int = 0  # samples whose time was not recorded yet
    first_at: Timestamp | None = None  # of the earliest one added
    last_at: Timestamp | None = None  # of the latest one added


class _Window(NamedTuple):
    """The free stretch of time that is being filled."""

    meter: MeterRow
    book: Book
    end: Millis  # when it ends; endless for the open end


class Importer:
    """Fills what is free in the history of a folder. Holds the right to write it until it is closed."""

    def __init__(
        self,
        folder: Path,
        *,
        now: Timestamp | None = None,
        raw_days: int = 7,
        minute_days: int = 730,
        gap_seconds: float = 120.0,
    ) -> None:
        """Open the history.

        `now`: seconds since 1970, from which days are counted back, the clock's when None; `gap_seconds`: between two
        samples, more is a gap, over which energy is estimated. For a source that tells one value an hour, somewhat more
        than an hour. Raises HistoryError: another program writes it, it is damaged, or it cannot be written.
        """
        self.report = ImportReport()
        self.changed: set[int] = set()
        """Hours since 1970 that what was told last has changed."""
        self._path = folder / FILE_NAME
        now_ms = round((time.time() if now is None else now) * 1000)
        self._rows_from = retention.kept_from(now_ms, raw_days)
        self._minutes_from = retention.kept_from(now_ms, minute_days)
        self._gap_ms = round(gap_seconds * 1000)
        self._lock = WriterLock(folder)
        try:
            self._store = Store(open_for_writing(self._path, on_loss=_LOG.error))
        except DamagedError as error:
            self._lock.release()
            raise HistoryError(
                _("The history {path} is damaged; linkytui will set it aside when it next records").format(
                    path=self._path
                )
            ) from error
        except (sqlite3.Error, OSError) as error:
            self._lock.release()
            raise self._refusal(error) from error
        except HistoryError:
            self._lock.release()
            raise
        self._meter: Steady[str] = Steady(self._store.get("meter"))
        self._colours = ColourCount()
        self._contracts = ContractCount()
        self._periods = PeriodTexts()
        self._window: _Window | None = None
        self._known: tuple[str, int, int] = ("", 0, -1)  # a recorded stretch: meter, start, end

    def close(self) -> None:
        """Let go of the history."""
        self._store.connection.close()
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def import_samples(
        self, samples: Iterable[Sample], progress: Callable[[ImportReport], None] = lambda _report: None
    ) -> ImportReport:
        """Book samples whose time is not recorded yet, and link them to what is recorded around them.

        After a crash or an interruption, the same import goes on where it was. Samples that go back in time are booked
        too, but slowly. `progress` is told after each batch. Raises HistoryError: the disk is full or refuses, what was
        written before stays.
        """
        iterator = iter(samples)
        while batch := list(islice(iterator, IMPORT_BATCH)):
            try:
                with self._store.transaction():
                    for sample in batch:
                        self._take(sample)
                    self._close_window()
                    self._colours.write(self._store.connection)
                    self._contracts.write(self._store.connection)
                    self._periods.write(self._store.connection)
            except sqlite3.Error as error:
                raise self._refusal(error) from error
            finally:
                self._window = None
            self.report.read += len(batch)
            progress(self.report)
        return self.report

    def import_told(self, told: Sequence[Told], meter: str) -> ImportReport:
        """Take in energy that somebody else counted, for hours that the meter's own registers do not know.

        What is finer takes the place of what is coarser, whichever came first (`told.py`).

        `meter` names whose they are: another than the meter that is read, which counts by its registers. Raises
        HistoryError: the disk is full or refuses, nothing was written.
        """
        store = self._store
        try:
            with store.transaction():
                self.changed = store.tell(store.meter(meter).id, told) if told else set()
        except sqlite3.Error as error:
            raise self._refusal(error) from error
        self.report.read += len(told)
        for hour in sorted(self.changed):
            self._note(hour * HOUR_MS)
        return self.report

    def _take(self, sample: Sample) -> None:
        number = sample.meter
        if number is not None and not self._meter.says(number) and not self._meet(number):
            return
        at = round(sample.at * 1000)
        current = self._meter.value or ""
        window = self._window
        if window is None or not window.book.end < at < window.end or window.meter.number != current:
            meter, start, end = self._known
            if start <= at <= end and meter == current:
                return
            window = self._open_window(current, at)
            if window is None:
                return
        window.book.take(sample, at)
        self._colours.hear(sample, sample.at)
        self._contracts.hear(sample, sample.at)
        self._periods.hear(sample)
        self._note(at)

    def _meet(self, number: str) -> bool:
        """Another meter than before; whether it said its number often enough."""
        if not self._meter.value:
            self._close_window()
            self._store.name_meter(number)
        if not self._meter.hear(number):
            return False
        if self._store.get("meter") is None:
            self._store.put("meter", number)
        return True

    def _open_window(self, number: str, at: Millis) -> _Window | None:
        """The free time around a moment; None when that moment is recorded."""
        self._close_window()
        store = self._store
        meter = store.meter(number)
        recorded = store.recorded(meter.id, at)
        if recorded is not None:
            self._known = number, *recorded
            return None
        book, end = store.open_between(
            meter, at, gap_ms=self._gap_ms, rows_from=self._rows_from, minutes_from=self._minutes_from
        )
        self._window = _Window(meter, book, _ENDLESS if end is None else end)
        return self._window

    def _close_window(self) -> None:
        window = self._window
        if window is not None:
            window.book.close()
            self._store.write(window.meter, window.book)
            if window.end - window.book.end <= self._gap_ms:
                self._store.join(window.meter.id, window.end)
        self._window = None

    def _note(self, at: Millis) -> None:
        report = self.report
        report.added += 1
        seconds = at / 1000
        if report.first_at is None or seconds < report.first_at:
            report.first_at = seconds
        if report.last_at is None or seconds > report.last_at:
            report.last_at = seconds

    def _refusal(self, error: Exception) -> HistoryError:
        reason = getattr(error, "strerror", None) or error
        return HistoryError(_("Cannot write the history {path}: {error}").format(path=self._path, error=reason))
