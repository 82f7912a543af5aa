"""Files of tables as older records: what Enedis, suppliers, Home Assistant and others let people download.

Tables are told apart by the headings of their columns, which may stand below other lines: a moment, a beginning and an
end, or a date and a time of day; and a value with its unit, or one for each register.
"""

import csv
import io
from collections.abc import Iterator
from itertools import chain, islice
from typing import IO, Final
from zoneinfo import ZoneInfo

from linkytui.civil.days import HOUR
from linkytui.civil.off_peak import OffPeak
from linkytui.i18n import _, number
from linkytui.imports.bundle import Entry
from linkytui.imports.hourly import as_told, by_off_peak, one_register
from linkytui.imports.model import Hours, Older, SourceError
from linkytui.imports.tables import answers
from linkytui.imports.tables.cells import plain
from linkytui.imports.tables.clock import legal_zone
from linkytui.imports.tables.headings import heading_of
from linkytui.imports.tables.reading import Reading
from linkytui.imports.tables.series import Series
from linkytui.imports.workbook import cells

_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
_SNIFFED: Final = 60
"""Lines among which the heading is looked for to learn what stands between cells."""
_MOST_LINES: Final = 4_000_000
"""Lines with something in them: ten years of minutes are more than any file has."""
_LONGEST_LINE: Final = 1 << 16


def open_table(
    entry: Entry, zone: ZoneInfo, *, register: str, off_peak: OffPeak | None, ends: bool | None = None
) -> Older:
    """A file of tables.

    Args:
        entry: the file.
        zone: the zone that was set; times without offset are French legal time.
        register: counts energy that the file does not split.
        off_peak: splits it into HC and HP instead, where given.
        ends: the person has said that moments are ends, or beginnings; None where nothing was said.

    Raises:
        SourceError: it is none that is known, or a line of it makes no sense.
        OSError: it cannot be read.
    """
    zone = legal_zone(zone)
    reading = Reading(entry.name, zone, ends=ends)
    for place, (sheet, row) in enumerate(_rows(entry), 1):
        reading.take(sheet, place, row)
    series = reading.close()
    shares = by_off_peak(off_peak, zone) if off_peak is not None else one_register(register)
    parts: list[Hours] = []
    notes: list[str] = []
    for said in series:
        notes += said.notes
        taken = as_told(said.intervals, shares, clocked=off_peak is not None, registers=said.by_registers)
        if said.refusal or not taken.told:
            continue
        if taken.partial:
            text = _("Hours left out because {path} covers only part of them: {count}.")
            notes.append(text.format(path=entry.name, count=number(taken.partial)))
        meter = f"PRM {reading.prm}" if reading.prm else said.house or "Enedis"
        parts.append(Hours(meter=meter, told=taken.told))
    parts = _told_once(parts)
    if not parts:
        raise SourceError(_why_nothing(entry.name, series, reading.first))
    if any(told.estimated for part in parts for told in part.told):
        notes.append(_("The file gives energy by the day: it is spread over the hours and marked as estimated."))
    return Older(
        name=entry.name, parts=tuple(parts), what=tuple(map(_described, series)), notes=tuple(dict.fromkeys(notes))
    )


def _told_once(parts: list[Hours]) -> list[Hours]:
    """The same tables without days that another of them tells hour by hour, and without what two tell alike."""
    hours = {round(told.start) for part in parts for told in part.told if not told.estimated}
    seen: set[tuple[float, float, bool]] = set()
    found = []
    for part in parts:
        kept = []
        for told in part.told:
            key = (told.start, told.end, told.estimated)
            finer = (
                told.estimated
                and not told.registers
                and hours.issuperset(range(round(told.start), round(told.end), HOUR))
            )
            if key not in seen and not finer:
                kept.append(told)
            seen.add(key)
        if kept:
            found.append(Hours(meter=part.meter, told=kept))
    return found


