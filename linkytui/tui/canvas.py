"""A picture made of terminal cells: columns in eighths of a row, marks, and the axes of a plot. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from linkytui.tui.glyphs import glyphs

AXIS: Final = "axis"  # tint of axes and of what is written along them

BEFORE: Final = "before"  # tint of the marks that show the stretch before

CURSOR: Final = "cursor"
CURSOR_WITHIN: Final = "cursor-within"
"""Tints of the moments that are marked: beside a column, and where one lies behind."""

EIGHTHS: Final = 8  # steps of height in a cell

FIGURES: Final = 7  # cells at the left of a plot: the figures of its axis, and the axis

Cell = tuple[str, str, str]
"""A sign, the name of its tint, and that of the tint behind it; no name is the terminal's own colour."""

BLANK: Final[Cell] = (" ", "", "")


class Part(NamedTuple):
    """A piece of a column."""

    eighths: int  # its height
    tint: str
    signs: str  # what a cell shows that it fills by so many eighths, from none to all


class Canvas:
    """Cells, row by row from the top."""

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self.glyphs = glyphs()
        self.rows: list[list[Cell]] = [[BLANK] * width for _row in range(height)]

    def put(self, x: int, y: int, cell: Cell) -> None:
        """Set a cell; one outside the picture is lost."""
        if 0 <= x < self.width and 0 <= y < self.height:
            self.rows[y][x] = cell

    def write(self, x: int, y: int, text: str, tint: str = AXIS) -> None:
        """Write from a cell on."""
        for place, sign in enumerate(text, x):
            self.put(place, y, (sign, tint, ""))

    def stack(self, x: int, floor: int, parts: Sequence[Part]) -> None:
        """Parts one on the other, from the lower edge of the row `floor` upwards."""
        if len(parts) == 1:
            self._column(x, floor, parts[0])
            return
        filled = [part for part in parts for _eighth in range(part.eighths)]
        for row, begin in enumerate(range(0, len(filled), EIGHTHS)):
            self.put(x, floor - row, self._filled(filled[begin : begin + EIGHTHS]))

    def _column(self, x: int, floor: int, part: Part) -> None:
        full, rest = divmod(part.eighths, EIGHTHS)
        for y in range(floor, floor - full, -1):
            self.put(x, y, (part.signs[EIGHTHS], part.tint, ""))
        if rest:
            self.put(x, floor - full, (part.signs[rest], part.tint, ""))

    def _filled(self, eighths: Sequence[Part]) -> Cell:
        """A cell filled from below. It has two colours at most: where it would need more, its largest part stands."""
        lower, level = eighths[0], len(eighths)
        if lower is eighths[-1]:
            return lower.signs[level], lower.tint, ""
        levels = self.glyphs.levels
        if level == EIGHTHS and self.glyphs.solid and all(part.signs is levels for part in eighths):
            above = [part.tint for part in eighths if part.tint != lower.tint]
            if above:
                return levels[level - len(above)], lower.tint, Counter(above).most_common(1)[0][0]
        largest = Counter(eighths).most_common(1)[0][0]
        return largest.signs[level], largest.tint, ""


class Plot:
    """The part of a canvas between its axes: columns from the left, values from nothing up to `top`.

    Below it lie two rows, the axis and its labels; at the left the figures.
    """

    def __init__(self, canvas: Canvas, top: float) -> None:
        self.canvas = canvas
        self.top = top
        self.columns = max(canvas.width - FIGURES, 0)
        self.rows = max(canvas.height - 2, 1)

    def eighths(self, value: float) -> int:
        """The height of a value; a little is not nothing."""
        return max(round(value / self.top * self.rows * EIGHTHS), 1) if value > 0 else 0

    def stack(self, x: int, parts: Sequence[Part]) -> None:
        """Parts one on the other in a column."""
        if x < self.columns:
            self.canvas.stack(FIGURES + x, self.rows - 1, parts)

    def fill(self, x: int, value: float, tint: str) -> None:
        """A column from nothing up to a value."""
        self.stack(x, [Part(self.eighths(value), tint, self.canvas.glyphs.levels)])

    def mark(self, x: int, value: float) -> None:
        """A mark where a value of the stretch before lies."""
        row = min(int(value / self.top * self.rows), self.rows - 1)
        self.canvas.put(FIGURES + x, self.rows - 1 - row, (self.canvas.glyphs.before, BEFORE, ""))

    def line(self, x: int) -> None:
        """A line from the axis to the top. A column behind it is seen, to the nearest cell."""
        signs = self.canvas.glyphs
        for y in range(self.rows):
            sign, tint, _ground = self.canvas.rows[y][FIGURES + x]
            filled = signs.solid and signs.levels.find(sign) >= EIGHTHS / 2
            self.canvas.put(
                FIGURES + x, y, (signs.upright, CURSOR_WITHIN, tint) if filled else (signs.upright, CURSOR, "")
            )

    def axes(self, figures: Iterable[tuple[float, str]], unit: str, labels: Iterable[tuple[int, str]]) -> None:
        """Draw both axes.

        `figures`: values and what stands for them at the left; `unit`: of these values; `labels`: columns and what
        stands below them, from the left, one that would touch its neighbour is left out.
        """
        signs = self.canvas.glyphs
        for y in range(self.rows):
            self.canvas.write(FIGURES - 1, y, signs.upright)
        self.canvas.write(FIGURES - 1, self.rows, signs.corner + signs.rest * self.columns)
        for value, text in figures:
            y = self.rows - round(value / self.top * self.rows)
            text = text if len(text) < FIGURES else "".join(filter(str.isdigit, text))  # 100,000 and more
            self.canvas.write(FIGURES - 1 - len(text), y, text + (signs.tick_left if y < self.rows else signs.corner))
        self.canvas.write(0, self.rows + 1, unit.rjust(FIGURES - 1))
        free = 0
        for x, text in labels:
            start = max(min(x - (len(text) - 1) // 2, self.columns - len(text)), 0)
            if start >= free:
                self.canvas.write(FIGURES + x, self.rows, signs.tick_below)
                self.canvas.write(FIGURES + start, self.rows + 1, text)
                free = start + len(text) + 1
