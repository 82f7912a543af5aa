"""Sheets of the other suppliers, each with a trap of its own."""

from datetime import date
from decimal import Decimal

from linkytui.reading import Contract
from tests.tariffs.replicas.prices import EXCISE, POWERS, Expected, Replica, expected, regulated, with_taxes
from tests.tariffs.replicas.sheet import GREY, Sheet, fr

_CENT = Decimal("0.01")
_TABLE = (60, 120, 180, 240, 300, 360)


def _subscription(power: int) -> tuple[Decimal, Decimal]:
    """HT and TTC, EUR a month."""
    without = Decimal("5.81") + Decimal("0.91") * power
    return without, (without * Decimal("1.41")).quantize(_CENT)


def mint() -> Replica:
    """The price for all powers stands in one cell, level with the middle; the titles stand over the tables."""
    sheet = Sheet()
    sheet.frame(40, 10, 560, 60)
    sheet.text(50, 20, "Offre ONLINE & GREEN", 14)
    sheet.text(50, 40, "Clients résidentiels uniquement - Grille tarifaire applicable au 01/08/2025 Réf.219", 9)
    sheet.paragraph(100, ["Les tarifs TTC comprennent la TVA à 20%. Le Mint Mint Mint."])
    found: Expected = {}
    base, peak, night = Decimal("0.1181"), Decimal("0.1276"), Decimal("0.0946")
    for edges, title, prices, powers in (
        ((35, 90, 130, 170, 210, 253), "Option tarifaire BASE", {"BASE": base}, POWERS),
        ((263, 310, 350, 390, 430, 474, 520, 566), "Option tarifaire HP/HC", {"HP": peak, "HC": night}, POWERS[1:]),
    ):
        sheet.text((edges[0] + edges[-1]) / 2, 190, title, 9, middle=True)
        sheet.cell(edges[0], 208, edges[1], 256, "Puissance")
        sheet.cell(edges[1], 208, edges[3], 240, "Abonnement\nmensuel")
        sheet.cell(edges[3], 208, edges[-1], 224, "Prix du kWh")
        for place, register in enumerate(prices):
            title = "" if register == "BASE" else register
            sheet.cell(edges[3 + 2 * place], 224, edges[5 + 2 * place], 240, title)
        sheet.row(edges[1:], 240, 256, ["€ HTT", "€ TTC"] * (1 + len(prices)))
        bottom = 256 + 14 * len(powers)
        for place, power in enumerate(powers):
            top = 256 + 14 * place
            sheet.row(edges[:4], top, top + 14, [f"{power} kVA", *(fr(value, 2) for value in _subscription(power))])
            taxed = {register: with_taxes(price) for register, price in sorted(prices.items())}
            found["BASE" if len(prices) == 1 else "HPHC", power] = (_subscription(power)[1], taxed)
        figures = [fr(figure, 4) for price in prices.values() for figure in (price, with_taxes(price))]
        for x0, x1, words in zip(edges[3:], edges[4:], figures, strict=False):
            sheet.cell(x0, 256, x1, bottom, words)
    return Replica(sheet.done(), "Mint", "Online & Green", date(2025, 8, 1), found)


