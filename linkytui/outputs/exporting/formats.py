"""Export formats: CSV, JSON lines, Parquet."""

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from importlib import import_module
from io import TextIOWrapper
from itertools import islice
from typing import IO, Any, Final

from linkytui.i18n import _
from linkytui.outputs.exporting.files import ExportError
from linkytui.outputs.exporting.tables import ExportColumn, ExportRow, ExportTable, ExportValue
from linkytui.outputs.missing import command_for

_ROWS_AT_ONCE: Final = 10_000  # rows of one group of a Parquet file: what memory holds of it


class Format(StrEnum):
    """What a file is."""

    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"


FORMATS: Final = {f".{one}": one for one in Format}  # by the end of a file's name


def require(form: Format) -> None:
    """See that this format can be written here.

    Raises ExportError: what it needs is not installed, and how to install it.
    """
    if form is Format.PARQUET:
        _pyarrow("pyarrow")


def write(table: ExportTable, form: Format, out: IO[bytes], zone: str) -> int:
    """Write a table.

    Times are ISO 8601 with their offset from UTC in text, and moments of the time zone in Parquet. `table`: its rows
    are used up. Returns the number of rows.
    """
    if form is Format.PARQUET:
        return _write_parquet(table, out, zone)
    text = TextIOWrapper(out, encoding="utf-8", newline="", write_through=False)
    try:
        rows = _texts(table)
        return _write_csv(table, rows, text) if form is Format.CSV else _write_jsonl(table, rows, text)
    finally:
        text.detach()


def _write_csv(table: ExportTable, rows: Iterable[list[int | str | None]], out: TextIOWrapper) -> int:
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(column.name for column in table.columns)
    count = 0
    for row in rows:
        writer.writerow(row)
        count += 1
    return count


def _write_jsonl(table: ExportTable, rows: Iterable[list[int | str | None]], out: TextIOWrapper) -> int:
    names = [column.name for column in table.columns]
    count = 0
    for row in rows:
        out.write(json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False) + "\n")
        count += 1
    return count


def _texts(table: ExportTable) -> Iterator[list[int | str | None]]:
    columns = table.columns
    for row in table.rows:
        yield [_text(value, column) for value, column in zip(row, columns, strict=True)]


def _text(value: ExportValue, column: ExportColumn) -> int | str | None:
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds" if column.kind == "moment" else "seconds")
    return value


def _write_parquet(table: ExportTable, out: IO[bytes], zone: str) -> int:
    pyarrow = _pyarrow("pyarrow")
    kinds = {
        "time": pyarrow.timestamp("ms", tz=zone),
        "moment": pyarrow.timestamp("ms", tz=zone),
        "whole": pyarrow.int64(),
        "text": pyarrow.string(),
        "money": pyarrow.string(),
    }
    schema = pyarrow.schema([(column.name, kinds[column.kind]) for column in table.columns])
    count = 0
    with _pyarrow("pyarrow.parquet").ParquetWriter(out, schema) as writer:
        while rows := list(islice(table.rows, _ROWS_AT_ONCE)):
            writer.write_table(pyarrow.table(_columns(rows), schema=schema))
            count += len(rows)
    return count


def _columns(rows: list[ExportRow]) -> list[list[ExportValue]]:
    return [list(column) for column in zip(*rows, strict=True)]


def _pyarrow(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        text = _("Parquet files need the package pyarrow: {command}. CSV and JSON lines need nothing more.")
        raise ExportError(text.format(command=command_for("pyarrow"))) from error
