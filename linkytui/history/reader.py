"""Reads the history: any number of readers, while it is written, and before there is a file."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from linkytui.errors import HistoryError
from linkytui.history import queries, stored
from linkytui.history.colours import read_colours
from linkytui.history.laps import Figures, Lap, read_laps
from linkytui.history.queries import RegisterValue
from linkytui.history.rollup import HOUR, MINUTE
from linkytui.history.samples import INJECTED
from linkytui.history.schema import FILE_NAME, open_for_reading
from linkytui.history.spans import By, PowerRange, Span, borders, hour_of, midnight
from linkytui.history.stored import StoredSample
from linkytui.i18n import _
from linkytui.reading import Contract
from linkytui.tic import Colour

NIGHT: Final = (1, 5)
"""Hours of the night, local time, in which a household's base load shows."""

_BASE_LOAD_SHARE: Final = 0.05
_BASE_LOAD_MINUTES: Final = 60


class MeterInfo(NamedTuple):
    """A meter that the history knows."""

    id: int
    number: str
    """Serial number; empty when it never said it."""
    contract: Contract | None
    limit_kva: float | None
    """The breaker's threshold or the subscribed power, whichever is larger."""
    first_at: float
    """Seconds since 1970."""
    last_at: float
    """Seconds since 1970."""


class HourEnergy(NamedTuple):
    """What was drawn in one hour."""

    start: int
    """Seconds since 1970, a whole hour."""
    wh: Mapping[str, int]
    """Wh per register."""
    estimated_wh: int
    """The part of it that was spread over gaps."""
    injected_wh: int
    """Wh given to the grid."""


class MinuteRow(NamedTuple):
    """One register in one minute."""

    start: int
    """Seconds since 1970, a whole minute."""
    register: str
    """Empty when the meter did not say which register counted."""
    frames: int
    mean: int | None
    """VA."""
    low: int | None
    """VA."""
    high: int | None
    """VA."""
    wh: int
    """Wh that the register rose by."""


class CurvePoint(NamedTuple):
    """One column of a curve of apparent power."""

    at: float
    """Seconds since 1970 at which it begins."""
    mean: int
    """VA."""
    low: int
    """VA."""
    high: int
    """VA."""
    register: str | None
    """The register that counted for most of it."""


