"""Tables whose powers run across the page, turned so that they run down, as the other ones do.

What stood in a row then stands in a column: its figures beside their powers, the words before them over it, in cells
that are drawn.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from linkytui.tariffs.grid.ladders import HEAD
from linkytui.tariffs.grid.page import Box, GridPage, Rule, Word, around
from linkytui.tariffs.grid.tokens import Figure, Mark, Tokens
from linkytui.tariffs.grid.words import lines_of
from linkytui.tariffs.offers import POWERS
from linkytui.wording.plain import bare

_LEAST: Final = 3
"""Powers in a line; fewer may stand anywhere."""
_TELLING: Final = 5
"""Powers of the regulated tariff that are known for powers without a word beside them."""
_LEVEL: Final = 0.5
"""Of the font's size: what differs less stands in one line."""
_BESIDE: Final = 1.4
"""Of the font's size: lines of a label in whose middle the figures stand are no further from them."""
_NEAR: Final = 0.35
"""Of the distance between two powers: a figure that is that near one of them is its own."""
_FARTHEST: Final = 90.0
"""Points from one row of figures to the next, at most."""
_TITLES: Final = 45.0
"""Points above the powers in which the titles of their table stand."""

# Of the page that is made: points.
_SIZE: Final = 8.0
_LETTER: Final = 3.0
_ROW: Final = 20.0
_LEFT: Final = 60.0
_TOP: Final = 100.0
"""Where the heads begin; titles stand above."""


@dataclass(frozen=True, slots=True)
class TurnedTable:
    """A table whose powers run across."""

    page: GridPage
    """A page that holds nothing but it, turned."""
    box: Box
    """Where it really stands."""
    first_row: float
    """Where its powers really stand."""


@dataclass(frozen=True, slots=True)
class _Label:
    """Words before the figures, and the rows that they stand before."""

    text: str
    first: int
    last: int
    x: float


def turned_tables(page: GridPage, tokens: Tokens) -> list[TurnedTable]:
    """The tables of a page whose powers run across, from top to bottom."""
    chains = list(_chains(page, tokens))
    found = []
    for place, chain in enumerate(chains):
        floor = chains[place + 1][0].box.top if place + 1 < len(chains) else float("inf")
        rows = list(_rows(chain, tokens, floor))
        if len(rows) > 1:
            found.append(_turned(page, tokens, chain, rows))
    return found


def _chains(page: GridPage, tokens: Tokens) -> Iterator[list[Mark]]:
    """Powers that rise in a line in which no figure stands."""
    lines: list[list[Mark]] = []
    for mark in sorted(tokens.marks, key=lambda mark: (mark.box.y, mark.box.x0)):
        if lines and abs(lines[-1][0].box.y - mark.box.y) < mark.size * _LEVEL:
            lines[-1].append(mark)
        else:
            lines.append([mark])
    for line in lines:
        line.sort(key=lambda mark: mark.box.x0)
        rising = all(left.high < right.low for left, right in pairwise(line))
        figures = any(abs(figure.box.y - line[0].box.y) < figure.size * _LEVEL for figure in tokens.figures)
        if len(line) >= _LEAST and rising and not figures and _is_of_powers(page, line):
            yield line


def _is_of_powers(page: GridPage, line: Sequence[Mark]) -> bool:
    box = around([mark.box for mark in line])
    near = [
        word.text
        for word in page.words
        if box.top - 2 * word.size < word.box.y < box.bottom + 2 * word.size and word.box.x0 < box.x1
    ]
    known = sum(any(mark.low <= power <= mark.high for power in POWERS) for mark in line)
    return any(mark.unit for mark in line) or bool(HEAD.search(bare(" ".join(near)))) or known >= _TELLING


def _edges(chain: Sequence[Mark]) -> list[float]:
    """Where the columns of powers begin and end."""
    middles = [mark.box.x for mark in chain]
    between = [(left + right) / 2 for left, right in pairwise(middles)]
    return [2 * middles[0] - between[0], *between, 2 * middles[-1] - between[-1]]


