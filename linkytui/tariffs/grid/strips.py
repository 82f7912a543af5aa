"""The columns of figures beside a column of powers, by where the figures stand."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import Final

from linkytui.tariffs.grid.ladders import Ladder, bands_of
from linkytui.tariffs.grid.page import Box, GridPage, Rule, Word, around
from linkytui.tariffs.grid.tokens import Figure, Tokens

_SHARED: Final = 0.4
"""Of the narrower one's width: figures of a column stand at least so much above each other."""
_RISE: Final = Decimal("1.5")
"""What the last subscription is, at least, times the first one; prices per kWh are nearly the same for all powers."""
_NEAR: Final = 0.6
"""Of the least distance between two powers: a figure of a row is that near its power."""
_DOUBLE: Final = 1.6
"""Times that distance, from which on there is room for another row between two powers."""
_HEADER: Final = 60.0
"""Points above the first row in which a price for all powers may stand."""
_ALIKE: Final = 0.5
"""Of their rows: tables side by side have at least so many."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A figure in its column."""

    row: int
    """The row in whose height it stands."""
    figure: Figure
    near: bool = True
    """It is level with that row's power, and not in a row between two powers whose own power is not there."""
    label: str = ""
    """The words before it or just above it in its own cell: `Heures creuses`."""


@dataclass(frozen=True, slots=True)
class FigureStrip:
    """A column of figures."""

    box: Box
    """Around its figures."""
    placed: tuple[Placed, ...]
    """From top to bottom."""
    absent: frozenset[int] = frozenset()
    """Rows in which it says that there is no figure."""


@dataclass(frozen=True, slots=True)
class Body:
    """A column of powers with the columns of figures to its right."""

    ladder: Ladder
    strips: tuple[FigureStrip, ...]
    """From left to right."""
    left: float
    right: float
    """Where the next table begins, or the page ends."""


def is_rising(placed: Sequence[Placed]) -> bool:
    """Subscriptions rise from power to power, prices per kWh do not."""
    rows: dict[int, Decimal] = {}
    for one in placed:
        rows.setdefault(one.row, one.figure.value)
    values = [value for _row, value in sorted(rows.items())]
    if len(values) < 2:
        return False
    if len(values) == 2:
        return values[1] > values[0] * Decimal("1.12")
    risen = sum(later > value for value, later in pairwise(values))
    return risen >= len(values) * 0.6 and max(values) >= min(values) * min(_RISE, 1 + Decimal(len(values)) / 8)


def bodies_of(page: GridPage, tokens: Tokens, ladders: Sequence[Ladder]) -> list[Body]:
    """Each column of powers with its columns of figures; those without any are left out."""
    bodies = []
    for ladder in ladders:
        right = min((other.box.x0 for other in ladders if _is_beside(ladder, other)), default=page.width)
        inside = Box(ladder.box.x1 - 1, ladder.top, right, ladder.bottom)
        figures = [figure for figure in tokens.figures if _is_in(figure.box, inside)]
        strips: list[FigureStrip] = []
        for group in _columns(figures, page.vertical, inside):
            left = strips[-1].box.x1 if strips else ladder.box.x1
            strips.append(_strip(page, ladder, group, tokens, left, right))
        if strips:
            bodies.append(Body(ladder, tuple(strips), ladder.box.x0, right))
    return [_with_header_figures(page, tokens, body, bodies) for body in bodies]


def _with_header_figures(page: GridPage, tokens: Tokens, body: Body, bodies: Sequence[Body]) -> Body:
    """The table, with the prices for all powers that stand in its header, in columns that are empty below."""
    floor = max(
        [
            body.ladder.top - _HEADER,
            *(one.ladder.bottom for one in bodies if one.ladder.bottom < body.ladder.marks[0].box.y),
        ]
    )
    area = Box(body.ladder.box.x1, floor, body.right, body.ladder.marks[0].box.top)
    figures = [
        figure
        for figure in tokens.figures
        if _is_in(figure.box, area)
        and not any(strip.box.x0 - 2 < figure.box.x < strip.box.x1 + 2 for strip in body.strips)
    ]
    strips = [
        FigureStrip(around([figure.box for figure in group]), tuple(Placed(0, figure) for figure in group))
        for group in _columns([figure for figure in figures if not figure.struck], page.vertical, area)
    ]
    return replace(body, strips=tuple(sorted([*body.strips, *strips], key=lambda strip: strip.box.x)))


def _is_beside(ladder: Ladder, other: Ladder) -> bool:
    """Another table's powers to the right, over most of its height."""
    together = min(ladder.bottom, other.bottom) - max(ladder.top, other.top)
    return other.box.x0 > ladder.box.x1 and together > _ALIKE * min(
        ladder.bottom - ladder.top, other.bottom - other.top
    )


def _is_in(box: Box, area: Box) -> bool:
    return area.x0 < box.x < area.x1 and area.top < box.y < area.bottom


