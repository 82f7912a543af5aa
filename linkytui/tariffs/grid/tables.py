"""A table understood: subscription and prices by power, whatever the grid's units and layout."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from linkytui.errors import GridError
from linkytui.i18n import _
from linkytui.reading.contracts import REGISTERS, Contract
from linkytui.tariffs.grid.blocks import HEAD_OF_POWERS, Block, BodyRow, blocks_of
from linkytui.tariffs.grid.columns import (
    Around,
    PriceColumn,
    PricePart,
    Tax,
    colour_named,
    is_own_calendar,
    names_price,
)
from linkytui.tariffs.grid.figures import is_absent, price
from linkytui.tariffs.grid.headers import columns_of
from linkytui.tariffs.grid.raw import RawPage, RawTable
from linkytui.wording.plain import plain

_OPTIONS: Final = {frozenset(registers): option for option, registers in REGISTERS.items()}


@dataclass(frozen=True, slots=True)
class RowFigures:
    """What a table says for one power."""

    subscription: Mapping[Tax, Decimal] = field(default_factory=dict)  # EUR a year
    prices: Mapping[Tax, Mapping[str, Decimal]] = field(default_factory=dict)  # EUR/kWh by register


@dataclass(frozen=True, slots=True)
class GridTable:
    """What a table says."""

    page: int  # from 1
    words: str  # everything over its figures, in lower case, without accents and punctuation
    option: Contract | None
    """What its registers make; OTHER for a supplier's own calendar, None when they make no option."""
    rows: Mapping[int, RowFigures]  # by power, kVA

    @property
    def whole(self) -> bool:
        """True when it holds subscriptions and prices, and not one part of them."""
        return all(row.subscription and row.prices for row in self.rows.values())


@dataclass(frozen=True, slots=True)
class PageOfTables:
    """What could be understood of a page."""

    tables: tuple[GridTable, ...]
    problems: tuple[str, ...]  # why a table of prices could not be understood, for a person
    own: bool  # True when one that could not be understood is of a calendar that could not be billed anyway


def tables_of(page: RawPage) -> PageOfTables:
    """Every table of prices by power on a page."""
    tables: list[GridTable] = []
    problems: list[str] = []
    own = False
    for raw in page.tables:
        try:
            tables.extend(_best_cut(raw, page))
        except GridError as error:
            if is_own_calendar([cell for row in raw.cuts[0] for cell in row]):
                own = True
            else:
                problems.append(_("page {page}: {reason}").format(page=page.number, reason=error))
    return PageOfTables(tuple(tables), tuple(problems), own)


def _best_cut(raw: RawTable, page: RawPage) -> list[GridTable]:
    """What the first cut says that makes whole tables; else the cut that says most.

    Raises GridError: no cut makes sense, the reason of the first.
    """
    around = Around(page.text, raw.above)
    problem: GridError | None = None
    best: list[GridTable] = []
    for rows in raw.cuts:
        try:
            blocks = [block for block in blocks_of(rows) if _is_priced(block)]
            tables = [table for block in blocks for table in _tables(block, around, page.number)]
        except GridError as error:
            problem = problem or error
            continue
        if tables and all(table.whole for table in tables):
            return tables
        best = max(best, tables, key=_weight)
    if problem and not best:
        raise problem
    return best


def _weight(tables: Sequence[GridTable]) -> int:
    return sum(len(row.prices) + len(row.subscription) for table in tables for row in table.rows.values())


def _is_priced(block: Block) -> bool:
    """True when prices per kWh stand beside powers: gas has zones, and options have prices by power per month only."""
    header = [cell for row in block.header for cell in row if cell]
    return any(HEAD_OF_POWERS.search(cell) for cell in header) and any(names_price(cell) for cell in header)


def _tables(block: Block, around: Around, page: int) -> list[GridTable]:
    """What a block says: one table, or one for each option where several share the column of powers."""
    header = plain(" ".join(cell for row in block.header for cell in row if cell))
    groups = _groups(columns_of(block, around))
    colours = any(colour_named(cell) for row in block.body for cell in row.cells)
    tables = []
    for columns in groups:
        rows = _stacked_rows(block.body, columns) if colours else _rows(block, columns)
        registers = {register for row in rows.values() for prices in row.prices.values() for register in prices}
        own = any(one.own for one in columns.values())
        option = Contract.OTHER if own else _OPTIONS.get(frozenset(registers))
        if rows:
            tables.append(GridTable(page, f"{plain(around.above)} {header}".strip(), option, rows))
    if len(tables) == 1 and tables[0].whole:
        _check_title(header, tables[0].option)
    return tables


def _groups(columns: Mapping[int, PriceColumn]) -> list[dict[int, PriceColumn]]:
    """The columns of each option: where subscriptions come again after prices, the next one begins."""
    groups: list[dict[int, PriceColumn]] = [{}]
    for place, one in columns.items():
        priced = any(other.part is PricePart.PRICE for other in groups[-1].values())
        if one.part is PricePart.SUBSCRIPTION and priced and one in groups[-1].values():
            groups.append({})
        groups[-1][place] = one
    return groups


