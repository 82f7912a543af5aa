"""The meter screen: every label, raw and in words, and the link quality."""

import math
import re
from collections.abc import Callable, Mapping
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, ClassVar, Final

from rich.cells import cell_len
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.reactive import var
from textual.screen import Screen
from textual.widgets import DataTable, Static

from linkytui.civil.days import MINUTE
from linkytui.i18n import _, number, time_of_day
from linkytui.link import Link
from linkytui.reading import REGISTERS, Contract, Reading, Seen
from linkytui.tic import Mode, Reason
from linkytui.tic.labels import EARLIER_NAMES, LABELS
from linkytui.tui.ask import ask
from linkytui.tui.glyphs import glyphs
from linkytui.tui.keys import Place, bindings
from linkytui.tui.quality import QualityLog
from linkytui.tui.widgets.clocks import Clocks
from linkytui.tui.widgets.day_curve import DayCurve
from linkytui.tui.widgets.key_line import KeyLine
from linkytui.tui.widgets.lines import Lines
from linkytui.tui.widgets.link_line import LinkLine, rate_text
from linkytui.tui.widgets.search_bar import SearchBar, found
from linkytui.wording.label_data import explain, meaning
from linkytui.wording.label_groups import LabelGroup, group_name, group_of
from linkytui.wording.terms import duration, period_name, register_name

if TYPE_CHECKING:
    from linkytui.history.today import Today

_OLD: Final = 5.0  # seconds from which on the age of a value is shown

_DOUBTED: Final = "?"  # in the place of the age: the meter has just said something else, which cannot be

_LABEL, _AGE, _REJECTED = 9, 6, 5  # cells of the columns whose width does not depend on the terminal's

_VALUE: Final = 27
"""Cells of a value at most where its meaning stands beside it: `12 345 VA, 17 févr. 19:37`, all but the longest."""

_MEANING: Final = 49  # cells of the longest meaning

_SPANS: Final = (60, 24 * 60)  # minutes over which the rate of rejection is shown
_RATE_NAME: Final = 17
_RATE_COLUMNS: Final = 60
_BAD: Final = 0.01  # share of the groups from which on a line is bad

_NUMBER: Final = re.compile(r"(-?\d[\d\s.,]*) (\D{1,3})")  # a value with its unit, and nothing that follows
_NUMBER_WIDTH: Final = 10  # cells of the number: 12 345,678

_OWN_HIGHEST: Final = ("SMAXSN", "SMAXSN1", "SMAXSN2", "SMAXSN3", "PMAX")
"""Labels of the highest power of the day, as the meter sees it."""

_CURVE_ROWS: Final = 10  # rows that the table must leave for the day's curve
_HEADING: Final = ":"  # begins the key of a row that is a heading

_RAW: Final = 32  # cells of what was sent, at least, where there is room for it: all but the timetables


class LinkQuality(Lines):
    """Counters of the line: bytes, frames, groups, what was rejected for which reason, and how often over the last
    hour and day.
    """

    link: var[Link] = var(Link())
    now: var[float] = var(0.0)

    def __init__(self, quality: QualityLog, *, id: str | None = None) -> None:  # noqa: A002 -- Textual's name
        super().__init__(id=id)
        self._quality = quality

    watch_link = watch_now = Lines.update

    def lines(self, width: int, height: int) -> list[Content]:
        """Two rows, a phone gets the sum of what was rejected; below them the rates where there is room."""
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
        rows = [
            Content.styled(" " + "  ".join(part for part in first if part), "$quiet"),
            Content.styled(second, "$quiet"),
        ]
        return rows + [self._rate(minutes, width) for minutes in _SPANS[: max(height - len(rows), 0)]]

    def _rate(self, minutes: int, width: int) -> Content:
        """How much was rejected over a span of time, column by column and in all."""
        quality, signs = self._quality, glyphs()
        name = " ".join(("", _("rejected"), duration(minutes * 60))).ljust(_RATE_NAME)
        whole = quality.rate(self.now, minutes)
        figure = "" if whole is None else f"  {rate_text(whole)} %"
        columns = min(_RATE_COLUMNS, width - len(name) - len(figure) - 1)
        parts: list[Content] = [Content.styled(name, "$quiet")]
        for share in quality.rates(self.now, minutes, columns) if columns > 0 else ():
            if share is None:
                parts.append(Content(" "))
            elif share == 0:
                parts.append(Content.styled(signs.rest, "$success"))
            else:
                level = min(math.ceil(share / _BAD * 8), 8)
                parts.append(Content.styled(signs.levels[level], "$error" if share >= _BAD else "$warning"))
        return Content("").join([*parts, Content.styled(figure, "$quiet")])


