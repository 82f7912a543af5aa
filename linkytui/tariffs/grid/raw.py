"""What a page of a grid holds before anything is understood: its text and its tables, as plain data."""

from dataclasses import dataclass

RawRow = tuple[str | None, ...]
"""Cells as pdfplumber gives them: None where a cell is covered by the one to its left or above."""

Rows = tuple[RawRow, ...]


@dataclass(frozen=True, slots=True)
class RawTable:
    """One table, in the ways in which it was cut into cells."""

    cuts: tuple[Rows, ...]  # the same table cut in several ways, the likeliest first; the first that makes sense counts
    above: str = ""  # the words that stand just above the table and over it


@dataclass(frozen=True, slots=True)
class RawPage:
    """One page."""

    number: int  # from 1
    text: str
    tables: tuple[RawTable, ...] = ()
