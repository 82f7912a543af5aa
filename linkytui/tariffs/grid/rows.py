"""Which figure of a column holds for which row: its own, or one that several rows share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby, pairwise
from typing import Final

from linkytui.tariffs.grid.ladders import Ladder
from linkytui.tariffs.grid.page import Box, GridPage
from linkytui.tariffs.grid.strips import Placed
from linkytui.tariffs.grid.tokens import Figure

_NEAR: Final = 2.4
"""Times its size: a figure that is struck out and the one that takes its place stand no further apart."""
_OFF: Final = 0.35
"""Of a row's height: figures in the middle of their rows stand no further from it."""


class Way(StrEnum):
    """Where a figure stands that several rows share, in a table that is not ruled."""

    MIDDLE = "middle"
    FIRST = "first"


@dataclass(slots=True)
class Ways:
    """What is known of how a document places such figures: all its tables do it alike."""

    seen: set[Way] = field(default_factory=set)
    """Ways that were the only possible one somewhere."""
    used: Way | None = None
    """The one that counts where several are possible."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What a column says of each row."""

    figures: Mapping[int, Figure]
    """By row."""
    unclear: frozenset[int] = frozenset()
    """Rows of which it is not certain which figure they have."""


def filled(
    placed: Sequence[Placed],
    ladder: Ladder,
    page: GridPage,
    rows: Sequence[int],
    *,
    ways: Ways | None = None,
    middle: float | None = None,
) -> Filled:
    """The figure of each row.

    Args:
        placed: the figures of a column.
        ladder: the rows.
        page: its lines say how far a figure goes that several rows share.
        rows: those that want a figure.
        ways: how the document places a figure that several rows share; None where they share none, as subscriptions.
        middle: where the middle of its column's figures is, those under other labels included.
    """
    valid = _valid(placed, ladder, page)
    if ways is None or sum(one.near for one in valid) * 2 > len(rows):
        valid = [one for one in valid if one.near]
    by_row: dict[int, list[Figure]] = {}
    for one in valid:
        by_row.setdefault(one.row, []).append(one.figure)
    double = {row for row, figures in by_row.items() if len({figure.value for figure in figures}) > 1}
    own = {row: figures[0] for row, figures in by_row.items() if row not in double}
    if ways is None or (not double and set(rows) <= set(own)):
        return Filled({row: own[row] for row in rows if row in own}, frozenset(double & set(rows)))
    if len({one.figure.value for one in valid}) == 1:
        reach = _reach(valid, ladder, page, valid[0].figure.box.y if middle is None else middle)
        return Filled({row: valid[0].figure for row in rows if row in reach}, frozenset(set(rows) - reach))
    for found in (_by_lines(valid, ladder, page), _by_place(valid, ladder, rows, ways)):
        if found is not None and set(rows) <= set(found):
            return Filled({row: found[row] for row in rows})
    return _certain(valid, rows, double)


def _valid(placed: Sequence[Placed], ladder: Ladder, page: GridPage) -> list[Placed]:
    """The figures without those that are struck out and have another in their place."""
    if not any(one.figure.struck for one in placed) or all(one.figure.struck for one in placed):
        return list(placed)
    crowded = len(placed) < len(ladder.marks) or max(len(list(g)) for _k, g in groupby(placed, lambda one: one.row)) > 1
    return [one for one in placed if not (one.figure.struck and crowded and _has_another(one, placed, ladder, page))]


def _has_another(one: Placed, placed: Sequence[Placed], ladder: Ladder, page: GridPage) -> bool:
    top, bottom = _cell(one.figure.box, ladder, page)
    return any(
        not other.figure.struck
        and top < other.figure.box.y < bottom
        and abs(other.figure.box.y - one.figure.box.y) < one.figure.size * _NEAR
        for other in placed
    )


def _cell(box: Box, ladder: Ladder, page: GridPage) -> tuple[float, float]:
    """Where the lines above and below a figure run; the ends of the table where none does."""
    top, bottom = ladder.top, ladder.bottom
    for rule in page.horizontal:
        if rule.start - 1 <= box.x <= rule.end + 1:
            if rule.at <= box.top + 1:
                top = max(top, rule.at)
            elif rule.at >= box.bottom - 1:
                bottom = min(bottom, rule.at)
    return top, bottom


