"""A picture made of terminal cells: columns in eighths of a row, marks, and the axes of a plot. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from linkytui.tui.glyphs import glyphs

AXIS: Final = "axis"  # tint of axes and of what is written along them

BEFORE: Final = "before"
BEFORE_WITHIN: Final = "before-within"
"""Tints of what shows the stretch before: beside a column, and where one lies behind."""

CURSOR: Final = "cursor"
CURSOR_WITHIN: Final = "cursor-within"
"""Tints of the moments that are marked: beside a column, and where one lies behind."""

EIGHTHS: Final = 8  # steps of height in a cell

FULL: Final = "\u2588"  # the sign that covers a cell, so that its tint can be the ground of another

FIGURES: Final = 7  # cells at the left of a plot: the figures of its axis, and the axis


def pair(pitch: int) -> tuple[int, int]:
    """How wide a bar is in so many columns, and the one before beside it, which has no room where they are few."""
    if pitch < 6:
        return max(pitch - 1, 1), 0
    before = (pitch - 1) // 3
    return pitch - 1 - before, before


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

    def mark(self, x: int, value: float, tint: str = BEFORE) -> None:
        """A thin line in a column, where a value lies; none where something is drawn already."""
        row, level = divmod(max(self.eighths(value), 1) - 1, EIGHTHS)
        y = self.rows - 1 - min(row, self.rows - 1)
        if 0 <= x < self.columns and self.canvas.rows[y][FIGURES + x] == BLANK:
            self.canvas.put(FIGURES + x, y, (self.canvas.glyphs.thin[level * 3 // EIGHTHS], tint, ""))

    def beside(self, columns: Iterable[int], value: float) -> None:
        """The bar of the stretch before beside another: paler, so that it is known without colours."""
        for x in columns:
            self.stack(x, [Part(self.eighths(value), BEFORE, self.canvas.glyphs.shades)])

    def point(self, columns: Iterable[int]) -> None:
        """Point at columns from below."""
        for x in columns:
            if 0 <= x < self.columns:
                self.canvas.put(FIGURES + x, self.rows, (self.canvas.glyphs.caret, CURSOR, ""))

    def trace(self, values: Mapping[int, float]) -> None:
        """One line through the values of columns, unbroken from each to the next; a column without one is a gap."""
        on, upright, from_below, down, from_above, up = tuple(self.canvas.glyphs.curve)
        heights = {x: min(int(value / self.top * self.rows), self.rows - 1) for x, value in values.items()}
        for x, height in heights.items():
            left = heights.get(x - 1, height)
            if left == height:
                self._over(x, height, on)
                continue
            self._over(x, left, up if height > left else down)
            self._over(x, height, from_below if height > left else from_above)
            for between in range(min(left, height) + 1, max(left, height)):
                self._over(x, between, upright)

    def _over(self, x: int, height: int, sign: str) -> None:
        """A sign of the line before, over what is drawn there; what little lies on the ground stays."""
        y = self.rows - 1 - height
        filled, tint = self._filled(x, y)
        little = height == 0 and self.canvas.rows[y][FIGURES + x] != BLANK
        if filled:
            self.canvas.put(FIGURES + x, y, (sign, BEFORE_WITHIN, tint))
        elif not little:
            self.canvas.put(FIGURES + x, y, (sign, BEFORE, ""))

    def _filled(self, x: int, y: int) -> tuple[bool, str]:
        """Whether a column fills a cell, to the nearest, and its tint."""
        signs = self.canvas.glyphs
        sign, tint, _ground = self.canvas.rows[y][FIGURES + x]
        return signs.levels[-1] == FULL and signs.levels.find(sign) >= EIGHTHS / 2, tint

    def line(self, x: int) -> None:
        """A line from the axis to the top. A column behind it is seen, to the nearest cell."""
        sign = self.canvas.glyphs.upright
        for y in range(self.rows):
            filled, tint = self._filled(x, y)
            self.canvas.put(FIGURES + x, y, (sign, CURSOR_WITHIN, tint) if filled else (sign, CURSOR, ""))

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
