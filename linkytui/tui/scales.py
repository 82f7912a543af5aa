"""Scales with round numbers: where one ends, and which figures stand along it."""

import math
from collections.abc import Mapping
from typing import Final

from linkytui.i18n import number

_STEPS: Final[Mapping[float, tuple[int, ...]]] = {
    1: (5, 2),
    1.5: (3,),
    2: (4, 2),
    3: (3,),
    4: (4, 2),
    5: (5,),
    6: (6, 3, 2),
    8: (4, 2),
}
"""What the top of a scale is, times a power of ten; and into how many round steps it can be divided."""


def _leading(value: float) -> tuple[float, float]:
    """The step of a scale that a value fits under, and its power of ten."""
    unit = 0.001
    while True:
        for step in _STEPS:
            if step * unit >= value:
                return step, unit
        unit *= 10


def round_top(value: float) -> float:
    """A round number that a value fits under: 1, 1.5, 2, 3, 4, 5, 6, 8 times a power of ten."""
    step, unit = _leading(value)
    return step * unit


def scale(top: float, steps: int) -> list[tuple[float, str]]:
    """Round values from nothing to the top of a scale in so many steps at most, and how they are written."""
    counts = (*_STEPS[_leading(top)[0]], 1)
    count = next(count for count in counts if count <= max(steps, 1))
    step = top / count
    decimals = next((places for places in range(4) if math.isclose(round(step, places), step)), 4)
    return [(place * step, number(place * step, decimals)) for place in range(count + 1)]
