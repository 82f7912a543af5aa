"""A check, its verdict, and how it is told without giving a household away."""

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

_NUMBERS: Final = re.compile(r"(?<!\d)(?:\d{14}|\d{12})(?!\d)")
"""Serial numbers of meters have twelve digits, delivery points fourteen (Enedis-NOI-CPT_54E, 6.2.2)."""


class Verdict(StrEnum):
    """How a check went."""

    OK = "ok"
    ATTENTION = "attention"  # it works, but not as well as it could
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str  # what `--json` calls it
    title: str  # what people read
    verdict: Verdict
    found: str  # what was measured, one line
    remedy: str = ""  # what to do, one line; empty where there is nothing to do

    def as_dict(self) -> dict[str, str]:
        """The object that `linkytui doctor --json` prints."""
        return {"check": self.name, "verdict": self.verdict.value, "found": self.found, "remedy": self.remedy}


def discreet(text: str) -> str:
    """The same without numbers of meters and delivery points, and without the user's name in paths.

    Of a meter's number the first six digits stay: maker, year and type, which help.
    """
    text = _NUMBERS.sub(lambda found: found[0][:6] + "…" if len(found[0]) == 12 else "…", text)
    home = str(Path("~").expanduser())
    return text.replace(home + "/", "~/") if home != "/" else text
