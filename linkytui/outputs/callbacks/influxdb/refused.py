"""Points that InfluxDB refused, kept for seven days and over restarts, to be sent again."""

import contextlib
import logging
import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

import msgspec

from linkytui.civil.times import Timestamp
from linkytui.outputs.callbacks.influxdb.lines import Point, series
from linkytui.outputs.callbacks.influxdb.points import WEEK

log = logging.getLogger("linkytui.callbacks")

_MOST: Final = 500_000  # points; a week of frames has 400,000
_DAY: Final = 86_400  # seconds
_BUSY: Final = 2.0  # seconds for another process to let go of the file

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS refused (
    place TEXT NOT NULL,        -- server and database
    measurement TEXT NOT NULL,
    day INTEGER NOT NULL,       -- since 1970, in UTC
    series TEXT NOT NULL,       -- measurement and tags
    time INTEGER NOT NULL,      -- seconds since 1970
    point BLOB NOT NULL,        -- JSON
    PRIMARY KEY (place, measurement, day, series, time)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS words (
    place TEXT PRIMARY KEY,
    text TEXT NOT NULL          -- the server's, of the last refusal
) WITHOUT ROWID
"""

_START: Final = ("", 0)  # before every series and time

_ONE: Final = "place = ? AND measurement = ? AND day = ? AND series = ? AND time = ?"

_T = TypeVar("_T")


class Shard(NamedTuple):
    """Points that a server takes or refuses for one reason: the type of a field is settled per measurement and day."""

    measurement: str
    day: int  # since 1970, in UTC


class RefusedPoints:
    """One file beside the history. Where it cannot be used, memory is, until the program ends. For one thread."""

    def __init__(self, place: str, file: Path | None) -> None:
        """Open nothing yet. `place`: server and database; `file`: None keeps them in memory."""
        self._place = place
        self._file = file
        self._database: sqlite3.Connection | None = None
        self._counts: Counter[Shard] = Counter()
        self._words: str | None = None
        self._after: dict[Shard, tuple[str, int]] = {}

    @property
    def count(self) -> int:
        """How many there are, as far as the file was opened."""
        return self._counts.total()

    @property
    def words(self) -> str | None:
        """What the server said of the last ones; None while there are none."""
        return self._words if self._counts else None

    @property
    def shards(self) -> list[Shard]:
        """Where they are, the newest first."""
        return sorted(self._counts, key=lambda shard: (-shard.day, shard.measurement))

    def open(self) -> None:
        """Look at what was kept before; no file is made for nothing."""
        if self._database is None and self._file is not None and self._file.exists():
            self._do(lambda _database: None)

    def add(self, points: Sequence[Point], words: str) -> None:
        """Keep points; the same one again is kept once."""

        def insert(database: sqlite3.Connection) -> None:
            database.execute("INSERT OR REPLACE INTO words VALUES (?, ?)", (self._place, words))
            for point in points:
                row = (*self._key(point), msgspec.json.encode(point))
                new = database.execute("INSERT OR IGNORE INTO refused VALUES (?, ?, ?, ?, ?, ?)", row).rowcount
                self._count(_shard(point), new)

        self._do(insert)
        self._words = words

    def remove(self, points: Sequence[Point]) -> None:
        """Forget points: the server has taken them."""

        def delete(database: sqlite3.Connection) -> None:
            for point in points:
                gone = database.execute(f"DELETE FROM refused WHERE {_ONE}", self._key(point)).rowcount  # noqa: S608 -- ours
                self._count(_shard(point), -gone)

        self._do(delete)

    def clear(self) -> None:
        """Forget all."""
        self.open()
        if self._database is not None:
            self._do(lambda database: database.execute("DELETE FROM refused WHERE place = ?", (self._place,)))
        self._counts.clear()

    def expire(self, now: Timestamp) -> int:
        """Forget what no server keeps any more, whole days, and what is too much; how many these were."""
        days = sorted({shard.day for shard in self._counts})
        old = [day for day in days if (day + 1) * _DAY <= now - WEEK]
        if self.count > _MOST:
            old = old or days[:1]
        gone = 0
        for day in old:
            self._do(
                lambda database, day=day: database.execute(  # type: ignore[misc]
                    "DELETE FROM refused WHERE place = ? AND day = ?", (self._place, day)
                )
            )
            for shard in [shard for shard in self._counts if shard.day == day]:
                gone += self._counts.pop(shard)
        return gone

    def some(self, shard: Shard, limit: int) -> list[Point]:
        """The next points of a shard, each time others; after the last ones the first ones again."""
        after = self._after.get(shard, _START)
        found = self._do(
            lambda database: database.execute(
                "SELECT series, time, point FROM refused WHERE place = ? AND measurement = ? AND day = ? "
                "AND (series, time) > (?, ?) ORDER BY series, time LIMIT ?",
                (self._place, *shard, *after, limit),
            ).fetchall()
        )
        if not found and after != _START:
            del self._after[shard]
            return self.some(shard, limit)
        if found:
            self._after[shard] = found[-1][:2]
        return [msgspec.json.decode(point) for _series, _time, point in found]

    def rewind(self) -> None:
        """Begin with the first ones of each shard."""
        self._after.clear()

    def close(self) -> None:
        """Close the file."""
        if self._database is not None:
            self._database.close()
            self._database = None

    __del__ = close

    def _key(self, point: Point) -> tuple[str, str, int, str, int]:
        return self._place, *_shard(point), series(point), point["time"]

    def _count(self, shard: Shard, change: int) -> None:
        self._counts[shard] += change
        if self._counts[shard] <= 0:
            del self._counts[shard]

    def _do(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        """Run something as one transaction; once more with another file, or in memory, where it fails."""
        while True:
            try:
                with self._opened() as database:
                    return work(database)
            except sqlite3.Error as error:
                if self._file is None:
                    raise
                self._give_up(error)

    def _opened(self) -> sqlite3.Connection:
        if self._database is None:
            self._database = sqlite3.connect(self._file or ":memory:", timeout=_BUSY, check_same_thread=False)
            self._database.execute("PRAGMA synchronous = NORMAL")
            self._database.executescript(_SCHEMA)
            counts = self._database.execute(
                "SELECT measurement, day, count(*) FROM refused WHERE place = ? GROUP BY 1, 2", (self._place,)
            )
            self._counts = Counter({Shard(measurement, day): count for measurement, day, count in counts})
            words = self._database.execute("SELECT text FROM words WHERE place = ?", (self._place,)).fetchone()
            self._words = words[0] if words else None
        return self._database

    def _give_up(self, error: sqlite3.Error) -> None:
        """Begin a damaged file anew; go on in memory where the disk does not let us."""
        with contextlib.suppress(sqlite3.Error):
            self.close()
        self._database = None
        damaged = type(error) is sqlite3.DatabaseError
        if damaged and self._file is not None:
            try:
                self._file.unlink()
            except OSError:
                damaged = False
        if not damaged:
            log.warning("what InfluxDB refuses is kept in memory only: %s", error)
            self._file = None


def _shard(point: Point) -> Shard:
    return Shard(point["measurement"], point["time"] // _DAY)
