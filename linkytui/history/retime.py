"""Moves samples after the clock was corrected, and recomputes the sums made from them."""

import json
from collections.abc import Mapping
from typing import Final

from linkytui.history.book import Book
from linkytui.history.clock import Move
from linkytui.history.rollup import DAY_MS, HOUR_MS, Gap, Millis, pieces
from linkytui.history.samples import Sample
from linkytui.history.store import MeterRow, Store

_NO_ROWS: Final = 1 << 62


def retime(store: Store, move: Move, *, minutes_from: Millis) -> None:
    """Carry out a move, in the transaction that is open.

    Energy is not lost by it: where samples had to go, the registers' rise is spread over the gap that they leave.
    """
    execute = store.connection.execute
    by = round(move.by * 1000)
    cut = round(move.cut * 1000)
    if move.since is None:
        execute("DELETE FROM samples WHERE at >= ?", (cut,))
        since = None
    else:
        since = round(move.since * 1000)
        if by < 0:
            # Recorded in what turned out to be the future; the samples that move take its place.
            execute("DELETE FROM samples WHERE at >= ? AND at < ?", (since + by, since))
        execute("UPDATE samples SET at = at + ? WHERE at >= ?", (by, since))
    seam = cut if since is None else since + by
    hour = cut // HOUR_MS
    confirmed = {}
    for meter in store.meters():
        confirmed[meter.id] = _leaps(store, meter, hour)
        _forget(store, meter, hour)
        _move_first(store, meter, cut, since, by)
    _rebuild(store, hour, seam=seam, minutes_from=minutes_from, confirmed=confirmed)
    execute("INSERT INTO clock_moves (at, ms, reason) VALUES (?, ?, ?)", (cut, by, move.reason))
    store.count(cut // DAY_MS, 0, "clock")


def _leaps(store: Store, meter: MeterRow, hour: int) -> frozenset[tuple[str, int, int]]:
    """The rises over gaps from an hour since 1970 on: register, value before and after. They were found true once."""
    rows = store.connection.execute(
        'SELECT register, start_value, end_value FROM gaps WHERE meter = ? AND "end" > ?', (meter.id, hour * HOUR_MS)
    )
    return frozenset((store.register(register), before, after) for register, before, after in rows)


def _forget(store: Store, meter: MeterRow, hour: int) -> None:
    """Take back all that was worked out for an hour since 1970 and those after it; single samples stay."""
    execute = store.connection.execute
    border = hour * HOUR_MS
    for register, start, end, start_value, end_value in execute(
        'SELECT register, start, "end", start_value, end_value FROM gaps WHERE meter = ? AND "end" > ?',
        (meter.id, border),
    ).fetchall():
        if start < border:
            _unbook(store, meter.id, Gap(store.register(register), start, end, start_value, end_value))
            execute(
                "UPDATE sightings SET last_at = ?, last = ?, retired = 0 WHERE meter = ? AND register = ?",
                (start, start_value, meter.id, register),
            )
    execute('DELETE FROM gaps WHERE meter = ? AND "end" > ?', (meter.id, border))
    # A register that had not been seen before that hour goes back to its first sighting.
    for register, first_at, first in execute(
        "SELECT register, first_at, first FROM sightings WHERE meter = ? AND last_at >= ?", (meter.id, border)
    ).fetchall():
        value = execute(
            "SELECT value FROM hours WHERE hour < ? AND meter = ? AND register = ? AND value IS NOT NULL"
            " ORDER BY hour DESC LIMIT 1",
            (hour, meter.id, register),
        ).fetchone()
        known = (first_at, first) if value is None else (border - 1, value[0])
        execute(
            "UPDATE sightings SET last_at = ?, last = ?, retired = 0 WHERE meter = ? AND register = ?",
            (*known, meter.id, register),
        )
    execute("DELETE FROM hours WHERE hour >= ? AND meter = ?", (hour, meter.id))
    execute("DELETE FROM minutes WHERE minute >= ? AND meter = ?", (hour * 60, meter.id))
    execute("DELETE FROM stretches WHERE meter = ? AND start >= ?", (meter.id, border))
    execute('UPDATE stretches SET "end" = ? WHERE meter = ? AND "end" >= ?', (border - 1, meter.id, border))


def _move_first(store: Store, meter: MeterRow, cut: Millis, since: int | None, by: int) -> None:
    """Where a register's first sighting was itself recorded at a wrong time, it moves too: counting began with it."""
    for register, first_at in store.connection.execute(
        "SELECT register, first_at FROM sightings WHERE meter = ? AND first_at >= ?", (meter.id, cut)
    ).fetchall():
        moved = first_at + by if since is not None and first_at >= since else cut - 1
        store.connection.execute(
            "UPDATE sightings SET first_at = ?1, last_at = ?1, last = first WHERE meter = ?2 AND register = ?3",
            (moved, meter.id, register),
        )


def _rebuild(
    store: Store,
    hour: int,
    *,
    seam: Millis,
    minutes_from: Millis,
    confirmed: Mapping[int, frozenset[tuple[str, int, int]]],
) -> None:
    """Sum up the samples of an hour since 1970 and those after it again; those that moved begin at `seam`.

    `confirmed`: for each meter the leaps that stay true, however close together their samples lie now.
    """
    meters = {meter.id: meter for meter in store.meters()}
    books: dict[int, Book] = {}
    known: dict[int, dict[str, int]] = {}
    moved: set[int] = set()
    rows = store.connection.execute(
        "SELECT meter, at, power, injected_power, period, registers FROM samples WHERE at >= ? ORDER BY at, id",
        (hour * HOUR_MS,),
    )
    for meter, at, power, injected_power, period, registers in rows:
        book = books.get(meter)
        if book is None:
            book = books[meter] = store.open_end(
                meters[meter], unsure=False, trusted=True, rows_from=_NO_ROWS, minutes_from=minutes_from
            )
            book.confirmed = confirmed[meter]
        if at >= seam and meter not in moved:
            moved.add(meter)
            book.expect_leap()
        if registers is not None:
            known[meter] = json.loads(registers)
        period = store.register(period) or None
        book.take(Sample(at / 1000, power, period, known.get(meter, {}), injected_power), at)
    for meter, book in books.items():
        store.write(meters[meter], book)


def _unbook(store: Store, meter: int, gap: Gap) -> None:
    for hour, wh, _value in pieces(gap.start, gap.start_value, gap.end, gap.end_value, HOUR_MS):
        store.connection.execute(
            "UPDATE hours SET wh = wh - ?1, estimated_wh = estimated_wh - ?1"
            " WHERE hour = ?2 AND meter = ?3 AND register = ?4",
            (wh, hour, meter, store.code(gap.register)),
        )
