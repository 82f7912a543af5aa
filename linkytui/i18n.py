"""The language of the screen and of the messages, and how that language writes numbers and dates.

Strings in the code are English and are the keys of the catalogues in `locale/`.
"""

import gettext as _gettext
import locale
import os
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Final, Literal

Language = Literal["en", "fr"]

LANGUAGES: Final[tuple[Language, ...]] = ("en", "fr")

NO_BREAK_SPACE: Final = "\u00a0"
"""Groups thousands in French. The narrow one is right in print, but some terminals give it no width."""

_DAYS: Final[Mapping[Language, str]] = {"en": "Mon Tue Wed Thu Fri Sat Sun", "fr": "lun. mar. mer. jeu. ven. sam. dim."}
_MONTHS: Final[Mapping[Language, str]] = {
    "en": "January February March April May June July August September October November December",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
}
_SHORT_MONTHS: Final[Mapping[Language, str]] = {
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "fr": "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
}

FOLDER: Final = Path(__file__).parent / "locale"


class _Current:
    language: Language = "en"
    catalogue: _gettext.NullTranslations = _gettext.NullTranslations()


def language_of_locale(environment: Mapping[str, str] = os.environ) -> Language:
    """French when the environment says so (LC_ALL, LC_MESSAGES, LANG, in that order), else English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environment.get(name):
            normal = locale.normalize(value)
            return "fr" if normal.lower().startswith("fr") else "en"
    return "en"


def use_language(language: Language) -> None:
    """Speak this language from now on. What is already on a screen stays until it is drawn again."""
    _Current.language = language
    _Current.catalogue = _gettext.translation("linkytui", FOLDER, languages=[language], fallback=True)


def language() -> Language:
    """The language spoken now."""
    return _Current.language


def _(text: str) -> str:
    """The text in the language spoken now; as it stands where it has no translation."""
    return _Current.catalogue.gettext(text) if text else text


def N_(text: str) -> str:  # noqa: N802 -- gettext's own name
    """The text as it stands, marked for translation where it is declared; `_` translates it where it is shown."""
    return text


def ngettext(one: str, many: str, count: int) -> str:
    """The form of the text that goes with a count."""
    return _Current.catalogue.ngettext(one, many, count)


def listed(*texts: str) -> str:
    """Parts of one line, those that are not empty: `a; b` or `a ; b`."""
    return (" ; " if _Current.language == "fr" else "; ").join(filter(None, texts))


def titled(title: str, text: str) -> str:
    """A text after what it is about: `title: text` or `title : text`."""
    return f"{title} : {text}" if _Current.language == "fr" else f"{title}: {text}"


def number(value: float, decimals: int = 0) -> str:
    """A number as the language writes it: `1 234,5` or `1,234.5`."""
    text = f"{value:,.{decimals}f}"
    if _Current.language == "fr":
        text = text.replace(",", NO_BREAK_SPACE).replace(".", ",")
    return text


def weekday(day: date) -> str:
    """The day of the week, short: `Tue` or `mar.`."""
    return _name(_DAYS, day.weekday())


def short_date(day: date) -> str:
    """A day without its year: `24 Nov` or `24 nov.`."""
    return f"{_ordinal(day.day)} {short_month(day)}"


def long_date(day: date) -> str:
    """A day in full: `1 August 2026` or `1er août 2026`."""
    return f"{_ordinal(day.day)} {month(day)}"


def month(day: date) -> str:
    """The month that a day lies in: `November 2026` or `novembre 2026`."""
    return f"{_name(_MONTHS, day.month - 1)} {day.year}"


def short_month(day: date) -> str:
    """The month that a day lies in, short and without its year: `Nov` or `nov.`."""
    return _name(_SHORT_MONTHS, day.month - 1)


def time_of_day(moment: datetime, *, seconds: bool = False) -> str:
    """A time of day, `14:05` or `14:05:09`."""
    return f"{moment:%H:%M:%S}" if seconds else f"{moment:%H:%M}"


def _name(names: Mapping[Language, str], place: int) -> str:
    return names[_Current.language].split()[place]


def _ordinal(day: int) -> str:
    return "1er" if day == 1 and _Current.language == "fr" else str(day)
