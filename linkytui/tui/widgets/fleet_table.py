"""A table of thousands of rows, of which only those that are seen are ever written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from textual import events
from textual.content import Content
from textual.message import Message

from linkytui.tui.widgets.lines import Lines

T = TypeVar("T")

_WHEEL: Final = 3  # rows of a turn of the mouse wheel


@dataclass(frozen=True, slots=True)
class Column(Generic[T]):
    """One column."""

    title: str
    width: int  # cells; of a column that stretches, at least
    cell: Callable[[T], tuple[str, str]]  # the text of a row, and its style
    right: bool = False
    stretches: bool = False  # takes a share of the room that is left
    since: int = 0  # cells of the table from which on there is room for it


class FleetTable(Lines, can_focus=True):
    """Rows with a cursor that stays on its row, wherever that goes."""

    class Chosen(Message):
        """A row was clicked on."""

    def __init__(self) -> None:
        super().__init__(id="fleet")
        self._columns: Sequence[Column[object]] = ()
        self._rows: Sequence[object] = ()
        self._key: Callable[[object], object] = id
        self._top = 0
        self._place = 0
        self._empty = ""

    @property
    def row(self) -> object | None:
        """The row under the cursor; None when there is none."""
        return self._rows[self._place] if self._rows else None

    @property
    def place(self) -> int:
        """Where the cursor is, from 0 on."""
        return self._place

    def fill(
        self, columns: Sequence[Column[T]], rows: Sequence[T], key: Callable[[T], object], *, empty: str = ""
    ) -> None:
        """Show other rows; the cursor follows its row by its key, or stays. `empty`: said where none is."""
        before = None if self.row is None else self._key(self.row)
        at_the_top = self._place == 0
        self._columns, self._rows, self._key, self._empty = columns, rows, key, empty  # type: ignore[assignment]
        if before is not None and not at_the_top:
            found = next((place for place, row in enumerate(rows) if key(row) == before), self._place)
            self._top += found - self._place if self._top else 0  # who sees the first row goes on seeing it
            self._place = found
        self.move(0)

    def move(self, rows: int) -> None:
        """Move the cursor by so many rows."""
        self._place = max(0, min(self._place + rows, len(self._rows) - 1))
        seen = self._seen
        self._top = max(self._place - seen + 1, min(self._top, self._place), 0)
        self._top = max(0, min(self._top, len(self._rows) - seen))
        self.update()

    @property
    def _seen(self) -> int:
        return max(self.size.height - 1, 1)

    def lines(self, width: int, height: int) -> list[Content]:
        columns, widths = self._fitting(width)
        lines = [Content.styled(_row([column.title for column in columns], columns, widths), "$quiet")]
        if not self._rows:
            return [*lines, Content.styled(f" {self._empty}", "$quiet")]
        for place in range(self._top, min(self._top + height - 1, len(self._rows))):
            cells = [column.cell(self._rows[place]) for column in columns]
            parts = zip(_parts([text for text, _style in cells], columns, widths), cells, strict=True)
            line = Content.assemble(*((part, style) for part, (_text, style) in parts))
            line += " " * max(width - line.cell_length, 0)
            lines.append(line.stylize("$foreground on $row bold") if place == self._place else line)
        return lines

    def _fitting(self, width: int) -> tuple[list[Column[object]], list[int]]:
        """The columns for which there is room, and how wide each is."""
        columns = [column for column in self._columns if column.since <= width]
        room = max(width - sum(column.width + 1 for column in columns), 0)
        stretching = sum(column.stretches for column in columns)
        more = min(room // stretching, 20) if stretching else 0
        return columns, [column.width + (more if column.stretches else 0) for column in columns]

    def on_click(self, event: events.Click) -> None:
        """A click moves the cursor; one on its row opens it."""
        place = self._top + event.y - 1
        if event.y - 1 >= 0 and place < len(self._rows):
            if place == self._place:
                self.post_message(self.Chosen())
            self.move(place - self._place)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.move(_WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.move(-_WHEEL)


def _parts(texts: Sequence[str], columns: Sequence[Column[object]], widths: Sequence[int]) -> list[str]:
    return [
        f"{_cut(text, width):{'>' if column.right else '<'}{width}} "
        for text, column, width in zip(texts, columns, widths, strict=True)
    ]


def _row(texts: Sequence[str], columns: Sequence[Column[object]], widths: Sequence[int]) -> str:
    return "".join(_parts(texts, columns, widths))


def _cut(text: str, width: int) -> str:
    """A text in one line of so many cells at most, as far as signs are one cell wide."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text)
    return plain if len(plain) <= width else f"{plain[: width - 1]}…"
