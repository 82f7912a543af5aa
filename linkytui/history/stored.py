"""Single frames as the history still has them."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from linkytui.history.rollup import HOUR, MINUTE

_COLUMNS: Final = "s.id, number, at, power, injected_power, coalesce(name, ''), registers, meter"
_TABLES: Final = "samples AS s JOIN meters ON meters.id = meter LEFT JOIN registers ON registers.id = period"


class StoredSample(NamedTuple):
    """A frame as it was recorded."""

    id: int
    """Grows from sample to sample; never used twice."""
    meter: str
    """Serial number; empty when the meter never said it."""
    at: float
    """Seconds since 1970."""
    power: int | None
    """VA drawn."""
    injected_power: int | None
    """VA given to the grid."""
    period: str | None
    """The register that counted."""
    registers: Mapping[str, int]
    """Wh per register as last seen, `INJECTED` among them."""


def samples_after(connection: sqlite3.Connection, after: int, limit: int) -> list[StoredSample]:
    """The samples that follow a number, in the order in which they were recorded."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM {_TABLES} WHERE s.id > ? ORDER BY s.id LIMIT ?",  # noqa: S608 -- our own words
        (after, limit),
    )
    return list(_with_registers(rows, _known_before(connection, after)))


def samples_between(connection: sqlite3.Connection, start: int, end: int) -> Iterator[StoredSample]:
    """The samples between two moments in milliseconds since 1970, by time."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM {_TABLES} WHERE at >= ? AND at < ? ORDER BY at, s.id",  # noqa: S608 -- our own words
        (start, end),
    )
    known: dict[int, Mapping[str, int]] = {}
    for meter, registers in connection.execute(
        "SELECT meter, registers FROM samples WHERE at < ? AND at >= ? AND registers IS NOT NULL ORDER BY at, id",
        (start, start - HOUR),
    ):
        known[meter] = json.loads(registers)
    return _with_registers(rows, known)


def power_between(connection: sqlite3.Connection, start: int, end: int) -> tuple[int | None, int | None, int | None]:
    """Mean and highest power in VA between two moments, and when it was reached, in milliseconds since 1970.

    From every frame where they are still kept, else from the minutes.
    """
    mean, peak, at = connection.execute(
        "SELECT avg(power), max(power), at FROM samples WHERE at >= ? AND at <= ? AND power IS NOT NULL", (start, end)
    ).fetchone()
    if mean is None:
        frames, total, peak, minute = connection.execute(
            "SELECT sum(frames), sum(power_sum), max(power_max), minute FROM minutes WHERE minute >= ? AND minute <= ?"
            " AND frames > 0 AND register != (SELECT id FROM registers WHERE name = 'INJECTED')",
            (start // MINUTE, end // MINUTE),
        ).fetchone()
        if not frames:
            return None, None, None
        return round(total / frames), peak, minute * MINUTE
    return round(mean), peak, at


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