def alpiq() -> Replica:
    """HT and TTC in one header cell, six decimals, prices in the first row of each block, an empty row for no offer."""
    sheet = Sheet(size=7)
    sheet.text(60, 40, "Offre Electricité Stable", 14)
    sheet.paragraph(
        70, ["Alpiq Energie France - tarifs applicables au 28 octobre 2025", "Alpiq, fournisseur d'énergie"]
    )
    base, both = (20, 60, 100, 140, 185, 230), (250, 290, 330, 370, 415, 460, 505, 550)
    spans = ((20, 60), (60, 140), (140, 230), (250, 290), (290, 370), (370, 460), (460, 550))
    powers, subscription = "Puissance\nsouscrite\n(kVA)", "Abonnement\n€/mois"
    heads = (powers, subscription, "Prix du kWh\n€/kWh", powers, subscription, "Heures Pleines\n€/kWh")
    sheet.cell(20, 180, 230, 195, "Option Base")
    sheet.cell(250, 180, 550, 195, "Option Heures Pleines / Heures Creuses")
    for (x0, x1), words in zip(spans, (*heads, "Heures Creuses\n€/kWh"), strict=True):
        sheet.cell(x0, 195, x1, 240 if words == powers else 215, words)
        if words != powers:
            sheet.cell(x0, 215, x1, 240, "HT TTC")
    small, large = ("0.120115", "0.130115", "0.100115"), ("0.119225", "0.129225", "0.099225")
    found: Expected = {}
    for place, power in enumerate(POWERS):
        top, (without, taxed) = 240 + 14 * place, _subscription(power)
        cells = (f"{power} kVA", fr(without, 2), fr(taxed, 2))
        sheet.row(base[:4], top, top + 14, cells)
        sheet.row(both[:4] if power > 3 else both, top, top + 14, cells if power > 3 else (cells[0], *[""] * 6))
        single, peak, night = (_all_taxes(price) for price in (small if power <= 6 else large))
        found["BASE", power] = (taxed, {"BASE": single})
        if power > 3:
            found["HPHC", power] = (taxed, {"HC": night, "HP": peak})
    for edges, first, own in ((base, 0, slice(0, 1)), (both, 1, slice(1, 3))):
        for start, end, prices in ((first, 2, small), (2, len(POWERS), large)):
            figures = [fr(each, 6) for price in prices[own] for each in (price, _all_taxes(price))]
            for x0, x1, words in zip(edges[3:-1], edges[4:], figures, strict=True):
                sheet.frame(x0, 240 + 14 * start, x1, 240 + 14 * end)
                sheet.text((x0 + x1) / 2, 243 + 14 * start, words, 6, middle=True)
    return Replica(sheet.done(), "Alpiq", "Electricité Stable", date(2025, 10, 28), found)


def _all_taxes(without: str) -> Decimal:
    """EUR/kWh TTC of a price HT, with all its decimals."""
    return (Decimal(without) + EXCISE) * Decimal("1.2")


def uem() -> Replica:
    """Each row is one cell; EUR a year; `9*` is closed to new customers; Tempo's prices are a stack with labels."""
    sheet = Sheet(size=8)
    sheet.text(60, 40, "au 01/08/2025", 12)
    sheet.paragraph(
        70, ["L'offre Tarif Bleu est un Tarif Réglementé de Vente.", "UEM vous accueille. À l'agence d'UEM."]
    )
    day = date(2025, 8, 1)
    found: Expected = {}

    def yearly(month: Decimal) -> str:
        return f"{fr(month * 12 * Decimal('0.7'), 2)} {fr(month * 12, 2)}"

    def pair(price: Decimal) -> str:
        return f"{fr(price / Decimal('1.2') - Decimal('0.02998'), 4)} {fr(price, 4)}"

    for option, x0, x1, top, title, order, words in (
        (Contract.BASE, 44, 236, 320, "Service Base", ("BASE",), "PS Prime fixe Energie\nkVA €/an €/kWh"),
        (
            Contract.HPHC,
            283,
            548,
            320,
            "Service Heures Creuses / Heures Pleines",
            ("HC", "HP"),
            "PS Prime fixe Energie €/kWh\nkVA €/an\nHeures Creuses Heures Pleines",
        ),
    ):
        rows = regulated(option, day)
        sheet.cell(x0, top, x1, top + 12, title)
        sheet.cell(x0, top + 12, x1, top + 54, words + "\n" + " ".join(["HT TTC"] * (1 + len(order))))
        for place, (power, (month, prices)) in enumerate(rows.items()):
            y = top + 54 + 12 * place
            star = "*" if option is Contract.BASE and power > 6 else ""
            figures = " ".join(pair(prices[register]) for register in order)
            sheet.cell(x0, y, x1, y + 12, f"{power}{star} {yearly(month)} {figures}")
        found |= expected(option, rows)
    rows = regulated(Contract.TEMPO, day)
    edges = (44, 140, 188, 236, 284, 332)
    sheet.cell(44, 560, 332, 572, "Service Tempo")
    words = "PS Prime fixe Energie €/kWh\nkVA €/an\nHeures Creuses Heures Pleines\nHT TTC HT TTC HT TTC"
    sheet.cell(44, 572, 332, 614, words)
    prices = next(iter(rows.values()))[1]
    stack: dict[int, list[str]] = {}
    for place, (label, colour) in enumerate((("Bleu", "JB"), ("Blanc", "JW"), ("Rouge", "JR"))):
        stack[1 + 2 * place] = [f"Jour {label} :"] * 4
        stack[2 + 2 * place] = pair(prices[f"HC{colour}"]).split() + pair(prices[f"HP{colour}"]).split()
    for place, (power, (month, _prices)) in enumerate(rows.items()):
        y = 614 + 12 * place
        sheet.row(edges, y, y + 12, [f"{power} {yearly(month)}", *stack.get(place, [""] * 4)], 7)
    found |= expected(Contract.TEMPO, rows)
    return Replica(sheet.done(), "UEM", "Tarif Bleu", day, found)


