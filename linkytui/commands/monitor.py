"""`linkytui` alone: the screen, on the running collector or the configured port."""

import click

from linkytui.commands.common import Invocation, run_screen, takes_invocation
from linkytui.i18n import _


@click.command(help=_("Show the screen on the configured meter."))
@takes_invocation
def command(invocation: Invocation) -> None:
    """Show the screen."""
    settings = invocation.settings

    from linkytui.app import LinkyApp
    from linkytui.sources import open_source

    run_screen(LinkyApp(open_source(settings), settings))
