"""What a page of a document holds before anything is understood: its words and the lines drawn on it, by place.

Places are in points from the page's upper left corner.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """Where something stands."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def x(self) -> float:
        """Its middle, across."""
        return (self.x0 + self.x1) / 2

    @property
    def y(self) -> float:
        """Its middle, down."""
        return (self.top + self.bottom) / 2

    @property
    def height(self) -> float:
        """Points; of a word, that of its letters."""
        return self.bottom - self.top


def around(boxes: Sequence[Box]) -> Box:
    """The smallest box around some others, one at least."""
    return Box(
        min(box.x0 for box in boxes),
        min(box.top for box in boxes),
        max(box.x1 for box in boxes),
        max(box.bottom for box in boxes),
    )


@dataclass(frozen=True, slots=True)
class Word:
    """Letters without a space between them."""

    text: str
    box: Box
    """From the baseline up to the height of capitals."""
    size: float
    """Points of its font."""
    struck: bool = False
    """A line strikes it out."""
    raised: bool = False
    """Small and above the line: a note's number, the end of `1er`."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line, drawn or the edge of something that is."""

    at: float
    """Where it stands across its direction: y of a horizontal one, x of a vertical one."""
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class GridPage:
    """One page."""

    number: int
    """From 1."""
    width: float
    text: str
    """What it says, line by line."""
    words: tuple[Word, ...]
    """From top to bottom and from left to right."""
    horizontal: tuple[Rule, ...] = ()
    vertical: tuple[Rule, ...] = ()
    pictured: float = 0.0
    """The share of the page that pictures cover, between 0 and 1."""
