"""The meter's bytes for everyone: who reads the line offers them on a socket, and others listen there.

`Relay` is a listener that offers; `Place` is where it is found; `ask` tells how the one who reads fares.
"""

from linkytui.line.relay.place import Claim, Place, collector_places, own_place, screen_place
from linkytui.line.relay.report import Report, report_of
from linkytui.line.relay.server import Relay
from linkytui.line.relay.visit import DROP_BACKLOG, Visit, ask, request

__all__ = [
    "DROP_BACKLOG",
    "Claim",
    "Place",
    "Relay",
    "Report",
    "Visit",
    "ask",
    "collector_places",
    "own_place",
    "report_of",
    "request",
    "screen_place",
]
