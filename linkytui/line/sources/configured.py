"""The source named by the settings: the process that already reads the meter, else its port."""

from linkytui.line.relay.place import collector_places, screen_place
from linkytui.line.relay.report import Report
from linkytui.line.sources.base import Source
from linkytui.line.sources.ports import find_dongle, same_port
from linkytui.line.sources.relay import RelaySource
from linkytui.line.sources.serial_port import SerialSource
from linkytui.link import LinkError
from linkytui.settings.model import Settings


def open_source(settings: Settings, *, meant: bool = False) -> Source:
    """The meter's line through the process that reads it already, a collector or a screen; else its port.

    Nothing is read yet, and a port is not opened. `meant`: the person named the port just now, so that nothing but that
    port will do.
    """
    for place in (*collector_places(settings.relay), screen_place(settings.relay)):
        source = RelaySource(place)
        try:
            source.open()
        except LinkError:
            continue
        if not meant or (source.report is not None and reads(source.report, settings.meter.port)):
            return source
        source.close()
    return configured_source(settings)


def reads(report: Report, port: str | None) -> bool:
    """Whether a process that reads has this port open."""
    return same_port(report.link.source, port or "")


def configured_source(settings: Settings) -> Source:
    """The meter's port as it is set; where none is set, the dongle, looked for until it is plugged in.

    Nothing is opened before the first read, which also tells what is wrong.
    """
    return SerialSource(settings.meter.port or (lambda: find_dongle().device))
