"""The current rate in EUR per hour, and the cost of a short span."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from linkytui.billing.energy import contract_of_register
from linkytui.billing.lines import energy_amount
from linkytui.reading.contracts import INJECTED
from linkytui.tariffs.offers import Offer, PricesOn


class Basis(StrEnum):
    """The power that a rate is worked out from."""

    ACTIVE = "W"  # what the bill counts
    APPARENT = "VA"  # what the meter says at once: the rate is then the most that it can be


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """What an hour would cost if all stayed as it is."""

    eur_per_hour: Decimal
    basis: Basis
    register: str  # the register that counts
    price: Decimal  # EUR/kWh, all taxes included
    offer: Offer


class Price(NamedTuple):
    """What a kWh costs while a register counts."""

    register: str
    eur: Decimal  # EUR/kWh, all taxes included
    offer: Offer


def rate_now(
    prices: PricesOn, register: str | None, day: date, *, watts: float | None, volt_amperes: float | None
) -> Rate | None:
    """What an hour costs at the power drawn now; None where the price, the register or the power is not known.

    Apparent power stands in for the active one where that is not known, and is never below it.
    """
    price = price_now(prices, register, day)
    power, basis = (watts, Basis.ACTIVE) if watts is not None else (volt_amperes, Basis.APPARENT)
    if power is None or price is None:
        return None
    # Rounded before it is multiplied: a power has no digits below a milliwatt.
    kilowatts = Decimal(round(power * 1000)) / 1_000_000
    return Rate(
        eur_per_hour=kilowatts * price.eur, basis=basis, register=price.register, price=price.eur, offer=price.offer
    )


def price_now(prices: PricesOn, register: str | None, day: date) -> Price | None:
    """What a kWh costs while a register counts; None where the register or its price is not known."""
    contract = contract_of_register(register) if register else None
    offer = prices(contract, day) if contract is not None else None
    price = offer.prices.get(register) if register is not None and offer is not None else None
    return None if register is None or offer is None or price is None else Price(register, price, offer)


def cost_of(wh: Mapping[str, int], prices: PricesOn, day: date) -> Decimal | None:
    """What the energy of a while on one day costs in EUR, to the cent, without subscription, by Wh of each register.

    None where a price is not known.
    """
    amounts = cost_by_register(wh, prices, day)
    return None if amounts is None else sum(amounts.values(), Decimal("0.00"))


def cost_by_register(wh: Mapping[str, int], prices: PricesOn, day: date) -> dict[str, Decimal] | None:
    """The same for each register that counted; None where a price is not known."""
    amounts = {}
    for register, drawn in wh.items():
        contract = contract_of_register(register)
        if register == INJECTED or not drawn:
            continue
        offer = prices(contract, day) if contract is not None else None
        price = offer.prices.get(register) if offer is not None else None
        if price is None:
            return None
        amounts[register] = energy_amount(drawn, price)
    return amounts
