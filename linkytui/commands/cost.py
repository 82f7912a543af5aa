"""`linkytui cost`: what a month costs, line by line, and what it will have cost at its end."""

import json
import re
from datetime import date
from typing import Final

import click

from linkytui.billing.account import Account
from linkytui.billing.as_json import cost_object
from linkytui.billing.month import MonthCost
from linkytui.billing.plan import Plan, why_no_price
from linkytui.billing.remarks import cost_remarks
from linkytui.civil.days import ONE_DAY, local, month_start
from linkytui.commands import accounts
from linkytui.commands.common import Invocation, takes_invocation
from linkytui.commands.cost_table import cost_table
from linkytui.errors import LinkytuiError
from linkytui.i18n import _, month

_MONTH: Final = re.compile(r"(19[7-9][0-9]|2[0-9]{3})-(0[1-9]|1[0-2])").fullmatch


def _month(_context: click.Context, _option: click.Parameter, value: str | None) -> date | None:
    """The first day of a month that is written `2026-11`."""
    if value is None:
        return None
    found = _MONTH(value)
    if found is None:
        raise click.BadParameter(_("{value} is not a month: write YYYY-MM, such as 2026-11.").format(value=value))
    return date(int(found[1]), int(found[2]), 1)


@click.command(
    help=_(
        "Print what a month costs so far, line by line, with its estimate for the month's end. It is worked out from "
        "the history and the known prices; no meter and no network are needed."
    )
)
@click.option("--month", "wanted", callback=_month, metavar=_("YYYY-MM"), help=_("The month; this one if not given."))
@click.option("--json", "as_json", is_flag=True, help=_("Print one JSON object."))
@takes_invocation
def command(invocation: Invocation, wanted: date | None, as_json: bool) -> None:
    """Print a month's cost."""
    now = accounts.now()
    account = accounts.open_account(invocation.settings, accounts.now)
    today = local(now, account.zone).date()
    plan = account.plan(now)
    cost = account.month(plan, wanted or month_start(today), now=now)
    bill = cost.bill
    if bill.start is None:
        nothing = _("Nothing is recorded of {month}.").format(month=month(cost.month))
        raise LinkytuiError(cost.unsplit or nothing)
    if bill.unpriced and not bill.lines:
        missing = bill.unpriced[0]
        raise LinkytuiError(why_no_price(plan, account.book, missing.contract, missing.first))
    remarks = cost_remarks(cost, account.book, account.zone, now=now)
    if as_json:
        click.echo(json.dumps(cost_object(cost, account.zone), ensure_ascii=False))
        for remark in remarks:
            accounts.say(remark)
        return
    _print(account, plan, cost, remarks, today=today, now=now)


def _print(account: Account, plan: Plan, cost: MonthCost, remarks: tuple[str, ...], *, today: date, now: float) -> None:
    shown = (today, today - ONE_DAY) if cost.month == month_start(today) else ()
    days = [account.days(plan, day, day + ONE_DAY, now=now) for day in shown]
    for line in cost_table(cost, days, now):
        click.echo(line)
    if remarks:
        click.echo()
    for remark in remarks:
        click.echo(f"* {remark}")
