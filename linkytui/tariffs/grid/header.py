"""The words over a table, and over which of its columns each of them stands."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Final

from linkytui.tariffs.grid.columns import PricePart, only, part_of, taxes_in
from linkytui.tariffs.grid.ladders import HEAD
from linkytui.tariffs.grid.page import Box, GridPage, Word, around
from linkytui.tariffs.grid.periods import HOURS
from linkytui.tariffs.grid.strips import Body, is_rising
from linkytui.tariffs.grid.tokens import Tokens
from linkytui.tariffs.grid.words import lines_of
from linkytui.wording.plain import bare

_CLOSE: Final = 0.75
"""Of the font's size: words nearer than that are of one phrase."""
_HIGHEST: Final = 190.0
"""Points above the first row; a header is not higher."""
_BLANK: Final = 2.8
"""Times the height of a line: wider gaps end a header that is not drawn."""
_SKIPPED: Final = 0.3
"""What it costs, in columns, to leave one without a phrase."""
_WRONG: Final = 2.0
"""What it costs, in columns, to put words for a subscription over figures of prices, and the other way round."""
_SLIGHT: Final = 0.2
"""The same for the names of hours over subscriptions: an option may be named by them."""
_UNEVEN: Final = 0.05
"""What it costs when the next words of a line stand over one column more or less."""
_LEANING: Final = 0.6
"""Columns by which words must stand off the middle of theirs to be taken as aligned on the left."""
_ALIGNED: Final = 2.0
"""Points between left edges that are aligned."""
_NOTE: Final = re.compile(r"\*|\(\d\)")
"""How a note under a table begins."""
_BADGE: Final = re.compile(r"[-–+]\d+([.,]\d+)?%\*?")
"""What is stuck over a table to praise it."""
_TAXES: Final = re.compile(r"[(]?(?:€ ?)?(?:h\.?t\.?t?|t\.?t\.?c)\.?[)]?(?:[(*]\S*)?(?: (?:€ ?)?(?:ht?t|ttc)[(*\d)]*)*")
"""Nothing but whether taxes are included: each such word stands over one column."""
_LEVEL: Final = 0.4
"""Of the font's size: cells whose middles differ less are of one level."""
_TITLE: Final = re.compile(r"\b(?:offre|option|comptage|tarifs?|service|base|heures|tempo|ejp|hp|hc)\b")
"""What titles of tables are made of."""
_SENTENCE: Final = re.compile(
    r"\b(?:de|du|des|la|le|les|un|une|est|et|pour|par|vous|votre|au|aux|sur|avec|que|qui|dont|sont|dans|ou|a|nous|nos)\b"
)
_SENTENCE_WORDS: Final = (13, 3)
"""Words that stand together, or words that only sentences have so many of: beyond, they are one."""
_BESIDE: Final = 40.0
"""Points right of the last column in which the middle of the words over it may stand."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand together in a line or a cell, and the columns under them."""

    text: str
    box: Box
    first: int
    """Its first column; 0 is that of the powers."""
    last: int


@dataclass(frozen=True, slots=True)
class GridHeader:
    """The words over a table."""

    phrases: tuple[Phrase, ...]
    """Those over its columns, from top to bottom."""
    top: float

    def over(self, column: int) -> tuple[str, ...]:
        """The words over a column, from top to bottom."""
        return tuple(phrase.text for phrase in self.phrases if phrase.first <= column <= phrase.last)

    @property
    def text(self) -> str:
        """All its words."""
        return " ".join(phrase.text for phrase in self.phrases)


@dataclass(frozen=True, slots=True)
class _Run:
    """Words of a line that stand together."""

    text: str
    box: Box
    size: float
    words: tuple[Word, ...] = ()


