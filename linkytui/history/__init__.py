"""The history: every frame for some days, every minute for some years, every hour for ever, in one SQLite file.

`HistoryWriter` is a listener that records; `HistoryReader` answers questions; `Importer` takes older records in.
"""

from linkytui.history.active_power import ActivePower, ActivePowerMeter
from linkytui.history.importing import HourOfEnergy, Importer, ImportReport
from linkytui.history.laps import Figures, Lap, LapBook
from linkytui.history.queries import RegisterValue
from linkytui.history.reader import CurvePoint, GapSpan, HistoryReader, HourEnergy, MeterInfo, MinuteRow, Today
from linkytui.history.samples import INJECTED, Sample
from linkytui.history.spans import By, PowerRange, Span, borders, following, midnight
from linkytui.history.state import Condition, HistoryState
from linkytui.history.stored import StoredSample
from linkytui.history.writer import HistoryWriter

__all__ = [
    "INJECTED",
    "ActivePower",
    "ActivePowerMeter",
    "By",
    "Condition",
    "CurvePoint",
    "Figures",
    "GapSpan",
    "HistoryReader",
    "HistoryState",
    "HistoryWriter",
    "HourEnergy",
    "HourOfEnergy",
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
    "Today",
    "borders",
    "following",
    "midnight",
]
