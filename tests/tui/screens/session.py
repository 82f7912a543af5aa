"""A session that reads nothing: the application shows what a test posts, at a fixed moment."""

from pathlib import Path
from typing import Any

from linkytui.history import HistoryReader
from linkytui.line.relay.report import Report
from linkytui.settings.fields import fields
from linkytui.settings.keeper import SettingsKeeper
from linkytui.settings.load import DEFAULT, Loaded
from linkytui.settings.model import Settings
from linkytui.tui.session import Session
from tests.tui.screens.states import NOW


class FedSession(Session):
    """Keeps what was put into effect. Whatever a meter's session knows can be set."""

    callbacks: Any = None
    report: Report | None = None
    billed = False

    def __init__(self, keeper: SettingsKeeper, history: HistoryReader | None = None, book: Path | None = None) -> None:
        """Args: keeper: holds the settings; history: of the past, if there is one; book: prices to bill it with."""
        super().__init__(keeper, now=lambda: NOW)
        self.used: list[Settings] = []
        if history is not None:
            self.keeps_history, self.history = True, history
        if book is not None:
            self.billed, self.book = True, book

    def use(self, saved: Settings) -> None:
        self.settings = saved
        self.used.append(saved)


def keeper_of(settings: Settings) -> SettingsKeeper:
    """Holds settings that stand in no file."""
    loaded = Loaded(settings, dict.fromkeys(fields(), DEFAULT), Path("config.toml"))
    return SettingsKeeper(loaded, lambda: loaded)
