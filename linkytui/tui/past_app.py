"""The part of the application that looks back: the history's screens, and laps."""

import os
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from textual.reactive import var

from linkytui.errors import HistoryError
from linkytui.i18n import _
from linkytui.line.playback import Player
from linkytui.reading import Reading
from linkytui.settings.model import Settings
from linkytui.tui.desk import Desk
from linkytui.tui.lap import Elapsed, Stopwatch
from linkytui.tui.messages import FramesArrived
from linkytui.tui.player_app import PlayerApp

if TYPE_CHECKING:
    from linkytui.history import HistoryReader
    from linkytui.tui.screens.history import HistoryScreen


class PastApp(PlayerApp):
    """Shows the history where one is kept, and times laps."""

    lap: var[Elapsed | None] = var(None)
    """The lap that runs."""

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Callable[[], float],
        history: "Callable[[], HistoryReader] | None" = None,
        player: Player | None = None,
        desk: Desk | None = None,
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        """Args:
        settings: what the person set.
        clock: seconds since 1970; a recording's or the simulator's own.
        history: opens what answers questions about the past, with the first of them; None where none is kept.
        player: the recording's controls; None where nothing is replayed.
        desk: what settings are changed with; None where they cannot be.
        environment: tells what the terminal can show, and which language the person speaks.
        """
        super().__init__(settings, player=player, desk=desk, environment=environment)
        self._clock = clock
        self._open_history = history
        self._zone = ZoneInfo(settings.history.timezone)
        self._stopwatch: Stopwatch | None = None

    @property
    def newest(self) -> Reading | None:
        """The last known of everything, whether or not it is shown."""
        return self.reading

    @cached_property
    def _past(self) -> "HistoryReader":
        """Answers questions about the past, where a history is kept."""
        assert self._open_history is not None  # noqa: S101 -- asked only where there is one
        return self._open_history()

    def action_history(self) -> None:
        """Look back."""
        if self._open_history is None:
            self.notify(_("No history is kept here."))
            return
        from linkytui.tui.screens.history import HistoryScreen

        if not isinstance(self.screen, HistoryScreen):
            self.show(HistoryScreen(self._past, self._clock))

    # Laps -----------------------------------------------------------------------------------------------------------

    def action_lap(self) -> None:
        """Begin a lap, or end the one that runs and ask for its name."""
        if self._stopwatch is None:
            if self.newest is not None:
                self._stopwatch = Stopwatch(self.newest)
                self.lap = self._stopwatch.elapsed
            return
        ended, self._stopwatch, self.lap = self._stopwatch.elapsed, None, None
        self.keep_lap(ended)

    def hear_lap(self, message: FramesArrived) -> None:
        """Take frames into the lap that runs."""
        if self._stopwatch is not None:
            self._stopwatch.hear(message.latest, message.samples)
            self.lap = self._stopwatch.elapsed

    def drop_lap(self) -> None:
        """Forget the lap that runs: the registers at its start are another meter's, or of another moment."""
        if self._stopwatch is not None:
            self._stopwatch, self.lap = None, None
            self.notify(_("The lap is dropped: it began at another moment, or on another meter."))

    def keep_lap(self, lap: Elapsed) -> None:
        """Ask for a lap's name and keep it in the history, where there is one."""
        from linkytui.tui.screens.name_lap import NameLap

        def named(name: str | None) -> None:
            if name is None:
                return
            if self._open_history is None:
                self.notify(_("No history is kept here: the lap is not either."))
                return
            self.run_worker(lambda: self._write_lap(name, lap), thread=True, group="laps", exit_on_error=False)

        suggestion = f"{datetime.fromtimestamp(lap.start, self._zone):%H:%M}"
        self.push_screen(NameLap(lap, suggestion), named)

    def on_history_screen_lap_marked(self, message: "HistoryScreen.LapMarked") -> None:
        self.keep_lap(message.lap)

    def _write_lap(self, name: str, lap: Elapsed) -> None:
        from linkytui.history import Figures, LapBook

        figures = Figures(
            start=lap.start, end=lap.end, wh=lap.wh, exact=lap.exact, mean=lap.mean, peak=lap.peak, peak_at=lap.peak_at
        )
        try:
            LapBook(self._past.folder).add(name, figures)
            self.notify(_("Lap kept: {name}").format(name=name), markup=False)
        except HistoryError as error:
            self.notify(str(error), severity="error", markup=False)

    def action_laps(self) -> None:
        """Show the laps that were kept."""
        if self._open_history is None:
            self.notify(_("No history is kept here."))
            return
        from linkytui.history import LapBook
        from linkytui.tui.screens.laps import LapsScreen

        if not isinstance(self.screen, LapsScreen):
            self.show(LapsScreen(self._past, LapBook(self._past.folder)))