def header_of(page: GridPage, tokens: Tokens, body: Body, bodies: Sequence[Body]) -> GridHeader:
    """The words over a table, as far up as they belong to it."""
    columns = [body.ladder.box, *(strip.box for strip in body.strips)]
    found = list(_lines(page, tokens, body, bodies))
    others = [run for line in found for run in line]
    lines = [[part for run in line for part in _unglued(run, columns, others)] for line in found]
    titles = next(
        (
            place
            for place, line in enumerate(lines)
            if len(line) > 1 or not _may_be_title(line[0]) or _begins_cell(line[0], lines[place + 1 :], columns)
        ),
        0,
    )
    phrases = [Phrase(line[0].text, line[0].box, 0, len(columns) - 1) for line in lines[:titles]]
    levels = _levels([run for line in lines[titles:] for run in line], page)
    phrases += [phrase for level in levels for phrase in _placed(level, columns, page, body)]
    top = min((run.box.top for line in lines for run in line), default=body.ladder.top)
    return GridHeader(tuple(_stacked(phrases, page)), top)


def _lines(page: GridPage, tokens: Tokens, body: Body, bodies: Sequence[Body]) -> Iterator[list[_Run]]:
    """The lines of a header, from top to bottom, each as runs of words."""
    bottom = body.ladder.marks[0].box.top - 0.5
    floor = max(
        [
            bottom - _HIGHEST,
            *(
                other.ladder.bottom
                for other in bodies
                if other.ladder.bottom <= body.ladder.marks[0].box.y and _is_over(other, body)
            ),
        ]
    )
    right = min(body.right, body.strips[-1].box.x1 + _BESIDE)
    words = [
        word
        for word in tokens.words
        if floor < word.box.y < bottom + body.ladder.pitch
        and _is_over_figures(word, body)
        and not _BADGE.fullmatch(word.text)
    ]
    taken = {one.figure.box for strip in body.strips for one in strip.placed}
    others = [figure.box for figure in tokens.figures if figure.box not in taken and body.left < figure.box.x < right]
    found: list[list[_Run]] = []
    above = bottom
    for line in reversed(lines_of(words)):
        runs = [
            run
            for run in _runs(line, page)
            if run.box.x < right and any(word.box.x > body.left - word.size * 4 for word in run.words)
        ]
        if not runs:
            continue
        box = around([run.box for run in runs])
        if found and any(abs(other.y - box.y) < box.height / 2 for other in others):
            break  # a row of another table
        if found and any(is_sentence(run.text) for run in runs):
            break
        if (
            found
            and above - box.bottom > _BLANK * max(run.size for run in runs)
            and not _is_framed(page, body, box.bottom, above)
        ):
            break
        found.append(runs)
        above = min(above, box.top)
    return iter(found[::-1])


def _is_over_figures(word: Word, body: Body) -> bool:
    """Above the first power, or just above the figures of its column where the powers begin higher."""
    first = body.ladder.marks[0].box
    if word.box.bottom < first.top - 0.5 + word.size * 0.3:
        return True
    under = [strip.placed[0].figure.box for strip in body.strips if strip.box.x0 - 8 < word.box.x < strip.box.x1 + 8]
    return bool(under) and word.box.bottom < min(box.top for box in under) and word.box.top < first.bottom + 1


def is_sentence(text: str) -> bool:
    """True for words that stand in a sentence or a note, not in a header."""
    most, telling = _SENTENCE_WORDS
    words = bare(text)
    count = len(words.split())
    return (
        (count > 4 and bool(_NOTE.match(words)))
        or count > most
        or len(_SENTENCE.findall(words)) > telling
        or (count > 3 and words.endswith("."))
    )


def _is_over(other: Body, body: Body) -> bool:
    return other.ladder.box.x0 < body.right and other.right > body.left


def _is_framed(page: GridPage, body: Body, upper: float, lower: float) -> bool:
    """A line runs down through the gap beside the table's columns, or across it over most of them."""
    right = body.strips[-1].box.x1
    return any(
        rule.start < upper + 2 and rule.end > lower - 2 and body.left - 60 < rule.at < body.right + 5
        for rule in page.vertical
    ) or any(
        upper - 2 < rule.at < lower + 2 and min(rule.end, right) - max(rule.start, body.left) > (right - body.left) / 2
        for rule in page.horizontal
    )


def _runs(line: Sequence[Word], page: GridPage) -> Iterator[_Run]:
    group: list[Word] = []
    for word in line:
        if group and (
            word.box.x0 - group[-1].box.x1 > _CLOSE * min(group[-1].size, word.size)
            or _is_parted(page, group[-1], word)
        ):
            yield _run(group)
            group = []
        group.append(word)
    if group:
        yield _run(group)


