"""Which column of a block is what: by the words that stand over it, or by the order of its figures."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from linkytui.errors import GridError
from linkytui.i18n import _
from linkytui.tariffs.grid.blocks import HEAD_OF_POWERS, Block
from linkytui.tariffs.grid.columns import (
    HOURS,
    Around,
    PriceColumn,
    PricePart,
    Tax,
    column,
    names_subscription,
    part_of,
    taxes_in,
)
from linkytui.tariffs.grid.figures import price, prices_within
from linkytui.tariffs.grid.raw import Rows
from linkytui.wording.plain import bare

_LEAST_SUBSCRIPTION: Final = 2  # EUR: below it a figure beside a power is a price per kWh in EUR


def columns_of(block: Block, around: Around) -> dict[int, PriceColumn]:
    """What each column of figures is; for an `ordered` block, each figure in its order.

    Columns that are no part of the offer's prices are left out: the regulated tariff beside the offer's, ceilings,
    anything that is neither a subscription nor a price. Raises GridError: the header leaves a unit or the taxes open,
    or does not go with the number of figures.
    """
    found = _by_order(block, around) if block.ordered else _by_place(block, around)
    prices = [one for one in found.values() if one.part is PricePart.PRICE]
    if all(one.regulated for one in prices):
        return found
    return {place: one for place, one in found.items() if one.part is PricePart.SUBSCRIPTION or not one.regulated}


def _over(header: Rows, place: int) -> list[tuple[int, str]]:
    """The words over a column, top down, and where each begins. A cell covers the missing ones to its right."""
    words = []
    for row in header:
        for start in range(min(place, len(row) - 1), -1, -1):
            cell = row[start]
            if cell is None:
                continue
            if cell.strip() and not (start == 0 and place and HEAD_OF_POWERS.search(cell) and part_of((cell,)) is None):
                words.append((start, " ".join(cell.split("\n"))))
            break
    return words


def _by_place(block: Block, around: Around) -> dict[int, PriceColumn]:
    width = max(len(row.cells) for row in block.body)
    bearing = [
        place
        for place in range(width)
        if any(place < len(row.cells) and price(row.cells[place]) is not None for row in block.body)
    ]
    # Where one price holds for all, it may stand in the header, after the regulated one that is struck through.
    shared = {
        place: figures[-1]
        for row in block.header
        for place, cell in enumerate(row)
        if cell and place not in bearing and (figures := prices_within(cell))
    }
    columns = {}
    for place in sorted({*bearing, *shared}):
        over = _over(block.header, place)
        texts = [text for _start, text in over]
        part = part_of(texts)
        if part is None or (place in shared and part is not PricePart.PRICE):
            continue
        made = column(part, _tax(over, place, bearing, around), texts, around)
        columns[place] = replace(made, shared=shared.get(place))
    return columns


def _tax(over: Sequence[tuple[int, str]], place: int, bearing: Sequence[int], around: Around) -> Tax:
    for start, text in reversed(over):
        taxes = taxes_in(text)
        if len(set(taxes)) == 1:
            return taxes[0]
        if taxes:
            # "HT TTC" in one cell over several columns.
            within = [one for one in bearing if one >= start].index(place) if place in bearing else 0
            return taxes[within % len(taxes)]
    return _tax_around(around)


def _tax_around(around: Around) -> Tax:
    if Tax.TTC in taxes_in(around.above) or Tax.TTC in taxes_in(around.page):
        return Tax.TTC
    raise GridError(_("it does not say whether its prices include taxes"))


def _by_order(block: Block, around: Around) -> dict[int, PriceColumn]:
    lines = [line for row in block.header for cell in row if cell for line in cell.split("\n")]
    figures = max(([found for c in row.cells if (found := price(c)) is not None] for row in block.body), key=len)
    registers = _registers_in_order(lines)
    subscribed = any(names_subscription(line) for line in lines)
    columns = {}
    seen = {Tax.HT: 0, Tax.TTC: 0}
    for place, tax in enumerate(_taxes_of_figures(lines, figures, around)):
        nth = seen[tax] - subscribed
        seen[tax] += 1
        if nth < 0:
            columns[place] = column(PricePart.SUBSCRIPTION, tax, lines, around)
        elif nth < len(registers):
            columns[place] = column(PricePart.PRICE, tax, lines, around, registers[nth])
        else:
            raise _odd(figures)
    if max(seen.values()) - subscribed != len(registers):
        raise _odd(figures)
    return columns


def _odd(figures: Sequence[Decimal]) -> GridError:
    return GridError(_("its header does not go with its {count} figures a row").format(count=len(figures)))


def _registers_in_order(lines: Sequence[str]) -> list[str]:
    """HP and HC in the order of the last line that names both; BASE where none does."""
    for line in reversed(lines):
        found = {name: match.start() for name, pattern in HOURS if (match := pattern.search(bare(line)))}
        if len(found) == len(HOURS):
            return sorted(found, key=lambda name: found[name])
    return ["BASE"]


def _taxes_of_figures(lines: Sequence[str], figures: Sequence[Decimal], around: Around) -> list[Tax]:
    """Whether each of the figures beside a power includes taxes."""
    taxes = next((found for line in reversed(lines) if (found := taxes_in(line))), [])
    if len(taxes) == len(figures):
        return taxes
    if len(set(taxes)) < 2:
        return [taxes[0] if taxes else _tax_around(around)] * len(figures)
    if len(taxes) == 2 and len(figures) == 4:
        # Each tax stands over a subscription and its price, or each of these over its two taxes.
        return [tax for tax in taxes for _ in range(2)] if figures[1] < _LEAST_SUBSCRIPTION else taxes * 2
    raise _odd(figures)
