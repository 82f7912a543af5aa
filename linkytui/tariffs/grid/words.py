"""From the letters of a page to its words: by how they are written and where, not by the spaces alone.

Letters come in the order in which the document writes them, so a word hidden under another one stays apart. Where a
document writes each digit by itself, the pieces that touch are joined.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from linkytui.tariffs.grid.page import Box, Rule, Word

Char = Mapping[str, Any]
"""A letter as pdfplumber gives it."""

_SPACE: Final = 0.25
"""Of the font's size: a wider gap parts two words."""
_BACK: Final = 0.5
"""Of the font's size: letters that overlap more do not follow each other."""
_TOUCH: Final = 0.13
"""Of the font's size: pieces nearer than that are one word."""
_TWICE: Final = 0.12
"""Of the font's size: the same letter that near is one, written twice to look bold."""
_LEVEL: Final = 0.15
"""Of the font's size: baselines nearer than that are one."""
_SMALL: Final = 0.85
"""Of its neighbour's size: a smaller letter above the line is a note's number."""
_CAPITALS: Final = 0.7
"""Height of capitals and digits, of the font's size."""
_COMMA: Final = re.compile(r"[.,]\d")
"""Two of them are two figures, however near they stand."""
_NOTES: Final = "¹²³⁰⁴⁵⁶⁷⁸⁹⁽⁾"
_THIN: Final = 1.5
"""Points: lines nearer than that are one."""
_STRAIGHT: Final = 0.5
"""Points: what leans less is a straight line."""


@dataclass(slots=True)
class _Piece:
    """Letters that follow each other."""

    text: str
    x0: float
    x1: float
    base: float
    size: float
    open: bool = True
    """Nothing parts it from what comes next: no space was written after it."""
    raised: bool = False


def words_of(chars: Iterable[Char], strokes: Sequence[Box] = ()) -> tuple[Word, ...]:
    """The words that some letters make, from top to bottom and left to right.

    Args:
        chars: the letters of a page, in the order in which it writes them; turned ones are left out.
        strokes: thin things drawn on the page, which may strike out a word.
    """
    words = [_word(piece, strokes) for piece in _joined(_pieces(chars)) if piece.text.strip()]
    return tuple(sorted(words, key=lambda word: (round(word.box.bottom), word.box.x0)))


def _pieces(chars: Iterable[Char]) -> list[_Piece]:
    pieces: list[_Piece] = []
    last: _Piece | None = None
    written: dict[tuple[str, int, int], tuple[float, float]] = {}
    for char in chars:
        piece = _piece(char)
        if piece is None:
            continue
        if not piece.text.strip():
            if last is not None and abs(piece.base - last.base) < last.size * _LEVEL:
                last.open = False
            continue
        if _is_written_twice(piece, written):
            continue
        if last is not None and _follows(last, piece):
            last.text += piece.text
            last.x1 = max(last.x1, piece.x1)
            continue
        if last is not None:
            piece.raised = _is_raised(piece, last)
        pieces.append(piece)
        last = piece
    return pieces


def _piece(char: Char) -> _Piece | None:
    """A letter by itself; None for one that is turned, mirrored, a note's number or an icon."""
    a, b, c, _d, _e, f = char["matrix"]
    if a <= 0 or abs(b) > 0.1 * a:
        return None
    text = "".join(one for one in unicodedata.normalize("NFKC", _without_notes(char["text"])) if one.isprintable())
    if not text or any(unicodedata.category(one) == "Co" for one in text):
        return None
    x0, x1 = char["x0"], char["x1"]
    if abs(c) > 0.02 * a:  # slanted: its box is wider than its place in the line
        middle, half = (x0 + x1) / 2, char["adv"] * a / 2
        if half > 0:
            x0, x1 = middle - half, middle + half
    base = char["bottom"] - (f - char["y0"])
    return _Piece(text, x0, x1, base, char["size"])


def _without_notes(text: str) -> str:
    return "".join(one for one in text if one not in _NOTES)


def _is_written_twice(piece: _Piece, written: dict[tuple[str, int, int], tuple[float, float]]) -> bool:
    near = max(piece.size * _TWICE, 0.1)
    row, column = round(piece.base / near), round(piece.x0 / near)
    for y in (row - 1, row, row + 1):
        for x in (column - 1, column, column + 1):
            place = written.get((piece.text, y, x))
            if place and abs(place[0] - piece.x0) < near and abs(place[1] - piece.base) < near:
                return True
    written[piece.text, row, column] = (piece.x0, piece.base)
    return False


def _follows(last: _Piece, piece: _Piece) -> bool:
    size = min(last.size, piece.size)
    gap = piece.x0 - last.x1
    return (
        last.open
        and abs(piece.base - last.base) < size * _LEVEL
        and -size * _BACK < gap < size * _SPACE
        and not _is_raised(piece, last)
    )


