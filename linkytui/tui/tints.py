"""The names of the colours that periods are drawn in, and what they are in the sixteen colours of a terminal."""

from typing import Final

TINTS: Final = (
    "base",
    "off-peak",
    "peak",
    "mobile-peak",
    "blue-off-peak",
    "blue-peak",
    "white-off-peak",
    "white-peak",
    "red-off-peak",
    "red-peak",
    "injection",
    "over",
)
"""The theme variable is `tint-<name>`."""

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


SIXTEEN_TINTS: Final = {
    "base": "ansi_bright_blue",
    "off-peak": "ansi_green",
    "peak": "ansi_yellow",
    "mobile-peak": "ansi_red",
    "blue-off-peak": "ansi_blue",
    "blue-peak": "ansi_bright_blue",
    "white-off-peak": "ansi_white",
    "white-peak": "ansi_bright_white",
    "red-off-peak": "ansi_red",
    "red-peak": "ansi_bright_red",
    "injection": "ansi_bright_yellow",
    "over": "ansi_bright_red",
}
