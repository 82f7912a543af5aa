"""The saved laps: what an oven, a wash or a night used."""

from datetime import datetime
from decimal import Decimal
from typing import Final

from rich.text import Text

from linkytui.history import Lap, LapBook
from linkytui.i18n import _, number, short_date, time_of_day
from linkytui.tui.page import TablePage
from linkytui.tui.session import Session
from linkytui.tui.widgets.lap_bar import clock_text
from linkytui.wording.terms import kwh, money

_WIDE: Final = 78  # cells from which on all columns fit


class LapsScreen(TablePage, keys="laps"):
    """A list of laps, the newest first."""

    def __init__(self, session: Session) -> None:
        """Args: session: one that keeps a history."""
        super().__init__()
        self._reader = session.history
        self._book = LapBook(session.history.folder)
        self._session = session
        self._laps: list[tuple[Lap, Decimal | None]] = []

    def on_mount(self) -> None:
        self.ask(self._costed, self._show)

    def _costed(self) -> list[tuple[Lap, Decimal | None]]:
        """Each lap, and what its energy cost on its day. Raises HistoryError: the history cannot be read."""
        laps = self._reader.laps()
        if not self._session.billed or not laps:
            return [(lap, None) for lap in laps]
        account = self._session.account()
        plan = account.plan(self._session.now())
        return [(lap, account.lap_cost(plan, lap.figures)) for lap in laps]

    def _show(self, laps: list[tuple[Lap, Decimal | None]]) -> None:
        self._laps = laps
        self.speak()

    def on_resize(self) -> None:
        """Other columns may fit."""
        self.speak()

    def speak(self) -> None:
        self.entitle(_("Laps"))
        titles = {
            "name": _("Name"),
            "when": _("When"),
            "long": _("Duration"),
            "energy": "kWh",
            "cost": "EUR",
            "mean": _("Mean VA"),
            "peak": _("Peak VA"),
        }
        shown = list(titles) if self.size.width >= _WIDE else ["name", "when", "energy", "cost"]
        rows = (dict(zip(titles, self._row(lap, cost), strict=True)) for lap, cost in self._laps)
        self.fill({key: titles[key] for key in shown}, ([Text(row[key]) for key in shown] for row in rows))
        self.note("" if self._laps else _("No lap yet: press l on the dashboard to start and stop one."))

    def _row(self, lap: Lap, cost: Decimal | None) -> tuple[str, ...]:
        figures = lap.figures
        start = datetime.fromtimestamp(figures.start, self._reader.zone)
        return (
            lap.name,
            f"{short_date(start)} {start.year} {time_of_day(start)}" if self.size.width >= _WIDE else short_date(start),
            clock_text(figures.end - figures.start),
            ("" if figures.exact else "~") + kwh(figures.total_wh),
            "" if cost is None else money(cost),
            "" if figures.mean is None else number(figures.mean),
            "" if figures.peak is None else number(figures.peak),
        )

    def action_remove(self) -> None:
        """Remove the lap under the cursor."""
        if 0 <= (place := self.table.cursor_row) < len(self._laps):
            self.ask(lambda: self._without(self._laps[place][0]), self._show)

    def _without(self, lap: Lap) -> list[tuple[Lap, Decimal | None]]:
        self._book.remove(lap.id)
        return self._costed()
