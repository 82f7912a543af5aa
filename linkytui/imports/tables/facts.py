"""What the lines above a table, or the columns beside its values, say of it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

from linkytui.i18n import _

_ISO_STEP: Final = re.compile(r"pt(\d{1,3})(m|h)")
_KIND_NAMES: Final = ("grandeur metier", "type de donnees", "type de comptage", "grandeur physique")
PRM_NAME: Final = re.compile(r"\b(prm|pdl)\b")


@dataclass(slots=True)
class Facts:
    """What is said of a table."""

    unit: str = ""
    step: int | None = None
    """Seconds of an interval."""
    production: bool = False
    maximum: bool = False
    """It tells maximum powers, not energy."""
    other: bool = False
    """It tells something else than active energy."""

    def learn(self, name: str, value: str) -> None:
        """Take a fact in.

        Args:
            name: of the fact, as `plain` has it.
            value: likewise.
        """
        if name.startswith("unite"):
            self.unit = value
        elif name.startswith("pas"):
            self.step = step_of(value) or self.step
        elif name in _KIND_NAMES:
            self.production = self.production or value.startswith(("prod", "inj"))
            self.maximum = self.maximum or value.startswith(("puissance max", "pma"))
            self.other = self.other or (name == "grandeur physique" and is_reactive(value))


def step_of(text: str) -> int | None:
    """Seconds of an interval as a file says it: minutes, or PT30M."""
    match = _ISO_STEP.fullmatch(text)
    if match is not None:
        return int(match[1]) * (3600 if match[2] == "h" else 60)
    return int(text) * 60 if re.fullmatch(r"[1-9]\d{0,3}", text) else None


def is_reactive(words: str) -> bool:
    """Whether a line tells another physical quantity than active energy or power."""
    return "reactive" in words or "tension" in words or words in ("er", "eri", "erc", "pri", "prc", "e", "pr")


class Origin(NamedTuple):
    """Where a table comes from, as well as its headings tell it."""

    what: str
    """For a person."""
    house: str
    """Who made it, as the name of a meter without number; empty where it is not known."""
    ends: bool | None = None
    """Its moments are the ends of intervals; None where nobody has said."""


def origin_of(words: Iterable[str], preface: str, *, days: bool, indexes: bool) -> Origin:
    """Name a table.

    Args:
        words: its headings, as `plain` has them.
        preface: the lines above it, likewise.
        days: it tells whole days.
        indexes: it tells what registers stand at.
    """
    heading = " ".join(words)
    if "date et heure de releve par le distributeur" in heading:
        return Origin(_("EDF, powers reached"), "EDF", ends=True)
    if "date de consommation" in heading:
        return Origin(_("EDF, energy by the day"), "EDF")
    if indexes and "eas f" not in heading:
        return Origin(_("registers by the day"), "EDF" if "releve de l'index" in heading else "")
    if indexes:
        return Origin(_("Enedis, registers by the day"), "Enedis", ends=False)
    if days:
        known = "valeur (en" in heading or "prm" in preface
        return Origin(_("Enedis, energy by the day"), "Enedis") if known else Origin(_("energy by the day"), "")
    if "horodate" in heading:
        return Origin(_("Enedis, load curve"), "Enedis", ends=True)
    if "n° de pdl" in heading and "consommation" in heading:
        return Origin(_("TotalEnergies, load curve"), "TotalEnergies", ends=False)
    if heading.split() == ["debut", "fin", "kw"]:
        return Origin(_("EDF, load curve"), "EDF")
    if "debut" in heading and "valeur (en" in heading:
        known = "prm" in preface or "comptage" in preface or "courbe" in preface
        return Origin(_("Enedis, load curve") if known else _("Conso Downloader, load curve"), "Enedis")
    return Origin(_("load curve"), "")
