"""What a supplier calls the offer of a table: found in the titles, by their words and by how large they are written."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from linkytui.tariffs.grid.page import Box, GridPage, Word, around
from linkytui.tariffs.grid.words import lines_of
from linkytui.wording.plain import bare, plain

_LARGER: Final = 1.25
"""Times the size of the words after it: a name that stands in front of its line."""
_SAME: Final = 0.06
"""Of the size: lines that differ less are one title."""
_LEADING: Final = 1.7
"""Times the size: lines of one title are no further apart."""
_LEAST: Final = 2
"""Letters of a name."""
_LONGEST: Final = 48
"""Letters of a name; what is longer is a sentence."""

_BEFORE: Final = re.compile(
    r"(?:(?:vos|les|la|nos|votre)\s+)?(?:fiche (?:descriptive|tarifaire|standardis[ée]e)|"
    r"grilles? (?:tarifaires?|de prix|des tarifs)|annexe (?:tarifaire|prix)|tarifs?|prix|conditions tarifaires)"
    r"\s*(?:de|pour)?\s*(?=l['’]?\s?offre|offre)",
    re.IGNORECASE,
)
_OFFER: Final = re.compile(
    r"(?:l['’]\s?|votre |notre |nos )?offres?\b(?P<kind>(?:\s+(?:de fourniture|fourniture|de march[ée]))?"
    r"(?:\s*(?:d['’]\s?|en |d’)?(?:[ée]lectricit[ée]|[ée]nergie|[ée]lec)"
    r"(?=\s+(?:\S*[A-ZÉÈ0-9«]|-|–|verte\s*[-–:])|\s*[-–:«\"“]))?)"
    r"(?P<sep>\s*[:«\"“\-–—|]*\s*)(?P<name>.*)",
    re.IGNORECASE,
)
_TRAILING: Final = re.compile(r"(?P<name>[^,|]+?), l['’]offre\b", re.IGNORECASE)
_TARIFF: Final = re.compile(
    r"(?:(?:grilles? (?:tarifaires?|de prix)|fiche (?:tarifaire|descriptive))\s*[-–—:]?|(?:tarifs?|prix))"
    r"\s+(?P<name>.+)",
    re.IGNORECASE,
)

_DATE: Final = (
    r"(?:\d{1,2}(?:er)?\s+)?(?:janv|f[ée]v|mars|avril|mai|juin|juil|ao[uû]t|sept|oct|nov|d[ée]c)\w*\.?\s*'?(?:20)?\d\d"
    r"|\d{1,2}/\d{1,2}/\d{2,4}"
)
_TAIL: Final = re.compile(
    r"\s*(?:[»”\"|(,:;]|\s[-–—]\s?(?!\d+ ?%)|[-–—]\s(?!\d+ ?%)|\*+$|"
    rf"\b(?:{_DATE})|"
    r"\b(?:est une?|au \d|du \d|a compter|à compter|à partir|applicables?|index[ée]e?s?\b|r[ée]serv[ée]e?s?|"
    r"de fourniture|de march[ée]|pour (?:les|vos|toute)|en vigueur|valable|souscrite|fixe \d|à prix|a prix|"
    r"prix fixes?\b|(?:clients? )?(?:particuliers?|r[ée]sidentiels?)\b|sans engagement|disponible|dont|qui|"
    r"incluant|avec)).*",
    re.IGNORECASE,
)
_YEARS: Final = re.compile(r"\b(\d) ans?\b", re.IGNORECASE)
_GENERIC: Final = re.compile(
    r"de|d|du|la|le|les|l|un|une|en|et|a|au|aux|par|pour|vos|votre|nos|notre|option|options|tarifaire|tarifaires|"
    r"tarif|tarifs|offre|offres|base|hp|hc|heures|heure|pleines|creuses|pleine|creuse|simple|double|comptage|"
    r"service|electricite|energie|elec|verte|vert|fourniture|grille|grilles|prix|kwh|abonnement|mensuel|annuel|"
    r"ttc|ht|htt|puissance|souscrite|kva|particuliers|particulier|clients|client|residentiels|fiche|descriptive|"
    r"annexe|page|version|n|fixe|fixes|an|ans|certifiee|marche|indexee|indexe|trve|trv|reglemente|reglementes|"
    r"tempo|ejp|cu|cu4|mu4|mudt|jaune|1|2|3|4|5|consommation|taxes|contributions|saison|haute|basse|edf|l'offre|"
    r"engagement|sans|contrat|compteurs|communicants|compteur|linky|communicant|conditions|generales|vente|"
    r"particulieres|site|professionnels"
)
_SORT: Final = re.compile(r"electricite|energie|\bverte?\b")
"""What a name of words that say nothing must hold."""
_KEEP: Final = re.compile(r"tarif (bleu|jaune|vert|ejp)\b", re.IGNORECASE)
_MUTE: Final = re.compile(r"non[- ]?communicants?")
"""Meters that do not communicate; a Linky does."""


@dataclass(frozen=True, slots=True)
class TitleLine:
    """Words of one size that stand together: a title, or a line of text."""

    text: str
    box: Box
    size: float
    number: int
    """Of its page, from 1."""


def lines_of_page(page: GridPage) -> list[TitleLine]:
    """The lines of a page, those together that are one title, and the larger words of a line apart."""
    pieces: list[TitleLine] = []
    for line in lines_of([word for word in page.words if not word.raised]):
        pieces.extend(_pieces(line, page.number))
    joined: list[TitleLine] = []
    for piece in pieces:
        before = next((one for one in reversed(joined[-6:]) if _goes_on(one, piece)), None)
        if before is None:
            joined.append(piece)
        else:
            joined[joined.index(before)] = TitleLine(
                f"{before.text} {piece.text}", around([before.box, piece.box]), before.size, page.number
            )
    return joined


def _pieces(line: Sequence[Word], number: int) -> Iterator[TitleLine]:
    group: list[Word] = []
    for word in line:
        if group and word.box.x0 - group[-1].box.x1 > 2.2 * max(word.size, group[-1].size):
            yield _line(group, number)
            group = []
        group.append(word)
    if group:
        yield _line(group, number)


def _line(words: Sequence[Word], number: int) -> TitleLine:
    sizes = [word.size for word in words]
    front = next((place for place, word in enumerate(words) if word.size * _LARGER < sizes[0]), len(words))
    text = " ".join(word.text for word in words)
    if front < len(words):
        years = _YEARS.search(text)
        name = " ".join(word.text for word in words[:front])
        text = f"Offre « {name}{f' {years[0]}' if years and not _YEARS.search(name) else ''} »"
    return TitleLine(text, around([word.box for word in words]), max(sizes), number)


def _goes_on(upper: TitleLine, lower: TitleLine) -> bool:
    """The next line of one title: as large, just below, and aligned with it."""
    near = lower.box.top - upper.box.bottom < upper.size * (_LEADING - 0.7)
    aligned = abs(upper.box.x - lower.box.x) < upper.size * 1.5 or abs(upper.box.x0 - lower.box.x0) < upper.size * 0.5
    return (
        abs(upper.size - lower.size) < upper.size * _SAME
        and lower.box.top - upper.box.bottom > 0
        and near
        and aligned
        and len(upper.text) + len(lower.text) < 120
    )


def name_in(text: str, *, weak: bool = False, loose: bool = False) -> str | None:
    """The name of an offer in a title; None when it names none.

    Args:
        text: of one title.
        weak: the title is known to name an offer, so that the word offer need not be in it.
        loose: any name will do, even one of words that say nothing, as `Électricité verte`.
    """
    text = " ".join(text.split()).strip()
    text = text.rpartition("|")[2].strip() if "|" in text and not bare(text).startswith("offre") else text
    if match := _TRAILING.match(text):
        return _cleaned(match["name"])
    stripped = _BEFORE.sub("", text, count=1).strip()
    if match := _OFFER.fullmatch(stripped):
        name, parted = match["name"].strip(), bool(match["sep"].strip())
        kind = match["kind"].split()
        if kind and kind[-1][:1].isupper() and kind[-1][1:2] not in ("'", "’") and not parted:
            name = f"{kind[-1]} {name}"
        if name[:1].islower() and not parted:
            # "Offre verte d'électricité certifiée" tells what it is and not how it is called.
            return None
        return _cleaned(name, loose=loose and name[:1].isupper())
    if match := _KEEP.search(text):
        return f"Tarif {match[1].upper() if bare(match[1]) == 'ejp' else match[1].capitalize()}"
    if weak:
        match = _TARIFF.fullmatch(text)
        return _cleaned(match["name"] if match else text)
    return None


def _cleaned(name: str, *, loose: bool = False) -> str | None:
    quoted = re.match(r"[«“\"]\s*([^»”\"]+?)\s*[»”\"]", name)
    name = quoted[1] if quoted else _TAIL.sub("", name)
    name = name.strip(" .*:«»-–—'’\"")
    words = plain(name).split()
    told = all(_GENERIC.fullmatch(word) or word.isdigit() for word in words) and not re.search(r"-\s?\d+ ?%", name)
    if loose and len(words) > 1 and _SORT.search(plain(name)):
        told = False
    if len(plain(name)) < _LEAST or len(name) > _LONGEST or told:
        return None
    return name


def is_mute(text: str) -> bool:
    """True for words about meters that do not communicate."""
    return bool(_MUTE.search(bare(text)))
