"""The signs that are drawn with: all there are, or those that every terminal knows."""

from dataclasses import astuple, fields
from decimal import Decimal

import pytest

from linkytui.i18n import use_language
from linkytui.tui.glyphs import ASCII, UNICODE, Glyphs, euros, glyphs, use_glyphs


def test_every_stand_in_is_ascii_and_as_many_steps_as_the_sign_has() -> None:
    assert "".join(astuple(ASCII)).isascii()
    assert len(ASCII.levels) == len(UNICODE.levels) == len(ASCII.shades) == len(UNICODE.shades)


@pytest.mark.parametrize("name", [field.name for field in fields(Glyphs)])
def test_no_sign_is_empty(name: str) -> None:
    assert getattr(UNICODE, name)
    assert getattr(ASCII, name)


@pytest.mark.parametrize(
    ("encoding", "fits"), [("utf-8", True), ("latin-1", False), ("ascii", False), ("no-such-encoding", False)]
)
def test_an_encoding_that_lacks_a_sign_does_not_fit(encoding: str, fits: bool) -> None:
    assert UNICODE.fit(encoding) is fits


def test_what_is_chosen_holds_from_now_on() -> None:
    assert glyphs() is UNICODE
    use_glyphs(ASCII)
    assert glyphs() is ASCII


def test_each_test_begins_with_all_signs() -> None:
    assert glyphs() is UNICODE


def test_money_has_its_sign_where_the_terminal_knows_it() -> None:
    assert euros(Decimal("1234.567")) == "1,234.57 €"
    use_language("fr")
    assert euros(Decimal("1234.567")) == "1\u00a0234,57 €"
    use_glyphs(ASCII)
    assert euros(Decimal(12)) == "12,00 EUR"
