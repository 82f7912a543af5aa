"""The lines of a bill, each rounded to the cent."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from linkytui.civil.days import ONE_DAY, days_in_month
from linkytui.reading.contracts import Contract
from linkytui.tariffs.offers import Offer

CENT: Final = Decimal("0.01")
_KWH: Final = Decimal(1000)


def to_cents(amount: Decimal) -> Decimal:
    """EUR rounded to the cent, a half up."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def energy_amount(wh: int, price: Decimal) -> Decimal:
    """What Wh cost at a price in EUR/kWh, to the cent."""
    return to_cents(wh * price / _KWH)


@dataclass(frozen=True, slots=True, kw_only=True)
class BillLine:
    """One register over days in which its price stayed the same."""

    first: date  # first day
    end: date  # the day after the last one
    register: str
    wh: int  # Wh
    estimated_wh: int  # the part of it that was spread over a time without records
    price: Decimal  # EUR/kWh, all taxes included
    offer: Offer | None  # where the price comes from; None for what is sold, whose price is set by hand

    @property
    def last(self) -> date:
        """The last day."""
        return self.end - ONE_DAY

    @property
    def amount(self) -> Decimal:
        """EUR, to the cent."""
        return energy_amount(self.wh, self.price)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionLine:
    """The subscription over days of one month in which its price stayed the same."""

    first: date  # first day
    end: date  # the day after the last one
    offer: Offer

    @property
    def last(self) -> date:
        """The last day."""
        return self.end - ONE_DAY

    @property
    def days(self) -> int:
        """How many days are paid."""
        return (self.end - self.first).days

    @property
    def month_days(self) -> int:
        """How many days the month has."""
        return days_in_month(self.first)

    @property
    def price(self) -> Decimal:
        """EUR a month, all taxes included."""
        return self.offer.subscription

    @property
    def amount(self) -> Decimal:
        """EUR, to the cent."""
        return to_cents(self.price * self.days / self.month_days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpriced:
    """Days of which no price is known."""

    first: date  # first day
    end: date  # the day after the last one
    contract: Contract
    registers: tuple[str, ...]  # those whose price is not known
    wh: int  # Wh that stay without a price
