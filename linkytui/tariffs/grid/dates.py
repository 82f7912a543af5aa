"""The day from which a grid holds, found in its words."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from linkytui.wording.plain import bare

_MONTHS: Final = (
    "janvier janv jan",
    "fevrier fevr fev",
    "mars",
    "avril avr",
    "mai",
    "juin",
    "juillet juil",
    "aout",
    "septembre sept sep",
    "octobre oct",
    "novembre nov",
    "decembre dec",
)
_NUMBER: Final = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_NAMES: Final = "|".join(sorted(_NUMBER, key=len, reverse=True))
# Of a validity "du 3 au 30 novembre 2025" the first day counts.
_DATE: Final = (
    rf"(?:du (?P<first>\d{{1,2}})(?:er)? (?:(?P<month>{_NAMES})\.? (?:(?P<start>20\d\d) )?)?au (?=\d))?"
    rf"(?:(?:(?P<day>\d{{1,2}})\s*(?:er)?\s*)?(?P<name>{_NAMES})\.?\s*(?P<year>20\d\d)(?!\d)"
    r"|(?P<d>\d{1,2})[/.](?P<m>\d{1,2})[/.](?P<y>20\d\d|2\d)(?!\d))"
)
_ANY: Final = re.compile(rf"(?<![\d/.])(?:{_DATE})")
_ANNOUNCED: Final = re.compile(
    r"(?:(?:applicables?|en vigueur|valables?|disponibles? a la souscription|pour toute souscription|souscription|"
    r"version|prix|tarifs?|grilles? tarifaires?|grille de prix)"
    r"\W{0,4}(?:(?:a compter|a partir|au|des|depuis|(?=du \d{1,2}(?:er)? (?:\w+ (?:20\d\d )?)?au)|du|le|de|en)"
    r"\W{0,3}){0,3}"
    r"|(?:a compter|a partir) du\W{1,3})"
    rf"(?:{_DATE})"
)
_SHORT: Final = re.compile(rf"(?<![\w/])(?P<name>{_NAMES})\.? '?(?P<year>2\d)(?![\d/:,.]|\s*(?:h|eur|€|kva))")
"""`novembre 25`, as titles write it."""

_UNTIL: Final = re.compile(r"(?:jusqu\W?(?:au|a|en)|avant le|au plus tard le|fin)\W{1,3}$")
"""What stands before a day on which something ends."""

TOP: Final = 700
"""Characters at the head of a page in which a date that stands alone is the grid's."""


def _run_on(text: str) -> str:
    """In lower case, without accents, on one line: the raised `er` of `1er` may stand on a line of its own."""
    return re.sub(r"\s+", " ", bare(text))


def _date_of(match: re.Match[str]) -> date | None:
    year = int(match["year"] or match["y"])
    month = _NUMBER[match["name"]] if match["name"] else int(match["m"])
    day = int(match["day"] or 1) if match["name"] else int(match["d"])
    if match["first"]:
        day = int(match["first"])
        month = _NUMBER[match["month"]] if match["month"] else month
        year = int(match["start"] or year)
    try:
        return date(year if year > 99 else 2000 + year, month, day)
    except ValueError:
        return None


def first_date(text: str, *, announced: bool) -> date | None:
    """The first date in some text.

    Args:
        text: as a page gives it; `1er aout 2025`, `5 août 2025`, `1 nov. 2025`, `novembre 2025`, `01/08/2025` and `du 3
            au 30 novembre 2025` are understood, a month alone is its first day.
        announced: only a date that the words before it announce (`applicable au`, `en vigueur au`, `à compter du`).
    """
    pattern = _ANNOUNCED if announced else _ANY
    words = _run_on(text)
    found = (_date_of(match) for match in pattern.finditer(words) if not _UNTIL.search(words[: match.start()]))
    return next((day for day in found if day is not None), None)


def _short_date(text: str) -> date | None:
    match = _SHORT.search(_run_on(text))
    return date(2000 + int(match["year"]), _NUMBER[match["name"]], 1) if match else None


def grid_date(pages: Sequence[str]) -> date | None:
    """The day from which a grid holds; None when its text names none.

    A date that is announced at the head of a page with prices counts before one that stands there alone, and that one
    before a date announced anywhere else: the fine print is full of dates of laws.

    Args:
        pages: the text of each page, those with prices first.
    """
    heads = [page[:TOP] for page in pages]
    for texts, announced in ((heads, True), (heads, False), (pages, True)):
        for text in texts:
            day = first_date(text, announced=announced)
            if day is not None:
                return day
    return next((day for head in heads if (day := _short_date(head)) is not None), None)
