"""EDF's sheets: columns that shift where cells are shaded, tables side by side, shared prices, one-row bodies."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from linkytui.reading import Contract
from tests.tariffs.replicas.prices import Expected, Replica, expected, regulated
from tests.tariffs.replicas.sheet import GREY, Sheet, fr

_PITCH = 13.1
_Rows = Mapping[int, tuple[Decimal, dict[str, Decimal]]]


def _cents(price: Decimal) -> str:
    return fr(price * 100, 2)


def _shaded_row(sheet: Sheet, edges: Sequence[float], top: float, cells: Sequence[str], *, shaded: bool) -> None:
    """A row as the word processor exports it: borders are thin boxes, a shaded cell is filled twice."""
    for x0, x1, words in zip(edges, edges[1:], cells, strict=False):
        if shaded:
            sheet.box(x0 + 0.25, top, x1 - 0.25, top + _PITCH, GREY)
            sheet.box(x0 + 5.2, top + 0.5, x1 - 5.2, top + _PITCH - 0.5, GREY)
        sheet.thin_frame(x0, top, x1, top + _PITCH)
        sheet.cell(x0, top, x1, top + _PITCH, words, framed=False)


def _head(sheet: Sheet, edges: Sequence[float], top: float, title: str, leaves: Sequence[str] = ()) -> float:
    """Title and column heads; the foot of them."""
    sheet.thin_frame(edges[0], top, edges[-1], top + 14)
    sheet.cell(edges[0], top, edges[-1], top + 14, title, framed=False)
    foot = top + 50 + (24 if leaves else 0)
    words = ("Puissance\nSouscrite\n(kVA)", "Abonnement\nmensuel\n(€ TTC/mois)", "Prix du kWh\n(cts € TTC/kWh)")
    spans = ((edges[0], edges[1], foot), (edges[1], edges[2], foot), (edges[2], edges[-1], top + 50))
    for (x0, x1, bottom), text in zip(spans, words, strict=True):
        sheet.thin_frame(x0, top + 14, x1, bottom)
        sheet.cell(x0, top + 14, x1, bottom, text, framed=False, size=7)
    for x0, x1, text in zip(edges[2:], edges[3:], leaves, strict=False):
        sheet.thin_frame(x0, top + 50, x1, foot)
        sheet.cell(x0, top + 50, x1, foot, text, framed=False, size=7)
    return foot


def _title(sheet: Sheet, offer: str, day: str) -> None:
    sheet.box(30, 20, 565, 90, GREY)
    sheet.text(50, 30, "Grille de prix de l’offre de", 14)
    sheet.text(50, 46, "fourniture d’électricité", 14)
    sheet.text(50, 62, f"« {offer} »", 14)
    sheet.text(50, 100, "Applicable au 1")
    sheet.text(50 + 61, 99, "er", 6)
    sheet.text(50 + 69, 100, day)
    sheet.paragraph(130, ["OFFRE POUR LES CLIENTS PARTICULIERS", "Les grilles tarifaires de l’offre"])


def _columns(rows: _Rows, order: Sequence[str]) -> list[list[str]]:
    return [
        [str(power), fr(subscription, 2), *(_cents(prices[register]) for register in order)]
        for power, (subscription, prices) in rows.items()
    ]


def tarif_bleu(day: date = date(2025, 8, 1), written: str = "aout 2025") -> Replica:
    """Three tables on a page, two side by side; from 9 kVA on Base rows are shaded, which shifts their columns."""
    sheet = Sheet()
    _title(sheet, "Tarif Bleu", written)
    found: Expected = {}
    tables = (
        (Contract.BASE, "Option Base (TTC)", (91.9, 147.7, 212.8, 283.2), 290, ("BASE",), ()),
        (
            Contract.HPHC,
            "Option Heures Creuses (TTC)",
            (346, 389, 448, 487, 526),
            290,
            ("HP", "HC"),
            ("Heures\nPleines", "Heures\nCreuses"),
        ),
        (
            Contract.TEMPO,
            "Option Tempo (TTC)",
            (136, 180, 237, 275, 318, 361, 404, 446, 488),
            551,
            ("HCJB", "HPJB", "HCJW", "HPJW", "HCJR", "HPJR"),
            ("Bleu\nHC", "Bleu\nHP", "Blanc\nHC", "Blanc\nHP", "Rouge\nHC", "Rouge\nHP"),
        ),
    )
    for option, title, edges, top, order, leaves in tables:
        rows = regulated(option, day)
        y = _head(sheet, edges, top, title, leaves)
        for place, cells in enumerate(_columns(rows, order)):
            _shaded_row(sheet, edges, y + place * _PITCH, cells, shaded=option is Contract.BASE and int(cells[0]) > 6)
        found |= expected(option, rows)
    sheet.paragraph(480, ["Majoration pour les auto-producteurs individuels avec injection (€/an HT) : 9,60"])
    sheet.page(turn=True)
    sheet.paragraph(
        60,
        ["- l’Accise sur l’électricité, d’un montant de 2,998 cts € /kWh HTVA, depuis le 1er février 2024", "EDF SA"],
    )
    return Replica(sheet.done(), "EDF", "Tarif Bleu", day, found)


def ejp() -> Replica:
    """EJP: its own two registers, and powers that it lacks."""
    sheet = Sheet()
    day = date(2026, 2, 1)
    _title(sheet, "Tarif Bleu", "février 2026")
    rows = regulated(Contract.EJP, day)
    edges = (120, 180, 260, 330, 400)
    y = _head(sheet, edges, 200, "Option EJP (TTC)", ("Heures\nNormales", "Heures de\nPointe Mobile"))
    for place, cells in enumerate(_columns(rows, ("HN", "PM"))):
        _shaded_row(sheet, edges, y + place * _PITCH, cells, shaded=True)
    return Replica(sheet.done(), "EDF", "Tarif Bleu", day, expected("EJP", rows))


def zen_fixe() -> Replica:
    """One price cell for several rows, its figure beside the first of them; the price changes at 9 kVA."""
    sheet = Sheet()
    _title(sheet, "Zen Fixe", "août 2026")
    day = date(2026, 8, 1)
    rows = {
        power: (subscription + 2, {"BASE": Decimal("0.1847") if power < 9 else Decimal("0.1835")})
        for power, (subscription, _prices) in regulated(Contract.BASE, day).items()
    }
    edges = (120, 180, 260, 340)
    y = _head(sheet, edges, 200, "Option Base (TTC)")
    tops = [y + place * _PITCH for place in range(len(rows) + 1)]
    for place, cells in enumerate(_columns(rows, ("BASE",))):
        for x0, x1, words in ((120, 180, cells[0]), (180, 260, cells[1])):
            sheet.thin_frame(x0, tops[place], x1, tops[place + 1])
            sheet.cell(x0, tops[place], x1, tops[place + 1], words, framed=False)
    for first, end, words in ((0, 2, "18,47"), (2, 9, "18,35")):
        sheet.thin_frame(260, tops[first], 340, tops[end])
        sheet.cell(260, tops[first], 340, tops[first + 1], words, framed=False)
    return Replica(sheet.done(), "EDF", "Zen Fixe", day, expected("BASE", rows))


def vert() -> Replica:
    """Bodies without a line between their rows: all powers in one cell, all subscriptions in the next."""
    sheet = Sheet()
    _title(sheet, "Vert Electrique", "février 2026")
    day = date(2026, 2, 1)
    found: Expected = {}
    for option, title, edges, order, leaves in (
        (Contract.BASE, "Option Base (TTC)", (60, 110, 170, 240), ("BASE",), ()),
        (
            Contract.HPHC,
            "Option Heures Creuses (TTC)",
            (300, 350, 410, 470, 530),
            ("HP", "HC"),
            ("Heures\nPleines", "Heures\nCreuses"),
        ),
    ):
        rows = regulated(option, day)
        y = _head(sheet, edges, 200, title, leaves)
        columns = list(zip(*_columns(rows, order), strict=True))
        for x0, x1, cells in zip(edges, edges[1:], columns, strict=False):
            sheet.cell(x0, y, x1, y + 140, "\n".join(cells))
        found |= expected(option, rows)
    return Replica(sheet.done(), "EDF", "Vert Électrique", day, found)


def zen_week_end() -> bytes:
    """An offer with hours of its own, in a one-row body."""
    sheet = Sheet()
    _title(sheet, "Zen Week-End", "août 2026")
    edges = (120, 180, 260, 330, 400)
    y = _head(sheet, edges, 200, "Option Week-End (TTC)", ("Heures\nSemaine", "Heures\nWeek-\nEnd"))
    rows = regulated(Contract.BASE, date(2026, 8, 1))
    columns = list(zip(*([str(p), fr(s, 2), "22,85", "17,10"] for p, (s, _) in rows.items()), strict=True))
    for x0, x1, cells in zip(edges, edges[1:], columns, strict=False):
        sheet.cell(x0, y, x1, y + 140, "\n".join(cells))
    return sheet.done()
