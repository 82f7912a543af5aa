"""What both modes read alike: numbers, quantities per phase, the number of phases, free text."""

from collections.abc import Mapping
from typing import Final

from linkytui.tic import Group

_THREE_PHASE_TYPES: Final = frozenset({"63", "68", "71", "76"})
"""Fifth and sixth digits of the serial number of three-phase Linky meters (Enedis-NOI-CPT_54E, 2.2; Euridis)."""


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


def phases_of(groups: Mapping[str, Group], stem: str, *, single: str) -> int | None:
    """1 or 3: what the labels of the currents show, else what the serial number says of the meter's type.

    Args:
        groups: checked groups by label.
        stem: the label of a current on three-phase meters, without its phase.
        single: a label that only single-phase meters have, or an empty text.
    """
    if f"{stem}2" in groups or f"{stem}3" in groups:
        return 3
    if single in groups:
        return 1
    meter_id = text_of(groups, "ADCO") or text_of(groups, "ADSC")
    return 3 if meter_id is not None and meter_id[4:6] in _THREE_PHASE_TYPES else None