def _rows(chain: Sequence[Mark], tokens: Tokens, floor: float) -> Iterator[list[Figure]]:
    """The lines of figures below some powers, as far as they belong to them."""
    edges = _edges(chain)
    above = chain[0].box.bottom
    lines: list[list[Figure]] = []
    below = (figure for figure in tokens.figures if above < figure.box.y < floor and figure.box.x > edges[0])
    for figure in sorted(below, key=lambda figure: figure.box.y):
        if lines and abs(lines[-1][0].box.y - figure.box.y) < figure.size * _LEVEL:
            lines[-1].append(figure)
        else:
            lines.append([figure])
    for line in lines:
        inside = [figure for figure in line if figure.box.x < edges[-1]]
        if line[0].box.y - above > _FARTHEST or len(inside) < len(line):
            return
        above = line[0].box.y
        yield sorted(line, key=lambda figure: figure.box.x)


def _turned(page: GridPage, tokens: Tokens, chain: Sequence[Mark], rows: Sequence[Sequence[Figure]]) -> TurnedTable:
    edges = _edges(chain)
    heights = [around([figure.box for figure in row]) for row in rows]
    bands = _bands(page, chain, heights)
    labels = _labels(page, edges[0], heights, bands)
    titles = list(_titles(page, chain, edges))
    columns = sorted({label.x for label in labels})
    levels = {x: place for place, x in enumerate(columns)}
    width = max([40, *(len(label.text) / (label.last - label.first + 1) for label in labels)]) * _LETTER + 20
    made = _Page(width, len(rows), len(levels))
    for text in titles:
        made.title(text)
    for label in labels:
        made.head(label, levels[label.x])
    for place, mark in enumerate(chain):
        made.power(place, mark)
        for column, row in enumerate(rows):
            for figure in row:
                if place in _powers_of(figure, row, page, edges):
                    made.figure(place, column, figure)
            if any(_is_at(box, edges, place) and abs(box.y - heights[column].y) < _SIZE / 2 for box in tokens.absent):
                made.write(_LEFT + (column + 0.5) * width, made.row(place), "-")
    box = around([*(mark.box for mark in chain), *heights])
    left = min((word.box.x0 for word in page.words if box.top < word.box.y < box.bottom), default=box.x0)
    whole = Box(min(left, box.x0), box.top, box.x1, box.bottom)
    return TurnedTable(made.page(page, len(chain)), whole, chain[0].box.top)


def _bands(page: GridPage, chain: Sequence[Mark], heights: Sequence[Box]) -> list[tuple[float, float]]:
    """Where each row begins and ends: between the lines that are drawn at its figures, else half way to the next."""
    top = chain[0].box.bottom
    middles = [top - (heights[0].y - top) * 0.2, *(box.y for box in heights)]
    between = [(upper + lower) / 2 for upper, lower in pairwise(middles)]
    pitch = heights[-1].y - middles[-2]
    between.append(heights[-1].y + pitch / 2)
    x = chain[0].box.x
    drawn = [rule.at for rule in page.horizontal if rule.start - 1 <= x <= rule.end + 1]
    return [
        (
            max((at for at in drawn if upper - pitch < at < box.y), default=upper),
            min((at for at in drawn if box.y < at < lower + pitch), default=lower),
        )
        for box, (upper, lower) in zip(heights, pairwise(between), strict=True)
    ]


