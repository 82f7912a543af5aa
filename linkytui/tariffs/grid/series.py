"""The columns of figures of a table with what each of them means: by the words over it, in it, and around the table."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from statistics import median
from typing import Final

from linkytui.tariffs.grid.columns import Meaning, PricePart, Tax, Whose, meaning_of, part_of, taxes_in
from linkytui.tariffs.grid.header import GridHeader, is_sentence
from linkytui.tariffs.grid.page import GridPage
from linkytui.tariffs.grid.periods import HOURS
from linkytui.tariffs.grid.strips import Body, FigureStrip, Placed, is_rising
from linkytui.tariffs.grid.words import lines_of
from linkytui.wording.plain import bare

_YEAR: Final = re.compile(r"/ ?an\b|par an\b|annuel")
_DAY: Final = re.compile(r"/ ?jour\b|journalier")
_MONTH: Final = re.compile(r"/ ?mois\b|par mois\b|mensuel")
_CENTS: Final = re.compile(r"\bcts?\b|\bc ?€|centimes?|\bcents?\b")
_EUROS: Final = re.compile(r"€|\beur")
_SAID: Final = re.compile(r"\b(?:prix|tarifs?|montants?)\b[^.;]{0,60}?\b(ttc|toutes taxes comprises|htt?|hors taxes)\b")

_NEXT: Final = 6
"""Letters after the name of a tax in which the other one may stand: `HT TTC`."""

_CENTS_FROM: Final = Decimal(3)
"""A price per kWh from which on it is in cents: no kWh costs so many euros, and none less than that many cents."""
_YEARS_FROM: Final = Decimal(60)
"""EUR at 6 kVA from which on a subscription is for a year: no household pays so much a month, and none less a year."""


@dataclass(frozen=True, slots=True)
class Series:
    """A column of figures, or those in it that one label names."""

    meaning: Meaning
    factor: Decimal
    """What turns its figures into EUR a year (subscription) or EUR/kWh (price)."""
    placed: tuple[Placed, ...]
    column: int
    """Its place among the columns, from 1."""
    absent: frozenset[int] = frozenset()
    """Rows in which it says that there is no figure."""
    middle: float = 0.0
    """Where the middle of its column's figures is."""


def series_of(page: GridPage, body: Body, header: GridHeader) -> list[Series]:
    """The columns of a table that say what they are: a subscription or a price, with taxes or without."""
    above = _above(page, body, header)
    found = []
    for place, strip in enumerate(body.strips, 1):
        for label, placed in _by_label(strip):
            made = _series(body, header, place, strip, label, placed, above)
            if made is not None:
                found.append(made)
    return found


def _series(
    body: Body,
    header: GridHeader,
    place: int,
    strip: FigureStrip,
    label: str,
    placed: tuple[Placed, ...],
    above: Sequence[str],
) -> Series | None:
    over = [phrase for phrase in header.phrases if phrase.first <= place <= phrase.last]
    last = len(body.strips)
    texts = [phrase.text for phrase in over]
    wide = [phrase.first <= 1 and phrase.last == last and last > 1 for phrase in over]
    units = {one.figure.unit for one in placed}
    for text in (label, units.pop() if len(units) == 1 else ""):
        if text:
            texts.append(text)
            wide.append(False)
    meaning = meaning_of(texts, wide)
    if meaning.tax is None or _names_both(texts):
        meaning = replace(meaning, tax=_tax_by_place(header, place, body) or meaning.tax or _tax_around(above))
    if meaning.hours is None:
        meaning = replace(meaning, hours=_hours_by_place(header, place, last))
    rising = is_rising(placed)
    part = meaning.part or (PricePart.SUBSCRIPTION if rising else PricePart.PRICE)
    if not meaning.ignored and not _fits(part, rising, placed, body):
        return None
    if all(one.figure.struck for one in placed) and meaning.whose is Whose.OFFER:
        meaning = replace(meaning, whose=Whose.STRUCK)
    values = [one.figure.value for one in placed]
    factor = _months(texts, body, placed) if part is PricePart.SUBSCRIPTION else euros_of(texts, median(values))
    return Series(replace(meaning, part=part), factor, placed, place, strip.absent, strip.box.y)


def _by_label(strip: FigureStrip) -> list[tuple[str, tuple[Placed, ...]]]:
    """The figures of a column by what names them in their own cells; all together where nothing does."""
    named: dict[str, list[Placed]] = {}
    for one in strip.placed:
        name = _name(one.label)
        if name is None:
            if one.figure.struck:
                continue
            return [("", strip.placed)]
        named.setdefault(name, []).append(one)
    if not named:
        return [("", strip.placed)]
    return [(placed[0].label, tuple(placed)) for placed in named.values()]


