"""Colours by role: every look has them all, and can be read."""

import pytest
from textual.color import Color
from textual.theme import Theme

from linkytui.reading import REGISTERS, Contract
from linkytui.tui.themes import DARK, FALLBACK_VARIABLES, LIGHT, SIXTEEN, THEMES, theme_for
from linkytui.tui.tints import TINTS, tint_of


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: str(theme.name))
def test_every_look_has_every_tint(theme: Theme) -> None:
    assert {f"tint-{name}" for name in TINTS} | {"frame", "quiet"} <= set(theme.variables)
    for name in TINTS:
        Color.parse(theme.variables[f"tint-{name}"])


def test_themes_from_elsewhere_get_what_they_lack() -> None:
    assert {f"tint-{name}" for name in TINTS} | {"frame", "quiet"} <= set(FALLBACK_VARIABLES)


def luminance(colour: Color) -> float:
    """Relative luminance, after the contrast rules for the web."""
    parts = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.normalized]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(first: str, second: str) -> float:
    low, high = sorted((luminance(Color.parse(first)), luminance(Color.parse(second))))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: str(theme.name))
def test_text_can_be_read_and_tints_are_seen(theme: Theme) -> None:
    assert theme.background is not None
    for ground in (theme.background, str(theme.panel)):
        assert contrast(str(theme.foreground), ground) >= 7
        assert contrast(theme.variables["quiet"], ground) >= 4
    for name in TINTS:
        assert contrast(theme.variables[f"tint-{name}"], theme.background) >= 2.5, name


def test_sixteen_colours_use_the_terminals_own_only() -> None:
    assert all(SIXTEEN.variables[f"tint-{name}"].startswith("ansi_") for name in TINTS)
    assert SIXTEEN.background == "ansi_default"


@pytest.mark.parametrize("contract", Contract)
def test_registers_of_a_contract_have_tints_of_their_own(contract: Contract) -> None:
    several = 4 if contract is Contract.OTHER else 6  # the supplier's ten registers share four
    tints = [tint_of(name) for name in REGISTERS[contract][:several]]
    assert set(tints) <= set(TINTS)
    assert len(set(tints)) == len(tints)


def test_what_has_no_tint_of_its_own_has_one_all_the_same() -> None:
    assert {tint_of(None), tint_of("UNHEARD")} == {"base"}
    assert {tint_of(f"EASF{number:02}") for number in range(1, 11)} <= set(TINTS)


@pytest.mark.parametrize(
    ("environment", "name"),
    [
        ({"TERM": "xterm-256color"}, "linkytui-dark"),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, "linkytui-dark"),
        ({"TERM": "xterm-kitty"}, "linkytui-dark"),
        ({"TERM": "xterm-256color", "COLORFGBG": "0;15"}, "linkytui-light"),
        ({"TERM": "xterm-256color", "COLORFGBG": "0;default;7"}, "linkytui-light"),
        ({"TERM": "xterm-256color", "COLORFGBG": "15;0"}, "linkytui-dark"),
        ({"TERM": "linux"}, "linkytui-16"),
        ({"TERM": "vt100"}, "linkytui-16"),
        ({}, "linkytui-16"),
    ],
)
def test_the_look_suits_the_terminal(environment: dict[str, str], name: str) -> None:
    assert theme_for("auto", environment) == name


def test_a_look_that_was_chosen_is_used_everywhere() -> None:
    assert theme_for("linkytui-light", {"TERM": "linux"}) == "linkytui-light"
