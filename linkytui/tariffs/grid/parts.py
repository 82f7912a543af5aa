"""Prices given in parts: supply, transport and obligations, of which the customer pays the sum with its taxes once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from linkytui.errors import GridError
from linkytui.i18n import _
from linkytui.reading.contracts import Contract
from linkytui.tariffs.grid.columns import Tax
from linkytui.tariffs.grid.document import Document
from linkytui.tariffs.grid.judge import VAT
from linkytui.tariffs.grid.table import GridTable, RowFigures

_ONE_VAT_SINCE: Final = date(2025, 8, 1)
_LOW_VAT: Final = Decimal("1.055")
"""On subscriptions until then."""
_CENT: Final = Decimal("0.01")
_NEAR: Final = Decimal("0.06")
"""EUR a year: printed figures are rounded to the cent, and VAT is on top of that."""
_ROUNDED: Final = Decimal("0.0001")
"""EUR/kWh."""

# The network has one tariff for each way of using it; suppliers bill these two.
_TRANSPORT: Final = {Contract.BASE: "courte utilisation", Contract.HPHC: "moyenne utilisation"}
_METERS: Final = {Contract.BASE: ("simple",), Contract.HPHC: ("heures pleines", "hp hc")}


def whole_prices(document: Document, notes: list[str]) -> list[GridTable]:
    """The tables of a document with whole prices: those that print them, and the sums of those that print parts.

    Args:
        document: with its tables as they stand.
        notes: takes what could not be summed, and why, one line each.
    """
    tables = _with_both_taxes(document.tables)
    parts = [table for table in tables if table.rows]
    if not any("acheminement" in table.words for table in parts if not table.summed):
        return tables
    found: list[GridTable] = []
    for supply in parts:
        if not supply.whole or _is_addition(supply):
            continue
        try:
            found.append(_summed(supply, parts, document))
        except GridError as error:
            notes.append(_("page {page}: {reason}").format(page=supply.page, reason=error))
    return found


def _summed(supply: GridTable, parts: Sequence[GridTable], document: Document) -> GridTable:
    if supply.option not in _TRANSPORT:
        raise GridError(_("its prices are given in parts that make none of the options known"))
    day = document.valid_from(supply.page)
    if day is None:
        raise GridError(_("it does not say from which day its prices hold"))
    return _sum(supply, _transport(parts, supply.option), _obligation(parts, supply.option), day)


def _with_both_taxes(tables: Sequence[GridTable]) -> list[GridTable]:
    """The tables, those together that print the same prices once without taxes and once with them."""
    found: list[GridTable] = []
    used: set[int] = set()
    for place, table in enumerate(tables):
        if place in used or _taxes(table) != {Tax.HT}:
            continue
        for other, twin in enumerate(tables):
            if other not in used and _taxes(twin) == {Tax.TTC} and _is_twin(table, twin):
                used |= {place, other}
                found.append(_merged(table, twin))
                break
    return [*(table for place, table in enumerate(tables) if place not in used), *found]


def _taxes(table: GridTable) -> set[Tax]:
    return {tax for row in table.rows.values() for tax in (*row.subscription, *row.prices)}


def _is_twin(without: GridTable, taxed: GridTable) -> bool:
    """The same powers and registers, each figure dearer by taxes."""
    if (
        not (without.whole and taxed.whole)
        or without.option is not taxed.option
        or set(without.rows) != set(taxed.rows)
    ):
        return False
    return all(
        1 < taxed.rows[power].subscription[Tax.TTC] / max(row.subscription[Tax.HT], _CENT) < 2
        and set(row.prices[Tax.HT]) == set(taxed.rows[power].prices[Tax.TTC])
        and all(taxed.rows[power].prices[Tax.TTC][name] > price for name, price in row.prices[Tax.HT].items())
        for power, row in without.rows.items()
    )


def _merged(without: GridTable, taxed: GridTable) -> GridTable:
    rows = {
        power: RowFigures(
            {**without.rows[power].subscription, **row.subscription}, {**without.rows[power].prices, **row.prices}
        )
        for power, row in taxed.rows.items()
    }
    return replace(taxed, rows=rows)


def _is_addition(table: GridTable) -> bool:
    return "acheminement" in table.words or "obligation" in table.words


def _transport(parts: Sequence[GridTable], option: Contract | None) -> GridTable:
    fitting = [table for table in parts if "acheminement" in table.words and table.whole and table.option is option]
    named = [table for table in fitting if option and _TRANSPORT[option] in table.words]
    if len(named or fitting) != 1:
        raise GridError(_("the price of transport for {option} is not to be found").format(option=option))
    return (named or fitting)[0]


def _obligation(parts: Sequence[GridTable], option: Contract | None) -> GridTable | None:
    """What legal obligations cost per kWh; None where they are part of the supply."""
    tables = [table for table in parts if "obligation" in table.words and not table.whole]
    fitting = [table for table in tables if option and any(word in table.words for word in _METERS[option])]
    if tables and len(fitting) != 1:
        raise GridError(_("the price of obligations for {option} is not to be found").format(option=option))
    return fitting[0] if fitting else None


def _sum(supply: GridTable, transport: GridTable, obligation: GridTable | None, day: date) -> GridTable:
    for part in (supply, transport, obligation):
        _check_both_taxes(part)
    rows = {}
    for power, own in supply.rows.items():
        network = transport.rows.get(power)
        duties = obligation.rows.get(power) if obligation else RowFigures()
        if network is None or duties is None:
            raise GridError(_("{power} kVA lacks a part of its price").format(power=power))
        rows[power] = RowFigures(
            _subscription(own.subscription, network.subscription, day),
            {tax: _prices(own.prices[tax], network.prices[tax], duties.prices.get(tax, {})) for tax in Tax},
        )
        _check_one_excise(network.prices)
        _check_one_excise(duties.prices)
    return replace(supply, rows=rows)


def _check_both_taxes(part: GridTable | None) -> None:
    for row in part.rows.values() if part else ():
        if any(figures and set(figures) != set(Tax) for figures in (row.subscription, row.prices)):
            raise GridError(_("a part of the price is not given with taxes and without"))


def _prices(
    supply: Mapping[str, Decimal], transport: Mapping[str, Decimal], duties: Mapping[str, Decimal]
) -> dict[str, Decimal]:
    """Per register. Obligations cost the same in each."""
    return {
        register: price + transport[register] + duties.get(register, duties.get("BASE", Decimal(0)))
        for register, price in supply.items()
    }


def _subscription(supply: Mapping[Tax, Decimal], transport: Mapping[Tax, Decimal], day: date) -> dict[Tax, Decimal]:
    """EUR a year. The contribution on transport (CTA) is due once, and some grids show it in both parts."""
    vat = VAT if day >= _ONE_VAT_SINCE else _LOW_VAT
    taxed = (supply[Tax.HT] * vat).quantize(_CENT)
    within_supply = supply[Tax.TTC] - taxed
    within_transport = transport[Tax.TTC] - transport[Tax.HT] * vat
    if abs(within_supply) <= _NEAR:
        taxed = supply[Tax.TTC]
    elif abs(within_supply - within_transport) > _NEAR:
        raise GridError(_("the taxes on supply and on transport do not go together"))
    return {Tax.HT: supply[Tax.HT] + transport[Tax.HT], Tax.TTC: taxed + transport[Tax.TTC]}


def _check_one_excise(prices: Mapping[Tax, Mapping[str, Decimal]]) -> None:
    """The excise is part of the supply; transport and obligations bear VAT only."""
    for register, price in prices.get(Tax.TTC, {}).items():
        if abs(price - prices[Tax.HT][register] * VAT) > _ROUNDED:
            raise GridError(_("the taxes on supply and on transport do not go together"))