def _described(said: Series) -> str:
    """What a table is, in words."""
    if said.refusal:
        return _("{what}, left out: {reason}").format(what=said.what, reason=said.refusal)
    if said.step is None or said.by_registers:
        return said.what
    return _("{what}, every {minutes} minutes").format(what=said.what, minutes=said.step // 60)


def _why_nothing(path: str, series: list[Series], first: list[str]) -> str:
    refusal = next((said.refusal for said in series if said.refusal), "")
    if refusal:
        return _("{path}: {reason}. Import the file of your consumption instead.").format(path=path, reason=refusal)
    if any(said.intervals for said in series):
        return _("{path} contains no whole hour: the history takes whole hours only.").format(path=path)
    if series:
        return _("{path} contains no energy: its table of consumption is empty.").format(path=path)
    text = _(
        "{path} is not a table of consumption that linkytui knows. It expects a heading with times (Horodate; "
        "Début and Fin; Date and Heure) and a value with its unit (kWh, Wh, kW or W), or registers. "
        "The file begins with: {first}"
    )
    begins = "".join(filter(str.isprintable, " | ".join(filter(None, first))))[:60] or _("nothing")
    return text.format(path=path, first=begins)


def _rows(entry: Entry) -> Iterator[tuple[int, list[str]]]:
    """The rows of a file, each with the number of its sheet.

    Raises:
        SourceError: it is no such file.
    """
    head = entry.head
    if head.startswith(_OLD_EXCEL):
        raise SourceError(_("{path} is an old Excel workbook: save it as .xlsx or as .csv.").format(path=entry.name))
    rows = cells(entry) if entry.is_workbook else _text_rows(entry)
    return _bounded(rows, entry.name)


def _bounded(rows: Iterator[tuple[int, list[str]]], path: str) -> Iterator[tuple[int, list[str]]]:
    told = 0
    for sheet, row in rows:
        told += any(row)
        if told > _MOST_LINES:
            raise SourceError(
                _("{path} has more lines than a table of consumption: is it the right file?").format(path=path)
            )
        yield sheet, row


def _text_rows(entry: Entry) -> Iterator[tuple[int, list[str]]]:
    encoding = _encoding(entry.head)
    begins = entry.head.decode(encoding, "replace").lstrip("\ufeff \t\r\n\0")
    with entry.open() as file, io.TextIOWrapper(file, encoding, errors="replace", newline="") as text:
        if begins.startswith(("{", "[")):
            for row in answers.rows_of(text.read(answers.LARGEST), entry.name):
                yield 0, row
            return
        lines = _lines(text, entry.name)
        first = list(islice(lines, _SNIFFED))
        try:
            for row in csv.reader(chain(first, lines), delimiter=_delimiter(first)):
                yield 0, row
        except csv.Error as error:
            reason = _("{path} is not a CSV file: {reason}.").format(path=entry.name, reason=error)
            raise SourceError(reason) from error


def _lines(text: IO[str], path: str) -> Iterator[str]:
    """Lines without the zero bytes of some exports; none so long that it is no line."""
    while line := text.readline(_LONGEST_LINE):
        if len(line) == _LONGEST_LINE and not line.endswith("\n"):
            raise SourceError(
                _("{path} is not a CSV file: {reason}.").format(path=path, reason=_("a line does not end"))
            )
        yield line.replace("\0", "")


def _encoding(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if head[1:2] == b"\0" and head[3:4] == b"\0":
        return "utf-16-le"
    try:
        # The last character may be cut.
        head[: max(0, len(head) - 4)].decode("utf-8-sig")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _delimiter(lines: list[str]) -> str:
    """What stands between the cells of the heading."""
    for line in lines:
        for delimiter in (";", "\t", ",", "|"):
            if delimiter in line:
                row = next(csv.reader([line], delimiter=delimiter), [])
                words = [plain(cell) for cell in row]
                if heading_of(words) is not None or "entity_id" in words or "statistic_id" in words:
                    return delimiter
    counts = {delimiter: sum(line.count(delimiter) for line in lines) for delimiter in (";", "\t", ",")}
    return max(counts, key=lambda delimiter: counts[delimiter])
