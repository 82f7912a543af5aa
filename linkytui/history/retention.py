"""Retention: old rows are deleted a few hours' worth at a time, once an hour.

No flush takes long that way, and a clock that is wrong by a year for a while does not cost all that is kept.
"""

from typing import Final

from linkytui.history.rollup import DAY_MS, HOUR_MS, MINUTE_MS, Millis
from linkytui.history.store import Store

AT_ONCE: Final = 10_000  # rows that one call deletes at most: more than any meter says in two hours

_PAGES_AT_ONCE: Final = 256
_PAGES_FREE: Final = 2_048
"""Free pages (8 MB) that the file keeps for what comes next; more are given back to the disk, some at a time."""


def kept_from(now: Millis, days: int) -> Millis:
    """From when on what is kept for so many days is: whole hours, each of which stands for itself."""
    return (now - days * DAY_MS) // HOUR_MS * HOUR_MS


def prune(store: Store, now: Millis, *, raw_days: int, minute_days: int) -> None:
    """Delete some of what is too old, the oldest first, in the transaction that is open."""
    store.connection.execute(
        "DELETE FROM samples WHERE id IN (SELECT id FROM samples WHERE at < ? ORDER BY at LIMIT ?)",
        (kept_from(now, raw_days), AT_ONCE),
    )
    store.connection.execute(
        "DELETE FROM minutes WHERE (minute, meter, register) IN"
        " (SELECT minute, meter, register FROM minutes WHERE minute < ? ORDER BY minute LIMIT ?)",
        (kept_from(now, minute_days) // MINUTE_MS, AT_ONCE),
    )


def give_back(store: Store) -> None:
    """Return some free pages to the disk when there are many; outside a transaction."""
    free: int = store.connection.execute("PRAGMA freelist_count").fetchone()[0]
    if free > _PAGES_FREE + _PAGES_AT_ONCE:
        store.connection.execute(f"PRAGMA incremental_vacuum({_PAGES_AT_ONCE})").fetchall()
