"""What must hold in every grid before its prices are used, judged row by row.

A page whose figures cannot be what they are read as is refused. On one that is read soundly, a row that breaks a rule
is the supplier's own slip: what is printed counts where the rest of its row bears it out, else that row alone is left
out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from statistics import median
from typing import Final

from linkytui.errors import GridError
from linkytui.i18n import _, number
from linkytui.reading.contracts import REGISTERS, Contract
from linkytui.tariffs.grid.columns import Tax
from linkytui.tariffs.grid.table import GridTable, RowFigures
from linkytui.tariffs.offers import POWERS

PRICES: Final = (Decimal("0.05"), Decimal("1.6"))
"""EUR/kWh TTC: from the cheapest night to the dearest day of EJP (1.5197 in 2024)."""
SUBSCRIPTIONS: Final = (Decimal(3), Decimal(150))
"""EUR a month TTC."""
VAT: Final = Decimal("1.2")
"""On energy and its excise, since 2014."""
EXCISE: Final = (Decimal("-0.0004"), Decimal("0.05"))
"""EUR/kWh without VAT: what lies between HT and TTC; nothing in a grid of transport. The figures are rounded."""
EXCISE_SPREAD: Final = Decimal("0.0004")
"""EUR/kWh: the excise is the same for all prices of a grid, but for rounding."""
SLIP: Final = Decimal("0.9")
"""Of the subscription at the power before: a lower one that is printed is a slip, one below that may be misread."""
APART: Final = Decimal("0.12")
"""Of a price per kWh: what it differs at most from power to power, but for slips."""
_ALIKE: Final = Decimal("0.04")
"""Of it: how TTC goes up from HT differs no more from row to row."""

_DEARER: Final = (("HC", "HP"), ("HCJB", "HPJB"), ("HCJW", "HPJW"), ("HCJR", "HPJR"), ("HN", "PM"))
_RARE: Final = {Contract.TEMPO: {24}, Contract.EJP: {24, 30}}
"""Powers that an option may lack between others that it has."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A table after its rows were judged."""

    table: GridTable
    """With the rows that count."""
    notes: tuple[str, ...]
    """For a person, one line each."""


def judge(table: GridTable) -> Judged:
    """The rows of a whole table that count, and what a person should know of it.

    Raises:
        GridError: its figures cannot be what they were read as; the text says why.
    """
    _check_units(table)
    left_out: dict[int, str] = dict(table.left_out)
    notes: list[str] = list(table.told)
    _judge_prices(table, left_out)
    _judge_excise(table, left_out, notes)
    _judge_subscriptions(table, left_out, notes)
    rows = {power: row for power, row in table.rows.items() if power not in left_out}
    if not rows:
        raise GridError(next(iter(left_out.values())))
    missing = _missing(rows, table.option, left_out)
    if missing:
        notes.append(_("{powers} kVA is missing").format(powers=", ".join(map(str, missing))))
    for reason, powers in _by_reason(left_out):
        notes.append(_("{powers} kVA is left out: {reason}").format(powers=", ".join(map(str, powers)), reason=reason))
    return Judged(replace(table, rows=rows, left_out={}, told=()), tuple(notes))


def _by_reason(left_out: Mapping[int, str]) -> Iterable[tuple[str, list[int]]]:
    reasons: dict[str, list[int]] = {}
    for power, reason in sorted(left_out.items()):
        reasons.setdefault(reason, []).append(power)
    return reasons.items()


