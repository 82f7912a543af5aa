"""What the columns of a table are, told by their headings."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

UNITS: Final = {"w": 1, "kw": 1000, "wh": 1, "kwh": 1000, "mwh": 1_000_000}
"""What one of each is in W or Wh."""

_UNIT: Final = re.compile(r"(?:^|[\s(\[,_/-])(k?w|k?wh|mwh)(?:$|[\s)\].,_-])")
_OTHER_UNIT: Final = re.compile(r"€|\beur|\bk?va\b|\bk?var\b|\bm3\b|°|%|\bco2|\bkg\b|\bk?wc\b")
_OTHER_WORD: Final = re.compile(
    r"\b(cout|prix|montant|tarif|facture|production|produite|injection|injectee?|surplus|export|revente|temperature|"
    r"reactive|max|maximale?|gaz|eau|solaire|cost|price|return)\b"
)
_VALUE: Final = re.compile(
    r"^(valeur|value|conso\w*|energie\b.*|energy\b.*|puissance\b.*|power\b.*|quantite|soutirage|usage|import)\b"
)
_TOTAL: Final = re.compile(r"\b(total|totale|somme|ensemble|eas t)\b")
_MOMENT: Final = re.compile(
    r"\b(horodate|horodatage|timestamp|datetime|date ?time|last_changed|date et heure|date/heure|date heure)\b"
)
_START: Final = re.compile(r"\b(debut|start|depuis|from)\b|^(du|de)$")
_END: Final = re.compile(r"\b(fin|end|jusqu|to)\b|^(au|a)$")
_DAY: Final = re.compile(r"^(date|jour|day|periode|mois)\b")
_CLOCK: Final = re.compile(r"^(heure|heures|horaire|time|hour|h)\b")
_STEP: Final = re.compile(r"^(pas\b|interval_length|granularite)")
_INDEX: Final = re.compile(r"^index\b|^indice\b|\bindex$|^releve\b")
_NO_INDEX: Final = re.compile(r"vraisemblance|qualite|type|date|nature")
EAS: Final = re.compile(r"eas f(\d{1,2})")
"""Column of a supplier's register."""

_CODES: Final = {
    "base": "BASE",
    "hc": "HC",
    "hp": "HP",
    "hchc": "HC",
    "hchp": "HP",
    "hn": "HN",
    "ejphn": "HN",
    "pm": "PM",
    "hpm": "PM",
    "ejphpm": "PM",
    **{
        code: f"{hours.upper()}J{colour}"
        for hours in ("hc", "hp")
        for letter, french, colour in (("b", "bu", "B"), ("w", "bc", "W"), ("r", "r", "R"))
        for code in (f"{hours}j{letter}", f"bbr{hours}j{letter}", f"{french}{hours}", f"{hours}{french}")
    },
}
"""Names that the meter, Enedis' calendars and programs give to registers. Enedis: BU is bleu, BC blanc, R rouge."""

_COLOURS: Final = (("bleu", "B"), ("blue", "B"), ("blanc", "W"), ("white", "W"), ("rouge", "R"), ("red", "R"))
_OFF_PEAK: Final = re.compile(r"\b(heures? creuses?|off.?peak)\b")
_PEAK: Final = re.compile(r"\b(heures? pleines?|peak)\b")


def register_of(words: str) -> str | None:
    """The register of the meter that some words mean; None where they mean none.

    Args:
        words: as `cells.plain` has them.
    """
    for word in re.findall(r"[a-z]+", words):
        if word in _CODES:
            return _CODES[word]
    hours = "HC" if _OFF_PEAK.search(words) else "HP" if _PEAK.search(words) else None
    if hours is not None:
        colour = next((letter for name, letter in _COLOURS if name in words), None)
        return hours if colour is None else f"{hours}J{colour}"
    if re.search(r"\bheures? normales?\b", words):
        return "HN"
    if re.search(r"\bpointe mobile\b", words):
        return "PM"
    return None


def unit_in(words: str) -> str:
    """The unit that a heading names; empty where it names none of energy or power."""
    match = _UNIT.search(words)
    return match[1] if match is not None else ""


class Shape(StrEnum):
    """How a table tells its times."""

    STRETCH = "stretch"
    """Each line has a beginning and an end."""
    MOMENT = "moment"
    """Each has one moment, of its beginning or its end."""
    DAY_AND_CLOCK = "day and clock"
    """A date and a time of day, in two columns."""
    DAY = "day"
    """A date alone."""


