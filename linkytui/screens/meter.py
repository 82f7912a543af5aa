"""Every label of the meter, as it came and as it reads; and how good the link is."""

from collections.abc import Mapping
from typing import Final

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.reactive import var
from textual.screen import Screen
from textual.widgets import DataTable

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
    """A table of labels in the meter's order: meaning, decoded value, raw text, age, rejections."""

    BINDINGS = [Binding("escape", "app.pop_screen", show=False)]  # noqa: RUF012 -- Textual's

    labels: var[Mapping[str, Seen]] = var(dict)
    rejections: var[Mapping[str, int]] = var(dict)
    link: var[Link] = var(Link())
    now: var[float] = var(0.0)
    ascii: var[bool] = var(False)

    def __init__(self) -> None:
        super().__init__()
        self._cells: dict[str, tuple[str, ...]] = {}

    def compose(self) -> ComposeResult:
        mine = MeterScreen
        yield LinkQuality(id="quality").data_bind(mine.link)
        table: DataTable[Text] = DataTable(id="labels", cursor_type="row", zebra_stripes=False)
        yield table
        yield LinkLine(id="link").data_bind(mine.link, mine.now, mine.ascii)
        yield KeyLine()

    def on_mount(self) -> None:
        self.set_class(self.ascii, "-ascii")
        table = self._table
        for key, title in (
            ("label", _("Label")),
            ("meaning", _("Meaning")),
            ("value", _("Value")),
            ("raw", _("As sent")),
            ("age", _("Age")),
            ("rejected", _("Rejected")),
        ):
            table.add_column(title, key=key)
        table.focus()
        self._fill()

    def watch_labels(self) -> None:
        self._fill()

    def watch_rejections(self) -> None:
        self._fill()

    def watch_now(self) -> None:
        self._fill()

    @property
    def _table(self) -> DataTable[Text]:
        return self.query_one("#labels", DataTable)

    def _fill(self) -> None:
        """Write the cells that differ; all of them when labels came or went."""
        if not self.is_mounted or not self._table.columns:
            return
        table = self._table
        rows = {label: self._row(label, seen) for label, seen in self._ordered()}
        if list(rows) != list(self._cells):
            table.clear()
            for label, cells in rows.items():
                table.add_row(*map(Text, cells), key=label)
        else:
            columns = list(table.columns)
            for label, cells in rows.items():
                for column, old, new in zip(columns, self._cells[label], cells, strict=True):
                    if old != new:
                        table.update_cell(label, column, Text(new), update_width=True)
        self._cells = rows

    def _ordered(self) -> list[tuple[str, Seen]]:
        """The labels in the order of the specification; those that it does not know come last."""
        order = {label: place for place, label in enumerate(LABELS[self._mode])}
        return sorted(self.labels.items(), key=lambda item: order.get(item[0], len(order)))

    @property
    def _mode(self) -> Mode:
        return self.link.mode or (Mode.STANDARD if "ADSC" in self.labels else Mode.HISTORIC)

    def _row(self, label: str, seen: Seen) -> tuple[str, ...]:
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
