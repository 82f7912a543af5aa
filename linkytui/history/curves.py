"""Curves of apparent power, downsampled by the database to the number of columns drawn."""

import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any, Final

from linkytui.history.results import CurvePoint, GapSpan
from linkytui.history.rollup import HOUR_MS, MINUTE_MS, Millis

# Each table's time, its unit in milliseconds, and how its powers add up; register 0 is "not said".
_SOURCES: Final = {
    "samples": ("at", 1, "period", "count(power), sum(power), min(power), max(power)", "power IS NOT NULL"),
    "minutes": (
        "minute",
        MINUTE_MS,
        "register",
        "sum(frames), sum(power_sum), min(power_min), max(power_max)",
        "frames > 0 AND register != (SELECT id FROM registers WHERE name = 'INJECTED')",
    ),
    "hours": (
        "hour",
        HOUR_MS,
        "register",
        "sum(frames), sum(power_sum), min(power_min), max(power_max)",
        "frames > 0 AND register != (SELECT id FROM registers WHERE name = 'INJECTED')",
    ),
}


def power_curve(connection: sqlite3.Connection, start: Millis, end: Millis, columns: int) -> list[CurvePoint]:
    """Apparent power between two moments, in at most so many points; columns in which nothing was recorded are absent.

    It is drawn from every frame where a column is shorter than a minute and frames are still kept, from hours where a
    column is longer than one or minutes are no longer kept, else from minutes.
    """
    width = (end - start) / columns
    tables = (
        ("samples", "minutes", "hours")
        if width < MINUTE_MS
        else ("minutes", "hours")
        if width < HOUR_MS
        else ("hours",)
    )
    for table in tables:
        points = list(_points(_rows(connection, table, start, end, columns), start, width))
        if points:
            return points
    return []


def gaps(connection: sqlite3.Connection, start: Millis, end: Millis) -> Iterator[GapSpan]:
    """The times between two moments, in milliseconds since 1970, that lie between two records of whichever meters."""
    recorded_to: int | None = None
    for begin, until in connection.execute('SELECT start, "end" FROM stretches WHERE start < ? ORDER BY start', (end,)):
        if recorded_to is not None and begin > max(recorded_to, start):
            yield GapSpan(max(recorded_to, start) / 1000, begin / 1000)
        recorded_to = until if recorded_to is None else max(recorded_to, until)
    if recorded_to is not None and recorded_to < end:
        after = connection.execute("SELECT min(start) FROM stretches WHERE start >= ?", (end,)).fetchone()[0]
        if after is not None:
            yield GapSpan(max(recorded_to, start) / 1000, end / 1000)


def _rows(
    connection: sqlite3.Connection, table: str, start: Millis, end: Millis, columns: int
) -> Iterable[tuple[Any, ...]]:
    at, unit, register, powers, wanted = _SOURCES[table]
    return connection.execute(
        f"SELECT ({at} * ?1 - ?2) * ?4 / (?3 - ?2) AS place, coalesce(name, ''), {powers}"  # noqa: S608 -- our own words
        f" FROM {table} LEFT JOIN registers ON registers.id = {register}"
        f" WHERE {at} >= (?2 + ?1 - 1) / ?1 AND {at} < (?3 + ?1 - 1) / ?1 AND {wanted}"
        f" GROUP BY place, {register} ORDER BY place",
        (unit, start, end, columns),
    )


def _points(rows: Iterable[tuple[Any, ...]], start: Millis, width: float) -> Iterator[CurvePoint]:
    """Rows of one column after another, one for each register, become one point a column."""
    columns: dict[int, list[tuple[Any, ...]]] = {}
    for column, *part in rows:
        columns.setdefault(column, []).append(tuple(part))
    for column, parts in columns.items():
        registers, frames, sums, lows, highs = zip(*parts, strict=True)
        longest = frames.index(max(frames))
        yield CurvePoint(
            at=(start + column * width) / 1000,
            mean=round(sum(sums) / sum(frames)),
            low=min(lows),
            high=max(highs),
            register=registers[longest] or None,
        )
