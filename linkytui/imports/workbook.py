"""Cells of an Excel workbook, sheet by sheet: the part of the format that plain values need."""

import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from linkytui.i18n import _
from linkytui.imports.model import SourceError

_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LARGEST: Final = 256 << 20  # bytes of one part of a workbook at most; a year of half hours has some 2 MB

_SHEET: Final = re.compile(r"xl/worksheets/sheet(\d+)\.xml")
_COLUMN: Final = re.compile(r"[A-Z]+")
_MOST_COLUMNS: Final = 1000


def cells(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows of every sheet, each with the number of its sheet; cells as text, empty ones between others included.

    Raises SourceError: it is no workbook; OSError: it cannot be read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            shared = _shared_strings(archive)
            names = sorted((int(match[1]), match[0]) for match in map(_SHEET.fullmatch, archive.namelist()) if match)
            for number, name in names:
                with _part(archive, name) as part:
                    for row in _rows(part, shared):
                        yield number, row
    except (zipfile.BadZipFile, ET.ParseError, KeyError, ValueError, IndexError, NotImplementedError) as error:
        text = _("{path} is not a readable Excel workbook: save it again as .xlsx or .csv.")
        raise SourceError(text.format(path=path)) from error


def _part(archive: zipfile.ZipFile, name: str) -> IO[bytes]:
    if archive.getinfo(name).file_size > _LARGEST:
        raise ValueError(name)
    return archive.open(name)


def _shared_strings(archive: zipfile.ZipFile) -> list[str]:
    name = "xl/sharedStrings.xml"
    if name not in archive.namelist():
        return []
    found: list[str] = []
    with _part(archive, name) as part:
        for _event, element in ET.iterparse(part):  # noqa: S314 -- expat refuses entities that explode
            if element.tag == f"{_MAIN}si":
                found.append(_text(element))
                element.clear()
    return found


def _rows(part: IO[bytes], shared: list[str]) -> Iterator[list[str]]:
    for _event, element in ET.iterparse(part):  # noqa: S314 -- expat refuses entities that explode
        if element.tag != f"{_MAIN}row":
            continue
        row: list[str] = []
        for cell in element.iter(f"{_MAIN}c"):
            column = _column(cell.get("r"), len(row))
            row += [""] * (column - len(row))
            row.append(_value(cell, shared))
        element.clear()
        yield row


def _value(cell: ET.Element, shared: list[str]) -> str:
    if cell.get("t") == "inlineStr":
        return _text(cell)
    value = cell.findtext(f"{_MAIN}v") or ""
    return shared[int(value)] if cell.get("t") == "s" and value else value


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