def _check_units(table: GridTable) -> None:
    """See that most figures are of the size that they must have; a wrong unit concerns all of them."""
    months = {power: row.subscription[Tax.TTC] / 12 for power, row in table.rows.items()}
    outside = [power for power, month in months.items() if not SUBSCRIPTIONS[0] <= month <= SUBSCRIPTIONS[1]]
    if len(outside) * 2 >= len(months):
        raise GridError(_odd_subscription(outside[0], months[outside[0]]))
    registers = {register for row in table.rows.values() for register in row.prices[Tax.TTC]}
    for register in sorted(registers):
        prices = {p: row.prices[Tax.TTC][register] for p, row in table.rows.items() if register in row.prices[Tax.TTC]}
        middle = median(prices.values())
        if not PRICES[0] <= middle <= PRICES[1]:
            raise GridError(_odd_price(next(iter(prices)), register, middle))
        if len(prices) > 2 and _differ(list(prices.values())):
            raise GridError(_("its prices ({register}) differ too much from power to power").format(register=register))
    for cheap, dear in _DEARER:
        wrong = [power for power, row in table.rows.items() if _is_upside_down(row, cheap, dear)]
        if wrong and len(wrong) * 2 >= len(table.rows):
            raise GridError(_upside_down(wrong[0], cheap, dear))


def _differ(prices: Sequence[Decimal]) -> bool:
    """More than one price of a register is far from the others; a price hardly depends on the power."""
    return len(_far(prices)) > 1


def _far(prices: Sequence[Decimal]) -> set[Decimal]:
    middle = median(prices)
    return {price for price in prices if abs(price / middle - 1) > APART}


def _odd_subscription(power: int, month: Decimal) -> str:
    return _("a subscription of {value} EUR a month at {power} kVA cannot be; is its unit right?").format(
        value=number(float(month), 2), power=power
    )


def _odd_price(power: int, register: str, price: Decimal) -> str:
    return _("a price of {value} EUR/kWh ({register}, {power} kVA) cannot be; is its unit right?").format(
        value=number(float(price), 4), register=register, power=power
    )


def _is_upside_down(row: RowFigures, cheap: str, dear: str) -> bool:
    prices = row.prices[Tax.TTC]
    return cheap in prices and dear in prices and prices[cheap] > prices[dear]


def _upside_down(power: int, cheap: str, dear: str) -> str:
    return _("{cheap} costs more than {dear} at {power} kVA").format(cheap=cheap, dear=dear, power=power)


def _judge_prices(table: GridTable, left_out: dict[int, str]) -> None:
    registers = {name for row in table.rows.values() for prices in row.prices.values() for name in prices}
    if table.option is not None and table.option is not Contract.OTHER:
        registers = set(REGISTERS[table.option])
    far = {
        register: _far(all_of_it)
        for register in registers
        if (
            all_of_it := [
                row.prices[Tax.TTC][register] for row in table.rows.values() if register in row.prices[Tax.TTC]
            ]
        )
    }
    for power, row in table.rows.items():
        prices = row.prices[Tax.TTC]
        for register, price in prices.items():
            # One that its price without taxes bears out is what the supplier prints.
            if price in far.get(register, ()) and register not in row.prices.get(Tax.HT, {}):
                left_out[power] = _("its price ({register}) is far from that at other powers").format(register=register)
        if set(prices) != registers:
            left_out[power] = _("not all of its prices are there")
        for register, price in prices.items():
            if not PRICES[0] <= price <= PRICES[1]:
                left_out[power] = _("a price of {value} EUR/kWh ({register}) cannot be").format(
                    value=number(float(price), 4), register=register
                )
        for cheap, dear in _DEARER:
            if _is_upside_down(row, cheap, dear):
                left_out[power] = _("{cheap} costs more than {dear}").format(cheap=cheap, dear=dear)


def _judge_excise(table: GridTable, left_out: dict[int, str], notes: list[str]) -> None:
    """TTC is (HT + excise) x VAT, with one excise for the whole grid."""
    found = [(p, register, ttc, ttc / VAT - ht) for p, register, ht, ttc in _pairs(table)]
    if not found:
        return
    middle = median(excise for *_rest, excise in found)
    odd = [one for one in found if abs(one[3] - middle) > EXCISE_SPREAD]
    if not EXCISE[0] <= middle <= EXCISE[1] or len(odd) * 2 >= len(found):
        raise GridError(_("its prices with taxes do not fit those without"))
    usual: dict[str, set[Decimal]] = {}
    for _power, register, ttc, excise in found:
        if abs(excise - middle) <= EXCISE_SPREAD:
            usual.setdefault(register, set()).add(ttc)
    for power, register, ttc, _excise in odd:
        if ttc in usual.get(register, ()):
            notes.append(
                _("{power} kVA: the price without taxes ({register}) does not fit; the one with taxes counts").format(
                    power=power, register=register
                )
            )
        else:
            left_out[power] = _("its prices with taxes do not fit those without")