def _run(words: Sequence[Word]) -> _Run:
    box = around([word.box for word in words])
    return _Run(" ".join(word.text for word in words), box, words[0].size, tuple(words))


def _unglued(run: _Run, columns: Sequence[Box], others: Sequence[_Run]) -> list[_Run]:
    """The words of a line one by one where each is the next line of a cell of its own, however near they stand."""
    under = [column for column in columns if run.box.x0 < column.x < run.box.x1]
    if len(under) != len(run.words) or len(under) < 2:
        return [run]
    for word, column in zip(run.words, under, strict=True):
        cells = (
            other
            for other in others
            if abs(other.box.x - column.x) < run.size * 0.6
            and abs(other.box.y - run.box.y) < run.size * 1.5
            and other is not run
            and not _TAXES.fullmatch(bare(other.text))
        )
        if abs(word.box.x - column.x) > run.size * 0.6 or next(cells, None) is None:
            return [run]
    return [_run([word]) for word in run.words]


def _is_parted(page: GridPage, left: Word, right: Word) -> bool:
    """A line is drawn between two words."""
    return any(
        left.box.x1 - 0.5 <= rule.at <= right.box.x0 + 0.5 and rule.start <= left.box.y <= rule.end
        for rule in page.vertical
    )


def _placed(line: Sequence[_Run], columns: Sequence[Box], page: GridPage, body: Body) -> Iterator[Phrase]:
    """The runs of a line with the columns under each."""
    cells: dict[tuple[int, int], list[_Run]] = {}
    for run in line:
        cells.setdefault(_cell(run, columns, page), []).append(run)
    ruled = any(
        columns[1].x < rule.at < columns[-1].x and rule.start - 1 <= line[0].box.y <= rule.end + 1
        for rule in page.vertical
    )
    parts = [None, *(PricePart.SUBSCRIPTION if is_rising(strip.placed) else PricePart.PRICE for strip in body.strips)]
    for (first, last), runs in cells.items():
        if first > last:
            continue
        if len(line) == 1 and (_is_title(runs[0], columns, first) or _fills_cell(runs[0], columns, page, first, last)):
            yield Phrase(runs[0].text, runs[0].box, 0, len(columns) - 1)
            continue
        powers = [run for run in runs if not ruled and (_is_of_powers(run, columns) or _is_corner(run, runs, columns))]
        if powers and first == 0:
            yield from (Phrase(run.text, run.box, 0, 0) for run in powers)
            runs, first = [run for run in runs if run not in powers], 1
        if not runs:
            continue
        if len(runs) > 1:
            first = max(first, 1)
        if len(runs) == 1 and (ruled or last == first):
            yield Phrase(runs[0].text, runs[0].box, first, last)
        else:
            yield from _shared(runs, columns, parts, first, last)


def _levels(runs: Sequence[_Run], page: GridPage) -> list[list[_Run]]:
    """The cells of a header, level by level: lines of a cell stand under each other, cells of a level side by side."""
    cells: list[list[_Run]] = []
    for run in sorted(runs, key=lambda run: run.box.y):
        cell = next((cell for cell in cells if _is_next_line(cell, run, page)), None)
        if cell is None:
            cells.append([run])
        else:
            cell.append(run)
    levels: list[list[_Run]] = []
    for whole in sorted((_together(cell) for cell in cells), key=lambda run: (run.box.y, run.box.x0)):
        if levels and abs(levels[-1][0].box.y - whole.box.y) < whole.size * _LEVEL:
            levels[-1].append(whole)
        else:
            levels.append([whole])
    return [sorted(level, key=lambda cell: cell.box.x0) for level in levels]


