"""The regulated tariff that comes with the program, against the table it was made from."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from linkytui.reading import REGISTERS
from linkytui.tariffs.offers import POWERS, Offer
from linkytui.tariffs.regulated import regulated_offers

COLUMNS = {
    "price_base": "BASE",
    "price_hp": "HP",
    "price_hc": "HC",
    "price_bleu_hc": "HCJB",
    "price_bleu_hp": "HPJB",
    "price_blanc_hc": "HCJW",
    "price_blanc_hp": "HPJW",
    "price_rouge_hc": "HCJR",
    "price_rouge_hp": "HPJR",
    "price_ejp_normal": "HN",
    "price_ejp_pointe": "PM",
}


def row_of(offer: Offer) -> tuple[str, str, int, Decimal, dict[str, Decimal]]:
    """What identifies and prices one offer."""
    assert offer.valid_from is not None
    return (
        offer.valid_from.isoformat(),
        offer.option.value,
        offer.power_kva,
        offer.subscription,
        dict(sorted(offer.prices.items())),
    )


def test_every_figure_of_the_table_is_there_and_no_other(tariffs: Path) -> None:
    with (tariffs / "trv.csv").open(encoding="utf-8", newline="") as lines:
        expected = [
            (
                row["valid_from"],
                row["option"],
                int(row["power_kva"]),
                Decimal(row["subscription_eur_month_ttc"]),
                {
                    name: Decimal(row[column])
                    for column, name in sorted(COLUMNS.items(), key=lambda c: c[1])
                    if row[column]
                },
            )
            for row in csv.DictReader(lines)
        ]
    by_row = sorted(map(row_of, regulated_offers()), key=lambda row: row[:3])
    assert by_row == sorted(expected, key=lambda row: row[:3])


SUMS = {
    "BASE": (152, "2828.00", {"BASE": "27.6875"}),
    "HPHC": (193, "4907.97", {"HC": "27.5022", "HP": "36.3598"}),
    "TEMPO": (
        129,
        "3154.54",
        {
            "HCJB": "15.1521",
            "HPJB": "18.79856",
            "HCJW": "17.5055",
            "HPJW": "22.2657",
            "HCJR": "19.3859",
            "HPJR": "82.4742",
        },
    ),
    "EJP": (30, "810.77", {"HN": "4.8545", "PM": "35.3485"}),
}
"""By option, up to August 2026: how many rows, the sum of their EUR a month, and of their EUR/kWh by register."""


@pytest.mark.parametrize("option", SUMS)
def test_no_figure_of_the_past_has_changed(option: str) -> None:
    offers = [offer for offer in regulated_offers() if offer.option == option]
    offers = [offer for offer in offers if offer.valid_from is not None and offer.valid_from <= date(2026, 8, 1)]
    count, subscriptions, prices = SUMS[option]
    assert len(offers) == count
    assert sum(offer.subscription for offer in offers) == Decimal(subscriptions)
    for register, total in prices.items():
        assert sum(offer.prices[register] for offer in offers) == Decimal(total)


@pytest.mark.parametrize("offer", regulated_offers()[::37], ids=lambda offer: f"{offer.valid_from}-{offer.option}")
def test_a_price_names_every_register_of_its_option(offer: Offer) -> None:
    assert tuple(offer.prices) == REGISTERS[offer.option]


def test_the_history_is_sound() -> None:
    for offer in regulated_offers():
        assert offer.power_kva in POWERS
        assert Decimal(3) < offer.subscription < Decimal(100)
        assert all(Decimal("0.05") < price < Decimal("1.6") for price in offer.prices.values())
        assert offer.valid_from is not None
        assert date(2012, 7, 23) <= offer.valid_from <= date(2026, 8, 1)
