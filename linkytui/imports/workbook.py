"""Cells of an Excel workbook, sheet by sheet: the part of the format that plain values need."""

import io
import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from typing import IO, Final

from linkytui.i18n import _
from linkytui.imports.bundle import Entry
from linkytui.imports.model import SourceError

_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LARGEST: Final = 256 << 20  # bytes of one part of a workbook at most; a year of half hours has some 2 MB

_SHEET: Final = re.compile(r"xl/worksheets/sheet(\d{1,4})\.xml")
_COLUMN: Final = re.compile(r"[A-Z]{1,3}")
_MOST_COLUMNS: Final = 1000
_MOST_ROWS: Final = 1 << 20
"""Rows of a sheet, and strings of a workbook; Excel has no more."""


def cells(entry: Entry) -> Iterator[tuple[int, list[str]]]:
    """The rows of every sheet, each with the number of its sheet; cells as text, empty ones between others included.

    Raises SourceError: it is no workbook; OSError: it cannot be read.
    """
    with entry.open() as file:
        try:
            with zipfile.ZipFile(file if file.seekable() else io.BytesIO(file.read())) as archive:
                yield from _sheets(archive, entry.name)
        except (zipfile.BadZipFile, ET.ParseError, KeyError, ValueError, IndexError, NotImplementedError) as error:
            text = _("{path} is not a readable Excel workbook: save it again as .xlsx or .csv.")
            raise SourceError(text.format(path=entry.name)) from error


def _sheets(archive: zipfile.ZipFile, path: str) -> Iterator[tuple[int, list[str]]]:
    shared = _shared_strings(archive)
    if _counts_from_1904(archive):
        text = _("{path} counts its days from 1904, as old Macs did: save it as .csv.")
        raise SourceError(text.format(path=path))
    names = sorted((int(match[1]), match[0]) for match in map(_SHEET.fullmatch, archive.namelist()) if match)
    for number, name in names:
        with _part(archive, name) as part:
            for row in _rows(part, shared):
                yield number, row


def _part(archive: zipfile.ZipFile, name: str) -> IO[bytes]:
    if archive.getinfo(name).file_size > _LARGEST:
        raise ValueError(name)
    return archive.open(name)


def _elements(part: IO[bytes], tag: str) -> Iterator[ET.Element]:
    """The elements of a name, each forgotten after it was seen, as is all that stands between them."""
    parents: list[ET.Element] = []
    for event, element in ET.iterparse(part, ("start", "end")):  # noqa: S314 -- expat refuses entities that explode
        if event == "start":
            parents.append(element)
            continue
        parents.pop()
        if element.tag == tag:
            yield element
        if parents and not any(parent.tag == tag for parent in parents):
            parents[-1].remove(element)


def _shared_strings(archive: zipfile.ZipFile) -> list[str]:
    name = "xl/sharedStrings.xml"
    if name not in archive.namelist():
        return []
    found: list[str] = []
    with _part(archive, name) as part:
        for element in _elements(part, f"{_MAIN}si"):
            found.append(_text(element))
            if len(found) > _MOST_ROWS:
                raise ValueError(name)
    return found


def _counts_from_1904(archive: zipfile.ZipFile) -> bool:
    name = "xl/workbook.xml"
    if name not in archive.namelist():
        return False
    with _part(archive, name) as part:
        return any(element.get("date1904") in ("1", "true") for element in _elements(part, f"{_MAIN}workbookPr"))


def _rows(part: IO[bytes], shared: list[str]) -> Iterator[list[str]]:
    for number, element in enumerate(_elements(part, f"{_MAIN}row")):
        if number > _MOST_ROWS:
            raise ValueError(number)
        row: list[str] = []
        for cell in element.iter(f"{_MAIN}c"):
            column = _column(cell.get("r"), len(row))
            row += [""] * (column - len(row))
            row.append(_value(cell, shared))
        yield row


def _value(cell: ET.Element, shared: list[str]) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return _text(cell)
    value = cell.findtext(f"{_MAIN}v") or ""
    if kind == "s" and value:
        return shared[int(value[:9])]
    return value


def _text(element: ET.Element) -> str:
    return "".join(part.text or "" for part in element.iter(f"{_MAIN}t"))


def _column(reference: str | None, following: int) -> int:
    """The place of a cell that calls itself `C12`; the next place where it does not say."""
    match = _COLUMN.match(reference or "")
    if match is None:
        return following
    place = 0
    for letter in match[0]:
        place = place * 26 + ord(letter) - ord("A") + 1
    if not following < place <= _MOST_COLUMNS:
        raise ValueError(reference)
    return place - 1