def _check_title(header: str, option: Contract | None) -> None:
    """See that a table's prices are those of the option that its header names."""
    words = set(header.split())
    for name in (Contract.TEMPO, Contract.EJP):
        if name.lower() in words and option not in (name, Contract.OTHER):
            raise GridError(_("its prices are not those of {option}, which it names").format(option=name))
    if option is Contract.BASE and words & {"creuses", "hc"} and not words & {"base", "simple"}:
        raise GridError(_("it names peak and off-peak hours and has one price"))


def _rows(block: Block, columns: Mapping[int, PriceColumn]) -> dict[int, RowFigures]:
    """The rows, with what several powers share given to each of them."""
    placed = [(row, _placed(row, columns, ordered=block.ordered)) for row in block.body]
    kept = [(row, figures) for row, figures in placed if figures]
    prices = {
        one: _filled(one, kept, [place for place, other in columns.items() if other == one and not block.ordered])
        for one in columns.values()
        if one.part is PricePart.PRICE
    }
    subscriptions = [one for one in columns.values() if one.part is PricePart.SUBSCRIPTION]
    rows: dict[int, RowFigures] = {}
    for place, (row, figures) in enumerate(kept):
        if any(one not in figures for one in subscriptions):
            raise GridError(_("{power} kVA has no subscription").format(power=row.power))
        if row.power in rows:
            raise GridError(_("{power} kVA stands in it twice").format(power=row.power))
        by_tax: dict[Tax, dict[str, Decimal]] = {}
        for one, values in prices.items():
            by_tax.setdefault(one.tax, {})[one.register] = values[place]
        rows[row.power] = RowFigures({one.tax: figures[one] for one in subscriptions}, by_tax)
    return rows


def _placed(row: BodyRow, columns: Mapping[int, PriceColumn], *, ordered: bool) -> dict[PriceColumn, Decimal]:
    """The figures of a row by column; none where the offer does not exist at its power."""
    cells = dict(enumerate(row.cells))
    if ordered:
        figures = [cell for cell in row.cells if not is_absent(cell)]
        subscriptions = [place for place, one in columns.items() if one.part is PricePart.SUBSCRIPTION]
        places = [*columns] if len(figures) == len(columns) else subscriptions
        if len(figures) not in (0, len(places)):
            raise GridError(_("{power} kVA has {count} figures").format(power=row.power, count=len(figures)))
        cells = dict(zip(places, figures, strict=False))
    found: dict[PriceColumn, Decimal] = {}
    for place, one in columns.items():
        value = price(cells.get(place))
        if value is None:
            continue
        if one in found:
            raise GridError(_("two of its columns say the same of {power} kVA").format(power=row.power))
        found[one] = value * one.factor
    return found


def _filled(
    one: PriceColumn, rows: Sequence[tuple[BodyRow, Mapping[PriceColumn, Decimal]]], places: Sequence[int]
) -> list[Decimal]:
    """The price of every row. Where several rows share one, the grid prints it once: beside the first, or the middle.

    `places`: where the column stands, none where only the order of the figures is known. Raises GridError: there is no
    price, or there are several and it is not certain which row has which.
    """
    if one.shared is not None:
        return [one.shared * one.factor] * len(rows)
    values = [figures.get(one) for _row, figures in rows]
    known = [value for value in values if value is not None]
    if not known:
        raise GridError(_("a column has no price"))
    if len(set(known)) == 1:
        return [known[0]] * len(rows)
    filled: list[Decimal] = []
    for (row, _figures), value in zip(rows, values, strict=True):
        # Only cells that are drawn as one say how far a price goes: their lower part is no cell at all.
        covered = bool(places) and all(row.cells[place] is None for place in places if place < len(row.cells))
        if value is None and not (filled and covered):
            raise GridError(_("it is not clear which price {power} kVA has").format(power=row.power))
        filled.append(filled[-1] if value is None else value)
    return filled


def _stacked_rows(body: Sequence[BodyRow], columns: Mapping[int, PriceColumn]) -> dict[int, RowFigures]:
    """Tempo as a stack: under the name of each day, beside any power, the prices of that day for all powers."""
    subscriptions = [one for one in columns.values() if one.part is PricePart.SUBSCRIPTION]
    found: dict[int, dict[Tax, Decimal]] = {}
    prices: dict[Tax, dict[str, Decimal]] = {}
    day: str | None = None
    for row in body:
        day = next((colour for cell in row.cells if (colour := colour_named(cell))), day)
        values = [value for cell in row.cells if (value := price(cell)) is not None]
        if not values:
            continue
        if len(values) not in (len(subscriptions), len(columns)):
            raise GridError(_("{power} kVA has {count} figures").format(power=row.power, count=len(values)))
        for one, value in zip(columns.values(), values, strict=False):
            if one.part is PricePart.SUBSCRIPTION:
                found.setdefault(row.power, {})[one.tax] = value * one.factor
            else:
                prices.setdefault(one.tax, {})[f"{one.register}{day or ''}"] = value * one.factor
    return {power: RowFigures(subscription, prices) for power, subscription in found.items()}
