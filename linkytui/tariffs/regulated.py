"""The regulated tariff, EDF's Tarif Bleu since 2012, as shipped with the program."""

import csv
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final

from linkytui.reading.contracts import Contract
from linkytui.tariffs.offers import Offer, PriceKind, PriceSource
from linkytui.wording.plain import plain

PROVIDER: Final = "EDF"
OFFER: Final = "Tarif Bleu"

_LOCAL: Final = frozenset(
    {
        *("caleo", "edsb", "energis", "es", "es energies", "electricite de strasbourg", "gascogne energies services"),
        *("gaz electricite de grenoble", "gazelec de peronne", "gedia", "geg", "seolis", "sorea", "soregies"),
        *("synelva", "uem", "usine d electricite de metz", "vialis"),
    }
)
"""Suppliers that distribute electricity in an area of their own and sell the regulated tariff there, by plain names."""

_LOCAL_WORDS: Final = ("sicae", "sicap", "regie", "regies")
"""Words in the names of the many others."""

_FILE: Final = Path(__file__).with_name("regulated.csv")


def is_local(provider: str | None) -> bool:
    """Whether a supplier, as a person writes it, sells the regulated tariff in an area of its own."""
    name = plain(provider or "")
    return name in _LOCAL or any(f" {word} " in f" {name} " for word in _LOCAL_WORDS)


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
