"""Readings from historic frames (Enedis-NOI-CPT_54E, 6.1)."""

from collections.abc import Mapping
from typing import Final

from linkytui.civil.times import Timestamp
from linkytui.reading.contracts import REGISTERS, Contract
from linkytui.reading.fields import number_of, per_phase, text_of
from linkytui.reading.model import Maximum, Peak, Reading
from linkytui.tic.groups import Group
from linkytui.tic.labels import Mode
from linkytui.tic.status import Colour, absent_phases

VOLTS_PER_SUBSCRIBED_AMPERE: Final = 200
"""Subscribed power is counted at 200 V, not at the 230 V of the outlet (Enedis-NOI-CPT_54E, 6.1.1)."""

REGISTER_NAMES: Final = {
    "BASE": "BASE",
    "HCHC": "HC",
    "HCHP": "HP",
    "EJPHN": "HN",
    "EJPHPM": "PM",
    "BBRHCJB": "HCJB",
    "BBRHPJB": "HPJB",
    "BBRHCJW": "HCJW",
    "BBRHPJW": "HPJW",
    "BBRHCJR": "HCJR",
    "BBRHPJR": "HPJR",
}
_CONTRACTS: Final = {"BASE": Contract.BASE, "HC..": Contract.HPHC, "EJP.": Contract.EJP}
_PERIODS: Final = {
    "TH..": "BASE",
    "HC..": "HC",
    "HP..": "HP",
    "HN..": "HN",
    "PM..": "PM",
    **{period: period for period in REGISTERS[Contract.TEMPO]},
}
_TOMORROW: Final = {"BLEU": Colour.BLUE, "BLAN": Colour.WHITE, "ROUG": Colour.RED}
_DAY_COLOURS: Final = {"B": Colour.BLUE, "W": Colour.WHITE, "R": Colour.RED}


def read_historic(
    groups: Mapping[str, Group], at: Timestamp, *, contract: Contract | None, phases: int | None, tells_calm: bool
) -> Reading:
    """Give the groups of a historic frame their meaning.

    `contract` and `phases` are those that hold, whatever the groups say. With `tells_calm`, no ADPS and no ADIR among
    them means that the subscribed power is not exceeded.
    """
    registers = {name: int(groups[label].data) for label, name in REGISTER_NAMES.items() if label in groups}
    complete = contract is not None and tuple(registers) == REGISTERS[contract]
    period = _PERIODS.get(text_of(groups, "PTEC") or "")
    over_phases = tuple(phase for phase in (1, 2, 3) if f"ADIR{phase}" in groups)
    over = "ADPS" in groups or bool(over_phases)
    current, highest, voltages = number_of(groups, "ISOUSC"), number_of(groups, "PMAX"), text_of(groups, "PPOT")
    return Reading(
        at=at,
        mode=Mode.HISTORIC,
        contract=contract,
        phases=phases,
        meter_id=text_of(groups, "ADCO"),
        calendar=text_of(groups, "OPTARIF"),
        period=period,
        registers=registers,
        total=sum(registers.values()) if complete else None,
        power=number_of(groups, "PAPP"),
        currents=per_phase(groups, "IINST", phases, alone="IINST"),
        subscribed=current * phases * VOLTS_PER_SUBSCRIBED_AMPERE / 1000 if current and phases else None,
        over_subscription=over if over or tells_calm else None,
        over_phases=over_phases,
        today=_DAY_COLOURS.get(period[-1]) if period and contract is Contract.TEMPO else None,
        tomorrow=_TOMORROW.get(text_of(groups, "DEMAIN") or ""),
        peak=Peak(None, running=period == "PM") if "PEJP" in groups or period == "PM" else None,
        maximum_yesterday=Maximum(highest, None) if highest is not None else None,
        absent_phases=absent_phases(voltages) if voltages is not None else frozenset(),
    )


def contract_of(groups: Mapping[str, Group]) -> Contract | None:
    """The contract that the groups say."""
    option = text_of(groups, "OPTARIF")
    if option is None:
        return None
    return Contract.TEMPO if option.startswith("BBR") else _CONTRACTS[option]
