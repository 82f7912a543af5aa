"""A number in digits three rows high, to be read from across the room."""

from typing import Final

ROWS: Final = 3

FIGURE_SPACE: Final = "\u2007"  # a space as wide as a digit

_DIGITS: Final = {
    "0": ("█▀█", "█ █", "▀▀▀"),
    "1": ("▀█ ", " █ ", "▀▀▀"),
    "2": ("▀▀█", "█▀▀", "▀▀▀"),
    "3": ("▀▀█", " ▀█", "▀▀▀"),
    "4": ("█ █", "▀▀█", "  ▀"),
    "5": ("█▀▀", "▀▀█", "▀▀▀"),
    "6": ("█▀▀", "█▀█", "▀▀▀"),
    "7": ("▀▀█", "  █", "  ▀"),
    "8": ("█▀█", "█▀█", "▀▀▀"),
    "9": ("█▀█", "▀▀█", "▀▀▀"),
    "-": ("   ", "▀▀ ", "   "),
    " ": (" ", " ", " "),
    FIGURE_SPACE: ("   ", "   ", "   "),
}


def big_number(text: str) -> tuple[str, ...]:
    """The three rows of a number of digits, spaces and a minus sign. Raises KeyError: another character."""
    return tuple(" ".join(_DIGITS[character][row] for character in text) for row in range(ROWS))


def grouped(value: int, digits: int) -> str:
    """The digits of a number in groups of three, padded to a constant width so that what stands beside stays."""
    text = f"{value:,}".replace(",", " ")
    missing = max(digits - len(text.replace(" ", "")), 0)
    return text + FIGURE_SPACE * missing + (" " if " " not in text and digits > 3 else "")
