"""`linkytui fleet`: the screen of many meters."""

import contextlib
from pathlib import Path

import click

from linkytui.commands.common import Invocation, run_screen, takes_invocation
from linkytui.fleet.addresses import Certificates, broker_of
from linkytui.fleet.watch import FleetWatch
from linkytui.i18n import _
from linkytui.tui.app import LinkyApp
from linkytui.tui.fleet_session import FleetSession


@click.command(
    help=_(
        "Show all meters of a fleet, those in trouble first, as their collectors say them to an MQTT broker. "
        "LINKYTUI_FLEET_BROKER names the broker where others must not see the password."
    )
)
@click.argument("broker", metavar="mqtt://HOST", envvar="LINKYTUI_FLEET_BROKER")
@click.option(
    "--authority",
    type=click.Path(path_type=Path),
    metavar=_("FILE"),
    help=_("Certificate that vouches for the broker's, a PEM file."),
)
@click.option(
    "--certificate", type=click.Path(path_type=Path), metavar=_("FILE"), help=_("Your own certificate, a PEM file.")
)
@click.option(
    "--key", type=click.Path(path_type=Path), metavar=_("FILE"), help=_("Private key of that certificate, a PEM file.")
)
@takes_invocation
def command(
    invocation: Invocation, broker: str, authority: Path | None, certificate: Path | None, key: Path | None
) -> None:
    """Show a fleet."""
    address, base = broker_of(broker, Certificates(authority, certificate, key))
    with contextlib.closing(FleetWatch(address, base)) as watch:
        run_screen(LinkyApp(FleetSession(invocation.keeper, watch, address.place)))
