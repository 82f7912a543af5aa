"""What stands between Textual and the terminal: knows what the terminal shows and sends the cells that differ.

Textual 8.2 finds the changed regions, repaints each widget's row from the widget's left edge up to them, and says the
whole style before each piece and takes it back after it. Over SSH most of the traffic is that.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, Final, NamedTuple

from rich.cells import get_character_cell_size
from rich.color import ColorSystem
from rich.console import Console
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate
from textual.strip import Strip

_BRIDGE: Final = 3
"""Cells that stay as they are between two that change, up to which they are sent again, as the cursor costs more."""

_DRAWN: Final = frozenset({"4", "7", "9", "21", "53"})
"""What is seen of a space, too: lines under, through and over it, and its colours in reverse."""


class Look(NamedTuple):
    """How a cell looks, in codes of ECMA-48's SGR."""

    attributes: str = ""
    ink: str = ""
    ground: str = ""
    link: str = ""  # of OSC 8, with its identity

    @property
    def lined(self) -> bool:
        """Whether it is seen without a letter, too."""
        return bool(self.link) or not _DRAWN.isdisjoint(self.attributes.split(";"))

    @property
    def codes(self) -> str:
        """All of it, after a reset."""
        return ";".join(filter(None, (self.attributes, self.ink, self.ground)))


class Cell(NamedTuple):
    """One cell of the terminal. The right half of a wide sign has no text."""

    text: str
    look: Look

    @property
    def blank(self) -> bool:
        """Whether nothing but its ground is seen."""
        return self.text == " " and not self.look.lined

    def seen_as(self, other: "Cell") -> bool:
        """Whether the two cannot be told apart."""
        return self == other or (self.blank and other.blank and self.look.ground == other.look.ground)


_PLAIN: Final = Look()
_Row = dict[int, Cell]


class Painter:
    """Remembers what it has sent. What it does not know, or what is laid out anew, is sent as Textual has it."""

    def __init__(self) -> None:
        self._rows: dict[int, _Row] = {}  # what the terminal shows, as far as that is known

    def forget(self) -> None:
        """Somebody else wrote on the terminal, or its size changed."""
        self._rows = {}

    def of(self, renderable: Any) -> Any:
        """What to display in place of one of Textual's updates; it has to be displayed, and once."""
        if type(renderable) is ChopsUpdate:
            return _Update(self, renderable)
        if renderable is not None:
            self.forget()
        return renderable

    def paint(self, update: ChopsUpdate, color_system: ColorSystem) -> str:
        """The cells of an update that differ from what the terminal shows, which it shows from now on."""
        runs: list[_Run] = []
        for row, pieces in _by_row(update):
            shown = self._rows.setdefault(row, {})
            wanted: _Row = {}
            for column, strip in pieces:
                wanted.update(_cells(strip, column, color_system))
            runs += _runs(row, shown, wanted)
            shown.update(wanted)
        return _written(runs)


class _Update(CompositorUpdate):
    """An update of Textual's, painted when it is written."""

    def __init__(self, painter: Painter, update: ChopsUpdate) -> None:
        self._painter = painter
        self._update = update

    def __rich_console__(self, console: Console, options: Any) -> Any:
        self._painter.forget()
        yield from self._update.__rich_console__(console, options)

    def render_segments(self, console: Console) -> str:
        return self._painter.paint(self._update, console._color_system or ColorSystem.TRUECOLOR)


def _by_row(update: ChopsUpdate) -> Iterator[tuple[int, list[tuple[int, Strip]]]]:
    """The pieces to be shown, by row, each with its first column."""
    rows: dict[int, list[tuple[int, Strip]]] = {}
    for row, first, last in update.spans:
        for end, (start, strip) in zip(update.chop_ends[row], update.chops[row].items(), strict=False):
            left, right = max(start, first), min(end, last)
            if strip is not None and left < right:
                rows.setdefault(row, []).append((left, strip.crop(left - start, right - start)))
    yield from rows.items()


