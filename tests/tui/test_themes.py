"""Colours by role: every look has them all, and can be read."""

import pytest
from textual.color import Color
from textual.theme import Theme

from linkytui.reading import REGISTERS, Contract
from linkytui.tui.themes import DARK, FALLBACK_VARIABLES, LIGHT, SIXTEEN, THEMES, theme_for
from linkytui.tui.tints import TINTS, tint_of

ROLES = ("primary", "secondary", "accent", "warning", "error", "success")
BADGES = (*TINTS, "accent", "primary", "warning")

_NAMES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
_ANSI = [f"ansi_{name}" for name in _NAMES] + [f"ansi_bright_{name}" for name in _NAMES]
PALETTES = {
    name: dict(zip(_ANSI, (f"#{colour}" for colour in colours.split()), strict=True))
    for name, colours in {
        "vga": "000000 aa0000 00aa00 aa5500 0000aa aa00aa 00aaaa aaaaaa"
        " 555555 ff5555 55ff55 ffff55 5555ff ff55ff 55ffff ffffff",
        "xterm": "000000 cd0000 00cd00 cdcd00 0000ee cd00cd 00cdcd e5e5e5"
        " 7f7f7f ff0000 00ff00 ffff00 5c5cff ff00ff 00ffff ffffff",
    }.items()
}
"""What the sixteen colours are on a console and in xterm."""


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
def test_text_and_tints_can_be_read_on_every_ground(theme: Theme) -> None:
    said = theme.variables
    words = [str(theme.foreground), said["quiet"], *(str(getattr(theme, name)) for name in ROLES)]
    for ground in (theme.background, theme.surface, theme.panel):
        assert min(contrast(text, str(ground)) for text in words) >= 4.5
        assert min(contrast(said[f"tint-{name}"], str(ground)) for name in TINTS) >= 4.5
    assert contrast(said["quiet"], said["row"]) >= 4.5


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: str(theme.name))
def test_badges_can_be_read(theme: Theme) -> None:
    for name in BADGES:
        assert contrast(theme.variables[f"ink-{name}"], theme.variables[f"ground-{name}"]) >= 4.5, name


@pytest.mark.parametrize("palette", PALETTES)
def test_badges_can_be_read_in_sixteen_colours(palette: str) -> None:
    colours = PALETTES[palette]
    for name in BADGES:
        ink, ground = (colours[SIXTEEN.variables[f"{part}-{name}"]] for part in ("ink", "ground"))
        assert contrast(ink, ground) >= 3, name


@pytest.mark.parametrize("palette", PALETTES)
def test_tints_can_be_read_in_sixteen_colours(palette: str) -> None:
    colours = PALETTES[palette]
    for name in TINTS:
        assert contrast(colours[SIXTEEN.variables[f"tint-{name}"]], colours["ansi_black"]) >= 3, name
    for role in ROLES:
        assert contrast(colours[str(getattr(SIXTEEN, role))], colours["ansi_black"]) >= 3, role


def test_a_ground_is_one_that_the_linux_console_has() -> None:
    assert not [name for name in BADGES if "bright" in SIXTEEN.variables[f"ground-{name}"]]


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: str(theme.name))
def test_amber_is_for_warnings_alone(theme: Theme) -> None:
    others = [theme.variables[f"tint-{name}"] for name in TINTS]
    others += [str(getattr(theme, role)) for role in ROLES if role != "warning"]
    assert 25 <= hue(str(theme.warning)) <= 45
    assert not [colour for colour in others if 20 < hue(colour) < 55 and Color.parse(colour).hsl.s > 0.3]


def test_amber_is_for_warnings_alone_in_sixteen_colours() -> None:
    others = [SIXTEEN.variables[f"tint-{name}"] for name in TINTS]
    others += [str(getattr(SIXTEEN, role)) for role in ROLES if role != "warning"]
    assert "yellow" in str(SIXTEEN.warning)
    assert not [colour for colour in others if "yellow" in colour]


def hue(colour: str) -> float:
    """Degrees on the wheel of colours."""
    return Color.parse(colour).hsl.h * 360


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
