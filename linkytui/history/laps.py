"""Laps: named time spans and the energy used in them."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from linkytui.errors import HistoryError
from linkytui.history.results import Lap
from linkytui.history.schema import FILE_NAME, DamagedError, open_for_writing
from linkytui.i18n import _
from linkytui.reading.lap import LapFigures


class LapBook:
    """Adds, renames and removes laps. Any program may, whoever writes the samples: each change is a moment's work."""

    def __init__(self, folder: Path) -> None:
        """Name the folder of the history; nothing is opened yet."""
        self._folder = folder

    def add(self, name: str, figures: LapFigures) -> int:
        """Keep a lap; returns its number. Raises HistoryError: the history cannot be written."""
        with self._open() as connection:
            number: int = connection.execute(
                'INSERT INTO laps (name, start, "end", wh, exact, mean, peak, peak_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)'
                " RETURNING id",
                (
                    name,
                    round(figures.start * 1000),
                    round(figures.end * 1000),
                    json.dumps(dict(figures.wh), separators=(",", ":")),
                    figures.exact,
                    figures.mean,
                    figures.peak,
                    None if figures.peak_at is None else round(figures.peak_at * 1000),
                ),
            ).fetchone()[0]
            return number

    def rename(self, number: int, name: str) -> None:
        """Give a lap another name. Raises HistoryError: the history cannot be written."""
        with self._open() as connection:
            connection.execute("UPDATE laps SET name = ? WHERE id = ?", (name, number))

    def remove(self, number: int) -> None:
        """Remove a lap. Raises HistoryError: the history cannot be written."""
        with self._open() as connection:
            connection.execute("DELETE FROM laps WHERE id = ?", (number,))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        path = self._folder / FILE_NAME
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            connection = open_for_writing(path)
            try:
                yield connection
            finally:
                connection.close()
        except (sqlite3.Error, OSError, DamagedError) as error:
            raise HistoryError(_("Cannot write the history {path}: {error}").format(path=path, error=error)) from error


def read_laps(connection: sqlite3.Connection) -> list[Lap]:
    """All laps, the newest first."""
    rows = connection.execute(
        'SELECT id, name, start, "end", wh, exact, mean, peak, peak_at FROM laps ORDER BY start DESC, id'
    )
    return [_lap(row) for row in rows]


def _lap(row: tuple[Any, ...]) -> Lap:
    number, name, start, end, wh, exact, mean, peak, peak_at = row
    figures = LapFigures(
        start=start / 1000,
        end=end / 1000,
        wh=json.loads(wh),
        exact=bool(exact),
        mean=mean,
        peak=peak,
        peak_at=None if peak_at is None else peak_at / 1000,
    )
    return Lap(id=number, name=name, figures=figures)
