"""Documents that must be refused, each for one reason."""

import zlib
from collections.abc import Callable, Sequence
from decimal import Decimal

from reportlab.lib.pdfencrypt import StandardEncryption

from tests.tariffs.replicas.prices import POWERS
from tests.tariffs.replicas.sheet import GREY, Sheet, fr

_EDGES = (60, 130, 210, 290, 370)
_HEADS = ("Puissance\n(kVA)", "Abonnement\n€ TTC/mois", "Heures Pleines\n€ TTC/kWh", "Heures Creuses\n€ TTC/kWh")
_PEAK, _NIGHT = Decimal("0.2081"), Decimal("0.1635")
_Cells = Sequence[str]


def _rows() -> list[list[str]]:
    return [[str(p), fr(Decimal("9.50") + Decimal("1.1") * p, 2), fr(_PEAK, 4), fr(_NIGHT, 4)] for p in POWERS[1:]]


def sheet_of(
    rows: Sequence[_Cells] | None = None,
    heads: _Cells = _HEADS,
    date: str = "Prix applicables au 1er octobre 2025",
    pages: int = 1,
    edges: Sequence[float] = _EDGES,
    encrypt: StandardEncryption | None = None,
) -> bytes:
    """The plainest grid there can be, with what one test wants otherwise."""
    sheet = Sheet(encrypt=encrypt)
    sheet.text(60, 40, "Offre Toute Simple", 14)
    sheet.paragraph(70, [date, "Une offre de fourniture d'électricité pour les particuliers, partout en France"])
    sheet.row(edges, 200, 240, heads)
    for place, cells in enumerate(_rows() if rows is None else rows):
        sheet.row(edges, 240 + place * 14, 254 + place * 14, cells)
    for _ in range(pages - 1):
        sheet.page(turn=True)
    return sheet.done()


def changed(change: Callable[[list[list[str]]], object]) -> bytes:
    """The plain grid after a change of its rows."""
    rows = _rows()
    change(rows)
    return sheet_of(rows)


def refused() -> bytes:
    """Peak and off-peak prices under each other's name."""

    def swap(rows: list[list[str]]) -> None:
        for row in rows:
            row[2], row[3] = row[3], row[2]

    return changed(swap)


REASON = "page 1: HPHC: HC costs more than HP at 6 kVA"
"""Why it is refused."""


def protected() -> bytes:
    """It asks for a password."""
    return sheet_of(encrypt=StandardEncryption("secret", strength=128))


def picture() -> bytes:
    """What one sees is drawn; there is hardly a letter in it."""
    sheet = Sheet()
    for row in range(12):
        for place in range(6):
            sheet.frame(60 + 80 * place, 200 + 14 * row, 140 + 80 * place, 214 + 14 * row)
            sheet.box(70 + 80 * place, 204 + 14 * row, 120 + 80 * place, 210 + 14 * row, GREY)
    sheet.text(60, 100, ".")
    return sheet.done()


def bomb() -> bytes:
    """A small document whose only page unpacks to more than the memory that reading may take."""
    pack = zlib.compressobj(1)
    packed = b"".join([*(pack.compress(bytes(2**20)) for _ in range(600)), pack.flush()])
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed),
    )
    document, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(document))
        document += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    table = b"xref\n0 5\n0000000000 65535 f \n%strailer\n<< /Size 5 /Root 1 0 R >>\n" % rows
    return document + table + b"startxref\n%d\n%%%%EOF\n" % len(document)


def with_both_taxes(peak: str, peak_taxed: str, night: str, night_taxed: str) -> bytes:
    """Prices with taxes beside those without."""
    edges = (60, 120, 180, 240, 300, 360, 420)
    heads = (
        "Puissance\n(kVA)",
        "Abonnement\n€ TTC/mois",
        "HP €/kWh\nHT",
        "HP €/kWh\nTTC",
        "HC €/kWh\nHT",
        "HC €/kWh\nTTC",
    )
    rows = [[cells[0], cells[1], peak, peak_taxed, night, night_taxed] for cells in _rows()]
    return sheet_of(rows, heads, edges=edges)
