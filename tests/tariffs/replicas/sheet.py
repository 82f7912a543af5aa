"""A sheet to draw grids on, with positions in points from the top left, as the real ones were measured."""

import io
from collections.abc import Sequence
from decimal import Decimal

from reportlab.lib.colors import Color, black, white
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = 595.3, 841.9
GREY = Color(0.85, 0.85, 0.85)


def fr(value: Decimal | str, decimals: int | None = None) -> str:
    """A figure with its decimal comma."""
    number = Decimal(value)
    return (f"{number:.{decimals}f}" if decimals is not None else str(number)).replace(".", ",")


class Sheet:
    """One document under the pen."""

    def __init__(self, font: str = "Helvetica", size: float = 9, **options: object) -> None:
        self._bytes = io.BytesIO()
        self._canvas = Canvas(self._bytes, pagesize=(WIDTH, HEIGHT), invariant=1, **options)
        self._font, self._size = font, size
        self.page()

    def page(self, *, turn: bool = False) -> None:
        """Begin a page; `turn` ends the one before."""
        if turn:
            self._canvas.showPage()
        self._canvas.setFont(self._font, self._size)

    def text(self, x: float, top: float, words: str, size: float | None = None, *, middle: bool = False) -> None:
        """Words whose upper edge is at `top`; `x` is their left or, when `middle`, their centre."""
        size = size or self._size
        self._canvas.setFont(self._font, size)
        y = HEIGHT - top - size
        (self._canvas.drawCentredString if middle else self._canvas.drawString)(x, y, words)

    def box(self, x0: float, top: float, x1: float, bottom: float, colour: Color = black) -> None:
        """A filled rectangle without a border."""
        self._canvas.setFillColor(colour)
        self._canvas.rect(x0, HEIGHT - bottom, x1 - x0, bottom - top, stroke=0, fill=1)
        self._canvas.setFillColor(black)

    def line(self, x0: float, y0: float, x1: float, y1: float, width: float = 0.5) -> None:
        """A straight line."""
        self._canvas.setLineWidth(width)
        self._canvas.line(x0, HEIGHT - y0, x1, HEIGHT - y1)

    def frame(self, x0: float, top: float, x1: float, bottom: float) -> None:
        """The four edges of a cell, each a line of its own."""
        for edge in ((x0, top, x1, top), (x0, bottom, x1, bottom), (x0, top, x0, bottom), (x1, top, x1, bottom)):
            self.line(*edge)

    def thin_frame(self, x0: float, top: float, x1: float, bottom: float) -> None:
        """The four edges of a cell as filled boxes half a point thick, as a word processor exports them."""
        half = 0.25
        for y in (top, bottom):
            self.box(x0, y - half, x1, y + half)
        for x in (x0, x1):
            self.box(x - half, top, x + half, bottom)

    def cell(
        self,
        x0: float,
        top: float,
        x1: float,
        bottom: float,
        words: str,
        *,
        framed: bool = True,
        size: float | None = None,
    ) -> None:
        """A cell with its words in the middle, on as many lines as they have."""
        if framed:
            self.frame(x0, top, x1, bottom)
        size = size or self._size
        lines = words.split("\n") if words else []
        start = (top + bottom) / 2 - len(lines) * (size + 1) / 2
        for place, line in enumerate(lines):
            self.text((x0 + x1) / 2, start + place * (size + 1), line, size, middle=True)

    def row(
        self, edges: Sequence[float], top: float, bottom: float, cells: Sequence[str], size: float | None = None
    ) -> None:
        """A row of framed cells."""
        for x0, x1, words in zip(edges, edges[1:], cells, strict=False):
            self.cell(x0, top, x1, bottom, words, size=size)

    def paragraph(self, top: float, lines: Sequence[str]) -> None:
        """Lines of small print, so that the sheet has the text of a document."""
        for place, line in enumerate(lines):
            self.text(40, top + 10 * place, line, 7)

    def done(self) -> bytes:
        """The PDF."""
        self._canvas.save()
        return self._bytes.getvalue()


__all__ = ["GREY", "HEIGHT", "WIDTH", "Sheet", "fr", "white"]
