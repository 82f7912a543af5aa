"""Where bytes come from: a serial port, a recording, a socket, the simulator."""

from linkytui.sources.base import EndOfSource, Source

__all__ = ["EndOfSource", "Source"]
