"""Tariff options and their registers, under the names used on grids and bills."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Contract(StrEnum):
    """Tariff options, by the names that grids and bills use."""

    BASE = "BASE"
    HPHC = "HPHC"
    TEMPO = "TEMPO"
    EJP = "EJP"
    OTHER = "OTHER"  # a supplier's own calendar: its registers keep the meter's names, EASF01 to EASF10


INJECTED: Final = "INJECTED"
"""Stands for the register of the energy given to the grid (EAIT), beside those of the energy drawn."""

REGISTERS: Final[Mapping[Contract, tuple[str, ...]]] = MappingProxyType(
    {
        Contract.BASE: ("BASE",),
        Contract.HPHC: ("HC", "HP"),
        Contract.EJP: ("HN", "PM"),
        Contract.TEMPO: ("HCJB", "HPJB", "HCJW", "HPJW", "HCJR", "HPJR"),
        Contract.OTHER: tuple(f"EASF{number:02}" for number in range(1, 11)),
    }
)
"""The registers of each contract, in the meter's order: register n is EASFn of the standard mode.

Source: Enedis-NOI-CPT_54E, 6.1.1, column of the supplier's index."""

_ORDER: Final[Mapping[str, int]] = {
    register: place for place, register in enumerate(name for names in REGISTERS.values() for name in names)
}


def in_meter_order(registers: Iterable[str]) -> list[str]:
    """Registers in the order in which the meter says them, each once; those of no contract come last, as they came."""
    return sorted(dict.fromkeys(registers), key=lambda name: _ORDER.get(name, len(_ORDER)))
