"""The database file: its tables and versions; opens and checks it, and sets it aside when damaged."""

import errno
import os
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Final

from linkytui.civil.times import Timestamp
from linkytui.errors import HistoryError
from linkytui.history import wal
from linkytui.i18n import _, long_date, time_of_day
from linkytui.reading.contracts import INJECTED, REGISTERS
from linkytui.tic.horodate import PARIS

FILE_NAME: Final = "history.db"

APPLICATION_ID: Final = 0x4C4B5459  # marks a SQLite file as a linkytui history ("LKTY")

BUSY_SECONDS: Final = 10.0  # how long one connection waits for another to finish writing

_REGISTER_NAMES: Final = tuple(dict.fromkeys((INJECTED, *(name for names in REGISTERS.values() for name in names))))

_VERSION_1: Final = (
    # Times are milliseconds since 1970; minutes and hours are counted since 1970, so they are UTC.
    "CREATE TABLE meters (id INTEGER PRIMARY KEY, number TEXT NOT NULL UNIQUE, contract TEXT, limit_kva REAL) STRICT",
    "CREATE TABLE registers (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT",
    # Every frame of the last days. `registers` is a JSON object of all of them, where one changed.
    """CREATE TABLE samples (id INTEGER PRIMARY KEY AUTOINCREMENT, meter INTEGER NOT NULL, at INTEGER NOT NULL,
        power INTEGER, injected_power INTEGER, period INTEGER NOT NULL, registers TEXT) STRICT""",
    "CREATE INDEX samples_at ON samples (at)",
    """CREATE TABLE minutes (minute INTEGER, meter INTEGER, register INTEGER, frames INTEGER NOT NULL,
        power_sum INTEGER NOT NULL, power_min INTEGER, power_max INTEGER, wh INTEGER NOT NULL,
        PRIMARY KEY (minute, meter, register)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE hours (hour INTEGER, meter INTEGER, register INTEGER, frames INTEGER NOT NULL,
        power_sum INTEGER NOT NULL, power_min INTEGER, power_max INTEGER, peak_ms INTEGER, wh INTEGER NOT NULL,
        estimated_wh INTEGER NOT NULL, value INTEGER,
        PRIMARY KEY (hour, meter, register)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE stretches (meter INTEGER, start INTEGER, "end" INTEGER NOT NULL,
        PRIMARY KEY (meter, start)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE gaps (meter INTEGER, register INTEGER, start INTEGER, "end" INTEGER NOT NULL,
        start_value INTEGER NOT NULL, end_value INTEGER NOT NULL,
        PRIMARY KEY (meter, register, start)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE sightings (meter INTEGER, register INTEGER, first_at INTEGER NOT NULL, first INTEGER NOT NULL,
        last_at INTEGER NOT NULL, last INTEGER NOT NULL, retired INTEGER NOT NULL,
        PRIMARY KEY (meter, register)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE colours (day INTEGER, colour INTEGER, seen INTEGER NOT NULL, announced INTEGER NOT NULL,
        PRIMARY KEY (day, colour)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE counters (day INTEGER, meter INTEGER, kind TEXT, count INTEGER NOT NULL,
        PRIMARY KEY (day, meter, kind)) STRICT, WITHOUT ROWID""",
    "CREATE TABLE cursors (name TEXT PRIMARY KEY, sample INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    """CREATE TABLE laps (id INTEGER PRIMARY KEY, name TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
        wh TEXT NOT NULL, exact INTEGER NOT NULL, mean INTEGER, peak INTEGER, peak_at INTEGER) STRICT""",
    "CREATE TABLE clock_moves (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, ms INTEGER NOT NULL, reason TEXT) STRICT",
    "CREATE TABLE state (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    *(f"INSERT INTO registers (name) VALUES ('{name}')" for name in _REGISTER_NAMES),  # noqa: S608 -- our own names
)

_VERSION_2: Final = (
    # What others counted, as they told it (`told.py`); hours follow from it. `kind`: 0 measured, 1 spread, 2 registers.
    """CREATE TABLE told (id INTEGER PRIMARY KEY, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
        meter INTEGER NOT NULL, kind INTEGER NOT NULL, register INTEGER NOT NULL, wh INTEGER NOT NULL,
        value INTEGER) STRICT""",
    "CREATE INDEX told_start ON told (start)",
    """INSERT INTO told (start, "end", meter, kind, register, wh)
        SELECT hour * 3600000, (hour + 1) * 3600000, meter, EXISTS (SELECT 1 FROM hours AS other
            WHERE other.hour = hours.hour AND other.meter = hours.meter AND other.estimated_wh > 0), register, wh
        FROM hours WHERE frames = 0 AND meter NOT IN (SELECT meter FROM sightings) ORDER BY hour""",
    # What was taken out last (`forgetting.py`), to be given back.
    """CREATE TABLE forgotten (id INTEGER PRIMARY KEY, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
        low INTEGER NOT NULL, high INTEGER NOT NULL, rows BLOB NOT NULL) STRICT""",
)

_VERSION_3: Final = (
    # What the meter said of its contract, by the day in France; empty and 0 are "not said" (`contracts.py`).
    """CREATE TABLE contracts (day INTEGER, contract TEXT, calendar TEXT, kva REAL, seen INTEGER NOT NULL,
        last_at INTEGER NOT NULL, PRIMARY KEY (day, contract, calendar, kva)) STRICT, WITHOUT ROWID""",
)

MIGRATIONS: Final[tuple[tuple[str, ...], ...]] = (_VERSION_1, _VERSION_2, _VERSION_3)
"""Statements that lead from each version to the next. A step that was released is never changed, only followed."""


class DamagedError(Exception):
    """The file is no longer a sound SQLite database."""


def open_for_writing(
    path: Path, migrations: Sequence[Sequence[str]] = MIGRATIONS, *, on_loss: Callable[[str], object] | None = None
) -> sqlite3.Connection:
    """Open the file, made when it is not there, and bring its tables up to date. Its folder exists.

    `on_loss`: told in a sentence where a damaged log has lost transactions, None where others may write meanwhile.
    Every commit is on the disk when it returns (`synchronous=FULL`), at the price of one sync of the write-ahead log;
    moving the log into the database, now and then, costs two more. Raises HistoryError: a newer linkytui wrote it, or
    it is some other program's database; DamagedError: it is not sound; sqlite3.OperationalError: the disk or its
    permissions forbid it for now.
    """
    log = log_of(path)
    written = wal.written(log) if on_loss is not None else 0
    written_at = log.stat().st_mtime if written else 0.0
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")  # counts only before the first table
        if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise DamagedError
        if on_loss is not None and written and wal.taken(connection) < written:
            on_loss(_lost_up_to(written_at))
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA journal_size_limit = 4194304")
        _migrate(connection, path, migrations)
    except sqlite3.OperationalError:
        connection.close()
        raise
    except sqlite3.DatabaseError as error:
        connection.close()
        raise DamagedError from error
    except BaseException:
        connection.close()
        raise
    return connection


def open_for_reading(path: Path, migrations: Sequence[Sequence[str]] = MIGRATIONS) -> sqlite3.Connection:
    """Open the file as it is, without the right to change it; one with no rows when there is nothing in it yet.

    Raises HistoryError: it cannot be read, is damaged, or a newer linkytui wrote it.
    """
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return _nothing(migrations)
    except OSError as error:
        raise HistoryError(_unreadable(path, error.strerror or error)) from error
    if not os.access(path, os.R_OK):
        raise HistoryError(_unreadable(path, os.strerror(errno.EACCES)))
    # Without its log and without the right to make one, a database in WAL mode opens only as one that never changes.
    for options in ("mode=ro", "mode=ro&immutable=1"):
        try:
            connection = sqlite3.connect(
                f"{path.absolute().as_uri()}?{options}",
                uri=True,
                timeout=BUSY_SECONDS,
                isolation_level=None,
                check_same_thread=False,
            )
            try:
                version: int = connection.execute("PRAGMA user_version").fetchone()[0]
                _refuse_newer(version, path, migrations)
            except BaseException:
                connection.close()
                raise
        except sqlite3.OperationalError as error:
            if log_of(path).exists() or "immutable" in options:
                raise HistoryError(_unreadable(path, error)) from error
        except sqlite3.DatabaseError as error:
            raise HistoryError(_unreadable(path, error)) from error
        else:
            if version:
                _add_tables(connection, migrations[version:])
                return connection
            connection.close()
            break
    return _nothing(migrations)


def set_aside(path: Path, now: Timestamp | None = None) -> Path:
    """Rename a damaged file, and its log with it, so that a new one can be started. Returns its new name."""
    stamp = time.strftime("%Y-%m-%d", time.localtime(now))
    target, number = path.with_name(f"{path.name}.damaged-{stamp}"), 1
    while target.exists():
        number += 1
        target = path.with_name(f"{path.name}.damaged-{stamp}-{number}")
    path.rename(target)
    if log_of(path).exists():
        log_of(path).rename(log_of(target))
    path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
    return target


def log_of(path: Path) -> Path:
    """Where SQLite keeps a database's write-ahead log."""
    return path.with_name(f"{path.name}-wal")


def _lost_up_to(at: Timestamp) -> str:
    """That the newest values are gone, in a sentence."""
    moment = datetime.fromtimestamp(at, PARIS)
    return _(
        "The log of the history was damaged: the newest values, up to {day} at {time}, are lost; the registers tell"
        " their energy"
    ).format(day=long_date(moment), time=time_of_day(moment))


def _nothing(migrations: Sequence[Sequence[str]]) -> sqlite3.Connection:
    """The tables without a file: nothing has happened."""
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    for statement in chain.from_iterable(migrations):
        connection.execute(statement)
    return connection


def _add_tables(connection: sqlite3.Connection, migrations: Sequence[Sequence[str]]) -> None:
    """Give a reader of an older file the tables that came later, empty; who writes next brings the file up to date."""
    for statement in chain.from_iterable(migrations):
        if statement.startswith("CREATE TABLE"):
            connection.execute(statement.replace("CREATE TABLE", "CREATE TEMP TABLE", 1))


def _migrate(connection: sqlite3.Connection, path: Path, migrations: Sequence[Sequence[str]]) -> None:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    _refuse_newer(version, path, migrations)
    application: int = connection.execute("PRAGMA application_id").fetchone()[0]
    if application != APPLICATION_ID and _has_tables(connection):
        raise HistoryError(
            _("{path} is another program's database; move it away or choose another history folder").format(path=path)
        )
    if version == len(migrations):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        for number in range(version, len(migrations)):
            for statement in migrations[number]:
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number + 1}")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _has_tables(connection: sqlite3.Connection) -> bool:
    with closing(connection.execute("SELECT 1 FROM sqlite_master LIMIT 1")) as cursor:
        return cursor.fetchone() is not None


def _refuse_newer(version: int, path: Path, migrations: Sequence[Sequence[str]]) -> None:
    if version > len(migrations):
        raise HistoryError(_("{path} was written by a newer linkytui: update this one").format(path=path))


def _unreadable(path: Path, error: object) -> str:
    return _("Cannot read the history {path}: {error}").format(path=path, error=error)
