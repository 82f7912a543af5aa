"""Grids whose powers run across the page, and grids whose prices per kWh stand apart from the subscriptions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tests.tariffs.replicas.prices import EXCISE, POWERS, Expected, Replica
from tests.tariffs.replicas.sheet import WIDTH, Sheet, fr

REGISTERS = {"BASE": ("BASE",), "HPHC": ("HP", "HC")}
NAMES = {"BASE": "Base", "HPHC": "Heures Pleines / Heures Creuses", "HP": "Heures Pleines", "HC": "Heures Creuses"}
PRICES = {"BASE": Decimal("0.1952"), "HP": Decimal("0.2081"), "HC": Decimal("0.1635")}
_HEIGHT = 22.0


@dataclass(frozen=True)
class Across:
    """What one document looks like."""

    options: tuple[str, ...] = ("BASE", "HPHC")
    rules: str = "grid"
    """`grid`, `rows` or `none`."""
    taxes: str = "ttc"
    """`ttc`, or `both`: a row without taxes above each one with them."""
    labels: str = "line"
    """Before the figures: one `line`, two `columns`, or a `heading` over the rows of a kind."""
    merged: bool = False
    """A price stands once, in the middle of all powers."""
    year: bool = False
    cents: bool = False
    suffix: str = ""
    """After each power."""
    powers: tuple[int, ...] = POWERS[1:]


def subscription(option: str, power: int) -> Decimal:
    """EUR a month TTC."""
    return Decimal("6.31") + power * Decimal("1.37") + (Decimal("0.24") if option == "HPHC" else 0)


def expected(options: Sequence[str], powers: Sequence[int]) -> Expected:
    """What a person reads."""
    return {
        (option, power): (subscription(option, power), {name: PRICES[name] for name in REGISTERS[option]})
        for option in options
        for power in powers
    }


def draw_across(layout: Across) -> Replica:
    """A table with a column for each power."""
    sheet = Sheet(size=7)
    sheet.text(40, 30, "Grille tarifaire applicable au 1er octobre 2025", 12)
    sheet.text(40, 52, "Offre Horizon Vert", 16)
    sheet.paragraph(80, ["Électricité pour les particuliers, puissance souscrite jusqu'à 36 kVA. Énergie du Lac SAS."])
    left = 170.0 if layout.labels == "columns" else 150.0
    pen = _Pen(sheet, layout, [left + place * (WIDTH - left - 30) / len(layout.powers) for place in range(9)])
    rows = list(_rows(layout))
    pen.line("Puissance souscrite (kVA)", "", [f"{power}{layout.suffix}" for power in layout.powers])
    last = ""
    for kind, name, figures in rows:
        if layout.labels == "heading" and kind != last:
            pen.line(kind, "", [""] * len(layout.powers))
        pen.line(kind, name, figures, begun=kind == last)
        last = kind
    return Replica(
        sheet.done(), "Énergie du Lac", "Horizon Vert", date(2025, 10, 1), expected(layout.options, layout.powers)
    )


def _rows(layout: Across) -> Iterator[tuple[str, str, list[str]]]:
    """Kind, name and figures of each row."""
    per, times = ("an", 12) if layout.year else ("mois", 1)
    unit, factor, decimals = ("c€", 100, 2) if layout.cents else ("€", 1, 4)
    kinds = ("HT", "TTC") if layout.taxes == "both" else ("TTC",)
    for option in layout.options:
        for tax in kinds:
            figures = [subscription(option, power) * times for power in layout.powers]
            figures = figures if tax == "TTC" else [(figure / Decimal("1.39")) for figure in figures]
            yield f"Abonnement (€/{per})", f"{NAMES[option]} {tax}", [fr(figure, 2) for figure in figures]
    for option in layout.options:
        for register in REGISTERS[option]:
            for tax in kinds:
                price = PRICES[register] if tax == "TTC" else PRICES[register] / Decimal("1.2") - EXCISE
                text = fr(price * factor, decimals if tax == "TTC" else decimals + 2)
                cells = ["" for _power in layout.powers]
                cells = [text] if layout.merged else [text for _cell in cells]
                yield f"Prix du kWh ({unit}/kWh)", f"{NAMES[register]} {tax}", cells


class _Pen:
    """Draws row by row."""

    def __init__(self, sheet: Sheet, layout: Across, edges: Sequence[float]) -> None:
        self._sheet = sheet
        self._layout = layout
        width = edges[1] - edges[0]
        self._edges = [*edges[: len(layout.powers)], edges[len(layout.powers) - 1] + width]
        self._y = 120.0

    def line(self, kind: str, name: str, figures: Sequence[str], *, begun: bool = False) -> None:
        """One row; `begun`: the cell of its kind began in the row above."""
        top, bottom = self._y, self._y + _HEIGHT
        left, middle, right = 40.0, 112.0, self._edges[0]
        if self._layout.labels == "columns" and name:
            self._label(middle, right, name)
            if not begun:
                self._label(left, middle, kind)
                self._rule(left, middle, top)
        else:
            self._label(left, right, name if self._layout.labels == "heading" and name else f"{kind} {name}".strip())
        cells = [*zip(self._edges, self._edges[1:], strict=False)]
        if len(figures) < len(cells):
            cells = [(self._edges[0], self._edges[-1])]
        for (x0, x1), words in zip(cells, figures, strict=True):
            self._sheet.cell(x0, top, x1, bottom, words, framed=self._layout.rules == "grid")
        if self._layout.rules == "grid":
            self._sheet.line(middle if self._layout.labels == "columns" and name else left, bottom, right, bottom)
            self._sheet.line(left, top, left, bottom)
            if self._layout.labels == "columns" and name:
                self._sheet.line(middle, top, middle, bottom)
        if self._layout.rules == "rows":
            start = middle if self._layout.labels == "columns" and name else left
            self._sheet.line(start, bottom, self._edges[-1], bottom)
        self._y = bottom

    def _label(self, x0: float, x1: float, words: str) -> None:
        lines = words.split(" ") if len(words) * 3.4 > x1 - x0 else [words]
        half = len(lines) // 2
        text = [" ".join(lines[:half]), " ".join(lines[half:])] if half else lines
        start = self._y + _HEIGHT / 2 - len(text) * 4
        for place, line in enumerate(text):
            self._sheet.text(x0 + 2, start + place * 8, line, 6.5)

    def _rule(self, x0: float, x1: float, y: float) -> None:
        if self._layout.rules != "none":
            self._sheet.line(x0, y, x1, y)


@dataclass(frozen=True)
class Apart:
    """A document whose prices stand in a table of their own."""

    shape: str = "rows"
    """`rows`: one for each price; `columns`: one for each; `options`: a row an option, a column a period."""
    first: bool = False
    """Before the subscriptions."""
    page: bool = False
    """On a page of its own."""
    beside: bool = False
    """The regulated prices stand beside the offer's."""
    framed: bool = True
    said: str = "title"
    """Where it says what the figures are: in a `title`, or in the `corner` of the table."""