def _pairs(table: GridTable) -> Iterable[tuple[int, str, Decimal, Decimal]]:
    """Each price that is printed without taxes and with them."""
    for power, row in table.rows.items():
        without = row.prices.get(Tax.HT, {})
        for register, price in row.prices[Tax.TTC].items():
            if register in without:
                yield power, register, without[register], price


def _judge_subscriptions(table: GridTable, left_out: dict[int, str], notes: list[str]) -> None:
    rows = {power: row.subscription for power, row in sorted(table.rows.items()) if power not in left_out}
    wrong = [power for power, row in rows.items() if Tax.HT in row and not row[Tax.HT] < row[Tax.TTC] < 2 * row[Tax.HT]]
    if len(wrong) * 2 >= len(rows) and wrong:
        raise GridError(_("the subscription at {power} kVA does not fit the one without taxes").format(power=wrong[0]))
    for power in wrong:
        left_out[power] = _("its subscription does not fit the one without taxes")
    for power, row in rows.items():
        if not SUBSCRIPTIONS[0] <= row[Tax.TTC] / 12 <= SUBSCRIPTIONS[1]:
            left_out[power] = _("its subscription cannot be")
    good = {power: row for power, row in rows.items() if power not in left_out}
    falling = [power for power in good if power not in _rising({p: row[Tax.TTC] for p, row in good.items()})]
    if len(falling) * 2 > len(good):
        raise GridError(_("the subscription at {power} kVA is lower than at a lower power").format(power=falling[0]))
    for power in falling:
        if _is_as_printed(power, good):
            notes.append(
                _("{power} kVA: its subscription is out of order; it is taken as it is printed").format(power=power)
            )
        else:
            left_out[power] = _("its subscription is out of order")


def _rising(values: Mapping[int, Decimal]) -> set[int]:
    """The powers of the longest series of subscriptions that never falls, of several the one with the lowest powers."""
    powers = list(values)
    longest: dict[int, int] = {}
    before: dict[int, int | None] = {}
    for place, power in enumerate(powers):
        lower = [other for other in powers[:place] if values[other] <= values[power]]
        best = max(lower, key=longest.__getitem__, default=None)
        before[power] = best
        longest[power] = 1 + (longest[best] if best is not None else 0)
    kept: set[int] = set()
    last = max(powers, key=longest.__getitem__, default=None)
    while last is not None:
        kept.add(last)
        last = before[last]
    return kept


def _is_as_printed(power: int, rows: Mapping[int, Mapping[Tax, Decimal]]) -> bool:
    """True where the figure is so near its neighbours, or so like the one without taxes, that it was not misread."""
    powers = list(rows)
    place = powers.index(power)
    near = [rows[powers[one]] for one in (place - 1, place + 1) if 0 <= one < len(powers)]
    value = rows[power][Tax.TTC]
    if all(min(value, one[Tax.TTC]) >= max(value, one[Tax.TTC]) * SLIP for one in near[:1] if place):
        return True
    ratios = [row[Tax.TTC] / row[Tax.HT] for other, row in rows.items() if Tax.HT in row and other != power]
    own = rows[power]
    return bool(ratios) and Tax.HT in own and abs(own[Tax.TTC] / own[Tax.HT] / median(ratios) - 1) <= _ALIKE


def _missing(rows: Mapping[int, RowFigures], option: Contract | None, left_out: Mapping[int, str]) -> list[int]:
    """Powers between others that a table lacks without saying why."""
    powers = sorted(rows)
    ladder: Sequence[int] = POWERS if set(powers) <= set(POWERS) else range(powers[0], powers[-1] + 1)
    rare = _RARE.get(option or Contract.OTHER, set())
    known = {*rows, *left_out, *rare}
    return [power for power in ladder if powers[0] < power < powers[-1] and power not in known]