def cents() -> Replica:
    """Cents, digits that stand apart, and a cross where the offer does not exist."""
    sheet = Sheet()
    sheet.text(60, 40, "Grille tarifaire de l'offre Extra Eco", 14)
    sheet.paragraph(
        70, ["Prix valables à partir du 1er septembre 2025", "OHM Énergie, société par actions simplifiée"] * 2
    )
    sheet.row(
        _TABLE,
        200,
        240,
        ("Puissance\n(kVA)", "Abonnement\n€ TTC / mois", "kWh HP\ncentimes € TTC", "kWh HC\ncentimes € TTC"),
    )
    found: Expected = {}
    prices = {"HC": Decimal("0.1462"), "HP": Decimal("0.1985")}
    sheet.row(_TABLE[:5], 240, 254, ("3", "x", "x", "x"))
    for place, power in enumerate(POWERS[1:]):
        month = _subscription(power)[1]
        spaced = fr(month, 2)[:-1] + " " + fr(month, 2)[-1]
        sheet.row(
            _TABLE[:5], 254 + place * 14, 268 + place * 14, (str(power), spaced.replace(",", " ,"), "19,8 5", "14 ,62")
        )
        found["HPHC", power] = (month, prices)
    return Replica(sheet.done(), "Ohm Énergie", "Extra Eco", date(2025, 9, 1), found)


def struck_out() -> Replica:
    """One price for all in the header's own cell, under the regulated one, which is struck out."""
    sheet = Sheet()
    sheet.text(60, 40, "Offre Prix Engagé", 14)
    sheet.paragraph(70, ["Grille tarifaire applicable au 1er octobre 2025. La Bellenergie, labellenergie.fr"] * 2)
    sheet.cell(60, 200, 120, 250, "Puissance\n(kVA)")
    sheet.cell(120, 200, 240, 220, "Abonnement (€/mois)")
    sheet.cell(240, 200, 360, 220, "Prix du kWh (€/kWh)")
    sheet.row((*_TABLE[1:3], 240), 220, 250, ("HT", "TTC"))
    for x0, head, old, new in ((240, "HT", "0,1327", "0,1193"), (300, "TTC", "0,1952*", "0,1791")):
        sheet.frame(x0, 220, x0 + 60, 250)
        for place, words in enumerate((head, old, new)):
            sheet.text(x0 + 30, 221 + 9.5 * place, words, 8, middle=True)
        sheet.line(x0 + 12, 235.5, x0 + 48, 235.5, 0.7)
    found: Expected = {}
    for place, power in enumerate(POWERS):
        without, taxed = _subscription(power)
        sheet.row(_TABLE, 250 + place * 14, 264 + place * 14, (str(power), fr(without, 2), fr(taxed, 2), "", ""))
        found["BASE", power] = (taxed, {"BASE": Decimal("0.1791")})
    return Replica(sheet.done(), "La Bellenergie", "Prix Engagé", date(2025, 10, 1), found)


def curves() -> Replica:
    """No table at all in the drawing, only lines of text; HT before TTC; the price on the middle line only."""
    sheet = Sheet()
    sheet.text(60, 40, "Offre Électricité verte", 14)
    sheet.paragraph(70, ["Grille en vigueur au 1er septembre 2025", "ilek, fournisseur d'énergie, www.ilek.fr"])
    for x, words, more in ((60, "Puissance", ""), (140, "Abonnement", "€ HT par mois"), (230, "Prix du kWh", "€ HT")):
        sheet.text(x, 200, words)
        sheet.text(x, 212, more)
    for x, words, more in ((320, "Abonnement", "€ TTC par mois"), (410, "Prix du kWh", "€ TTC")):
        sheet.text(x, 200, words)
        sheet.text(x, 212, more)
    price = Decimal("0.1321")
    found: Expected = {}
    for place, power in enumerate(POWERS):
        without, taxed = _subscription(power)
        cells = {60: f"{power} kVA", 140: f"{fr(without, 2)} €", 320: f"{fr(taxed, 2)} €"}
        if power == 15:
            cells |= {230: f"{fr(price, 4)} €", 410: f"{fr(with_taxes(price), 4)} €"}
        for x, words in cells.items():
            sheet.text(x, 230 + 13 * place, words)
        found["BASE", power] = (taxed, {"BASE": with_taxes(price)})
    return Replica(sheet.done(), "ilek", "Électricité verte", date(2025, 9, 1), found)


