"""What the screen shows of a fleet: all meters at once, then the dashboard of the one that was opened."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from linkytui.fleet.meters import Fleet
from linkytui.fleet.source import FleetSource
from linkytui.outputs.callbacks.upstream.topics import Source
from linkytui.tui.screens.fleet import FleetScreen, Watch
from linkytui.tui.session import Session

if TYPE_CHECKING:
    from textual.screen import Screen

    from linkytui.settings.keeper import SettingsKeeper


class FleetSession(Session):
    """Nothing is kept or sent; no settings but the screen's matter."""

    def __init__(
        self, keeper: "SettingsKeeper", watch: Watch, where: str, *, now: Callable[[], float] = time.time
    ) -> None:
        """`watch`: hears the fleet; `where`: what its broker is called."""
        self._fleet = Fleet()
        self._chosen = FleetSource(self._fleet, now=now)
        super().__init__(keeper, self._chosen, now=now)
        self._watch = watch
        self._where = where
        self.tag = where

    def opening(self) -> "Screen[None] | None":
        return FleetScreen(self._fleet, self._watch, self._where, now=self.now, choose=self._choose)

    def _choose(self, source: Source) -> None:
        self._chosen.choose(source)
        self.tag = " / ".join(source)
