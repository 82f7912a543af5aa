"""Columns of powers: what every table of prices by power has, drawn with lines or without."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Final

from linkytui.tariffs.grid.page import Box, Rule, Word, around
from linkytui.tariffs.grid.tokens import Mark, Tokens
from linkytui.tariffs.offers import POWERS
from linkytui.wording.plain import bare

HEAD: Final = re.compile(r"puis-?\s*san?ce|\bkva\b|\bps\b|souscrite|calibre|compteur")
"""What grids write over their powers."""

_LEAST: Final = 2
"""Powers; a single number may stand anywhere."""
_TELLING: Final = 5
"""Powers of the regulated tariff that are known for powers without a word over them."""
_FIRST_GAP: Final = 80.0
"""Points between the first two powers, at most."""
_STRETCH: Final = 3.2
"""Times the usual distance that may lie between two powers that follow each other."""
_ASIDE: Final = 60.0
"""Points between the middles of powers that follow each other in cells of different widths, at most."""
_FOLLOWING: Final = 1.6
"""Times the usual distance, within which they follow each other."""
_HEAD_HEIGHT: Final = 110.0
"""Points above the first power in which the word for powers may stand."""


@dataclass(frozen=True, slots=True)
class Ladder:
    """A column of powers, from top to bottom."""

    marks: tuple[Mark, ...]

    @property
    def box(self) -> Box:
        """Around all of them."""
        return around([mark.box for mark in self.marks])

    @property
    def pitch(self) -> float:
        """Points from one power to the next."""
        return median(later.box.y - mark.box.y for mark, later in pairwise(self.marks))

    @property
    def top(self) -> float:
        """Where its first row begins."""
        return self.marks[0].box.y - (self.marks[1].box.y - self.marks[0].box.y) / 2

    @property
    def bottom(self) -> float:
        """Where its last row ends."""
        return self.marks[-1].box.y + (self.marks[-1].box.y - self.marks[-2].box.y) / 2


def ladders_of(tokens: Tokens) -> list[Ladder]:
    """The columns of powers on a page, from top to bottom and left to right."""
    chains: list[list[Mark]] = []
    for mark in sorted(tokens.marks, key=lambda mark: (mark.box.y, mark.box.x0)):
        fitting = [chain for chain in chains if _goes_on(chain, mark)]
        if fitting:
            # A number that is out of order, a slip, must not begin a table of its own.
            max(fitting, key=lambda chain: (len(chain) > 2, chain[-1].box.y, len(chain))).append(mark)
        else:
            chains.append([mark])
    ladders = [Ladder(tuple(chain)) for chain in _joined(chains, tokens.words) if len(chain) >= _LEAST]
    return [ladder for ladder in ladders if _is_of_powers(ladder, tokens)]


def _joined(chains: Sequence[list[Mark]], words: Sequence[Word]) -> list[list[Mark]]:
    """The columns, those together of which one goes on below the other in cells of another width."""
    joined: list[list[Mark]] = []
    for chain in chains:
        before = next((one for one in joined if _is_rest_of(one, chain, words)), None)
        if before is None:
            joined.append(chain)
        else:
            before.extend(chain)
    return joined


def _is_rest_of(upper: Sequence[Mark], lower: Sequence[Mark], words: Sequence[Word]) -> bool:
    last, first = upper[-1], lower[0]
    if len(upper) < _LEAST or first.low <= last.high or abs(first.box.x - last.box.x) > _ASIDE:
        return False
    pitch = median(below.box.y - above.box.y for above, below in pairwise(upper))
    return last.box.height < first.box.y - last.box.y < _FOLLOWING * pitch and not any(
        last.box.bottom < word.box.y < first.box.top for word in words
    )


def _goes_on(chain: Sequence[Mark], mark: Mark) -> bool:
    last = chain[-1]
    down = mark.box.y - last.box.y
    if mark.low < last.low or mark.high < last.high or down < last.box.height * 0.8:
        return False
    gaps = [lower.box.y - upper.box.y for upper, lower in pairwise(chain)]
    near = _STRETCH * median(gaps) if gaps else _FIRST_GAP
    return down <= near and _is_under(last.box, mark.box, mark.size)


def _is_under(upper: Box, lower: Box, size: float) -> bool:
    return (
        abs(upper.x - lower.x) < size or abs(upper.x0 - lower.x0) < size * 0.4 or abs(upper.x1 - lower.x1) < size * 0.4
    )


def _is_of_powers(ladder: Ladder, tokens: Tokens) -> bool:
    """A column of numbers is one of powers where it says so itself or in its head, or counts as they do."""
    if any(mark.unit for mark in ladder.marks):
        return True
    if _head_of(ladder, tokens.words):
        return True
    known = sum(any(mark.low <= power <= mark.high for power in POWERS) for mark in ladder.marks)
    return known >= _TELLING and ladder.marks[-1].high >= 12 and ladder.marks[0].low not in (0, 1, 2)


def _head_of(ladder: Ladder, words: Sequence[Word]) -> bool:
    box = ladder.box
    margin = ladder.marks[0].size * 2.5
    over = [
        word
        for word in words
        if ladder.top - _HEAD_HEIGHT < word.box.y < ladder.top + ladder.marks[0].size
        and word.box.x1 > box.x0 - margin
        and word.box.x0 < box.x1 + margin
    ]
    return bool(HEAD.search(bare(" ".join(word.text for word in over))))


def bands_of(ladder: Ladder, x: float, horizontal: Sequence[Rule]) -> list[float]:
    """Where the rows of a ladder begin and end at some x: one more than there are powers.

    Lines that are drawn there count, else the middle between two powers.
    """
    edges = [ladder.top]
    for mark, later in pairwise(ladder.marks):
        middle = (mark.box.y + later.box.y) / 2
        drawn = [
            rule.at for rule in horizontal if mark.box.y < rule.at < later.box.y and rule.start - 1 <= x <= rule.end + 1
        ]
        edges.append(min(drawn, key=lambda at: abs(at - middle), default=middle))
    return [*edges, ladder.bottom]
