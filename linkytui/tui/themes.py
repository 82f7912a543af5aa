"""The looks: dark, light, and one for terminals of sixteen colours. Each says every tint in colours of its own."""

from collections.abc import Mapping
from typing import Final, Literal

from textual.theme import BUILTIN_THEMES, Theme

from linkytui.tui.tints import TINTS


def _variables(look: Literal["dark", "light", "sixteen"], **more: str) -> dict[str, str]:
    """The variables of a theme: its tints, and more colours of its own."""
    return {f"tint-{name}": getattr(tint, look) for name, tint in TINTS.items()} | {
        name.replace("_", "-"): colour for name, colour in more.items()
    }


DARK: Final = Theme(
    name="linkytui-dark",
    primary="#5fa8f5",
    secondary="#4cc9a0",
    accent="#f5a742",
    warning="#f5a742",
    error="#ff5d5d",
    success="#4cc9a0",
    foreground="#d5dce6",
    background="#0e131a",
    surface="#131a23",
    panel="#1a222d",
    dark=True,
    variables=_variables(
        "dark", frame="#2c3846", quiet="#8593a5", footer_key_foreground="#f5a742", footer_background="#131a23"
    ),
)

LIGHT: Final = Theme(
    name="linkytui-light",
    primary="#1f6fc4",
    secondary="#0f8a66",
    accent="#b96a00",
    warning="#b96a00",
    error="#c62828",
    success="#0f8a66",
    foreground="#1f2733",
    background="#f6f4ef",
    surface="#fbfaf7",
    panel="#ece9e1",
    dark=False,
    variables=_variables(
        "light", frame="#c9c3b6", quiet="#66707d", footer_key_foreground="#b96a00", footer_background="#ece9e1"
    ),
)

SIXTEEN: Final = Theme(
    name="linkytui-16",
    ansi=True,
    primary="ansi_bright_blue",
    secondary="ansi_green",
    accent="ansi_yellow",
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
    | _variables(
        "sixteen",
        frame="ansi_bright_black",
        quiet="ansi_white",
        footer_key_foreground="ansi_yellow",
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
