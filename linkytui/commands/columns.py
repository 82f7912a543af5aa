"""A line of a table for people: cells side by side."""

from collections.abc import Iterable, Sequence

_BETWEEN = 2  # characters between columns


def columns(cells: Iterable[str], widths: Iterable[int]) -> str:
    """The cells, each in so many characters: to the right, or with a width below zero to the left."""
    padded = (cell.rjust(width) if width > 0 else cell.ljust(-width) for cell, width in zip(cells, widths, strict=True))
    return "".join(padded).rstrip()


def fitted(rows: Sequence[Sequence[str]], left: int) -> list[str]:
    """Rows of cells as lines whose columns are as wide as their widest cell, the first `left` ones to the left."""
    widths = [max(map(len, column)) + _BETWEEN for column in zip(*rows, strict=True)]
    sides = [-width if place < left else width for place, width in enumerate(widths)]
    return [columns(row, sides) for row in rows]
