"""A number in large digits, to be read from across the room: three rows high, or five where there is room."""

from typing import Final

from linkytui.tui.canvas import FULL

ROWS: Final = 3
LARGE_ROWS: Final = 5

FIGURE_SPACE: Final = "\u2007"  # a space as wide as a digit

_SMALL: Final = {
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

_LARGE: Final = {
    "0": ("###", "# #", "# #", "# #", "###"),
    "1": ("## ", " # ", " # ", " # ", "###"),
    "2": ("###", "  #", "###", "#  ", "###"),
    "3": ("###", "  #", " ##", "  #", "###"),
    "4": ("# #", "# #", "###", "  #", "  #"),
    "5": ("###", "#  ", "###", "  #", "###"),
    "6": ("###", "#  ", "###", "# #", "###"),
    "7": ("###", "  #", "  #", "  #", "  #"),
    "8": ("###", "# #", "###", "# #", "###"),
    "9": ("###", "# #", "###", "  #", "###"),
    "-": ("   ", "   ", "###", "   ", "   "),
    " ": (" ", " ", " ", " ", " "),
    FIGURE_SPACE: ("   ", "   ", "   ", "   ", "   "),
}
"""In points as wide as two cells, which makes them square; they need no sign but the full block."""


def big_number(text: str) -> tuple[str, ...]:
    """The three rows of a number of digits, spaces and a minus sign. Raises KeyError: another character."""
    return tuple(" ".join(_SMALL[character][row] for character in text) for row in range(ROWS))


def large_number(text: str) -> tuple[str, ...]:
    """Likewise, its five rows."""
    rows = (" ".join(_LARGE[character][row] for character in text) for row in range(LARGE_ROWS))
    return tuple("".join(2 * (FULL if point == "#" else " ") for point in row) for row in rows)


def grouped(value: int, digits: int) -> str:
    """The digits of a number in groups of three, padded to a constant width so that what stands beside stays."""
    text = f"{value:,}".replace(",", " ")
    missing = max(digits - len(text.replace(" ", "")), 0)
    return text + FIGURE_SPACE * missing + (" " if " " not in text and digits > 3 else "")
