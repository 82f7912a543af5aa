"""Grids drawn from a few choices: how tables are ruled, what their heads say and in which order, what cells share."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from tests.tariffs.replicas.prices import EXCISE, POWERS, Expected, Replica
from tests.tariffs.replicas.sheet import GREY, WIDTH, Sheet, fr

VAT = Decimal("1.2")
_CENT = Decimal("0.01")
_TOP, _BOTTOM = 150.0, 800.0

Span = tuple[int, int, str]
"""First and last row of a cell, and its words."""


@dataclass(frozen=True)
class Layout:
    """What one document looks like."""

    font: str = "Helvetica"
    size: float = 8
    offers: int = 1
    options: tuple[str, ...] = ("BASE", "HPHC")
    place: str = "stacked"
    """`stacked`, `beside`, `pages`, or `shared`: one column of powers for both options."""
    taxes: str = "both"
    """`both`, `ttc`, or `tables`: a table without taxes and one with them."""
    tax_heads: str = "each"
    """`each` over its column, `glued` in one cell over both, or `outer`: each over a subscription and its prices."""
    taxed_first: bool = False
    year: bool = False
    cents: bool = False
    decimals: int = 4
    """Of a price in EUR."""
    dot: bool = False
    """A decimal point instead of the comma."""
    powers: str = "regulated"
    """`regulated`, `every` power, or `ranges`."""
    suffix: str = ""
    """After each power: ` kVA`, `*`."""
    rules: str = "grid"
    """`grid`, `rows`, `columns`, `none`, `zebra`, `shaded`."""
    framed: bool = False
    """A frame around the page."""
    shared: str = "each"
    """How often a price stands there: in `each` row, once in the `middle`, once in the `first`, or in `blocks`."""
    stacked: bool = False
    """Peak and off-peak one above the other in one cell."""
    beside: str = ""
    """What stands beside the offer's price: the `regulated` one, or the `list` price."""
    title: str = "inside"
    """Where the option's name stands: `inside` the table, `above` it, or above it on the `left`."""
    absent: str = ""
    """What stands at 3 kVA in peak/off-peak: nothing and no row, or a `-`, an `x`, a ` `."""
    peak_last: bool = False
    notes: bool = False
    """Marks of notes at figures and heads, and notes with figures of their own."""
    wide: float = 1.0
    """Times the usual width of a column."""


@dataclass(frozen=True)
class _Column:
    """A column of a table: the words over it, from the widest on, and its cells."""

    heads: tuple[str, ...]
    cells: tuple[Span, ...]


def draw(layout: Layout) -> Replica:
    """The document, and what a person reads in it."""
    sheet = Sheet(layout.font, layout.size)
    if layout.framed:
        sheet.frame(12, 12, WIDTH - 12, 830)
    sheet.text(50, 30, "Grille tarifaire applicable au 1er octobre 2025", 12)
    if layout.offers == 1:
        sheet.text(50, 52, "Offre Horizon Vert", 18)
    sheet.paragraph(
        90, ["Électricité pour les particuliers, puissance inférieure ou égale à 36 kVA. Énergie du Lac SAS."]
    )
    expected: Expected = {}
    pen = _Pen(sheet, layout)
    for number in range(layout.offers):
        if number:
            sheet.page(turn=True)
            if layout.framed:
                sheet.frame(12, 12, WIDTH - 12, 830)
        if layout.offers > 1:
            sheet.text(50, 115, f"Offre Horizon {number + 1} an{'s' if number else ''}", 18)
        pen.y = _TOP
        for key, row in _draw_offer(pen, layout, number):
            expected[key] = row
    if layout.notes:
        pen.notes()
    return Replica(sheet.done(), "Énergie du Lac", "Horizon Vert", date(2025, 10, 1), expected)


def name_of(layout: Layout, number: int) -> str:
    """What an offer is called."""
    return "Horizon Vert" if layout.offers == 1 else f"Horizon {number + 1} an{'s' if number else ''}"


def _draw_offer(
    pen: "_Pen", layout: Layout, number: int
) -> Iterator[tuple[tuple[str, int], tuple[Decimal, dict[str, Decimal]]]]:
    tables = [[option] for option in layout.options]
    if layout.place == "shared" and len(tables) > 1:
        tables = [list(layout.options)]
    passes = ("HT", "TTC") if layout.taxes == "tables" else ("both" if layout.taxes == "both" else "TTC",)
    for options in tables:
        yield from _rows(layout, options, number)
    for place, taxes in enumerate(passes):
        left = True
        for options in tables:
            columns = _columns(layout, options, number, taxes)
            said = f" - Tarifs {taxes}" if layout.taxes == "tables" else ""
            pen.table(columns, _title(options) + said, beside=layout.place == "beside" and not left)
            left = False
        del place