def _columns(figures: Sequence[Figure], vertical: Sequence[Rule], inside: Box) -> list[list[Figure]]:
    """The figures by column, from left to right."""
    groups: list[list[Figure]] = []
    for figure in sorted(figures, key=lambda figure: figure.box.x):
        best = max(groups, key=lambda group: _overlap(group, figure), default=None)
        if best is not None and _overlap(best, figure) > _SHARED:
            best.append(figure)
        else:
            groups.append([figure])
    drawn = [rule.at for rule in vertical if rule.start < inside.bottom and rule.end > inside.top]
    parts = [part for group in groups for part in _split(group, drawn)]
    return sorted(parts, key=lambda group: min(figure.box.x for figure in group))


def _overlap(group: Sequence[Figure], figure: Figure) -> float:
    """How much of the narrower width a column and a figure share."""
    x0 = sum(one.box.x0 for one in group) / len(group)
    x1 = sum(one.box.x1 for one in group) / len(group)
    shared = min(x1, figure.box.x1) - max(x0, figure.box.x0)
    return shared / max(min(x1 - x0, figure.box.x1 - figure.box.x0), 1.0)


def _split(group: Sequence[Figure], drawn: Sequence[float]) -> list[list[Figure]]:
    """A column, parted where a line runs between its figures and through none of them."""
    cuts = sorted(
        x
        for x in drawn
        if min(one.box.x1 for one in group) <= x <= max(one.box.x0 for one in group)
        and not any(one.box.x0 + 0.5 < x < one.box.x1 - 0.5 for one in group)
    )
    parts: list[list[Figure]] = [[] for _cut in range(len(cuts) + 1)]
    for figure in group:
        parts[bisect_right(cuts, figure.box.x)].append(figure)
    return [part for part in parts if part]


def _strip(
    page: GridPage, ladder: Ladder, figures: Sequence[Figure], tokens: Tokens, left: float, right: float
) -> FigureStrip:
    box = around([figure.box for figure in figures])
    edges = bands_of(ladder, box.x, page.horizontal)
    placed = [
        Placed(row := _row(edges, figure.box.y), figure, _is_near(figure, ladder, row))
        for figure in sorted(figures, key=lambda figure: figure.box.y)
    ]
    absent = frozenset(
        _row(edges, mark.y)
        for mark in tokens.absent
        if ladder.box.x1 < mark.x < right and box.x0 - 4 < mark.x < box.x1 + 4 and edges[0] < mark.y < edges[-1]
    )
    return FigureStrip(box, tuple(_labelled(placed, box, ladder, left, tokens.words)), absent)


def _row(edges: Sequence[float], y: float) -> int:
    return min(max(bisect_right(edges, y) - 1, 0), len(edges) - 2)


def _is_near(figure: Figure, ladder: Ladder, row: int) -> bool:
    marks = ladder.marks
    pitch = min(later.box.y - mark.box.y for mark, later in pairwise(marks))
    off = figure.box.y - marks[row].box.y
    other = row + 1 if off > 0 else row - 1
    gap = abs(marks[other].box.y - marks[row].box.y) if 0 <= other < len(marks) else pitch
    return abs(off) <= _NEAR * pitch or gap < _DOUBLE * pitch


def _labelled(placed: Sequence[Placed], box: Box, ladder: Ladder, left: float, words: Sequence[Word]) -> list[Placed]:
    """The figures with the words that stand before them, right of the column at `left`, or just above them."""
    inside = [
        word
        for word in words
        if ladder.top < word.box.y < ladder.bottom and word.box.x0 > ladder.box.x1 and word.box.x0 < box.x1
    ]
    if not inside:
        return list(placed)
    labelled = []
    for place, one in enumerate(placed):
        above = placed[place - 1].figure.box.bottom if place else ladder.top
        labelled.append(replace(one, label=_label(one.figure, above, left, inside)))
    return labelled


def _label(figure: Figure, above: float, left: float, words: Sequence[Word]) -> str:
    box, size = figure.box, figure.size
    before = [
        word for word in words if abs(word.box.y - box.y) < size * 0.5 and 0 < box.x0 - word.box.x1 + 0.5 < size * 12
    ]
    before = _run_up_to(before, box.x0, size) or sorted(
        (
            word
            for word in words
            if abs(word.box.y - box.y) < size * 0.5 and left < word.box.x0 and word.box.x1 < box.x0
        ),
        key=lambda word: word.box.x0,
    )
    if before:
        return " ".join(word.text for word in before)
    over = [
        word
        for word in words
        if above < word.box.y < box.top
        and box.top - word.box.bottom < size * 2.4
        and word.box.x1 > box.x0 - size * 3
        and word.box.x0 < box.x1 + size * 3
    ]
    return " ".join(word.text for word in sorted(over, key=lambda word: (round(word.box.y), word.box.x0)))


def _run_up_to(words: Sequence[Word], x: float, size: float) -> list[Word]:
    """The words that lead up to x without a gap."""
    run: list[Word] = []
    for word in sorted(words, key=lambda word: -word.box.x1):
        if x - word.box.x1 > size * 1.2:
            break
        run.append(word)
        x = word.box.x0
    return run[::-1]
