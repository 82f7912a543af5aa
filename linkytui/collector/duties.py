"""The background tasks of the process that reads the meter: history, callbacks, alerts."""

import logging
import time
from threading import Thread
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from linkytui.billing.kept_terms import note_terms
from linkytui.civil.days import local
from linkytui.collector.costs import CostWatch
from linkytui.collector.hours import HoursKeeper
from linkytui.collector.keeper import HistoryKeeper
from linkytui.history.reader import HistoryReader
from linkytui.i18n import _
from linkytui.line.listener import Listener
from linkytui.line.relay.report import BacklogReport, Report
from linkytui.outputs.alerts.listener import AlertListener
from linkytui.outputs.alerts.log import AlertLog
from linkytui.outputs.alerts.memory import IncidentMemory
from linkytui.outputs.callbacks.configured import ConfiguredCallbacks
from linkytui.outputs.callbacks.history_log import HistoryLog
from linkytui.outputs.callbacks.mqtt.account_figures import AccountFigures
from linkytui.outputs.callbacks.state import trouble_of
from linkytui.outputs.callbacks.upstream.day_figures import DayFigures
from linkytui.settings.folders import history_folder, state_folder
from linkytui.settings.model import Settings

_LOG: Final = logging.getLogger(__name__)


class Duties:
    """All of it, as the settings want it."""

    def __init__(self, settings: Settings) -> None:
        """Begin. Nothing here fails: what cannot be done yet is tried again."""
        self.history = HistoryKeeper(settings.history) if settings.history.enabled else None
        folder = history_folder(settings.history)
        reader = HistoryReader(folder, ZoneInfo(settings.history.timezone))
        samples = None if self.history is None else HistoryLog(reader, self.history)
        self.costs = CostWatch(settings, reader)
        self.callbacks = ConfiguredCallbacks(
            settings,
            samples=samples,
            prices=self.costs.feed,
            figures=AccountFigures(self.costs.account),
            today=DayFigures(self.costs.account).at,
            folder=None if self.history is None else folder,
        )
        self.hours = HoursKeeper(reader, keeps=settings.history.enabled)
        self.alerts = AlertListener(
            settings.alerts,
            budget=settings.tariff.budget,
            on_screen=lambda alert: _LOG.warning("%s", alert.text),
            estimate=self.costs.estimate,
            backlog=self.callbacks.backlog,
            memory=IncidentMemory(state_folder() / "incidents.json"),
            log=AlertLog(folder),
            change=lambda: self.hours.change,
        )
        keepers: list[Listener] = [] if self.history is None else [self.history]
        self.listeners: list[Listener] = [*keepers, self.callbacks.runner, self.hours, self.alerts]
        """To be told of the line, in this order."""
        self._folder = folder
        self._note(settings)

    def use(self, settings: Settings) -> None:
        """Put other settings into effect, as far as that goes without a restart."""
        if self.history is not None:
            self.history.use(settings.history)
        self.costs.settings = settings
        self.callbacks.use(settings)
        self.alerts.use(settings.alerts, budget=settings.tariff.budget)
        Thread(target=self._note, args=(settings,), name="terms", daemon=True).start()  # the screen must not wait

    def _note(self, settings: Settings) -> None:
        """Note from when on what is set of the contract holds, so that no bill of the past changes with it."""
        if self.history is None:
            return
        today = local(time.time(), ZoneInfo(settings.history.timezone)).date()
        try:
            note_terms(self._folder, settings, today)
        except OSError as error:
            _LOG.warning("%s", _("Your contract settings could not be noted: {reason}").format(reason=error))

    @property
    def history_trouble(self) -> str:
        """What is wrong with the history, in one line for a person; empty when all is well, or none is kept."""
        return "" if self.history is None else self.history.state.text

    def complete(self, report: Report) -> Report:
        """Add to a report how these fare."""
        history = self.history_trouble
        callbacks = self.callbacks.states()
        texts = [
            _("{name}: {trouble}").format(name=one.name, trouble=trouble)
            for one in callbacks
            if (trouble := trouble_of(one)) is not None
        ]
        texts += [_("{name}: {trouble}").format(name="alerts", trouble=text) for text in self.alerts.errors.values()]
        delivery = self.callbacks.delivery
        backlog = None if delivery is None else BacklogReport(samples=delivery.waiting, oldest_at=delivery.oldest_at)
        return msgspec.structs.replace(
            report,
            history_trouble=history,
            troubles=tuple(filter(None, (history, *texts))),
            callbacks=callbacks,
            backlog=backlog,
            cost=self.costs.cost,
            hours_change=self.hours.change,
        )
