"""The looks: dark, light, and one for terminals of sixteen colours. Each says every tint in colours of its own."""

from collections.abc import Mapping
from typing import Final, Literal

from textual.theme import BUILTIN_THEMES, Theme

from linkytui.tui.tints import TINTS

_SIXTEEN_BADGES: Final = {
    "accent": ("ansi_cyan", "ansi_black"),
    "primary": ("ansi_blue", "ansi_bright_white"),
    "warning": ("ansi_yellow", "ansi_black"),
}
"""What lies behind a badge that is no tint, and what it is written in."""


def _variables(look: Literal["dark", "light"], ink: str, badges: Mapping[str, str], **more: str) -> dict[str, str]:
    """The variables of a theme that says its colours: its tints, its badges, and more colours of its own.

    `ink`: what badges are written in; `badges`: the grounds of those that are no tint.
    """
    tints: dict[str, str] = {name: getattr(tint, look) for name, tint in TINTS.items()}
    grounds = {**tints, **badges}
    return (
        {f"tint-{name}": colour for name, colour in tints.items()}
        | {f"ground-{name}": colour for name, colour in grounds.items()}
        | {f"ink-{name}": ink for name in grounds}
        | _named(more)
    )


def _sixteen_variables(**more: str) -> dict[str, str]:
    """Likewise, of the theme that leaves the colours to the terminal."""
    badges = {name: (tint.ground, tint.ink) for name, tint in TINTS.items()} | _SIXTEEN_BADGES
    return (
        {f"tint-{name}": tint.sixteen for name, tint in TINTS.items()}
        | {f"ground-{name}": ground for name, (ground, _ink) in badges.items()}
        | {f"ink-{name}": ink for name, (_ground, ink) in badges.items()}
        | _named(more)
    )


def _named(colours: Mapping[str, str]) -> dict[str, str]:
    """Variables by the names that stylesheets know."""
    return {name.replace("_", "-"): colour for name, colour in colours.items()}


DARK: Final = Theme(
    name="linkytui-dark",
    primary="#5fa8f5",
    secondary="#4cc9a0",
    accent="#6cb6ff",
    warning="#f5a742",
    error="#ff6b6b",
    success="#4cc9a0",
    foreground="#d5dce6",
    background="#0e131a",
    surface="#131a23",
    panel="#1a222d",
    dark=True,
    variables=_variables(
        "dark",
        "#0e131a",
        {"accent": "#6cb6ff", "primary": "#5fa8f5", "warning": "#f5a742"},
        frame="#2c3846",
        row="#202b39",
        quiet="#95a3b5",
        footer_key_foreground="#6cb6ff",
        footer_background="#131a23",
    ),
)

LIGHT: Final = Theme(
    name="linkytui-light",
    primary="#1a62b0",
    secondary="#0b6e51",
    accent="#1a62b0",
    warning="#8a4f00",
    error="#b71c1c",
    success="#0b6e51",
    foreground="#1f2733",
    background="#f6f4ef",
    surface="#fbfaf7",
    panel="#ece9e1",
    dark=False,
    variables=_variables(
        "light",
        "#fbfaf7",
        {"accent": "#1a62b0", "primary": "#1a62b0", "warning": "#8a4f00"},
        frame="#c9c3b6",
        row="#e6e2d8",
        quiet="#57606c",
        footer_key_foreground="#1a62b0",
        footer_background="#ece9e1",
    ),
)

SIXTEEN: Final = Theme(
    name="linkytui-16",
    ansi=True,
    primary="ansi_bright_blue",
    secondary="ansi_green",
    accent="ansi_cyan",
    warning="ansi_yellow",
    error="ansi_bright_red",
    success="ansi_green",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    dark=True,
    variables=BUILTIN_THEMES["ansi-dark"].variables
    | _sixteen_variables(
        frame="ansi_bright_black",
        row="ansi_blue",
        quiet="ansi_white",
        footer_key_foreground="ansi_cyan",
        footer_background="ansi_default",
        border_blurred="ansi_bright_black",
    ),
)

THEMES: Final = (DARK, LIGHT, SIXTEEN)

FALLBACK_VARIABLES: Final[Mapping[str, str]] = DARK.variables  # what themes from elsewhere lack


def theme_for(wanted: str, environment: Mapping[str, str]) -> str:
    """The name of the theme to use: the one that is set, or (`auto`) the one that suits the terminal.

    `wanted`: a theme's name, or `auto`; `environment`: the process's, TERM, COLORTERM and COLORFGBG tell what the
    terminal can show.
    """
    if wanted != "auto":
        return wanted
    term = environment.get("TERM", "")
    if not environment.get("COLORTERM") and "256color" not in term and "kitty" not in term and "direct" not in term:
        return SIXTEEN.name
    # COLORFGBG is "foreground;background" in the sixteen colours; 7 and 15 are the light backgrounds.
    light = environment.get("COLORFGBG", "").rpartition(";")[2] in ("7", "15")
    return LIGHT.name if light else DARK.name
