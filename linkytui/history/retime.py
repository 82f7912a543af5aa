"""Corrects the history after the clock was: moves samples, and works out anew what was summed up from them."""

import json
from typing import Final

from linkytui.history.book import Book
from linkytui.history.clock import Move
from linkytui.history.rollup import DAY, HOUR, Gap, pieces
from linkytui.history.samples import Sample
from linkytui.history.store import MeterRow, Store

_NO_ROWS: Final = 1 << 62


def retime(store: Store, move: Move, *, minutes_from: int) -> None:
    """Carry out a move, in the transaction that is open.

    Energy is not lost by it: where samples had to go, the registers' rise is spread over the gap that they leave.

    Args:
        store: where the history is.
        move: what the clock asks for.
        minutes_from: milliseconds since 1970 from which minutes are kept.
    """
    execute = store.connection.execute
    by = round(move.by * 1000)
    cut = round(move.cut * 1000)
    if move.since is None:
        execute("DELETE FROM samples WHERE at >= ?", (cut,))
    else:
        since = round(move.since * 1000)
        if by < 0:
            # Recorded in what turned out to be the future; the samples that move take its place.
            execute("DELETE FROM samples WHERE at >= ? AND at < ?", (since + by, since))
        execute("UPDATE samples SET at = at + ? WHERE at >= ?", (by, since))
    hour = cut // HOUR
    for meter in store.meters():
        forget(store, meter, hour)
    rebuild(store, hour, minutes_from=minutes_from)
    execute("INSERT INTO clock_moves (at, ms, reason) VALUES (?, ?, ?)", (cut, by, move.reason))
    store.count(cut // DAY, 0, "clock")


def forget(store: Store, meter: MeterRow, hour: int) -> None:
    """Take back all that was worked out for an hour and those after it; single samples stay."""
    execute = store.connection.execute
    border = hour * HOUR
    spanning: set[int] = set()
    for register, start, end, start_value, end_value in execute(
        'SELECT register, start, "end", start_value, end_value FROM gaps WHERE meter = ? AND "end" > ?',
        (meter.id, border),
    ).fetchall():
        if start < border:
            spanning.add(register)
            _unbook(store, meter.id, Gap(store.register(register), start, end, start_value, end_value))
            execute(
                "UPDATE sightings SET last_at = ?, last = ?, retired = 0 WHERE meter = ? AND register = ?",
                (start, start_value, meter.id, register),
            )
    execute('DELETE FROM gaps WHERE meter = ? AND "end" > ?', (meter.id, border))
    for register in [
        code
        for (code,) in execute("SELECT register FROM sightings WHERE meter = ? AND last_at >= ?", (meter.id, border))
    ]:
        value = execute(
            "SELECT value FROM hours WHERE hour < ? AND meter = ? AND register = ? AND value IS NOT NULL"
            " ORDER BY hour DESC LIMIT 1",
            (hour, meter.id, register),
        ).fetchone()
        if value is None:
            execute("DELETE FROM sightings WHERE meter = ? AND register = ?", (meter.id, register))
        else:
            execute(
                "UPDATE sightings SET last_at = ?, last = ?, retired = 0 WHERE meter = ? AND register = ?",
                (border - 1, value[0], meter.id, register),
            )
    execute("DELETE FROM hours WHERE hour >= ? AND meter = ?", (hour, meter.id))
    execute("DELETE FROM minutes WHERE minute >= ? AND meter = ?", (hour * 60, meter.id))
    execute("DELETE FROM stretches WHERE meter = ? AND start >= ?", (meter.id, border))
    execute('UPDATE stretches SET "end" = ? WHERE meter = ? AND "end" >= ?', (border - 1, meter.id, border))


def rebuild(store: Store, hour: int, *, minutes_from: int) -> None:
    """Sum up the samples of an hour and those after it again."""
    meters = {meter.id: meter for meter in store.meters()}
    books: dict[int, Book] = {}
    known: dict[int, dict[str, int]] = {}
    rows = store.connection.execute(
        "SELECT meter, at, power, injected_power, period, registers FROM samples WHERE at >= ? ORDER BY at, id",
        (hour * HOUR,),
    )
    for meter, at, power, injected_power, period, registers in rows:
        book = books.get(meter)
        if book is None:
            book = books[meter] = store.open_end(
                meters[meter], unsure=True, trusted=True, rows_from=_NO_ROWS, minutes_from=minutes_from
            )
        if registers is not None:
            known[meter] = json.loads(registers)
        period = store.register(period) or None
        book.take(Sample(at / 1000, power, period, known.get(meter, {}), injected_power), at)
    for meter, book in books.items():
        store.write(meters[meter], book)


def _unbook(store: Store, meter: int, gap: Gap) -> None:
    for hour, wh, _value in pieces(gap.start, gap.start_value, gap.end, gap.end_value, HOUR):
        store.connection.execute(
            "UPDATE hours SET wh = wh - ?1, estimated_wh = estimated_wh - ?1"
            " WHERE hour = ?2 AND meter = ?3 AND register = ?4",
            (wh, hour, meter, store.code(gap.register)),
        )
