"""Files as Enedis makes them, with made-up numbers."""

import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
PRM = "12345678901234"

PREAMBLE = (
    "Identifiant PRM;Type de donnees;Date de debut;Date de fin;Grandeur physique;Grandeur metier;Etape metier;Unite;"
    "Pas en minutes"
)


def ends(start: str, end: str, minutes: int) -> Iterator[datetime]:
    """The ends of the intervals of a stretch of time, by the clock of Paris."""
    first, last = (datetime.fromisoformat(text).replace(tzinfo=PARIS).timestamp() for text in (start, end))
    at = first + minutes * 60
    while at <= last:
        yield datetime.fromtimestamp(at, PARIS)
        at += minutes * 60


def curve(rows: Iterable[tuple[str, str]], *, metier: str = "Consommation", unit: str = "W", step: str = "") -> str:
    """A load curve with its two lines about the whole."""
    facts = f"{PRM};Courbe de charge;01/01/2026;31/12/2026;Energie active;{metier};Comptage Brut;{unit};{step}"
    return "\r\n".join([PREAMBLE, facts, "", "Horodate;Valeur", *map(";".join, rows)]) + "\r\n"


def write_workbook(path: Path, sheets: Iterable[Iterable[tuple[int, str, str | float]]]) -> Path:
    """A workbook of the plainest kind; each sheet is its cells as (row, column, value)."""
    shared: list[str] = []
    parts: dict[str, str] = {}
    for number, cells in enumerate(sheets, 1):
        rows: dict[int, list[str]] = {}
        for row, column, value in cells:
            if isinstance(value, str):
                shared.append(f"<si><t>{escape(value)}</t></si>")
                cell = f'<c r="{column}{row}" t="s"><v>{len(shared) - 1}</v></c>'
            else:
                cell = f'<c r="{column}{row}"><v>{value}</v></c>'
            rows.setdefault(row, []).append(cell)
        body = "".join(f'<row r="{row}">{"".join(some)}</row>' for row, some in sorted(rows.items()))
        parts[f"xl/worksheets/sheet{number}.xml"] = f"<worksheet {_SPACE}><sheetData>{body}</sheetData></worksheet>"
    parts["xl/sharedStrings.xml"] = f"<sst {_SPACE}>{''.join(shared)}</sst>"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + text)
    return path


_SPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
