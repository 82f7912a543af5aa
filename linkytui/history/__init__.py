"""The history: every frame for days, every minute for years, every hour for ever, in one SQLite file.

`HistoryWriter` is a listener that records; `HistoryReader` answers questions; `Importer` takes older records in.
"""

from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from linkytui.history.configured import open_reader, readable_history
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
from linkytui.settings.folders import history_folder

if TYPE_CHECKING:
    from linkytui.history.importing import Importer, ImportReport
    from linkytui.history.writer import HistoryWriter, open_writer

_WRITING: Final = MappingProxyType(
    {
        "HistoryWriter": "linkytui.history.writer",
        "ImportReport": "linkytui.history.importing",
        "Importer": "linkytui.history.importing",
        "open_writer": "linkytui.history.writer",
    }
)
"""What writes is imported when it is asked for: most only read, and it brings logs and other programs along."""

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


def __getattr__(name: str) -> Any:
    if name not in _WRITING:
        raise AttributeError(name)
    return getattr(import_module(_WRITING[name]), name)
