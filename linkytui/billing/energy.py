"""The energy that is billed: the rise of each register, hour by hour."""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from linkytui.civil.days import ONE_DAY, local, midnight
from linkytui.civil.times import Timestamp
from linkytui.reading.contracts import INJECTED, REGISTERS, Contract

_NONE: Final[Mapping[str, int]] = MappingProxyType({})
_CONTRACTS: Final = {register: contract for contract, names in REGISTERS.items() for register in names}


class Energy(NamedTuple):
    """What the registers rose by in some time: an hour, or a part of one, that does not reach over midnight."""

    start: Timestamp
    end: Timestamp
    wh: Mapping[str, int]  # Wh per register, `INJECTED` among them
    estimated: Mapping[str, int] = _NONE  # the part of it that was spread over a time without records, Wh per register
    covered: float = 3600.0
    """Seconds of this time that were recorded; 0 where the registers before and after tell all that is known."""

    @property
    def known(self) -> float:
        """Seconds of this time whose energy is known, or lies between two known values of its registers."""
        span = self.end - self.start
        return span if self.estimated or not self.covered else min(self.covered, span)

    @property
    def drawn(self) -> int:
        """Wh drawn, all registers together."""
        return sum(wh for register, wh in self.wh.items() if register != INJECTED)


class DayEnergy(NamedTuple):
    """What the registers rose by on one day."""

    wh: dict[str, int]  # Wh per register
    estimated: dict[str, int]  # the part of it that was spread over a time without records


def contract_of_register(register: str) -> Contract | None:
    """The contract to which a register of energy drawn belongs."""
    return _CONTRACTS.get(register)


def by_day(energies: Iterable[Energy], zone: ZoneInfo) -> dict[date, DayEnergy]:
    """Energy summed up by local day, in order."""
    days: dict[date, DayEnergy] = {}
    begin = end = 0.0
    sums = DayEnergy({}, {})
    for energy in energies:
        if not begin <= energy.start < end:
            day = local(energy.start, zone).date()
            begin, end = midnight(day, zone), midnight(day + ONE_DAY, zone)
            sums = days.setdefault(day, DayEnergy({}, {}))
        for register, wh in energy.wh.items():
            sums.wh[register] = sums.wh.get(register, 0) + wh
        if energy.estimated:
            for register, wh in energy.estimated.items():
                sums.estimated[register] = sums.estimated.get(register, 0) + wh
    return days
