"""What the screens behind the dashboard's keys have in common."""

from collections.abc import Callable, Iterable, Mapping
from typing import ClassVar, TypeVar

from rich.cells import cell_len
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import DataTable, Static

from linkytui.tui.ask import ask
from linkytui.tui.keys import Place, bindings
from linkytui.tui.widgets.key_line import KeyLine
from linkytui.tui.widgets.search_bar import SearchBar

T = TypeVar("T")


class Page(Screen[None]):
    """A title, what a subclass puts below it, a note on that, and the keys of the place that the subclass names."""

    keys: ClassVar[Place]

    def __init_subclass__(cls, keys: Place | None = None) -> None:
        if keys is not None:
            cls.keys = keys
            mine: list[BindingType] = [*bindings(keys)]
            cls.BINDINGS = mine
        super().__init_subclass__()

    def compose(self) -> ComposeResult:
        yield Static(id="title", markup=False)
        yield from self.body()
        yield Static(id="note", markup=False)
        yield KeyLine(self.keys)

    def body(self) -> ComposeResult:
        """What stands between the title and the note."""
        raise NotImplementedError

    def on_mount(self) -> None:  # Textual calls it beside that of a subclass, after it
        self.speak()

    def speak(self) -> None:
        """Say everything in the language spoken now."""
        raise NotImplementedError

    def entitle(self, title: str, *more: tuple[str, str]) -> None:
        """Say the title, then further texts, each with its style."""
        parts = [(f" {title}", "bold"), *((f"  {text}", style) for text, style in more)]
        self.query_one("#title", Static).update(Content.assemble(*parts))

    def note(self, text: str | Content) -> None:
        """Say something of what is shown, or of the row under the cursor."""
        self.query_one("#note", Static).update(text)

    def ask(self, question: Callable[[], T], answer: Callable[[T], object], group: str = "ask") -> None:
        """Ask in a thread; what goes wrong is noted."""
        ask(self, question, answer, self.complain, group)

    def complain(self, trouble: str) -> None:
        """Note what went wrong."""
        self.note(trouble)

    def action_leave(self) -> None:
        """Back to the screen before."""
        self.app.pop_screen()


class TablePage(Page):
    """A page whose middle is a table with a cursor."""

    def body(self) -> ComposeResult:
        table: DataTable[Text] = DataTable(id="table", cursor_type="row")
        yield table

    @property
    def table(self) -> DataTable[Text]:
        """The table."""
        return self.query_one("#table", DataTable)

    def fill(self, titles: Mapping[str, str], rows: Iterable[Iterable[Text]], *, first: int | None = None) -> None:
        """Write the table anew; the cursor stays in its row.

        `titles`: of the columns by their keys, from left to right; `rows`: the cells, a row each; `first`: width of the
        first column in cells, where it is not that of what stands in it.
        """
        table = self.table
        cursor = table.cursor_row
        table.clear(columns=True)
        lines = [tuple(row) for row in rows]
        for place, (key, title) in enumerate(titles.items()):
            # Widths that the table found itself would come after the first paint, and lines that it drew before stay.
            width = max([cell_len(title), *(row[place].cell_len for row in lines)])
            table.add_column(title, key=key, width=width if place or first is None else first)
        table.add_rows(lines)
        table.move_cursor(row=cursor)
        if not isinstance(self.focused, SearchBar):
            table.focus()
