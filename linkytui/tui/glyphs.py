"""The glyphs that the screen draws with, and their ASCII replacements.

They are chosen once, as the language is: which ones a terminal can show does not change while the program runs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from linkytui.wording.terms import money


@dataclass(frozen=True, slots=True)
class Glyphs:
    """One set of signs; all there are, where nothing else is said."""

    levels: str = " ▁▂▃▄▅▆▇█"  # from an empty cell to a full one
    heat: str = "░▒▓█"  # more and more
    caret: str = "▲"  # below the bar that is chosen
    thin: str = "▁─▔"  # a thin line low, in the middle and high in a cell
    curve: str = "─│╭╮╰╯"
    """A line from cell to cell: on, up or down; from below on, down from the left, on from above, up from the left."""
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
    before: str = "─"  # the stretch before, in a chart
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
        return self.levels[4] == "\u2584"

    def fit(self, encoding: str) -> bool:
        """Whether a terminal that takes this encoding can show them."""
        try:
            "".join(getattr(self, name) for name in self.__slots__).encode(encoding)
        except (UnicodeEncodeError, LookupError):
            return False
        return True


UNICODE: Final = Glyphs()

CONSOLE: Final = Glyphs(
    levels=" ░░░▒▒▒▒█", heat="░▒▒█", thin="───", curve="─│┌┐└┘", hatching=" ////////", old="~", down="o", pause="="
)
"""For the Linux console: the fonts of Debian's console-setup have neither parts of a block nor other circles."""

ASCII: Final = Glyphs(
    levels=" .:-=+*%#",
    heat=".:*#",
    caret="^",
    thin="_-'",
    curve="-|..''",
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
    before="-",
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


def glyphs_for(*, ascii_only: bool, encoding: str, environment: Mapping[str, str]) -> Glyphs:
    """The signs that suit a terminal.

    `ascii_only`: nothing else is wanted; `encoding`: what the terminal takes; `environment`: the process's, TERM tells
    the Linux console.
    """
    suited = CONSOLE if environment.get("TERM") == "linux" else UNICODE
    return ASCII if ascii_only or not suited.fit(encoding) else suited
