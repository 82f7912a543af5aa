"""The alerts that were told: what happened, when, and whether it is over."""

from datetime import datetime
from typing import Final

from rich.text import Text

from linkytui.i18n import _, short_date, time_of_day, weekday
from linkytui.outputs.alerts.log import ToldAlert, told_alerts
from linkytui.tui.glyphs import glyphs
from linkytui.tui.page import TablePage
from linkytui.tui.session import Session

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
        self.fill({"when": _("When"), "what": _("What happened")}, map(self._row, told))
        if self._told is not None:
            watched = _watched(self._session)
            self.note(watched if told else _("No alert was told yet.") + " " + watched)

    def _row(self, alert: ToldAlert) -> tuple[Text, Text]:
        when = datetime.fromtimestamp(alert.at, self._session.zone)
        day = f"{weekday(when)} {short_date(when)} {time_of_day(when)}"
        sign = glyphs().alarm if alert.began else " "
        return Text(day), Text(f"{sign} {alert.text}", "bold" if alert.began else "")


def _watched(session: Session) -> str:
    """The rules by the names that the settings have for them."""
    kinds = dict.fromkeys(rule.kind for rule in session.settings.alerts.rules)
    return _("Watched: {kinds}. Other rules: [alerts.rules] in the settings file.").format(kinds=", ".join(kinds))
