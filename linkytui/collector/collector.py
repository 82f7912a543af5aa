"""The collector: the pipeline without a screen, with its background tasks and a relay."""

import threading
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from linkytui.collector.duties import Duties
from linkytui.collector.grids import GridKeeper
from linkytui.collector.http import HttpServer
from linkytui.collector.log import EventLog
from linkytui.collector.notify import Heartbeat, Notifier
from linkytui.errors import RelayError
from linkytui.i18n import _
from linkytui.line.pipeline import Pipeline
from linkytui.line.relay.place import Place, PlaceLock, TakenError
from linkytui.line.relay.report import Report, first_report
from linkytui.line.relay.server import Relay
from linkytui.line.relay.subscription import DROP_BACKLOG, SEND_AGAIN
from linkytui.line.sources.base import Source
from linkytui.settings.folders import history_folder
from linkytui.settings.model import Settings

_HAND_OVER: Final = 3.0
"""Seconds for a screen to let go of the port once it sees a collector; after that the port's own trouble tells more."""


class Collector:
    """Reads a source until it is told to stop. There is one at a place."""

    def __init__(
        self,
        settings: Settings,
        source: Source,
        *,
        place: Place,
        screens: Place,
        file: Path | None = None,
        notifier: Notifier | None = None,
    ) -> None:
        """Take the place and be found there. Nothing is read before `run`.

        `screens`: where the screen is found that reads while no collector does; `file`: from which the settings come,
        as screens are told; `notifier`: lets systemd hear. Raises RelayError: another collector has the place, or it
        cannot be used.
        """
        self._settings = settings
        self._source = source
        self._screens = screens
        self._notifier = notifier or Notifier()
        self._duties: Duties | None = None
        self._grids: GridKeeper | None = None
        try:
            self._lock = PlaceLock(place)
        except TakenError as error:
            text = _("A collector is already running (process {pid}): stop it first.")
            raise RelayError(text.format(pid=error.holder)) from None
        history = history_folder(settings.history) if settings.history.enabled else None
        report = first_report("collector", history, file, source=source.name)
        obey = {DROP_BACKLOG: self._drop_backlog, SEND_AGAIN: self._send_again}
        try:
            self.relay = Relay(place, report, tcp=settings.relay.tcp, complete=self._complete, obey=obey)
        except RelayError:
            self._lock.release()
            raise

    def run(self, stop: threading.Event) -> None:
        """Read until asked to stop, then finish what is begun and let go of everything."""
        self._wait_for_screens(stop)
        self._duties = duties = Duties(self._settings)
        self._grids = grids = GridKeeper(self._settings)
        pipeline = Pipeline(
            self._source,
            mode=self._settings.meter.mode,
            listeners=[self.relay, EventLog(), Heartbeat(self._notifier), *duties.listeners, grids],
        )
        http = self._http_server()
        try:
            pipeline.run(stop)
        finally:
            if http is not None:
                http.close()
            pipeline.close()
            self._lock.release()

    def use(self, settings: Settings) -> None:
        """Put other settings into effect, as far as that goes without a restart; from any thread."""
        self._settings = settings
        if self._duties is not None:
            self._duties.use(settings)
        if self._grids is not None:
            self._grids.settings = settings

    def _http_server(self) -> HttpServer | None:
        """Answers programs that ask by HTTP, where that is wanted."""
        listen, zone = self._settings.http.listen, ZoneInfo(self._settings.history.timezone)
        return HttpServer(listen, lambda: self._complete(self.relay.report), zone) if listen else None

    def _complete(self, report: Report) -> Report:
        return report if self._duties is None else self._duties.complete(report)

    def _drop_backlog(self) -> None:
        if self._duties is not None:
            self._duties.callbacks.drop_backlog()

    def _send_again(self) -> None:
        if self._duties is not None:
            self._duties.callbacks.send_again()

    def _wait_for_screens(self, stop: threading.Event) -> None:
        """Let a screen that reads see that it need not any more, and let go of the port."""
        for _attempt in range(round(_HAND_OVER / 0.1)):
            try:
                PlaceLock(self._screens).release()
            except TakenError:
                stop.wait(0.1)
            except RelayError:
                return  # no screens there
            else:
                return
