"""`linkytui when`: the cheapest time to run something, what it costs then, and what that saves."""

import json
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Final
from zoneinfo import ZoneInfo

import click

from linkytui.billing.hours import hours_of, recorded_outlook
from linkytui.billing.prices_ahead import prices_ahead
from linkytui.billing.when import Choice, cheapest
from linkytui.billing.when_texts import known_text, too_long_text, when_lines
from linkytui.civil.days import next_clock, second_of_day
from linkytui.civil.times import Timestamp
from linkytui.commands import accounts
from linkytui.commands.common import Invocation, takes_invocation
from linkytui.errors import LinkytuiError
from linkytui.i18n import _

_MOST: Final = Decimal(100_000)  # kWh and kW: more is a slip of the pen


def _amount(_context: click.Context, _option: click.Parameter, value: str) -> Decimal:
    try:
        amount = Decimal(value.replace(",", "."))
    except InvalidOperation:
        amount = Decimal(0)
    if not amount.is_finite() or not 0 < amount <= _MOST:
        raise click.BadParameter(_("{value} is not an amount: write a number such as 7.4.").format(value=value))
    return amount


def _clock(_context: click.Context, _option: click.Parameter, value: str | None) -> int | None:
    if value is None:
        return None
    second = second_of_day(value)
    if second is None:
        raise click.BadParameter(_("{value} is not a time of day: write HH:MM, such as 07:00.").format(value=value))
    return second


@click.command(
    help=_(
        "Say when to run something: the cheapest time for KWH at KW, within the hours, the colours and the prices that "
        "are known, what it costs then, and what that saves against now."
    )
)
@click.option("--kwh", required=True, callback=_amount, metavar=_("KWH"), help=_("Energy that it takes."))
@click.option("--kw", required=True, callback=_amount, metavar=_("KW"), help=_("Power that it draws."))
@click.option(
    "--before", callback=_clock, metavar=_("HH:MM"), help=_("When it must be done; at any time if not given.")
)
@click.option("--json", "as_json", is_flag=True, help=_("Print one JSON object."))
@takes_invocation
def command(invocation: Invocation, kwh: Decimal, kw: Decimal, before: int | None, as_json: bool) -> None:
    """Print the cheapest time."""
    now = accounts.now()
    account = accounts.open_account(invocation.settings, accounts.now)
    zone = account.zone
    plan = account.plan(now)
    hours = hours_of(account, now)
    prices = prices_ahead(account, plan, recorded_outlook(account, hours, now), hours, now)
    if not prices.pieces:
        raise LinkytuiError(prices.trouble)
    limit = prices.known_until if before is None else min(next_clock(now, before, zone), prices.known_until)
    choice = cheapest(prices.pieces, kwh, kw, limit)
    if choice is None:
        raise LinkytuiError(too_long_text(kwh, kw, limit, prices.known_until, now, zone))
    if as_json:
        click.echo(json.dumps(_object(choice, prices.known_until, zone)))
        return
    for line in when_lines(choice, limit, now, zone):
        click.echo(line)
    click.echo(known_text(prices.known_until, prices.origin, now, zone))


def _object(choice: Choice, known_until: Timestamp, zone: ZoneInfo) -> dict[str, object]:
    """The object that `--json` prints."""

    def when(at: Timestamp) -> str:
        return datetime.fromtimestamp(round(at), zone).isoformat()

    return {
        "start": when(choice.best.start),
        "end": when(choice.best.end),
        "eur": float(choice.best.eur),
        "eur_now": float(choice.now.eur),
        "known_until": when(known_until),
    }
