"""Which columns of a table count: not what stands beside them once more for a year, in parts, or as another's price."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from linkytui.errors import GridError
from linkytui.i18n import _, number
from linkytui.tariffs.grid.columns import PricePart, Tax, Whose
from linkytui.tariffs.grid.header import GridHeader
from linkytui.tariffs.grid.periods import HOURS
from linkytui.tariffs.grid.series import Series
from linkytui.wording.plain import bare

_MONTHS: Final = Decimal(12)
_YEAR_OFF: Final = Decimal("0.12")
"""EUR by which a year may differ from twelve months that are printed to the cent."""
_PREFERRED: Final = (Whose.OFFER, Whose.LIST, Whose.STRUCK, Whose.REGULATED)
"""Whose price counts where a table prints several."""


def without_years(series: Sequence[Series]) -> list[Series]:
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


def without_parts(series: Sequence[Series]) -> list[Series]:
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


def check_parts(series: Sequence[Series]) -> None:
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


def with_hours(prices: Sequence[Series], header: GridHeader) -> list[Series]:
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


def paid(series: Sequence[Series], told: list[str]) -> list[Series]:
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


def taxed(subscriptions: Sequence[Series]) -> list[Series]:
    """The subscriptions of several options, each with the one tax that is named over some of them."""
    taxes = {one.meaning.tax for one in subscriptions} - {None}
    options = {one.meaning.option for one in subscriptions}
    if len(taxes) != 1 or len(options) < len(subscriptions) or None in options:
        return list(subscriptions)
    (tax,) = taxes
    return [replace(one, meaning=replace(one.meaning, tax=tax)) for one in subscriptions]
