"""What must hold in every grid before its prices are used."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from linkytui.errors import GridError
from linkytui.i18n import _, number
from linkytui.reading.contracts import Contract
from linkytui.tariffs.grid.columns import Tax
from linkytui.tariffs.grid.tables import GridTable
from linkytui.tariffs.offers import POWERS

PRICES: Final = (Decimal("0.05"), Decimal("1.6"))
"""EUR/kWh TTC: from the cheapest night to the dearest day of EJP (1.5197 in 2024)."""
SUBSCRIPTIONS: Final = (Decimal(3), Decimal(150))  # EUR a month TTC
VAT: Final = Decimal("1.2")  # on energy and its excise, since 2014
EXCISE: Final = (Decimal("-0.0004"), Decimal("0.05"))
"""EUR/kWh without VAT: what lies between HT and TTC; nothing in a grid of transport. The figures are rounded."""
EXCISE_SPREAD: Final = Decimal("0.0004")  # EUR/kWh: the excise is the same for all prices of a grid, but for rounding

_DEARER: Final = (("HC", "HP"), ("HCJB", "HPJB"), ("HCJW", "HPJW"), ("HCJR", "HPJR"), ("HN", "PM"))
_RARE: Final = {Contract.TEMPO: {24}, Contract.EJP: {24, 30}}
"""Powers that an option may lack between others that it has."""


def check(table: GridTable) -> None:
    """See that a whole table can be true. Raises GridError: it cannot, the text says why."""
    _check_powers(table)
    previous = Decimal(0)
    for power, row in sorted(table.rows.items()):
        subscription = row.subscription[Tax.TTC] / 12
        if not SUBSCRIPTIONS[0] <= subscription <= SUBSCRIPTIONS[1]:
            raise GridError(
                _("a subscription of {value} EUR a month at {power} kVA cannot be; is its unit right?").format(
                    value=number(float(subscription), 2), power=power
                )
            )
        if subscription < previous:
            raise GridError(_("the subscription at {power} kVA is lower than at a lower power").format(power=power))
        previous = subscription
        without = row.subscription.get(Tax.HT)
        if without is not None and not 1 < row.subscription[Tax.TTC] / max(without, Decimal("0.01")) < 2:
            raise GridError(_("the subscription at {power} kVA does not fit the one without taxes").format(power=power))
        _check_prices(power, row.prices[Tax.TTC])
    _check_excise(table)


def _check_powers(table: GridTable) -> None:
    powers = sorted(table.rows)
    ladder = POWERS if set(powers) <= set(POWERS) else range(powers[0], powers[-1] + 1)
    rare = _RARE.get(table.option or Contract.OTHER, set())
    usual = 9 if table.option is Contract.EJP else 6
    missing = [p for p in ladder if powers[0] < p < powers[-1] and p not in table.rows and p not in rare]
    if usual not in table.rows:
        missing = [usual, *missing]
    if missing:
        raise GridError(_("{powers} kVA is missing").format(powers=", ".join(map(str, sorted(set(missing))))))


def _check_prices(power: int, prices: Mapping[str, Decimal]) -> None:
    for register, price in prices.items():
        if not PRICES[0] <= price <= PRICES[1]:
            raise GridError(
                _("a price of {value} EUR/kWh ({register}, {power} kVA) cannot be; is its unit right?").format(
                    value=number(float(price), 4), register=register, power=power
                )
            )
    for cheap, dear in _DEARER:
        if cheap in prices and prices[cheap] > prices[dear]:
            raise GridError(
                _("{cheap} costs more than {dear} at {power} kVA").format(cheap=cheap, dear=dear, power=power)
            )


def _check_excise(table: GridTable) -> None:
    """TTC is (HT + excise) x VAT, with one excise for the whole grid."""
    found = [price / VAT - without for _power, price, without in _pairs(table)]
    if not found:
        return
    if min(found) < EXCISE[0] or max(found) > EXCISE[1] or max(found) - min(found) > EXCISE_SPREAD:
        raise GridError(_("its prices with taxes do not fit those without"))


def _pairs(table: GridTable) -> Iterator[tuple[int, Decimal, Decimal]]:
    """Each price that is printed with and without taxes."""
    for power, row in table.rows.items():
        without = row.prices.get(Tax.HT, {})
        for register, price in row.prices[Tax.TTC].items():
            if register in without:
                yield power, price, without[register]