class GapSpan(NamedTuple):
    """A time in which nothing was recorded."""

    start: float
    """Seconds since 1970."""
    end: float
    """Seconds since 1970."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """The day so far."""

    span: Span
    """From midnight to midnight, as far as it is written."""
    base_load: int | None
    """VA always drawn, from the last nights."""


class HistoryReader:
    """Answers questions from the history in a folder. Every question opens the file anew, so any thread may ask.

    A file that is not there yet, or is empty, is a history in which nothing happened. All meters count together unless
    a question names one.

    Every method raises `HistoryError` when the file is damaged, unreadable or a newer linkytui's.
    """

    def __init__(self, folder: Path, zone: tzinfo | None = None) -> None:
        """Name the folder; nothing is opened.

        Args:
            folder: holds the history.
            zone: whose days and months are meant; Europe/Paris when None.
        """
        self._path = folder / FILE_NAME
        self.zone = zone or ZoneInfo("Europe/Paris")

    def recorded(self) -> tuple[float, float] | None:
        """First and last moment of the record, in seconds since 1970; None when there is none."""
        with self._open() as connection:
            if connection is None:
                return None
            start, end = connection.execute('SELECT min(start), max("end") FROM stretches').fetchone()
            return None if start is None else (start / 1000, end / 1000)

    def meters(self) -> list[MeterInfo]:
        """All meters, in the order in which they were met."""
        with self._open() as connection:
            if connection is None:
                return []
            rows = connection.execute(
                'SELECT id, number, contract, limit_kva, min(start), max("end")'
                " FROM meters JOIN stretches ON meter = id GROUP BY id ORDER BY min(start)"
            )
            return [
                MeterInfo(id_, number, Contract(contract) if contract else None, limit, start / 1000, end / 1000)
                for id_, number, contract, limit, start, end in rows
            ]

    def spans(self, by: By, start: datetime, end: datetime) -> list[Span]:
        """Hours, days, months or years, from the one that holds `start` to the one that holds or ends with `end`.

        Those in which nothing was recorded are there too, so that a chart has its places.

        Args:
            by: kind of span.
            start: aware.
            end: aware; a span that begins there is not among them.
        """
        with self._open() as connection:
            limits = borders(by, start, end, self.zone)
            if connection is None:
                return [_empty(begin, after) for begin, after in limits]
            return [self._span(connection, begin, after) for begin, after in limits]

    def hours(self, start: datetime, end: datetime) -> Iterator[HourEnergy]:
        """Energy hour by hour, those hours in which there is any record, oldest first.

        Args:
            start: aware; the hour that holds it is the first.
            end: aware; an hour that begins there is not among them.
        """
        with self._open() as connection:
            if connection is None:
                return
            rows = connection.execute(
                "SELECT hour, name, sum(wh), sum(estimated_wh) FROM hours JOIN registers ON id = register"
                " WHERE hour >= ? AND hour < ? GROUP BY hour, register",
                (hour_of(start), hour_of(end)),
            )
            yield from _by_hour(rows)

    def minutes(self, start: float, end: float) -> Iterator[MinuteRow]:
        """Minute by minute, a row for each register that counted or rose, `INJECTED` among them.

        Args:
            start: seconds since 1970.
            end: seconds since 1970.
        """
        with self._open() as connection:
            if connection is None:
                return
            rows = connection.execute(
                "SELECT minute, coalesce(name, ''), frames, power_sum, power_min, power_max, wh"
                " FROM minutes LEFT JOIN registers ON id = register WHERE minute >= ? AND minute < ?"
                " ORDER BY minute, register",
                (int(start // 60), -int(-end // 60)),
            )
            for minute, name, frames, power_sum, low, high, wh in rows:
                mean = round(power_sum / frames) if frames else None
                yield MinuteRow(minute * 60, name, frames, mean, low, high, wh)

    def curve(self, start: float, end: float, columns: int) -> list[CurvePoint]:
        """Apparent power between two moments, reduced to at most so many columns; columns without a record are absent.

        It is drawn from minutes, from hours where minutes are no longer kept, and from every frame where a column is
        shorter than a minute.

        Args:
            start: seconds since 1970.
            end: seconds since 1970.
            columns: at least one.
        """
        with self._open() as connection:
            if connection is None or end <= start:
                return []
            first, last = round(start * 1000), round(end * 1000)
            width = (last - first) / columns
            for table in ("samples", "minutes", "hours") if width < MINUTE else ("minutes", "hours"):
                points = _points(queries.curve(connection, table, first, last, columns), start, width / 1000)
                if points:
                    return points
            return []

    def gaps(self, start: float, end: float) -> list[GapSpan]:
        """The times between two moments in which nothing was recorded, though there are records before and after."""
        with self._open() as connection:
            if connection is None:
                return []
            first, last = round(start * 1000), round(end * 1000)
            stretches = connection.execute('SELECT start, "end" FROM stretches ORDER BY start').fetchall()
            return list(_between(stretches, first, last))

    def today(self, now: datetime) -> Today:
        """The day that `now` lies in, and the base load of the week before it."""
        local = now.astimezone(self.zone)
        begin = midnight(local.date(), self.zone)
        (span,) = self.spans(By.DAY, begin, begin + timedelta(minutes=1))
        return Today(span=span, base_load=self.base_load(local.date() - timedelta(days=6), local.date()))

    def base_load(self, first: date, last: date) -> int | None:
        """What is always drawn ("talon"), in VA; None when too little is recorded.

        It is the power that only one minute in twenty of the nights, from 01:00 to 05:00, falls below with its lowest
        frame: fridges that happen to be off do not pull it down, and nobody who happens to be awake pulls it up.

        Args:
            first: day whose night is the first.
            last: day whose night is the last.
        """
        with self._open() as connection:
            if connection is None:
                return None
            lowest: list[int] = []
            day = first
            while day <= last:
                begin, end = (
                    int(datetime(day.year, day.month, day.day, hour, tzinfo=self.zone).timestamp() // 60)
                    for hour in NIGHT
                )
                lowest += (
                    power
                    for (power,) in connection.execute(
                        "SELECT min(power_min) FROM minutes WHERE minute >= ? AND minute < ? AND frames > 0"
                        " AND register != (SELECT id FROM registers WHERE name = ?) GROUP BY minute",
                        (begin, end, INJECTED),
                    )
                )
                day += timedelta(days=1)
            if len(lowest) < _BASE_LOAD_MINUTES:
                return None
            lowest.sort()
            return lowest[int(len(lowest) * _BASE_LOAD_SHARE)]

    def registers_at(self, at: float, meter: int | None = None) -> dict[str, RegisterValue]:
        """The registers at a moment, in Wh; those that were not seen yet are absent.

        Args:
            at: seconds since 1970.
            meter: which one, by `MeterInfo.id`; when None the one that was recorded then, or last before.
        """
        with self._open() as connection:
            if connection is None:
                return {}
            moment = round(at * 1000)
            if meter is None:
                meter = _meter_at(connection, moment)
            return {} if meter is None else queries.registers_at(connection, meter, moment)

    def measure(self, start: float, end: float) -> Figures:
        """Energy and power between two moments, as a lap wants them.

        Args:
            start: seconds since 1970.
            end: seconds since 1970.
        """
        before, after = self.registers_at(start), self.registers_at(end)
        wh = {name: value.wh - before[name].wh for name, value in after.items() if name in before and name != INJECTED}
        exact = all(value.exact for value in (*before.values(), *after.values()))
        mean = peak = peak_at = None
        with self._open() as connection:
            if connection is not None:
                mean, peak, peak_at = stored.power_between(connection, round(start * 1000), round(end * 1000))
        return Figures(
            start=start,
            end=end,
            wh={name: rise for name, rise in wh.items() if rise > 0},
            exact=exact and bool(before),
            mean=mean,
            peak=peak,
            peak_at=None if peak_at is None else peak_at / 1000,
        )

    def laps(self) -> list[Lap]:
        """All laps, the newest first."""
        with self._open() as connection:
            return [] if connection is None else read_laps(connection)

    def months(self) -> list[tuple[int, int]]:
        """Year and month of every month in which there is a record, oldest first."""
        recorded = self.recorded()
        if recorded is None:
            return []
        start, end = (datetime.fromtimestamp(at, self.zone) for at in recorded)
        with self._open() as connection:
            if connection is None:
                return []
            return [
                (begin.year, begin.month)
                for begin, after in borders(By.MONTH, start, end + timedelta(milliseconds=1), self.zone)
                if connection.execute(
                    "SELECT 1 FROM hours WHERE hour >= ? AND hour < ? LIMIT 1", (hour_of(begin), hour_of(after))
                ).fetchone()
            ]

    def colours(self, start: date, end: date) -> dict[date, Colour]:
        """The colour of each Tempo day from `start` to the one before `end`, where it is known.

        A Tempo day runs from 06:00 to 06:00, French legal time.
        """
        with self._open() as connection:
            return {} if connection is None else read_colours(connection, start, end)

    def samples(self, after: int = 0, limit: int = 5_000) -> list[StoredSample]:
        """Frames that are still kept, in the order in which they were recorded.

        Args:
            after: number of the last sample that is not wanted any more: a cursor.
            limit: how many at most.
        """
        with self._open() as connection:
            return [] if connection is None else stored.samples_after(connection, after, limit)

    def samples_between(self, start: float, end: float) -> Iterator[StoredSample]:
        """Frames that are still kept, by time, from `start` to before `end`, in seconds since 1970."""
        with self._open() as connection:
            if connection is not None:
                yield from stored.samples_between(connection, round(start * 1000), round(end * 1000))

    def cursor(self, name: str) -> int | None:
        """How far somebody had read the samples, as `HistoryWriter.save_cursor` kept it."""
        with self._open() as connection:
            if connection is None:
                return None
            row = connection.execute("SELECT sample FROM cursors WHERE name = ?", (name,)).fetchone()
            return None if row is None else int(row[0])

    def backlog(self, name: str) -> tuple[int, float | None]:
        """How many samples a cursor has before it, and the time of the oldest in seconds since 1970."""
        with self._open() as connection:
            if connection is None:
                return 0, None
            count, oldest = connection.execute(
                "SELECT count(*), min(at) FROM samples"
                " WHERE id > coalesce((SELECT sample FROM cursors WHERE name = ?), 0)",
                (name,),
            ).fetchone()
            return count, None if oldest is None else oldest / 1000

    def counters(self, start: date, end: date) -> dict[str, int]:
        """What was rejected or corrected from day `start` to the one before `end` (UTC), by kind.

        Kinds: `fall` and `jump` of a register, `power` that no breaker lets pass, `meter` number said only once,
        `rebase` of a register that fell or leapt for good, `clock` corrected.
        """
        epoch = date(1970, 1, 1)
        with self._open() as connection:
            if connection is None:
                return {}
            return dict(
                connection.execute(
                    "SELECT kind, sum(count) FROM counters WHERE day >= ? AND day < ? GROUP BY kind",
                    ((start - epoch).days, (end - epoch).days),
                ).fetchall()
            )

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection | None]:
        connection = open_for_reading(self._path)
        try:
            yield connection
        except sqlite3.DatabaseError as error:
            raise HistoryError(
                _("Cannot read the history {path}: {error}").format(path=self._path, error=error)
            ) from error
        finally:
            if connection is not None:
                connection.close()

    def _span(self, connection: sqlite3.Connection, begin: datetime, after: datetime) -> Span:
        first, last = hour_of(begin), hour_of(after)
        rows = queries.energies(connection, first, last)
        if not rows:
            return _empty(begin, after)
        drawn = [row for row in rows if row.register != INJECTED]
        injected = [row.wh for row in rows if row.register == INJECTED]
        frames = sum(row.frames for row in drawn)
        power = None
        if frames:
            highest = max(row.power_max for row in drawn if row.power_max is not None)
            power = PowerRange(
                mean=round(sum(row.power_sum for row in drawn) / frames),
                min=min(row.power_min for row in drawn if row.power_min is not None),
                max=highest,
                max_at=datetime.fromtimestamp(queries.peak_at(connection, first, last, highest) / 1000, self.zone),
            )
        return Span(
            start=begin,
            end=after,
            wh={row.register: row.wh for row in drawn if row.register},
            injected_wh=injected[0] if injected else None,
            power=power,
            estimated_wh=sum(row.estimated for row in drawn),
            covered_s=round(queries.covered(connection, first * HOUR, last * HOUR) / 1000),
        )


def _empty(begin: datetime, after: datetime) -> Span:
    return Span(start=begin, end=after, wh={}, injected_wh=None, power=None, estimated_wh=0, covered_s=0)


def _by_hour(rows: Iterable[tuple[Any, ...]]) -> Iterator[HourEnergy]:
    """Rows of one hour after another become one energy an hour."""
    hour: int | None = None
    wh: dict[str, int] = {}
    estimated = injected = 0
    for number, name, rise, guess in rows:
        if number != hour:
            if hour is not None:
                yield HourEnergy(hour * 3600, wh, estimated, injected)
            hour, wh, estimated, injected = number, {}, 0, 0
        if name == INJECTED:
            injected += rise
        else:
            wh[name] = rise
            estimated += guess
    if hour is not None:
        yield HourEnergy(hour * 3600, wh, estimated, injected)


def _points(rows: Iterable[queries.CurveRow], start: float, width: float) -> list[CurvePoint]:
    """Rows of one column after another become one point a column."""
    points: list[CurvePoint] = []
    columns: dict[int, list[queries.CurveRow]] = {}
    for row in rows:
        columns.setdefault(row.column, []).append(row)
    for column, parts in columns.items():
        frames = sum(part.frames for part in parts)
        longest = max(parts, key=lambda part: part.frames)
        points.append(
            CurvePoint(
                at=start + column * width,
                mean=round(sum(part.power_sum for part in parts) / frames),
                low=min(part.power_min for part in parts),
                high=max(part.power_max for part in parts),
                register=longest.register or None,
            )
        )
    return points


def _between(stretches: list[tuple[int, int]], first: int, last: int) -> Iterator[GapSpan]:
    """What lies between stretches, whichever meter recorded them, cut to the time that is asked for."""
    covered_to: int | None = None
    for start, end in stretches:
        if covered_to is not None and start > covered_to and covered_to < last and start > first:
            yield GapSpan(max(covered_to, first) / 1000, min(start, last) / 1000)
        covered_to = end if covered_to is None else max(covered_to, end)


def _meter_at(connection: sqlite3.Connection, at: int) -> int | None:
    row = connection.execute(
        "SELECT meter FROM stretches WHERE start <= ? ORDER BY start DESC LIMIT 1", (at,)
    ).fetchone()
    return None if row is None else int(row[0])
