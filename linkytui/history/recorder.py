"""Times incoming samples, finds their meter and books them, in one transaction."""

import json
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import astuple
from typing import Final

from linkytui.civil.times import Timestamp
from linkytui.history import retention
from linkytui.history.book import Book
from linkytui.history.clock import Clock, Line
from linkytui.history.colours import ColourCount
from linkytui.history.contracts import ContractCount
from linkytui.history.periods import PeriodTexts
from linkytui.history.retime import retime
from linkytui.history.rollup import DAY_MS, HOUR_MS
from linkytui.history.samples import Heard, Sample
from linkytui.history.store import MeterRow, Store
from linkytui.reading.steady import Steady

_PRUNE_AFTER: Final = 3600.0  # seconds that a line of time must have held before anything counts as old by it


class Recorder:
    """Records what was heard into a store. After an error it is to be thrown away: the store knows the state before."""

    def __init__(
        self, store: Store, boot: str | None, *, clock: Clock | None = None, raw_days: int, minute_days: int
    ) -> None:
        """Take up where the store ends.

        `boot`: names this boot of the machine, None when the samples' own times are to be taken as they are; `clock`:
        as it was when an earlier recorder of this run failed.
        """
        self.store = store
        self.raw_days = raw_days
        self.minute_days = minute_days
        self.newest = _seconds(store.newest())  # seconds since 1970 of the newest sample that is kept
        self.clock = clock
        if clock is None and boot is not None:
            kept = store.get("clock")
            line = None if kept is None else Line(*json.loads(kept))
            self.clock = Clock(boot, line=line, recorded=self.newest)
        self._kept_line = self.clock.line if self.clock else None
        self._unsure = self.clock is not None and not self.clock.carried_over
        self._meter: Steady[str] = Steady(store.get("meter"))
        self._books: dict[str, tuple[MeterRow, Book]] = {}
        self._colours = ColourCount()
        self._contracts = ContractCount()
        self._periods = PeriodTexts()
        self._pruned_hour: int | None = None

    def record(self, heard: Iterable[Heard], cursors: Mapping[str, int] | None = None) -> list[Heard]:
        """Write what was heard, oldest first, and how far readers of samples have come: all of it or nothing.

        Returns those that must wait because no clock can be trusted yet. Raises sqlite3.Error: the store cannot be
        written, nothing was.
        """
        waiting: list[Heard] = []
        before = deepcopy(self.clock)
        try:
            with self.store.transaction():
                for item in heard:
                    self._place(item, waiting)
                self._write(cursors or {})
                pruned = self._prune()
        except BaseException:
            self.clock = before
            raise
        if self.clock is not None:
            self._kept_line = self.clock.line
        if pruned:
            retention.give_back(self.store)
        return waiting

    def _place(self, item: Heard, waiting: list[Heard]) -> None:
        """Find a sample's time, and that of those that waited for it."""
        clock = self.clock
        if clock is None:
            self._book(item.sample, item.sample.at)
            return
        move = clock.hear(item.sample.at, item.monotonic, item.meter_time, synchronised=item.synchronised)
        if move is not None:
            self._write_books()
            self._books.clear()
            retime(self.store, move, minutes_from=self._minutes_from(move.cut))
            self.newest = _seconds(self.store.newest())
            self._unsure = self._unsure or move.since is None
        waiting.append(item)
        if clock.line is not None:
            for earlier in waiting:
                self._book(earlier.sample, clock.place(earlier.monotonic))
            waiting.clear()

    def _book(self, sample: Sample, at: Timestamp) -> None:
        number = sample.meter
        if number is not None and not self._meter.says(number):
            if not self._meter.value:
                self._name(number)
            if not self._meter.hear(number):
                self.store.count(int(at * 1000) // DAY_MS, 0, "meter")
                return
            self.store.put("meter", number)
        current = self._meter.value or ""
        entry = self._books.get(current)
        if entry is None:
            meter = self.store.meter(current)
            book = self.store.open_end(meter, unsure=self._unsure, rows_from=0, minutes_from=0)
            entry = self._books[current] = meter, book
        if entry[1].take(sample, round(at * 1000)):
            self.newest = at if self.newest is None else max(at, self.newest)
            self._colours.hear(sample, at)
            self._contracts.hear(sample, at)
            self._periods.hear(sample)

    def _name(self, number: str) -> None:
        """The meter so far never said its number; now one does."""
        self._write_books()
        self._books.clear()
        self.store.name_meter(number)

    def _write(self, cursors: Mapping[str, int]) -> None:
        self._write_books()
        self._unsure = self._unsure and not self._books
        self._colours.write(self.store.connection)
        self._contracts.write(self.store.connection)
        self._periods.write(self.store.connection)
        for name, sample in cursors.items():
            self.store.set_cursor(name, sample)
        line = self.clock.line if self.clock else None
        if line is not None and not _same(line, self._kept_line):
            self.store.put("clock", json.dumps(astuple(line)))

    def _write_books(self) -> None:
        for number, (meter, book) in self._books.items():
            self._books[number] = self.store.write(meter, book), book

    def _minutes_from(self, at: Timestamp) -> int:
        return retention.kept_from(round(at * 1000), self.minute_days)

    def _prune(self) -> bool:
        """Delete what is too old, once an hour; whether that was now."""
        if self.newest is None:
            return False
        now = round(self.newest * 1000)
        clock = self.clock
        if now // HOUR_MS == self._pruned_hour or (clock is not None and not clock.held_for(_PRUNE_AFTER)):
            return False
        retention.prune(self.store, now, raw_days=self.raw_days, minute_days=self.minute_days)
        self._pruned_hour = now // HOUR_MS
        return True


def _seconds(at: int | None) -> float | None:
    return None if at is None else at / 1000


def _same(line: Line, other: Line | None) -> bool:
    """Whether a line is the one that is kept, but for what slow adjustment does."""
    return (
        other is not None
        and (line.boot, line.start) == (other.boot, other.start)
        and abs(line.offset - other.offset) < 1.0
    )