def _is_raised(piece: _Piece, last: _Piece) -> bool:
    """A small letter above the line of the piece before it."""
    return (
        piece.size < last.size * _SMALL
        and last.size * 0.15 < last.base - piece.base < last.size
        and -last.size < piece.x0 - last.x1 < last.size
    )


def _joined(pieces: list[_Piece]) -> list[_Piece]:
    """The pieces, those joined that touch although they were not written one after the other."""
    rows: dict[int, list[_Piece]] = {}
    for piece in sorted(pieces, key=lambda piece: piece.x0):
        row = round(piece.base)
        before = next(
            (
                known
                for near in (row, row - 1, row + 1)
                if (line := rows.get(near)) and _touches(known := line[-1], piece)
            ),
            None,
        )
        if before is not None:
            before.text += piece.text
            before.x1 = max(before.x1, piece.x1)
            before.open = piece.open
        else:
            rows.setdefault(row, []).append(piece)
    return [piece for row in rows.values() for piece in row]


def _touches(before: _Piece, piece: _Piece) -> bool:
    size = min(before.size, piece.size)
    return (
        before.open
        and before.raised == piece.raised
        and size > max(before.size, piece.size) * _SMALL
        and abs(before.base - piece.base) < size * _LEVEL
        and abs(piece.x0 - before.x1) < size * _TOUCH
        and len(_COMMA.findall(before.text + piece.text)) < 2
    )


def _word(piece: _Piece, strokes: Sequence[Box]) -> Word:
    box = Box(piece.x0, piece.base - piece.size * _CAPITALS, piece.x1, piece.base)
    return Word(piece.text, box, piece.size, _is_struck(box, strokes), piece.raised)


def _is_struck(box: Box, strokes: Sequence[Box]) -> bool:
    """A thin thing crosses the word, over most of its width and not far beyond it."""
    wide = (box.x1 - box.x0) * 0.6
    return any(
        min(stroke.x1, box.x1) - max(stroke.x0, box.x0) > wide
        and stroke.x0 > box.x0 - box.height * 2
        and stroke.x1 < box.x1 + box.height * 2
        and _crosses(stroke, box)
        for stroke in strokes
    )


def _crosses(stroke: Box, box: Box) -> bool:
    if stroke.height < box.height * 0.3:
        return box.top + box.height * 0.15 < stroke.y < box.bottom - box.height * 0.1
    # Drawn by hand: a picture or a curve with some height.
    together = min(stroke.bottom, box.bottom) - max(stroke.top, box.top)
    return stroke.height < box.height * 1.4 and together > stroke.height * 0.5


def lines_of(words: Sequence[Word]) -> list[list[Word]]:
    """The words line by line, each from left to right."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda word: word.box.y):
        line = next((line for line in reversed(lines[-3:]) if _is_level(line[0], word)), None)
        if line is None:
            lines.append([word])
        else:
            line.append(word)
    return [sorted(line, key=lambda word: word.box.x0) for line in lines]


def _is_level(first: Word, word: Word) -> bool:
    size = min(first.size, word.size)
    return abs(first.box.bottom - word.box.bottom) < size * 0.3


def as_rules(edges: Iterable[Box]) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    """Horizontal and vertical lines among some edges, those together that are one."""
    horizontal: list[tuple[float, float, float]] = []
    vertical: list[tuple[float, float, float]] = []
    for edge in edges:
        width, height = edge.x1 - edge.x0, edge.height
        if height <= _STRAIGHT < width:
            horizontal.append((edge.y, edge.x0, edge.x1))
        elif width <= _STRAIGHT < height:
            vertical.append((edge.x, edge.top, edge.bottom))
    return _merged(horizontal), _merged(vertical)


def _merged(lines: Iterable[tuple[float, float, float]]) -> tuple[Rule, ...]:
    """Lines that run on, or one on the other, as one; from left to right or top to bottom."""
    rules: list[Rule] = []
    group: list[tuple[float, float, float]] = []
    for line in sorted(lines):
        if group and line[0] - group[0][0] > _THIN:
            rules.extend(_run(group))
            group = []
        group.append(line)
    if group:
        rules.extend(_run(group))
    return tuple(rules)


def _run(group: Sequence[tuple[float, float, float]]) -> list[Rule]:
    at = sum(line[0] for line in group) / len(group)
    runs: list[list[float]] = []
    for _at, start, end in sorted(group, key=lambda line: line[1]):
        if runs and start - runs[-1][1] < _THIN:
            runs[-1][1] = max(runs[-1][1], end)
        else:
            runs.append([start, end])
    return [Rule(at, start, end) for start, end in runs if end - start > _THIN * 2]
