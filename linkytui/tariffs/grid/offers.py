"""From a document to the offers in it, checked."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from linkytui.errors import GridError
from linkytui.i18n import _
from linkytui.reading.contracts import Contract
from linkytui.tariffs.grid.checks import check
from linkytui.tariffs.grid.columns import Tax
from linkytui.tariffs.grid.document import document_of
from linkytui.tariffs.grid.raw import RawPage
from linkytui.tariffs.grid.tables import GridTable
from linkytui.tariffs.offers import CENT_OF_A_CENT, Offer, PriceKind, PriceSource, in_meter_order
from linkytui.tariffs.suppliers import supplier_of


@dataclass(frozen=True, slots=True)
class Grid:
    """What was read in one document."""

    offers: tuple[Offer, ...]  # by option and power
    notes: tuple[str, ...] = ()  # what was left out and why, for a person, one line each


def grid_of(pages: Sequence[RawPage], file: str, sha256: str | None = None) -> Grid:
    """The offers that these pages hold; GridError when they cannot be understood, or what they say cannot be."""
    document = document_of(pages, file)
    supplier = supplier_of(document)
    name = supplier.offer(document)
    notes = []
    by_option: dict[Contract, GridTable] = {}
    for table in supplier.tables(document):
        if not table.whole:
            continue
        where = _("page {page}").format(page=table.page)
        if table.option is Contract.OTHER:
            reason = _("its hours are of the supplier's own calendar, which cannot be billed")
            notes.append(_("{where}: left out, {reason}").format(where=where, reason=reason))
            continue
        if table.option is None:
            raise GridError(_("{where}: its prices make none of the options known").format(where=where))
        try:
            _add(by_option, table)
        except GridError as error:
            raise GridError(f"{where}: {table.option}: {error}") from error
    if not by_option:
        raise GridError(notes[0] if notes else _("it has no table of electricity prices by power"))
    offers = [
        Offer(
            provider=supplier.name,
            offer=name,
            option=option,
            power_kva=power,
            subscription=_monthly(row.subscription[Tax.TTC]),
            prices=in_meter_order(option, row.prices[Tax.TTC]),
            valid_from=document.valid_from,
            source=PriceSource(kind=PriceKind.GRID, file=file, sha256=sha256, page=table.page),
        )
        for option, table in by_option.items()
        for power, row in sorted(table.rows.items())
    ]
    return Grid(tuple(offers), tuple(notes))


def _add(by_option: dict[Contract, GridTable], table: GridTable) -> None:
    if any(Tax.TTC not in row.subscription or Tax.TTC not in row.prices for row in table.rows.values()):
        raise GridError(_("it gives no prices with taxes"))
    check(table)
    known = by_option.get(table.option or Contract.OTHER)
    if known is not None and known.rows != table.rows:
        raise GridError(_("the document has two of them with different prices"))
    by_option[table.option or Contract.OTHER] = known or table


def _monthly(year: Decimal) -> Decimal:
    """EUR a month, as exact as it was printed, or to a hundredth of a cent."""
    month = (year / 12).quantize(CENT_OF_A_CENT)
    cents = month.quantize(Decimal("0.01"))
    return cents if cents == month else month
