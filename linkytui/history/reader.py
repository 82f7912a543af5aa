"""Reads the history: any number of readers, during writes, and before the file exists."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path

from linkytui.civil.cycle import CALENDAR, Cycle
from linkytui.civil.days import local
from linkytui.civil.spans import By, borders
from linkytui.civil.times import Timestamp
from linkytui.errors import HistoryError
from linkytui.history import curves, energy, moments, stored
from linkytui.history.colours import read_colours
from linkytui.history.contracts import read_contracts
from linkytui.history.laps import read_laps
from linkytui.history.periods import read_period_texts
from linkytui.history.results import (
    Backlog,
    CurvePoint,
    DayContract,
    GapSpan,
    HourEnergy,
    Lap,
    MeterInfo,
    MinuteRow,
    RegisterValue,
    Span,
    StoredSample,
)
from linkytui.history.rollup import hour_of
from linkytui.history.schema import FILE_NAME, open_for_reading
from linkytui.history.told import Told, would_change
from linkytui.i18n import _
from linkytui.reading.contracts import Contract
from linkytui.reading.lap import LapFigures
from linkytui.tic.horodate import PARIS
from linkytui.tic.status import Colour


class HistoryReader:
    """Answers questions from the history in a folder. Every question opens the file anew, so any thread may ask.

    A file that is not there yet, or is empty, is a history in which nothing happened. All meters count together. Every
    method raises `HistoryError` when the file is damaged, unreadable or a newer linkytui's.
    """

    def __init__(self, folder: Path | Callable[[], Path], zone: tzinfo = PARIS, cycle: Cycle = CALENDAR) -> None:
        """Name the folder, or what tells it where it may change, and whose days and months are meant; nothing is
        opened. `cycle`: the billing periods that stand for months in `spans`.
        """
        self.zone = zone
        self.cycle = cycle
        self._folder = folder

    @property
    def folder(self) -> Path:
        """Holds the history; for whoever wants to write to it."""
        return self._folder() if callable(self._folder) else self._folder

    def recorded(self) -> tuple[float, float] | None:
        """First and last moment of the record, in seconds since 1970; None when there is none."""
        with self._open() as connection:
            start, end = connection.execute(
                'SELECT min(start, coalesce((SELECT min(first_at) FROM sightings), start)), "end"'
                ' FROM (SELECT min(start) AS start, max("end") AS "end" FROM stretches)'
            ).fetchone()
            return None if start is None else (start / 1000, end / 1000)

    def meters(self) -> list[MeterInfo]:
        """All meters of which there is a record, in the order of their beginnings."""
        with self._open() as connection:
            rows = connection.execute(
                'SELECT id, number, contract, limit_kva, min(start), max("end")'
                " FROM meters JOIN stretches ON meter = id GROUP BY id ORDER BY min(start)"
            )
            return [
                MeterInfo(id_, number, Contract(contract) if contract else None, limit, start / 1000, end / 1000)
                for id_, number, contract, limit, start, end in rows
            ]

    def spans(self, by: By, start: datetime, end: datetime) -> list[Span]:
        """Hours, days, months or years, from the one that holds `start` to the one that holds or ends with `end`, both
        aware.

        Those in which nothing was recorded are there too, so that a chart has its places.
        """
        limits = borders(by, start, end, self.zone, self.cycle)
        with self._open() as connection:
            return energy.spans(connection, by, limits, self.zone)

    def today(self, now: datetime) -> Span:
        """The day that `now` lies in, as far as it is written."""
        return self.spans(By.DAY, now, now + timedelta(microseconds=1))[0]

    def months(self) -> list[tuple[int, int]]:
        """Year and month of every month of which there is a record, oldest first."""
        recorded = self.recorded()
        if recorded is None:
            return []
        start, end = (local(at, self.zone) for at in recorded)
        with self._open() as connection:
            return [
                (begin.year, begin.month)
                for begin, after in borders(By.MONTH, start, end + timedelta(milliseconds=1), self.zone)
                if connection.execute(
                    "SELECT 1 FROM hours WHERE hour >= ? AND hour < ? LIMIT 1", (hour_of(begin), hour_of(after))
                ).fetchone()
            ]

    def hours(self, start: datetime, end: datetime) -> Iterator[HourEnergy]:
        """Energy hour by hour, those hours of which there is any record, oldest first.

        From the hour that holds `start` to the one that holds or ends with `end`, both aware.
        """
        with self._open() as connection:
            yield from energy.hours(connection, hour_of(start), hour_of(end - timedelta(microseconds=1)) + 1)

    def minutes(self, start: Timestamp, end: Timestamp) -> Iterator[MinuteRow]:
        """Minute by minute, a row for each register that counted or rose, `INJECTED` among them.

        From the minute that holds `start` to the one that holds or ends with `end`.
        """
        with self._open() as connection:
            yield from energy.minutes(connection, int(start // 60), -int(-end // 60))

    def minute_sums(self, ranges: Sequence[tuple[Timestamp, Timestamp]]) -> list[int]:
        """Wh drawn in the minutes of each of several stretches of time: those that begin in it."""
        with self._open() as connection:
            return energy.minute_sums(connection, [(-int(-start // 60), -int(-end // 60)) for start, end in ranges])

    def base_load(self, first: date, last: date) -> int | None:
        """What is always drawn ("talon"), in VA; None when too little is recorded.

        It is the power that only one minute in twenty of the nights, from 01:00 to 05:00, falls below with its lowest
        frame: neither a fridge that happens to be off nor somebody who happens to be awake changes it.
        """
        with self._open() as connection:
            return energy.base_load(connection, first, last, self.zone)

    def curve(self, start: Timestamp, end: Timestamp, columns: int) -> list[CurvePoint]:
        """Apparent power between two moments, reduced to at most so many columns; those without a record are absent."""
        first, last = round(start * 1000), round(end * 1000)
        with self._open() as connection:
            return [] if last <= first else curves.power_curve(connection, first, last, columns)

    def gaps(self, start: Timestamp, end: Timestamp) -> list[GapSpan]:
        """The times between two moments in which nothing was recorded, though there are records before and after."""
        with self._open() as connection:
            return list(curves.gaps(connection, round(start * 1000), round(end * 1000)))

    def registers_at(self, at: Timestamp, meter: int | None = None) -> dict[str, RegisterValue]:
        """The registers at a moment, of a meter by its `MeterInfo.id`, or of the one that was recorded then, or last
        before.

        Those that were not seen yet are absent.
        """
        moment = round(at * 1000)
        with self._open() as connection:
            meter = moments.meter_at(connection, moment) if meter is None else meter
            return {} if meter is None else moments.registers_at(connection, meter, moment)

    def measure(self, start: Timestamp, end: Timestamp) -> LapFigures:
        """Energy and power between two moments, in seconds since 1970, as a lap wants them."""
        with self._open() as connection:
            return moments.measure(connection, round(start * 1000), round(end * 1000))

    def laps(self) -> list[Lap]:
        """All laps, the newest first."""
        with self._open() as connection:
            return read_laps(connection)

    def colours(self, start: date, end: date) -> dict[date, Colour]:
        """The colour of each Tempo day from `start` to the one before `end`, where it is known.

        A Tempo day runs from 06:00 to 06:00, French legal time.
        """
        with self._open() as connection:
            return read_colours(connection, start, end)

    def contracts(self) -> list[DayContract]:
        """What the meter said of its contract at the end of each day on which it said anything, by day."""
        with self._open() as connection:
            return read_contracts(connection)

    def period_texts(self) -> dict[str, str]:
        """What the meter calls the period that each register of a supplier's own calendar counts, as far as it said."""
        with self._open() as connection:
            return read_period_texts(connection)

    def samples(self, after: int = 0, limit: int = 5_000) -> list[StoredSample]:
        """Frames that are still kept, after the one of a number, in the order in which they were recorded."""
        with self._open() as connection:
            return stored.samples_after(connection, after, limit)

    def samples_between(self, start: Timestamp, end: Timestamp) -> Iterator[StoredSample]:
        """Frames that are still kept, by time, from `start` to before `end`, in seconds since 1970."""
        with self._open() as connection:
            yield from stored.samples_between(connection, round(start * 1000), round(end * 1000))

    def cursor(self, name: str) -> int | None:
        """How far somebody had read the samples, as `HistoryWriter.save_cursor` kept it."""
        with self._open() as connection:
            return stored.cursor(connection, name)

    def newest_sample(self) -> int:
        """The highest number that a sample ever had; 0 before the first."""
        with self._open() as connection:
            return stored.newest(connection)

    def backlog(self, name: str, after: int | None = None) -> Backlog:
        """What somebody who reads the samples still has before him: after his cursor, or where he is if that is not
        saved yet.
        """
        with self._open() as connection:
            return stored.backlog(connection, name, after)

    def would_change(self, told: Sequence[Told]) -> set[int]:
        """The hours since 1970 that would be other than they are if somebody else's counting were taken in, too.

        Args:
            told: by one meter; one stretch at least.
        """
        with self._open() as connection:
            return would_change(connection, told)

    def counters(self, start: date, end: date) -> dict[str, int]:
        """What was rejected or corrected from day `start` to the one before `end` (UTC), by kind.

        Kinds: `fall` and `jump` of a register, `rebase` of one that fell or leapt for good, `power` that no breaker
        lets pass, `meter` number that was said too seldom to be believed, `clock` that was corrected.
        """
        epoch = date(1970, 1, 1)
        with self._open() as connection:
            return dict(
                connection.execute(
                    "SELECT kind, sum(count) FROM counters WHERE day >= ? AND day < ? GROUP BY kind",
                    ((start - epoch).days, (end - epoch).days),
                ).fetchall()
            )

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """The file as it is now, whatever is written meanwhile."""
        path = self.folder / FILE_NAME
        with closing(open_for_reading(path)) as connection:
            try:
                connection.execute("BEGIN")
                yield connection
            except sqlite3.DatabaseError as error:
                text = _("Cannot read the history {path}: {error}")
                raise HistoryError(text.format(path=path, error=error)) from error