def _labels(page: GridPage, right: float, heights: Sequence[Box], bands: Sequence[tuple[float, float]]) -> list[_Label]:
    """What stands before the rows, each with those that it stands before; the outer ones first."""
    top, bottom = bands[0][0], bands[-1][1]
    words = [
        word for word in page.words if word.box.x < right and top - 1 < word.box.y < bottom + 1 and not word.raised
    ]
    cells: dict[tuple[float, float, float, float], list[Word]] = {}
    free: list[Word] = []
    for word in words:
        cell = _cell(word, page, right)
        if cell is None:
            free.append(word)
        else:
            cells.setdefault(cell, []).append(word)
    labels = []
    headings: list[tuple[float, str]] = []
    for (x0, y0, _x1, y1), own in cells.items():
        within = [place for place, box in enumerate(heights) if y0 - 1 < box.y < y1 + 1]
        if within:
            labels.append(_Label(_text(own), within[0], within[-1], x0))
        else:
            headings.append((y1, _text(own)))
    labels += [*_under(headings, heights), *_free_labels(free, heights)]
    return sorted(labels, key=lambda label: (label.x, label.first))


def _under(headings: Sequence[tuple[float, str]], heights: Sequence[Box]) -> Iterator[_Label]:
    """Words in a row of their own, with the rows below them, down to the next such words."""
    below = [(next((row for row, box in enumerate(heights) if box.y > y), None), text) for y, text in sorted(headings)]
    placed = [(row, text) for row, text in below if row is not None]
    for number, (first, text) in enumerate(placed):
        ends = [later for later, _text in placed[number + 1 :] if later > first]
        yield _Label(text, first, min(ends, default=len(heights)) - 1, -1.0)


def _cell(word: Word, page: GridPage, right: float) -> tuple[float, float, float, float] | None:
    """The drawn cell around a word; None where no lines are drawn above and below it."""
    box = word.box
    over = [rule.at for rule in page.horizontal if rule.start - 1 <= box.x <= rule.end + 1 and rule.at < box.y]
    under = [rule.at for rule in page.horizontal if rule.start - 1 <= box.x <= rule.end + 1 and rule.at > box.y]
    if not over or not under:
        return None
    left = [rule.at for rule in page.vertical if rule.start - 1 <= box.y <= rule.end + 1 and rule.at < box.x]
    after = [rule.at for rule in page.vertical if rule.start - 1 <= box.y <= rule.end + 1 and box.x < rule.at <= right]
    return max(left, default=0.0), max(over), min(after, default=right), min(under)


def _free_labels(words: Sequence[Word], heights: Sequence[Box]) -> Iterator[_Label]:
    """Words that no lines part: those level with a row are its own, those between rows stand over all that follow."""
    headings: list[tuple[float, str]] = []
    own: dict[int, list[Word]] = {}
    for line in lines_of(words):
        y = line[0].box.y
        place = min(range(len(heights)), key=lambda place: abs(heights[place].y - y))
        level = [row for row in range(len(heights)) if _is_level(heights[row], words)]
        off = abs(heights[place].y - y) / line[0].size
        if off < _LEVEL or (place not in level and off < _BESIDE):
            own.setdefault(place, []).extend(line)
        else:
            headings.append((y, _text(line)))
    yield from _under(headings, heights)
    for place, found in own.items():
        yield _Label(_text(found), place, place, 1.0)


def _is_level(row: Box, words: Iterable[Word]) -> bool:
    """Some words stand in the line of a row's figures."""
    return any(abs(word.box.y - row.y) < word.size * _LEVEL for word in words)


def _titles(page: GridPage, chain: Sequence[Mark], edges: Sequence[float]) -> Iterator[str]:
    """The lines just above the powers, and the words beside these, from top to bottom."""
    box = chain[0].box
    above = [
        word
        for word in page.words
        if box.top - _TITLES < word.box.y < box.top - 1 and word.box.x < edges[-1] and not word.raised
    ]
    kept: list[str] = []
    bottom = box.top
    for line in reversed(lines_of(above)):
        if bottom - line[0].box.bottom > line[0].size * 2.8:
            break
        kept.append(" ".join(word.text for word in line))
        bottom = line[0].box.top
    yield from reversed(kept)


def _text(words: Sequence[Word]) -> str:
    return " ".join(word.text for line in lines_of(words) for word in line)


