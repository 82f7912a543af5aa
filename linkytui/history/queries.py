"""The questions put to the history, as SQL. Each takes an open connection; times are milliseconds since 1970."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from linkytui.history.rollup import HOUR, MINUTE, Gap, value_at

_DRAWN: Final = "register != (SELECT id FROM registers WHERE name = 'INJECTED')"


class Energy(NamedTuple):
    """One register over some hours."""

    register: str
    wh: int
    estimated: int
    """Wh of it that were spread over gaps."""
    frames: int
    power_sum: int
    power_min: int | None
    power_max: int | None


def energies(connection: sqlite3.Connection, first: int, last: int) -> list[Energy]:
    """Each register over the hours from `first` to the one before `last`, in the meter's order."""
    rows = connection.execute(
        "SELECT name, sum(wh), sum(estimated_wh), sum(frames), sum(power_sum), min(power_min), max(power_max)"
        " FROM hours LEFT JOIN registers ON id = register WHERE hour >= ? AND hour < ? GROUP BY register",
        (first, last),
    )
    return [Energy(name or "", *numbers) for name, *numbers in rows]


def peak_at(connection: sqlite3.Connection, first: int, last: int, power: int) -> int:
    """When a power, the highest of the hours from `first` to the one before `last`, was reached first."""
    hour, offset = connection.execute(
        f"SELECT hour, peak_ms FROM hours WHERE hour >= ? AND hour < ? AND power_max = ? AND {_DRAWN}"  # noqa: S608
        " ORDER BY hour, peak_ms LIMIT 1",
        (first, last, power),
    ).fetchone()
    return int(hour) * HOUR + int(offset)


def covered(connection: sqlite3.Connection, start: int, end: int) -> int:
    """Milliseconds between two moments that were recorded."""
    total: int | None = connection.execute(
        'SELECT sum(min("end", ?2) - max(start, ?1)) FROM stretches WHERE start < ?2 AND "end" > ?1', (start, end)
    ).fetchone()[0]
    return min(total or 0, end - start)


class RegisterValue(NamedTuple):
    """A register at a moment."""

    wh: int
    exact: bool
    """Said by the meter around that moment; else interpolated."""


def registers_at(connection: sqlite3.Connection, meter: int, at: int) -> dict[str, RegisterValue]:
    """What a meter's registers were at a moment, those that it had been seen with by then."""
    found: dict[str, RegisterValue] = {}
    exact = _exact(connection, meter, at)
    for code, name, last_at, last in connection.execute(
        "SELECT register, name, last_at, last FROM sightings JOIN registers ON id = register"
        " WHERE meter = ? AND first_at <= ? ORDER BY register",
        (meter, at),
    ).fetchall():
        if name in exact:
            found[name] = RegisterValue(exact[name], True)
        elif at >= last_at:
            found[name] = RegisterValue(last, at == last_at)
        else:
            value = _within_gap(connection, meter, code, name, at)
            if value is None:
                value = _within_hour(connection, meter, code, at)
            if value is not None:
                found[name] = RegisterValue(value, False)
    return found


def _exact(connection: sqlite3.Connection, meter: int, at: int) -> Mapping[str, int]:
    """The registers as samples that are still kept tell them, where the moment lies among such samples."""
    row = connection.execute(
        "SELECT at, registers FROM samples WHERE at <= ? AND at > ? AND meter = ? AND registers IS NOT NULL"
        " ORDER BY at DESC LIMIT 1",
        (at, at - HOUR, meter),
    ).fetchone()
    recorded = connection.execute(
        'SELECT 1 FROM stretches WHERE meter = ? AND start <= ? AND "end" >= ?', (meter, at, at)
    ).fetchone()
    if row is None or recorded is None:
        return {}
    registers: dict[str, int] = json.loads(row[1])
    return registers


def _within_gap(connection: sqlite3.Connection, meter: int, code: int, name: str, at: int) -> int | None:
    row = connection.execute(
        'SELECT start, "end", start_value, end_value FROM gaps'
        ' WHERE meter = ? AND register = ? AND start <= ? AND "end" >= ? ORDER BY start DESC LIMIT 1',
        (meter, code, at, at),
    ).fetchone()
    return None if row is None else value_at(Gap(name, *row), at)


def _within_hour(connection: sqlite3.Connection, meter: int, code: int, at: int) -> int | None:
    """From the hour before, and this hour's minutes where they are kept."""
    hour = at // HOUR
    row = connection.execute(
        "SELECT hour, wh, value FROM hours WHERE hour <= ? AND meter = ? AND register = ? AND value IS NOT NULL"
        " ORDER BY hour DESC LIMIT 1",
        (hour, meter, code),
    ).fetchone()
    if row is None:
        return None
    known, wh, value = map(int, row)
    if known < hour:
        return value
    start = value - wh
    minute = at // MINUTE
    minutes = dict(
        connection.execute(
            "SELECT minute, wh FROM minutes WHERE minute >= ? AND minute <= ? AND meter = ? AND register = ?",
            (hour * 60, minute, meter, code),
        ).fetchall()
    )
    if minutes:
        whole: int = sum(rise for number, rise in minutes.items() if number < minute)
        part: int = minutes.get(minute, 0) * (at - minute * MINUTE) // MINUTE
        return min(start + whole + part, value)
    return start + wh * (at - hour * HOUR) // HOUR


class CurveRow(NamedTuple):
    """One register in one column of a curve."""

    column: int
    register: str
    frames: int
    power_sum: int
    power_min: int
    power_max: int


def curve(connection: sqlite3.Connection, table: str, start: int, end: int, columns: int) -> Iterator[CurveRow]:
    """Apparent power between two moments, in so many columns.

    Args:
        connection: open.
        table: `minutes`, `hours`, or `samples` for every frame.
        start: first moment; rows that begin before it are left out.
        end: where the curve ends.
        columns: how many.
    """
    unit = {"samples": 1, "minutes": MINUTE, "hours": HOUR}[table]
    at = {"samples": "at", "minutes": "minute", "hours": "hour"}[table]
    frames, total, low, high, register = (
        ("count(*)", "sum(power)", "min(power)", "max(power)", "period")
        if table == "samples"
        else ("sum(frames)", "sum(power_sum)", "min(power_min)", "max(power_max)", "register")
    )
    has_power = "power IS NOT NULL" if table == "samples" else f"frames > 0 AND {_DRAWN}"
    rows = connection.execute(
        f"SELECT ({at} * ?1 - ?2) * ?4 / (?3 - ?2) AS place, coalesce(name, ''), {frames}, {total}, {low}, {high}"  # noqa: S608
        f" FROM {table} LEFT JOIN registers ON registers.id = {register}"
        f" WHERE {at} >= (?2 + ?1 - 1) / ?1 AND {at} < (?3 + ?1 - 1) / ?1 AND {has_power}"
        f" GROUP BY place, {register} ORDER BY place",
        (unit, start, end, columns),
    )
    return (CurveRow(*row) for row in rows)
