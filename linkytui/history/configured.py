"""Opens the history that the settings name, or the one kept by the machine's service."""

import os
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from linkytui.civil.cycle import CALENDAR, Cycle
from linkytui.history.reader import HistoryReader
from linkytui.history.schema import FILE_NAME
from linkytui.settings.folders import SERVICE_DATA_FOLDER, history_folder

if TYPE_CHECKING:
    from linkytui.settings.model import HistorySettings


def readable_history(settings: "HistorySettings", service: Path = SERVICE_DATA_FOLDER) -> Path:
    """Where the history is that matters to this user: the folder that the settings name, else his own, or the machine's
    service's where that was written last.
    """
    own = history_folder(settings)
    if settings.folder or not os.access(service / FILE_NAME, os.R_OK):
        return own
    return max(own, service, key=_written_at)


def open_reader(settings: "HistorySettings", cycle: Cycle = CALENDAR) -> HistoryReader:
    """A reader of the history that the settings name, or of the service's; `cycle`: what counts as a month."""
    return HistoryReader(readable_history(settings), ZoneInfo(settings.timezone), cycle)


def _written_at(folder: Path) -> float:
    """Seconds since 1970 at which a history was last written; 0 when there is none."""
    return max(_modified(folder / name) for name in (FILE_NAME, f"{FILE_NAME}-wal"))


def _modified(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:
        return 0.0
