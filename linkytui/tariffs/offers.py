"""An offer: what one supplier asks for one option at one power, from one day on, and where that was read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final, NamedTuple

from linkytui.civil.times import Timestamp
from linkytui.i18n import _
from linkytui.reading.contracts import REGISTERS, Contract

OPTIONS: Final = (Contract.BASE, Contract.HPHC, Contract.TEMPO, Contract.EJP)
"""The options that grids can be read for and bills worked out for."""

POWERS: Final = (3, 6, 9, 12, 15, 18, 24, 30, 36)  # kVA that the regulated tariff knows

CENT_OF_A_CENT: Final = Decimal("0.0001")
"""EUR. What is worked out of yearly figures is kept to this, finer than any grid prints a subscription."""


class PriceKind(StrEnum):
    """How a price came to be known."""

    GRID = "grid"  # read in a supplier's grid
    REGULATED = "regulated"  # the regulated tariff's history that comes with the program
    HAND = "hand"  # set by the person who pays


class OfferKey(NamedTuple):
    """What stays the same while the prices of an offer change."""

    provider: str
    offer: str
    option: Contract

    @property
    def title(self) -> str:
        """The supplier and the offer, for a person."""
        return f"{self.provider} {self.offer}".strip() or _("Prices set by hand")


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceSource:
    """Where a price was read."""

    kind: PriceKind
    file: str  # name of the document or of the settings; for a fetched grid, the last part of its address
    sha256: str | None = None  # of the document, hexadecimal
    page: int | None = None  # from 1
    url: str | None = None  # where the document was fetched; None for one that was given as a file
    fetched_at: Timestamp | None = None  # seconds since 1970 at which the supplier last served this very document
    corrects: "PriceSource | None" = None
    """Where what is not set by hand was read, of prices that are so in part; None for all others."""

    def as_json(self) -> dict[str, object]:
        """The object that stands in that of an offer."""
        shown: dict[str, object] = {"file": self.file, "sha256": self.sha256, "page": self.page}
        if self.kind is not PriceKind.GRID:
            shown["kind"] = self.kind.value
        if self.url:
            shown["url"] = self.url
        if self.fetched_at is not None:
            shown["fetched_at"] = self.fetched_at
        if self.corrects is not None:
            shown["corrects"] = self.corrects.as_json()
        return shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """The prices of one offer, in one option, at one power, from one day on. All taxes included."""

    provider: str
    offer: str
    option: Contract
    power_kva: int  # kVA subscribed
    subscription: Decimal  # EUR a month
    prices: Mapping[str, Decimal] = field(hash=False)  # EUR/kWh for each register of the option, in the meter's order
    valid_from: date | None
    """First day, by the French calendar. None for prices by hand that stand alone: they hold at all times."""
    source: PriceSource
    hours: Mapping[str, str] = field(default_factory=dict, hash=False)
    """What the grid says of when each period of a calendar of the supplier's own is; those of which it says nothing are
    left out."""
    mute: bool = False  # for meters that do not communicate, so that no Linky can have it
    names: Mapping[str, str] = field(default_factory=dict, hash=False)
    """What the supplier calls the period that each register counts, where prices of an own calendar were brought under
    the meter's registers."""
    said: Mapping[str, str] = field(default_factory=dict, hash=False, compare=False)
    """What the meter calls those periods, for people; where the supplier does, its word counts more."""

    @property
    def called(self) -> Mapping[str, str]:
        """What the registers of the supplier's own calendar are called, for people."""
        return {**self.said, **self.names}

    @property
    def key(self) -> OfferKey:
        """What stays the same while its prices change."""
        return OfferKey(self.provider, self.offer, self.option)

    def name_of(self, register: str) -> str:
        """What the supplier calls the period that a register counts; the register itself in regulated options."""
        return self.names.get(register, register)

    def as_json(self) -> dict[str, object]:
        """The object that `prices --json` prints."""
        shown: dict[str, object] = {
            "provider": self.provider,
            "offer": self.offer,
            "option": self.option.value,
            "power_kva": self.power_kva,
            "valid_from": self.valid_from.isoformat() if self.valid_from else None,
            "subscription_eur_month": float(self.subscription),
            "prices_eur_kwh": {self.name_of(register): float(price) for register, price in self.prices.items()},
            "source": self.source.as_json(),
        }
        if self.hours:
            shown["hours"] = dict(self.hours)
        if self.mute:
            shown["communicating"] = False
        return shown


PricesOn = Callable[[Contract, date], Offer | None]
"""The price of a contract's option that is in force on a day; None when none is known."""


def in_meter_order(option: Contract, prices: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """The prices in the order of the option's registers; other registers after them."""
    known = [register for register in REGISTERS[option] if register in prices]
    return {register: prices[register] for register in (*known, *(r for r in prices if r not in known))}


@dataclass(frozen=True, slots=True, kw_only=True)
class HandPrices:
    """Prices set by the person who pays. They win over every grid, each for itself."""

    key: OfferKey  # the offer that they correct
    power_kva: int | None = None  # kVA subscribed; None when it is not known, and then they hold at any power
    prices: Mapping[str, Decimal] = field(default_factory=dict, hash=False)
    """EUR/kWh TTC for the registers that are set."""
    subscription: Decimal | None = None  # EUR a month TTC; None leaves the grid's

    def concerns(self, key: OfferKey, power_kva: int) -> bool:
        """True when they speak of this offer at this power."""
        return key == self.key and self.power_kva in (None, power_kva)

    def over(self, offer: Offer | None, power_kva: int) -> Offer | None:
        """The offer with these prices in place of its own.

        Without an offer to correct they must be complete, else there is nothing to bill with.
        """
        registers = REGISTERS[self.key.option]
        mine = {register: price for register, price in self.prices.items() if register in registers}
        if not mine and self.subscription is None:
            return offer
        source = PriceSource(kind=PriceKind.HAND, file="")
        if offer is not None:
            if self.subscription is None or len(mine) < len(offer.prices):
                source = replace(source, corrects=offer.source)
            return replace(
                offer,
                prices=in_meter_order(self.key.option, {**offer.prices, **mine}),
                subscription=offer.subscription if self.subscription is None else self.subscription,
                source=source,
            )
        # A supplier's own calendar uses as many of the ten registers as it likes.
        complete = bool(mine) if self.key.option is Contract.OTHER else len(mine) == len(registers)
        if self.subscription is None or not complete:
            return None
        return Offer(
            provider=self.key.provider,
            offer=self.key.offer,
            option=self.key.option,
            power_kva=power_kva,
            subscription=self.subscription,
            prices=in_meter_order(self.key.option, mine),
            valid_from=None,
            source=source,
        )
