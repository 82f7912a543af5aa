"""The looks: dark, light, and one for terminals of sixteen colours. Each says every tint in colours of its own."""

from collections.abc import Mapping
from typing import Final

from textual.theme import BUILTIN_THEMES, Theme

from linkytui.tui.tints import SIXTEEN_TINTS


def _variables(tints: Mapping[str, str], **more: str) -> dict[str, str]:
    return {f"tint-{name}": colour for name, colour in tints.items()} | {
        name.replace("_", "-"): colour for name, colour in more.items()
    }


_DARK_TINTS: Final = {
    "base": "#5fa8f5",
    "off-peak": "#4cc9a0",
    "peak": "#f5a742",
    "mobile-peak": "#ff5d5d",
    "blue-off-peak": "#3f74c9",
    "blue-peak": "#5b9dff",
    "white-off-peak": "#9aa7b8",
    "white-peak": "#e6edf5",
    "red-off-peak": "#b4474b",
    "red-peak": "#ff5d5d",
    "injection": "#e3d04f",
    "over": "#ff4d6d",
}
_LIGHT_TINTS: Final = {
    "base": "#1f6fc4",
    "off-peak": "#0f8a66",
    "peak": "#b96a00",
    "mobile-peak": "#c62828",
    "blue-off-peak": "#4a74b8",
    "blue-peak": "#1a56c4",
    "white-off-peak": "#8b95a3",
    "white-peak": "#5c6673",
    "red-off-peak": "#b25555",
    "red-peak": "#c62828",
    "injection": "#8a7a00",
    "over": "#c2123f",
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
        _DARK_TINTS, frame="#2c3846", quiet="#8593a5", footer_key_foreground="#f5a742", footer_background="#131a23"
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
        _LIGHT_TINTS, frame="#c9c3b6", quiet="#66707d", footer_key_foreground="#b96a00", footer_background="#ece9e1"
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
        SIXTEEN_TINTS,
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
