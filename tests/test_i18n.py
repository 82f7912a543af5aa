"""French and English: no text without its translation, and numbers and dates as each language writes them."""

import ast
import io
import re
import string
from datetime import date, datetime
from pathlib import Path

import click
import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from linkytui import i18n
from linkytui.commands import click_words

PACKAGE = Path(i18n.__file__).parent
CATALOGUE = PACKAGE / "locale" / "fr" / "LC_MESSAGES" / "linkytui.po"
REMEDY = "run `make messages`, then translate"


@pytest.fixture(scope="module")
def french() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="fr")


def texts(message: Message) -> list[str]:
    """The French forms of a message."""
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def keys(message: Message) -> list[str]:
    """The English forms of a message."""
    return [message.id] if isinstance(message.id, str) else list(message.id)


def places(text: str) -> set[str | None]:
    """What `format` and `%` fill in."""
    named = {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}
    return named | set(re.findall(r"%\((\w+)\)", text))


def test_every_text_of_the_code_has_a_translation(french: Catalog) -> None:
    used = {text if isinstance(text, str) else text[0] for _, _, text, _, _ in extract_from_dir(PACKAGE)}
    known = {keys(message)[0]: message for message in french if message.id}
    assert used - known.keys() == set(), REMEDY
    assert known.keys() - used == set(), f"no longer in the code: {REMEDY}"
    assert [key for key, message in known.items() if not all(texts(message)) or message.fuzzy] == [], REMEDY


def test_no_text_is_hidden_in_an_f_string_where_the_catalogue_does_not_find_it() -> None:
    hidden = [
        f"{path.relative_to(PACKAGE)}: {call.args[0].value!r}"
        for path in PACKAGE.rglob("*.py")
        for joined in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(joined, ast.JoinedStr)
        for call in ast.walk(joined)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ("_", "ngettext")
        if isinstance(call.args[0], ast.Constant)
    ]
    assert hidden == []


def test_translations_fill_in_the_same_places(french: Catalog) -> None:
    for message in french:
        for text in filter(None, texts(message) if message.id else ()):
            allowed = set().union(*map(places, keys(message)))
            # A form for one may leave its number out.
            assert places(text) <= allowed, text
            assert message.pluralizable or places(text) == allowed, text


def test_the_compiled_catalogue_is_that_of_the_source(french: Catalog) -> None:
    compiled = io.BytesIO()
    write_mo(compiled, french)
    assert CATALOGUE.with_suffix(".mo").read_bytes() == compiled.getvalue(), "run `make messages`"


def test_the_texts_kept_for_click_are_those_that_click_says() -> None:
    source = "".join(path.read_text() for path in Path(click.__file__).parent.glob("*.py"))
    for text in click_words.WORDS:
        assert text in source or text.replace("\n", "\\n").replace("\t", "\\t") in source, text


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "fr"}, "fr"),
        ({"LANG": "fr_CA"}, "fr"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({}, "en"),
        ({"LC_ALL": "en_GB.UTF-8", "LANG": "fr_FR.UTF-8"}, "en"),
        ({"LC_ALL": "", "LC_MESSAGES": "fr_FR.UTF-8", "LANG": "en_US.UTF-8"}, "fr"),
    ],
)
def test_the_language_follows_the_locale(environment: dict[str, str], language: str) -> None:
    assert i18n.language_of_locale(environment) == language


@pytest.mark.parametrize(
    ("value", "decimals", "english", "french"),
    [
        (1234.5, 1, "1,234.5", "1\u00a0234,5"),
        (0, 0, "0", "0"),
        (-1234567.891, 2, "-1,234,567.89", "-1\u00a0234\u00a0567,89"),
        (999.95, 1, "1,000.0", "1\u00a0000,0"),
    ],
)
def test_numbers_are_written_as_the_language_writes_them(
    value: float, decimals: int, english: str, french: str
) -> None:
    assert i18n.number(value, decimals) == english
    i18n.use_language("fr")
    assert i18n.number(value, decimals) == french


def test_dates_are_written_as_the_language_writes_them() -> None:
    day, moment = date(2026, 8, 1), datetime(2026, 11, 24, 7, 5, 9)  # noqa: DTZ001 -- only its digits matter
    said = {}
    for language in i18n.LANGUAGES:
        i18n.use_language(language)
        said[language] = [
            i18n.weekday(day),
            i18n.short_date(day),
            i18n.long_date(day),
            i18n.month(day),
            i18n.short_month(moment),
            i18n.short_date(moment),
            i18n.time_of_day(moment),
            i18n.time_of_day(moment, seconds=True),
        ]
    assert said == {
        "en": ["Sat", "1 Aug", "1 August 2026", "August 2026", "Nov", "24 Nov", "07:05", "07:05:09"],
        "fr": ["sam.", "1er août", "1er août 2026", "août 2026", "nov.", "24 nov.", "07:05", "07:05:09"],
    }


def test_counts_choose_their_form() -> None:
    one, many = "Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments."
    assert i18n.ngettext(one, many, 2) == many
    i18n.use_language("fr")
    assert i18n.ngettext(one, many, 0).endswith("une valeur.")
    assert i18n.ngettext(one, many, 2).endswith("{nargs} valeurs.")
