"""`linkytui cost`: a month's cost, line by line, with its month-end estimate."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import click

from linkytui.billing.account import Account
from linkytui.billing.as_json import check_object, cost_object, invoice_object, prepayment_object
from linkytui.billing.check import check
from linkytui.billing.invoice import Invoice, Paid
from linkytui.billing.lines import SubscriptionLine
from linkytui.billing.paper import read_paper
from linkytui.billing.plan import Plan, why_no_price
from linkytui.billing.remarks import cost_remarks, invoice_remarks
from linkytui.civil.days import ONE_DAY, local
from linkytui.commands import accounts
from linkytui.commands.check_table import check_table
from linkytui.commands.common import Invocation, takes_invocation
from linkytui.commands.cost_table import cost_table, period_title, prepayment_lines
from linkytui.commands.invoice_table import invoice_table
from linkytui.commands.periods import nothing_then, parse_range, recorded_range
from linkytui.errors import LinkytuiError, UsageError
from linkytui.i18n import _

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
        "Print what a month has cost so far, line by line, with an estimate for the whole month. It is "
        "computed from the history and the known prices; no meter or network is needed."
    )
)
@click.option(
    "--month", "wanted", callback=_month, metavar=_("YYYY-MM"), help=_("The month; the current one if not given.")
)
@click.option("--from", "first", metavar=_("DATE"), help=_("First day of an invoice, in place of a month."))
@click.option("--to", "last", metavar=_("DATE"), help=_("Its last day, included."))
@click.option("--lines", is_flag=True, help=_("Print each line with and without taxes, as an invoice has it."))
@click.option(
    "--subscription",
    "paid",
    type=click.Choice(["arrears", "advance"]),
    help=_("Whether the invoice asks the subscription of its own days, or of as many days after them."),
)
@click.option(
    "--check",
    "paper",
    type=click.Path(path_type=Path),
    metavar=_("INVOICE.toml"),
    help=_("Compare an invoice that you typed in, line by line, with the meter and the known prices."),
)
@click.option("--json", "as_json", is_flag=True, help=_("Print one JSON object."))
@click.option("--plot", "as_plot", is_flag=True, help=_("Draw a bar for each day, as wide as the terminal."))
@takes_invocation
def command(
    invocation: Invocation,
    wanted: date | None,
    first: str | None,
    last: str | None,
    lines: bool,
    paid: Paid | None,
    paper: Path | None,
    as_json: bool,
    as_plot: bool,
) -> None:
    """Print a month's cost, or an invoice."""
    if as_plot and as_json:
        raise UsageError(_("--plot goes without --json."))
    now = accounts.now()
    account = accounts.open_account(invocation.settings, accounts.now)
    if paper is not None:
        if first is not None or last is not None or wanted is not None or lines or paid or as_plot:
            raise UsageError(_("--check goes without other options but --json: the invoice says its days."))
        _print_check(account, paper, now, as_json=as_json)
        return
    if first is not None or last is not None or lines or paid:
        if first is None or last is None or wanted is not None or as_plot:
            raise UsageError(_("An invoice goes from a day to a day: --from 2026-07-01 --to 2026-08-31."))
        _print_invoice(
            account,
            first,
            last,
            now,
            detailed=lines,
            paid=paid or account.settings.billing.subscription,
            as_json=as_json,
        )
        return
    _print_month(invocation, account, wanted, now, as_json=as_json, as_plot=as_plot)


@dataclass(frozen=True, slots=True)
class _Books:
    """The account's side of an invoice."""

    account: Account
    plan: Plan
    now: float

    def invoice(self, first: date, end: date) -> Invoice:
        return self.account.invoice(self.plan, first, end, now=self.now)

    def subscription(self, first: date, end: date) -> tuple[SubscriptionLine, ...]:
        return self.account.due(self.plan, first, end)


def _print_check(account: Account, path: Path, now: float, *, as_json: bool) -> None:
    paper = read_paper(path)
    plan = account.plan(now)
    rows = check(paper, _Books(account, plan, now), account.book)
    if as_json:
        click.echo(json.dumps(check_object(paper.first, paper.last, rows), ensure_ascii=False))
        return
    for line in check_table(rows):
        click.echo(line)


def _print_invoice(
    account: Account, first: str, last: str, now: float, *, detailed: bool, paid: Paid, as_json: bool
) -> None:
    start, end = parse_range(first, last, account.zone, now)
    assert start is not None  # noqa: S101 -- both are named
    assert end is not None  # noqa: S101 -- likewise
    plan = account.plan(now)
    invoice = account.invoice(plan, start.date(), end.date(), now=now, paid=paid)
    if invoice.bill.start is None:
        raise nothing_then(*recorded_range(account.reader))
    remarks = invoice_remarks(invoice, account.book, account.zone, now=now)
    if as_json:
        click.echo(json.dumps(invoice_object(invoice, account.zone), ensure_ascii=False))
        for remark in remarks:
            accounts.say(remark)
        return
    for line in invoice_table(invoice, now, detailed=detailed):
        click.echo(line)
    _print_remarks(remarks)


def _print_remarks(remarks: Sequence[str]) -> None:
    if remarks:
        click.echo()
    for remark in remarks:
        click.echo(f"* {remark}")


def _print_month(
    invocation: Invocation, account: Account, wanted: date | None, now: float, *, as_json: bool, as_plot: bool
) -> None:
    today = local(now, account.zone).date()
    plan = account.plan(now)
    first = account.cycle.beginning_in(wanted)[0] if wanted is not None else today
    cost = account.month(plan, first, now=now)
    bill = cost.bill
    if bill.start is None:
        nothing = _("Nothing was recorded in {month}.").format(month=period_title(cost))
        raise LinkytuiError(cost.unsplit or nothing)
    if bill.unpriced and not bill.lines:
        missing = bill.unpriced[0]
        raise LinkytuiError(why_no_price(plan, account.book, missing.contract, missing.first))
    remarks = cost_remarks(cost, account.book, account.zone, now=now)
    paid = account.prepayment(plan, now=now) if cost.month <= today < cost.end else None
    recent = (today, today - ONE_DAY) if cost.month <= today < cost.end else ()
    if as_json:
        told = cost_object(cost, account.zone)
        for name, day in zip(("today_eur", "yesterday_eur"), recent, strict=False):
            bill = account.days(plan, day, day + ONE_DAY, now=now)
            told[name] = float(bill.total) if bill.start is not None else None
        if paid is not None:
            told["prepayment"] = prepayment_object(paid)
        click.echo(json.dumps(told, ensure_ascii=False))
        for remark in remarks:
            accounts.say(remark)
        return
    if as_plot:
        from linkytui.commands.cost_plot import print_plot  # plotext: a table needs none

        days = account.each_day(plan, cost.month, min(today + ONE_DAY, cost.end), now=now)
        print_plot(cost, days, ascii_only=invocation.settings.screen.ascii)
    else:
        for line in cost_table(cost, [account.days(plan, day, day + ONE_DAY, now=now) for day in recent], now):
            click.echo(line)
        for line in prepayment_lines(paid) if paid is not None else ():
            click.echo(line)
    _print_remarks(remarks)
