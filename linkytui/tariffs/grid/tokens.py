"""What the words of a page are: figures, powers, marks for nothing, or words; each where it stands.

A figure inside a sentence is none of a table's: what stands close to it decides.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final

from linkytui.tariffs.grid.page import Box, GridPage, Word, around
from linkytui.tariffs.grid.words import lines_of
from linkytui.wording.plain import bare

MAX_POWER: Final = 36
"""kVA; beyond it a contract is not a household's."""

_CLOSE: Final = 0.75
"""Of the font's size: words nearer than that belong together."""
_APART: Final = 0.5
"""Of the font's size: pieces of one figure stand no further apart."""

_MONEY: Final = r"(?:[cd]['’]?\s?€|€|cts?|centimes?|cents?|eur(?:os?)?|[cd]['’]eur(?:os?)?)"
_PER: Final = r"(?:/|par)?\s?(?:kwh|mois|an(?:nee)?)"
_NOTE: Final = r"(?:\*+|\(\d\)|\(\*+\))"
_FIGURE: Final = re.compile(
    rf"€?(?P<figure>\d{{1,4}}[.,]\d{{1,6}})(?P<unit>(?:{_MONEY}|{_PER}|/|ttc|htt?)*){_NOTE}*€?", re.IGNORECASE
)
_WHOLE: Final = re.compile(rf"(?P<figure>\d{{1,4}})(?P<unit>{_MONEY}?(?:{_PER})?){_NOTE}*", re.IGNORECASE)
_DIGITS: Final = re.compile(rf"(?P<figure>\d{{1,3}})(?P<unit>{_MONEY}?){_NOTE}*", re.IGNORECASE)
_TAIL: Final = re.compile(rf"(?P<figure>,\d{{1,6}}|,)(?P<unit>{_MONEY}?){_NOTE}*", re.IGNORECASE)
_UNIT: Final = re.compile(rf"(?:[(*/:.;]|{_MONEY}|{_PER}|ttc|htt?|{_NOTE}|[).:;,*])+", re.IGNORECASE)
_LABEL: Final = re.compile(
    r"(?:h\.?[pc]\.?(?:[bhse]|j[bwr])?|heures?|pleines?|creuses?|super|normales?|pointe|mobile|jours?|bleue?s?|"
    r"blanc(?:he)?s?|rouges?|base|week-?end|we|semaine|hiver|ete|haute|basse|saison|prix|du|unique|simple|double|"
    r"tarifs?|option|hsc|shc|hp/hc|abonnement|abo|mensuel|annuel|kwh)[:.)]*",
    re.IGNORECASE,
)
_ABSENT: Final = re.compile(r"[-–—xX/]+|n[./]?[ad]\.?|s\.?o\.?|non|nc", re.IGNORECASE)
_PERCENT: Final = re.compile(r"%.*")

