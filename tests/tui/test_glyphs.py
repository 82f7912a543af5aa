"""The signs that are drawn with: all there are, or those that every terminal knows."""

from dataclasses import astuple, fields
from decimal import Decimal

import pytest

from linkytui.i18n import use_language
from linkytui.tui.glyphs import ASCII, CONSOLE, UNICODE, Glyphs, euros, glyphs, glyphs_for, use_glyphs


def test_every_stand_in_is_ascii_and_as_many_steps_as_the_sign_has() -> None:
    assert "".join(astuple(ASCII)).isascii()
    for signs in (ASCII, CONSOLE):
        assert len(signs.levels) == len(UNICODE.levels) == len(signs.shades) == len(signs.hatching)
        assert (len(signs.thin), len(signs.curve)) == (3, 6)


def test_the_console_is_drawn_with_what_its_fonts_have() -> None:
    """The fonts of Debian's console-setup, Lat15 and Uni1 to Uni3, have these beside Latin letters."""
    there = "█░▒■●▸▶▲↑↓→←×€≈±·─━│┌┐└┘├┤┬┴┼"
    signs = {sign for text in astuple(CONSOLE) for sign in text if not sign.isascii()}
    assert signs <= set(there)


@pytest.mark.parametrize(
    ("ascii_only", "encoding", "term", "chosen"),
    [
        (False, "utf-8", "xterm-256color", UNICODE),
        (False, "utf-8", "linux", CONSOLE),
        (True, "utf-8", "linux", ASCII),
        (False, "latin-1", "linux", ASCII),
        (False, "ascii", "xterm", ASCII),
    ],
)
def test_the_signs_suit_the_terminal(ascii_only: bool, encoding: str, term: str, chosen: Glyphs) -> None:
    assert glyphs_for(ascii_only=ascii_only, encoding=encoding, environment={"TERM": term}) is chosen


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
