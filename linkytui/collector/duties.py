"""What the process that reads the meter has to do beside showing it: keep the history, feed the callbacks, alert."""

import logging
import threading
from collections.abc import Callable
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from linkytui.alerts import AlertListener
from linkytui.callbacks import Status
from linkytui.callbacks.configured import INFLUXDB, ConfiguredCallbacks
from linkytui.callbacks.influxdb.history_log import HistoryLog
from linkytui.collector.costs import CostWatch
from linkytui.collector.keeper import HistoryKeeper
from linkytui.history import HistoryReader, history_folder
from linkytui.i18n import _
from linkytui.link import Link
from linkytui.listener import Arrival, Listener
from linkytui.relay.report import Backlog, Report
from linkytui.settings import Settings

_LOG: Final = logging.getLogger(__name__)


class Duties:
    """All of it, as the settings want it."""

    def __init__(self, settings: Settings) -> None:
        """Begin. Nothing here fails: what cannot be done yet is tried again."""
        self.history = HistoryKeeper(settings.history) if settings.history.enabled else None
        reader = HistoryReader(history_folder(settings.history), ZoneInfo(settings.history.timezone))
        samples = None if self.history is None else HistoryLog(reader, self.history)
        self.costs = CostWatch(settings, reader)
        self.callbacks = ConfiguredCallbacks(settings, samples=samples, prices=self.costs.feed)
        self.alerts = AlertListener(
            settings.alerts,
            budget=_budget(settings),
            on_screen=lambda alert: _LOG.warning("%s", alert.text),
            estimate=self.costs.estimate,
            backlog=self.callbacks.backlog,
        )
        keepers: list[Listener] = [] if self.history is None else [self.history]
        self.listeners: list[Listener] = [*keepers, self.callbacks.runner, self.alerts]
        """To be told of the line, in this order."""

    def use(self, settings: Settings) -> None:
        """Put other settings into effect, as far as that goes without a restart."""
        if self.history is not None:
            self.history.use(settings.history)
        self.costs.settings = settings
        self.callbacks.use(settings)
        self.alerts.use(settings.alerts, budget=_budget(settings))

    def complete(self, report: Report) -> Report:
        """Add to a report how these fare."""
        history = "" if self.history is None else self.history.state.text
        troubles = [
            (state.name, state.last_error)
            for state in self.callbacks.runner.states()
            if state.last_error is not None and state.status not in (Status.OFF, Status.RUNNING)
        ]
        delivery = self.callbacks.delivery
        if delivery is not None and delivery.error is not None:
            troubles.append((INFLUXDB, str(delivery.error)))
        texts = [_("{name}: {trouble}").format(name=name, trouble=trouble) for name, trouble in troubles]
        backlog = None if delivery is None else Backlog(samples=delivery.waiting, oldest_at=delivery.oldest_at)
        return msgspec.structs.replace(
            report, troubles=tuple(filter(None, (history, *texts))), backlog=backlog, cost=self.costs.cost
        )


def _budget(settings: Settings) -> float | None:
    """EUR a month."""
    return None if settings.tariff.budget is None else float(settings.tariff.budget)


class WhileReading(Listener):
    """Duties that are there only while this process reads the line itself: else another one does them."""

    def __init__(self, reads: Callable[[], bool], settings: Settings) -> None:
        """Nothing is begun before the first turn.

        Args:
            reads: whether it is this process that reads.
            settings: all of them.
        """
        self.duties: Duties | None = None
        """None while another process has them."""
        self._reads = reads
        self._settings = settings
        self._free = threading.Event()  # no duties, and none that are still being ended
        self._free.set()

    def use(self, settings: Settings) -> None:
        """Put other settings into effect."""
        self._settings = settings
        if self.duties is not None:
            self.duties.use(settings)

    def bytes_came(self, data: bytes, at: float) -> None:
        self._begin_or_end()
        self._tell(lambda listener: listener.bytes_came(data, at))

    def frame_came(self, arrival: Arrival) -> None:
        self._tell(lambda listener: listener.frame_came(arrival))

    def link_changed(self, link: Link) -> None:
        self._tell(lambda listener: listener.link_changed(link))

    def meter_reset(self) -> None:
        self._tell(lambda listener: listener.meter_reset())

    def turn_ended(self) -> None:
        self._begin_or_end()
        self._tell(lambda listener: listener.turn_ended())

    def wait(self, seconds: float) -> None:
        """Wait until there are no duties here any more, because another process is about to take over."""
        self._free.wait(seconds)

    def close(self) -> None:
        self._end()
        self._free.wait()

    def _begin_or_end(self) -> None:
        reads = self._reads()
        if reads and self._free.is_set():
            self.duties = Duties(self._settings)
            self._free.clear()
        elif not reads:
            self._end()

    def _end(self) -> None:
        """End the duties on a thread of its own: a database may take its time, and the line goes on meanwhile."""
        duties, self.duties = self.duties, None
        if duties is not None:
            threading.Thread(target=self._close, args=(duties,), name="handing over", daemon=True).start()

    def _close(self, duties: Duties) -> None:
        for listener in duties.listeners:
            try:
                listener.close()
            except Exception:
                _LOG.exception("%s failed to close", type(listener).__name__)
        self._free.set()

    def _tell(self, tell: Callable[[Listener], None]) -> None:
        """Tell each; one that fails harms neither the others nor the reading."""
        if self.duties is None:
            return
        for listener in self.duties.listeners:
            try:
                tell(listener)
            except Exception:
                _LOG.exception("%s failed", type(listener).__name__)
