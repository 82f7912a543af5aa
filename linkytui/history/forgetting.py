"""Takes a wrong stretch of time out of the history, and gives the last one back.

It is then as if it had never been recorded: single samples, minutes and hours go, and what others told of that time.
Where a meter was seen before and after, its registers still know how much was drawn in between: that becomes a gap.
"""

import hashlib
import json
import logging
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

from linkytui.civil.times import Timestamp
from linkytui.errors import HistoryError
from linkytui.history.lock import WriterLock
from linkytui.history.rollup import HOUR_MS, MINUTE_MS, Gap, pieces
from linkytui.history.schema import FILE_NAME, DamagedError, open_for_writing
from linkytui.history.told import cut_stretches, join_stretches, settle
from linkytui.i18n import _

_LOG: Final = logging.getLogger(__name__)

_TABLES: Final = ("told", "hours", "gaps", "sightings")
"""Tables whose rows are kept as they were, whole; samples and minutes, which are many, in tables of their own."""

Rows = dict[str, list[list[Any]]]


class Forgotten(NamedTuple):
    """What was taken out, or given back."""

    start: Timestamp
    end: Timestamp
    wh: int
    """Wh by which the history tells less, or more."""


class _Span(NamedTuple):
    """A time, in milliseconds since 1970."""

    start: int
    """A whole hour, as is `end`."""
    end: int
    low: int
    """Where the gaps begin that reach into it; a whole hour, as is `high`."""
    high: int


