"""The tables of prices on a page, understood: subscription and prices by power, whatever their units and layout."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import Final

from linkytui.errors import GridError
from linkytui.i18n import _, number
from linkytui.reading.contracts import REGISTERS, Contract
from linkytui.tariffs.grid.columns import PricePart, Tax, Whose, meaning_of, option_of
from linkytui.tariffs.grid.header import GridHeader, header_of
from linkytui.tariffs.grid.ladders import ladders_of
from linkytui.tariffs.grid.page import Box, GridPage
from linkytui.tariffs.grid.periods import HOURS, is_own_title
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
_MONTHS: Final = Decimal(12)
_YEAR_OFF: Final = Decimal("0.12")
"""EUR by which a year may differ from twelve months that are printed to the cent."""
_TERM: Final = re.compile(r"\b\d+ (?:ans?|mois)\b")
_PREFERRED: Final = (Whose.OFFER, Whose.LIST, Whose.STRUCK, Whose.REGULATED)
"""Whose price counts where a table prints several."""


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
    whole = _without_parts(_without_years(series))
    summed, series = len(whole) < len(series), whole
    _check_parts(series)
    told = _dark(body, header, understood)
    prices = _paid(_with_hours([one for one in series if one.meaning.part is PricePart.PRICE], header), told)
    subscriptions = _paid(_taxed([one for one in series if one.meaning.part is PricePart.SUBSCRIPTION]), [])
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


def _without_years(series: Sequence[Series]) -> list[Series]:
    """The columns without the subscriptions for a year that stand beside the same for a month."""
    monthly = [one for one in series if one.meaning.part is PricePart.SUBSCRIPTION and one.factor == _MONTHS]
    return [
        one
        for one in series
        if one.meaning.part is not PricePart.SUBSCRIPTION
        or one.factor != 1
        or not any(_is_year_of(one, month) for month in monthly)
    ]


def _is_year_of(year: Series, month: Series) -> bool:
    """Twelve times the other column, but for rounding, in every row."""
    months = {one.row: one.figure.value * _MONTHS for one in month.placed}
    return month.meaning.tax is year.meaning.tax and all(
        one.row in months and abs(months[one.row] - one.figure.value) <= _YEAR_OFF for one in year.placed
    )


def _without_parts(series: Sequence[Series]) -> list[Series]:
    """The columns without those of the parts of a price whose sum stands beside them."""
    wholes: dict[object, list[Series]] = {}
    for one in series:
        wholes.setdefault((one.meaning.part, one.meaning.tax, one.meaning.register), []).append(one)
    dropped: list[Series] = []
    for ones in wholes.values():
        parts = [one for one in ones if one.meaning.component]
        whole = [one for one in ones if not one.meaning.component]
        if len(parts) > 1 and len(whole) == 1 and _is_sum(whole[0], parts):
            dropped += parts
    # Of a price with taxes, its parts without them are only told.
    taxed = {
        (one.meaning.part, one.meaning.register) for one in series if _is_whole(one) and one.meaning.tax is Tax.TTC
    }
    sums = {(one.meaning.part, one.meaning.register) for one in series if _is_whole(one) and one.meaning.tax is Tax.HT}
    dropped += [
        one
        for one in series
        if not _is_whole(one) and one.meaning.tax is Tax.HT and (one.meaning.part, one.meaning.register) in taxed - sums
    ]
    return [one for one in series if one not in dropped]


def _is_whole(one: Series) -> bool:
    return not one.meaning.component


def _is_sum(whole: Series, parts: Sequence[Series]) -> bool:
    """The parts make the whole, but for rounding, in every row in which all of them stand."""
    columns = [{one.row: one.figure.value * series.factor for one in series.placed} for series in (whole, *parts)]
    rows = set.intersection(*(set(column) for column in columns))
    cent = min(Decimal(1).scaleb(-one.figure.decimals) * whole.factor for one in whole.placed)
    off = [abs(columns[0][row] - sum(column[row] for column in columns[1:])) for row in rows]
    return bool(off) and max(off) <= cent * len(columns)


def _check_parts(series: Sequence[Series]) -> None:
    """See that no columns are parts of one price: they would have to be added up with the taxes on each.

    Raises:
        GridError: some are.
    """
    parts: dict[object, set[str]] = {}
    for one in series:
        if one.meaning.component:
            parts.setdefault((one.meaning.part, one.meaning.tax, one.meaning.register), set()).add(
                one.meaning.component
            )
    if any(len(found) > 1 for found in parts.values()):
        raise GridError(_("its prices are given in parts, without their sum"))


def _with_hours(prices: Sequence[Series], header: GridHeader) -> list[Series]:
    """The columns of prices, those that name no hours under a header that names both told apart by which is dearer."""
    words = bare(header.text)
    unnamed = [one for one in prices if one.meaning.hours is None and one.meaning.own is None]
    if not all(pattern.search(words) for _name, pattern in HOURS) or len(unnamed) != len(prices):
        return list(prices)
    groups: dict[object, list[Series]] = {}
    for one in unnamed:
        groups.setdefault((one.meaning.tax, one.meaning.whose, one.meaning.colour), []).append(one)
    if any(len(ones) != 2 for ones in groups.values()):
        return list(prices)
    return [
        replace(one, meaning=replace(one.meaning, hours=hours))
        for ones in groups.values()
        for hours, one in zip(("HC", "HP"), sorted(ones, key=lambda one: one.placed[0].figure.value), strict=True)
    ]


def _paid(series: Sequence[Series], told: list[str]) -> list[Series]:
    """The columns of the price that is paid, where the list price or the regulated one stands beside it.

    Raises:
        GridError: two columns say the same, with different figures.
    """
    whose = {one.meaning.whose for one in series}
    best = min(whose, key=_PREFERRED.index, default=Whose.OFFER)
    by_key: dict[object, list[Series]] = {}
    for one in series:
        # Struck out alone, a price is closed to new customers; beside another one, it gives way to it.
        if one.meaning.whose in (best, Whose.STRUCK):
            by_key.setdefault(_key(one), []).append(one)
    kept = []
    for ones in by_key.values():
        chosen = [one for one in ones if one.meaning.whose is best] or ones
        discounted = [one for one in chosen if one.meaning.discounted]
        if discounted and len(discounted) < len(chosen):
            told += [_listed(one) for one in chosen if one not in discounted and one.meaning.tax is Tax.TTC]
            chosen = discounted
        if len({tuple(one.figure.value for one in each.placed) for each in chosen}) > 1:
            raise GridError(_("two of its columns say the same, with different figures"))
        kept.append(chosen[0])
    if {Whose.OFFER, Whose.LIST} <= whose:
        told += [_listed(one) for one in series if one.meaning.whose is Whose.LIST and one.meaning.tax is Tax.TTC]
    return kept


def _key(one: Series) -> object:
    meaning = one.meaning
    return (meaning.tax, meaning.option if meaning.part is PricePart.SUBSCRIPTION else meaning.register)


def _listed(one: Series) -> str:
    prices = sorted({placed.figure.value * one.factor for placed in one.placed})
    return _("the discounted price counts; without the discount it is {prices} EUR/kWh ({register})").format(
        prices="; ".join(number(float(price), 4) for price in prices), register=one.meaning.register
    )


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


def _taxed(subscriptions: Sequence[Series]) -> list[Series]:
    """The subscriptions of several options, each with the one tax that is named over some of them."""
    taxes = {one.meaning.tax for one in subscriptions} - {None}
    options = {one.meaning.option for one in subscriptions}
    if len(taxes) != 1 or len(options) < len(subscriptions) or None in options:
        return list(subscriptions)
    (tax,) = taxes
    return [replace(one, meaning=replace(one.meaning, tax=tax)) for one in subscriptions]


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
