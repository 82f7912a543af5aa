"""The glyphs that the screen draws with, and their ASCII replacements.

They are chosen once, as the language is: which ones a terminal can show does not change while the program runs.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from linkytui.wording.terms import money


@dataclass(frozen=True, slots=True)
class Glyphs:
    """One set of signs; all there are, where nothing else is said."""

    levels: str = " ▁▂▃▄▅▆▇█"  # from an empty cell to a full one
    shades: str = " ░░░▒▒▒▒▒"  # likewise, for energy given to the grid
    hatching: str = " ▖▖▖▖▖▚▚▚"  # likewise, for energy that is estimated
    full: str = "━"
    rest: str = "─"  # the gauge, filled and not
    line: str = "─"  # the ribbon that goes on with the period before
    live: str = "●"
    old: str = "◐"
    down: str = "○"  # the state of the line
    running: str = "▸"  # the register that counts
    alarm: str = "▲"
    square: str = "■"  # a patch of a day's colour
    up: str = "↑"  # towards the grid
    dot: str = " · "  # between two facts of a line
    before: str = "·"  # the stretch before, in a chart
    back: str = "←"
    on: str = "→"  # one stretch, section or question away
    times: str = "×"
    euro: str = "€"
    about: str = "≈"
    play: str = "▶"
    pause: str = "⏸"
    knob: str = "●"  # where one is in a recording
    plus_minus: str = "±"
    upright: str = "│"
    corner: str = "└"
    tick_left: str = "┤"
    tick_below: str = "┬"  # the axes of a plot, beside `rest`

    @property
    def solid(self) -> bool:
        """Whether a level covers its part of the cell, so that another colour can fill the rest."""
        return self.levels[-1] == "\u2588"

    def fit(self, encoding: str) -> bool:
        """Whether a terminal that takes this encoding can show them."""
        try:
            "".join(getattr(self, name) for name in self.__slots__).encode(encoding)
        except (UnicodeEncodeError, LookupError):
            return False
        return True


UNICODE: Final = Glyphs()

ASCII: Final = Glyphs(
    levels=" .:-=+*%#",
    shades=" .:-=+*%@",
    hatching=" ////////",
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
    before="o",
    back="<-",
    on="->",
    times="x",
    euro="EUR",
    about="~",
    play=">",
    pause="||",
    knob="O",
    plus_minus="+/-",
    upright="|",
    corner="+",
    tick_left="+",
    tick_below="+",
)


class _Current:
    glyphs: Glyphs = UNICODE


def use_glyphs(chosen: Glyphs) -> None:
    """Draw with these signs from now on."""
    _Current.glyphs = chosen


def glyphs() -> Glyphs:
    """The signs that are drawn with."""
    return _Current.glyphs


def euros(amount: Decimal) -> str:
    """An amount of money: `12.34 €`, or with EUR where the terminal knows no sign."""
    return f"{money(amount)} {glyphs().euro}"
