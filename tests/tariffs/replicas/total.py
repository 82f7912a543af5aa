"""TotalEnergies' sheets: every power, HT beside TTC, the regulated price beside the offer's, gas on the next page."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from tests.tariffs.replicas.prices import Expected, Replica, with_taxes
from tests.tariffs.replicas.sheet import Sheet, fr

_PITCH = 12.0
_SIZE = 5.5
_BASE = Decimal("0.1276")
_PEAK, _NIGHT = Decimal("0.1378"), Decimal("0.1022")
_REGULATED = (Decimal("0.1327"), Decimal("0.1434"), Decimal("0.1063"))


def _subscription(power: int) -> tuple[Decimal, Decimal]:
    """HT and TTC, EUR a month."""
    without = Decimal("7.00") + Decimal("0.97") * power
    return without, (without * Decimal("1.42")).quantize(Decimal("0.01"))


def _pair(price: Decimal) -> list[str]:
    return [fr(price, 4), fr(with_taxes(price), 4)]


def _line(power: int, *prices: Decimal) -> list[str]:
    return [f"{power} kVA", *(fr(value, 2) for value in _subscription(power)), *(x for p in prices for x in _pair(p))]


def _spans(sheet: Sheet, edges: Sequence[float], top: float, cells: Sequence[tuple[int, int, int, str]]) -> None:
    """Header cells: first column, end column, rows they reach down, words."""
    for first, end, rows, words in cells:
        sheet.cell(edges[first], top, edges[end], top + rows * _PITCH, words, size=_SIZE)


def _gas(sheet: Sheet) -> None:
    """A table of gas prices by zone, with the same words over it, but for the powers."""
    sheet.page(turn=True)
    sheet.text(40, 60, "Tarif Gaz", 12)
    edges = (15, 60, 110, 160, 210, 260, 310)
    sheet.row(
        edges, 100, 124, ("Zone", "Consommation\nAnnuelle", "Abonnement\nmensuel (€) HT", "TTC(1)", "HT", "TTC(1)")
    )
    for zone in range(1, 7):
        top = 124 + zone * _PITCH
        sheet.row(edges, top, top + _PITCH, (str(zone), "< 4 MWh", "8,19", "11,18", "0,0952", "0,1328"), _SIZE)


def fixed() -> Replica:
    """A fixed offer: two tables, the smaller one Base. Taking the larger one takes the wrong prices."""
    sheet = Sheet(size=_SIZE)
    sheet.text(40, 30, "Offre Standard Fixe - 5 août 2025", 12)
    sheet.paragraph(
        60, ["Un prix du kWh HT et de l'abonnement HT fixes 1 an", "TotalEnergies Électricité et Gaz France"]
    )
    found: Expected = {}
    base = (15, 70, 110, 150, 190, 232)
    _spans(sheet, base, 267, ((0, 5, 1, "Electricité - Option tarifaire Base"),))
    _spans(sheet, base, 279, ((0, 1, 3, "Puissance\nsouscrite"), (1, 3, 2, "Abonnement\nmensuel (€)")))
    _spans(sheet, base, 279, ((3, 5, 1, "Prix du kWh (en €/kWh)"),))
    _spans(sheet, base, 291, ((3, 5, 1, "Offre Standard Fixe"),))
    _spans(sheet, base, 303, ((1, 2, 1, "HT"), (2, 3, 1, "TTC(2)"), (3, 4, 1, "HT"), (4, 5, 1, "TTC(2)")))
    for place, power in enumerate(range(3, 37)):
        sheet.row(base, 315 + place * _PITCH, 327 + place * _PITCH, _line(power, _BASE), _SIZE)
        found["BASE", power] = (_subscription(power)[1], {"BASE": with_taxes(_BASE)})
    both = (254, 297, 340, 383, 426, 469, 512, 556)
    _spans(sheet, both, 267, ((0, 7, 1, "Option tarifaire Heures Pleines / Heures Creuses"),))
    _spans(sheet, both, 279, ((0, 1, 4, "Puissance\nsouscrite"), (1, 3, 3, "Abonnement\nmensuel (€)")))
    _spans(sheet, both, 279, ((3, 7, 1, "Prix du kWh (en €/kWh)"),))
    _spans(sheet, both, 291, ((3, 5, 1, "Heures Pleines"), (5, 7, 1, "Heures Creuses")))
    _spans(sheet, both, 303, ((3, 5, 1, "Offre Standard Fixe"), (5, 7, 1, "Offre Standard Fixe")))
    _spans(sheet, both, 315, tuple((c, c + 1, 1, "TTC(2)" if c % 2 == 0 else "HT") for c in range(1, 7)))
    for place, power in enumerate(range(6, 37)):
        sheet.row(both, 327 + place * _PITCH, 339 + place * _PITCH, _line(power, _PEAK, _NIGHT), _SIZE)
        found["HPHC", power] = (_subscription(power)[1], {"HC": with_taxes(_NIGHT), "HP": with_taxes(_PEAK)})
    _gas(sheet)
    return Replica(sheet.done(), "TotalEnergies", "Standard Fixe", date(2025, 8, 5), found)


def indexed() -> Replica:
    """An indexed offer: one table of 18 columns, Base and HP/HC side by side, regulated prices before the offer's."""
    sheet = Sheet(size=_SIZE)
    sheet.text(40, 30, "Offre-HeuresEco- 1 nov. 2025", 12)
    sheet.paragraph(60, ["OffreindexéesurleTRVEpourl'électricité", "TotalEnergies Électricité et Gaz France"])
    found: Expected = {}
    edges = tuple(15 + place * 31.1 for place in range(19))
    offer, ruled = "Offre Heures Eco", "Tarifs Réglementés(4)"
    both = "Electricité - Option tarifaire Heures Pleines / Heures Creuses"
    _spans(sheet, edges, 230, ((0, 7, 1, "Electricité - Option tarifaire Base"), (7, 18, 1, both)))
    _spans(sheet, edges, 242, ((0, 1, 4, "Puissance\nsouscrite"), (1, 3, 3, "Abonnement\nmensuel (€)")))
    _spans(sheet, edges, 242, ((3, 7, 1, "Prix du kWh (en €/kWh)"), (10, 18, 1, "Prix du kWh (en €/kWh)")))
    _spans(sheet, edges, 242, ((7, 8, 4, "Puissance\nsouscrite"), (8, 10, 3, "Abonnement\nmensuel (€)")))
    _spans(
        sheet,
        edges,
        254,
        ((3, 5, 2, ruled), (5, 7, 2, offer), (10, 14, 1, "Heures Pleines"), (14, 18, 1, "Heures Creuses")),
    )
    _spans(sheet, edges, 266, ((10, 12, 1, ruled), (12, 14, 1, offer), (14, 16, 1, ruled), (16, 18, 1, offer)))
    leaves = [*range(1, 7), *range(8, 18)]
    _spans(sheet, edges, 278, [(c, c + 1, 1, "HT" if n % 2 == 0 else "TTC(1)") for n, c in enumerate(leaves)])
    for place, power in enumerate(range(3, 37)):
        top = 290 + place * _PITCH
        sheet.row(edges, top, top + _PITCH, _line(power, _REGULATED[0], _BASE), _SIZE)
        found["BASE", power] = (_subscription(power)[1], {"BASE": with_taxes(_BASE)})
        if (late := power + 3) <= 36:
            line = _line(late, _REGULATED[1], _PEAK, _REGULATED[2], _NIGHT)
            sheet.row(edges[7:], top, top + _PITCH, line, _SIZE)
            found["HPHC", late] = (_subscription(late)[1], {"HC": with_taxes(_NIGHT), "HP": with_taxes(_PEAK)})
    _gas(sheet)
    return Replica(sheet.done(), "TotalEnergies", "Heures Eco", date(2025, 11, 1), found)
