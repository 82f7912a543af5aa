"""The offers screen: what the month and the recorded year would cost with other offers, cheapest first."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from rich.cells import cell_len
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.reactive import var
from textual.widgets import DataTable, Static

from linkytui.billing.compare import Compared, Comparison
from linkytui.i18n import _, long_date, number, short_date
from linkytui.reading import Reading
from linkytui.tariffs.offers import PriceKind
from linkytui.tui.glyphs import euros, glyphs
from linkytui.tui.page import TablePage
from linkytui.tui.screens.bill import RECKONING_WIDTH, BillScreen, reckoning, reckoning_in_two
from linkytui.tui.session import Session
from linkytui.tui.widgets.search_bar import SearchBar, found
from linkytui.wording.terms import contract_name, money, register_name, short_contract_name, unit_price

_ENDLESS: Final = Decimal("Infinity")
_WIDE, _WIDER, _WIDEST = 78, 96, 112  # cells from which on most columns fit, all of them, and the options in full
_PADDING: Final = 2  # cells of a column beside what stands in it

_VAST, _RECKONING = 160, 76  # cells from which on the reckoning stands beside the table, and those that it takes
_COLUMNS_GAP: Final = 6  # cells between two columns of the reckoning below the table
_NARROW_COLUMN: Final = 50  # cells of such a column at least
_BAR: Final = 12  # cells of a bar at least
_PICTURE: Final = 7  # the column of bars

_ORDERS: Final = ("year", "month", "offer")  # what the table can be ordered by, in the order of the key


class OffersScreen(TablePage, keys="offers"):
    """One row an offer: month's end, year, difference in EUR per year, how much of the year is known."""

    comparison: var[Comparison | None] = var(None)
    order: var[str] = var("year")
    wanted: var[str] = var("")  # what is looked for

    def __init__(self, session: Session, reading: Reading | None, remarks: Sequence[str] = ()) -> None:
        """session: one that keeps a history, which is what is compared.
        reading: what the meter says, for its contract and power; None when it said nothing yet.
        remarks: what there is to know about the bill of one's own offer.
        """
        super().__init__()
        self._remarks = remarks
        self._session = session
        self._reading = reading
        self._rows: list[Compared] = []

    def on_mount(self) -> None:
        self.entitle(_("Comparing offers…"))
        self.load()

    def load(self) -> None:
        """Compare, in a thread."""
        now, reading = self._session.now(), self._reading

        def compare() -> Comparison:
            contract, subscribed = (reading.contract, reading.subscribed) if reading else (None, None)
            account = self._session.account()
            return account.comparison(account.plan(now, contract=contract, subscribed_kva=subscribed), now=now)

        self.ask(compare, self._show)

    def _show(self, comparison: Comparison) -> None:
        self.comparison = comparison

    def watch_comparison(self) -> None:
        self.speak()
        # One's own offer is what the others are compared with.
        for place, row in enumerate(self._rows):
            if row.mine:
                self.table.move_cursor(row=place)

    def watch_wanted(self) -> None:
        self.speak()

    def action_search(self) -> None:
        """Look for an offer."""
        self.query_one(SearchBar).open()

    def on_search_bar_searched(self, message: SearchBar.Searched) -> None:
        """Show what fits."""
        self.wanted = message.text

    def watch_order(self) -> None:
        self.speak()
        self.table.move_cursor(row=0)

    def on_resize(self) -> None:
        """Other columns may fit."""
        self.speak()

    def speak(self) -> None:
        """Write the table, in the language spoken now."""
        comparison = self.comparison
        if comparison is None or not self.is_mounted:
            return
        fitting = [
            row for row in comparison.rows if found(self.wanted, row.offer.key.title, contract_name(row.offer.option))
        ]
        self._rows = sorted(fitting, key=self._rank)
        orders = {"year": _("by year"), "month": _("by month"), "offer": _("by name")}
        self.entitle(_("Offers"), (orders[self.order], "$quiet"), (comparison.trouble or "", "$warning"))
        room = self.size.width - (_RECKONING if self.size.width >= _VAST else 0)
        difference = _("Difference") if room >= _WIDE else _("Diff.")
        columns = [_("Offer"), _("Option"), _("Month"), _("Year"), difference, _("Known"), _("Since"), ""]
        shown = list(range(1, len(columns) - 1 - (room < _WIDER))) if room >= _WIDE else [3, 4]
        cells = [self._cells(row) for row in self._rows]
        widths = {place: max([cell_len(columns[place]), *(row[place].cell_len for row in cells)]) for place in shown}
        # The names get what the figures leave, which are never cut; a cell more is the scroll bar's.
        left = room - sum(each + _PADDING for each in widths.values()) - _PADDING - 1
        names = [self._titled(row, left, with_option=room < _WIDE) for row in self._rows]
        bar = left - max([cell_len(columns[0]), *(name.cell_len for name in names)], default=0) - _PADDING
        if bar >= _BAR:  # the names leave something for a picture
            left -= bar + _PADDING
            shown.insert(shown.index(4), _PICTURE)
            for row, cell in zip(self._rows, cells, strict=True):
                cell.append(self._bar(row, bar))
        rows = ([name, *(row[place] for place in shown)] for name, row in zip(names, cells, strict=True))
        self.fill({str(place): columns[place] for place in (0, *shown)}, rows, first=left)

    def _bar(self, row: Compared, width: int) -> Text:
        """The year as a bar, on the scale of the dearest; where there is no figure, why."""
        totals = [each.year.per_year for each in self._rows if each.year and each.year.per_year is not None]
        mine = row.year.per_year if row.year else None
        if mine is None:
            reason = row.reason or ""
            return Text(reason if len(reason) <= width else f"{reason[: width - 3]}...", style="italic")
        filled = round(float(mine / max(totals)) * width) if max(totals) > 0 else 0
        signs = glyphs()
        return Text(signs.full * filled + " " * (width - filled), style="bold" if row.mine else "")

    def _rank(self, row: Compared) -> tuple[Decimal | str, str]:
        name = f"{row.offer.provider} {row.offer.offer} {row.offer.option}"
        match self.order:
            case "month":
                return (row.estimate.total if row.estimate else _ENDLESS), name
            case "offer":
                return name, ""
        return (row.year.per_year if row.year and row.year.per_year is not None else _ENDLESS), name

    def _titled(self, row: Compared, width: int, *, with_option: bool) -> Text:
        """Supplier and offer, and the option where it has no column, in so many cells."""
        name = row.offer.key.title
        option = f" {short_contract_name(row.offer.option)}" if with_option else ""
        text = Text(f"{glyphs().running} {name}" if row.mine else f"  {name}")
        text.truncate(width - cell_len(option), overflow="ellipsis")
        return Text(f"{text.plain}{option}", style="bold" if row.mine else "")

    def _cells(self, row: Compared) -> list[Text]:
        """A place for the name, then option, month's end, year, difference, share known, day from which it holds."""
        offer, year = row.offer, row.year
        difference = ""
        if row.difference is not None and not row.mine:
            difference = f"{'+' if row.difference > 0 else ''}{number(float(row.difference))}"
        per_year = year.per_year if year else None
        approximate = "~" if year is not None and year.partial else ""
        figures = (
            "",
            contract_name(offer.option) if self.size.width >= _WIDEST else short_contract_name(offer.option),
            euros(row.estimate.total) if row.estimate else self._so_far(row),
            "" if per_year is None else f"{approximate}{number(float(per_year))} {glyphs().euro}",
            difference,
            f"{number(year.coverage * 100)} %" if year else "",
            "" if offer.valid_from is None else f"{short_date(offer.valid_from)} {offer.valid_from.year}",
        )
        style = "bold" if row.mine else ""
        return [Text(cell, style=style, justify="left" if n in (1, 6) else "right") for n, cell in enumerate(figures)]

    @staticmethod
    def _so_far(row: Compared) -> str:
        """What the month has cost, where its end cannot be told yet."""
        return f"> {euros(row.bill.total)}" if row.bill.lines else ""

    def body(self) -> ComposeResult:
        with Horizontal(id="compared"):
            yield from super().body()
            with VerticalScroll(id="reckoning"):
                yield Static(id="reckoning-text", markup=False)
        yield SearchBar()

    @on(DataTable.RowHighlighted)
    def _reckon(self) -> None:
        """How the figures of the offer under the cursor are worked out, beside or below the table."""
        row = self._under_cursor
        if row is None or not self.query_one("#reckoning").display:
            return
        remarks = self._remarks if row.mine else ()
        title = Content.styled(row.offer.key.title, "bold")
        room, half = self.size.width - 2 * _COLUMNS_GAP, (self.size.width - 3 * _COLUMNS_GAP) // 2
        if self.size.width >= _VAST or room < 2 * _NARROW_COLUMN:
            text = reckoning(row, remarks, min(RECKONING_WIDTH, room))
        else:
            text = reckoning_in_two(row, remarks, half, _COLUMNS_GAP)
        self.query_one("#reckoning-text", Static).update(Content("\n").join([title, Content(""), text]))

    @on(DataTable.RowHighlighted)
    def _describe(self) -> None:
        """Where the prices of the offer under the cursor come from, and what is missing."""
        row = self._under_cursor
        if row is None:
            return
        offer = row.offer
        prices = "  ".join(
            f"{offer.names.get(name) or register_name(name)} {unit_price(price)}"
            for name, price in offer.prices.items()
        )
        source = offer.source.corrects or offer.source
        kind = {
            PriceKind.GRID: source.file,
            PriceKind.REGULATED: _("regulated tariff"),
            PriceKind.HAND: _("set by hand"),
        }[source.kind]
        if source is not offer.source:
            kind = _("partly set by hand; the rest: {source}").format(source=kind)
        since = "" if offer.valid_from is None else _("in force from {day}").format(day=long_date(offer.valid_from))
        power = f"{offer.power_kva} kVA, {money(offer.subscription)} {glyphs().euro}/" + _("month")
        where = "  ".join(part for part in (kind, since) if part)
        parts = (f"{power}  {prices} {glyphs().euro}/kWh", "bold"), (where, "$quiet"), (row.reason or "", "$warning")
        self.note(Content("\n").join(Content.styled(text, style) for text, style in parts if text))

    @property
    def _under_cursor(self) -> Compared | None:
        place = self.table.cursor_row
        return self._rows[place] if 0 <= place < len(self._rows) else None

    @on(DataTable.HeaderSelected)
    def _order_by(self, event: DataTable.HeaderSelected) -> None:
        """A click on a column's title orders by it."""
        self.order = {"0": "offer", "1": "offer", "2": "month"}.get(str(event.column_key.value), "year")

    @on(DataTable.RowSelected)
    def action_explain(self) -> None:
        """Show how the figures of the offer under the cursor are worked out."""
        if (row := self._under_cursor) is not None:
            self.app.push_screen(BillScreen(row, self._remarks if row.mine else ()))

    def action_sort(self) -> None:
        """Order by the next column."""
        self.order = _ORDERS[(_ORDERS.index(self.order) + 1) % len(_ORDERS)]

    def action_grids(self) -> None:
        """Show where prices come from; compare anew when one comes back."""
        from linkytui.tui.screens.grids import GridsScreen  # when it is opened

        self.app.push_screen(GridsScreen(self._session), lambda _result: self.load())
