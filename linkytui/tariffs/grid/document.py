"""A supplier's document: its pages, the tables understood in them, and the day from which it holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from linkytui.errors import GridError
from linkytui.i18n import _
from linkytui.tariffs.grid.dates import grid_date
from linkytui.tariffs.grid.raw import RawPage
from linkytui.tariffs.grid.tables import GridTable, tables_of


@dataclass(frozen=True, slots=True)
class Document:
    """What a document says, before it is known whose it is."""

    file: str  # its name, for a person
    pages: tuple[RawPage, ...]
    tables: tuple[GridTable, ...]  # in the order of the pages
    valid_from: date

    @property
    def text(self) -> str:
        """All its text, the pages with prices first."""
        return "\n".join(page.text for page in _priced_first(self.pages, self.tables))

    @property
    def cells(self) -> tuple[str, ...]:
        """What stands in the cells of its tables, each on one line."""
        return tuple(
            " ".join(cell.split())
            for page in self.pages
            for table in page.tables
            for row in table.cuts[0]
            for cell in row
            if cell
        )


def document_of(pages: Sequence[RawPage], file: str) -> Document:
    """The document that these pages make.

    Raises GridError: it has no table of electricity prices, one that makes no sense, or no date.
    """
    found = [tables_of(page) for page in pages]
    problem = next((problem for page in found for problem in page.problems), None)
    if problem:
        raise GridError(problem)
    tables = [table for page in found for table in page.tables]
    if not tables:
        raise GridError(
            _("its hours are of the supplier's own calendar, which cannot be billed")
            if any(page.own for page in found)
            else _("it has no table of electricity prices by power")
        )
    day = grid_date([page.text for page in _priced_first(pages, tables)])
    if day is None:
        raise GridError(_("it does not say from which day its prices hold"))
    return Document(file, tuple(pages), tuple(tables), day)


def _priced_first(pages: Sequence[RawPage], tables: Sequence[GridTable]) -> list[RawPage]:
    priced = {table.page for table in tables}
    return sorted(pages, key=lambda page: page.number not in priced)
