"""The history as the settings want it."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from linkytui.history.reader import HistoryReader
from linkytui.history.state import HistoryState
from linkytui.history.writer import HistoryWriter
from linkytui.settings.folders import data_folder

if TYPE_CHECKING:
    from linkytui.settings import HistorySettings


def history_folder(settings: "HistorySettings") -> Path:
    """Where the history is."""
    return Path(settings.folder).expanduser() if settings.folder else data_folder()


def open_reader(settings: "HistorySettings") -> HistoryReader:
    """A reader of the history that the settings name."""
    return HistoryReader(history_folder(settings), ZoneInfo(settings.timezone))


def open_writer(
    settings: "HistorySettings", on_state: Callable[[HistoryState], None] = lambda _state: None
) -> HistoryWriter:
    """A writer of the history that the settings name, already at work.

    Raises:
        HistoryError: another program writes it, or its folder cannot be used.
    """
    return HistoryWriter(
        history_folder(settings),
        flush_seconds=settings.flush_seconds,
        raw_days=settings.raw_days,
        minute_days=settings.minute_days,
        on_state=on_state,
    )
