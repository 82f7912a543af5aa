"""Keeps what the answers are made from: the meter's active power, the state of the line, the account."""

import logging
from collections.abc import Mapping
from typing import Any

from linkytui.civil.times import Timestamp
from linkytui.errors import HistoryError
from linkytui.link import Link
from linkytui.outputs.callbacks.mqtt.answers import answers_of, answers_payload
from linkytui.outputs.callbacks.mqtt.figures import Figures, FiguresFeed
from linkytui.reading.active_power import ActivePowerMeter
from linkytui.reading.ahead_watch import AheadWatch
from linkytui.reading.model import Reading
from linkytui.reading.outlook import Hours

log = logging.getLogger("linkytui.callbacks")


class Household:
    """What one meter's household asks. For one thread, which waits while the account is read."""

    def __init__(self, feed: FiguresFeed | None) -> None:
        """Make it for a meter; `feed`: None answers nothing of money."""
        self.link = Link()  # the line's newest state
        self.called: Mapping[str, str] = {}  # what meter and offer call the registers of an own calendar
        self._feed = feed
        self._active = ActivePowerMeter()
        self._ahead = AheadWatch(Hours())
        self._heard_at = 0.0
        self._trouble = ""

    def hear(self, reading: Reading, latest: Reading) -> None:
        """Take in what a frame says. `latest`: the meter's last word with it."""
        self._ahead.hear(latest)
        if reading.at < self._heard_at:
            self._active = ActivePowerMeter()  # the clock went back: no window spans that
        self._heard_at = reading.at
        self._active.hear(reading.at, reading.total, reading.power)

    def forget(self) -> None:
        """Another meter."""
        self.called = {}
        self._active = ActivePowerMeter()
        self._ahead.forget()

    def message(self, latest: Reading, now: Timestamp, *, old: bool) -> dict[str, Any]:
        """The answers as they are published. `latest`: the meter's last word; `old`: it is no longer of now."""
        figures = self._figures(latest, now)
        if figures is not None:
            self._ahead.learn(figures.hours, figures.kept_hours)
            self.called = figures.called
        ahead = self._ahead.look(latest, now)
        active = self._active.latest
        return answers_payload(answers_of(latest, self.link, figures, active=active, ahead=ahead, now=now, old=old))

    def _figures(self, latest: Reading, now: Timestamp) -> Figures | None:
        if self._feed is None:
            return None
        try:
            figures = self._feed.at(now, latest)
        except HistoryError as error:
            if str(error) != self._trouble:
                log.warning("%s", error)
            self._trouble = str(error)
            return None
        self._trouble = ""
        return figures
