"""A line of a table for people: cells side by side."""

from collections.abc import Iterable


def columns(cells: Iterable[str], widths: Iterable[int]) -> str:
    """The cells, each in so many characters: to the right, or with a width below zero to the left."""
    padded = (cell.rjust(width) if width > 0 else cell.ljust(-width) for cell, width in zip(cells, widths, strict=True))
    return "".join(padded).rstrip()