class MeterScreen(Screen[None]):
    """A table of labels in the meter's order; below it all there is to say of the one under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("meter")]

    keys: ClassVar[Place] = "meter"

    labels: var[Mapping[str, Seen]] = var(dict)
    rejections: var[Mapping[str, int]] = var(dict)
    link: var[Link] = var(Link())
    now: var[float] = var(0.0)
    reading: var[Reading | None] = var(None)
    today: var["Today | None"] = var(None)
    called: var[Mapping[str, str]] = var({})  # what meter and offer call the registers of an own calendar

    def __init__(self, quality: QualityLog, synchronised: Callable[[], bool | None]) -> None:
        """`quality`: how good the line was; `synchronised`: see `Session.synchronised`."""
        super().__init__()
        self._quality = quality
        self._synchronised = synchronised
        self._asked_at = -math.inf  # when that was asked last
        self._wanted = ""  # what is looked for
        self._cells: dict[str, tuple[str, ...]] = {}
        self._widths: tuple[int, ...] = ()
        self._widest = 0  # cells of the longest value so far

    def compose(self) -> ComposeResult:
        mine = MeterScreen
        yield LinkQuality(self._quality, id="quality").data_bind(mine.link, mine.now)
        yield Clocks(id="clocks").data_bind(mine.now, mine.reading)
        table: DataTable[Text] = DataTable(id="table", cursor_type="row", cell_padding=0)
        yield table
        yield SearchBar()
        yield Static(id="note", markup=False)
        yield LinkLine(id="link").data_bind(mine.link, mine.now)
        yield KeyLine("meter")

    def on_mount(self) -> None:
        self._table.focus()

    def on_resize(self) -> None:
        """Lay out the columns that fit: all of them from 120 cells on, label, value and age on a phone."""
        self.speak()

    def speak(self) -> None:
        """Write the table again, in the language spoken now and at the width there is now."""
        self._widths, self._widest = (), 0
        self._fill()

    def action_search(self) -> None:
        """Look for a label."""
        self.query_one(SearchBar).open()

    def action_leave(self) -> None:
        """Back to the dashboard."""
        self.app.pop_screen()

    def on_search_bar_searched(self, message: SearchBar.Searched) -> None:
        """Show what fits."""
        self._wanted = message.text
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
        if self.now - self._asked_at >= MINUTE and self.is_mounted:
            self._asked_at = self.now
            clocks = self.query_one(Clocks)
            ask(self, self._synchronised, partial(setattr, clocks, "synchronised"), lambda _trouble: None)

    @on(DataTable.RowHighlighted)
    def _explain(self) -> None:
        """Say all of the label under the cursor: what the columns had no room for."""
        table = self._table
        if not self._cells or not table.is_valid_row_index(table.cursor_row):
            return
        label = list(self._cells)[table.cursor_row]
        if label.startswith(_HEADING):
            self.query_one("#note", Static).update("", layout=False)
            return
        _label, words, _brief, raw, age, rejected, value, doubted = self._cells[label]
        facts = [raw]
        if doubted:
            facts.append(_("not believed: {value}").format(value=doubted))
        if age and age != _DOUBTED:
            facts.append(_("{age} ago").format(age=age))
        if label in _OWN_HIGHEST:
            facts.append(self._seen_highest())
        if rejected:
            facts.append(_("rejected {n} times").format(n=rejected))
        self.query_one("#note", Static).update(
            Content.assemble(
                (f"{label}  ", "bold $accent"), words, "\n", (value, "bold"), "\n", ("  ".join(facts), "$quiet")
            ),
            layout=False,
        )

    def _seen_highest(self) -> str:
        """The highest power that was seen here today, and why the meter's own may be another."""
        power = self.today.span.power if self.today else None
        if power is None:
            return _("the meter's own, through the filter of its breaker")
        return _("seen here: {power} VA at {time}; the meter filters as its breaker does, and counts all day").format(
            power=number(power.max), time=time_of_day(power.max_at)
        )

    @property
    def _table(self) -> DataTable[Text]:
        return self.query_one("#table", DataTable)

    def _fill(self) -> None:
        """Write the cells that differ; all of them when labels came or went."""
        if not self.is_mounted or not self.size:
            return
        table = self._table
        rows: dict[str, tuple[str, ...]] = {}
        for group, members in groupby(self._ordered(), key=lambda item: group_of(item[0])):
            rows[_HEADING + group] = _heading(group_name(group), with_meaning=self.size.width >= 80)
            rows |= {label: self._row(label, seen) for label, seen in members}
        cursor = table.cursor_row
        self._widest = max(self._widest, *(cell_len(cells[2]) for cells in rows.values()), cell_len(_("Value")))
        self._lay_out()
        shown = [place for place, width in enumerate(self._widths) if width]
        if list(rows) != list(self._cells):
            table.clear()
            for label, cells in rows.items():
                table.add_row(*(self._cell(label, cells, place) for place in shown), key=label)
            table.move_cursor(row=max(cursor, 1))  # the first row is a heading
        else:
            for label, cells in rows.items():
                before = self._cells[label]
                for place in shown:
                    if before[place] != cells[place]:
                        table.update_cell(label, str(place), self._cell(label, cells, place))
        changed = rows != self._cells
        self._cells = rows
        self._show_curve()
        if changed:
            self._explain()

    def watch_today(self) -> None:
        self._show_curve()

    def _show_curve(self) -> None:
        """A meter that says little leaves room for the day's curve below its labels."""
        today, table = self.today, self._table
        left = (
            self.size.height
            - len(self._cells)
            - 1
            - sum(widget.outer_size.height for widget in self.children if widget not in (table, *self.query(DayCurve)))
        )
        shown = today is not None and bool(self._cells) and left >= _CURVE_ROWS and self.size.width >= 80
        table.styles.height = len(self._cells) + 1 if shown else "1fr"
        curves = self.query(DayCurve)
        if not shown:
            curves.remove()
        elif curves:
            curves.first().today = today
        elif today is not None:
            self.mount(DayCurve(today), after=table)

    def _cell(self, label: str, cells: tuple[str, ...], place: int) -> Text:
        heading = label.startswith(_HEADING)
        style = "bold" if heading or place == 2 else ""
        text = Text(cells[place], style=style, justify="right" if place > 3 else "left")
        text.truncate(self._widths[place], overflow="ellipsis")
        return text

    def _ordered(self) -> list[tuple[str, Seen]]:
        """The labels by group, in the order of the specification; those that it does not know come last."""
        order = {label: place for place, label in enumerate(LABELS[self._mode])}
        groups = list(LabelGroup)

        def place(item: tuple[str, Seen]) -> tuple[int, int]:
            label = item[0]
            return groups.index(group_of(label)), order.get(EARLIER_NAMES.get(label, label), len(order))

        shown = [
            (label, seen)
            for label, seen in self.labels.items()
            if not self._wanted or found(self._wanted, label, *self._row(label, seen)[1:4])
        ]
        return sorted(shown, key=place)

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
            self._meaning(label),
            _aligned(explain(group, self._mode, meter_id, brief=True)),
            " ".join(part for part in (group.horodate, group.data) if part),
            duration(age) if age >= _OLD else mark,
            number(rejected) if rejected else "",
            explain(group, self._mode, meter_id),
            "" if seen.doubted is None else explain(seen.doubted, self._mode, meter_id),
        )

    def _meaning(self, label: str) -> str:
        """What a label is; of a supplier's register the name of the period in which it counts, first."""
        words = meaning(label, self._mode)
        period = _period_of(label, self.reading, self.called)
        return f"{period}{glyphs().dot}{words}" if period else words


def _period_of(label: str, reading: Reading | None, called: Mapping[str, str]) -> str:
    """The period in which a register of the standard mode counts, as far as it is known."""
    if reading is None or reading.contract is None or not label.startswith("EASF"):
        return ""
    if reading.contract is Contract.OTHER:
        return period_name(reading, called) if reading.period == label else called.get(label, "")
    registers = REGISTERS[reading.contract]
    place = int(label[4:]) - 1
    return register_name(registers[place]) if place < len(registers) else ""


def _heading(name: str, *, with_meaning: bool) -> tuple[str, ...]:
    """A row that begins a group: its name where the meanings stand, on a phone where the values do."""
    rule = glyphs().rest * _LABEL
    return (rule, name, "", "", "", "", "", "") if with_meaning else (rule, "", name, "", "", "", "", "")


def _aligned(value: str) -> str:
    """A value whose number stands under those of the other rows, its unit beside it."""
    match = _NUMBER.fullmatch(value)
    if match is None:
        return value
    figure, unit = match.groups()
    return f"{figure:>{_NUMBER_WIDTH}} {unit}"