def _title(options: Sequence[str]) -> str:
    names = {"BASE": "Option Base", "HPHC": "Option Heures Pleines / Heures Creuses"}
    return " et ".join(names[option] for option in options)


def _powers(layout: Layout) -> list[int]:
    return list(range(3, 37)) if layout.powers == "every" else list(POWERS)


def _subscription(option: str, power: int, number: int) -> Decimal:
    """EUR a month without taxes."""
    return (Decimal("5.31") + number + Decimal("0.91") * power + (Decimal("0.23") if option == "HPHC" else 0)).quantize(
        _CENT
    )


def _prices(option: str, number: int, power: int, layout: Layout) -> dict[str, Decimal]:
    """EUR/kWh without taxes."""
    one_cell = layout.stacked and option == "HPHC" and not layout.beside
    less = Decimal("0.0011") if layout.shared == "blocks" and power > 6 and not one_cell else Decimal(0)
    less += Decimal("0.0023") * number
    base = {"BASE": {"BASE": Decimal("0.1276")}, "HPHC": {"HC": Decimal("0.1022"), "HP": Decimal("0.1378")}}[option]
    return {register: price - less for register, price in base.items()}


def _taxed(price: Decimal, layout: Layout) -> Decimal:
    step = Decimal(1).scaleb(-layout.decimals)
    return ((price + EXCISE) * VAT).quantize(step)


def _month(option: str, power: int, number: int) -> Decimal:
    return (_subscription(option, power, number) * Decimal("1.39")).quantize(_CENT)


def _rows(
    layout: Layout, options: Sequence[str], number: int
) -> Iterator[tuple[tuple[str, int], tuple[Decimal, dict[str, Decimal]]]]:
    for option in options:
        for power in _powers(layout):
            if option == "HPHC" and power < 6:
                continue
            month = _month(option, power, number)
            prices = {r: _taxed(p, layout) for r, p in _prices(option, number, power, layout).items()}
            yield (f"{name_of(layout, number)} {option}", power), (month, prices)


def _columns(layout: Layout, options: Sequence[str], number: int, taxes: str) -> list[_Column]:
    powers = [power for power in _powers(layout) if power >= 6 or "BASE" in options or layout.absent]
    heads = ("Puissance souscrite",) if layout.suffix.strip() == "kVA" else ("Puissance (kVA)",)
    columns = [_Column(heads, tuple((row, row, _power(layout, power)) for row, power in enumerate(powers)))]
    kinds = {"both": ("HT", "TTC"), "TTC": ("TTC",), "HT": ("HT",)}[taxes]
    if layout.taxed_first:
        kinds = kinds[::-1]
    named = len(options) > 1
    groups: list[list[_Column]] = []
    for option in options:
        groups.append([_subscriptions(layout, option, powers, number, tax, named) for tax in kinds])
        groups += _price_groups(layout, option, powers, number, kinds, named)
    if layout.tax_heads == "outer" and len(kinds) > 1 and not named and not layout.beside:
        for place, tax in enumerate(kinds):
            for group in groups:
                one = group[place]
                columns.append(replace(one, heads=(f"Tarif {tax}", *[head for head in one.heads if head != tax])))
        return columns
    return [*columns, *(column for group in groups for column in group)]


def _power(layout: Layout, power: int) -> str:
    if layout.powers == "ranges":
        after = [other for other in POWERS if other > power]
        return f"Entre {power if power > 3 else 0} et {after[0] - 1}" if after else str(power)
    return f"{power}{layout.suffix}"


def _subscriptions(layout: Layout, option: str, powers: Sequence[int], number: int, tax: str, named: bool) -> _Column:
    times = 12 if layout.year else 1
    unit = "€/an" if layout.year else "€/mois"
    cells = []
    for row, power in enumerate(powers):
        if option == "HPHC" and power < 6:
            cells.append((row, row, layout.absent.strip()))
            continue
        value = _subscription(option, power, number) if tax == "HT" else _month(option, power, number)
        cells.append((row, row, _number(value * times, 2, layout)))
    heads = [f"Abonnement ({unit})"]
    if named:
        heads.append({"BASE": "Base", "HPHC": "Heures Creuses"}[option])
    return _Column((*heads, tax), tuple(cells))


