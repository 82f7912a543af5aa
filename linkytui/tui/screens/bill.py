"""The bill behind a figure, line by line."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import zip_longest
from textwrap import wrap
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from linkytui.billing.bill import Bill
from linkytui.billing.compare import Compared, YearCost
from linkytui.billing.rows import BillRow, energy_row, subscription_rows
from linkytui.i18n import _, long_date
from linkytui.tariffs.offers import Offer, PriceKind, in_meter_order
from linkytui.tui.glyphs import euros, glyphs
from linkytui.tui.widgets.lines import sides
from linkytui.wording.terms import kwh, money, percent, register_name, unit_price

RECKONING_WIDTH = 68  # cells of a line at most
_WHOLE = 0.995  # share of the time from which on all of it counts as known
_NARROW = 60  # cells below which a figure stands in a row of its own, under what it is of


class BillScreen(ModalScreen[None]):
    """Energy, subscription and their sum; where the prices come from; what is not known."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,enter", "dismiss", show=False)]

    def __init__(self, row: Compared, remarks: Sequence[str] = ()) -> None:
        """row: the offer. remarks: what there is to know about its bill."""
        super().__init__()
        self._row = row
        self._remarks = remarks

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="help") as page:
            page.border_title = self._row.offer.key.title
            page.border_subtitle = _("Esc to close")
            width = min(self.app.size.width - 9, RECKONING_WIDTH)
            yield Static(reckoning(self._row, self._remarks, width), markup=False)


def reckoning(row: Compared, remarks: Sequence[str], width: int) -> Content:
    """How the figures of an offer are worked out, in lines of so many cells."""
    months, year = _sections(row, remarks, width)
    return Content("\n").join([*months, Content(""), *year])


def reckoning_in_two(row: Compared, remarks: Sequence[str], width: int, gap: int) -> Content:
    """The same in two columns of so many cells: the month, and beside it the year and where the prices come from."""
    columns = [_cut(lines) for lines in _sections(row, remarks, width)]
    blank = Content("")
    pairs = zip_longest(*columns, fillvalue=blank)
    return Content("\n").join(left + " " * (width + gap - left.cell_length) + right for left, right in pairs)


def _cut(lines: Sequence[Content]) -> list[Content]:
    """Single rows of what may hold several."""
    return [row for line in lines for row in line.split("\n", allow_blank=True)]


def _sections(row: Compared, remarks: Sequence[str], width: int) -> tuple[list[Content], list[Content]]:
    """What there is to know and the month; the year and where the prices come from."""
    months: list[Content] = []
    if remarks:
        months += [Content.styled(_("Good to know"), "bold $accent")]
        months += [Content.styled(line, "$warning") for remark in remarks for line in wrap(remark, width)]
        months.append(Content(""))
    months += [Content.styled(_("The month so far"), "bold $accent"), *bill_lines(row.bill, width)]
    if row.estimate is not None:
        months += [Content(""), Content.styled(_("At month end"), "bold $accent")]
        months += bill_lines(row.estimate.bill, width)
    year: list[Content] = []
    if row.year is not None:
        year += [Content.styled(_("The recorded year, at today's prices"), "bold $accent")]
        year += [*_year_lines(row.year, row.offer, width), Content("")]
    year += _source_lines(row.offer)
    if row.reason:
        year += [Content.styled(line, "$warning") for line in wrap(row.reason, width)]
    return months, year


def bill_lines(bill: Bill, width: int) -> list[Content]:
    """A bill, a line for each price that held; the sum is that of the lines above it."""
    rows = [_energy(energy_row(line), width) for line in bill.lines]
    rows += [_row(row, f"{row.quantity} {glyphs().times} {row.price}", width) for row in subscription_rows(bill)]
    rows.append(_total(bill.total, width))
    rows += [_energy(energy_row(line)._replace(name=_("sold")), width) for line in bill.sold]
    if bill.coverage < _WHOLE:
        rows.append(Content.styled(_("known: {share} of the time").format(share=percent(bill.coverage)), "$warning"))
    return rows


def _total(amount: Decimal, width: int) -> Content:
    return sides(Content.styled(_("Total"), "bold"), Content.styled(euros(amount), "bold"), width)


def _energy(row: BillRow, width: int) -> Content:
    sign = "~" if row.estimated else ""
    return _row(row, f"{sign}{row.quantity} kWh {glyphs().times} {row.price}", width)


def _row(row: BillRow, product: str, width: int) -> Content:
    """The days, what it is, how much of it at which price, and the amount; in two rows where there is no room."""
    amount = Content(f"{row.amount} {glyphs().euro}")
    if width < _NARROW:
        return _product(Content.assemble(f"{row.name}  ", (row.days, "$quiet")), product, amount, width)
    return sides(Content.assemble((f"{row.days:<17} ", "$quiet"), f"{row.name}  {product}"), amount, width)


def _product(name: str | Content, product: str, amount: Content, width: int) -> Content:
    """What it is, how much of it at which price, and the amount."""
    if width < _NARROW:
        return Content.assemble(name, "\n", sides(Content(f"  {product}"), amount, width))
    return sides(Content.assemble(name, f"  {product}"), amount, width)


def _year_lines(year: YearCost, offer: Offer, width: int) -> list[Content]:
    rows = []
    for register, amount in in_meter_order(offer.option, year.energy).items():
        product = f"{kwh(year.wh[register], 3)} kWh {glyphs().times} {unit_price(offer.prices[register])}"
        rows.append(_product(register_name(register, offer.called), product, Content(euros(amount)), width))
    product = f"12 {glyphs().times} {money(offer.subscription)}"
    if year.coverage < 1:
        product += f" {glyphs().times} {percent(year.coverage, 3)}"
    rows.append(_product(_("Subscription"), product, Content(euros(year.subscription)), width))
    rows.append(_total(year.total, width))
    rows.append(Content.styled(_("known: {share} of the year").format(share=percent(year.coverage)), "$quiet"))
    if year.per_year is not None:
        rows.append(sides(Content(_("For a whole year")), Content.styled(euros(year.per_year), "bold"), width))
    return rows


def _source_lines(offer: Offer) -> list[Content]:
    """Where the prices were read, and from when on they hold."""
    source = offer.source.corrects or offer.source
    kind = {
        PriceKind.GRID: _("price grid of the supplier"),
        PriceKind.REGULATED: _("regulated tariff, shipped with linkytui"),
        PriceKind.HAND: _("set by hand"),
    }[source.kind]
    if source is not offer.source:
        kind = _("partly set by hand; the rest: {source}").format(source=kind)
    rows = [Content.styled(_("Prices: {kind}").format(kind=kind), "$quiet")]
    if offer.valid_from is not None:
        rows.append(Content.styled(_("in force from {day}").format(day=long_date(offer.valid_from)), "$quiet"))
    where = source.url or source.file
    if source.kind is not PriceKind.HAND and where:
        page = "" if source.page is None else ", " + _("page {number}").format(number=source.page)
        rows.append(Content.styled(f"{where}{page}", "$quiet"))
    if source.sha256:
        rows.append(Content.styled(f"SHA-256 {source.sha256}", "$quiet"))
    return rows
