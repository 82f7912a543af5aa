"""`linkytui` alone: the screen, on the running collector or the configured port."""

import os

import click

from linkytui.collector.grids import GridKeeper
from linkytui.collector.while_reading import WhileReading
from linkytui.commands.common import Invocation, run_screen, takes_invocation
from linkytui.i18n import _
from linkytui.line.relay.place import collector_places, screen_place
from linkytui.line.relay.subscription import DROP_BACKLOG, SEND_AGAIN
from linkytui.line.sources.base import Source
from linkytui.line.sources.configured import configured_source, reads
from linkytui.line.sources.ports import find_dongle
from linkytui.line.sources.serial_port import SerialSource
from linkytui.line.sources.shared import SharedSource
from linkytui.settings.folders import history_folder, runtime_remark
from linkytui.settings.keeper import SettingsKeeper
from linkytui.settings.linkypy import forgotten_influxdb
from linkytui.tui.app import LinkyApp
from linkytui.tui.meter_session import MeterSession
from linkytui.tui.session import Session


@click.command(help=_("Show the meter live, from the running collector or else from its port."))
@takes_invocation
def command(invocation: Invocation) -> None:
    """Show the screen."""
    meant = invocation.settings.meter.port if invocation.origins["meter.port"].kind == "option" else None
    source = _shared(invocation.keeper, meant)
    source.look()
    if source.others:
        source.close()
        session = Session(
            invocation.keeper, configured_source(invocation.settings)
        )  # the history is of the other meter
    else:
        session = _on_whoever_reads(source, invocation.keeper)
    session.hint = forgotten_influxdb(os.environ, invocation.loaded) or runtime_remark()
    run_screen(LinkyApp(session))


def _shared(keeper: SettingsKeeper, meant: str | None) -> SharedSource:
    """The line, which a collector or another screen may read. `meant`: the port that the person named just now."""
    settings = keeper.loaded.settings
    return SharedSource(
        lambda: _set_port(keeper),
        collectors=collector_places(settings.relay),
        screens=screen_place(settings.relay),
        history=history_folder(settings.history) if settings.history.enabled else None,
        settings=keeper.loaded.path,
        accepts=lambda report: meant is None or reads(report, meant),
    )


def _set_port(keeper: SettingsKeeper) -> Source:
    """The meter's port; where none is set, the one that the guide of the first start sets meanwhile, or the dongle."""
    port = keeper.loaded.settings.meter.port
    return SerialSource(port or (lambda: keeper.loaded.settings.meter.port or find_dongle().device))


def _on_whoever_reads(source: SharedSource, keeper: SettingsKeeper) -> Session:
    """A line that others read too; what comes is kept while this process is the one that reads."""
    settings = keeper.loaded.settings
    duties = WhileReading(lambda: source.reads, settings)
    source.complete = duties.complete
    source.obey = {DROP_BACKLOG: duties.drop_backlog, SEND_AGAIN: duties.send_again}
    return MeterSession(keeper, source, duties, GridKeeper(settings))
