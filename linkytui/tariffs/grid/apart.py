"""Prices per kWh that stand apart from the subscriptions, once for all powers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import Final

from linkytui.reading.contracts import REGISTERS, Contract
from linkytui.tariffs.grid.columns import PricePart, Tax, Whose, meaning_of, option_of, part_of
from linkytui.tariffs.grid.header import is_sentence
from linkytui.tariffs.grid.page import Box, GridPage, Word, around
from linkytui.tariffs.grid.series import euros_of
from linkytui.tariffs.grid.table import GridTable, RowFigures
from linkytui.tariffs.grid.tokens import Figure, tokens_of
from linkytui.tariffs.grid.words import lines_of

_GAP: Final = 45.0
"""Points between two lines of figures of one table, at most."""
_OVER: Final = 70.0
"""Points above its first figures in which the heads and the title of a table stand."""
_LEANING: Final = 40.0
"""Points by which heads may stand left of the first column of figures."""
_BLANK: Final = 3.5
"""Times the height of a line: wider gaps end what stands over a table."""

Prices = Mapping[Tax, Mapping[str, Decimal]]
"""EUR/kWh by register."""


@dataclass(frozen=True, slots=True)
class _Price:
    """A price per kWh that says what it is."""

    tax: Tax
    register: str
    option: Contract | None
    value: Decimal


def with_prices_apart(pages: Sequence[GridPage], tables: Sequence[GridTable]) -> list[GridTable]:
    """The tables, those of subscriptions alone with the prices of their option that stand on their page, or on another.

    A price counts where the document states it once: two that differ leave their tables as they are.
    """
    if all(not _lacks_prices(table) for table in tables):
        return list(tables)
    found = {
        page.number: list(_prices(page, [_figures_of(table) for table in tables if table.page == page.number]))
        for page in pages
    }
    everything = [price for prices in found.values() for price in prices]
    return [
        _completed(table, found[table.page]) or _completed(table, everything) or table
        if _lacks_prices(table)
        else table
        for table in tables
    ]


def _figures_of(table: GridTable) -> Box:
    """Where the figures of a table stand."""
    return replace(table.box, top=table.first_row)


def _lacks_prices(table: GridTable) -> bool:
    """It holds subscriptions alone, and none of its columns is unclear: that might have been the prices."""
    return (
        bool(table.rows) and not table.told and all(row.subscription and not row.prices for row in table.rows.values())
    )


def _completed(table: GridTable, prices: Sequence[_Price]) -> GridTable | None:
    """The table with the prices of its option; None where they are not all there, or stated twice and not alike."""
    registers = REGISTERS.get(table.option) if table.option not in (None, Contract.OTHER) else None
    if not registers:
        return None
    own: dict[Tax, dict[str, Decimal]] = {}
    for price in prices:
        if price.register not in registers or (price.option and price.option is not table.option):
            continue
        if own.setdefault(price.tax, {}).setdefault(price.register, price.value) != price.value:
            return None
    whole = {tax: by_register for tax, by_register in own.items() if set(by_register) == set(registers)}
    if Tax.TTC not in whole:
        return None
    rows = {power: RowFigures(row.subscription, whole) for power, row in table.rows.items()}
    return replace(table, rows=rows)


def _prices(page: GridPage, tables: Sequence[Box]) -> Iterator[_Price]:
    """The prices on a page that stand in none of its tables by power."""
    figures = [
        figure
        for figure in tokens_of(page).figures
        if not figure.struck and not any(_is_within(figure.box, box) for box in tables)
    ]
    words = [word for word in page.words if not word.raised]
    for block in _blocks(figures, tables):
        for figure in block:
            yield from _price(figure, block, words, tables)


def _is_within(box: Box, other: Box) -> bool:
    return other.x0 - 5 < box.x < other.x1 + 5 and other.top - 2 < box.y < other.bottom + 2


def _blocks(figures: Sequence[Figure], tables: Sequence[Box]) -> list[list[Figure]]:
    """Figures below each other that no table and no wide gap parts."""
    blocks: list[list[Figure]] = []
    for figure in sorted(figures, key=lambda figure: figure.box.y):
        last = blocks[-1][-1] if blocks else None
        if (
            last is not None
            and figure.box.y - last.box.y < _GAP
            and not any(last.box.y < box.y < figure.box.y for box in tables)
        ):
            blocks[-1].append(figure)
        else:
            blocks.append([figure])
    return blocks


def _price(figure: Figure, block: Sequence[Figure], words: Sequence[Word], tables: Sequence[Box]) -> Iterator[_Price]:
    """What a figure says it is a price of, if it does."""
    titles, heads = _over(figure, block, words, tables)
    label = _before(figure, block, words)
    texts = [*titles, *([label] if label else []), *heads, *([figure.unit] if figure.unit else [])]
    wide = [*(True for _title in titles), *(False for _text in texts[len(titles) :])]
    meaning = meaning_of(texts, wide)
    hours = meaning.hours or meaning.colour
    if (
        part_of(texts) is not PricePart.PRICE
        or meaning.tax is None
        or meaning.whose is not Whose.OFFER
        or meaning.component
        or meaning.ignored
        or meaning.own
    ):
        return
    option = None if hours else option_of(texts)
    if not hours and option is not Contract.BASE:
        return
    yield _Price(meaning.tax, meaning.register, option, figure.value * euros_of(texts, figure.value))


def _before(figure: Figure, block: Sequence[Figure], words: Sequence[Word]) -> str:
    """The words left of a figure in its line, and of the lines of their cell."""
    y, size = figure.box.y, figure.size
    edges = [other.box for other in block if abs(other.box.y - y) < size * 0.5]
    first = min(box.x0 for box in edges)
    own = [word for word in words if abs(word.box.y - y) < size * 0.9 and word.box.x1 < first + 1]
    return " ".join(word.text for line in lines_of(own) for word in line)


def _over(
    figure: Figure, block: Sequence[Figure], words: Sequence[Word], tables: Sequence[Box]
) -> tuple[list[str], list[str]]:
    """The lines over a block of figures, and of each what stands over the column of one; from top to bottom."""
    top = min(other.box.top for other in block)
    left = min(other.box.x0 for other in block)
    floor = max([top - _OVER, *(box.bottom for box in tables if box.bottom < top + 1)])
    above = [word for word in words if floor < word.box.y < top - 1 and not _is_in_tables(word.box, tables)]
    middles = sorted({round(other.box.x) for other in block})
    between = [(one + other) / 2 for one, other in pairwise(middles) if other - one > figure.size * 2]
    x0 = max((at for at in between if at < figure.box.x), default=left - _LEANING)
    x1 = min((at for at in between if at > figure.box.x), default=float("inf"))
    lines: list[str] = []
    heads: list[str] = []
    bottom = top
    for line in reversed(lines_of(above)):
        box = around([word.box for word in line])
        text = " ".join(word.text for word in line)
        if bottom - box.bottom > _BLANK * box.height or is_sentence(text):
            break
        bottom = box.top
        lines.append(text)
        own = [word for word in line if x0 <= word.box.x < x1]
        if 0 < len(own) < len(line):
            heads.append(" ".join(word.text for word in own))
    return lines[::-1], heads[::-1]


def _is_in_tables(box: Box, tables: Sequence[Box]) -> bool:
    return any(_is_within(box, table) for table in tables)