def _is_next_line(cell: Sequence[_Run], run: _Run, page: GridPage) -> bool:
    """A line of the same cell: just below, in the same size, in the middle of it or aligned with it."""
    last = cell[-1]
    gap = run.box.top - last.box.bottom
    widths = sorted((last.box.x1 - last.box.x0, run.box.x1 - run.box.x0))
    leaf = [bool(_TAXES.fullmatch(bare(one.text))) for one in (last, run)]
    return (
        leaf[0] == leaf[1]
        and 0 < gap < last.box.height * (0.9 if _is_ruled(page, last.box, run.box) else 1.25)
        and abs(last.size - run.size) < last.size * 0.2
        and (
            abs(last.box.x - run.box.x) < run.size * 0.45
            or (abs(last.box.x0 - run.box.x0) < run.size * 0.2 and widths[0] > widths[1] * 0.4)
        )
    )


def _together(cell: Sequence[_Run]) -> _Run:
    return _Run(" ".join(run.text for run in cell), around([run.box for run in cell]), cell[0].size)


def _may_be_title(run: _Run) -> bool:
    """Words alone in the uppermost lines that name neither powers nor figures: they stand over all columns."""
    words = bare(run.text)
    return not HEAD.search(words) and part_of((run.text,)) is None and not taxes_in(run.text)


def _begins_cell(run: _Run, below: Sequence[Sequence[_Run]], columns: Sequence[Box]) -> bool:
    """The first line of a cell over one column, which stands alone because the other cells have fewer lines."""
    near = run.size * 0.6
    if not any(_is_over_one(run.box, column, near) for column in columns[1:]):
        return False
    return any(
        _is_over_one(run.box, other.box, near) and 0 < other.box.top - run.box.bottom < run.box.height * 1.25
        for line in below[:3]
        for other in line
    )


def _is_over_one(upper: Box, lower: Box, near: float) -> bool:
    """Their middles or their left edges are aligned."""
    return abs(upper.x - lower.x) < near or abs(upper.x0 - lower.x0) < near / 2


def _is_of_powers(run: _Run, columns: Sequence[Box]) -> bool:
    """The head of the powers, and of nothing else."""
    return bool(HEAD.search(bare(run.text))) and part_of((run.text,)) is None and run.box.x < columns[1].x0


def _is_corner(run: _Run, runs: Sequence[_Run], columns: Sequence[Box]) -> bool:
    """Words over the powers where all other columns have words of their own: what they say may be of all figures."""
    return len(runs) == len(columns) and run is runs[0] and abs(run.box.x - columns[0].x) < run.size * 2


def _is_title(run: _Run, columns: Sequence[Box], first: int) -> bool:
    """Words alone in their line that begin over the powers and do not name them: a title, aligned to the left."""
    words = bare(run.text)
    return (
        first == 0
        and run.box.x0 < columns[0].x1
        and (not HEAD.search(words) or part_of((run.text,)) is not None or len(taxes_in(run.text)) > 1)
        and (run.box.x1 > columns[1].x0 or bool(_TITLE.search(words)))
    )


def _fills_cell(run: _Run, columns: Sequence[Box], page: GridPage, first: int, last: int) -> bool:
    """A drawn cell over all columns, with one line of words in it."""
    return (
        first <= 1
        and last == len(columns) - 1
        and any(
            -run.size < run.box.top - upper.at < run.size and -run.size < lower.at - run.box.bottom < run.size
            for upper, lower in pairwise(
                [rule for rule in page.horizontal if rule.start <= columns[1].x and rule.end >= columns[-1].x]
            )
        )
    )


def _cell(run: _Run, columns: Sequence[Box], page: GridPage) -> tuple[int, int]:
    """The first and the last column between the lines that stand left and right of some words."""
    left, right = -1.0, page.width + 1
    for rule in page.vertical:
        if rule.start - 1 <= run.box.y <= rule.end + 1:
            if rule.at <= run.box.x0 + 1:
                left = max(left, rule.at)
            elif rule.at >= run.box.x1 - 1:
                right = min(right, rule.at)
    inside = [place for place, column in enumerate(columns) if left < column.x < right]
    return (inside[0], inside[-1]) if inside else (1, 0)


