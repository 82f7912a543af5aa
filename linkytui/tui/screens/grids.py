"""Where prices come from: each grid, when it was had, what it holds, what was refused and why."""

import logging
import threading
from datetime import UTC, datetime
from typing import ClassVar, Final

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import var
from textual.screen import Screen
from textual.widgets import DataTable, Static

from linkytui.civil.price_days import next_change
from linkytui.i18n import _, long_date, short_date
from linkytui.tariffs.status import GridSource, GridStatus, StatusFile, sources_of
from linkytui.tariffs.update import update_grids
from linkytui.tui.keys import bindings
from linkytui.tui.session import Session
from linkytui.tui.widgets.key_line import KeyLine
from linkytui.wording.terms import duration

_LOG: Final = logging.getLogger(__name__)


class GridsScreen(Screen[None]):
    """A row a grid; a key fetches all of them, in a thread."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("grids")]

    progress: var[str] = var("")
    """What is being fetched."""

    class Progressed(Message):
        """The next grid is being looked after; nothing more when the text is empty."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self, session: Session) -> None:
        """Args: session: whose settings name the grids."""
        super().__init__()
        self._tariff = session.settings.tariff
        self._clock = session.now
        self._stop = threading.Event()
        self._known: list[tuple[GridSource, GridStatus]] = []

    def compose(self) -> ComposeResult:
        yield Static(id="span-title", markup=False)
        table: DataTable[Text] = DataTable(id="labels", cursor_type="row")
        yield table
        yield Static(id="detail", markup=False)
        yield KeyLine("grids")

    def on_mount(self) -> None:
        self.speak()

    def on_unmount(self) -> None:
        self._stop.set()

    def on_resize(self) -> None:
        """Other columns may fit."""
        self.speak()

    def watch_progress(self) -> None:
        self._entitle()

    def speak(self) -> None:
        """Read what is known of each grid, and say it in the language spoken now."""
        statuses = StatusFile().read()
        self._known = [
            (source, statuses.get(source.place, GridStatus(place=source.place))) for source in sources_of(self._tariff)
        ]
        self._entitle()
        table = self.query_one("#labels", DataTable)
        cursor = table.cursor_row
        table.clear(columns=True)
        wide = self.size.width >= 78
        titles = (_("Grid"), _("Holds from"), _("Prices"), _("Looked at"), _("State"))
        for place, title in enumerate(titles):
            if wide or place in (0, 4):
                table.add_column(title, key=str(place))
        for source, status in self._known:
            cells = self._cells(source, status)
            table.add_row(*(Text(cell) for place, cell in enumerate(cells) if wide or place in (0, 4)))
        table.move_cursor(row=cursor)
        table.focus()
        if not self._known:
            self.query_one("#detail", Static).update(_("Fetching is off and no file is named: see [tariff]."))

    def _cells(self, source: GridSource, status: GridStatus) -> tuple[str, ...]:
        age = (
            "" if status.checked_at is None else _("{age} ago").format(age=duration(self._clock() - status.checked_at))
        )
        since = "" if status.valid_from is None else f"{short_date(status.valid_from)} {status.valid_from.year}"
        return source.title, since, str(status.offers or ""), age, self._state(status)

    def _state(self, status: GridStatus) -> str:
        """Good, or what became of it; where a good one of before stays in force, how old that is."""
        if status.checked_at is None:
            return ""
        if not status.error:
            return _("good")
        if status.fetched_at is not None:
            return _("kept, {age}").format(age=duration(self._clock() - status.fetched_at))
        return _("refused") if status.refused else _("not to be had")

    def _entitle(self) -> None:
        today = datetime.fromtimestamp(self._clock(), UTC).date()
        change = _("next change expected: {day}").format(day=long_date(next_change(today)))
        self.query_one("#span-title", Static).update(
            Content.assemble((" " + _("Price grids"), "bold"), (f"  {self.progress or change}", "$quiet"))
        )

    @on(DataTable.RowHighlighted)
    def _describe(self) -> None:
        """Address, error and notes of the grid under the cursor."""
        place = self.query_one("#labels", DataTable).cursor_row
        if not 0 <= place < len(self._known):
            return
        source, status = self._known[place]
        notes = "  ".join(status.notes)
        parts = (source.place, "$quiet"), (status.error, "$warning"), (notes, "$quiet")
        told = [Content.styled(text, style) for text, style in parts if text]
        self.query_one("#detail", Static).update(Content("\n").join(told))

    def action_fetch(self) -> None:
        """Look after every grid now."""
        if self.progress:
            return
        self.progress = _("fetching…")
        # A worker of Textual's would hold up the end of the program for as long as a site says nothing.
        threading.Thread(target=self._fetch, name="grids", daemon=True).start()

    def _fetch(self) -> None:
        def tell(done: int, total: int, source: GridSource) -> None:
            self.post_message(self.Progressed(f"{done + 1}/{total} {source.title}"))

        try:
            update_grids(sources_of(self._tariff), self._stop, force=True, progress=tell)
        except Exception:
            _LOG.exception("the price grids could not be looked after")
        finally:
            self.post_message(self.Progressed(""))

    @on(Progressed)
    def _told(self, message: Progressed) -> None:
        self.progress = message.text
        self.speak()

    def action_leave(self) -> None:
        """Back to the offers."""
        self.dismiss(None)
