"""`linkytui alerts`: prints past alerts and when they came."""

import json
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import click

from linkytui.commands.common import Invocation, takes_invocation
from linkytui.history import readable_history
from linkytui.i18n import _, short_date, time_of_day
from linkytui.outputs.alerts.log import told_alerts

_SHOWN: Final = 50


@click.command(help=_("Print past alerts and when they came, the newest last: what began and what ended."))
@click.option(
    "--last",
    type=click.IntRange(1),
    default=_SHOWN,
    show_default=True,
    metavar=_("N"),
    help=_("How many to print, counted from the newest."),
)
@click.option("--json", "as_json", is_flag=True, help=_("Print one JSON object per line."))
@takes_invocation
def command(invocation: Invocation, last: int, as_json: bool) -> None:
    """Print the list."""
    history = invocation.settings.history
    zone = ZoneInfo(history.timezone)
    told = told_alerts(readable_history(history))[:last]
    for alert in reversed(told):
        when = datetime.fromtimestamp(alert.at, zone)
        if as_json:
            state = "begin" if alert.began else "end"
            at = when.isoformat(timespec="seconds")
            click.echo(json.dumps({"at": at, "kind": alert.kind, "state": state, "text": alert.text}))
        else:
            click.echo(f"{short_date(when)} {when.year} {time_of_day(when)}  {alert.text}")
    if not told and not as_json:
        click.echo(_("No alert so far."))
