"""Tables drawn from cells: one of None belongs to the cell on its left, one of `UP` to the cell above it."""

from collections.abc import Sequence
from typing import Final

from tests.tariffs.replicas.sheet import Sheet

UP: Final = "^"
_ROW: Final = 13.0

Rows = Sequence[Sequence[str | None]]


def begun(offer: str = "Horizon Vert", *lines: str) -> Sheet:
    """A sheet with the words that every grid has, and some of its own."""
    sheet = Sheet(size=8)
    sheet.text(50, 30, "Grille tarifaire applicable au 1er octobre 2025", 12)
    sheet.text(50, 52, f"Offre {offer}", 18)
    words = "Électricité pour les particuliers. Énergie du Lac SAS au capital de 1 000 €"
    sheet.paragraph(90, [words, *lines])
    return sheet


def table(sheet: Sheet, left: float, top: float, widths: Sequence[float], rows: Rows) -> float:
    """Draw a ruled table, each row as high as its cells want; gives where it ends."""
    edges = [left]
    for width in widths:
        edges.append(edges[-1] + width)
    tops = [top]
    for row in rows:
        tops.append(tops[-1] + _ROW * max(_lines(cell) for cell in row))
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            if cell is None or cell == UP:
                continue
            right, below = place + 1, number + 1
            while right < len(row) and row[right] is None:
                right += 1
            while below < len(rows) and rows[below][place] == UP:
                below += 1
            sheet.cell(edges[place], tops[number], edges[right], tops[below], cell)
    return tops[-1]


def _lines(cell: str | None) -> int:
    return len(cell.split("\n")) if cell and cell != UP else 1
