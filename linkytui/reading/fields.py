"""Parsing shared by both modes: numbers, quantities per phase, number of phases, free text."""

from collections.abc import Mapping
from typing import Final

from linkytui.tic.groups import Group

_THREE_PHASE_TYPES: Final = frozenset({"63", "68", "71", "76"})
"""Fifth and sixth digits of the serial number of three-phase Linky meters (Enedis-NOI-CPT_54E, 2.2; Euridis)."""

_OF_THREE_PHASES: Final = frozenset({"IINST2", "IINST3", "IRMS2", "IRMS3"})

_MAXIMUM_OF_A_PHASE: Final = frozenset({"SMAXSN1", "SMAXN1"})


def text_of(groups: Mapping[str, Group], label: str) -> str | None:
    """The data of a label as sent."""
    group = groups.get(label)
    return None if group is None else group.data


def number_of(groups: Mapping[str, Group], label: str) -> int | None:
    """The data of a label that holds a number."""
    group = groups.get(label)
    return None if group is None else int(group.data)


def words_of(groups: Mapping[str, Group], label: str) -> str | None:
    """Free text without its padding; inner spaces are single, for reading only."""
    group = groups.get(label)
    return None if group is None else " ".join(group.data.split()) or None


def per_phase(
    groups: Mapping[str, Group], stem: str, phases: int | None, *, alone: str | None = None
) -> tuple[int | None, ...]:
    """One quantity per phase; nothing when no phase says it. `alone` is its label on single-phase meters."""
    labels = [f"{stem}{phase}" for phase in (1, 2, 3)] if phases == 3 else [alone or f"{stem}1"]
    if not any(label in groups for label in labels):
        return ()
    return tuple(number_of(groups, label) for label in labels)


def phases_of(groups: Mapping[str, Group]) -> int | None:
    """1 or 3: what the labels of the currents show, else what the serial number says of the meter's type."""
    if not _OF_THREE_PHASES.isdisjoint(groups):
        return 3
    # A three-phase meter also has a first current: it tells nothing without the maximum that only it lacks.
    if "IINST" in groups or ("IRMS1" in groups and _MAXIMUM_OF_A_PHASE.isdisjoint(groups)):
        return 1
    meter_id = text_of(groups, "ADCO") or text_of(groups, "ADSC")
    return 3 if meter_id is not None and meter_id[4:6] in _THREE_PHASE_TYPES else None