def _shared(
    runs: Sequence[_Run], columns: Sequence[Box], parts: Sequence[PricePart | None], first: int, last: int
) -> list[Phrase]:
    """The columns of each of the runs that share some of them: as many as possible, each run over the middle of its
    own, and words for a subscription over figures that rise as those do.

    Without lines between them, this is how one sees what belongs to what.
    """
    named = [part_of((run.text,)) for run in runs]
    named_hours = [only((run.text,), HOURS) for run in runs]
    taxes = [taxes_in(run.text) for run in runs]
    edges = _edges(columns)
    width = (edges[last + 1] - edges[first]) / (last - first + 1) or 1.0

    def unlikely(run: int, begin: int, end: int) -> float:
        """What speaks against these columns, but for their place."""
        own = parts[begin : end + 1]
        wrong = sum(_WRONG for part in own if named[run] and part is not named[run])
        if named_hours[run]:
            wrong += sum(_SLIGHT for part in own if part is not PricePart.PRICE)
        if len(taxes[run]) > 1:
            wrong += (len(own) % len(taxes[run]) != 0) + (len(set(own)) > 1) * _SKIPPED
        if _TAXES.fullmatch(bare(runs[run].text)):
            wrong += abs(len(own) - len(taxes[run])) * (_SKIPPED + _UNEVEN)
        return wrong + (begin == 0 < end) * 2 * _SKIPPED

    def best_by(misfit: Callable[[Box, int, int], float]) -> tuple[float, tuple[tuple[int, int], ...]]:
        @cache
        def best(run: int, start: int, size: int) -> tuple[float, tuple[tuple[int, int], ...]]:
            if run == len(runs):
                return (last - start + 1) * _SKIPPED, ()
            found: tuple[float, tuple[tuple[int, int], ...]] = (float("inf"), ())
            for begin in range(start, last + 1):
                for end in range(begin, last + 1):
                    cost = (begin - start) * _SKIPPED + misfit(runs[run].box, begin, end) / width
                    cost += abs(end - begin + 1 - size) * _UNEVEN if size else 0
                    if cost >= found[0]:
                        continue
                    cost += unlikely(run, begin, end)
                    rest, spans = best(run + 1, end + 1, end - begin + 1)
                    if cost + rest < found[0] - 1e-9:
                        found = (cost + rest, ((begin, end), *spans))
            return found

        return best(0, first, 0)

    cost, spans = best_by(lambda box, begin, end: abs(box.x - (edges[begin] + edges[end + 1]) / 2))
    if (
        len(runs) > 1
        and cost > _LEANING * len(runs)
        and all(_is_aligned(run, columns[first : last + 1]) for run in runs)
    ):
        _cost, spans = best_by(lambda box, begin, _end: abs(box.x0 - columns[begin].x0))
    return [Phrase(run.text, run.box, *span) for run, span in zip(runs, spans, strict=False)]


def _edges(columns: Sequence[Box]) -> list[float]:
    """Where columns end and begin: half way between their middles."""
    middles = [column.x for column in columns]
    between = [(left + right) / 2 for left, right in pairwise(middles)]
    return [2 * middles[0] - between[0], *between, 2 * middles[-1] - between[-1]]


def _is_aligned(run: _Run, columns: Sequence[Box]) -> bool:
    return any(abs(run.box.x0 - column.x0) < _ALIGNED for column in columns)


def _stacked(phrases: Sequence[Phrase], page: GridPage) -> list[Phrase]:
    """The phrases, those joined that are lines of one cell."""
    joined: list[Phrase] = []
    for phrase in sorted(phrases, key=lambda phrase: phrase.box.y):
        before = next((one for one in reversed(joined) if _goes_on(one, phrase, page)), None)
        if before is None:
            joined.append(phrase)
        else:
            joined[joined.index(before)] = Phrase(
                f"{before.text} {phrase.text}", around([before.box, phrase.box]), before.first, before.last
            )
    return joined


def _goes_on(upper: Phrase, lower: Phrase, page: GridPage) -> bool:
    gap = lower.box.top - upper.box.bottom
    return (upper.first, upper.last) == (lower.first, lower.last) and gap < lower.box.height * (
        0.9 if _is_ruled(page, upper.box, lower.box) else 1.6
    )


def _is_ruled(page: GridPage, upper: Box, lower: Box) -> bool:
    """A line is drawn between two lines of words, or their paragraphs are shaded one by one."""
    return any(
        upper.bottom - 1 < rule.at < lower.top + 1 and rule.start < lower.x < rule.end for rule in page.horizontal
    )
