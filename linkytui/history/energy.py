"""Energy by day, month or year and by hour, and the base load, from the stored hours and minutes."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import date, datetime, tzinfo
from typing import Any, Final

from linkytui.civil.days import ONE_DAY, each_day, local, moment
from linkytui.civil.spans import By
from linkytui.history.results import HourEnergy, MinuteRow, PowerRange, Span
from linkytui.history.rollup import HOUR_MS, hour_of
from linkytui.reading.contracts import INJECTED

Borders = tuple[datetime, datetime]

# Registers that neither rose nor counted are most of the rows; they add nothing.
_SUMS: Final = (
    "SELECT register, sum(wh), sum(estimated_wh), sum(frames), sum(power_sum), min(power_min), max(power_max)"
    " FROM hours WHERE hour >= ? AND hour < ? AND (wh OR frames) GROUP BY register"
)

NIGHT: Final = (1, 5)  # hours of the night, local time, in which a household's base load shows

_BASE_LOAD_SHARE: Final = 0.05
_BASE_LOAD_MINUTES: Final = 60


def spans(connection: sqlite3.Connection, by: By, limits: Iterable[Borders], zone: tzinfo) -> list[Span]:
    """What was drawn in each span of a zone, from its start to its end, one after the other."""
    limits = list(limits)
    if not limits:
        return []
    first, last = hour_of(limits[0][0]), hour_of(limits[-1][1])
    recorded = _Recorded(connection, first * HOUR_MS, last * HOUR_MS)
    names = _names(connection)
    hourly = _hourly(connection, first, last) if by is By.HOUR else None
    result: list[Span] = []
    for begin, after in limits:
        start, end = hour_of(begin), hour_of(after)
        rows = connection.execute(_SUMS, (start, end)).fetchall() if hourly is None else hourly.get(start, [])
        covered = recorded.within(start * HOUR_MS, end * HOUR_MS)
        named = [(names[register], *sums) for register, *sums in rows]
        result.append(_span(connection, begin, after, named, covered, zone))
    return result


def hours(connection: sqlite3.Connection, first: int, last: int) -> Iterator[HourEnergy]:
    """The hours since 1970 from `first` to the one before `last` of which there is any record."""
    names = _names(connection)
    found: dict[int, list[tuple[str, int, int]]] = {
        hour: []
        for (hour,) in connection.execute(
            "SELECT DISTINCT hour FROM hours WHERE hour >= ? AND hour < ? ORDER BY hour", (first, last)
        )
    }
    for hour, register, rise, guess in connection.execute(
        "SELECT hour, register, wh, estimated_wh FROM hours WHERE hour >= ? AND hour < ? AND (wh OR frames)",
        (first, last),
    ):
        found[hour].append((names[register], rise, guess))
    for hour, rows in found.items():
        wh: dict[str, int] = {}
        estimated = injected = 0
        for name, rise, guess in rows:
            if name == INJECTED:
                injected += rise
            elif name:
                wh[name] = wh.get(name, 0) + rise
                estimated += guess
        yield HourEnergy(hour * 3600, wh, estimated, injected)


def minutes(connection: sqlite3.Connection, first: int, last: int) -> Iterator[MinuteRow]:
    """The minutes since 1970 from `first` to the one before `last`, a row for each register."""
    rows = connection.execute(
        "SELECT minute, coalesce(name, ''), frames, power_sum, power_min, power_max, wh"
        " FROM minutes LEFT JOIN registers ON id = register WHERE minute >= ? AND minute < ? ORDER BY minute, register",
        (first, last),
    )
    for minute, name, frames, power_sum, low, high, wh in rows:
        yield MinuteRow(minute * 60, name, frames, round(power_sum / frames) if frames else None, low, high, wh)


def minute_sums(connection: sqlite3.Connection, ranges: Iterable[tuple[int, int]]) -> list[int]:
    """Wh drawn in each of several ranges of minutes since 1970, each from and to."""
    (injected,) = connection.execute("SELECT id FROM registers WHERE name = ?", (INJECTED,)).fetchone() or (-1,)
    asked = (
        "SELECT (SELECT total(wh) FROM minutes WHERE minute >= json_extract(value, '$[0]')"
        " AND minute < json_extract(value, '$[1]') AND register != ?) FROM json_each(?) ORDER BY key"
    )
    return [round(wh) for (wh,) in connection.execute(asked, (injected, json.dumps(list(ranges))))]


def base_load(connection: sqlite3.Connection, first: date, last: date, zone: tzinfo) -> int | None:
    """The power in VA that one minute in twenty of these days' nights falls below with its lowest frame.

    None when less than an hour of nights is recorded.
    """
    lowest: list[int] = []
    for day in each_day(first, last + ONE_DAY):
        begin, end = (int(moment(day, hour * 3600, zone)) // 60 for hour in NIGHT)
        lowest += (
            power
            for (power,) in connection.execute(
                "SELECT min(power_min) FROM minutes WHERE minute >= ? AND minute < ? AND frames > 0"
                " AND register != (SELECT id FROM registers WHERE name = ?) GROUP BY minute",
                (begin, end, INJECTED),
            )
        )
    if len(lowest) < _BASE_LOAD_MINUTES:
        return None
    return sorted(lowest)[int(len(lowest) * _BASE_LOAD_SHARE)]


class _Recorded:
    """How much of each of several spans, asked for one after the other, was recorded by whichever meter."""

    def __init__(self, connection: sqlite3.Connection, start: int, end: int) -> None:
        self._stretches: list[tuple[int, int]] = []
        for begin, until in connection.execute(
            'SELECT start, "end" FROM stretches WHERE start < ? AND "end" > ? ORDER BY start', (end, start)
        ):
            if self._stretches and begin <= self._stretches[-1][1]:
                earlier = self._stretches[-1]
                self._stretches[-1] = earlier[0], max(earlier[1], until)
            else:
                self._stretches.append((begin, until))
        self._next = 0

    def within(self, start: int, end: int) -> int:
        """Milliseconds of a span; spans must be asked for in their order."""
        stretches = self._stretches
        while self._next < len(stretches) and stretches[self._next][1] <= start:
            self._next += 1
        total, place = 0, self._next
        while place < len(stretches) and stretches[place][0] < end:
            total += min(stretches[place][1], end) - max(stretches[place][0], start)
            place += 1
        return total


def _names(connection: sqlite3.Connection) -> dict[int, str]:
    """Registers by the numbers that stand for them; no name where a frame did not tell which one counted."""
    return {0: "", **dict(connection.execute("SELECT id, name FROM registers").fetchall())}


def _hourly(connection: sqlite3.Connection, first: int, last: int) -> dict[int, list[tuple[Any, ...]]]:
    """The rows of every hour, read at once."""
    found: dict[int, list[tuple[Any, ...]]] = {}
    for hour, *row in connection.execute(
        "SELECT hour, register, sum(wh), sum(estimated_wh), sum(frames), sum(power_sum), min(power_min),"
        " max(power_max) FROM hours WHERE hour >= ? AND hour < ? AND (wh OR frames) GROUP BY hour, register",
        (first, last),
    ):
        found.setdefault(hour, []).append(tuple(row))
    return found


def _span(
    connection: sqlite3.Connection,
    begin: datetime,
    after: datetime,
    rows: list[tuple[Any, ...]],
    covered: int,
    zone: tzinfo,
) -> Span:
    """One span from the sums of its registers."""
    wh: dict[str, int] = {}
    injected: int | None = None
    estimated = frames = power_sum = 0
    lows: list[int] = []
    highs: list[int] = []
    for name, rise, guess, count, total, low, high in rows:
        if name == INJECTED:
            injected = rise
            continue
        if name:
            wh[name] = rise
            estimated += guess
        if count:
            frames += count
            power_sum += total
            lows.append(low)
            highs.append(high)
    power = None
    if frames:
        highest = max(highs)
        at = _peak_at(connection, hour_of(begin), hour_of(after), highest)
        power = PowerRange(mean=round(power_sum / frames), min=min(lows), max=highest, max_at=local(at / 1000, zone))
    return Span(
        start=begin,
        end=after,
        wh=wh,
        injected_wh=injected,
        power=power,
        estimated_wh=estimated,
        covered_s=round(covered / 1000),
    )


def _peak_at(connection: sqlite3.Connection, first: int, last: int, power: int) -> int:
    """When the highest power of some hours was first reached, in milliseconds since 1970."""
    hour, offset = connection.execute(
        "SELECT hour, peak_ms FROM hours WHERE hour >= ? AND hour < ? AND power_max = ?"
        " AND register != (SELECT id FROM registers WHERE name = ?) ORDER BY hour, peak_ms LIMIT 1",
        (first, last, power, INJECTED),
    ).fetchone()
    return int(hour) * HOUR_MS + int(offset)
