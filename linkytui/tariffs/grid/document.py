"""A supplier's document: its pages, the tables understood in them, and the day from which each holds."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from linkytui.errors import GridError
from linkytui.i18n import _
from linkytui.tariffs.grid.apart import with_prices_apart
from linkytui.tariffs.grid.dates import grid_date
from linkytui.tariffs.grid.kinds import is_dark, why_no_grid
from linkytui.tariffs.grid.page import GridPage
from linkytui.tariffs.grid.table import GridTable
from linkytui.tariffs.grid.tables import tables_of
from linkytui.tariffs.grid.titles import TitleLine, lines_of_page


@dataclass(frozen=True, slots=True)
class Document:
    """What a document says, before it is known whose it is."""

    file: str
    """Its name, for a person."""
    pages: tuple[GridPage, ...]
    tables: tuple[GridTable, ...]
    """In the order of the pages."""
    problems: tuple[str, ...] = ()
    """Why other tables of prices could not be understood, for a person."""
    lines: tuple[TitleLine, ...] = field(default=(), repr=False)
    """Its lines and titles, page by page."""

    @property
    def text(self) -> str:
        """All its text, the pages with prices first."""
        return "\n".join(page.text for page in _priced_first(self.pages, self.tables))

    def valid_from(self, page: int) -> date | None:
        """The day from which the prices of a page hold: its own words count before those of the others."""
        own = [one.text for one in self.pages if one.number == page]
        others = [one.text for one in _priced_first(self.pages, self.tables) if one.number != page]
        return grid_date([*own, *others])


def document_of(pages: Sequence[GridPage], file: str) -> Document:
    """The document that these pages make.

    Raises:
        GridError: it has no table of electricity prices.
    """
    found = tables_of(pages)
    tables = tuple(with_prices_apart(pages, [table for page in found for table in page.tables]))
    problems = [problem for page in found for problem in page.problems]
    if not tables:
        raise GridError(problems[0] if problems else why_no_grid(pages))
    problems += [
        _("page {page}: it names powers, kWh and prices, but no table of them could be understood").format(
            page=page.number
        )
        for page, one in zip(pages, found, strict=True)
        if not one.tables and not one.problems and is_dark(page)
    ]
    lines = tuple(line for page in pages for line in lines_of_page(page))
    return Document(file, tuple(pages), tables, tuple(problems), lines)


def _priced_first(pages: Sequence[GridPage], tables: Sequence[GridTable]) -> list[GridPage]:
    priced = {table.page for table in tables}
    return sorted(pages, key=lambda page: page.number not in priced)
