"""What others counted, beside the meter: kept as it was told, and settled into hours.

Whatever comes first, the hours follow from all that was told: what the meter's own registers know is theirs; of the
rest an hour that was measured counts as it is; longer stretches fill the hours that nobody measured with what remains
of them. Where a supplier's registers tell a stretch, they say how much each counted, and finer measurements say when.
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, NamedTuple

from linkytui.history.rollup import HOUR_MS

_NONE: Final[Mapping[str, int]] = MappingProxyType({})
_HOUR: Final = 3600
_MEASURED: Final = 0
_SUM: Final = 1
_REGISTERS: Final = 2
_KILO: Final = 1000
_SLIP: Final = 1e-6
"""By how much floats may fall short of a whole number."""


class Told(NamedTuple):
    """What was drawn in a stretch of time, as somebody else counted it: a supplier's load curve, days, registers."""

    start: float
    """Seconds since 1970; a whole hour, as is `end`."""
    end: float
    wh: Mapping[str, int]
    """Wh per register."""
    estimated: bool = False
    """When within that time it was drawn is not known; it is spread over the hours. Only an hour can be measured."""
    registers: bool = False
    """The registers themselves were told, which count what is billed."""
    values: Mapping[str, int] = _NONE
    """What registers stood at in the end, in Wh, where that is known."""


class _Row(NamedTuple):
    """Something told, as it is kept; times are hours since 1970."""

    first: int
    end: int
    meter: int
    kind: int
    wh: dict[int, int]
    """By the number that stands for a register."""
    values: dict[int, int]


@dataclass(slots=True)
class _Hour:
    """An hour as it is settled."""

    meter: int
    wh: dict[int, int]
    estimated: bool
    by_registers: bool = False
    values: dict[int, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.wh.values())


Settled = dict[int, _Hour]
"""Hours since 1970 that are known from what was told alone."""


def keep(connection: sqlite3.Connection, meter: int, told: Iterable[Told], codes: Mapping[str, int]) -> None:
    """Keep what was told; a stretch that the same meter told before stays as it is.

    Args:
        connection: in a transaction.
        meter: whose it is, as a number in the store.
        told: in any order.
        codes: the number that stands for each register.
    """
    known = set(connection.execute('SELECT start, "end", kind FROM told WHERE meter = ?', (meter,)).fetchall())
    for one in told:
        key = (round(one.start * 1000), round(one.end * 1000), _kind(one))
        if key not in known:
            known.add(key)
            connection.executemany(
                'INSERT INTO told (start, "end", meter, kind, register, wh, value) VALUES (?, ?, ?, ?, ?, ?, ?)',
                ((key[0], key[1], meter, key[2], codes[name], wh, one.values.get(name)) for name, wh in one.wh.items()),
            )


def settle(connection: sqlite3.Connection, first: int, end: int, former: frozenset[int] = frozenset()) -> set[int]:
    """Make the hours that follow from all that was told; returns those that changed.

    Args:
        connection: in a transaction.
        first: hour since 1970 from which on something was told or forgotten.
        end: the hour after the last of these.
        former: meters of which something was forgotten.
    """
    first, end, rows = _around(connection, first, end)
    meters = {row.meter for row in rows} | former
    before = _written(connection, meters, first, end)
    after = settled(rows, _taken(connection, former))
    now = {hour: (one.meter, one.wh, one.estimated and one.total > 0, one.values) for hour, one in after.items()}
    changed = {hour for hour in before.keys() | now.keys() if before.get(hour) != now.get(hour)}
    for meter in meters:
        cut_stretches(connection, meter, first * HOUR_MS, end * HOUR_MS)
        _add_stretches(connection, meter, sorted(hour for hour, one in after.items() if one.meter == meter))
    connection.executemany(
        "DELETE FROM hours WHERE hour = ? AND meter = ?", ((hour, meter) for hour in changed for meter in meters)
    )
    connection.executemany(
        "INSERT INTO hours (hour, meter, register, frames, power_sum, wh, estimated_wh, value)"
        " VALUES (?, ?, ?, 0, 0, ?, ?, ?)",
        (
            (hour, one.meter, register, wh, wh if one.estimated else 0, one.values.get(register))
            for hour, one in after.items()
            if hour in changed
            for register, wh in one.wh.items()
        ),
    )
    return changed


