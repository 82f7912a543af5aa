"""The tables of prices on a page, understood: subscription and prices by power, whatever their units and layout."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import Final

from linkytui.errors import GridError
from linkytui.i18n import _
from linkytui.reading.contracts import REGISTERS, Contract
from linkytui.tariffs.grid.chosen import check_parts, paid, taxed, with_hours, without_parts, without_years
from linkytui.tariffs.grid.columns import PricePart, Tax, Whose, meaning_of, option_of
from linkytui.tariffs.grid.header import GridHeader, header_of
from linkytui.tariffs.grid.ladders import ladders_of
from linkytui.tariffs.grid.page import Box, GridPage
from linkytui.tariffs.grid.periods import is_own_title
from linkytui.tariffs.grid.rows import Filled, Ways, filled
from linkytui.tariffs.grid.series import Series, series_of
from linkytui.tariffs.grid.strips import Body, bodies_of
from linkytui.tariffs.grid.table import GridTable, RowFigures
from linkytui.tariffs.grid.titles import name_in
from linkytui.tariffs.grid.tokens import tokens_of
from linkytui.tariffs.grid.turned import turned_tables
from linkytui.tariffs.offers import POWERS
from linkytui.wording.plain import bare, plain

_OPTIONS: Final = {
    frozenset(registers): option for option, registers in REGISTERS.items() if option is not Contract.OTHER
}
_TERM: Final = re.compile(r"\b\d+ (?:ans?|mois)\b")


@dataclass(frozen=True, slots=True)
class PageOfTables:
    """What could be understood of a page."""

    tables: tuple[GridTable, ...]
    """From top to bottom and from left to right."""
    problems: tuple[str, ...]
    """Why tables of prices could not be understood, for a person."""


def tables_of(pages: Sequence[GridPage]) -> list[PageOfTables]:
    """Every table of prices by power on the pages of a document, page by page."""
    headed = [(page, _headed(page)) for page in pages]
    for (_page, before), (_next, after) in pairwise(headed):
        if before and after and _is_rest(before[-1][0], *after[0]):
            after[0] = (after[0][0], replace(before[-1][1], top=after[0][1].top))
    ways = Ways()
    found = [_read(page, bodies, ways) for page, bodies in headed]
    if len(ways.seen) == 1:
        # What is the only way to read one table is the way to read those that leave it open.
        ways.used = next(iter(ways.seen))
        found = [_read(page, bodies, ways) for page, bodies in headed]
    return [_with_turned(page, one, ways) for page, one in zip(pages, found, strict=True)]


def _with_turned(page: GridPage, found: PageOfTables, ways: Ways) -> PageOfTables:
    """What was understood of a page, and its tables whose powers run across."""
    tables, problems = list(found.tables), list(found.problems)
    for turned in turned_tables(page, tokens_of(page)):
        read = _read(turned.page, _headed(turned.page), ways)
        tables += [replace(table, box=turned.box, first_row=turned.first_row) for table in read.tables]
        problems += read.problems
    return PageOfTables(_placed(tables), tuple(problems))


def _is_rest(upper: Body, lower: Body, header: GridHeader) -> bool:
    """A table without a head that goes on from the page before: the next powers, with columns at the same places."""
    return (
        not any(phrase.last > 0 for phrase in header.phrases)
        and lower.ladder.marks[0].low > upper.ladder.marks[-1].high
        and len(lower.strips) == len(upper.strips)
        and all(
            min(one.box.x1, other.box.x1) > max(one.box.x0, other.box.x0)
            for one, other in zip(upper.strips, lower.strips, strict=True)
        )
    )


def _headed(page: GridPage) -> list[tuple[Body, GridHeader]]:
    tokens = tokens_of(page)
    bodies = bodies_of(page, tokens, ladders_of(tokens))
    return [(body, header_of(page, tokens, body, bodies)) for body in bodies]


def _read(page: GridPage, headed: Sequence[tuple[Body, GridHeader]], ways: Ways) -> PageOfTables:
    tables: list[GridTable] = []
    problems: list[str] = []
    for body, header in headed:
        try:
            tables.extend(_tables(page, body, header, ways))
        except GridError as error:
            problems.append(_("page {page}: {reason}").format(page=page.number, reason=error))
    return PageOfTables(_placed(tables), tuple(problems))


def _placed(tables: Sequence[GridTable]) -> tuple[GridTable, ...]:
    """From top to bottom and from left to right; tables side by side hardly ever end at the same height."""
    return tuple(sorted(tables, key=lambda table: (round(table.box.bottom, -2), table.box.x0)))


def _tables(page: GridPage, body: Body, header: GridHeader, ways: Ways) -> list[GridTable]:
    """What a body says: one table, or one for each option where several share the column of powers.

    Raises:
        GridError: its columns do not say what they are, or say it twice.
    """
    offers = list(_by_offer(body, header))
    if len(offers) > 1:
        return [replace(table, offer=name) for name, own, over in offers for table in _tables(page, own, over, ways)]
    understood = series_of(page, body, header)
    if not understood:
        raise GridError(_("the columns of a table do not say what they are"))
    series = [one for one in understood if not one.meaning.ignored]
    if not series:
        return []
    if any(one.meaning.tax is None for one in series) and not any(one.meaning.tax is Tax.TTC for one in series):
        raise GridError(_("it does not say whether its prices include taxes"))
    whole = without_parts(without_years(series))
    summed, series = len(whole) < len(series), whole
    check_parts(series)
    told = _dark(body, header, understood)
    prices = paid(with_hours([one for one in series if one.meaning.part is PricePart.PRICE], header), told)
    subscriptions = paid(taxed([one for one in series if one.meaning.part is PricePart.SUBSCRIPTION]), [])
    titles = tuple(phrase.text for phrase in header.phrases if phrase.first <= 1 and phrase.last == len(body.strips))
    tables = []
    groups = _groups(prices, titles) if prices else [(option, []) for option in _options(subscriptions, titles)]
    for option, own in groups:
        asked = _subscriptions(subscriptions, option, alone=len(groups) < 2)
        rows, left_out = _Rows(page, body, asked, own, ways).read()
        if rows or left_out:
            table = GridTable(
                page=page.number,
                box=Box(body.left, header.top, max(strip.box.x1 for strip in body.strips), body.ladder.bottom),
                first_row=body.ladder.marks[0].box.top,
                option=option,
                rows=rows,
                words=plain(header.text if len(groups) < 2 else _over(header, (*asked, *own))),
                titles=titles,
                heads=tuple(phrase.text for phrase in header.phrases),
                left_out=left_out,
                summed=summed,
                told=tuple(told),
            )
            _check_title(table)
            tables.append(table)
    return tables


def _by_offer(body: Body, header: GridHeader) -> Iterator[tuple[str, Body, GridHeader]]:
    """The columns of each of several offers that share the powers, with the name that stands over them."""
    last = len(body.strips)
    named = {
        (phrase.first, phrase.last): name
        for phrase in header.phrases
        if 1 <= phrase.first < phrase.last
        and last > phrase.last - phrase.first + 1
        and (name := _offer_in(phrase.text))
    }
    spans = sorted(named)
    covered = [column for first, end in spans for column in range(first, end + 1)]
    if covered != list(range(1, last + 1)) or len(set(named.values())) < len(spans):
        return
    for first, end in spans:
        own = [
            replace(
                phrase,
                first=max(phrase.first - first + 1, min(phrase.first, 1)),
                last=min(phrase.last, end) - first + 1,
            )
            for phrase in header.phrases
            if phrase.last >= first and phrase.first <= end
        ]
        heads = [phrase for phrase in header.phrases if phrase.last == 0]
        yield (
            named[first, end],
            replace(body, strips=body.strips[first - 1 : end]),
            replace(header, phrases=(*heads, *own)),
        )


def _offer_in(text: str) -> str | None:
    """The name of an offer, or its term, that stands over some columns; None for words that say what they are."""
    meaning = meaning_of((text,), (False,))
    told = meaning.part or meaning.tax or meaning.option or meaning.own or meaning.hours or meaning.colour
    if told or meaning.component or meaning.discounted or meaning.ignored or meaning.whose is not Whose.OFFER:
        return None
    return name_in(text, weak=True) or (text if _TERM.search(bare(text)) else None)


def _over(header: GridHeader, series: Sequence[Series]) -> str:
    """The words over some columns."""
    return " ".join(dict.fromkeys(text for one in series for text in header.over(one.column)))


def _dark(body: Body, header: GridHeader, understood: Sequence[Series]) -> list[str]:
    """What to tell of the columns of which it is not known what they are."""
    known = {one.column for one in understood}
    dark = [header.over(column) for column in range(1, len(body.strips) + 1) if column not in known]
    return [
        _("a column is left out, because it is not clear what it is: {words}").format(words=" ".join(words) or "-")
        for words in dark
    ]


def _groups(prices: Sequence[Series], titles: Iterable[str]) -> list[tuple[Contract | None, list[Series]]]:
    """The columns of prices by option."""
    if any(one.meaning.own for one in prices) or any(is_own_title(title) for title in titles):
        if len(prices) > 1 and any(one.meaning.register == "BASE" for one in prices):
            raise GridError(_("it is not clear for which hours each of its prices holds"))
        return [(Contract.OTHER, list(prices))]
    registers = {one.meaning.register for one in prices}
    groups: list[tuple[Contract | None, list[Series]]] = [
        (option, [one for one in prices if one.meaning.register in names])
        for names, option in _OPTIONS.items()
        if names <= registers
    ]
    rest = [one for one in prices if not any(one in group for _option, group in groups)]
    return [*groups, (None, rest)] if rest else groups


def _options(subscriptions: Sequence[Series], titles: Sequence[str]) -> list[Contract | None]:
    """The options whose subscriptions stand there without prices."""
    named = {one.meaning.option: None for one in subscriptions}
    return list(named) if named and None not in named else [option_of(titles)]


def _subscriptions(series: Sequence[Series], option: Contract | None, *, alone: bool) -> list[Series]:
    """The subscriptions of an option: with each tax the one that names it, else the one that names none."""
    found = []
    for tax in (*Tax, None):
        ones = [one for one in series if one.meaning.tax is tax]
        named = [one for one in ones if one.meaning.option is option]
        unnamed = [one for one in ones if one.meaning.option is None]
        found += named or unnamed or (ones if alone and len(ones) == 1 else [])
    return found


class _Rows:
    """The rows of one option."""

    def __init__(
        self, page: GridPage, body: Body, subscriptions: Sequence[Series], prices: Sequence[Series], ways: Ways
    ) -> None:
        ladder = body.ladder
        self._marks = ladder.marks
        everything = range(len(self._marks))
        self._asked = [(one, filled(one.placed, ladder, page, everything)) for one in subscriptions]
        # The subscription with taxes says at which powers the option is sold.
        main = next((own for one, own in self._asked if one.meaning.tax is Tax.TTC), None)
        main = main or (self._asked[0][1] if self._asked else None)
        self._sold = [row for row in everything if main is None or row in main.figures]
        self._priced = [
            (
                one,
                filled(
                    one.placed,
                    ladder,
                    page,
                    [row for row in self._sold if row not in one.absent],
                    ways=ways,
                    middle=one.middle,
                ),
            )
            for one in prices
        ]

    def read(self) -> tuple[dict[int, RowFigures], dict[int, str]]:
        """The figures by power, and the powers whose row is not certain with the reason."""
        double = {row for _one, own in self._asked for row in own.unclear}
        rows: dict[int, RowFigures] = {}
        left_out: dict[int, str] = {}
        for row in sorted({*self._sold, *double}):
            for power in self._powers(row):
                if row in double:
                    left_out[power] = _("two figures stand in its place")
                elif any(row in own.unclear for _one, own in self._priced):
                    left_out[power] = _("it is not clear which price it has")
                elif rows.setdefault(power, figures := self._figures(row)) != figures:
                    left_out[power] = _("it stands there twice, with different prices")
        return {power: row for power, row in rows.items() if power not in left_out}, left_out

    def _powers(self, row: int) -> Sequence[int]:
        """The powers that a row stands for; up to one, those above the row before it."""
        mark = self._marks[row]
        if mark.low == mark.high:
            return (mark.high,)
        low = self._marks[row - 1].high + 1 if row and not mark.low else mark.low
        return [power for power in POWERS if low <= power <= mark.high]

    def _figures(self, row: int) -> RowFigures:
        prices: dict[Tax, dict[str, Decimal]] = {}
        for one, own in self._priced:
            if one.meaning.tax and (price := _value(one, own, row)) is not None:
                prices.setdefault(one.meaning.tax, {})[one.meaning.register] = price
        found = ((one.meaning.tax, _value(one, own, row)) for one, own in self._asked)
        return RowFigures({tax: value for tax, value in found if tax and value is not None}, prices)


def _value(one: Series, own: Filled, row: int) -> Decimal | None:
    figure = own.figures.get(row)
    return None if figure is None else figure.value * one.factor


def _check_title(table: GridTable) -> None:
    """See that a table's prices are those of the option that its header names.

    Raises:
        GridError: they are not.
    """
    words = set(table.words.split())
    for name in (Contract.TEMPO, Contract.EJP):
        if name.lower() in words and table.option not in (name, Contract.OTHER):
            raise GridError(_("its prices are not those of {option}, which it names").format(option=name))
    one_price = {"base", "simple", "unique"}
    if table.option is Contract.BASE and table.whole and words & {"creuses", "hc"} and not words & one_price:
        raise GridError(_("it names peak and off-peak hours and has one price"))
