"""The collector: the pipeline without a screen, with all its duties and a relay."""

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from linkytui.collector.costs import GridKeeper
from linkytui.collector.duties import Duties
from linkytui.collector.log import EventLog
from linkytui.collector.notify import Heartbeat, Notifier
from linkytui.errors import RelayError
from linkytui.history import history_folder
from linkytui.i18n import _
from linkytui.listener import Listener
from linkytui.pipeline import Pipeline
from linkytui.relay import Claim, Place, Relay
from linkytui.relay.place import TakenError
from linkytui.relay.report import first_report

if TYPE_CHECKING:
    from linkytui.settings import Settings
    from linkytui.sources import Source


class Collector:
    """Reads a source until it is told to stop. There is one at a place."""

    def __init__(self, settings: "Settings", source: "Source", place: Place, notifier: Notifier) -> None:
        """Take the place, and begin everything but the reading.

        Args:
            settings: all of them.
            source: the line.
            place: where screens and other programs find it.
            notifier: lets systemd hear.

        Raises:
            RelayError: another collector has the place, or it cannot be used.
        """
        try:
            self._claim = Claim(place)
        except TakenError as error:
            text = _("A collector runs already (process {pid}): stop that one first.")
            raise RelayError(text.format(pid=error.holder)) from None
        self.duties = Duties(settings)
        self._grids = GridKeeper(settings)
        listeners: list[Listener] = [EventLog(), Heartbeat(notifier), *self.duties.listeners, self._grids]
        self._pipeline = Pipeline(source, mode=settings.meter.mode, listeners=listeners)
        try:
            report = first_report("collector", _kept_in(settings))
            relay = Relay(place, report, tcp=settings.relay.tcp, complete=self.duties.complete)
        except RelayError:
            self.close()
            raise
        self._pipeline.listeners.insert(0, relay)

    def use(self, settings: "Settings") -> None:
        """Put other settings into effect, as far as that goes without a restart; on any thread."""
        self.duties.use(settings)
        self._grids.settings = settings

    def run(self, stop: threading.Event) -> None:
        """Read until asked to stop, then finish what is begun."""
        try:
            self._pipeline.run(stop)
        finally:
            self.close()

    def close(self) -> None:
        """Write what is to be written, send everyone away, let go of the port and the place."""
        self._pipeline.close()
        self._claim.release()


def _kept_in(settings: "Settings") -> Path | None:
    """The folder of the history, where one is kept."""
    return history_folder(settings.history) if settings.history.enabled else None
