"""Where bytes come from: a serial port, a recording, a socket, the simulator."""

from typing import TYPE_CHECKING

from linkytui.sources.base import READ_TIMEOUT, EndOfSource, Source

if TYPE_CHECKING:
    from linkytui.settings import Settings

__all__ = ["READ_TIMEOUT", "EndOfSource", "Source", "open_source"]


def open_source(settings: "Settings") -> Source:
    """The meter's line as it is set; where no port is set, the dongle, looked for until it is plugged in.

    Nothing is opened before the first read, which also tells what is wrong.
    """
    from linkytui.sources.ports import find_dongle
    from linkytui.sources.serial_port import SerialSource

    return SerialSource(settings.meter.port or (lambda: find_dongle().device))
