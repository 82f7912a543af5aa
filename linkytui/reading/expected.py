"""Which labels a meter sends in every frame, so that one that is missing can be told."""

from collections.abc import Set
from typing import Final

from linkytui.reading.contracts import REGISTERS, Contract
from linkytui.reading.historic import REGISTER_NAMES
from linkytui.tic.labels import EARLIER_NAMES, LABELS, Mode

_HISTORIC: Final = ("ADCO", "OPTARIF", "ISOUSC", "PTEC", "PAPP", "MOTDETAT")
_ONE_PHASE: Final = ("IINST", "IMAX")
_THREE_PHASES: Final = ("IINST1", "IINST2", "IINST3", "IMAX1", "IMAX2", "IMAX3", "PMAX", "PPOT")

_NOT_ALWAYS: Final = ("CCA", "DPM", "FPM", "MSG", "PPOINTE", "UMOY", "PJOURF", "NJOURF")
"""How labels begin that come at times only, or that some contracts do without."""


def expected_labels(mode: Mode, contract: Contract | None, phases: int | None) -> tuple[str, ...]:
    """The labels that every long frame of a consumer's meter holds, in the meter's order.

    What is not known of contract and phases (1 or 3) is not expected. Source: Enedis-NOI-CPT_54E, 6.1.1 and 6.1.2
    (historic mode), 6.2.2 (standard mode).
    """
    if mode is Mode.STANDARD:
        return tuple(
            name
            for name, label in LABELS[mode].items()
            if not label.producer and (phases == 3 or not label.three_phase) and not name.startswith(_NOT_ALWAYS)
        )
    wanted = {*_HISTORIC, *(_THREE_PHASES if phases == 3 else _ONE_PHASE if phases == 1 else ())}
    if contract is not None:
        wanted |= {label for label, register in REGISTER_NAMES.items() if register in REGISTERS[contract]}
    if contract is Contract.TEMPO:
        wanted.add("DEMAIN")
    return tuple(name for name in LABELS[mode] if name in wanted)


def missing_labels(said: Set[str], expected: tuple[str, ...]) -> tuple[str, ...]:
    """Those that were not said under their name of today or an earlier one."""
    known = said | {EARLIER_NAMES[name] for name in said if name in EARLIER_NAMES}
    return tuple(name for name in expected if name not in known)
