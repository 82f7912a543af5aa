"""Laps by key: begun, ended, named and kept."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal

from textual.app import App

from linkytui.errors import HistoryError
from linkytui.i18n import _
from linkytui.reading import Reading
from linkytui.reading.lap import LapFigures
from linkytui.tui.messages import FramesArrived
from linkytui.tui.session import Session
from linkytui.tui.stopwatch import Stopwatch


class Laps:
    """Times a lap at a time, asks what it is to be called, and keeps it where a history is kept."""

    def __init__(
        self,
        app: App[None],
        session: Session,
        cost: Callable[[LapFigures], Decimal | None],
        called: Callable[[], Mapping[str, str]] = dict,
    ) -> None:
        """`cost`: tells what a lap cost in EUR, None where that is not known; `called`: what the registers of a
        supplier's own calendar are called.
        """
        self._app = app
        self._cost, self._called = cost, called
        self._session = session
        self._stopwatch: Stopwatch | None = None

    @property
    def running(self) -> LapFigures | None:
        """The lap that runs, so far."""
        return None if self._stopwatch is None else self._stopwatch.elapsed

    def press(self, newest: Reading | None) -> None:
        """Begin a lap, or end the one that runs and ask for its name.

        `newest`: the last known of everything, without it no lap can begin.
        """
        if self._stopwatch is not None:
            ended, self._stopwatch = self._stopwatch.elapsed, None
            self.keep(ended)
        elif newest is not None:
            self._stopwatch = Stopwatch(newest)

    def hear(self, message: FramesArrived) -> None:
        """Take frames into the lap that runs."""
        if self._stopwatch is not None:
            self._stopwatch.hear(message.latest, message.samples)

    def drop(self) -> None:
        """Forget the lap that runs: the registers at its start are another meter's, or of another moment."""
        if self._stopwatch is not None:
            self._stopwatch = None
            self._app.notify(_("The lap was discarded: the time or the meter has changed."))

    def keep(self, lap: LapFigures) -> None:
        """Ask for a lap's name and keep it in the history, where there is one."""
        from linkytui.tui.screens.name_lap import NameLap  # after the first paint

        def named(name: str | None) -> None:
            if name is None:
                return
            if not self._session.keeps_history:
                self._app.notify(_("No history is kept here, so the lap is not saved."))
                return
            self._app.run_worker(lambda: self._write(name, lap), thread=True, group="laps", exit_on_error=False)

        start = datetime.fromtimestamp(lap.start, self._session.zone)
        self._app.push_screen(NameLap(lap, f"{start:%H:%M}", self._cost(lap), self._called()), named)

    def _write(self, name: str, lap: LapFigures) -> None:
        from linkytui.history import LapBook  # after the first paint

        try:
            LapBook(self._session.history.folder).add(name, lap)
            self._app.notify(_("Lap saved: {name}").format(name=name), markup=False)
        except HistoryError as error:
            self._app.notify(str(error), severity="error", markup=False)