def _by_lines(placed: Sequence[Placed], ladder: Ladder, page: GridPage) -> dict[int, Figure] | None:
    """The rows between the lines around each figure; None when they give some twice."""
    found: dict[int, Figure] = {}
    for one in placed:
        top, bottom = _cell(one.figure.box, ladder, page)
        for row, mark in enumerate(ladder.marks):
            if top < mark.box.y < bottom:
                if row in found and found[row].value != one.figure.value:
                    return None
                found[row] = one.figure
    return found


def _reach(placed: Sequence[Placed], ladder: Ladder, page: GridPage, at: float) -> set[int]:
    """The rows that the only figure of a column holds for: all, but where lines end its cell before them."""
    everything = set(range(len(ladder.marks)))
    reach: set[int] = set()
    middle = (ladder.top + ladder.bottom) / 2
    if any(abs(y - middle) < ladder.pitch for y in (at, *(one.figure.box.y for one in placed))):
        return everything
    for one in placed:
        top, bottom = _cell(one.figure.box, ladder, page)
        rows = {row for row, mark in enumerate(ladder.marks) if top < mark.box.y < bottom}
        if len(rows) < 2:  # a line under each row: they are drawn there for all columns alike
            return everything
        reach |= rows
    return reach


def _by_place(placed: Sequence[Placed], ladder: Ladder, rows: Sequence[int], ways: Ways) -> dict[int, Figure] | None:
    """The rows of each figure where all stand in the middle of theirs, or all in the first; None when it is unclear."""
    if not rows or list(rows) != list(range(rows[0], rows[-1] + 1)) or len(placed) * 2 > len(rows):
        return None
    edges = [ladder.top, *((a.box.y + b.box.y) / 2 for a, b in pairwise(ladder.marks)), ladder.bottom]
    edges = edges[rows[0] : rows[-1] + 2]
    found = {Way.MIDDLE: _from_middles(placed, ladder, edges), Way.FIRST: _from_firsts(placed, ladder, rows)}
    possible = {way: ends for way, ends in found.items() if ends is not None}
    if len(possible) == 1:
        ways.seen |= set(possible)
    way = next(iter(possible)) if len(possible) == 1 else ways.used
    if way not in possible:
        return None
    ends = possible[way]
    spans: dict[int, Figure] = {}
    for one, first, end in zip(placed, [0, *ends], ends, strict=False):
        spans.update(dict.fromkeys(range(rows[0] + first, rows[0] + end), one.figure))
    return spans


def _from_middles(placed: Sequence[Placed], ladder: Ladder, edges: Sequence[float]) -> list[int] | None:
    start, ends = 0, []
    for one in placed:
        bottom = 2 * one.figure.box.y - edges[start]
        end = min(range(len(edges)), key=lambda place: abs(edges[place] - bottom))
        if abs(edges[end] - bottom) > _OFF * ladder.pitch or end <= start:
            return None
        ends.append(end)
        start = end
    return ends if start == len(edges) - 1 else None


def _from_firsts(placed: Sequence[Placed], ladder: Ladder, rows: Sequence[int]) -> list[int] | None:
    firsts = [one.row - rows[0] for one in placed]
    level = all(abs(one.figure.box.y - ladder.marks[one.row].box.y) < _OFF * ladder.pitch for one in placed)
    if firsts[0] != 0 or not level or len(set(firsts)) != len(firsts):
        return None
    return [*firsts[1:], len(rows)]


def _certain(placed: Sequence[Placed], rows: Sequence[int], double: set[int]) -> Filled:
    """The rows of which it is certain although the reach of each figure is not: those at a figure and those between two
    equal ones."""
    found: dict[int, Figure] = {}
    for row in rows:
        if row in double:
            continue
        before = [one.figure for one in placed if one.row <= row]
        after = [one.figure for one in placed if one.row >= row]
        if any(one.row == row for one in placed) or (before and after and before[-1].value == after[0].value):
            found[row] = before[-1]
    return Filled(found, frozenset(set(rows) - set(found)))
