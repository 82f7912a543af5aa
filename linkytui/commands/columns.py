"""A line of a table for people: cells side by side."""

from collections.abc import Iterable, Sequence

_LINE = 80  # characters of a terminal's line


def columns(cells: Iterable[str], widths: Iterable[int]) -> str:
    """The cells, each in so many characters: to the right, or with a width below zero to the left."""
    padded = (cell.rjust(width) if width > 0 else cell.ljust(-width) for cell, width in zip(cells, widths, strict=True))
    return "".join(padded).rstrip()


def fitted(rows: Sequence[Sequence[str]], left: int) -> list[str]:
    """Rows of cells as lines whose columns are as wide as their widest cell, the first `left` ones to the left.

    Two spaces stand between columns, or one where the lines would be too long.
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    between = 2 if sum(widths) + 2 * (len(widths) - 1) <= _LINE else 1
    sides = [
        -width - between if place < left else width + (between if place > left else 0)
        for place, width in enumerate(widths)
    ]
    return [columns(row, sides) for row in rows]
