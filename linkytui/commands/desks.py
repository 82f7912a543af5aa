"""What screens change settings with: on a meter, and on a recording or a simulation."""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from linkytui.commands.common import Invocation

if TYPE_CHECKING:
    from linkytui.collector.grids import GridKeeper
    from linkytui.collector.while_reading import WhileReading
    from linkytui.line.sources.base import Source
    from linkytui.line.sources.shared import SharedSource
    from linkytui.outputs.alerts.engine import Alert
    from linkytui.outputs.alerts.listener import AlertListener
    from linkytui.settings.keeper import SettingsKeeper
    from linkytui.settings.model import Settings
    from linkytui.tui.desk import Desk


def plain_desk(invocation: Invocation, settings: "Settings") -> "Desk":
    """Settings alone: where no meter of the person's own is read, nothing is sent and nothing is alerted.

    Args:
        invocation: whose settings can be changed.
        settings: those that hold for what is shown; of the person's own, only those of the screen do.
    """
    from msgspec.structs import replace

    from linkytui.settings.keeper import SettingsKeeper
    from linkytui.tui.desk import Desk

    keeper = SettingsKeeper(invocation.loaded, invocation.load)
    return Desk(keeper=keeper, holds=lambda saved: replace(settings, screen=saved.screen))


def meter_desk(
    keeper: "SettingsKeeper", source: "SharedSource", reading: "WhileReading", grids: "GridKeeper"
) -> "Desk":
    """Settings, callbacks and alerts of a meter.

    Args:
        keeper: holds the settings.
        source: the line; `look` has been called.
        reading: the duties of this process while it reads.
        grids: keeps the prices up to date.
    """
    from linkytui.line.relay.visit import DROP_BACKLOG
    from linkytui.line.sources.ports import list_ports
    from linkytui.tui.desk import Desk

    port = keeper.loaded.settings.meter.port

    def use(settings: "Settings") -> None:
        nonlocal port
        reading.use(settings)
        grids.settings = settings
        if settings.meter.port != port:
            port = settings.meter.port
            if source.reads:
                threading.Thread(target=_open_anew, args=(source,), name="other port", daemon=True).start()

    def watch(tell: "Callable[[Alert], object]") -> "AlertListener":
        """Alerts on the screen, whoever reads; the one who reads sends them to the outside."""
        from linkytui.outputs.alerts.listener import AlertListener

        settings = keeper.loaded.settings
        budget = settings.tariff.budget
        return AlertListener(
            settings.alerts,
            budget=None if budget is None else float(budget),
            channels=(),
            on_screen=tell,
            estimate=lambda: _estimate(source, reading),
            backlog=lambda: _backlog(source, reading),
        )

    return Desk(
        keeper=keeper,
        use=use,
        callbacks=lambda: reading.duties.callbacks if reading.duties is not None else None,
        alerts=watch,
        report=lambda: source.report,
        trouble=lambda: _history_trouble(source, reading),
        drop_there=lambda: source.ask_for(DROP_BACKLOG),
        ports=list_ports if source.report is None else None,
    )


def open_set_port(keeper: "SettingsKeeper") -> "Source":
    """The meter's port; where none is set, the one that the guide of the first start sets meanwhile, or the dongle."""
    from linkytui.line.sources.configured import open_port
    from linkytui.line.sources.ports import find_dongle
    from linkytui.line.sources.serial_port import SerialSource

    if keeper.loaded.settings.meter.port:
        return open_port(keeper.loaded.settings)
    return SerialSource(lambda: keeper.loaded.settings.meter.port or find_dongle().device)


def _open_anew(source: "SharedSource") -> None:
    """Let go of the port, and open the one that is set now. Waits for the reading thread."""
    source.pause()
    source.resume()


def _estimate(source: "SharedSource", reading: "WhileReading") -> float | None:
    """EUR that the month will have cost, as the process that reads works it out."""
    duties, report = reading.duties, source.report
    if duties is not None:
        return duties.costs.estimate()
    return None if report is None or report.cost is None else report.cost.estimate_eur


def _history_trouble(source: "SharedSource", reading: "WhileReading") -> str:
    """What is wrong with the history, as the process that keeps it says."""
    duties, report = reading.duties, source.report
    if duties is not None:
        return duties.history_trouble
    return "" if report is None else report.history_trouble


def _backlog(source: "SharedSource", reading: "WhileReading") -> tuple[int, float]:
    """What waits for InfluxDB in the process that reads: samples, and seconds for which the oldest has waited."""
    duties, report = reading.duties, source.report
    if duties is not None:
        return duties.callbacks.backlog()
    if report is None or report.backlog is None or report.backlog.oldest_at is None:
        return 0, 0.0
    return report.backlog.samples, max(0.0, source.now() - report.backlog.oldest_at)
