"""From a PDF to plain pages, by pdfplumber. Runs only in the process apart that `process.py` starts."""

import io
import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, Final

import pdfplumber
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfplumber.page import Page as PdfPage
from pdfplumber.utils.exceptions import PdfminerException

from linkytui.errors import GridError
from linkytui.i18n import _
from linkytui.tariffs.grid.page import Box, GridPage, Rule, Word
from linkytui.tariffs.grid.words import as_rules, lines_of, words_of

MAX_PAGES: Final = 40
"""A supplier's document has one to a dozen."""

LEAST_CHARACTERS: Final = 100
"""A document with fewer has no text layer: what one sees is a picture."""

_THIN: Final = 1.5
"""Points; what is not higher is a line, and so is a lower rectangle."""
_LETTER: Final = 8.0
"""Points; a picture or a curve that is not higher may strike out a word."""
_TAIL: Final = 2048
"""Bytes at the end of a document in which it says that it is complete."""
_CODED: Final = re.compile(r"\(cid:\d+\)")
"""A letter of a font that does not say which letter it is."""


def pages_of(data: bytes) -> tuple[GridPage, ...]:
    """Every page of a PDF.

    Raises:
        GridError: it is cut short or damaged, asks for a password, has too many pages or no text.
    """
    data = _without_padding(data)
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


def _without_padding(data: bytes) -> bytes:
    """The document without what some programs add after its end.

    Raises:
        GridError: it has no end.
    """
    end = data.rfind(b"%%EOF")
    # What comes after the last end is padding, unless it is the next part of a document that was changed and then cut.
    if end < 0 or (len(data) - end > _TAIL and (b"endobj" in data[end:] or b"stream" in data[end:])):
        raise GridError(_("the file is cut short; get it again"))
    return data[: end + len(b"%%EOF")] + b"\n"


def _unreadable(error: Exception) -> GridError:
    cause = error.args[0] if isinstance(error, PdfminerException) and error.args else error
    if isinstance(cause, PDFPasswordIncorrect | PDFEncryptionError):
        return GridError(_("it is protected by a password"))
    if isinstance(cause, MemoryError | RecursionError):
        return GridError(_("reading it takes too much memory"))
    return GridError(_("the file is damaged ({reason}); get it again").format(reason=type(cause).__name__))


def _page(page: PdfPage) -> GridPage:
    left, top = page.bbox[0], page.bbox[1]
    words = tuple(_moved(word, left, top) for word in words_of(_letters(page), list(_strokes(page))))
    horizontal, vertical = as_rules(_edges(page))
    made = GridPage(
        number=page.page_number,
        width=float(page.width),
        text="\n".join(
            " ".join(word.text for word in line) for line in lines_of([word for word in words if not word.raised])
        ),
        words=words,
        horizontal=tuple(Rule(rule.at - top, rule.start - left, rule.end - left) for rule in horizontal),
        vertical=tuple(Rule(rule.at - left, rule.start - top, rule.end - top) for rule in vertical),
        pictured=_pictured(page),
    )
    page.close()
    return made


def _letters(page: PdfPage) -> Iterator[dict[str, Any]]:
    """The letters within the page, as far as one sees them."""
    x0, top, x1, bottom = page.bbox
    for char in page.chars:
        if _CODED.fullmatch(char["text"]):
            continue
        if x0 - 1 <= char["x0"] <= x1 + 1 and top - 1 <= char["top"] <= bottom + 1:
            yield char


def _strokes(page: PdfPage) -> Iterator[Box]:
    """The things drawn that may strike out a word: wide, and thinner than a letter."""
    for kind, highest in (("line", _LETTER), ("rect", _THIN), ("curve", _LETTER), ("image", _LETTER)):
        for drawn in page.objects.get(kind, ()):
            width, height = drawn["x1"] - drawn["x0"], drawn["bottom"] - drawn["top"]
            if width > _THIN * 2 and height < min(highest, width * 0.6):
                yield _box(drawn)


def _edges(page: PdfPage) -> Iterator[Box]:
    """The lines drawn on a page, and the sides of what is filled."""
    for line in page.lines:
        yield _box(line)
    for rect in page.rects:
        box = _box(rect)
        if box.height <= _THIN or box.x1 - box.x0 <= _THIN:
            # A line drawn as a thin box.
            flat = box.height <= box.x1 - box.x0
            yield Box(box.x0, box.y, box.x1, box.y) if flat else Box(box.x, box.top, box.x, box.bottom)
            continue
        yield Box(box.x0, box.top, box.x1, box.top)
        yield Box(box.x0, box.bottom, box.x1, box.bottom)
        yield Box(box.x0, box.top, box.x0, box.bottom)
        yield Box(box.x1, box.top, box.x1, box.bottom)
    for curve in page.curves:
        if max(curve["x1"] - curve["x0"], curve["bottom"] - curve["top"]) > _LETTER:
            for (x0, y0), (x1, y1) in pairwise(curve["pts"]):
                yield Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _box(drawn: Mapping[str, Any]) -> Box:
    return Box(drawn["x0"], drawn["top"], drawn["x1"], drawn["bottom"])


def _moved(word: Word, left: float, top: float) -> Word:
    """The word by its place from the page's own corner."""
    if not left and not top:
        return word
    box = word.box
    return Word(
        word.text,
        Box(box.x0 - left, box.top - top, box.x1 - left, box.bottom - top),
        word.size,
        word.struck,
        word.raised,
    )


def _pictured(page: PdfPage) -> float:
    area = float(page.width * page.height) or 1.0
    return min(1.0, sum(float(image["width"] * image["height"]) for image in page.images) / area)