def would_change(connection: sqlite3.Connection, told: Sequence[Told]) -> set[int]:
    """The hours since 1970 that would be other than they are if this were told, too; changes nothing.

    Args:
        connection: open.
        told: by one meter; one at least.
    """
    new = [
        _Row(round(one.start) * 1000 // HOUR_MS, round(one.end) * 1000 // HOUR_MS, -1, _kind(one), {}, {})
        for one in told
    ]
    rows: list[_Row] = []
    taken: list[tuple[int, int]] = []
    names: dict[str, int] = dict(connection.execute("SELECT name, id FROM registers").fetchall())
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'told'").fetchone():  # else an older version's file
        _first, _end, rows = _around(connection, min(row.first for row in new), max(row.end for row in new))
        taken = _taken(connection)
    for row, one in zip(new, told, strict=True):
        row.wh.update((names.setdefault(name, -len(names) - 1), wh) for name, wh in one.wh.items())
    before, after = settled(rows, taken), settled([*rows, *new], taken)
    return {
        hour
        for hour, now in after.items()
        if hour not in before or (before[hour].wh, before[hour].estimated) != (now.wh, now.estimated)
    }


def cut_stretches(connection: sqlite3.Connection, meter: int, start: int, end: int) -> None:
    """Take a time out of the stretches of a meter; milliseconds since 1970."""
    for begin, until in connection.execute(
        'SELECT start, "end" FROM stretches WHERE meter = ? AND start < ? AND "end" > ?', (meter, end, start)
    ).fetchall():
        connection.execute("DELETE FROM stretches WHERE meter = ? AND start = ?", (meter, begin))
        rest = [(meter, *part) for part in ((begin, start), (end, until)) if part[0] < part[1]]
        connection.executemany("INSERT INTO stretches VALUES (?, ?, ?)", rest)


def settled(rows: Sequence[_Row], taken: Sequence[tuple[int, int]]) -> Settled:
    """The hours that follow from what was told.

    Args:
        rows: what was told, the first first: of two that tell the same it counts.
        taken: hours, from and to, that the meter's own registers know; in order.
    """
    own = {hour for first, end in taken for hour in range(first, end)}
    hours: Settled = {}
    for row in rows:
        if row.kind == _MEASURED and row.first not in hours and row.first not in own:
            hours[row.first] = _Hour(row.meter, dict(row.wh), estimated=False)
    longer = [row for row in rows if row.kind != _MEASURED]
    for row in sorted(longer, key=lambda row: (row.end - row.first, -row.kind)):
        if row.kind == _REGISTERS:
            _fill_by_registers(hours, row, own)
        else:
            _fill(hours, row, own)
    return hours


def _fill(hours: Settled, row: _Row, own: set[int]) -> None:
    """Spread what remains of a stretch over the hours of it that nobody has told."""
    span = range(row.first, row.end)
    open_ = [hour for hour in span if hour not in hours and hour not in own]
    if not open_:
        return
    inside = sum(hours[hour].total for hour in span if hour in hours)
    unseen = sum(hour in own for hour in span)
    whole = sum(row.wh.values())
    rest = max(0, whole - inside)
    # Hours that the meter's own registers know take their even share of what is told of the whole.
    rest = rest * len(open_) // (len(open_) + unseen)
    for name, wh in row.wh.items():
        part = rest * wh // whole if whole else 0
        for place, hour in enumerate(open_):
            each = part * (place + 1) // len(open_) - part * place // len(open_)
            here = hours.setdefault(hour, _Hour(row.meter, {}, estimated=True))
            here.wh[name] = here.wh.get(name, 0) + each


def _fill_by_registers(hours: Settled, row: _Row, own: set[int]) -> None:
    """Share what each register rose by among the hours of a stretch, by what finer measurements tell of them."""
    length = row.end - row.first
    span = [hour for hour in range(row.first, row.end) if hour not in own]
    if any(hour in hours and hours[hour].by_registers for hour in span):
        span = [hour for hour in span if hour not in hours]
    told = {hour: hours[hour].total for hour in span if hour in hours}
    parts = {name: wh * len(span) // length for name, wh in row.wh.items()}
    if len(told) == len(span) and all(value % _KILO == 0 for value in row.values.values()):
        # Whole kWh are no better than half hours in W: they say only which register counted how large a share.
        whole, measured = sum(parts.values()), sum(told.values())
        if not whole:
            return
        parts = {name: wh * measured // whole for name, wh in parts.items()}
    rest = max(0, sum(parts.values()) - sum(told.values()))
    weights = [told[hour] if hour in told else rest / (len(span) - len(told)) for hour in span]
    values = {name: value - row.wh[name] for name, value in row.values.items()} if parts == row.wh else {}
    for hour in span:
        before = hours.get(hour)
        hours[hour] = _Hour(row.meter, {}, estimated=before is None or before.estimated, by_registers=True)
    for name, wh in parts.items():
        for hour, each in zip(span, _shared(wh, weights), strict=True):
            hours[hour].wh[name] = each
            if name in values:
                values[name] += each
                hours[hour].values[name] = values[name]


def _shared(whole: int, weights: Sequence[float]) -> list[int]:
    """A number in whole parts by weight, or evenly where there is none; the sum is exact."""
    total = sum(weights)
    if not total:
        weights, total = [1.0] * len(weights), float(len(weights))
    parts: list[int] = []
    upto, given = 0.0, 0
    for weight in weights:
        upto += weight
        parts.append(int(whole * (upto / total) + _SLIP) - given)
        given += parts[-1]
    return parts


def _kind(told: Told) -> int:
    return _MEASURED if not told.estimated else _REGISTERS if told.registers else _SUM


def _around(connection: sqlite3.Connection, first: int, end: int) -> tuple[int, int, list[_Row]]:
    """All that was told of some hours, and of those that it reaches, in the order in which it was told."""
    while True:
        low, high = connection.execute(
            'SELECT min(start), max("end") FROM told WHERE start < ? AND "end" > ? AND kind != ?',
            (end * HOUR_MS, first * HOUR_MS, _MEASURED),
        ).fetchone()
        wider = (first, end) if low is None else (min(first, low // HOUR_MS), max(end, high // HOUR_MS))
        if wider == (first, end):
            break
        first, end = wider
    found: dict[tuple[int, int, int, int], _Row] = {}
    for start, until, meter, kind, register, wh, value in connection.execute(
        'SELECT start, "end", meter, kind, register, wh, value FROM told WHERE start < ? AND "end" > ? ORDER BY id',
        (end * HOUR_MS, first * HOUR_MS),
    ):
        row = found.setdefault(
            (start, until, meter, kind), _Row(start // HOUR_MS, until // HOUR_MS, meter, kind, {}, {})
        )
        row.wh[register] = wh
        if value is not None:
            row.values[register] = value
    return first, end, list(found.values())


def _taken(connection: sqlite3.Connection, former: frozenset[int] = frozenset()) -> list[tuple[int, int]]:
    """Hours that meters themselves told: from the first sighting of their registers to the last, and what was recorded.

    `former` are meters of which others told, and nothing of that is left.
    """
    others = former | {meter for (meter,) in connection.execute("SELECT DISTINCT meter FROM told")}
    spans = connection.execute(
        "SELECT meter, min(first_at), max(last_at) FROM sightings GROUP BY meter"
        ' UNION ALL SELECT meter, start, "end" FROM stretches'
    )
    return [(first // HOUR_MS, last // HOUR_MS + 1) for meter, first, last in spans if meter not in others]


_Written = tuple[int, dict[int, int], bool, dict[int, int]]
"""Meter, Wh by register, whether estimated, registers in the end."""


def _written(connection: sqlite3.Connection, meters: set[int], first: int, end: int) -> dict[int, _Written]:
    """The hours of these meters as they stand."""
    found: dict[int, _Written] = {}
    for number in meters:
        for hour, register, wh, estimated, value in connection.execute(
            "SELECT hour, register, wh, estimated_wh, value FROM hours WHERE meter = ? AND hour >= ? AND hour < ?",
            (number, first, end),
        ):
            _meter, energy, guessed, values = found.get(hour, (number, {}, False, {}))
            energy[register] = wh
            if value is not None:
                values[register] = value
            found[hour] = number, energy, guessed or estimated > 0, values
    return found


def _add_stretches(connection: sqlite3.Connection, meter: int, hours: Sequence[int]) -> None:
    """Hours of a meter as recorded time, joined to what is recorded beside them."""
    runs: list[list[int]] = []
    for hour in hours:
        if runs and runs[-1][1] == hour * HOUR_MS:
            runs[-1][1] = (hour + 1) * HOUR_MS
        else:
            runs.append([hour * HOUR_MS, (hour + 1) * HOUR_MS])
    for start, end in runs:
        join_stretches(connection, meter, start, end)


def join_stretches(connection: sqlite3.Connection, meter: int, start: int, end: int) -> None:
    """Add recorded time of a meter, joined to what is recorded beside it; milliseconds since 1970."""
    if start < end:
        before = connection.execute(
            'DELETE FROM stretches WHERE meter = ? AND "end" = ? RETURNING start', (meter, start)
        ).fetchone()
        after = connection.execute(
            'DELETE FROM stretches WHERE meter = ? AND start = ? RETURNING "end"', (meter, end)
        ).fetchone()
        span = (start if before is None else before[0], end if after is None else after[0])
        connection.execute("INSERT INTO stretches VALUES (?, ?, ?)", (meter, *span))