def _cells(strip: Strip, column: int, color_system: ColorSystem) -> list[tuple[int, Cell]]:
    """A piece cell by cell."""
    cells: list[tuple[int, Cell]] = []
    for text, style, control in strip:
        if control:
            continue
        look = _PLAIN if style is None else _look(style, color_system)
        for letter in text:
            width = 1 if letter < "\x7f" else get_character_cell_size(letter)
            if not width:
                if cells:  # it belongs to the sign before
                    at, cell = cells[-1]
                    cells[-1] = at, cell._replace(text=cell.text + letter)
                continue
            cells.append((column, Cell(letter, look)))
            cells += [(column + more, Cell("", look)) for more in range(1, width)]
            column += width
    return cells


@lru_cache(maxsize=4096)
def _look(style: Style, color_system: ColorSystem) -> Look:
    ansi = Strip.render_ansi(style, color_system)
    attributes, ink, ground = [], "", ""
    codes = iter(ansi.split(";") if ansi else ())
    for code in codes:
        if code in ("38", "48"):
            kind = next(codes)
            colour = ";".join((code, kind, *(next(codes) for _part in range(3 if kind == "2" else 1))))
        else:
            colour = code
        number = int(code)
        if number == 38 or 30 <= number <= 39 or 90 <= number <= 97:
            ink = "" if code == "39" else colour
        elif number == 48 or 40 <= number <= 49 or 100 <= number <= 107:
            ground = "" if code == "49" else colour
        else:
            attributes.append(code)
    link = f"id={style.link_id};{style.link}" if style.link else ""
    return Look(";".join(attributes), ink, ground, link)


class _Run:
    """Neighbouring cells of one look, sent in one piece."""

    def __init__(self, row: int, column: int, cell: Cell) -> None:
        self.row = row
        self.column = column
        self.end = column + 1  # the column after it
        self.text = cell.text
        self.look = cell.look
        self._blank = cell.blank

    def reach(self, column: int, wanted: _Row) -> bool:
        """Go on up to and with a column, if it is near and what lies between has the same look; whether it is so."""
        if column - self.end > _BRIDGE:
            return False
        text, look, blank = self.text, self.look, self._blank
        for cell in map(wanted.get, range(self.end, column + 1)):
            if cell is None:
                return False
            if cell.look != look:
                if cell.look.ground != look.ground or cell.look.lined or look.lined or not (blank or cell.blank):
                    return False
                look = cell.look if blank else look  # of blanks only the ground is seen
            blank = blank and cell.blank
            text += cell.text
        self.text, self.look, self._blank, self.end = text, look, blank, column + 1
        return True


def _runs(row: int, shown: _Row, wanted: _Row) -> Iterator[_Run]:
    """The stretches of a row to be sent."""
    run: _Run | None = None
    for column in sorted(wanted):
        cell = wanted[column]
        if not cell.text:
            if run is not None and run.end == column:
                run.end += 1  # the right half of the sign that was sent
            continue
        if (known := shown.get(column)) is not None and known.seen_as(cell):
            continue
        if run is None or not run.reach(column, wanted):
            if run is not None:
                yield run
            run = _Run(row, column, cell)
    if run is not None:
        yield run


def _written(runs: Iterable[_Run]) -> str:
    """The runs as the terminal wants them, those of one look one after the other."""
    parts: list[str] = []
    look, row, column = _PLAIN, -1, -1
    for run in sorted(runs, key=lambda run: (run.look, run.row, run.column)):
        if run.row != row or run.column < column:
            parts.append(f"\x1b[{run.row + 1};{run.column + 1}H")
        elif run.column > column:
            parts.append(f"\x1b[{run.column - column}C")
        parts += (_change(look, run.look), run.text)
        look, row, column = run.look, run.row, run.end
    parts.append(_change(look, _PLAIN))
    return "".join(parts)


def _change(old: Look, new: Look) -> str:
    """What turns one look into another."""
    if old == new:
        return ""
    link = f"\x1b]8;{new.link or ';'}\x1b\\" if old.link != new.link else ""
    if new[:3] == old[:3]:
        return link
    if not any(new[:3]):
        return "\x1b[0m" + link
    if old.attributes not in ("", new.attributes):
        return f"\x1b[0;{new.codes}m" + link
    codes = [
        new.attributes if new.attributes != old.attributes else "",
        (new.ink or "39") if new.ink != old.ink else "",
        (new.ground or "49") if new.ground != old.ground else "",
    ]
    return f"\x1b[{';'.join(filter(None, codes))}m" + link
