"""The history as rows under named columns, read in pieces so that memory stays flat."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby, islice
from operator import attrgetter
from typing import Final, Literal, NamedTuple

from linkytui.civil.days import DAY, HOUR, local
from linkytui.civil.spans import By, borders
from linkytui.history.reader import HistoryReader
from linkytui.history.results import MinuteRow, Span
from linkytui.reading.contracts import INJECTED, REGISTERS

ExportValue = datetime | int | str | None
ExportRow = tuple[ExportValue, ...]

_SPANS_AT_ONCE: Final = 500
_SAMPLES_AT_ONCE: Final = 6 * HOUR  # seconds of single frames that are read at once: some 20,000 of them

_ORDER: Final = {name: place for place, name in enumerate(name for names in REGISTERS.values() for name in names)}


class Resolution(StrEnum):
    """What a row stands for."""

    SAMPLE = "sample"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"


class ExportColumn(NamedTuple):
    """A column; its name ends in its unit where it has one."""

    name: str
    kind: Literal["time", "moment", "whole", "text", "money"]
    """`time` is to the second and `moment` to the millisecond; both are `datetime`. `whole` is `int`, the others are
    `str`: `money` is EUR to the cent."""


@dataclass(frozen=True, slots=True)
class ExportTable:
    """Rows that are read while they are taken, once."""

    columns: tuple[ExportColumn, ...]
    rows: Iterator[ExportRow]


def table(reader: HistoryReader, by: Resolution, start: datetime, end: datetime) -> ExportTable:
    """What was recorded between two moments.

    `by`: what a row stands for; `start`: aware, a row that only contains it is there as well; `end`: aware, a row that
    begins there is not.
    """
    match by:
        case Resolution.SAMPLE:
            return _samples(reader, start, end)
        case Resolution.MINUTE:
            return _minutes(reader, start, end)
        case Resolution.HOUR:
            return span_table(reader, By.HOUR, start, end)
        case Resolution.DAY:
            return span_table(reader, By.DAY, start, end)


def spans_in_parts(reader: HistoryReader, by: By, start: datetime, end: datetime) -> Iterator[Span]:
    """As `HistoryReader.spans`, some hundred at a time."""
    limits = borders(by, start, end, reader.zone, reader.cycle)
    while some := list(islice(limits, _SPANS_AT_ONCE)):
        yield from reader.spans(by, some[0][0], some[-1][1])


def span_table(reader: HistoryReader, by: By, start: datetime, end: datetime) -> ExportTable:
    """A row for each hour, day, month or year."""
    registers, injects = _registers(reader, start, end)
    columns = [ExportColumn("start", "time"), ExportColumn("end", "time"), *_wh(registers, injects)]
    columns += [ExportColumn("estimated_wh", "whole"), ExportColumn("covered_s", "whole")]
    columns += [*_POWERS, ExportColumn("power_max_at", "time")]

    def row(span: Span) -> ExportRow:
        power = span.power
        energy = *(span.wh.get(name) for name in registers), span.total_wh if span.wh else None
        powers = (power.mean, power.min, power.max, power.max_at) if power else (None,) * 4
        injected = (span.injected_wh,) if injects else ()
        return (span.start, span.end, *energy, *injected, span.estimated_wh, span.covered_s, *powers)

    return ExportTable(tuple(columns), map(row, spans_in_parts(reader, by, start, end)))


_POWERS: Final = (
    ExportColumn("power_mean_va", "whole"),
    ExportColumn("power_min_va", "whole"),
    ExportColumn("power_max_va", "whole"),
)


def _minutes(reader: HistoryReader, start: datetime, end: datetime) -> ExportTable:
    registers, injects = _registers(reader, start, end)
    columns = (ExportColumn("start", "time"), *_wh(registers, injects), *_POWERS)

    def rows() -> Iterator[ExportRow]:
        first, last = start.timestamp(), end.timestamp()
        earliest = next(reader.minutes(first, last), None)
        begin = last if earliest is None else float(earliest.start)
        while begin < last:
            for minute, parts in groupby(list(reader.minutes(begin, min(begin + DAY, last))), attrgetter("start")):
                yield _minute(local(minute, reader.zone), list(parts), registers, injects)
            begin += DAY

    return ExportTable(columns, rows())


def _minute(start: datetime, parts: list[MinuteRow], registers: tuple[str, ...], injects: bool) -> ExportRow:
    wh = {part.register: part.wh for part in parts}
    drawn = [part for part in parts if part.register != INJECTED and part.frames and part.mean is not None]
    frames = sum(part.frames for part in drawn)
    mean = round(sum((part.mean or 0) * part.frames for part in drawn) / frames) if frames else None
    low = min((part.low for part in drawn if part.low is not None), default=None)
    high = max((part.high for part in drawn if part.high is not None), default=None)
    injected = (wh.pop(INJECTED, 0),) if injects else ()
    return (start, *(wh.get(name, 0) for name in registers), sum(wh.values()), *injected, mean, low, high)


def _samples(reader: HistoryReader, start: datetime, end: datetime) -> ExportTable:
    rose, injects = _registers(reader, start, end)
    # A register that did not rise has a value all the same.
    known = {name for moment in (start, end) for name in reader.registers_at(moment.timestamp())}
    registers = _ordered({*rose, *known} - {INJECTED})
    names = (*registers, INJECTED) if injects else registers
    columns = [
        ExportColumn("at", "moment"),
        ExportColumn("meter", "text"),
        ExportColumn("power_va", "whole"),
        ExportColumn("period", "text"),
    ]
    columns += [ExportColumn("injected_power_va", "whole")] if injects else []
    columns += [ExportColumn(f"{name}_index_wh", "whole") for name in names]

    def rows() -> Iterator[ExportRow]:
        first, last = start.timestamp(), end.timestamp()
        earliest = next(reader.samples_between(first, last), None)
        begin = last if earliest is None else earliest.at
        while begin < last:
            for sample in list(reader.samples_between(begin, min(begin + _SAMPLES_AT_ONCE, last))):
                at = local(sample.at, reader.zone)
                injected = (sample.injected_power,) if injects else ()
                values = (sample.registers.get(name) for name in names)
                yield (at, sample.meter or None, sample.power, sample.period, *injected, *values)
            begin += _SAMPLES_AT_ONCE

    return ExportTable(tuple(columns), rows())


def _wh(registers: tuple[str, ...], injects: bool) -> list[ExportColumn]:
    names = [*registers, "total", *(["injected"] if injects else [])]
    return [ExportColumn(f"{name}_wh", "whole") for name in names]


def _registers(reader: HistoryReader, start: datetime, end: datetime) -> tuple[tuple[str, ...], bool]:
    """The registers of which there is a record, and whether any energy was given to the grid."""
    names: set[str] = set()
    injects = False
    for span in spans_in_parts(reader, By.MONTH, start, max(end, start + timedelta(seconds=1))):
        names |= span.wh.keys()
        injects = injects or span.injected_wh is not None
    return _ordered(names), injects


def _ordered(names: set[str]) -> tuple[str, ...]:
    """Registers in the meter's order."""
    return tuple(sorted(names, key=lambda name: (_ORDER.get(name, len(_ORDER)), name)))
