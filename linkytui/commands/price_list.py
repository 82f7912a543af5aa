"""Prices as a list for people: each offer with its source, and under it a line for each power."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby

from linkytui.i18n import _, long_date, number
from linkytui.tariffs.offers import Offer, OfferKey, PriceSource
from linkytui.wording.terms import contract_name, duration

_POWER, _COLUMN = 6, 9
"""Widths in characters."""
_EXACT = 5
"""Decimals of a price; some grids have as many."""


def price_list(offers: Iterable[Offer], now: float) -> Iterator[str]:
    """The lines of the list.

    Args:
        offers: those that belong together one after the other.
        now: seconds since 1970, for the age of what was fetched.
    """

    def together(offer: Offer) -> tuple[OfferKey, date | None, PriceSource]:
        return offer.key, offer.valid_from, offer.source

    for place, ((key, valid_from, source), group) in enumerate(groupby(offers, key=together)):
        rows = list(group)
        if place:
            yield ""
        title = key.title or _("Prices set by hand")
        parts = [title, contract_name(key.option)]
        if valid_from:
            parts.append(_("from {day}").format(day=long_date(valid_from)))
        yield ", ".join(parts)
        yield f"  {source_line(source, now)}"
        yield from _rows(rows)


def source_line(source: PriceSource, now: float) -> str:
    """Where a price was read, for a person, and how old that is."""
    if source.corrects is not None:
        return _("set by hand in part; the rest: {source}").format(source=source_line(source.corrects, now))
    if source.kind == "hand":
        return _("set by hand")
    if source.kind == "regulated":
        return _("regulated tariff, as it comes with linkytui")
    where = _("{file}, page {page}").format(file=source.file, page=source.page) if source.page else source.file
    if source.fetched_at is None:
        return where
    age = duration(now - source.fetched_at)
    return _("{where}, fetched {age} ago").format(where=where, age=age)


def _rows(offers: Sequence[Offer]) -> Iterator[str]:
    registers = list(offers[0].prices)
    decimals = 4 if all(round(float(p), 4) == float(p) for offer in offers for p in offer.prices.values()) else _EXACT
    yield _line("kVA", _("EUR/month"), registers)
    for offer in offers:
        prices = [number(float(offer.prices[register]), decimals) for register in registers]
        yield _line(str(offer.power_kva), number(float(offer.subscription), 2), prices)


def _line(power: str, subscription: str, prices: Iterable[str]) -> str:
    return f"{power:>{_POWER}}{subscription:>{_COLUMN + 2}}" + "".join(f"{price:>{_COLUMN}}" for price in prices)