def _name(label: str) -> str | None:
    """What a label names, the same for all labels that name the same."""
    if not label:
        return None
    meaning = meaning_of((label,), (False,))
    if meaning.own:
        return meaning.own
    words = bare(label)
    hours = [name for name, pattern in HOURS if pattern.search(words)]
    colours = re.findall(r"bleu|blanc|rouge", words)
    if len(set(hours)) > 1 or len(set(colours)) > 1:
        return None
    return (
        " ".join([*hours[:1], *colours[:1]]) or meaning.register or (meaning.option.value if meaning.option else None)
    )


def _fits(part: PricePart, rising: bool, placed: Sequence[Placed], body: Body) -> bool:
    """See that the figures of a column can be what the words over it say."""
    if part is PricePart.SUBSCRIPTION:
        different = len({one.figure.value for one in placed}) > 1
        return rising or (different and len({one.row for one in placed}) >= len(body.ladder.marks) * 0.6)
    return not rising


def _names_both(texts: Sequence[str]) -> bool:
    last = next((taxes for text in reversed(texts) if (taxes := taxes_in(text))), [])
    return len(set(last)) == 2


def _tax_by_place(header: GridHeader, place: int, body: Body) -> Tax | None:
    """`HT TTC` in one cell over several columns."""
    for phrase in reversed(header.phrases):
        if phrase.first <= place <= phrase.last and (taxes := taxes_in(phrase.text)):
            first = phrase.first or 1
            columns = phrase.last - first + 1
            if len(set(taxes)) == 1:
                return taxes[0]
            if columns == len(taxes):
                return taxes[place - first]
            if columns % 2 or len(taxes) != 2:
                return None
            rising = [is_rising(strip.placed) for strip in body.strips[first - 1 : phrase.last]]
            # Each of the two stands over a subscription and its prices, or each of these over both.
            halves = rising[: columns // 2] == rising[columns // 2 :] and any(rising)
            return taxes[(place - first) * 2 // columns] if halves else taxes[(place - first) % 2]
    return None


def _hours_by_place(header: GridHeader, place: int, last: int) -> str | None:
    """`Heures pleines Heures creuses` in one cell over the columns of both."""
    for phrase in reversed(header.phrases):
        if not phrase.first <= place <= phrase.last or (phrase.first <= 1 and phrase.last == last):
            continue
        words = bare(phrase.text)
        named = sorted((match.start(), name) for name, pattern in HOURS if (match := pattern.search(words)))
        columns = phrase.last - phrase.first + 1
        if len(named) == 2 and columns % 2 == 0:
            return named[(place - phrase.first) * 2 // columns][1]
    return None


def _above(page: GridPage, body: Body, header: GridHeader) -> list[str]:
    """The lines above a table, the nearest first, its own titles before them; then all that the page says."""
    titles = [phrase.text for phrase in header.phrases if phrase.first <= 1 and phrase.last == len(body.strips)]
    lines = [
        " ".join(word.text for word in line)
        for line in lines_of([word for word in page.words if word.box.bottom < header.top + 1])
    ]
    return [*reversed(titles), *reversed([line for line in lines if not is_sentence(line)]), page.text]


def _tax_around(above: Sequence[str]) -> Tax | None:
    """What the titles over a table say of taxes, else what the page says of its prices."""
    *lines, page = above
    for line in lines:
        named = set(taxes_in(line))
        if len(named) == 1:
            return named.pop()
        if named:
            break
    words = bare(page).replace("\n", " ")
    said = {tax for match in _SAID.finditer(words) for tax in taxes_in(words[match.start(1) : match.end() + _NEXT])}
    if not said:
        said = set(taxes_in(page))
    return said.pop() if len(said) == 1 else None


def euros_of(texts: Sequence[str], value: Decimal) -> Decimal:
    """EUR in one unit of a price: the words over it say cents or EUR, else its size does."""
    for text in reversed(texts):
        words = bare(text)
        if part_of((text,)) is PricePart.SUBSCRIPTION:
            continue
        if _CENTS.search(words):
            return Decimal("0.01")
        if "mwh" in words and "kwh" not in words:
            return Decimal("0.001")
        if _EUROS.search(words) and "kwh" in words:
            return Decimal(1)
    return Decimal("0.01") if value >= _CENTS_FROM else Decimal(1)


def _months(texts: Sequence[str], body: Body, placed: Sequence[Placed]) -> Decimal:
    """What makes a year of a subscription: the words over it say for how long it is, else its size does."""
    for text in reversed(texts):
        words = bare(text)
        found = [times for times, pattern in ((12, _MONTH), (1, _YEAR), (365, _DAY)) if pattern.search(words)]
        if len(found) == 1:
            return Decimal(found[0])
    per_kva = [one.figure.value / max(body.ladder.marks[one.row].high, 6) * 6 for one in placed]
    return Decimal(1) if median(per_kva) >= _YEARS_FROM else Decimal(12)
