"""A sample: one frame's power and registers, from whichever meter, recording or file."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from linkytui.civil.times import Monotonic, Timestamp
from linkytui.reading.contracts import Contract
from linkytui.tic.status import Colour

_NONE: Final[Mapping[str, int]] = MappingProxyType({})


class Sample(NamedTuple):
    """What a meter said at one moment. None is "not said"."""

    at: Timestamp
    power: int | None = None  # VA drawn
    period: str | None = None  # the register that counted
    registers: Mapping[str, int] = _NONE  # Wh per register, `INJECTED` among them; only those that were said
    injected_power: int | None = None  # VA given to the grid
    meter: str | None = None  # serial number
    contract: Contract | None = None
    limit_kva: float | None = None
    """The most that may be drawn for long: the breaker's threshold, or the subscribed power."""
    subscribed_kva: float | None = None  # PREF or ISOUSC; what is billed
    calendar: str | None = None  # the contract in the meter's own words: OPTARIF or NGTF
    period_text: str | None = None  # the period that runs in the meter's own words: LTARF
    today: Colour | None = None  # Tempo: the colour that runs
    tomorrow: Colour | None = None  # Tempo: the colour announced


class Heard(NamedTuple):
    """A sample as the reading thread heard it."""

    sample: Sample
    monotonic: Monotonic
    meter_time: Timestamp | None = None  # by the meter's own clock, where it can be trusted
    synchronised: bool = False  # the machine said that its clock was