@dataclass(frozen=True, slots=True)
class Value:
    """A column of values."""

    place: int
    unit: str
    """Of `UNITS`; empty where the heading does not say."""
    register: str | None = None
    """The register that it counts, where the heading says it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What the columns of a table are."""

    shape: Shape
    times: tuple[int, ...]
    """Columns of the beginning and the end, of the moment, or of the date and the time of day."""
    values: tuple[Value, ...]
    """One, or one for each register."""
    indexes: bool = False
    """The values are what registers stand at."""
    step: int | None = None
    """Column that tells each line's length."""
    words: tuple[str, ...] = field(default=())
    """All headings, as `cells.plain` has them."""


def heading_of(words: Sequence[str]) -> Heading | None:
    """The columns of a table; None when the line is no heading of a table of consumption.

    Args:
        words: the cells of the line, as `cells.plain` has them.
    """
    times = _times(words)
    if times is None:
        return None
    shape, places = times
    rest = {place: word for place, word in enumerate(words) if place not in places and word}
    eas = tuple(Value(place, "wh", word) for place, word in rest.items() if EAS.fullmatch(word))
    indexes = {place: word for place, word in rest.items() if _INDEX.search(word) and not _NO_INDEX.search(word)}
    if eas:
        values, counted = eas, True
    elif indexes:
        values, counted = _index_values(indexes), True
    else:
        values, counted = _values(rest), False
    if not values:
        return None
    step = next((place for place, word in rest.items() if _STEP.search(word)), None)
    return Heading(shape=shape, times=places, values=values, indexes=counted, step=step, words=tuple(words))


def tells_powers_only(words: Sequence[str]) -> bool:
    """Whether a line is the heading of a table of maximum powers."""
    return _times(words) is not None and any(re.search(r"\bk?va\b|\bpuissance max", word) for word in words)


def _times(words: Sequence[str]) -> tuple[Shape, tuple[int, ...]] | None:
    def first(pattern: re.Pattern[str]) -> int | None:
        return next((place for place, word in enumerate(words) if len(word) < _LONGEST and pattern.search(word)), None)

    moment = first(_MOMENT)
    if moment is not None:
        return Shape.MOMENT, (moment,)
    start, end = first(_START), first(_END)
    if start is not None and end is not None and start != end:
        return Shape.STRETCH, (start, end)
    day, clock = first(_DAY), first(_CLOCK)
    if day is not None and clock is not None:
        return Shape.DAY_AND_CLOCK, (day, clock)
    if start is not None:
        return Shape.MOMENT, (start,)
    return None if day is None else (Shape.DAY, (day,))


_LONGEST: Final = 60
"""Characters of a heading; a sentence is none."""


def _index_values(indexes: dict[int, str]) -> tuple[Value, ...]:
    named = tuple(Value(place, unit_in(word), register_of(word)) for place, word in indexes.items())
    if all(value.register for value in named):
        return named
    if len(named) == 1:
        return (Value(named[0].place, named[0].unit, "BASE"),)
    return tuple(value for value in named if value.register)


def _values(rest: dict[int, str]) -> tuple[Value, ...]:
    """The columns that tell consumption: one for each register, else energy rather than power, else the only one."""
    fit = {
        place: word
        for place, word in rest.items()
        if len(word) < _LONGEST
        and not _OTHER_UNIT.search(word)
        and not _OTHER_WORD.search(word)
        and (unit_in(word) or _VALUE.search(word) or register_of(word))
    }
    named = tuple(
        Value(place, unit_in(word), register_of(word))
        for place, word in fit.items()
        if register_of(word) and not _TOTAL.search(word)
    )
    if named and len({value.register for value in named}) == len(named):
        units = {value.unit for value in named} - {""}
        if len(units) <= 1:
            return named
    plain = {place: word for place, word in fit.items() if not register_of(word)}
    for wanted in (_is_energy, unit_in, bool):
        chosen = [(place, word) for place, word in plain.items() if wanted(word)]
        if len(chosen) == 1:
            return (Value(chosen[0][0], unit_in(chosen[0][1])),)
        if chosen:
            totals = [(place, word) for place, word in chosen if _TOTAL.search(word)]
            return (Value(totals[0][0], unit_in(totals[0][1])),) if len(totals) == 1 else ()
    return ()


def _is_energy(word: str) -> bool:
    return unit_in(word).endswith("h")
