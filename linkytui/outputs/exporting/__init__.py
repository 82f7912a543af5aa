"""The history as tables for other programs: CSV, JSON lines, Parquet."""

from linkytui.outputs.exporting.files import ExportError, new_file
from linkytui.outputs.exporting.formats import FORMATS, Format, require, write
from linkytui.outputs.exporting.tables import Column, Resolution, Table, span_table, spans, table

__all__ = [
    "FORMATS",
    "Column",
    "ExportError",
    "Format",
    "Resolution",
    "Table",
    "new_file",
    "require",
    "span_table",
    "spans",
    "table",
    "write",
]
