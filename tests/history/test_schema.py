"""Versions of the file: made, brought up to date, refused, set aside."""

import sqlite3
from pathlib import Path

import pytest

from linkytui.errors import HistoryError
from linkytui.history.schema import (
    APPLICATION_ID,
    FILE_NAME,
    MIGRATIONS,
    DamagedError,
    open_for_reading,
    open_for_writing,
    set_aside,
)


def value(connection: sqlite3.Connection, pragma: str) -> object:
    return connection.execute(f"PRAGMA {pragma}").fetchone()[0]


def test_a_new_file_knows_its_version_and_survives_power_cuts(tmp_path: Path) -> None:
    connection = open_for_writing(tmp_path / FILE_NAME)
    assert value(connection, "user_version") == len(MIGRATIONS)
    assert value(connection, "application_id") == APPLICATION_ID
    assert value(connection, "journal_mode") == "wal"
    assert value(connection, "synchronous") == 2
    assert value(connection, "auto_vacuum") == 2
    connection.close()


def test_an_older_file_is_brought_up_to_date_and_keeps_its_rows(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    first = open_for_writing(path)
    first.execute("INSERT INTO meters (number) VALUES ('041234567890')")
    first.close()
    more = (
        *MIGRATIONS,
        ("ALTER TABLE meters ADD COLUMN place TEXT NOT NULL DEFAULT 'cellar'",),
        ("CREATE TABLE notes (text)",),
    )
    second = open_for_writing(path, more)
    assert value(second, "user_version") == len(more)
    assert second.execute("SELECT number, place FROM meters").fetchall() == [("041234567890", "cellar")]
    second.close()
    with pytest.raises(HistoryError, match="newer linkytui"):
        open_for_writing(path)
    with pytest.raises(HistoryError, match="newer linkytui"):
        open_for_reading(path)


def test_a_migration_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    open_for_writing(path).close()
    with pytest.raises(sqlite3.OperationalError):
        open_for_writing(path, (*MIGRATIONS, ("CREATE TABLE notes (text)", "NONSENSE")))
    connection = open_for_writing(path)
    assert value(connection, "user_version") == len(MIGRATIONS)
    assert connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'notes'").fetchone() is None
    connection.close()


def test_a_reader_can_change_nothing(tmp_path: Path) -> None:
    open_for_writing(tmp_path / FILE_NAME).close()
    connection = open_for_reading(tmp_path / FILE_NAME)
    assert connection is not None
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("DELETE FROM meters")
    connection.close()


def test_damage_is_told_from_a_disk_that_refuses(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    path.write_bytes(b"garbage" * 1000)
    with pytest.raises(DamagedError):
        open_for_writing(path)
    with pytest.raises(sqlite3.OperationalError):
        open_for_writing(tmp_path / "nowhere" / FILE_NAME)


def test_a_damaged_file_takes_its_log_along(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    for suffix in ("", "-wal", "-shm"):
        path.with_name(FILE_NAME + suffix).write_text(suffix or "db", encoding="ascii")
    noon = 1_780_000_000.0
    target = set_aside(path, noon)
    assert target.name == "history.db.damaged-2026-05-28"
    assert sorted(one.name for one in tmp_path.iterdir()) == [target.name, f"{target.name}-wal"]
