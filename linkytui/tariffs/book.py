"""The price book: every known price by its first day, and the one in force on a given day."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Final

from linkytui.civil.price_days import last_change
from linkytui.reading.contracts import Contract
from linkytui.tariffs.offers import OPTIONS, HandPrices, Offer, OfferKey, PriceKind
from linkytui.tariffs.regulated import OFFER, PROVIDER, regulated_offers

REGULATED_BASE: Final = OfferKey(PROVIDER, OFFER, Contract.BASE)

PUBLISHING_DAYS: Final = timedelta(days=3)
"""A supplier may publish its new grid that long after the day from which it holds."""

_Index = dict[OfferKey, dict[int, list[Offer]]]


@dataclass(frozen=True, slots=True)
class PriceSpan:
    """Days during which one and the same price holds."""

    first: date
    end: date  # the day after the last one
    offer: Offer


def _day(offer: Offer) -> date:
    return offer.valid_from or date.min


class PriceBook:
    """Every price known. Looking up is safe on one thread while another adds.

    A supplier's grid wins over the history that comes with the program, and prices by hand win over both.
    """

    def __init__(self, grids: Iterable[Offer] = (), hand: HandPrices | None = None) -> None:
        self.hand = hand
        self._index: _Index = {}
        self.add((*regulated_offers(), *grids))

    def add(self, offers: Iterable[Offer]) -> None:
        """Take these prices in. One for the same offer, power and day as a known one takes its place."""
        index = {key: {power: list(row) for power, row in powers.items()} for key, powers in self._index.items()}
        for offer in offers:
            row = index.setdefault(offer.key, {}).setdefault(offer.power_kva, [])
            place = bisect_right(row, _day(offer), key=_day)
            if place and _day(row[place - 1]) == _day(offer):
                if offer.source.kind is not PriceKind.REGULATED or row[place - 1].source.kind is PriceKind.REGULATED:
                    row[place - 1] = offer
            else:
                row.insert(place, offer)
        self._index = index

    @property
    def grids(self) -> tuple[Offer, ...]:
        """What was read in suppliers' grids, by offer, power and day."""
        return tuple(offer for offer in self._all() if offer.source.kind is PriceKind.GRID)

    @property
    def keys(self) -> tuple[OfferKey, ...]:
        """Every offer of which a price is known, the hand's own included, by supplier and name."""
        keys = set(self._index)
        if self.hand:
            keys.add(self.hand.key)
        return tuple(sorted(keys, key=_by_name))

    def _all(self) -> list[Offer]:
        index = self._index
        return [
            offer for key in sorted(index, key=_by_name) for power in sorted(index[key]) for offer in index[key][power]
        ]

    def _grid_at(self, key: OfferKey, power_kva: int, day: date) -> Offer | None:
        row = self._index.get(key, {}).get(power_kva, [])
        place = bisect_right(row, day, key=_day)
        return row[place - 1] if place else None

    def price_at(self, key: OfferKey, power_kva: int, day: date) -> Offer | None:
        """The price of an offer that is in force on a day; None when none is known. Never one that begins later.

        `power_kva`: exactly as subscribed: Tempo at 24 kVA has a price since August 2026 only, EJP none at 24 or 30.
        """
        offer = self._grid_at(key, power_kva, day)
        if self.hand and self.hand.concerns(key, power_kva):
            return self.hand.over(offer, power_kva)
        return offer

    def spans(self, key: OfferKey, power_kva: int, first: date, end: date) -> tuple[PriceSpan, ...]:
        """The prices in force over some days, in order. Days without a known price belong to no span."""
        row = self._index.get(key, {}).get(power_kva, [])
        days = [first, *(_day(offer) for offer in row if first < _day(offer) < end), end]
        spans = []
        for start, stop in pairwise(days):
            offer = self.price_at(key, power_kva, start)
            if offer is not None and start < stop:
                spans.append(PriceSpan(start, stop, offer))
        return tuple(spans)

    def in_force(self, day: date, power_kva: int | None = None) -> tuple[Offer, ...]:
        """What every known offer asks on a day, by supplier, offer, option and power.

        `power_kva`: one power only. Where an offer does not have it, the next higher one that it has stands for it.
        """
        found = []
        for key in self.keys:
            powers = set(self._index.get(key, {}))
            if self.hand and self.hand.key == key and (power := self.hand.power_kva or power_kva):
                powers.add(power)
            for power in sorted(powers):
                if power_kva is not None and power < power_kva:
                    continue
                offer = self.price_at(key, power, day)
                if offer is not None:
                    found.append(offer)
                    if power_kva is not None:
                        break
        return tuple(found)

    def ahead(self, day: date) -> tuple[Offer, ...]:
        """The prices already known that begin after this day."""
        return tuple(offer for offer in self._all() if _day(offer) > day)

    def overdue(self, day: date, key: OfferKey = REGULATED_BASE) -> date | None:
        """The day on which new prices of a regulated offer were expected, when the book knows none from then on.

        None when the book is up to date, when the supplier has served the same grid again since, or when the offer is
        not a regulated one: others change when their supplier likes.
        """
        offers = [offer for row in self._index.get(key, {}).values() for offer in row]
        if not offers or key.offer != OFFER:
            return None
        expected = last_change(day)
        if max(_day(offer) for offer in offers) >= expected:
            return None
        seen = max((offer.source.fetched_at or 0.0 for offer in offers), default=0.0)
        if datetime.fromtimestamp(seen, UTC).date() > expected + PUBLISHING_DAYS:
            return None
        return expected


def _by_name(key: OfferKey) -> tuple[str, str, int]:
    return (key.provider.casefold(), key.offer.casefold(), OPTIONS.index(key.option) if key.option in OPTIONS else 9)
