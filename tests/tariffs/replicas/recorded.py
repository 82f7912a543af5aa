"""Sheets drawn from tables recorded as cells: a cell reaches over the missing ones below it and to its right."""

from collections.abc import Sequence

from tests.tariffs.replicas.sheet import WIDTH, Sheet

Rows = Sequence[Sequence[str | None]]

_SIZE = 7.0
_LINE = 9.5
_LEFT = 30.0
_SLIVER = 1.0


def drawn(tables: Sequence[Rows], text: str) -> bytes:
    """A document with these tables, each on a page of its own under the text."""
    sheet = Sheet(size=_SIZE)
    real = [table for table in tables if any(cell for row in table for cell in row)]
    for number, table in enumerate(real):
        if number:
            sheet.page(turn=True)
        lines = text.split("\n")
        for place, line in enumerate(lines):
            sheet.text(40, 20 + 10 * place, line, 7)
        _draw(sheet, table, 60 + 10 * len(lines))
    return sheet.done()


def _draw(sheet: Sheet, rows: Rows, top: float) -> None:
    edges = _edges(rows)
    tops = [top]
    for row in rows:
        tops.append(tops[-1] + _LINE * max(len((cell or "").split("\n")) for cell in row) + 3)
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            if cell is None:
                continue
            right, below = _right(rows, number, place), number + 1
            while below < len(rows) and _is_below(rows, below, place):
                below += 1
            sheet.frame(edges[place], tops[number], edges[right], tops[below])
            sheet.cell(edges[place], tops[number], edges[right], tops[number + 1], cell, framed=False, size=_SIZE)


def _edges(rows: Rows) -> list[float]:
    """Where columns begin and end: those without words of their own are slivers between lines that nearly meet."""
    columns = range(max(len(row) for row in rows))
    own = [
        any(row[place] and _right(rows, number, place) == place + 1 for number, row in enumerate(rows))
        for place in columns
    ]
    wide = (WIDTH - 2 * _LEFT - _SLIVER * own.count(False)) / own.count(True)
    edges = [_LEFT]
    for is_own in own:
        edges.append(edges[-1] + (wide if is_own else _SLIVER))
    return edges


def _right(rows: Rows, number: int, place: int) -> int:
    """The column after the last one that a cell reaches over."""
    right, row = place + 1, rows[number]
    while right < len(row) and row[right] is None and not _is_below(rows, number, right):
        right += 1
    return right


def _is_below(rows: Rows, number: int, place: int) -> bool:
    """A missing cell that belongs to the one above it."""
    if number == 0 or place >= len(rows[number]) or rows[number][place] is not None:
        return False
    return rows[number - 1][place] is not None or _is_below(rows, number - 1, place)
