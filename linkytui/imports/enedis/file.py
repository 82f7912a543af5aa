"""Enedis files: load curves, daily energy and daily registers, as CSV or Excel workbooks.

What "mon compte" gave and gives, told apart by the heading of the table, which may stand below other lines:

| heading | what it is |
|---|---|
| `Horodate;Valeur` | load curve: mean power in W, below two lines about the whole |
| `Identifiant PRM;…;Unité;Horodate;Valeur;Nature;Pas;…` | the same, everything on every line |
| `Début;Fin;Valeur (en kW)` | load curve of the workbooks |
| `Date;Valeur (en kWh)` | energy by the day |
| `Horodate;Type de releve;EAS F1;…` | registers by the day, in Wh |
"""

import csv
from collections.abc import Generator, Iterable
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from linkytui.civil.off_peak import OffPeak
from linkytui.i18n import _
from linkytui.imports.enedis.cells import plain
from linkytui.imports.enedis.reading import FileReading, Found
from linkytui.imports.enedis.tables import FileFacts
from linkytui.imports.hourly import by_off_peak, one_register, whole_hours
from linkytui.imports.model import Hours, Older, SourceError
from linkytui.imports.workbook import cells

_ZIP: Final = b"PK\x03\x04"
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
_HEAD: Final = 1 << 14
_WORDS: Final = ("horodate", "identifiant prm", "valeur (en", "point reference mesure")


def is_enedis(head: bytes, path: Path) -> bool:
    """Whether a file looks as if it came from Enedis, or from a spreadsheet."""
    if head.startswith((_ZIP, _OLD_EXCEL)) or path.suffix.lower() in (".csv", ".xlsx", ".xls"):
        return True
    text = plain(_decode(head))
    return any(word in text for word in _WORDS)


def open_enedis(path: Path, zone: ZoneInfo, *, register: str, off_peak: OffPeak | None) -> Older:
    """A file of Enedis.

    `zone`: whose times it tells where they have no offset; `register`: counts energy that the file does not split;
    `off_peak`: splits it into HC and HP instead, where given. Raises SourceError: it is none that is known, or a line
    of it makes no sense; OSError: it cannot be read.
    """
    reading = FileReading(str(path), zone)
    with closing(_rows(path)) as rows:
        for number, (sheet, row) in enumerate(rows, 1):
            reading.take(sheet, number, row)
    found = reading.close()
    if not found.intervals:
        raise SourceError(_why_nothing(path, reading.facts, found))
    shares = by_off_peak(off_peak, zone) if off_peak is not None else one_register(register)
    hours = list(whole_hours(found.intervals, shares))
    whole = [hour for hour in hours if hour is not None]
    if not whole:
        text = _("{path} contains no whole hour: the history takes whole hours only.")
        raise SourceError(text.format(path=path))
    notes = list(found.notes)
    if len(whole) < len(hours):
        text = _("Hours left out because {path} covers only part of them: {count}.")
        notes.append(text.format(path=path, count=len(hours) - len(whole)))
    if any(hour.estimated for hour in whole):
        notes.append(_("The file gives energy by the day: it is spread over the hours and marked as estimated."))
    return Older(
        name=str(path),
        parts=(Hours(meter=f"PRM {found.prm}" if found.prm else "Enedis", hours=whole),),
        notes=tuple(notes),
    )


def _why_nothing(path: Path, facts: FileFacts, found: Found) -> str:
    if facts.production:
        text = _("{path} is about production: import the file of your consumption instead.")
    elif found.tables:
        text = _("{path} contains no energy: Enedis had none for that time, or it is a file of maximum powers.")
    else:
        text = _(
            "{path} is not a known Enedis file: on enedis.fr, download your consumption by the hour or by "
            "the day, as CSV or Excel."
        )
    return text.format(path=path)


def _rows(path: Path) -> Generator[tuple[int, list[str]]]:
    """The rows of a file, each with the number of its sheet."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith(_OLD_EXCEL):
        raise SourceError(_("{path} is an old Excel workbook: save it as .xlsx or as .csv.").format(path=path))
    if head.startswith(_ZIP):
        yield from cells(path)
        return
    encoding = _encoding(head)
    with path.open(encoding=encoding, errors="replace", newline="") as text:
        first = list(zip(range(40), text, strict=False))
        lines = [line for _number, line in first]
        try:
            for row in csv.reader(chain(lines, text), delimiter=_delimiter(lines)):
                yield 0, row
        except csv.Error as error:
            raise SourceError(_("{path} is not a CSV file: {reason}.").format(path=path, reason=error)) from error


def _encoding(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        # The last character may be cut.
        head[: max(0, len(head) - 4)].decode("utf-8-sig")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _decode(head: bytes) -> str:
    return head.decode(_encoding(head), "replace")


def _delimiter(lines: Iterable[str]) -> str:
    """What stands between the cells of the heading."""
    for line in lines:
        if any(word in plain(line) for word in ("horodate", "valeur (en", "identifiant prm")):
            return max(";", ",", "\t", key=line.count)
    return ";"
