"""Who publishes a document, and what the offer of each of its tables is called."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from linkytui.tariffs.grid.document import Document
from linkytui.tariffs.grid.header import is_sentence
from linkytui.tariffs.grid.table import GridTable
from linkytui.tariffs.grid.titles import TitleLine, is_mute, name_in
from linkytui.tariffs.suppliers import SUPPLIERS
from linkytui.tariffs.suppliers.base import Supplier
from linkytui.wording.plain import bare, plain

_HEAD: Final = 600
"""Characters in which a document names its offer."""
_GREAT: Final = 1.35
"""Times the size of most of a page: so large are titles."""
_LARGER: Final = 1.1
"""Times the size of most of a page: larger is no running text."""
_PROFESSIONAL: Final = re.compile(r"(?<!non )(?<!non-)professionnel|\bpros?\b|entreprises?\b")
_HOUSEHOLD: Final = re.compile(r"particulier|residentiel|non[ -]professionnel|menage|domestique")
_LEGAL: Final = re.compile(
    r"(?P<name>[A-ZÉÈ][\w&'’.-]*(?: (?:de |d['’]|du |des |la |le |et )?[A-ZÉÈ0-9&][\w&'’.-]*){0,4})"
    r"\s*[-–—,:(]*\s*(?:est une |une )?(?:S\.?A\.?S\.?U?|S\.?A\.?R\.?L\.?|S\.?A\.?E?\.?M?\.?L?"
    r"|[Ss]oci[ée]t[ée] (?:anonyme|par actions|d['’]|coop)"
    r"|SCIC|SICAE|[Rr][ée]gie)\b.{0,60}?capital"
)
"""The line in which a company names itself and its capital."""


def supplier_of(document: Document) -> Supplier:
    """Who published a document: one that is known, else what it calls itself, else its file's name."""
    text = document.text
    counts = {supplier.name: len(supplier.mark.findall(text)) for supplier in SUPPLIERS}
    best = max(SUPPLIERS, key=lambda supplier: counts[supplier.name])
    if counts[best.name]:
        return best
    legal = _LEGAL.search(text)
    stem = document.file.rpartition("/")[2].rpartition(".")[0]
    return Supplier(name=legal["name"] if legal else stem or document.file, mark=re.compile("$^"))


def offer_of(document: Document, table: GridTable, supplier: Supplier) -> str:
    """What the supplier calls the offer of a table; the file's name where nothing says it."""
    if table.offer:
        if name_in(table.offer, weak=True):
            return table.offer
        name = offer_of(document, replace(table, offer=""), supplier)  # over the columns stands for how long it is
        return name if plain(table.offer) in plain(name) else f"{name} {table.offer}"
    head = plain("\n".join(page.text[:_HEAD] for page in document.pages if page.number in (1, table.page)))
    known = next((name for name in supplier.offers if plain(name) in head), None)
    if known:
        return known
    if supplier.title:
        texts = [*table.heads, *(line.text for line in _lines(document, table)), *document.text.split("\n")]
        match = next((match for text in texts if (match := supplier.title.fullmatch(text.strip()))), None)
        if match:
            return match["name"].strip()
    own = {plain(supplier.name), f"{plain(supplier.name)} energie"}
    names = list(dict.fromkeys(_names(document, table)))
    # An offer may be called as its supplier is; more often that stands there to tell its prices from others'.
    for name in (*(name for name in names if plain(name) not in own), *names):
        return _as_written(name, document.text) if name.isupper() else name
    return document.file.rpartition("/")[2].rpartition(".")[0] or document.file


def is_for_mute_meters(document: Document, table: GridTable) -> bool:
    """True where the words over a table say that it is for meters that do not communicate."""
    return any(is_mute(line.text) for line in _lines(document, table) if not is_sentence(line.text)) or any(
        is_mute(head) for head in table.heads
    )


def is_for_professionals(document: Document, table: GridTable) -> bool:
    """True where the words between a table and the one above it say that it is for professionals alone."""
    own = " ".join(line.text for line in next(iter(_regions(document, table)), []) if not is_sentence(line.text))
    words = bare(" ".join((own, *table.heads)))
    return bool(_PROFESSIONAL.search(words)) and not _HOUSEHOLD.search(words)


def _names(document: Document, table: GridTable) -> Iterator[str]:
    """The names that an offer may have, the likeliest first."""
    for region in _regions(document, table):
        yield from _found(region)
    others = [line for line in document.lines if line.number != table.page]
    size = _usual(document.lines)
    for number in range(table.page - 1, 0, -1):
        yield from _found([line for line in others if line.number == number and line.size > size * _LARGER])
    yield from _found([line for line in others if line.number < table.page])
    yield from (name for head in table.heads if (name := name_in(head)))
    yield from (name for title in reversed(table.titles) if (name := name_in(title, weak=True)))
    yield from _found([line for line in others if line.number > table.page])
    for region in _regions(document, table):
        yield from _found([line for line in region if line.size > size * _GREAT], weak=True)
    yield from _found([line for line in others if line.size > size * _GREAT and line.number == 1], weak=True)
    yield from _found([line for line in document.lines if line.size > size * _LARGER], loose=True)


def _found(lines: Sequence[TitleLine], *, weak: bool = False, loose: bool = False) -> list[str]:
    names = (name_in(line.text, weak=weak, loose=loose) for line in sorted(lines, key=lambda line: -line.size))
    return [name for name in names if name]


def _lines(document: Document, table: GridTable) -> list[TitleLine]:
    """The lines above a table on its page, the nearest first; its own header is not among them, but for its titles."""
    heads = {plain(head) for head in table.heads} - {plain(title) for title in table.titles}
    above = [
        line
        for line in document.lines
        if line.number == table.page and line.box.y < table.first_row and plain(line.text) not in heads
    ]
    return sorted(above, key=lambda line: -line.box.y)


def _regions(document: Document, table: GridTable) -> Iterator[list[TitleLine]]:
    """The lines above a table up to the table above it, then those up to the next one, and so on."""
    lines = _lines(document, table)
    floors = {
        other.box.bottom
        for other in document.tables
        if other.page == table.page and other.box.bottom <= table.first_row
    }
    for floor in sorted({*floors, -1.0}, reverse=True):
        yield [line for line in lines if line.box.y > floor]
        lines = [line for line in lines if line.box.y <= floor]


def _usual(lines: Sequence[TitleLine]) -> float:
    """The size in which most of a document is written."""
    letters: dict[float, int] = {}
    for line in lines:
        letters[round(line.size, 1)] = letters.get(round(line.size, 1), 0) + len(line.text)
    return max(letters, key=lambda size: letters[size], default=10.0)


def _as_written(capitals: str, text: str) -> str:
    """A name in capitals as the text writes it elsewhere, or with capital initials."""
    for found in re.findall(re.escape(capitals), text, re.IGNORECASE):
        if found[:1].isupper() and not found.isupper():
            return str(found)
    return capitals if len(capitals) <= 4 else capitals.title()
