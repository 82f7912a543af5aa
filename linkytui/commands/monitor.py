"""`linkytui` alone: the screen, on the running collector or the configured port."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import click

from linkytui.commands.common import Invocation, run_screen, takes_invocation
from linkytui.i18n import _

if TYPE_CHECKING:
    from linkytui.history import HistoryReader
    from linkytui.line.sources.shared import SharedSource
    from linkytui.settings.keeper import SettingsKeeper
    from linkytui.tui.app import LinkyApp

_HAND_OVER: Final = 5.0
"""Seconds for which a suspension waits until what came is written and another process may take over."""


@click.command(help=_("Show the screen on the running collector, else on the configured meter."))
@takes_invocation
def command(invocation: Invocation) -> None:
    """Show the screen."""
    from linkytui.settings.keeper import SettingsKeeper

    keeper = SettingsKeeper(invocation.loaded, invocation.load)
    source = _shared(keeper)
    source.look()
    if invocation.origins["meter.port"].kind == "option" and _reads_another(source, invocation.settings.meter.port):
        source.close()
        run_screen(_on_the_port(invocation))
    else:
        run_screen(_on_whoever_reads(source, keeper))


def _shared(keeper: "SettingsKeeper") -> "SharedSource":
    """The line, which a collector or another screen may read."""
    from linkytui.commands.desks import open_set_port
    from linkytui.line.relay.place import collector_places, screen_place
    from linkytui.line.sources.shared import SharedSource
    from linkytui.settings.folders import history_folder

    settings = keeper.loaded.settings
    return SharedSource(
        lambda: open_set_port(keeper),
        collectors=collector_places(settings.relay),
        screens=screen_place(settings.relay),
        history=history_folder(settings.history) if settings.history.enabled else None,
        settings=keeper.loaded.path,
    )


def _on_whoever_reads(source: "SharedSource", keeper: "SettingsKeeper") -> "LinkyApp":
    """The screen on a line that others read too; it keeps what comes while it is the one that reads."""
    from linkytui.collector.grids import GridKeeper
    from linkytui.collector.while_reading import WhileReading
    from linkytui.commands.desks import meter_desk
    from linkytui.line.relay.visit import DROP_BACKLOG
    from linkytui.tui.app import LinkyApp
    from linkytui.tui.money import Money

    settings = keeper.loaded.settings

    def history() -> "HistoryReader":
        """Reads what whoever reads the meter keeps."""
        from linkytui.history import HistoryReader, readable_history

        own = readable_history(settings.history)

        def folder() -> Path:
            report = source.report
            return own if report is None or report.history is None else Path(report.history)

        return HistoryReader(folder, ZoneInfo(settings.history.timezone))

    duties = WhileReading(lambda: source.reads, settings)
    source.complete, source.obey = duties.complete, {DROP_BACKLOG: duties.drop_backlog}
    grids = GridKeeper(settings)

    def suspend(suspended: bool) -> None:
        """Let another process read while this one is stopped."""
        if suspended:
            source.pause()
            duties.wait(_HAND_OVER)
        else:
            source.resume()

    return LinkyApp(
        source,
        settings,
        listeners=[source.listener, duties, grids],
        history=history,
        money=Money(settings, history),
        desk=meter_desk(keeper, source, duties, grids),
        suspend=suspend,
    )


def _on_the_port(invocation: Invocation) -> "LinkyApp":
    """The screen on a port beside the one that is collected; its history belongs to that one."""
    from linkytui.commands.desks import plain_desk
    from linkytui.line.sources.configured import open_port
    from linkytui.tui.app import LinkyApp

    settings = invocation.settings
    return LinkyApp(open_port(settings), settings, desk=plain_desk(invocation, settings))


def _reads_another(source: "SharedSource", port: str | None) -> bool:
    """Whether a collector runs, on another port than this one."""
    report = source.report
    return report is not None and os.path.realpath(report.link.source) != os.path.realpath(port or "")
