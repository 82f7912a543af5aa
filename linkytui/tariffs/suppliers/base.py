"""What the program must know about a supplier beyond what its grids say."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from linkytui.tariffs.grid.document import Document
from linkytui.tariffs.grid.tables import GridTable

_TITLE: Final = re.compile(
    r"(?:(?:fiche descriptive|grille (?:tarifaire|de prix)) de )?(?:l['’] ?)?offre\s*[:«-]?\s*(?P<name>[^\n]+)",
    re.IGNORECASE,
)
_AFTER_NAME: Final = re.compile(
    r"\s*(?:[-–(«»:]|\best un|\bau \d|\b(?:applicable|indexée|de fourniture|de marché)\b).*", re.IGNORECASE
)
_LEAST_NAME: Final = 3  # letters


@dataclass(frozen=True, slots=True)
class GridAddress:
    """Where a supplier publishes one of its grids."""

    offer: str  # for a person
    url: str


def titled(document: Document) -> str:
    """The offer's name as the title of the document gives it; the file's name when it has none.

    A title in capitals is written as the text writes it elsewhere, or with capital initials.
    """
    text = document.text
    for line in text.split("\n"):
        match = _TITLE.match(line.strip())
        name = _AFTER_NAME.sub("", match["name"]).strip(" .»") if match else ""
        if len(name) >= _LEAST_NAME:
            return _as_written(name, text) if name.isupper() else name
    return document.file.rpartition("/")[2].rpartition(".")[0] or document.file


def _as_written(capitals: str, text: str) -> str:
    for found in re.findall(re.escape(capitals), text, re.IGNORECASE):
        if not found.isupper():
            return str(found)
    return capitals.title()


def as_printed(document: Document) -> Sequence[GridTable]:
    """The tables of offers as they stand: the rule, where prices are not given in parts."""
    return document.tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplier:
    """One supplier."""

    name: str
    mark: re.Pattern[str]
    """What its documents are full of: the supplier whose mark a document holds most often has published it."""
    offer: Callable[[Document], str] = titled  # the name of a document's offer
    tables: Callable[[Document], Sequence[GridTable]] = as_printed
    """The tables of a document's offers, with the parts of a price summed where it prints them apart."""
    addresses: tuple[GridAddress, ...] = ()
