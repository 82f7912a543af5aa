"""One meaning for every frame, whichever mode, contract or number of phases the meter has.

Historic and standard mode end here. What a meter does not say is None, never zero.
"""

from linkytui.reading.contracts import REGISTERS, Contract
from linkytui.reading.historic import VOLTS_PER_SUBSCRIBED_AMPERE
from linkytui.reading.judge import Judge
from linkytui.reading.meter import Meter, Seen, read_groups
from linkytui.reading.model import Maximum, Peak, Reading

__all__ = [
    "REGISTERS",
    "VOLTS_PER_SUBSCRIBED_AMPERE",
    "Contract",
    "Judge",
    "Maximum",
    "Meter",
    "Peak",
    "Reading",
    "Seen",
    "read_groups",
]
