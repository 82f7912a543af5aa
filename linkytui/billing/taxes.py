"""The taxes in the prices of a household, by the law of each day: excise, CTA and VAT. Sources: docs/billing.md."""

from bisect import bisect_right
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

VAT_ON_ENERGY: Final = Decimal("0.20")
"""On energy and excise."""

_REDUCED_VAT: Final = Decimal("0.055")
_VAT_ALIKE: Final = date(2025, 8, 1)
"""From this day on the subscription and the CTA pay the full rate (law 2025-127, article 20); the day that is paid for
counts, not that of the invoice (BOI-RES-TVA-000209)."""

_EXCISE: Final = (
    (date(2023, 2, 1), Decimal("0.00100")),
    (date(2024, 2, 1), Decimal("0.02100")),
    (date(2025, 2, 1), Decimal("0.03370")),
    (date(2025, 8, 1), Decimal("0.02998")),
    (date(2026, 2, 1), Decimal("0.03085")),
    (date(2026, 8, 1), Decimal("0.03062")),
)
"""EUR/kWh without VAT, households up to 36 kVA. Before 2023 each town and department had taxes of its own."""


class _NetworkPart(NamedTuple):
    """What the network asks a year whatever is drawn: the base of the CTA."""

    fixed: Decimal  # EUR a year
    per_kva: Decimal  # EUR a year and kVA


_CTA_RATE: Final = ((date(2021, 8, 1), Decimal("0.2193")), (date(2026, 2, 1), Decimal("0.15")))

_NETWORK: Final = (
    (date(2023, 2, 1), _NetworkPart(Decimal("33.90"), Decimal("8.65"))),
    (date(2023, 8, 1), _NetworkPart(Decimal("35.30"), Decimal("9.00"))),
    (date(2024, 11, 1), _NetworkPart(Decimal("36.90"), Decimal("9.43"))),
    (date(2025, 2, 1), _NetworkPart(Decimal("39.30"), Decimal("10.09"))),
    (date(2025, 8, 1), _NetworkPart(Decimal("38.80"), Decimal("10.11"))),
    (date(2026, 8, 1), _NetworkPart(Decimal("39.60"), Decimal("10.43"))),
)
"""Of the formulas with four periods, which the regulated tariff pays on a Linky."""


def vat_on_subscription(day: date) -> Decimal:
    """The rate that a day of the subscription and of the CTA pays: 0.055 or 0.20."""
    return VAT_ON_ENERGY if day >= _VAT_ALIKE else _REDUCED_VAT


def excise(day: date) -> Decimal | None:
    """EUR/kWh without VAT; None where it is not known."""
    place = bisect_right(_EXCISE, day, key=lambda row: row[0])
    return _EXCISE[place - 1][1] if place else None


def cta(day: date, power_kva: int) -> Decimal | None:
    """EUR a month without VAT; None where it is not known. Suppliers whose network formula is another ask some cents
    more.
    """
    rate = bisect_right(_CTA_RATE, day, key=lambda row: row[0])
    part = bisect_right(_NETWORK, day, key=lambda row: row[0])
    if not rate or not part or not power_kva:
        return None
    network = _NETWORK[part - 1][1]
    return _CTA_RATE[rate - 1][1] * (network.fixed + network.per_kva * power_kva) / 12


def law(day: date) -> tuple[object, ...]:
    """What is the same on days that are taxed alike."""
    return excise(day), vat_on_subscription(day), cta(day, 6)
