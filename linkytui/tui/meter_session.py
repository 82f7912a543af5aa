"""The person's own meter, as the screen shows it and acts on it."""

import threading
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from linkytui.civil.synchronised import synchronised
from linkytui.collector.grids import GridKeeper
from linkytui.collector.while_reading import WhileReading
from linkytui.line.listener import Listener
from linkytui.line.relay.report import Report
from linkytui.line.relay.subscription import DROP_BACKLOG, SEND_AGAIN
from linkytui.line.sources.shared import SharedSource
from linkytui.outputs.alerts.engine import Alert
from linkytui.outputs.alerts.listener import AlertListener
from linkytui.reading.meter_hours import HoursChange
from linkytui.settings.keeper import SettingsKeeper
from linkytui.settings.model import Settings
from linkytui.tui.session import Session

if TYPE_CHECKING:
    from linkytui.history import HistoryReader
    from linkytui.outputs.callbacks.configured import ConfiguredCallbacks

_HAND_OVER: Final = 5.0
"""Seconds for which a suspension waits until what came is written and another process may take over."""


class MeterSession(Session):
    """The person's meter, which other processes may read too; while this one reads, it keeps and sends what comes."""

    keeps_history = True

    def __init__(self, keeper: SettingsKeeper, source: SharedSource, duties: WhileReading, grids: GridKeeper) -> None:
        """keeper: holds the settings.
        source: the line; `look` has been called.
        duties: of this process while it reads.
        grids: keeps the prices up to date.
        """
        super().__init__(keeper, source, listeners=(source.listener, duties, grids))
        self.guided = source.report is None and keeper.untouched
        self._line = source
        self._duties = duties
        self._grids = grids
        self._alerts: AlertListener | None = None

    def synchronised(self) -> bool | None:
        return synchronised()

    def use(self, saved: Settings) -> None:
        before, self.settings = self.settings, saved
        if self._alerts is not None:
            self._alerts.use(saved.alerts, budget=saved.tariff.budget)
        self._duties.use(saved)
        self._grids.settings = saved
        if saved.meter.port != before.meter.port and self._line.reads:
            threading.Thread(target=self._open_anew, name="other port", daemon=True).start()

    def _open_anew(self) -> None:
        """Let go of the port, and open the one that is set now. Waits for the reading thread."""
        self._line.pause()
        self._line.resume()

    def suspend(self) -> None:
        """Let another process read; wait until what came is written."""
        self._line.pause()
        self._duties.wait(_HAND_OVER)

    def resume(self) -> None:
        self._line.resume()

    @cached_property
    def history(self) -> "HistoryReader":
        """Reads what whoever reads the meter keeps."""
        from linkytui.history import HistoryReader, readable_history  # after the first paint

        own = readable_history(self.settings.history)

        def folder() -> Path:
            report = self.report
            return own if report is None or report.history is None else Path(report.history)

        return HistoryReader(folder, self.zone)

    @property
    def callbacks(self) -> "ConfiguredCallbacks | None":
        duties = self._duties.duties
        return None if duties is None else duties.callbacks

    @property
    def report(self) -> Report | None:
        return self._line.report

    @property
    def trouble(self) -> str:
        duties, report = self._duties.duties, self.report
        if duties is not None:
            return duties.history_trouble
        return "" if report is None else report.history_trouble

    def drop_backlog(self) -> bool:
        return super().drop_backlog() or self._line.ask_for(DROP_BACKLOG)

    def send_again(self) -> bool:
        return super().send_again() or self._line.ask_for(SEND_AGAIN)

    def alerts(self, tell: Callable[[Alert], object]) -> Sequence[Listener]:
        """Alerts on the screen, whoever reads; the one who reads sends them to the outside."""
        self._alerts = AlertListener(
            self.settings.alerts,
            budget=self.settings.tariff.budget,
            channels=(),
            on_screen=tell,
            estimate=self._estimate,
            backlog=self._backlog,
            change=self._change,
        )
        return (self._alerts,)

    def _estimate(self) -> float | None:
        """EUR that the month will have cost, as the process that reads works it out."""
        duties, report = self._duties.duties, self.report
        if duties is not None:
            return duties.costs.estimate()
        return None if report is None or report.cost is None else report.cost.estimate_eur

    def _change(self) -> HoursChange | None:
        """Other hours from tomorrow or today on, as the process that reads has seen."""
        duties, report = self._duties.duties, self.report
        if duties is not None:
            return duties.hours.change
        return None if report is None else report.hours_change

    def _backlog(self) -> tuple[int, float]:
        """What waits for InfluxDB where the line is read: samples, and seconds for which the oldest has waited."""
        duties, report = self._duties.duties, self.report
        if duties is not None:
            return duties.callbacks.backlog()
        if report is None or report.backlog is None or report.backlog.oldest_at is None:
            return 0, 0.0
        return report.backlog.samples, max(0.0, self._line.now() - report.backlog.oldest_at)