def stacked_blocks() -> Replica:
    """EUR a year, bodies in two blocks of stacked rows, spaces within figures, the title in a row of its own."""
    sheet = Sheet()
    sheet.text(60, 40, "Grille de prix de l’offre Tarif Bleu", 14)
    sheet.paragraph(
        70, ["Applicable à compter du 1er novembre 2014", "EDF, société anonyme, vous remercie de votre confiance."] * 2
    )
    edges = (60, 130, 230, 330, 430)
    day = date(2014, 11, 1)
    rows = regulated(Contract.HPHC, day)
    sheet.cell(60, 180, 430, 196, "Option Heures Creuses TTC")
    sheet.row(
        edges,
        196,
        232,
        ("Puissance\nsouscrite\n(kVA)", "Abonnement\n(€/an)", "Heures Pleines\n(c€/kWh)", "Heures Creuses\n(c€/kWh)"),
    )
    top = 232.0
    for block in ((6, 9, 12, 15), (18, 24, 30, 36)):
        bottom = top + 11 * len(block)
        years = [fr(rows[power][0] * 12, 2) for power in block]
        years = [f"{year[:-1]} {year[-1]}" for year in years]
        peaks = [fr(rows[power][1]["HP"] * 100, 2) for power in block]
        nights = [fr(rows[power][1]["HC"] * 100, 2) for power in block]
        columns = (map(str, block), years, peaks, nights)
        sheet.row(edges, top, bottom, ["\n".join(column) for column in columns])
        top = bottom
    return Replica(sheet.done(), "EDF", "Tarif Bleu", day, expected("HPHC", rows))


def ranges() -> bytes:
    """Prices for ranges of powers, registers within one cell: what has which price cannot be told."""
    sheet = Sheet()
    sheet.text(60, 40, "Offre Confort", 14)
    sheet.paragraph(70, ["Grille tarifaire applicable au 1er octobre 2025. Dyneff, fournisseur d'énergie"] * 2)
    edges = (60, 160, 260, 400)
    sheet.row(edges, 200, 230, ("Puissance souscrite (kVA)", "Abonnement\n€ TTC/mois", "Prix du kWh\n€ TTC/kWh"))
    powers = "Entre 3 et 6\nEntre 6 et 8\nEntre 9 et 12\nEntre 13 et 36"
    sheet.row(edges, 230, 280, (powers, "12,10\n14,20\n18,30\n33,50", "HP : 0,19930\nHC : 0,15255"))
    return sheet.done()


def seasons() -> bytes:
    """Four prices by season: a calendar of the network, which none of the options is."""
    sheet = Sheet()
    sheet.text(60, 40, "Offre Quatre Saisons", 14)
    sheet.paragraph(70, ["Grille tarifaire applicable au 1er octobre 2025. Llum, fournisseur d'énergie"] * 2)
    edges = (60, 120, 190, 260, 330, 400, 470)
    heads = ("HP saison\nhaute (HPH)", "HC saison\nhaute (HCH)", "HP saison\nbasse (HPB)", "HC saison\nbasse (HCB)")
    sheet.box(60, 200, 470, 240, GREY)
    sheet.row(
        edges, 200, 240, ("Puissance\n(kVA)", "Abonnement\n€ TTC/mois", *(f"{head}\n€ TTC/kWh" for head in heads)), 7
    )
    for place, power in enumerate(POWERS):
        month = fr(_subscription(power)[1], 2)
        cells = (str(power), month, "0,2611", "0,1822", "0,1733", "0,1344")
        sheet.row(edges, 240 + place * 14, 254 + place * 14, cells)
    return sheet.done()