_KVA: Final = re.compile(rf"k(?:va|w){_NOTE}*", re.IGNORECASE)
_MARK: Final = re.compile(
    rf"(?:(?:(?:entre|de|du) )?(?P<low>\d{{1,2}})(?P<unit1> ?k(?:va|w))? ?(?:et|a|-|–|au) ?|"
    rf"(?P<up>(?:<=?|≤|jusqu['’]a) ?))?(?P<high>\d{{1,2}})(?P<unit2> ?k(?:va|w))? ?{_NOTE}*(?: inclus)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a price, where it is printed."""

    value: Decimal
    box: Box
    size: float
    unit: str = ""
    """What is written after it, in lower case: `€`, `c€/kwh`."""
    struck: bool = False

    @property
    def decimals(self) -> int:
        """How many decimals are printed."""
        return -int(self.value.as_tuple().exponent)


@dataclass(frozen=True, slots=True)
class Mark:
    """A power, or a range of powers, where it is printed."""

    low: int
    """kVA."""
    high: int
    """kVA; the same where it is no range."""
    box: Box
    size: float
    unit: bool
    """It says kVA."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a page holds, sorted by what it is; each from top to bottom."""

    figures: tuple[Figure, ...]
    marks: tuple[Mark, ...]
    absent: tuple[Box, ...]
    """Where something says that there is no figure."""
    words: tuple[Word, ...]
    """Everything else, figures within sentences included."""


def tokens_of(page: GridPage) -> Tokens:
    """The figures, powers and words of a page."""
    sorter = _Sorter()
    for line in lines_of([word for word in page.words if not word.raised]):
        for group in _groups(line):
            sorter.sort(group)
    return Tokens(tuple(sorter.figures), tuple(sorter.marks), tuple(sorter.absent), tuple(sorter.words))


def _groups(line: Sequence[Word]) -> Iterator[list[Word]]:
    """The words of a line that stand close together."""
    group: list[Word] = []
    for word in line:
        if group and word.box.x0 - group[-1].box.x1 > _CLOSE * min(group[-1].size, word.size):
            yield group
            group = []
        group.append(word)
    if group:
        yield group


class _Sorter:
    """Sorts groups of words."""

    def __init__(self) -> None:
        self.figures: list[Figure] = []
        self.marks: list[Mark] = []
        self.absent: list[Box] = []
        self.words: list[Word] = []

    def sort(self, group: Sequence[Word]) -> None:
        """Take the words of a group that stand close together."""
        place, mark = _mark_at(group, 0)
        if mark is not None and not mark.unit and (begun := _figure_at(group, 0))[1] is not None and begun[0] > place:
            # Not a power, but a figure whose comma stands apart.
            place, mark = 0, None
        figures: list[Figure] = []
        absent: list[Box] = []
        words: list[Word] = []
        while place < len(group):
            word = group[place]
            end, figure = _figure_at(group, place)
            if figure is not None:
                figures.append(figure)
            elif (figures or mark) and (later := _mark_at(group, place))[1] is not None and later[1].unit:
                # Another table's row, close on the right.
                self.marks.append(later[1])
                end = later[0]
            elif _ABSENT.fullmatch(word.text) and not words:
                absent.append(word.box)
            elif _UNIT.fullmatch(bare(word.text)) or _LABEL.fullmatch(bare(word.text)):
                words.append(word)
            else:
                # A sentence: what it says of figures is none of a table's.
                figures, absent, words = [], [], list(group[0 if mark is None or not mark.unit else 1 :])
                mark = mark if mark is not None and mark.unit else None
                break
            place = end
        if mark is not None:
            self.marks.append(mark)
        self.figures += figures
        self.absent += absent
        self.words += words


def _figure_at(group: Sequence[Word], place: int) -> tuple[int, Figure | None]:
    """The figure that begins at a word, with the place after it and its unit; else the place after the word."""
    end, text, unit = _pieces_at(group, place)
    if not text:
        return place + 1, None
    pieces = group[place:end]
    while end < len(group) and _UNIT.fullmatch(bare(group[end].text)):
        unit += bare(group[end].text)
        end += 1
    if end < len(group) and _PERCENT.fullmatch(group[end].text):
        return place + 1, None
    if "." not in text and "€" not in unit and "eur" not in unit and "c" not in unit:
        return place + 1, None
    figure = Figure(
        Decimal(text), around([word.box for word in pieces]), pieces[0].size, unit, any(word.struck for word in pieces)
    )
    return end, figure


def _pieces_at(group: Sequence[Word], place: int) -> tuple[int, str, str]:
    """The figure whose pieces begin at a word: the place after them, its digits, its unit; no digits when none does."""
    word = bare(group[place].text)
    if match := _FIGURE.fullmatch(word):
        digits, unit, end = match["figure"].replace(",", "."), match["unit"], place + 1
        whole, decimals = digits.split(".")
        # Digits that stand apart: no grid prints a single decimal, or a price of a kWh with two.
        wanted = 1 if len(decimals) == 1 else 2 if whole == "0" and len(decimals) < 4 else 0
        more = _digits(group[end]) if wanted and not unit and end < len(group) and _is_next(group, end) else None
        if more is not None and len(more[0]) <= wanted + (whole == "0") * 2:
            return end + 1, digits + more[0], more[1]
        return end, digits, unit
    if match := _WHOLE.fullmatch(word):
        digits, unit, end = match["figure"], match["unit"], place + 1
        if not unit and end < len(group) and _is_next(group, end):
            tail = _TAIL.fullmatch(bare(group[end].text))
            if tail is not None:
                return _with_tail(group, end, digits, tail)
            if place and len(digits) == 1 and (thousands := re.fullmatch(r"(\d{3}[.,]\d{2})(.*)", group[end].text)):
                return end + 1, digits + thousands[1].replace(",", "."), ""
        return end, digits, unit
    return place + 1, "", ""


def _with_tail(group: Sequence[Word], place: int, digits: str, tail: re.Match[str]) -> tuple[int, str, str]:
    """A figure whose comma stands apart, and perhaps its last digits too."""
    text, unit, end = digits + tail["figure"].replace(",", "."), tail["unit"], place + 1
    while not unit and end < len(group) and _is_next(group, end) and (more := _digits(group[end])):
        if len(text.split(".")[1]) + len(more[0]) > (2 if digits != "0" else 6):
            break
        text, unit, end = text + more[0], more[1], end + 1
    return (end, text, unit) if not text.endswith(".") else (place, digits, "")


def _digits(word: Word) -> tuple[str, str] | None:
    match = _DIGITS.fullmatch(bare(word.text))
    return (match["figure"], match["unit"]) if match else None


def _is_next(group: Sequence[Word], place: int) -> bool:
    return group[place].box.x0 - group[place - 1].box.x1 < _APART * group[place].size


def _mark_at(group: Sequence[Word], place: int) -> tuple[int, Mark | None]:
    """The power that begins at a word, and the place after it."""
    for end in range(min(place + 6, len(group)), place, -1):
        words = group[place:end]
        match = _MARK.fullmatch(" ".join(bare(word.text) for word in words))
        if match is None or (len(words) > 1 and not _belongs(words)):
            continue
        high = int(match["high"])
        low = 0 if match["up"] else int(match["low"] or high)
        if 1 <= high <= MAX_POWER and low <= high:
            box = around([word.box for word in words])
            return end, Mark(low, high, box, words[0].size, bool(match["unit1"] or match["unit2"]))
    return place, None


def _belongs(words: Sequence[Word]) -> bool:
    """More than one number among the words makes a range only with a word between them."""
    numbers = [place for place, word in enumerate(words) if word.text[:1].isdigit()]
    return all(later - earlier > 1 for earlier, later in pairwise(numbers))
