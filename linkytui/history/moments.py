"""Register values at a moment, and energy between two. Times are milliseconds since 1970."""

import json
import sqlite3
from collections.abc import Mapping

from linkytui.history.results import RegisterValue
from linkytui.history.rollup import HOUR_MS, MINUTE_MS, Gap, Millis, value_at
from linkytui.reading.contracts import INJECTED
from linkytui.reading.lap import LapFigures


def registers_at(connection: sqlite3.Connection, meter: int, at: Millis) -> dict[str, RegisterValue]:
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
    return found or _told_at(connection, meter, at)


def _told_at(connection: sqlite3.Connection, meter: int, at: Millis) -> dict[str, RegisterValue]:
    """The registers as others told them with the energy of some hours; exact where such an hour ends or begins."""
    found: dict[str, RegisterValue] = {}
    hour = at // HOUR_MS
    for code, name in connection.execute(
        "SELECT DISTINCT register, name FROM hours JOIN registers ON id = register"
        " WHERE meter = ? AND value IS NOT NULL",
        (meter,),
    ).fetchall():
        before = connection.execute(
            "SELECT hour, value FROM hours WHERE hour < ? AND meter = ? AND register = ? AND value IS NOT NULL"
            " ORDER BY hour DESC LIMIT 1",
            (hour, meter, code),
        ).fetchone()
        after = connection.execute(
            "SELECT hour, value - wh FROM hours WHERE hour >= ? AND meter = ? AND register = ? AND value IS NOT NULL"
            " ORDER BY hour LIMIT 1",
            (hour, meter, code),
        ).fetchone()
        whole = at == hour * HOUR_MS
        if before is not None:
            found[name] = RegisterValue(before[1], whole and before[0] == hour - 1)
        elif after is not None:
            found[name] = RegisterValue(after[1], whole and after[0] == hour)  # it did not count before
    return found


def meter_at(connection: sqlite3.Connection, at: Millis) -> int | None:
    """The meter that was recorded at a moment, or last before it."""
    row = connection.execute(
        "SELECT meter FROM stretches WHERE start <= ? ORDER BY start DESC LIMIT 1", (at,)
    ).fetchone()
    return None if row is None else int(row[0])


def measure(connection: sqlite3.Connection, start: Millis, end: Millis) -> LapFigures:
    """Energy and power between two moments, over all meters."""
    wh: dict[str, int] = {}
    exact: list[bool] = []
    for (meter,) in connection.execute(
        'SELECT DISTINCT meter FROM stretches WHERE start <= ? AND "end" >= ?', (end, start)
    ).fetchall():
        before, after = registers_at(connection, meter, start), registers_at(connection, meter, end)
        exact += (value.exact for value in (*before.values(), *after.values()))
        for name, value in after.items():
            rise = value.wh - before[name].wh if name in before else 0
            if rise > 0 and name != INJECTED:
                wh[name] = wh.get(name, 0) + rise
    mean, peak, peak_at = _power(connection, start, end)
    return LapFigures(
        start=start / 1000,
        end=end / 1000,
        wh=wh,
        exact=bool(exact) and all(exact),
        mean=mean,
        peak=peak,
        peak_at=None if peak_at is None else peak_at / 1000,
    )


def _exact(connection: sqlite3.Connection, meter: int, at: Millis) -> Mapping[str, int]:
    """The registers as samples that are still kept tell them, where the moment lies among such samples."""
    row = connection.execute(
        "SELECT at, registers FROM samples WHERE at <= ? AND at > ? AND meter = ? AND registers IS NOT NULL"
        " ORDER BY at DESC LIMIT 1",
        (at, at - HOUR_MS, meter),
    ).fetchone()
    recorded = connection.execute(
        'SELECT 1 FROM stretches WHERE meter = ? AND start <= ? AND "end" >= ?', (meter, at, at)
    ).fetchone()
    if row is None or recorded is None:
        return {}
    registers: dict[str, int] = json.loads(row[1])
    return registers


def _within_gap(connection: sqlite3.Connection, meter: int, code: int, name: str, at: Millis) -> int | None:
    row = connection.execute(
        'SELECT start, "end", start_value, end_value FROM gaps'
        ' WHERE meter = ? AND register = ? AND start <= ? AND "end" >= ? ORDER BY start DESC LIMIT 1',
        (meter, code, at, at),
    ).fetchone()
    return None if row is None else value_at(Gap(name, *row), at)


def _within_hour(connection: sqlite3.Connection, meter: int, code: int, at: Millis) -> int | None:
    """From the hour before, and this hour's minutes where they are kept."""
    hour = at // HOUR_MS
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
    minute = at // MINUTE_MS
    minutes = dict(
        connection.execute(
            "SELECT minute, wh FROM minutes WHERE minute >= ? AND minute <= ? AND meter = ? AND register = ?",
            (hour * 60, minute, meter, code),
        ).fetchall()
    )
    if minutes:
        whole: int = sum(rise for number, rise in minutes.items() if number < minute)
        part: int = minutes.get(minute, 0) * (at - minute * MINUTE_MS) // MINUTE_MS
        return min(start + whole + part, value)
    return start + wh * (at - hour * HOUR_MS) // HOUR_MS


def _power(connection: sqlite3.Connection, start: Millis, end: Millis) -> tuple[int | None, int | None, int | None]:
    """Mean and highest power in VA between two moments, and when it was reached.

    From every frame where they are still kept, else from the minutes.
    """
    mean, peak, at = connection.execute(
        "SELECT avg(power), max(power), at FROM samples WHERE at >= ? AND at <= ? AND power IS NOT NULL", (start, end)
    ).fetchone()
    if mean is None:
        frames, total, peak, minute = connection.execute(
            "SELECT sum(frames), sum(power_sum), max(power_max), minute FROM minutes WHERE minute >= ? AND minute <= ?"
            " AND frames > 0 AND register != (SELECT id FROM registers WHERE name = 'INJECTED')",
            (start // MINUTE_MS, end // MINUTE_MS),
        ).fetchone()
        if not frames:
            return None, None, None
        return round(total / frames), peak, minute * MINUTE_MS
    return round(mean), peak, at
