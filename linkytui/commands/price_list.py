"""Prices as a printed list: each offer with its source, then a line per power."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby

from linkytui.billing.rows import source_text
from linkytui.commands.columns import columns
from linkytui.i18n import _, long_date, number
from linkytui.tariffs.offers import Offer, OfferKey, PriceSource
from linkytui.wording.terms import contract_name, money

_POWER, _COLUMN = 6, 9  # widths in characters
_EXACT = 5  # decimals of a price; some grids have as many


def price_list(offers: Iterable[Offer], now: float) -> Iterator[str]:
    """The lines of the list. `offers`: those that belong together one after the other."""

    def together(offer: Offer) -> tuple[OfferKey, date | None, PriceSource]:
        return offer.key, offer.valid_from, offer.source

    for place, ((key, valid_from, source), group) in enumerate(groupby(offers, key=together)):
        rows = list(group)
        if place:
            yield ""
        parts = [key.title, contract_name(key.option)]
        if valid_from:
            parts.append(_("from {day}").format(day=long_date(valid_from)))
        yield ", ".join(parts)
        yield f"  {source_text(source, now)}"
        if rows[0].mute:
            yield "  " + _("Only for meters that do not communicate: a Linky cannot have it.")
        yield from (f"  {period}: {said}" for period, said in rows[0].hours.items())
        yield from _rows(rows)


def _rows(offers: Sequence[Offer]) -> Iterator[str]:
    registers = list(offers[0].prices)
    decimals = 4 if all(round(float(p), 4) == float(p) for offer in offers for p in offer.prices.values()) else _EXACT
    width = max(_COLUMN, *(len(register) + 2 for register in registers))
    yield _line("kVA", _("EUR/month"), registers, width)
    for offer in offers:
        prices = [number(float(offer.prices[register]), decimals) for register in registers]
        yield _line(str(offer.power_kva), money(offer.subscription), prices, width)


def _line(power: str, subscription: str, prices: Iterable[str], width: int) -> str:
    cells = (power, subscription, *prices)
    return columns(cells, (_POWER, _COLUMN + 2, *[width] * (len(cells) - 2)))
