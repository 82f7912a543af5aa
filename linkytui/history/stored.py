"""Single frames still held by the history."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from linkytui.history.results import Backlog, StoredSample
from linkytui.history.rollup import HOUR_MS, Millis

_COLUMNS: Final = "s.id, number, at, power, injected_power, coalesce(name, ''), registers, meter"
_TABLES: Final = "samples AS s JOIN meters ON meters.id = meter LEFT JOIN registers ON registers.id = period"


def samples_after(connection: sqlite3.Connection, after: int, limit: int) -> list[StoredSample]:
    """The samples that follow a number, in the order in which they were recorded."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM {_TABLES} WHERE s.id > ? ORDER BY s.id LIMIT ?",  # noqa: S608 -- our own words
        (after, limit),
    )
    return list(_with_registers(rows, _known_before(connection, after)))


def samples_between(connection: sqlite3.Connection, start: Millis, end: Millis) -> Iterator[StoredSample]:
    """The samples between two moments in milliseconds since 1970, by time."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM {_TABLES} WHERE at >= ? AND at < ? ORDER BY at, s.id",  # noqa: S608 -- our own words
        (start, end),
    )
    known: dict[int, Mapping[str, int]] = {}
    for meter, registers in connection.execute(
        "SELECT meter, registers FROM samples WHERE at < ? AND at >= ? AND registers IS NOT NULL ORDER BY at, id",
        (start, start - HOUR_MS),
    ):
        known[meter] = json.loads(registers)
    return _with_registers(rows, known)


def cursor(connection: sqlite3.Connection, name: str) -> int | None:
    """How far somebody had read the samples."""
    row = connection.execute("SELECT sample FROM cursors WHERE name = ?", (name,)).fetchone()
    return None if row is None else int(row[0])


def newest(connection: sqlite3.Connection) -> int:
    """The highest number that a sample ever had, whether or not that sample is still there; 0 before the first."""
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'samples'").fetchone()
    return 0 if row is None else int(row[0])


def backlog(connection: sqlite3.Connection, name: str, after: int | None = None) -> Backlog:
    """What a cursor, or a place that is not saved yet, has before it."""
    after = (cursor(connection, name) or 0) if after is None else after
    count, oldest = connection.execute("SELECT count(*), min(at) FROM samples WHERE id > ?", (after,)).fetchone()
    return Backlog(count, None if oldest is None else oldest / 1000)


def _known_before(connection: sqlite3.Connection, after: int) -> dict[int, Mapping[str, int]]:
    """Each meter's registers at a sample: they are written whenever one changes, and every hour."""
    known: dict[int, Mapping[str, int]] = {}
    for (meter,) in connection.execute("SELECT id FROM meters").fetchall():
        row = connection.execute(
            "SELECT registers FROM samples WHERE id <= ? AND meter = ? AND registers IS NOT NULL"
            " ORDER BY id DESC LIMIT 1",
            (after, meter),
        ).fetchone()
        if row is not None:
            known[meter] = json.loads(row[0])
    return known


def _with_registers(rows: Iterable[tuple[Any, ...]], known: dict[int, Mapping[str, int]]) -> Iterator[StoredSample]:
    for number, meter, at, power, injected, period, registers, meter_id in rows:
        if registers is not None:
            known[meter_id] = json.loads(registers)
        yield StoredSample(number, meter, at / 1000, power, injected, period or None, known.get(meter_id, {}))
