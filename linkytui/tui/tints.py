"""The colours that periods are drawn in."""

from typing import Final, NamedTuple


class Tint(NamedTuple):
    """One colour, as each of our themes has it."""

    dark: str
    light: str
    sixteen: str


TINTS: Final = {
    "base": Tint("#5fa8f5", "#1f6fc4", "ansi_bright_blue"),
    "off-peak": Tint("#4cc9a0", "#0f8a66", "ansi_green"),
    "peak": Tint("#f5a742", "#b96a00", "ansi_yellow"),
    "mobile-peak": Tint("#ff5d5d", "#c62828", "ansi_red"),
    "blue-off-peak": Tint("#3f74c9", "#4a74b8", "ansi_blue"),
    "blue-peak": Tint("#5b9dff", "#1a56c4", "ansi_bright_blue"),
    "white-off-peak": Tint("#9aa7b8", "#8b95a3", "ansi_white"),
    "white-peak": Tint("#e6edf5", "#5c6673", "ansi_bright_white"),
    "red-off-peak": Tint("#b4474b", "#b25555", "ansi_red"),
    "red-peak": Tint("#ff5d5d", "#c62828", "ansi_bright_red"),
    "injection": Tint("#e3d04f", "#8a7a00", "ansi_bright_yellow"),
    "over": Tint("#ff4d6d", "#c2123f", "ansi_bright_red"),
}
"""Colours by what they mean; the theme variable is `tint-<name>`."""

_TINT_OF_REGISTER: Final = {
    "BASE": "base",
    "HC": "off-peak",
    "HP": "peak",
    "HN": "off-peak",
    "PM": "mobile-peak",
    "HCJB": "blue-off-peak",
    "HPJB": "blue-peak",
    "HCJW": "white-off-peak",
    "HPJW": "white-peak",
    "HCJR": "red-off-peak",
    "HPJR": "red-peak",
}


def tint_of(register: str | None) -> str:
    """The tint of a register; those of unknown meaning take turns."""
    if register is None:
        return "base"
    if register.startswith("EASF"):
        return ("base", "off-peak", "peak", "mobile-peak")[(int(register[4:]) - 1) % 4]
    return _TINT_OF_REGISTER.get(register, "base")
