"""Engie's sheets, and those of its brand happ-e: a price in parts, of which the customer pays the sum."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from tests.tariffs.replicas.prices import EXCISE, POWERS, Expected, Replica
from tests.tariffs.replicas.sheet import GREY, Sheet, fr

_PITCH = 15.6
_VAT = Decimal("1.2")
_CENT = Decimal("0.01")
_SUPPLY = {
    3: "30.51",
    6: "28.43",
    9: "28.26",
    12: "28.10",
    15: "26.01",
    18: "23.56",
    24: "24.91",
    30: "22.54",
    36: "22.09",
}
_CTA = Decimal("23.07")
"""EUR a year HT, the same at every power here."""


def _taxed(value: Decimal) -> Decimal:
    return (value * _VAT).quantize(_CENT)


def _network(power: int, slope: str) -> tuple[Decimal, Decimal]:
    """Transport: HT, and TTC with the contribution on it; EUR a year."""
    without = Decimal("38.80") + Decimal(slope) * power
    return without, _taxed(without + _CTA)


def _energy(value: Decimal, excise: Decimal = Decimal(0)) -> list[str]:
    return [fr(value, 5), fr(((value + excise) * _VAT).quantize(Decimal("0.00001")), 5)]


def _zebra(
    sheet: Sheet, edges: Sequence[float], top: float, heads: Sequence[Sequence[str]], rows: Sequence[Sequence[str]]
) -> None:
    """Only every other row is shaded and rules stand between columns only, so an unshaded row has no outer edge."""
    body = top + len(heads) * _PITCH
    sheet.box(edges[0], top, edges[1] - 0.5, body, GREY)
    sheet.cell(edges[0], top, edges[1], body, "Puis-\nsance\nsouscrite\n(kVA)", framed=False, size=6)
    for place, words in enumerate(heads):
        y = top + place * _PITCH
        sheet.box(edges[1], y, edges[-1], y + _PITCH, GREY)
        span = (len(edges) - 2) // len(words)
        for number, word in enumerate(words):
            x0, x1 = edges[1 + number * span], edges[1 + (number + 1) * span]
            sheet.line(x0, y, x0, y + _PITCH, 0.25)
            sheet.line(edges[1], y, edges[-1], y, 0.25)
            sheet.cell(x0, y, x1, y + _PITCH, word, framed=False, size=6)
    for x in edges[1:-1]:
        sheet.line(x, body, x, body + len(rows) * _PITCH, 0.25)
    for place, cells in enumerate(rows):
        y = top + (len(heads) + place) * _PITCH
        if place % 2 == 0:
            sheet.box(edges[0], y, edges[-1], y + _PITCH, GREY)
        for x0, x1, words in zip(edges, edges[1:], cells, strict=False):
            sheet.cell(x0, y, x1, y + _PITCH, words, framed=False)


def _edges(x0: float, x1: float, count: int) -> list[float]:
    return [x0, *(x0 + 45 + (x1 - x0 - 45) * place / (count - 1) for place in range(count))]


def reference() -> Replica:
    """Supply, transport and obligations in six tables; shaded rows only every other one; text hidden under a header."""
    sheet = Sheet(size=8)
    sheet.text(40, 40, "L’offre Elec Référence 3 ans", 14)
    sheet.paragraph(
        80, ["Fiche Descriptive", "Le prix est applicable pour tout contrat. ENGIE, Société Anonyme", "ENGIE " * 4]
    )
    sheet.page(turn=True)
    sheet.text(40, 40, "Grille tarifaire - novembre 2025", 12)
    year = "Abonnement (en €/an)"
    taxes = ("HTT", "TTC*")
    supply = {power: Decimal(value) for power, value in _SUPPLY.items()}
    cs, hp, hc = Decimal("0.09652"), Decimal("0.09583"), Decimal("0.07988")
    one = [[str(p), fr(s), fr(_taxed(s)), *_energy(cs, EXCISE)] for p, s in supply.items()]
    head = [["Fourniture comptage simple (CS)"], [year, "Prix par kWh (en €/kWh)"], taxes * 2]
    _zebra(sheet, _edges(34, 241, 5), 140, head, one)
    two = [["3", *["-"] * 6]] + [
        [str(p), fr(s + 3), fr(_taxed(s + 3)), *_energy(hp, EXCISE), *_energy(hc, EXCISE)]
        for p, s in supply.items()
        if p > 3
    ]
    head = [
        ["Fourniture comptage Heures pleines/Heures creuses (HP/HC)"],
        [year, "Heures Pleines (HP)\n(en €/kWh)", "Heures Creuses (HC)\n(en €/kWh)"],
        taxes * 3,
    ]
    edges = _edges(252, 567, 7)
    _zebra(sheet, edges, 140, head, two)
    sheet.text(250, 147, "Elec Tranquillité 1 an", 7)
    short = {power: _network(power, "11.07") for power in POWERS}
    rows = [
        [str(p), fr(a), fr(b), *(_energy(Decimal("0.0484")) if p == 15 else ("", ""))] for p, (a, b) in short.items()
    ]
    head = [
        ["Acheminement sans différenciation temporelle - courte utilisation (CU)"],
        [year, "Prix par kWh (en €/kWh)"],
        taxes * 2,
    ]
    _zebra(sheet, _edges(34, 567, 5), 371, head, rows)
    sheet.page(turn=True)
    medium = {power: _network(power, "13.49") for power in POWERS}
    both = [*_energy(Decimal("0.0494")), *_energy(Decimal("0.0350"))]
    rows = [[str(p), fr(a), fr(b), *(both if p == 15 else [""] * 4)] for p, (a, b) in medium.items()]
    head = [
        ["Acheminement à 2 plages temporelles - moyenne utilisation (MUDT)"],
        [year, "Heures Pleines\n(€/kWh)", "Heures Creuses\n(€/kWh)"],
        taxes * 3,
    ]
    _zebra(sheet, _edges(34, 567, 7), 70, head, rows)
    now, most = "Prix par kWh à la\nsouscription (en €/kWh)", "Prix par kWh maximal\n(en €/kWh)"
    duty = {p: Decimal("0.01051") if p < 9 else Decimal("0.01164") for p in POWERS}
    rows = [[str(p), *_energy(d), *_energy(d * 3)] for p, d in duty.items()]
    _zebra(sheet, _edges(34, 292, 5), 300, [["Obligation comptage simple (CS)"], [now, most], taxes * 2], rows)
    rows = [[str(p), *_energy(Decimal("0.01178")), *_energy(Decimal("0.03253"))] for p in POWERS]
    title = ["Obligation Heures pleines/Heures creuses (HP/HC)"]
    _zebra(sheet, _edges(301, 564, 5), 300, [title, [now, most], taxes * 2], rows)

    def ttc(value: str | Decimal, excise: Decimal = Decimal(0)) -> Decimal:
        return ((Decimal(value) + excise) * _VAT).quantize(Decimal("0.00001"))

    found: Expected = {}
    for power in POWERS:
        sub = (_taxed(supply[power]) + short[power][1]) / 12
        found["BASE", power] = (_exact(sub), {"BASE": ttc(cs, EXCISE) + ttc("0.0484") + ttc(duty[power])})
        if power > 3:
            sub = (_taxed(supply[power] + 3) + medium[power][1]) / 12
            night = ttc(hc, EXCISE) + ttc("0.0350") + ttc("0.01178")
            found["HPHC", power] = (_exact(sub), {"HC": night, "HP": ttc(hp, EXCISE) + ttc("0.0494") + ttc("0.01178")})
    return Replica(sheet.done(), "Engie", "Elec Référence 3 ans", date(2025, 11, 1), found)


def _exact(month: Decimal) -> Decimal:
    return month.quantize(Decimal("0.0001"))


def guaranteed() -> Replica:
    """The older sheet: Base and peak/off-peak share one column of powers; whole prices, EUR a year, HT beside TTC."""
    sheet = Sheet(size=7)
    sheet.text(40, 40, "L’offre Elec Énergie Garantie 3 ans", 14)
    sheet.paragraph(80, ["Grille tarifaire en vigueur au 1er septembre 2025", "ENGIE, Société Anonyme, Courbevoie"] * 2)
    edges = [40 + 46 * place for place in range(12)]
    for first, end, top, bottom, words in (
        (0, 1, 200, 254, "Puissance\nsouscrite\n(kVA)"),
        (1, 5, 200, 214, "Option Base"),
        (5, 11, 200, 214, "Option Heures Pleines / Heures Creuses"),
        (1, 3, 214, 240, "Abonnement\n(€/an)"),
        (3, 5, 214, 240, "Prix du kWh (€)"),
        (5, 7, 214, 240, "Abonnement\n(€/an)"),
        (7, 9, 214, 240, "Heures Pleines\nPrix du kWh (€)"),
        (9, 11, 214, 240, "Heures Creuses\nPrix du kWh (€)"),
    ):
        sheet.cell(edges[first], top, edges[end], bottom, words)
    sheet.row(edges[1:], 240, 254, ("HT", "TTC") * 5)
    base, peak, night = Decimal("0.1327"), Decimal("0.1434"), Decimal("0.1063")
    found: Expected = {}
    for place, power in enumerate(POWERS):
        year = Decimal("66.00") + 12 * power
        pairs = [fr(year), fr(_taxed(year + _CTA)), *_energy(base, EXCISE)]
        both = [fr(year + 6), fr(_taxed(year + 6 + _CTA)), *_energy(peak, EXCISE), *_energy(night, EXCISE)]
        top = 254 + 14 * place
        sheet.row(edges, top, top + 14, (str(power), *pairs, *(both if power > 3 else ["-"] * 6)))
        found["BASE", power] = (_exact(_taxed(year + _CTA) / 12), {"BASE": (base + EXCISE) * _VAT})
        if power > 3:
            prices = {"HC": (night + EXCISE) * _VAT, "HP": (peak + EXCISE) * _VAT}
            found["HPHC", power] = (_exact(_taxed(year + 6 + _CTA) / 12), prices)
    rounded = {
        key: (month, {name: price.quantize(Decimal("0.00001")) for name, price in prices.items()})
        for key, (month, prices) in found.items()
    }
    return Replica(sheet.done(), "Engie", "Elec Énergie Garantie 3 ans", date(2025, 9, 1), rounded)


def happ_e() -> Replica:
    """The contribution on transport is part of the TTC of supply and of transport, but due once. One price for all
    powers, printed beside one of them, without a cell around it."""
    sheet = Sheet()
    for place, line in enumerate(("Annexe prix", "Offre Électricité", "happ-e 1 an", "Prix en vigueur au 01/11/2025")):
        sheet.text(60, 40 + 20 * place, line, 11)
    price, network = Decimal("0.10364"), Decimal("0.0484")
    edges = (35, 95, 140, 185, 230, 274)
    found: Expected = {}
    for page, title in enumerate(
        ("COMPTAGE SIMPLE", "ACHEMINEMENT SANS DIFFERENCIATION TEMPORELLE - COURTE UTILISATION")
    ):
        if page:
            sheet.page(turn=True)
            sheet.text(60, 40, "Annexe prix happ-e", 11)
        sheet.text(60, 150, title, 10)
        sheet.cell(35, 165, 95, 205, "Puissance\nSouscrite\n(kVA)")
        sheet.cell(95, 165, 185, 190, "Abonnement électricité\n(en EUR/an)")
        sheet.cell(185, 165, 274, 190, "Prix en €/kWh")
        sheet.row(edges[1:], 190, 205, ("HTT", "TTC(1)", "HTT", "TTC(1)"))
        for place, power in enumerate(POWERS):
            supply, (without, taxed) = Decimal(_SUPPLY[power]), _network(power, "11.07")
            own = (supply, _taxed(supply + _CTA)) if not page else (without, taxed)
            figures = _energy(network) if page else _energy(price, EXCISE)
            cells = (str(power), fr(own[0]), fr(own[1]), *(figures if power == 15 else ("", "")))
            sheet.row(edges, 205 + place * 15, 220 + place * 15, cells)
            total = (price + EXCISE) * _VAT + network * _VAT
            found["BASE", power] = (_exact((_taxed(supply) + taxed) / 12), {"BASE": total.quantize(Decimal("0.00001"))})
    return Replica(sheet.done(), "happ-e", "1 an", date(2025, 11, 1), found)
