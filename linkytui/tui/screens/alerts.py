"""The alerts that were told: what happened, when, and whether it is over."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from rich.text import Text
from textual import on
from textual.content import Content
from textual.widgets import DataTable

from linkytui.i18n import _, short_date, time_of_day, weekday
from linkytui.outputs.alerts.log import ToldAlert, told_alerts
from linkytui.tui.glyphs import glyphs
from linkytui.tui.page import TablePage
from linkytui.tui.session import Session
from linkytui.wording.terms import alert_name, duration

_WIDE: Final = 78  # cells from which on all columns fit
_LOOK_EVERY: Final = 5.0  # seconds between two looks at the list, which another process may write


class AlertsScreen(TablePage, keys="alerts"):
    """A list of alerts, the newest first; below it, what is watched."""

    def __init__(self, session: Session) -> None:
        """Args: session: one that keeps a history; beside it lies the list."""
        super().__init__()
        self._session = session
        self._told: list[ToldAlert] | None = None

    def on_mount(self) -> None:
        self._look()
        self.set_interval(_LOOK_EVERY, self._look)

    def _look(self) -> None:
        self.ask(lambda: told_alerts(self._session.history.folder), self._show)

    def _show(self, told: list[ToldAlert]) -> None:
        if told != self._told:
            self._told = told
            self.speak()

    def speak(self) -> None:
        told = self._told or []
        self.entitle(_("Alerts"), (str(len(told)) if told else "", "$quiet"))
        titles = {"when": _("When"), "what": _("What happened")}
        if self.size.width >= _WIDE:
            titles |= {"lasted": _("Lasted"), "rule": _("Rule")}
        ends = _ends(told)
        self.fill(titles, (self._row(alert, ends.get(alert))[: len(titles)] for alert in told))
        self._describe()

    @on(DataTable.RowHighlighted)
    def _describe(self) -> None:
        """The alert under the cursor to its end, and what is watched."""
        told, watched = self._told, _watched(self._session)
        if told is None:
            return
        place = self.table.cursor_row
        first = told[place].text if 0 <= place < len(told) else _("No alert so far.")
        self.note(Content.assemble(f"{first}\n", (watched, "$quiet")))

    def on_resize(self) -> None:
        """Other columns may fit."""
        self.speak()

    def _row(self, alert: ToldAlert, end: ToldAlert | None) -> tuple[Text, ...]:
        when = datetime.fromtimestamp(alert.at, self._session.zone)
        day = f"{weekday(when)} {short_date(when)} {time_of_day(when)}"
        sign = glyphs().alarm if alert.began else " "
        lasted = "" if end is None else duration(end.at - alert.at)
        style = "bold" if alert.began else ""
        return (
            Text(day),
            Text(f"{sign} {alert.text}", style),
            Text(lasted, justify="right"),
            Text(alert_name(alert.kind)),
        )


def _ends(told: Sequence[ToldAlert]) -> dict[ToldAlert, ToldAlert]:
    """What ended each alert that began: the next one of its kind, where that is an end. The newest comes first."""
    ends: dict[ToldAlert, ToldAlert] = {}
    later: dict[str, ToldAlert] = {}
    for alert in told:
        after = later.get(alert.kind)
        if alert.began and after is not None and not after.began:
            ends[alert] = after
        later[alert.kind] = alert
    return ends


def _watched(session: Session) -> str:
    """What the rules are about, and where others are set."""
    kinds = dict.fromkeys(alert_name(rule.kind) for rule in session.settings.alerts.rules)
    return _("Watched: {kinds}. Other rules: [alerts.rules] in the settings file.").format(kinds=", ".join(kinds))
