"""The history: every frame for days, every minute for years, every hour for ever, in one SQLite file.

`HistoryWriter` is a listener that records; `HistoryReader` answers questions; `Importer` takes older records in.
"""

from linkytui.history.configured import open_reader, readable_history
from linkytui.history.importing import Importer, ImportReport
from linkytui.history.laps import LapBook
from linkytui.history.reader import HistoryReader
from linkytui.history.results import (
    Backlog,
    CurvePoint,
    GapSpan,
    HourEnergy,
    Lap,
    MeterInfo,
    MinuteRow,
    PowerRange,
    RegisterValue,
    Span,
    StoredSample,
)
from linkytui.history.samples import Sample
from linkytui.history.state import Condition, HistoryState
from linkytui.history.told import Told
from linkytui.history.writer import HistoryWriter, open_writer
from linkytui.settings.folders import history_folder

__all__ = [
    "Backlog",
    "Condition",
    "CurvePoint",
    "GapSpan",
    "HistoryReader",
    "HistoryState",
    "HistoryWriter",
    "HourEnergy",
    "ImportReport",
    "Importer",
    "Lap",
    "LapBook",
    "MeterInfo",
    "MinuteRow",
    "PowerRange",
    "RegisterValue",
    "Sample",
    "Span",
    "StoredSample",
    "Told",
    "history_folder",
    "open_reader",
    "open_writer",
    "readable_history",
]
