"""The meter's labels by what they tell of, for a table that people read."""

import re
from enum import StrEnum
from typing import Final

from linkytui.i18n import _
from linkytui.tic.labels import EARLIER_NAMES


class LabelGroup(StrEnum):
    """What a label tells of, in the order in which people ask."""

    IDENTITY = "identity"
    CONTRACT = "contract"
    ENERGY = "energy"
    POWER = "power"
    VOLTAGE = "voltage"
    PEAKS = "peaks"
    STATUS = "status"


_LABELS: Final = {
    LabelGroup.IDENTITY: r"ADCO|ADSC|VTIC|DATE|PRM",
    LabelGroup.CONTRACT: r"OPTARIF|ISOUSC|PTEC|PEJP|DEMAIN|HHPHC|NGTF|[LN]TARF|[NP]JOURF.*|PPOINTE.*|PREF|PCOUP"
    r"|[DF]PM\d",
    LabelGroup.ENERGY: r"BASE|HCH[CP]|EJPH(N|PM)|BBRH.*|EAST|EAS[FD]\d\d|EAIT|ERQ\d",
    LabelGroup.POWER: r"PAPP|IINST\d?|IRMS\d|SINST.*|CCA[SI]N.*|ADPS|ADIR\d",
    LabelGroup.VOLTAGE: r"URMS\d|UMOY\d",
    LabelGroup.PEAKS: r"IMAX\d?|PMAX|SMAX.*",
}
"""Patterns of the labels of each group, in both modes; whatever is in none tells of the status."""

_PATTERNS: Final = {group: re.compile(labels) for group, labels in _LABELS.items()}


def group_of(label: str) -> LabelGroup:
    """What a label tells of; older names count as those that came after them."""
    name = EARLIER_NAMES.get(label, label)
    return next((group for group, labels in _PATTERNS.items() if labels.fullmatch(name)), LabelGroup.STATUS)


def group_name(group: LabelGroup) -> str:
    """The heading of a group."""
    return {
        LabelGroup.IDENTITY: _("Identity"),
        LabelGroup.CONTRACT: _("Contract"),
        LabelGroup.ENERGY: _("Energy"),
        LabelGroup.POWER: _("Power now"),
        LabelGroup.VOLTAGE: _("Voltage"),
        LabelGroup.PEAKS: _("Peaks of the day"),
        LabelGroup.STATUS: _("Status"),
    }[group]
