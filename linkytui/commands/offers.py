"""`linkytui offers`: compares what the month and the recorded year would cost with every known offer."""

import json

import click

from linkytui.billing.as_json import offer_object
from linkytui.billing.remarks import plan_remarks
from linkytui.civil.days import local
from linkytui.commands import accounts
from linkytui.commands.common import Invocation, takes_invocation
from linkytui.commands.offers_table import offers_table
from linkytui.errors import LinkytuiError
from linkytui.i18n import _


@click.command(
    help=_(
        "Print what this month and the recorded year would cost with every known offer for your "
        "subscribed power, cheapest first. It is computed from the history and the known prices; no "
        "meter or network is needed."
    )
)
@click.option("--json", "as_json", is_flag=True, help=_("Print one JSON object per offer."))
@takes_invocation
def command(invocation: Invocation, as_json: bool) -> None:
    """Print the offers compared."""
    now = accounts.now()
    account = accounts.open_account(invocation.settings, accounts.now)
    plan = account.plan(now)
    comparison = account.comparison(plan, now=now)
    if not comparison.recorded:
        raise LinkytuiError(_("Nothing recorded yet: offers are compared on what your meter has counted."))
    if not comparison.rows:
        raise LinkytuiError(comparison.trouble or _("No known offer for your subscribed power."))
    remarks = list(plan_remarks(plan, account.book, local(now, account.zone).date()))
    if comparison.trouble:
        remarks.insert(0, comparison.trouble)
    if as_json:
        for row in comparison.rows:
            click.echo(json.dumps(offer_object(comparison, row, account.zone), ensure_ascii=False))
        for remark in remarks:
            accounts.say(remark)
        return
    for line in offers_table(comparison):
        click.echo(line)
    if remarks:
        click.echo()
    for remark in remarks:
        click.echo(f"* {remark}")
