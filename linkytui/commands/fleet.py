"""`linkytui fleet`: the screen of many meters."""

import contextlib

import click

from linkytui.commands.certificates import takes_certificates
from linkytui.commands.common import Invocation, run_screen, takes_invocation
from linkytui.fleet.addresses import Certificates, broker_of
from linkytui.fleet.watch import FleetWatch
from linkytui.i18n import _
from linkytui.tui.app import LinkyApp
from linkytui.tui.fleet_session import FleetSession


@click.command(
    help=_(
        "Show all meters of a fleet, those in trouble first, as their collectors report them to an MQTT broker. "
        "LINKYTUI_FLEET_BROKER names the broker where others must not see the password."
    )
)
@click.argument("broker", metavar="mqtt://HOST", envvar="LINKYTUI_FLEET_BROKER")
@takes_certificates
@takes_invocation
def command(invocation: Invocation, broker: str, certificates: Certificates) -> None:
    """Show a fleet."""
    address, base = broker_of(broker, certificates)
    with contextlib.closing(FleetWatch(address, base)) as watch:
        run_screen(LinkyApp(FleetSession(invocation.keeper, watch, address.place)))
