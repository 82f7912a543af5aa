"""Every label of the meter, as it came and as it reads; and how good the link is."""

from collections.abc import Mapping
from typing import Final

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.reactive import var
from textual.screen import Screen
from textual.widgets import DataTable, Static

from linkytui.explain import explain, meaning
from linkytui.i18n import _, number
from linkytui.link import Link
from linkytui.reading import Seen
from linkytui.tic import Mode, Reason
from linkytui.tic.labels import LABELS
from linkytui.widgets.key_line import KeyLine
from linkytui.widgets.lines import Lines
from linkytui.widgets.link_line import LinkLine
from linkytui.words import duration

_OLD: Final = 5.0
"""Seconds from which on the age of a value is shown."""

_LABEL, _AGE, _REJECTED = 9, 6, 5
"""Cells of the columns whose width does not depend on the terminal's."""


class LinkQuality(Lines):
    """Counters of the line: bytes, frames, groups, and what was rejected for which reason."""

    link: var[Link] = var(Link())

    def watch_link(self) -> None:
        self.update()

    def lines(self, width: int, height: int) -> list[Content]:  # noqa: ARG002
        link = self.link
        reasons: tuple[tuple[Reason, str], ...] = (
            ("checksum", _("checksum")),
            ("format", _("format")),
            ("structure", _("structure")),
        )
        rejected = ", ".join(f"{words} {number(link.rejected.get(reason, 0))}" for reason, words in reasons)
        speed = _("{speed} baud").format(speed=number(link.baudrate)) if link.baudrate else ""
        first = [link.source, speed, _("{n} bytes").format(n=number(link.bytes_read))]
        second = [
            _("{n} groups accepted").format(n=number(link.accepted)),
            _("rejected: {reasons}").format(reasons=rejected),
        ]
        return [
            Content.styled(" " + "  ".join(part for part in first if part), "$quiet"),
            Content.styled(" " + "  ".join(second), "$quiet"),
        ]


class MeterScreen(Screen[None]):
    """A table of labels in the meter's order; below it all there is to say of the one under the cursor."""

    BINDINGS = [Binding("escape", "app.pop_screen", show=False)]  # noqa: RUF012 -- Textual's

    labels: var[Mapping[str, Seen]] = var(dict)
    rejections: var[Mapping[str, int]] = var(dict)
    link: var[Link] = var(Link())
    now: var[float] = var(0.0)
    ascii: var[bool] = var(False)

    def __init__(self) -> None:
        super().__init__()
        self._cells: dict[str, tuple[str, ...]] = {}
        self._widths: tuple[int, ...] = ()

    def compose(self) -> ComposeResult:
        mine = MeterScreen
        yield LinkQuality(id="quality").data_bind(mine.link)
        table: DataTable[Text] = DataTable(id="labels", cursor_type="row")
        yield table
        yield Static(id="detail", markup=False)
        yield LinkLine(id="link").data_bind(mine.link, mine.now, mine.ascii)
        yield KeyLine().data_bind(mine.ascii)

    def on_mount(self) -> None:
        self.set_class(self.ascii, "-ascii")
        self._table.focus()

    def on_resize(self) -> None:
        """Lay out the columns that fit: all of them from 120 cells on, label, value and age on a phone."""
        self.speak()

    def speak(self) -> None:
        """Write the table again, in the language spoken now and at the width there is now."""
        table = self._table
        table.clear(columns=True)
        self._cells = {}
        room = self.size.width - 2
        fixed = _LABEL + _AGE + _REJECTED + 8
        if room < 78:
            self._widths = (_LABEL, 0, room - _LABEL - _AGE - 6, 0, _AGE, 0)
        elif room < 118:
            self._widths = (_LABEL, 28, room - fixed - 30, 0, _AGE, _REJECTED)
        else:
            raw = (room - fixed - 32) // 2
            self._widths = (_LABEL, 34, room - fixed - raw - 38, raw, _AGE, _REJECTED)
        titles = (_("Label"), _("Meaning"), _("Value"), _("As sent"), _("Age"), _("Rej."))
        for place, (title, width) in enumerate(zip(titles, self._widths, strict=True)):
            if width:
                table.add_column(title, key=str(place), width=width)
        self._fill()

    def watch_labels(self) -> None:
        self._fill()

    def watch_rejections(self) -> None:
        self._fill()

    def watch_now(self) -> None:
        self._fill()

    @on(DataTable.RowHighlighted)
    def _explain(self) -> None:
        """Say all of the label under the cursor: what the columns had no room for."""
        table = self._table
        if not self._cells or not table.is_valid_row_index(table.cursor_row):
            return
        label = list(self._cells)[table.cursor_row]
        _label, words, value, raw, age, rejected = self._cells[label]
        facts = [raw]
        if age:
            facts.append(_("{age} ago").format(age=age))
        if rejected:
            facts.append(_("rejected {n} times").format(n=rejected))
        self.query_one("#detail", Static).update(
            Content.assemble(
                (f"{label}  ", "bold $accent"), words, "\n", (value, "bold"), "\n", ("  ".join(facts), "$quiet")
            ),
            layout=False,
        )

    @property
    def _table(self) -> DataTable[Text]:
        return self.query_one("#labels", DataTable)

    def _fill(self) -> None:
        """Write the cells that differ; all of them when labels came or went."""
        if not self.is_mounted or not self._widths:
            return
        table = self._table
        rows = {label: self._row(label, seen) for label, seen in self._ordered()}
        shown = [place for place, width in enumerate(self._widths) if width]
        if list(rows) != list(self._cells):
            cursor = table.cursor_row
            table.clear()
            for label, cells in rows.items():
                table.add_row(*(self._cell(cells, place) for place in shown), key=label)
            table.move_cursor(row=cursor)
        else:
            for label, cells in rows.items():
                before = self._cells[label]
                for place in shown:
                    if before[place] != cells[place]:
                        table.update_cell(label, str(place), self._cell(cells, place))
        changed = rows != self._cells
        self._cells = rows
        if changed:
            self._explain()

    def _cell(self, cells: tuple[str, ...], place: int) -> Text:
        text = Text(cells[place], style="bold" if place == 2 else "", justify="right" if place > 3 else "left")
        text.truncate(self._widths[place], overflow="ellipsis")
        return text

    def _ordered(self) -> list[tuple[str, Seen]]:
        """The labels in the order of the specification; those that it does not know come last."""
        order = {label: place for place, label in enumerate(LABELS[self._mode])}
        return sorted(self.labels.items(), key=lambda item: order.get(item[0], len(order)))

    @property
    def _mode(self) -> Mode:
        return self.link.mode or (Mode.STANDARD if "ADSC" in self.labels else Mode.HISTORIC)

    def _row(self, label: str, seen: Seen) -> tuple[str, ...]:
        """Label, meaning, value, text as sent, age, rejections."""
        identifier = self.labels.get("ADSC")
        group = seen.group
        age = self.now - seen.at
        rejected = self.rejections.get(label, 0)
        return (
            label,
            meaning(label, self._mode),
            explain(group, self._mode, identifier.group.data if identifier else None),
            " ".join(part for part in (group.horodate, group.data) if part),
            duration(age) if age >= _OLD else "",
            number(rejected) if rejected else "",
        )