def _powers_of(figure: Figure, row: Sequence[Figure], page: GridPage, edges: Sequence[float]) -> list[int]:
    """The powers that a figure holds for: its own, those of its drawn cell, or all where it is the only one."""
    count = len(edges) - 1
    x, y = figure.box.x, figure.box.y
    lines = [rule.at for rule in page.vertical if rule.start - 1 <= y <= rule.end + 1]
    left = max((at for at in lines if at < x), default=None)
    right = min((at for at in lines if at > x), default=None)
    if left is not None and right is not None:
        within = [place for place in range(count) if left < (edges[place] + edges[place + 1]) / 2 < right]
        if within:
            return within
    if len(row) == 1:
        return list(range(count))
    return [place for place in range(count) if _is_at(figure.box, edges, place)]


def _is_at(box: Box, edges: Sequence[float], place: int) -> bool:
    left, right = edges[place], edges[place + 1]
    return abs(box.x - (left + right) / 2) < (right - left) * _NEAR


class _Page:
    """A page with one table, in the making: levels of heads, powers at the left, a column for each row that was."""

    def __init__(self, width: float, columns: int, levels: int) -> None:
        self._width = width
        self._columns = columns
        self._levels = levels
        self._titles: list[str] = []
        self._words: list[Word] = []
        self._horizontal: list[Rule] = []
        self._vertical: list[Rule] = []

    def row(self, place: int) -> float:
        """The middle of a power's row."""
        return _TOP + (self._levels + place + 0.5) * _ROW

    def title(self, text: str) -> None:
        """Write a line over the whole table."""
        self._titles.append(text)

    def head(self, label: _Label, level: int) -> None:
        """Write into a drawn cell over some columns."""
        x0, x1 = _LEFT + label.first * self._width, _LEFT + (label.last + 1) * self._width
        y0, y1 = _TOP + level * _ROW, _TOP + (level + 1) * _ROW
        self._horizontal += [Rule(y0, x0, x1), Rule(y1, x0, x1)]
        self._vertical += [Rule(x0, y0, y1), Rule(x1, y0, y1)]
        self.write((x0 + x1) / 2, (y0 + y1) / 2, label.text)

    def power(self, place: int, mark: Mark) -> None:
        """Write the power of a row."""
        text = f"{mark.high}kVA" if mark.low == mark.high else f"{mark.low}-{mark.high}kVA"
        self.write(_LEFT / 2, self.row(place), text)

    def figure(self, place: int, column: int, figure: Figure) -> None:
        """Write a figure of a row."""
        text = str(figure.value).replace(".", ",") + re.sub(r"\s", "", figure.unit)
        self.write(_LEFT + (column + 0.5) * self._width, self.row(place), text, struck=figure.struck)

    def write(self, x: float, y: float, text: str, *, struck: bool = False) -> None:
        """Write some words around a place."""
        height = _SIZE * 0.7
        at = x - len(text) * _LETTER / 2
        for word in text.split():
            end = at + len(word) * _LETTER
            self._words.append(Word(word, Box(at, y - height / 2, end, y + height / 2), _SIZE, struck))
            at = end + _LETTER

    def page(self, of: GridPage, powers: int) -> GridPage:
        """The page that was made from another one."""
        right = _LEFT + self._columns * self._width
        for place, text in enumerate(reversed(self._titles)):
            y = _TOP - (place + 0.6) * _ROW * 0.8
            self.write(len(text) * _LETTER / 2 + 10, y, text)
        bottom = _TOP + (self._levels + powers) * _ROW
        edges = [_LEFT + column * self._width for column in range(self._columns + 1)]
        body = _TOP + self._levels * _ROW
        return GridPage(
            number=of.number,
            width=right + 20,
            text=of.text,
            words=tuple(sorted(self._words, key=lambda word: (round(word.box.bottom), word.box.x0))),
            horizontal=(*self._horizontal, *(Rule(body + place * _ROW, 0, right) for place in range(powers + 1))),
            vertical=(*self._vertical, *(Rule(at, body, bottom) for at in edges)),
        )