def _price_groups(
    layout: Layout, option: str, powers: Sequence[int], number: int, kinds: Sequence[str], named: bool
) -> list[list[_Column]]:
    unit = "cts €/kWh" if layout.cents else "€/kWh"
    registers = list(_prices(option, number, 6, layout))
    if layout.peak_last is (registers[-1] == "HC"):
        registers = registers[::-1]
    words = {"BASE": "Base" if named else "", "HP": "Heures Pleines", "HC": "Heures Creuses"}
    groups = []
    if layout.stacked and option == "HPHC" and not layout.beside:
        columns = []
        for tax in kinds:
            lines = []
            for register in registers:
                lines += [words[register], _number(_price(layout, option, number, 9, register, tax), None, layout)]
            columns.append(
                _Column((f"Prix du kWh ({unit})", tax), ((_first(powers, option), len(powers) - 1, "\n".join(lines)),))
            )
        return [columns]
    for register in registers:
        heads = (f"Prix du kWh ({unit})", *([words[register]] if words[register] else []))
        own = [
            _Column(
                (
                    *heads,
                    *(
                        ("Offre Horizon",)
                        if layout.beside == "regulated"
                        else ("Prix remisé",)
                        if layout.beside
                        else ()
                    ),
                    tax,
                ),
                _price_cells(layout, option, powers, number, register, tax, Decimal(0)),
            )
            for tax in kinds
        ]
        if layout.beside:
            other = "Tarif réglementé" if layout.beside == "regulated" else "Prix brut"
            more = Decimal("0.0051")
            groups.append(
                [
                    _Column((*heads, other, tax), _price_cells(layout, option, powers, number, register, tax, more))
                    for tax in kinds
                ]
            )
        groups.append(own)
    return groups


def _first(powers: Sequence[int], option: str) -> int:
    return next(row for row, power in enumerate(powers) if power >= 6 or option == "BASE")


def _price(layout: Layout, option: str, number: int, power: int, register: str, tax: str) -> Decimal:
    price = _prices(option, number, power, layout)[register]
    price = price if tax == "HT" else _taxed(price, layout)
    return price * 100 if layout.cents else price


def _price_cells(
    layout: Layout, option: str, powers: Sequence[int], number: int, register: str, tax: str, more: Decimal
) -> tuple[Span, ...]:
    first, last = _first(powers, option), len(powers) - 1
    scale = 100 if layout.cents else 1

    def words(row: int) -> str:
        return _number(_price(layout, option, number, powers[row], register, tax) + more * scale, None, layout)

    cells: list[Span] = [(row, row, layout.absent.strip()) for row in range(first)]
    if layout.shared == "each":
        return (*cells, *((row, row, words(row)) for row in range(first, last + 1)))
    if layout.shared == "blocks":
        change = next(row for row, power in enumerate(powers) if power > 6)
        return (
            *cells,
            *((start, end, words(start)) for start, end in ((first, change - 1), (change, last)) if start <= end),
        )
    return (*cells, (first, last, words(first)))


def _number(value: Decimal, decimals: int | None, layout: Layout) -> str:
    if decimals is None:
        decimals = layout.decimals - (2 if layout.cents else 0)
    text = fr(value, decimals)
    return text.replace(",", ".") if layout.dot else text


class TooWide(Exception):  # noqa: N818 -- no error: nobody would draw it so
    """The table does not fit on the page."""


