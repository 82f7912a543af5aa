"""The meter screen: every label, raw and in words, and the link quality."""

from collections.abc import Mapping
from typing import Final

from rich.cells import cell_len
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.reactive import var
from textual.screen import Screen
from textual.widgets import DataTable, Static

from linkytui.i18n import _, number
from linkytui.link import Link
from linkytui.reading import Seen
from linkytui.tic import Mode, Reason
from linkytui.tic.labels import EARLIER_NAMES, LABELS
from linkytui.tui.widgets.key_line import KeyLine
from linkytui.tui.widgets.lines import Lines
from linkytui.tui.widgets.link_line import LinkLine
from linkytui.wording.label_data import explain, meaning
from linkytui.wording.terms import duration

_OLD: Final = 5.0  # seconds from which on the age of a value is shown

_DOUBTED: Final = "?"  # in the place of the age: the meter has just said something else, which cannot be

_LABEL, _AGE, _REJECTED = 9, 6, 5  # cells of the columns whose width does not depend on the terminal's

_VALUE: Final = 24
"""Cells of a value at most where its meaning stands beside it: `12 345 VA, 17 févr. 19:37`, all but the longest."""

_MEANING: Final = 49  # cells of the longest meaning

_RAW: Final = 32  # cells of what was sent, at least, where there is room for it: all but the timetables


class LinkQuality(Lines):
    """Counters of the line: bytes, frames, groups, and what was rejected for which reason."""

    link: var[Link] = var(Link())

    def watch_link(self) -> None:
        self.update()

    def lines(self, width: int, height: int) -> list[Content]:  # noqa: ARG002
        """Two rows; a phone gets the sum of what was rejected."""
        link = self.link
        reasons: tuple[tuple[Reason, str], ...] = (
            ("checksum", _("checksum")),
            ("format", _("format")),
            ("structure", _("structure")),
        )
        if "implausible" in link.rejected:
            reasons = (*reasons, ("implausible", _("implausible")))
        rejected = ", ".join(f"{words} {number(link.rejected.get(reason, 0))}" for reason, words in reasons)
        speed = _("{speed} baud").format(speed=number(link.baudrate)) if link.baudrate else ""
        first = [link.source, speed, _("{n} bytes").format(n=number(link.bytes_read))]
        accepted = _("{n} groups accepted").format(n=number(link.accepted))
        for told in (rejected, number(link.rejected_total)):
            second = f" {accepted}  " + _("rejected: {reasons}").format(reasons=told)
            if len(second) <= width:
                break
        return [
            Content.styled(" " + "  ".join(part for part in first if part), "$quiet"),
            Content.styled(second, "$quiet"),
        ]


class MeterScreen(Screen[None]):
    """A table of labels in the meter's order; below it all there is to say of the one under the cursor."""

    BINDINGS = [Binding("escape", "app.pop_screen", show=False)]  # noqa: RUF012 -- Textual's

    labels: var[Mapping[str, Seen]] = var(dict)
    rejections: var[Mapping[str, int]] = var(dict)
    link: var[Link] = var(Link())
    now: var[float] = var(0.0)

    def __init__(self) -> None:
        super().__init__()
        self._cells: dict[str, tuple[str, ...]] = {}
        self._widths: tuple[int, ...] = ()
        self._widest = 0  # cells of the longest value so far

    def compose(self) -> ComposeResult:
        mine = MeterScreen
        yield LinkQuality(id="quality").data_bind(mine.link)
        table: DataTable[Text] = DataTable(id="table", cursor_type="row", cell_padding=0)
        yield table
        yield Static(id="note", markup=False)
        yield LinkLine(id="link").data_bind(mine.link, mine.now)
        yield KeyLine()

    def on_mount(self) -> None:
        self._table.focus()

    def on_resize(self) -> None:
        """Lay out the columns that fit: all of them from 120 cells on, label, value and age on a phone."""
        self.speak()

    def speak(self) -> None:
        """Write the table again, in the language spoken now and at the width there is now."""
        self._widths, self._widest = (), 0
        self._fill()

    def _lay_out(self) -> None:
        """Make the columns anew when a value needs more room than they give it."""
        room = self.size.width - 2 - (_LABEL + 1) - (_AGE + 1)  # less the margin and the scrollbar
        value = min(self._widest, _VALUE)
        rest = room - (_REJECTED + 1) - (value + 1) - 1
        if self.size.width < 80:
            widths = (_LABEL, 0, room - 1, 0, _AGE, 0)
        elif self.size.width < 120:
            widths = (_LABEL, rest, value, 0, _AGE, _REJECTED)
        else:
            words = min(rest - 1 - _RAW, _MEANING)
            widths = (_LABEL, words, value, rest - 1 - words, _AGE, _REJECTED)
        if widths == self._widths:
            return
        self._widths, self._cells = widths, {}
        table = self._table
        table.clear(columns=True)
        titles = (_("Label"), _("Meaning"), _("Value"), _("As sent"), _("Age"), _("Rej."))
        for place, (title, width) in enumerate(zip(titles, widths, strict=True)):
            if width:
                table.add_column(title, key=str(place), width=width + 1)

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
        _label, words, _brief, raw, age, rejected, value, doubted = self._cells[label]
        facts = [raw]
        if doubted:
            facts.append(_("not believed: {value}").format(value=doubted))
        if age and age != _DOUBTED:
            facts.append(_("{age} ago").format(age=age))
        if rejected:
            facts.append(_("rejected {n} times").format(n=rejected))
        self.query_one("#note", Static).update(
            Content.assemble(
                (f"{label}  ", "bold $accent"), words, "\n", (value, "bold"), "\n", ("  ".join(facts), "$quiet")
            ),
            layout=False,
        )

    @property
    def _table(self) -> DataTable[Text]:
        return self.query_one("#table", DataTable)

    def _fill(self) -> None:
        """Write the cells that differ; all of them when labels came or went."""
        if not self.is_mounted or not self.size:
            return
        table = self._table
        rows = {label: self._row(label, seen) for label, seen in self._ordered()}
        cursor = table.cursor_row
        self._widest = max(self._widest, *(cell_len(cells[2]) for cells in rows.values()), cell_len(_("Value")))
        self._lay_out()
        shown = [place for place, width in enumerate(self._widths) if width]
        if list(rows) != list(self._cells):
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
        return sorted(self.labels.items(), key=lambda item: order.get(EARLIER_NAMES.get(item[0], item[0]), len(order)))

    @property
    def _mode(self) -> Mode:
        return self.link.mode or (Mode.STANDARD if "ADSC" in self.labels else Mode.HISTORIC)

    def _row(self, label: str, seen: Seen) -> tuple[str, ...]:
        """Label, meaning, value in brief, text as sent, age, rejections; then the value with all that it says, and what
        the meter said since that cannot be."""
        identifier = self.labels.get("ADSC")
        meter_id = identifier.group.data if identifier else None
        group = seen.group
        age = self.now - seen.at
        rejected = self.rejections.get(label, 0)
        mark = _DOUBTED if seen.doubted is not None else ""
        return (
            label,
            meaning(label, self._mode),
            explain(group, self._mode, meter_id, brief=True),
            " ".join(part for part in (group.horodate, group.data) if part),
            duration(age) if age >= _OLD else mark,
            number(rejected) if rejected else "",
            explain(group, self._mode, meter_id),
            "" if seen.doubted is None else explain(seen.doubted, self._mode, meter_id),
        )
