"""The colours that periods are drawn in."""

from typing import Final, NamedTuple


class Tint(NamedTuple):
    """One colour, as each of our themes has it."""

    dark: str
    light: str
    sixteen: str  # drawn and written with; on black it can be read in the palettes of VGA and xterm
    ground: str  # behind a badge in sixteen colours; a bright one would be a dark one on the Linux console
    ink: str  # on that ground


_BLACK: Final = "ansi_black"
_WHITE: Final = "ansi_bright_white"

TINTS: Final = {
    "base": Tint("#5fa8f5", "#1a62b0", "ansi_bright_blue", "ansi_blue", _WHITE),
    "off-peak": Tint("#4cc9a0", "#0b6e51", "ansi_green", "ansi_green", _BLACK),
    "peak": Tint("#b794f6", "#7a3fc0", "ansi_magenta", "ansi_magenta", _WHITE),
    "mobile-peak": Tint("#ff5d5d", "#b71c1c", "ansi_bright_red", "ansi_red", _WHITE),
    "blue-off-peak": Tint("#5b8de0", "#3d64a5", "ansi_cyan", "ansi_cyan", _BLACK),
    "blue-peak": Tint("#6fb0ff", "#1a4fb8", "ansi_bright_blue", "ansi_blue", _WHITE),
    "white-off-peak": Tint("#9aa7b8", "#5f6873", "ansi_white", "ansi_white", _BLACK),
    "white-peak": Tint("#e6edf5", "#3c444e", "ansi_bright_white", "ansi_white", _BLACK),
    "red-off-peak": Tint("#d87276", "#9a4242", "ansi_magenta", "ansi_red", _WHITE),
    "red-peak": Tint("#ff6b6b", "#b71c1c", "ansi_bright_red", "ansi_red", _WHITE),
    "injection": Tint("#c3e04a", "#566b00", "ansi_bright_cyan", "ansi_cyan", _BLACK),
    "over": Tint("#ff5c7a", "#b30f38", "ansi_bright_red", "ansi_red", _WHITE),
}
"""Colours by what they mean. The theme's variables are `tint-<name>`, and for badges `ground-<name>` and `ink-<name>`.

None of them is amber, which is the colour of warnings.
"""


def badge(name: str) -> str:
    """The style of a badge: of a tint, or of `accent`, `primary`, `warning`."""
    return f"bold $ink-{name} on $ground-{name}"


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