def draw_apart(layout: Apart) -> Replica:
    """Subscriptions by power, and prices for all powers."""
    sheet = Sheet(size=8)
    sheet.text(40, 30, "Grille tarifaire applicable au 1er octobre 2025", 12)
    sheet.text(40, 52, "Offre Horizon Vert", 16)
    sheet.paragraph(80, ["Électricité pour les particuliers, puissance souscrite jusqu'à 36 kVA. Énergie du Lac SAS."])
    y = 120.0
    for part in (_prices, _subscriptions) if layout.first else (_subscriptions, _prices):
        if layout.page and y > 120:
            sheet.page(turn=True)
            y = 60.0
        y = part(sheet, layout, y) + 40
    powers = POWERS[1:]
    whole = {**expected(("BASE",), POWERS), **expected(("HPHC",), powers)}
    return Replica(sheet.done(), "Énergie du Lac", "Horizon Vert", date(2025, 10, 1), whole)


def _subscriptions(sheet: Sheet, layout: Apart, y: float) -> float:
    edges = (60, 180, 300, 420)
    _title(sheet, layout, y, "Abonnement mensuel (€ TTC)")
    corner = "Puissance souscrite" if layout.said == "title" else "Abonnement\n(€ TTC/mois)"
    rows = [(corner, "Option Base", "Option HP/HC")]
    for power in POWERS:
        cells = [fr(subscription(option, power), 2) for option in ("BASE", "HPHC")]
        rows.append((f"{power} kVA", cells[0], cells[1] if power > 3 else "-"))
    return _table(sheet, layout, y + 20, edges, rows)


def _prices(sheet: Sheet, layout: Apart, y: float) -> float:
    _title(sheet, layout, y, "Prix du kWh (€ TTC)")
    corner = "" if layout.said == "title" else "Prix du kWh\n(€ TTC)"
    price = {name: fr(value, 4) for name, value in PRICES.items()}
    old = {name: fr(value + Decimal("0.0101"), 4) for name, value in PRICES.items()}
    if layout.shape == "columns":
        rows = [(corner, *(NAMES[name] for name in PRICES)), ("TTC", *price.values())]
    elif layout.shape == "options":
        rows = [
            (corner, NAMES["BASE"], NAMES["HP"], NAMES["HC"]),
            ("Option Base", price["BASE"], "", ""),
            ("Option HP/HC", "", price["HP"], price["HC"]),
        ]
    elif layout.beside:
        rows = [(corner, "Horizon Vert", "Tarif réglementé"), *((NAMES[n], price[n], old[n]) for n in PRICES)]
    else:
        rows = [(corner, "TTC"), *((NAMES[name], price[name]) for name in PRICES)]
    return _table(sheet, layout, y + 20, tuple(60 + 110 * place for place in range(len(rows[0]) + 1)), rows)


def _title(sheet: Sheet, layout: Apart, y: float, words: str) -> None:
    if layout.said == "title":
        sheet.text(60, y, words, 9)


def _table(sheet: Sheet, layout: Apart, y: float, edges: Sequence[float], rows: Sequence[Sequence[str]]) -> float:
    for row in rows:
        height = 24 if any("\n" in words for words in row) else 15
        for x0, x1, words in zip(edges, edges[1:], row, strict=False):
            sheet.cell(x0, y, x1, y + height, words, framed=layout.framed)
        y += height
    return y
