"""A month's cost as bars, a row for each day."""

from collections.abc import Sequence

import click

from linkytui.billing.bill import Bill
from linkytui.billing.month import MonthCost
from linkytui.commands.cost_table import period_title
from linkytui.commands.plot import Bar, BarPlot, Part
from linkytui.i18n import _, number, short_date, weekday
from linkytui.tui.tints import tint_of
from linkytui.wording.terms import register_name

_SUBSCRIPTION = "subscription"


def print_plot(cost: MonthCost, days: Sequence[Bill], *, ascii_only: bool = False) -> None:
    """Draw the days of a month and print what they come to."""
    registers = list(cost.bill.energy)
    parts = {_SUBSCRIPTION: Part(_("Subscription"), None)}
    parts |= {name: Part(register_name(name, cost.bill.called), tint_of(name)) for name in registers}
    click.echo(period_title(cost))
    BarPlot([_bar(day, registers) for day in days], parts, "EUR", ascii_only=ascii_only).print()
    click.echo(" ".join((_("Total"), number(float(cost.bill.total), 2), "EUR")))
    if cost.bill.estimated_wh:
        click.echo(_("~ partly estimated: used while nothing was recorded"))


def _bar(bill: Bill, registers: Sequence[str]) -> Bar:
    """What one day cost; nothing is said of a day that is not recorded."""
    energy = bill.energy
    values = {_SUBSCRIPTION: float(bill.subscription)} | {name: float(energy.get(name, 0)) for name in registers}
    told = ("~" if bill.estimated_wh else "") + number(float(bill.total), 2) if bill.start is not None else ""
    return Bar(f"{weekday(bill.first)} {short_date(bill.first)}", values, told)