class _Pen:
    """Draws tables from top to bottom."""

    def __init__(self, sheet: Sheet, layout: Layout) -> None:
        self.sheet, self.layout = sheet, layout
        self.y = _TOP
        self._side = (0.0, 0.0)
        self._fits = True
        self.last = _TOP

    def table(self, columns: Sequence[_Column], title: str, *, beside: bool) -> None:
        """Draw a table below the last one, or to its right."""
        layout, size = self.layout, self.layout.size
        pitch = size * 1.55
        rows = max(end for column in columns for _start, end, _words in column.cells) + 1
        levels = max(len(column.heads) for column in columns)
        widest = max(len(line) for column in columns for _s, _e, words in column.cells for line in words.split("\n"))
        width = min(62 * layout.wide, (WIDTH - 60) / len(columns) / (2 if layout.place == "beside" else 1))
        width = max(width, (widest + 1) * size * (0.62 if layout.font == "Courier" else 0.54))
        left = 30.0
        height = pitch * (rows + 2.6 * levels) + 40
        if left + width * len(columns) > WIDTH - 10:
            raise TooWide
        self._fits = self._fits if beside else left + width * len(columns) < WIDTH / 2
        if beside and self._fits and WIDTH / 2 + 10 + width * len(columns) < WIDTH:
            left, self.y = WIDTH / 2 + 10, self._side[1]
        elif (layout.place == "pages" and self.y > _TOP) or self.y + height > _BOTTOM:
            self.sheet.page(turn=True)
            if layout.framed:
                self.sheet.frame(12, 12, WIDTH - 12, 830)
            self.y = 60
        self._side = (left, self.y)
        edges = [left + place * width for place in range(len(columns) + 1)]
        y = self.y
        if layout.title == "above":
            self.sheet.text((edges[0] + edges[-1]) / 2, y, title, size + 2, middle=True)
            y += size * 2.4
        elif layout.title == "left":
            self.sheet.text(edges[0], y, title, size + 2)
            y += size * 2.4
        else:
            self._cell(edges[0], y, edges[-1], y + pitch * 1.3, title)
            y += pitch * 1.3
        y = self._heads(columns, edges, y, levels, pitch)
        self._body(columns, edges, y, pitch, rows)
        self.y = max(self.last if beside else 0.0, y + rows * pitch + 34)
        self.last = self.y

    def _heads(
        self, columns: Sequence[_Column], edges: Sequence[float], top: float, levels: int, pitch: float
    ) -> float:
        height = pitch * 2.2
        for level in range(levels):
            place = 0
            while place < len(columns):
                heads = columns[place].heads
                end = place
                if level < len(heads):
                    while end + 1 < len(columns) and columns[end + 1].heads[: level + 1] == heads[: level + 1]:
                        end += 1
                    deep = levels if level == len(heads) - 1 else level + 1
                    words = heads[level]
                    if (
                        level == len(heads) - 1
                        and end == place
                        and words in ("HT", "TTC")
                        and self.layout.tax_heads == "glued"
                    ):
                        pair = [one.heads[-1] for one in columns[place : place + 2]]
                        same = (
                            len(pair) == 2
                            and columns[place + 1].heads[:-1] == heads[:-1]
                            and set(pair) == {"HT", "TTC"}
                        )
                        if same:
                            words, end = " ".join(pair), place + 1
                    self._cell(
                        edges[place],
                        top + level * height,
                        edges[end + 1],
                        top + deep * height,
                        _wrapped(words, edges[end + 1] - edges[place], self.layout),
                    )
                place = end + 1
        return top + levels * height

    def _body(self, columns: Sequence[_Column], edges: Sequence[float], top: float, pitch: float, rows: int) -> None:
        layout = self.layout
        if layout.rules == "zebra":
            for row in range(0, rows, 2):
                self.sheet.box(edges[0], top + row * pitch, edges[-1], top + (row + 1) * pitch, GREY)
        for place, column in enumerate(columns):
            for start, end, words in column.cells:
                y0, y1 = top + start * pitch, top + (end + 1) * pitch
                if layout.rules == "shaded" and start % 2 == 0:
                    self.sheet.box(edges[place] + 0.3, y0, edges[place + 1] - 0.3, y1, GREY)
                    self.sheet.box(edges[place] + 5, y0 + 0.5, edges[place + 1] - 5, y1 - 0.5, GREY)
                self._cell(
                    edges[place],
                    y0,
                    edges[place + 1],
                    y1,
                    words,
                    first=layout.shared == "first" and start != end and "\n" not in words,
                )

    def _cell(self, x0: float, top: float, x1: float, bottom: float, words: str, *, first: bool = False) -> None:
        layout = self.layout
        if layout.rules in ("grid", "shaded"):
            self.sheet.frame(x0, top, x1, bottom)
        elif layout.rules == "rows":
            self.sheet.line(x0, top, x1, top)
            self.sheet.line(x0, bottom, x1, bottom)
        elif layout.rules == "columns":
            self.sheet.line(x0, top, x0, bottom)
            self.sheet.line(x1, top, x1, bottom)
        if first:
            bottom = top + layout.size * 1.55
        self.sheet.cell(x0, top, x1, bottom, words, framed=False, size=layout.size)

    def notes(self) -> None:
        """Print notes with figures of their own."""
        self.sheet.paragraph(
            min(self.y + 5, 780),
            [
                "(1) Les prix TTC comprennent l'accise de 0,02998 € HT/kWh, la CTA et la TVA à 20 %. Les puissances",
                "de 9 à 36 kVA de l'option Base ont été mises en extinction. * Hors évolution des taxes.",
                "Option verte : + 2,27 € TTC/mois.",
            ],
        )


def _wrapped(words: str, width: float, layout: Layout) -> str:
    """Words on as many lines as a cell wants."""
    lines = [""]
    for word in words.split(" "):
        if (
            lines[-1]
            and (len(lines[-1]) + 1 + len(word)) * layout.size * (0.62 if layout.font == "Courier" else 0.54) > width
        ):
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


def keys(expected: Mapping[tuple[str, int], object]) -> list[tuple[str, int]]:
    """What a person reads, in order."""
    return list(expected)
