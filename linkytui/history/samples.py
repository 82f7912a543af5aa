"""What the history takes in: one frame's power and registers, whichever meter, recording or file they come from."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple, Self

from linkytui.civil.times import Timestamp
from linkytui.line.listener import Arrival
from linkytui.reading import REGISTERS, Contract
from linkytui.tic import Colour, Mode

INJECTED: Final = "INJECTED"
"""The register of the energy given to the grid (EAIT), kept beside those of the energy drawn."""

_NONE: Final[Mapping[str, int]] = MappingProxyType({})


class Sample(NamedTuple):
    """What a meter said at one moment. None is "not said"."""

    at: Timestamp
    power: int | None = None
    """VA drawn."""
    period: str | None = None
    """The register that counted."""
    registers: Mapping[str, int] = _NONE
    """Wh per register, `INJECTED` among them; only those that were said."""
    injected_power: int | None = None
    """VA given to the grid."""
    meter: str | None = None
    """Serial number."""
    contract: Contract | None = None
    limit_kva: float | None = None
    """The most that may be drawn for long: the breaker's threshold, or the subscribed power."""
    today: Colour | None = None
    """Tempo: the colour that runs."""
    tomorrow: Colour | None = None
    """Tempo: the colour announced."""

    @classmethod
    def of(cls, arrival: Arrival) -> Self:
        """What the history keeps of a frame."""
        reading = arrival.reading
        contract = reading.contract
        registers: dict[str, int] = {}
        # Without a contract, registers of the standard mode have no name yet.
        if contract is not None or reading.mode is Mode.HISTORIC:
            registers.update(reading.registers)
        if contract is Contract.OTHER:
            # A register that counts for the first time started from zero, so its zeros must have been noted.
            names = REGISTERS[Contract.OTHER]
            registers.update((group.label, int(group.data)) for group in arrival.frame.groups if group.label in names)
        if reading.injected is not None:
            registers[INJECTED] = reading.injected
        return cls(
            at=reading.at,
            power=reading.power,
            period=reading.period,
            registers=registers,
            injected_power=reading.injected_power,
            meter=reading.meter_id,
            contract=contract,
            limit_kva=max(filter(None, (reading.cutoff, reading.subscribed)), default=None),
            today=reading.today,
            tomorrow=reading.tomorrow,
        )
