"""The laps that were kept: what an oven, a wash or a night took."""

from collections.abc import Callable
from datetime import datetime
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import DataTable, Static

from linkytui.errors import LinkytuiError
from linkytui.history import Lap, LapBook
from linkytui.i18n import _, number, short_date, time_of_day
from linkytui.tui.keys import bindings
from linkytui.tui.session import Session
from linkytui.tui.widgets.key_line import KeyLine
from linkytui.tui.widgets.lap_bar import clock_text
from linkytui.wording.terms import kwh


class LapsScreen(Screen[None]):
    """A list of laps, the newest first."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("laps")]

    class Loaded(Message):
        """The history has answered."""

        def __init__(self, laps: list[Lap], error: str = "") -> None:
            super().__init__()
            self.laps = laps
            self.error = error

    def __init__(self, session: Session) -> None:
        """Args: session: one that keeps a history."""
        super().__init__()
        self._reader = session.history
        self._book = LapBook(session.history.folder)
        self._laps: list[Lap] = []

    def compose(self) -> ComposeResult:
        yield Static(id="span-title", markup=False)
        table: DataTable[Text] = DataTable(id="labels", cursor_type="row")
        yield table
        yield Static(id="span-note", markup=False)
        yield KeyLine("laps")

    def on_mount(self) -> None:
        self.speak()
        self._load()

    def speak(self) -> None:
        """Say everything in the language spoken now."""
        self.query_one("#span-title", Static).update(Content.styled(" " + _("Laps"), "bold"))
        table = self._table
        table.clear(columns=True)
        for key, title in (
            ("name", _("Name")),
            ("when", _("When")),
            ("long", _("How long")),
            ("energy", "kWh"),
            ("mean", _("Mean VA")),
            ("peak", _("Peak VA")),
        ):
            table.add_column(title, key=key)
        self._fill()
        table.focus()

    @property
    def _table(self) -> DataTable[Text]:
        return self.query_one("#labels", DataTable)

    def _load(self, change: Callable[[], None] = lambda: None) -> None:
        """Change the list, then read it, in a thread."""

        def ask() -> None:
            try:
                change()
                self.post_message(self.Loaded(self._reader.laps()))
            except LinkytuiError as error:
                self.post_message(self.Loaded(self._laps, str(error)))

        self.run_worker(ask, thread=True, exclusive=True, group="laps", exit_on_error=False)

    @on(Loaded)
    def _show(self, message: Loaded) -> None:
        self._laps = message.laps
        self._fill()
        if message.error:
            self.query_one("#span-note", Static).update(message.error)

    def _fill(self) -> None:
        table = self._table
        cursor = table.cursor_row
        table.clear()
        for lap in self._laps:
            table.add_row(*(Text(cell) for cell in self._row(lap)), key=str(lap.id))
        table.move_cursor(row=cursor)
        note = "" if self._laps else _("No lap yet: on the dashboard, l begins and ends one.")
        self.query_one("#span-note", Static).update(note)

    def _row(self, lap: Lap) -> tuple[str, ...]:
        figures = lap.figures
        start = datetime.fromtimestamp(figures.start, self._reader.zone)
        return (
            lap.name,
            f"{short_date(start)} {start.year} {time_of_day(start)}",
            clock_text(figures.end - figures.start),
            ("" if figures.exact else "~") + kwh(figures.total_wh),
            "" if figures.mean is None else number(figures.mean),
            "" if figures.peak is None else number(figures.peak),
        )

    def action_remove(self) -> None:
        """Remove the lap under the cursor."""
        if self._table.is_valid_row_index(self._table.cursor_row) and self._laps:
            lap = self._laps[self._table.cursor_row]
            self._load(lambda: self._book.remove(lap.id))

    def action_leave(self) -> None:
        """Back to where one came from."""
        self.app.pop_screen()
