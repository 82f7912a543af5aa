"""The history's tables for the writer: loads books and saves what they changed."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, Final, NamedTuple

from linkytui.history.book import GAP_AFTER_MS, NO_REGISTER, Book, Changes, Sighting
from linkytui.history.rollup import HOUR_MS, Bucket, Gap, Millis
from linkytui.history.told import Told, keep, settle
from linkytui.reading.contracts import Contract

_UNKNOWN_REGISTER: Final = 0


class MeterRow(NamedTuple):
    """A meter in the store."""

    id: int
    number: str  # serial number; empty for a meter that never said it
    contract: Contract | None
    limit_kva: float | None


class Store:
    """One connection that writes. Times are milliseconds since 1970. Not for two threads at once."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Take over a connection from `schema.open_for_writing`."""
        self.connection = connection
        self._codes: dict[str, int] = {NO_REGISTER: _UNKNOWN_REGISTER}
        self._names: dict[int, str] = {_UNKNOWN_REGISTER: NO_REGISTER}
        for code, name in connection.execute("SELECT id, name FROM registers"):
            self._codes[name], self._names[code] = code, name

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of what is written inside, or nothing."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            self._forget_codes()
            raise
        self.connection.execute("COMMIT")

    def code(self, register: str) -> int:
        """The number that stands for a register in the tables."""
        code = self._codes.get(register)
        if code is None:
            code = self.connection.execute(
                "INSERT INTO registers (name) VALUES (?) RETURNING id", (register,)
            ).fetchone()[0]
            self._codes[register], self._names[code] = code, register
        return code

    def register(self, code: int) -> str:
        """The register that a number stands for."""
        return self._names[code]

    def meters(self) -> list[MeterRow]:
        """All meters, in the order in which they were met."""
        rows = self.connection.execute("SELECT id, number, contract, limit_kva FROM meters ORDER BY id")
        return [_meter(row) for row in rows]

    def meter(self, number: str) -> MeterRow:
        """The meter of that number, made when it is new. One that had no number yet gets its number."""
        row = self.connection.execute(
            "SELECT id, number, contract, limit_kva FROM meters WHERE number = ?", (number,)
        ).fetchone()
        if row is None:
            row = self.connection.execute(
                "INSERT INTO meters (number) VALUES (?) RETURNING id, number, contract, limit_kva", (number,)
            ).fetchone()
        return _meter(row)

    def name_meter(self, number: str) -> None:
        """Give the meter that never said its number this one, unless it is another's."""
        self.connection.execute(
            "UPDATE meters SET number = ?1 WHERE number = '' AND NOT EXISTS (SELECT 1 FROM meters WHERE number = ?1)",
            (number,),
        )

    def open_end(
        self, meter: MeterRow, *, unsure: bool, rows_from: Millis, minutes_from: Millis, trusted: bool = False
    ) -> Book:
        """The book of a meter's open end: after all that is recorded of it."""
        stretch = self.connection.execute(
            'SELECT start, "end" FROM stretches WHERE meter = ? ORDER BY start DESC LIMIT 1', (meter.id,)
        ).fetchone()
        return Book(
            partial(self._minute, meter.id),
            partial(self._hour, meter.id),
            stretch=stretch,
            left={name: last for name, (_first, last, retired) in self.sightings(meter.id).items() if not retired},
            contract=meter.contract,
            limit_kva=meter.limit_kva,
            unsure=unsure,
            trusted=trusted,
            rows_from=rows_from,
            minutes_from=minutes_from,
        )

    def open_between(
        self, meter: MeterRow, at: Millis, *, gap_ms: int = GAP_AFTER_MS, rows_from: Millis, minutes_from: Millis
    ) -> tuple[Book, int | None]:
        """The book of the free time around a moment, and where that time ends (None: it is the open end).

        What was spread over the gaps that it fills is taken back.
        """
        execute = self.connection.execute
        before = execute(
            'SELECT start, "end" FROM stretches WHERE meter = ? AND start <= ? ORDER BY start DESC LIMIT 1',
            (meter.id, at),
        ).fetchone()
        after = execute(
            "SELECT start FROM stretches WHERE meter = ? AND start > ? ORDER BY start LIMIT 1", (meter.id, at)
        ).fetchone()
        left: dict[str, Sighting] = {}
        right: dict[str, Sighting] = {}
        gaps: list[Gap] = []
        for name, (first, last, retired) in self.sightings(meter.id).items():
            gap = execute(
                'SELECT start, "end", start_value, end_value FROM gaps'
                ' WHERE meter = ?1 AND register = ?2 AND start <= ?3 AND "end" > ?3 ORDER BY start DESC LIMIT 1',
                (meter.id, self.code(name), at),
            ).fetchone()
            if gap is not None:
                gaps.append(Gap(name, *gap))
                left[name], right[name] = Sighting(gap[0], gap[2]), Sighting(gap[1], gap[3])
            elif at < first.at:
                right[name] = first
            elif at > last.at and not retired:
                left[name] = last
        book = Book(
            partial(self._minute, meter.id),
            partial(self._hour, meter.id),
            stretch=before,
            left=left,
            right=right,
            gap_ms=gap_ms,
            rows_from=rows_from,
            minutes_from=minutes_from,
        )
        for gap in gaps:
            book.unbook(gap)
        return book, None if after is None else after[0]

    def recorded(self, meter: int, at: Millis) -> tuple[int, int] | None:
        """The recorded stretch that a moment lies in, from its start to its end; None when it lies in none."""
        row = self.connection.execute(
            'SELECT start, "end" FROM stretches WHERE meter = ? AND start <= ? ORDER BY start DESC LIMIT 1', (meter, at)
        ).fetchone()
        return None if row is None or row[1] < at else (row[0], row[1])

    def join(self, meter: int, start: int) -> None:
        """Make the stretch that begins at `start` and the one before it one."""
        execute = self.connection.execute
        end = execute('DELETE FROM stretches WHERE meter = ? AND start = ? RETURNING "end"', (meter, start)).fetchone()[
            0
        ]
        execute(
            'UPDATE stretches SET "end" = ?3 WHERE meter = ?1 AND start ='
            " (SELECT max(start) FROM stretches WHERE meter = ?1 AND start < ?2)",
            (meter, start, end),
        )

    def tell(self, meter: int, told: Sequence[Told]) -> set[int]:
        """Take in what somebody else counted, one stretch at least; returns the hours since 1970 that it changed."""
        codes = {name: self.code(name) for one in told for name in one.wh}
        keep(self.connection, meter, told, codes)
        first, end = min(one.start for one in told), max(one.end for one in told)
        return settle(self.connection, round(first * 1000) // HOUR_MS, round(end * 1000) // HOUR_MS)

    def newest(self) -> int | None:
        """Milliseconds since 1970 up to which anything is recorded."""
        end: int | None = self.connection.execute('SELECT max("end") FROM stretches').fetchone()[0]
        return end

    def sightings(self, meter: int) -> dict[str, tuple[Sighting, Sighting, bool]]:
        """Each register's first and last sighting, and whether the contract no longer has it."""
        rows = self.connection.execute(
            "SELECT register, first_at, first, last_at, last, retired FROM sightings WHERE meter = ?", (meter,)
        )
        return {
            self._names[code]: (Sighting(first_at, first), Sighting(last_at, last), bool(retired))
            for code, first_at, first, last_at, last, retired in rows
        }

    def write(self, meter: MeterRow, book: Book) -> MeterRow:
        """Write what a book changed, in the transaction that is open; returns the meter as it is now known."""
        changes = book.hand_over()
        execute = self.connection.execute
        known = meter._replace(
            contract=book.contract.value or meter.contract, limit_kva=book.limit.value or meter.limit_kva
        )
        if known != meter:
            execute(
                "UPDATE meters SET contract = ?, limit_kva = ? WHERE id = ?",
                (known.contract, known.limit_kva, meter.id),
            )
        self._write_rows(meter.id, changes)
        self._write_buckets(meter.id, changes)
        self._write_sightings(meter.id, changes)
        for gap in changes.gaps_gone:
            execute(
                "DELETE FROM gaps WHERE meter = ? AND register = ? AND start = ?",
                (meter.id, self.code(gap.register), gap.start),
            )
        self.connection.executemany(
            "INSERT OR REPLACE INTO gaps VALUES (?, ?, ?, ?, ?, ?)",
            ((meter.id, self.code(gap.register), *gap[1:]) for gap in changes.gaps),
        )
        self.connection.executemany(
            "INSERT OR REPLACE INTO stretches VALUES (?, ?, ?)",
            ((meter.id, start, end) for start, end in changes.stretches.items()),
        )
        for (day, kind), count in changes.counters.items():
            self.count(day, meter.id, kind, count)
        self._count_once(meter.id)
        return known

    def count(self, day: int, meter: int, kind: str, count: int = 1) -> None:
        """Add to a counter of a day since 1970 (UTC)."""
        self.connection.execute(
            "INSERT INTO counters VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count",
            (day, meter, kind, count),
        )

    def get(self, name: str) -> str | None:
        """A value kept under a name."""
        row = self.connection.execute("SELECT value FROM state WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def put(self, name: str, value: str) -> None:
        """Keep a value under a name."""
        self.connection.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (name, value))

    def set_cursor(self, name: str, sample: int) -> None:
        """Keep how far somebody read the samples."""
        self.connection.execute("INSERT OR REPLACE INTO cursors VALUES (?, ?)", (name, sample))

    def _minute(self, meter: int, minute: int, register: str) -> Bucket | None:
        row = self.connection.execute(
            "SELECT frames, power_sum, power_min, power_max, NULL, wh FROM minutes"
            " WHERE minute = ? AND meter = ? AND register = ?",
            (minute, meter, self.code(register)),
        ).fetchone()
        return None if row is None else Bucket(*row)

    def _hour(self, meter: int, hour: int, register: str) -> Bucket | None:
        row = self.connection.execute(
            "SELECT frames, power_sum, power_min, power_max, peak_ms + hour * ?1, wh, estimated_wh, value FROM hours"
            " WHERE hour = ?2 AND meter = ?3 AND register = ?4",
            (HOUR_MS, hour, meter, self.code(register)),
        ).fetchone()
        return None if row is None else Bucket(*row)

    def _write_rows(self, meter: int, changes: Changes) -> None:
        code = self.code
        self.connection.executemany(
            "INSERT INTO samples (meter, at, power, injected_power, period, registers) VALUES (?, ?, ?, ?, ?, ?)",
            (
                (meter, row.at, row.power, row.injected_power, code(row.period or NO_REGISTER), _json(row.registers))
                for row in changes.rows
            ),
        )

    def _write_buckets(self, meter: int, changes: Changes) -> None:
        self.connection.executemany(
            "INSERT OR REPLACE INTO minutes VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (minute, meter, self.code(name), b.frames, b.power_sum, b.power_min, b.power_max, b.wh)
                for (minute, name), b in changes.minutes.items()
            ),
        )
        self.connection.executemany(
            "INSERT OR REPLACE INTO hours VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    hour,
                    meter,
                    self.code(name),
                    b.frames,
                    b.power_sum,
                    b.power_min,
                    b.power_max,
                    None if b.peak_at is None else b.peak_at - hour * HOUR_MS,
                    b.wh,
                    b.estimated,
                    b.value,
                )
                for (hour, name), b in changes.hours.items()
            ),
        )

    def _write_sightings(self, meter: int, changes: Changes) -> None:
        # A register that was retired and then came back is not retired.
        for name, last in {**changes.retired, **changes.lasts}.items():
            first = changes.firsts.get(name, last)
            self.connection.execute(
                """INSERT INTO sightings VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO UPDATE SET
                first = CASE WHEN excluded.first_at < first_at THEN excluded.first ELSE first END,
                first_at = min(first_at, excluded.first_at),
                last = CASE WHEN excluded.last_at >= last_at THEN excluded.last ELSE last END,
                retired = CASE WHEN excluded.last_at >= last_at THEN excluded.retired ELSE retired END,
                last_at = max(last_at, excluded.last_at)""",
                (meter, self.code(name), *first, *last, name not in changes.lasts),
            )

    def _count_once(self, meter: int) -> None:
        """Forget the hours that somebody else counted (`fill_hour`) where a meter's registers count now.

        From a meter's first sighting to its last, gaps included, its registers tell all that was drawn.
        """
        execute = self.connection.execute
        first, last = execute("SELECT min(first_at), max(last_at) FROM sightings WHERE meter = ?", (meter,)).fetchone()
        if first is None:
            return
        for other, start, end in execute(
            'SELECT meter, start, "end" FROM stretches'
            ' WHERE start < ?2 AND "end" > ?1 AND meter NOT IN (SELECT meter FROM sightings)',
            (first, last),
        ).fetchall():
            low, high = max(start, first // HOUR_MS * HOUR_MS), min(end, -(-last // HOUR_MS) * HOUR_MS)
            execute(
                "DELETE FROM hours WHERE meter = ? AND hour >= ? AND hour < ?", (other, low // HOUR_MS, high // HOUR_MS)
            )
            execute("DELETE FROM stretches WHERE meter = ? AND start = ?", (other, start))
            rest = [(other, *part) for part in ((start, low), (high, end)) if part[0] < part[1]]
            self.connection.executemany("INSERT INTO stretches VALUES (?, ?, ?)", rest)

    def _forget_codes(self) -> None:
        """Numbers given in a transaction that failed are not in the file."""
        known = {code for (code,) in self.connection.execute("SELECT id FROM registers")} | {_UNKNOWN_REGISTER}
        self._codes = {name: code for name, code in self._codes.items() if code in known}
        self._names = {code: name for name, code in self._codes.items()}


def _meter(row: tuple[Any, ...]) -> MeterRow:
    number, name, contract, limit = row
    return MeterRow(number, name, None if contract is None else Contract(contract), limit)


def _json(registers: Mapping[str, int] | None) -> str | None:
    return None if registers is None else json.dumps(registers, separators=(",", ":"))
