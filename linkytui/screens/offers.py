"""What other offers would cost: the month, and the recorded year, cheapest first."""

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar, Final

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import var
from textual.screen import Screen
from textual.widgets import DataTable, Static

from linkytui.billing.compare import Compared, Comparison
from linkytui.errors import LinkytuiError
from linkytui.i18n import _, long_date, number, short_date
from linkytui.keys import bindings
from linkytui.reading import Reading
from linkytui.tariffs import Kind
from linkytui.widgets.key_line import KeyLine
from linkytui.words import contract_name, euros

if TYPE_CHECKING:
    from linkytui.money import Money

_ENDLESS: Final = Decimal("Infinity")
_WIDE, _WIDER = 78, 96
"""Cells from which on most columns fit, and all of them."""

_ORDERS: Final = ("year", "month", "offer")
"""What the table can be ordered by, in the order of the key."""


class OffersScreen(Screen[None]):
    """One row an offer: month's end, year, difference in EUR per year, how much of the year is known."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("offers")]

    ascii: var[bool] = var(False)
    comparison: var[Comparison | None] = var(None)
    order: var[str] = var("year")

    class Loaded(Message):
        """The offers are compared."""

        def __init__(self, comparison: Comparison | None, error: str = "") -> None:
            super().__init__()
            self.comparison = comparison
            self.error = error

    def __init__(self, money: "Money", clock: Callable[[], float], reading: Reading | None) -> None:
        """Args: reading: what the meter says, for its contract and power; None when it said nothing yet."""
        super().__init__()
        self._money = money
        self._clock = clock
        self._reading = reading
        self._rows: list[Compared] = []

    def compose(self) -> ComposeResult:
        yield Static(id="span-title", markup=False)
        table: DataTable[Text] = DataTable(id="labels", cursor_type="row")
        yield table
        yield Static(id="detail", markup=False)
        yield KeyLine("offers").data_bind(OffersScreen.ascii)

    def on_mount(self) -> None:
        self.set_class(self.ascii, "-ascii")
        self.query_one("#span-title", Static).update(Content.styled(" " + _("Comparing offers…"), "bold"))
        self.load()

    def load(self) -> None:
        """Compare, in a thread."""
        now, reading, money = self._clock(), self._reading, self._money

        def ask() -> None:
            contract, subscribed = (reading.contract, reading.subscribed) if reading else (None, None)
            try:
                loaded = self.Loaded(money.offers(now, contract, subscribed))
            except LinkytuiError as error:
                loaded = self.Loaded(None, str(error))
            self.post_message(loaded)

        self.run_worker(ask, thread=True, exclusive=True, group="offers", exit_on_error=False)

    @on(Loaded)
    def _show(self, message: Loaded) -> None:
        self.comparison = message.comparison
        if message.error:
            self.query_one("#detail", Static).update(message.error)

    def watch_comparison(self) -> None:
        self.speak()

    def watch_order(self) -> None:
        self.speak()

    def on_resize(self) -> None:
        """Other columns may fit."""
        self.speak()

    def speak(self) -> None:
        """Write the table, in the language spoken now."""
        comparison = self.comparison
        if comparison is None or not self.is_mounted:
            return
        self._rows = sorted(comparison.rows, key=self._rank)
        orders = {"year": _("by year"), "month": _("by month"), "offer": _("by name")}
        title = Content.assemble(
            (" " + _("Offers"), "bold"),
            (f"  {orders[self.order]}", "$quiet"),
            ("  " + (comparison.trouble or ""), "$warning"),
        )
        self.query_one("#span-title", Static).update(title)
        table = self.query_one("#labels", DataTable)
        table.clear(columns=True)
        wide = self.size.width >= _WIDE
        columns = [_("Offer"), _("Option"), _("Month"), _("Year"), _("Difference"), _("Known"), _("Since")]
        shown = range(len(columns) - (self.size.width < _WIDER)) if wide else (0, 3, 4)
        for place in shown:
            table.add_column(columns[place], key=str(place))
        for number_, row in enumerate(self._rows):
            cells = self._cells(row, wide)
            table.add_row(*(cells[place] for place in shown), key=str(number_))
        table.focus()

    def _rank(self, row: Compared) -> tuple[Decimal | str, str]:
        name = f"{row.offer.provider} {row.offer.offer} {row.offer.option}"
        match self.order:
            case "month":
                return (row.estimate.total if row.estimate else _ENDLESS), name
            case "offer":
                return name, ""
        return (row.year.per_year if row.year and row.year.per_year is not None else _ENDLESS), name

    def _cells(self, row: Compared, wide: bool) -> list[Text]:
        """Offer, option, month's end, year, difference, share known, day from which it holds."""
        offer, year = row.offer, row.year
        style = "bold" if row.mine else ""
        name = f"{offer.provider} {offer.offer}".strip() or _("Prices set by hand")
        marked = ("> " if self.ascii else "▸ ") + name if row.mine else f"  {name}"
        difference = ""
        if row.difference is not None and not row.mine:
            difference = f"{'+' if row.difference > 0 else ''}{number(float(row.difference))}"
        per_year = year.per_year if year else None
        approximate = "~" if year is not None and year.partial else ""
        figures = (
            contract_name(offer.option),
            euros(row.estimate.total) if row.estimate else "",
            "" if per_year is None else f"{approximate}{number(float(per_year))} €",
            difference,
            f"{number(year.coverage * 100)} %" if year else "",
            "" if offer.valid_from is None else f"{short_date(offer.valid_from)} {offer.valid_from.year}",
        )
        text = Text(marked, style=style)
        if not wide:
            text.append(f" {contract_name(offer.option)}")
            text.truncate(self.size.width - 24, overflow="ellipsis")
        return [
            text,
            *(Text(cell, style=style, justify="left" if n in (0, 5) else "right") for n, cell in enumerate(figures)),
        ]

    @on(DataTable.RowHighlighted)
    def _describe(self) -> None:
        """Where the prices of the offer under the cursor come from, and what is missing."""
        row = self._under_cursor
        if row is None:
            return
        offer = row.offer
        prices = "  ".join(f"{name} {number(float(price), 4)}" for name, price in offer.prices.items())
        kind = {Kind.GRID: offer.source.file, Kind.REGULATED: _("regulated tariff"), Kind.HAND: _("set by hand")}
        since = "" if offer.valid_from is None else _("in force from {day}").format(day=long_date(offer.valid_from))
        power = f"{offer.power_kva} kVA, {number(float(offer.subscription), 2)} €/" + _("month")
        self.query_one("#detail", Static).update(
            Content.assemble(
                (f"{power}  {prices} €/kWh", "bold"),
                ("\n" + "  ".join(part for part in (kind[offer.source.kind], since) if part), "$quiet"),
                ("\n" + (row.reason or ""), "$warning"),
            )
        )

    @property
    def _under_cursor(self) -> Compared | None:
        place = self.query_one("#labels", DataTable).cursor_row
        return self._rows[place] if 0 <= place < len(self._rows) else None

    @on(DataTable.HeaderSelected)
    def _order_by(self, event: DataTable.HeaderSelected) -> None:
        """A click on a column's title orders by it."""
        self.order = {"0": "offer", "1": "offer", "2": "month"}.get(str(event.column_key.value), "year")

    @on(DataTable.RowSelected)
    def action_explain(self) -> None:
        """Show how the figures of the offer under the cursor are worked out."""
        from linkytui.screens.explain import Explain

        if (row := self._under_cursor) is not None:
            self.app.push_screen(Explain(row))

    def action_sort(self) -> None:
        """Order by the next column."""
        self.order = _ORDERS[(_ORDERS.index(self.order) + 1) % len(_ORDERS)]

    def action_grids(self) -> None:
        """Show where prices come from; compare anew when one comes back."""
        from linkytui.screens.grids import GridsScreen

        screen = GridsScreen(self._money.settings.tariff, self._clock)
        screen.ascii = self.ascii
        self.app.push_screen(screen, lambda _result: self.load())

    def action_leave(self) -> None:
        """Back to where one came from."""
        self.app.pop_screen()
