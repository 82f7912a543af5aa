"""The source named by the settings: the process that already reads the meter, else its port."""

from linkytui.line.relay.place import collector_places, screen_place
from linkytui.line.sources.base import Source
from linkytui.line.sources.ports import find_dongle
from linkytui.line.sources.relay import RelaySource
from linkytui.line.sources.serial_port import SerialSource
from linkytui.link import LinkError
from linkytui.settings.model import Settings


def open_source(settings: Settings) -> Source:
    """The meter's line through the process that reads it already, a collector or a screen; else its port.

    Nothing is read yet, and a port is not opened.
    """
    for place in (*collector_places(settings.relay), screen_place(settings.relay)):
        source = RelaySource(place)
        try:
            source.open()
        except LinkError:
            continue
        return source
    return configured_source(settings)


def configured_source(settings: Settings) -> Source:
    """The meter's port as it is set; where none is set, the dongle, looked for until it is plugged in.

    Nothing is opened before the first read, which also tells what is wrong.
    """
    return SerialSource(settings.meter.port or (lambda: find_dongle().device))
