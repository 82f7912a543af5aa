"""The prices that replicas print: those of the regulated tariff, or made of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from linkytui.reading import Contract
from linkytui.tariffs.book import PriceBook
from linkytui.tariffs.offers import OfferKey

POWERS = (3, 6, 9, 12, 15, 18, 24, 30, 36)
EXCISE = Decimal("0.02998")
"""EUR/kWh from August 2025 to January 2026."""

_BOOK = PriceBook()

Expected = dict[tuple[str, int], tuple[Decimal, dict[str, Decimal]]]
"""By option and power: EUR a month, EUR/kWh by register, TTC."""


@dataclass(frozen=True)
class Replica:
    """A drawn grid and what a person reads in it."""

    pdf: bytes
    provider: str
    offer: str
    valid_from: date
    expected: Expected


def regulated(option: Contract, day: date) -> Mapping[int, tuple[Decimal, dict[str, Decimal]]]:
    """Subscription and prices by power."""
    key = OfferKey("EDF", "Tarif Bleu", option)
    found = {power: _BOOK.price_at(key, power, day) for power in POWERS}
    return {power: (offer.subscription, dict(offer.prices)) for power, offer in found.items() if offer}


def with_taxes(without: Decimal) -> Decimal:
    """A price per kWh TTC of one HT."""
    return ((without + EXCISE) * Decimal("1.2")).quantize(Decimal("0.0001"))


def expected(option: str, rows: Mapping[int, tuple[Decimal, dict[str, Decimal]]]) -> Expected:
    """What a person reads in some rows."""
    return {(option, power): row for power, row in rows.items()}
