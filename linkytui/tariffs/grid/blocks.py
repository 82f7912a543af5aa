"""From a table's cells to blocks: one column of powers with what stands beside it, header and body apart.

Here end the ways in which the same table can be drawn: two tables side by side in one, a body in one row, rows in one
cell, columns that shift from row to row.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from linkytui.errors import GridError
from linkytui.i18n import _
from linkytui.tariffs.grid.figures import figures_of_line, is_power_range, power, price, words_of_line
from linkytui.tariffs.grid.raw import RawRow, Rows

HEAD_OF_POWERS: Final = re.compile(r"puis-?\s*sance|kva|\bps\b|souscrite", re.IGNORECASE)
"""What grids write over the column of powers."""


@dataclass(frozen=True, slots=True)
class BodyRow:
    """What stands beside one power."""

    power: int  # kVA
    cells: RawRow
    """By column, the power's own cell emptied; or one figure after the other where the grid has no columns."""


@dataclass(frozen=True, slots=True)
class Block:
    """One column of powers with what stands beside it."""

    header: Rows  # the rows before the first power
    body: tuple[BodyRow, ...]
    ordered: bool  # True when only the order of the figures tells what they are: the cells have no columns


def blocks_of(rows: Rows) -> list[Block]:
    """The blocks in a table; none when it has no column of powers.

    Raises GridError: it has one, but a row of figures has lost its power, or the cells of a row do not go together.
    """
    filled = [row for row in rows if _first(row)]
    starts = _starts(filled)
    ends = [*starts[1:], max((len(row) for row in filled), default=0)]
    parts = ([row[start:end] for row in filled] for start, end in zip(starts, ends, strict=True))
    return [block for part in parts if (block := _block(_unstacked(part))) is not None]


def _first(row: RawRow) -> str | None:
    return next((cell for cell in row if cell and cell.strip()), None)


def _stack(cell: str | None) -> list[str]:
    """The powers that are stacked in one cell, two or more; else none."""
    lines = (cell or "").split("\n")
    return lines if len(lines) > 1 and all(power(line) is not None for line in lines) else []


def _begins_with_power(cell: str | None) -> bool:
    return power(cell) is not None or bool(_stack(cell)) or len(words_of_line(cell or "")) > 1


def _is_body(row: RawRow) -> bool:
    named = any(cell and HEAD_OF_POWERS.search(cell) and not _begins_with_power(cell) for cell in row)
    return not named and _begins_with_power(_first(row))


def _starts(rows: Sequence[RawRow]) -> list[int]:
    """The columns where blocks begin: the first, and each that the header calls powers and that holds some."""
    head = next((place for place, row in enumerate(rows) if _is_body(row)), len(rows))
    named = {
        column
        for row in rows[:head]
        for column, cell in enumerate(row)
        if column and cell and HEAD_OF_POWERS.search(cell)
    }
    return [0, *sorted(column for column in named if any(_begins_with_power(row[column]) for row in rows[head:]))]


def _unstacked(rows: Sequence[RawRow]) -> list[RawRow]:
    """The rows, with stacked cells taken apart: a body in one row has all its powers in one cell."""
    flat: list[RawRow] = []
    for row in rows:
        powers = _stack(_first(row)) if _is_body(row) else []
        if not powers:
            flat.append(row)
            continue
        stacks = [cell.split("\n") if cell else [] for cell in row]
        odd = next((stack for stack in stacks if len(stack) not in (0, 1, len(powers))), None)
        if odd is not None:
            raise GridError(
                _("{count} figures stand beside {powers} powers").format(count=len(odd), powers=len(powers))
            )
        flat.extend(tuple(_share(stack, place) for stack in stacks) for place in range(len(powers)))
    return flat


def _share(stack: Sequence[str], place: int) -> str | None:
    """A cell's share in one of the rows. A single figure beside many powers is theirs all and stands in the first."""
    if len(stack) > 1:
        return stack[place]
    return stack[0] if stack and place == 0 else None


def _block(rows: Sequence[RawRow]) -> Block | None:
    head = next((place for place, row in enumerate(rows) if _is_body(row)), len(rows))
    if any(is_power_range(_first(row)) for row in rows):
        raise GridError(_("prices stand for ranges of powers, which cannot be told apart"))
    ordered = any(len(words_of_line(_first(row) or "")) > 1 for row in rows[head:])
    body: list[BodyRow] = []
    for row in rows[head:]:
        first = _first(row)
        if first is None:
            continue
        place = row.index(first)
        if ordered and (words := words_of_line(first)):
            others = (cell for cell in row[place + 1 :] if cell and cell.strip())
            body.append(BodyRow(power(words[0]) or 0, (*words[1:], *others)))
        elif ordered and body and (figures := figures_of_line(first)):
            # A price that several rows share, printed between two of them.
            body[-1] = BodyRow(body[-1].power, (*body[-1].cells, *figures))
        elif (kva := power(first)) is not None:
            body.append(BodyRow(kva, (*row[:place], None, *row[place + 1 :])))
        elif price(first) is not None and body:
            raise GridError(_("a row of figures has lost its power"))
    return Block(tuple(rows[:head]), tuple(body), ordered) if len(body) > 1 else None
