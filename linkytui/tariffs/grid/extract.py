"""From a PDF to plain pages, by pdfplumber. Runs only in the process apart that `process.py` starts."""

import io
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

import pdfplumber
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfplumber.page import Page
from pdfplumber.table import Table
from pdfplumber.utils.exceptions import PdfminerException

from linkytui.errors import GridError
from linkytui.i18n import _
from linkytui.tariffs.grid.figures import is_power_range, power, words_of_line
from linkytui.tariffs.grid.raw import RawPage, RawTable, Rows

MAX_PAGES: Final = 40  # a supplier's document has one to a dozen

LEAST_CHARACTERS: Final = 100  # a document with fewer has no text layer: what one sees is a picture

# Borders drawn as thin boxes, and cells filled twice, the inner fill some 5 points smaller: edges this near are one.
_SNAP: Final = {"snap_x_tolerance": 6}

_TITLE_HEIGHT: Final = 48.0  # points above a table in which its title may stand
_TITLE_GAP: Final = 14.0  # points between two words of a line that belong to different titles
_HEADER_LINES: Final = 10  # lines before the first power that may be a header, where no table is drawn
_LEAST_LISTED: Final = 3  # lines that begin with a power; fewer may be an accident in a page of text
_THIN: Final = 1.5  # points; what is not higher is a line, and so is a lower rectangle


def pages_of(data: bytes) -> tuple[RawPage, ...]:
    """Every page of a PDF.

    Raises GridError: it is cut short or damaged, asks for a password, has too many pages or no text.
    """
    if b"%%EOF" not in data[-2048:]:
        raise GridError(_("the file is cut short; get it again"))
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            count = len(pdf.pages)
            if count > MAX_PAGES:
                raise GridError(
                    _("it has {count} pages; a price grid has at most {most}").format(count=count, most=MAX_PAGES)
                )
            pages = tuple(_page(page) for page in pdf.pages)
    except GridError:
        raise
    except Exception as error:  # the library and the one below it raise whatever a damaged file leads them to
        raise _unreadable(error) from error
    if not pages:
        raise GridError(_("the file is damaged; get it again"))
    if sum(len("".join(page.text.split())) for page in pages) < LEAST_CHARACTERS:
        raise GridError(_("it has no text layer: its prices are a picture, which cannot be read"))
    return pages


def _unreadable(error: Exception) -> GridError:
    cause = error.args[0] if isinstance(error, PdfminerException) and error.args else error
    if isinstance(cause, PDFPasswordIncorrect | PDFEncryptionError):
        return GridError(_("it is protected by a password"))
    if isinstance(cause, MemoryError | RecursionError):
        return GridError(_("reading it takes too much memory"))
    return GridError(_("the file is damaged ({reason}); get it again").format(reason=type(cause).__name__))


def _page(page: Page) -> RawPage:
    page = _without_struck_out(page)
    found = page.find_tables(_SNAP)
    titles = _title_segments(page) if found else []
    tables = [cut for table in found if (cut := _cuts(page, table, _above(table, found, titles))) is not None]
    text = page.extract_text()
    if not tables and (lines := _listed(text)):
        tables.append(RawTable((lines,)))
    raw = RawPage(page.page_number, text, tuple(tables))
    page.close()
    return raw


def _without_struck_out(page: Page) -> Page:
    """The page without figures that a line strikes out: they are what the offer's price is compared with."""
    strokes: dict[int, list[tuple[float, float, float]]] = defaultdict(list)
    for drawn in (*page.lines, *page.rects):
        if drawn["height"] <= _THIN < drawn["width"]:
            middle = (drawn["top"] + drawn["bottom"]) / 2
            strokes[int(middle)].append((middle, drawn["x0"], drawn["x1"]))
    if not strokes:
        return page

    def is_struck(char: dict[str, Any]) -> bool:
        quarter = (char["bottom"] - char["top"]) / 4
        high, low = char["top"] + quarter, char["bottom"] - quarter
        return any(
            high < middle < low and x0 <= char["x0"] + 1 and x1 >= char["x1"] - 1
            for row in range(int(high), int(low) + 1)
            for middle, x0, x1 in strokes.get(row, ())
        )

    struck = {id(char) for char in page.chars if is_struck(char)}
    return page.filter(lambda drawn: id(drawn) not in struck) if struck else page


def _cuts(page: Page, table: Table, above: str) -> RawTable | None:
    """The table, cut into cells in three ways; None when none of its rows begins with a power."""
    rows = _rows(table.extract())
    area = _within(page, table.bbox)
    lines = _rows([[line] for line in area.extract_text().split("\n")])
    if not _has_powers(rows) and not _has_powers(lines):
        return None
    # Cells without a frame on their outer side, as where every other row is shaded, have no border there to be found.
    framed = area.extract_table(_SNAP | {"explicit_vertical_lines": [area.bbox[0], area.bbox[2]]})
    return RawTable((rows, _rows(framed or []), lines), above)


def _rows(cells: Sequence[Sequence[str | None]]) -> Rows:
    return tuple(tuple(row) for row in cells)


def _within(page: Page, box: tuple[float, float, float, float]) -> Page:
    x0, top, x1, bottom = page.bbox
    return page.crop((max(box[0], x0), max(box[1], top), min(box[2], x1), min(box[3], bottom)))


def _has_powers(rows: Rows) -> bool:
    firsts = [next((cell for cell in row if cell and cell.strip()), "") for row in rows]
    lines = [line for cell in firsts for line in cell.split("\n")]
    powers = sum(power(line) is not None or len(words_of_line(line)) > 1 or is_power_range(line) for line in lines)
    return powers > 1


def _listed(text: str) -> Rows:
    """The lines of a page that has no table: those that begin with a power, and the header before them."""
    lines = text.split("\n")
    listed = [place for place, line in enumerate(lines) if len(words_of_line(line)) > 1]
    if len(listed) < _LEAST_LISTED:
        return ()
    return _rows([[line] for line in lines[max(listed[0] - _HEADER_LINES, 0) : listed[-1] + 1]])


def _title_segments(page: Page) -> list[tuple[float, float, float, str]]:
    """The text of the page in pieces that stand apart: left, right, bottom, words."""
    segments: list[tuple[float, float, float, str]] = []
    for word in page.extract_words(use_text_flow=False):
        x0, x1, bottom, text = word["x0"], word["x1"], word["bottom"], word["text"]
        if segments:
            left, right, base, words = segments[-1]
            if abs(base - bottom) < _THIN * 2 and -1 <= x0 - right < _TITLE_GAP:
                segments[-1] = (left, x1, max(base, bottom), f"{words} {text}")
                continue
        segments.append((x0, x1, bottom, text))
    return segments


def _above(table: Table, others: Sequence[Table], segments: Sequence[tuple[float, float, float, str]]) -> str:
    """The words over a table, up to the table above it."""
    x0, top, x1, _bottom = table.bbox
    floor = max([top - _TITLE_HEIGHT, *(one.bbox[3] for one in others if one.bbox[3] <= top)])
    return "\n".join(
        words
        for left, right, base, words in segments
        if floor <= base - 1 <= top and (x0 - _TITLE_GAP <= left < x1 or x0 <= (left + right) / 2 <= x1)
    )
