"""The hours that a supplier counts apart: off-peak and peak, and the periods of calendars of its own.

A period of an own calendar is named as the supplier names it, in the fewest words that tell it from the others: `HP
semaine`, `HC hiver`, `week-end`, `super HC`.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from linkytui.wording.plain import bare

_GLUED: Final = r"(?:\b|(?<=kwh|ttc))"
"""What stands before `HP` where a document loses spaces: `kWhHP`."""
HOURS: Final = (
    ("HP", re.compile(rf"pleines?\b|{_GLUED}hp(?:j[bwr])?\b")),
    ("HC", re.compile(rf"creuses?\b|{_GLUED}hc(?:j[bwr])?\b")),
)

_SUPER: Final = re.compile(r"\b(?:super|ultra)\b.{0,10}creus|\bhsc\b|\bshc\b")
_CODES: Final = {
    "hph": ("HP", "saison haute"),
    "hch": ("HC", "saison haute"),
    "hpb": ("HP", "saison basse"),
    "hcb": ("HC", "saison basse"),
    "hpsh": ("HP", "saison haute"),
    "hcsh": ("HC", "saison haute"),
    "hpsb": ("HP", "saison basse"),
    "hcsb": ("HC", "saison basse"),
}
_CODE: Final = re.compile(rf"\b({'|'.join(_CODES)})\b")
_DAYS: Final = (
    ("week-end", re.compile(r"week|\bwe\b|samedi|dimanche")),
    ("semaine", re.compile(r"\bsemaine|\bhors week|lundi")),
    ("saison haute", re.compile(r"(?:saison|periode) haute|\bhaute saison")),
    ("saison basse", re.compile(r"(?:saison|periode) basse|\bbasse saison")),
    ("hiver", re.compile(r"\bhiver")),
    ("été", re.compile(r"(?<!ont )(?<!a )(?<!ayant )(?<!avoir )(?<!deja )\bete\b")),
    ("jour éco", re.compile(r"\bjours? eco\b")),
    ("jour sobriété", re.compile(r"sobriete")),
    ("heures solaires", re.compile(r"solaire|\bsoleil\b|\bmeridien")),
    ("jours fériés", re.compile(r"ferie")),
)
_TIME: Final = re.compile(
    r"\d{1,2} ?h ?\d{0,2}\b|\d{1,2}:\d{2}|\d{1,2}/\d{2}\b|samedi|dimanche|lundi|janvier|fevrier|\bmars\b|avril|\bmai\b|"
    r"\bjuin\b|juillet|\baout\b|septembre|octobre|novembre|decembre"
)
_LONGEST: Final = 220
"""Letters of a sentence about hours."""
_MARKS: Final = re.compile(r"^(?:\(\d\)|[*•▪●\-–]+)\s*")
"""What stands before a note."""
_TITLE: Final = re.compile(r"\bsaisons?\b|\bweek-? ?end|\bsuper\b.{0,10}creus|\bsolaires?\b")
"""What the title of a table says where its periods are of an own calendar although its columns say only HP and HC."""


def own_period(texts: Sequence[str]) -> str | None:
    """The period of an own calendar that some words name; None where they name none.

    Args:
        texts: the words over one column, from top to bottom; what stands over all columns is not among them.
    """
    hours = days = None
    found = False
    for text in reversed(texts):
        words = bare(text)
        if code := _CODE.search(words):
            hours, days = hours or _CODES[code[1]][0], days or _CODES[code[1]][1]
            found = True
        named = [name for name, pattern in _DAYS if pattern.search(words)]
        if named == ["week-end", "semaine"] and "hors" in words:
            named = ["semaine"]
        if len(named) == 1 and days is None:
            days, found = named[0], True
        kinds = [name for name, pattern in HOURS if pattern.search(words)]
        if _SUPER.search(words) and kinds != ["HP"] and hours is None:
            hours, found = "super HC", True
        elif len(kinds) == 1 and hours is None:
            hours = kinds[0]
    return " ".join(part for part in (hours, days) if part) if found else None


def is_own_title(text: str) -> bool:
    """True when the title of a table says that its periods are of an own calendar."""
    return bool(_TITLE.search(bare(text))) or own_period((text,)) is not None


def hours_said(periods: Sequence[str], texts: Sequence[str]) -> Mapping[str, str]:
    """What a document says of when each of some periods is; those of which it says nothing are left out.

    Args:
        periods: by the names that `own_period` gives.
        texts: the sentences and heads of the document.
    """
    short = (_MARKS.sub("", " ".join(text.split())) for text in texts if len(text) < _LONGEST)
    timed = [(period_named(text), text) for text in short if _TIME.search(bare(text))]
    said: dict[str, str] = {}
    for period in periods:
        kinds = ("super HC", "HP", "HC")
        hours = next((kind for kind in kinds if period.startswith(kind)), "")
        days = period.removeprefix(hours).strip()
        found = [
            next((text for name, text in timed if name == wanted), None)
            for wanted in {period: 0, days: 0, hours: 0}
            if wanted
        ]
        if found[0] is not None:
            found = found[:1]
        told = "; ".join(dict.fromkeys(text for text in found if text))
        if told:
            said[period] = told
    return said


def period_named(text: str) -> str:
    """The period that some words are about; HP and HC too."""
    kinds = [name for name, pattern in HOURS if pattern.search(bare(text))]
    return own_period((text,)) or (kinds[0] if len(kinds) == 1 else "")