def forget(folder: Path, start: Timestamp, end: Timestamp) -> Forgotten | None:
    """Take a time out; None when nothing was recorded then.

    Args:
        folder: of the history.
        start: the hour that holds it is the first one that goes.
        end: the hour that begins before it is the last one.

    Raises:
        HistoryError: another program writes the history, or it cannot be written.
    """
    with _writing(folder) as connection:
        first, last = int(start * 1000) // HOUR_MS * HOUR_MS, -(-int(end * 1000) // HOUR_MS) * HOUR_MS
        span = _widened(connection, first, last)
        stretches = _stretches(connection, span)
        if (
            not stretches
            and not connection.execute(
                "SELECT 1 FROM hours WHERE hour >= ? AND hour < ? LIMIT 1", (first // HOUR_MS, last // HOUR_MS)
            ).fetchone()
        ):
            return None
        energy = _energy(connection, span)
        before = _rows(connection, span)
        _set_aside(connection, span)
        for meter in _own_meters(connection, span):
            _forget_meter(connection, meter, span)
        former, pieces_left = _forget_told(connection, span)
        settle(connection, first // HOUR_MS, last // HOUR_MS, former)
        state = {
            "before": before,
            "sightings": _rows(connection, span)["sightings"],
            "stretches": stretches,
            "pieces": pieces_left,
            "number": _forget_number(connection),
            "digest": _digest(connection, span),
        }
        blob = zlib.compress(json.dumps(state).encode())
        connection.execute("DELETE FROM forgotten")
        connection.execute(
            'INSERT INTO forgotten (start, "end", low, high, rows) VALUES (?, ?, ?, ?, ?)', (*span, blob)
        )
        return Forgotten(first / 1000, last / 1000, energy - _energy(connection, span))


def give_back(folder: Path) -> Forgotten | None:
    """Give back what was taken out last; None when there is nothing to give back.

    Raises:
        HistoryError: that time was written since, another program writes the history, or it cannot be written.
    """
    with _writing(folder) as connection:
        row = connection.execute('SELECT start, "end", low, high, rows FROM forgotten ORDER BY id DESC').fetchone()
        if row is None:
            return None
        span, state = _Span(*row[:4]), json.loads(zlib.decompress(row[4]))
        if _digest(connection, span) != state["digest"]:
            raise HistoryError(_("That period has new records since then: what was removed cannot be restored."))
        energy = _energy(connection, span)
        _delete(connection, span, state["pieces"])
        for name in ("told", "hours", "gaps"):
            _insert(connection, name, state["before"][name])
        _give_sightings_back(connection, state["before"]["sightings"], state["sightings"])
        for meter, start, end in state["stretches"]:
            cut_stretches(connection, meter, start, end)
            join_stretches(connection, meter, start, end)
        if state["number"] is not None:
            connection.execute("INSERT OR IGNORE INTO state VALUES ('meter', ?)", (state["number"],))
        for name in ("samples", "minutes"):
            connection.execute(f"INSERT OR REPLACE INTO {name} SELECT * FROM forgotten_{name}")  # noqa: S608 -- ours
        _drop_aside(connection)
        connection.execute("DELETE FROM forgotten")
        return Forgotten(span.start / 1000, span.end / 1000, _energy(connection, span) - energy)


@contextmanager
def _writing(folder: Path) -> Iterator[sqlite3.Connection]:
    """The file, in one transaction."""
    path = folder / FILE_NAME
    if not path.exists():
        raise HistoryError(_("There is no history in {folder}.").format(folder=folder))
    with WriterLock(folder):
        try:
            connection = open_for_writing(path, on_loss=_LOG.error)
            try:
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
            finally:
                connection.close()
        except DamagedError as error:
            text = _("The history {path} is damaged; linkytui will set it aside when it next records")
            raise HistoryError(text.format(path=path)) from error
        except sqlite3.Error as error:
            raise HistoryError(_("Cannot write the history {path}: {error}").format(path=path, error=error)) from error


def _widened(connection: sqlite3.Connection, first: int, last: int) -> _Span:
    low, high = connection.execute(
        'SELECT min(start), max("end") FROM gaps WHERE start < ? AND "end" > ?', (last, first)
    ).fetchone()
    if low is None:
        return _Span(first, last, first, last)
    return _Span(first, last, min(first, low // HOUR_MS * HOUR_MS), max(last, -(-high // HOUR_MS) * HOUR_MS))


def _where(name: str, span: _Span) -> tuple[str, tuple[int, ...]]:
    match name:
        case "told":
            return 'start < ? AND "end" > ?', (span.end, span.start)
        case "hours":
            return "hour >= ? AND hour < ?", (span.low // HOUR_MS, span.high // HOUR_MS)
        case "gaps":
            return 'start < ? AND "end" > ?', (span.high, span.low)
        case _:
            return "first_at < ? AND last_at >= ?", (span.end, span.start)


def _rows(connection: sqlite3.Connection, span: _Span) -> Rows:
    found: Rows = {}
    for name in _TABLES:
        where, values = _where(name, span)
        if name == "sightings":
            where, values = "TRUE", ()  # a side of each may move
        rows = connection.execute(f"SELECT * FROM {name} WHERE {where} ORDER BY 1, 2, 3", values)  # noqa: S608 -- ours
        found[name] = [list(row) for row in rows]
    return found


def _stretches(connection: sqlite3.Connection, span: _Span) -> list[tuple[int, int, int]]:
    """Recorded time inside a span: meter, start, end."""
    return [
        (meter, max(start, span.start), min(end, span.end))
        for meter, start, end in connection.execute(
            'SELECT meter, start, "end" FROM stretches WHERE start < ? AND "end" > ? ORDER BY meter, start',
            (span.end, span.start),
        )
    ]


def _digest(connection: sqlite3.Connection, span: _Span) -> str:
    """Tells whether anything of a span was written since."""
    rows = _rows(connection, span)
    del rows["sightings"]
    whole = json.dumps([rows, _stretches(connection, span), _count(connection, span)])
    return hashlib.sha256(whole.encode()).hexdigest()


def _count(connection: sqlite3.Connection, span: _Span) -> int:
    row = connection.execute("SELECT count(*) FROM samples WHERE at >= ? AND at < ?", (span.start, span.end))
    return int(row.fetchone()[0])


def _energy(connection: sqlite3.Connection, span: _Span) -> int:
    row = connection.execute(
        "SELECT coalesce(sum(wh), 0) FROM hours WHERE hour >= ? AND hour < ?"
        " AND register NOT IN (SELECT id FROM registers WHERE name = 'INJECTED')",
        (span.low // HOUR_MS, span.high // HOUR_MS),
    )
    return int(row.fetchone()[0])


def _set_aside(connection: sqlite3.Connection, span: _Span) -> None:
    """Move samples and minutes into tables of their own."""
    _drop_aside(connection)
    for name, column, unit in (("samples", "at", 1), ("minutes", "minute", MINUTE_MS)):
        bounds = (span.start // unit, span.end // unit)
        where = f"{column} >= {bounds[0]} AND {column} < {bounds[1]}"
        connection.execute(f"CREATE TABLE forgotten_{name} AS SELECT * FROM {name} WHERE {where}")  # noqa: S608 -- ours
        if name == "samples":
            _tell_registers_again(connection, span)
        connection.execute(f"DELETE FROM {name} WHERE {where}")  # noqa: S608 -- ours


def _drop_aside(connection: sqlite3.Connection) -> None:
    for name in ("samples", "minutes"):
        connection.execute(f"DROP TABLE IF EXISTS forgotten_{name}")


def _tell_registers_again(connection: sqlite3.Connection, span: _Span) -> None:
    """Let each meter's first sample after a span say its registers: it may only say that they are as before it."""
    for (meter,) in connection.execute("SELECT DISTINCT meter FROM samples WHERE at >= ?", (span.end,)).fetchall():
        first, registers = connection.execute(
            "SELECT id, registers FROM samples WHERE meter = ? AND at >= ? ORDER BY at LIMIT 1", (meter, span.end)
        ).fetchone()
        if registers is None:
            said = connection.execute(
                "SELECT registers FROM samples WHERE meter = ? AND at < ? AND registers IS NOT NULL"
                " ORDER BY at DESC LIMIT 1",
                (meter, span.end),
            ).fetchone()
            if said is not None:
                connection.execute("UPDATE samples SET registers = ? WHERE id = ?", (said[0], first))


def _own_meters(connection: sqlite3.Connection, span: _Span) -> list[int]:
    """Meters that were read themselves, and not told of."""
    return [
        meter
        for (meter,) in connection.execute(
            "SELECT meter FROM sightings WHERE first_at < ?2 AND last_at >= ?1 UNION SELECT meter FROM stretches"
            ' WHERE start < ?2 AND "end" > ?1 AND meter NOT IN (SELECT meter FROM told)',
            (span.start, span.end),
        ).fetchall()
    ]


def _forget_meter(connection: sqlite3.Connection, meter: int, span: _Span) -> None:
    seen = connection.execute(
        "SELECT register, first_at, first, last_at, last FROM sightings WHERE meter = ?", (meter,)
    ).fetchall()
    found = [_gap_left(connection, meter, row, span) for row in seen]
    gaps = [one for one in found if one is not None]
    connection.execute(
        "DELETE FROM hours WHERE meter = ? AND hour >= ? AND hour < ?",
        (meter, span.start // HOUR_MS, span.end // HOUR_MS),
    )
    cut_stretches(connection, meter, span.start, span.end)
    for register, gap in gaps:
        connection.execute("INSERT OR REPLACE INTO gaps VALUES (?, ?, ?, ?, ?, ?)", (meter, register, *gap[1:]))
        for hour, wh, value in pieces(gap.start, gap.start_value, gap.end, gap.end_value, HOUR_MS):
            _add(connection, meter, hour, register, wh, value)


def _gap_left(
    connection: sqlite3.Connection, meter: int, row: tuple[int, int, int, int, int], span: _Span
) -> tuple[int, Gap] | None:
    """The gap that a register has when a span is taken out of what was seen of it; its sightings are put right."""
    register, first_at, first, last_at, last = row
    if last_at < span.start or first_at >= span.end:
        return None
    start, start_value = span.start - 1, _value_before(connection, meter, register, span.start, first)
    end, end_value = span.end, _value_before(connection, meter, register, span.end, last)
    for gap in connection.execute(
        'SELECT start, "end", start_value, end_value FROM gaps'
        ' WHERE meter = ? AND register = ? AND start < ? AND "end" > ?',
        (meter, register, span.end, span.start),
    ).fetchall():
        _unbook(connection, meter, register, gap)
        if gap[0] < span.start:
            start, start_value = gap[0], gap[2]
        if gap[1] > span.end:
            end, end_value = gap[1], gap[3]
    before, after = first_at < span.start, last_at >= span.end
    where = "WHERE meter = ? AND register = ?"
    if not before and not after:
        connection.execute(f"DELETE FROM sightings {where}", (meter, register))  # noqa: S608 -- our own words
    elif not before:
        connection.execute(f"UPDATE sightings SET first_at = ?, first = ? {where}", (end, end_value, meter, register))  # noqa: S608 -- likewise
    elif not after:
        connection.execute(f"UPDATE sightings SET last_at = ?, last = ? {where}", (start, start_value, meter, register))  # noqa: S608 -- likewise
    else:
        return register, Gap("", start, end, start_value, max(start_value, end_value))
    return None


def _value_before(connection: sqlite3.Connection, meter: int, register: int, at: int, otherwise: int) -> int:
    """What a register stood at when an hour began."""
    row = connection.execute(
        "SELECT value FROM hours WHERE meter = ? AND register = ? AND hour < ? AND value IS NOT NULL"
        " ORDER BY hour DESC LIMIT 1",
        (meter, register, at // HOUR_MS),
    ).fetchone()
    return otherwise if row is None else int(row[0])


def _unbook(connection: sqlite3.Connection, meter: int, register: int, gap: tuple[int, int, int, int]) -> None:
    """Take back what was spread over a gap."""
    start, end, start_value, end_value = gap
    connection.execute("DELETE FROM gaps WHERE meter = ? AND register = ? AND start = ?", (meter, register, start))
    for hour, wh, _value in pieces(start, start_value, end, end_value, HOUR_MS):
        connection.execute(
            "UPDATE hours SET wh = wh - ?, estimated_wh = estimated_wh - ?"
            " WHERE meter = ? AND register = ? AND hour = ?",
            (wh, wh, meter, register, hour),
        )


def _add(connection: sqlite3.Connection, meter: int, hour: int, register: int, wh: int, value: int) -> None:
    connection.execute(
        "INSERT INTO hours (hour, meter, register, frames, power_sum, wh, estimated_wh, value)"
        " VALUES (?, ?, ?, 0, 0, ?, ?, ?) ON CONFLICT DO UPDATE SET wh = wh + excluded.wh,"
        " estimated_wh = estimated_wh + excluded.estimated_wh",
        (hour, meter, register, wh, wh, value),
    )


def _forget_number(connection: sqlite3.Connection) -> str | None:
    """Forget which meter is read where nothing of it is left; its number."""
    row = connection.execute(
        "DELETE FROM state WHERE name = 'meter'"
        " AND value NOT IN (SELECT number FROM meters JOIN stretches ON meter = meters.id) RETURNING value"
    ).fetchone()
    return None if row is None else str(row[0])


def _forget_told(connection: sqlite3.Connection, span: _Span) -> tuple[frozenset[int], list[int]]:
    """Take a span out of what others told; returns their meters, and the rows of what is left on either side."""
    meters: set[int] = set()
    left: list[int] = []
    for number, start, end, meter, kind, register, wh, value in connection.execute(
        'SELECT id, start, "end", meter, kind, register, wh, value FROM told WHERE start < ? AND "end" > ?',
        (span.end, span.start),
    ).fetchall():
        meters.add(meter)
        connection.execute("DELETE FROM told WHERE id = ?", (number,))
        for low, high in ((start, span.start), (span.end, end)):
            if low < high:
                part = wh * (high - low) // (end - start)
                cursor = connection.execute(
                    'INSERT INTO told (start, "end", meter, kind, register, wh, value) VALUES (?, ?, ?, ?, ?, ?, ?)',
                    (low, high, meter, kind, register, part, value if high == end else None),
                )
                left.append(cursor.lastrowid or 0)
    return frozenset(meters), left


def _delete(connection: sqlite3.Connection, span: _Span, pieces_left: list[int]) -> None:
    """Make room for what stood there before."""
    connection.executemany("DELETE FROM told WHERE id = ?", ((number,) for number in pieces_left))
    for name in ("told", "hours", "gaps"):
        where, values = _where(name, span)
        connection.execute(f"DELETE FROM {name} WHERE {where}", values)  # noqa: S608 -- our own words
    for meter, start, end in _stretches(connection, span):
        cut_stretches(connection, meter, start, end)


def _insert(connection: sqlite3.Connection, name: str, rows: list[list[Any]]) -> None:
    if rows:
        places = ", ".join("?" * len(rows[0]))
        connection.executemany(f"INSERT OR REPLACE INTO {name} VALUES ({places})", rows)  # noqa: S608 -- our own words


def _give_sightings_back(connection: sqlite3.Connection, before: list[list[Any]], after: list[list[Any]]) -> None:
    """Each side of a register's sightings that moved goes back, unless it has moved on."""
    moved = {(row[0], row[1]): row for row in after}
    now = {(row[0], row[1]): list(row) for row in connection.execute("SELECT * FROM sightings")}
    for row in before:
        key = (row[0], row[1])
        current = now.get(key)
        if current is None:
            _insert(connection, "sightings", [row])
            continue
        then = moved.get(key, current)
        for side in ((2, 3), (4, 5)):
            if [current[place] for place in side] == [then[place] for place in side]:
                for place in side:
                    current[place] = row[place]
        _insert(connection, "sightings", [current])
