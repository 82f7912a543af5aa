"""`linkytui collect`: reads the meter without a screen, keeps the history, runs callbacks, relays the bytes."""

import logging
import os

import click

from linkytui.collector.collector import Collector
from linkytui.collector.log import set_up_log
from linkytui.collector.watch import SettingsWatch
from linkytui.commands.common import Invocation, settle_down, takes_invocation
from linkytui.commands.until import LOG_LEVELS, asked_to_stop
from linkytui.i18n import _
from linkytui.line.relay.place import own_place, screen_place
from linkytui.line.sources.configured import configured_source
from linkytui.settings.folders import SYSTEM_FILE, runtime_remark
from linkytui.settings.linkypy import forgotten_influxdb


@click.command(
    help=_(
        "Read the meter without a screen until stopped: keep the history, run the callbacks, send "
        "alerts, and serve screens and other programs. “linkytui service install” has systemd run it."
    )
)
@click.option(
    "--log-level",
    type=click.Choice(LOG_LEVELS),
    default="info",
    show_default=True,
    help=_("Lowest level of messages to log."),
)
@takes_invocation
def command(invocation: Invocation, log_level: str) -> None:
    """Collect."""
    settings = invocation.settings
    set_up_log(log_level)
    if hint := forgotten_influxdb(os.environ, invocation.loaded):
        logging.getLogger(__name__).warning(hint)
    if remark := runtime_remark():
        logging.getLogger(__name__).warning(remark)
    with asked_to_stop() as stop:
        place, screens = own_place(settings.relay), screen_place(settings.relay)
        file = invocation.loaded.path
        collector = Collector(settings, configured_source(settings), place=place, screens=screens, file=file)
        files = (file,) if invocation.config else (file, SYSTEM_FILE)
        watch = SettingsWatch(files, lambda: invocation.load().settings, collector.use, settings=settings)
        watch.start()
        settle_down()
        collector.run(stop)
        watch.stop()
