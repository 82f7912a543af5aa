"""The signs that the screen draws with, and their stand-ins for terminals that know ASCII only."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Glyphs:
    """One set of signs."""

    levels: str
    """From an empty cell to a full one."""
    shades: str
    """Likewise, for energy given to the grid."""
    full: str
    rest: str
    """The gauge, filled and not."""
    line: str
    """The ribbon that goes on with the period before."""
    live: str
    old: str
    down: str
    """The state of the line."""
    running: str
    """The register that counts."""
    alarm: str
    square: str
    """A patch of a day's colour."""
    up: str
    """Towards the grid."""
    dot: str
    """Between two facts of a line."""
    about: str
    play: str
    pause: str
    knob: str
    """Where one is in a recording."""
    plus_minus: str

    def fit(self, encoding: str) -> bool:
        """Whether a terminal that takes this encoding can show them."""
        try:
            "".join(getattr(self, name) for name in self.__slots__).encode(encoding)
        except (UnicodeEncodeError, LookupError):
            return False
        return True


UNICODE: Final = Glyphs(
    levels=" ▁▂▃▄▅▆▇█",
    shades=" ░░░▒▒▒▒▒",
    full="━",
    rest="─",
    line="─",
    live="●",
    old="◐",
    down="○",
    running="▸",
    alarm="▲",
    square="■",
    up="↑",
    dot=" · ",
    about="≈",
    play="▶",
    pause="⏸",
    knob="●",
    plus_minus="±",
)

ASCII: Final = Glyphs(
    levels=" .:-=+*%#",
    shades=" .:-=+*%@",
    full="=",
    rest="-",
    line="-",
    live="*",
    old="~",
    down="o",
    running=">",
    alarm="!",
    square="#",
    up="^",
    dot=" - ",
    about="~",
    play=">",
    pause="||",
    knob="O",
    plus_minus="+/-",
)
