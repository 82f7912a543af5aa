"""The regulated tariff, EDF's Tarif Bleu since 2012, as shipped with the program."""

import csv
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final

from linkytui.reading.contracts import Contract
from linkytui.tariffs.offers import Offer, PriceKind, PriceSource

PROVIDER: Final = "EDF"
OFFER: Final = "Tarif Bleu"

_FILE: Final = Path(__file__).with_name("regulated.csv")


def _pairs(text: str) -> list[tuple[str, Decimal]]:
    words = text.split()
    return [(name, Decimal(figure)) for name, figure in zip(words[::2], words[1::2], strict=True)]


@cache
def regulated_offers() -> tuple[Offer, ...]:
    """Every price of the regulated tariff that comes with the program, oldest first.

    One line of the file is a day, an option, EUR/kWh per register, and the powers (kVA) that pay these prices, each
    with its subscription (EUR a month), all TTC. Until January 2023 a subscription is the twelfth of the yearly
    figure, which differs by cents from what EDF billed; since then it is EDF's own.
    """
    source = PriceSource(kind=PriceKind.REGULATED, file=_FILE.name)
    with _FILE.open(encoding="ascii", newline="") as lines:
        return tuple(
            Offer(
                provider=PROVIDER,
                offer=OFFER,
                option=Contract(row["option"]),
                power_kva=int(power),
                subscription=subscription,
                prices=dict(_pairs(row["prices"])),
                valid_from=date.fromisoformat(row["valid_from"]),
                source=source,
            )
            for row in csv.DictReader(lines)
            for power, subscription in _pairs(row["subscriptions"])
        )
