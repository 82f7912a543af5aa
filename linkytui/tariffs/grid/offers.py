"""From a document to the offers in it, judged."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import Final

from linkytui.errors import GridError
from linkytui.i18n import _
from linkytui.reading.contracts import Contract
from linkytui.tariffs.grid.columns import Tax
from linkytui.tariffs.grid.document import Document, document_of
from linkytui.tariffs.grid.judge import APART, SLIP, judge
from linkytui.tariffs.grid.naming import is_for_mute_meters, is_for_professionals, offer_of, supplier_of
from linkytui.tariffs.grid.page import GridPage
from linkytui.tariffs.grid.parts import whole_prices
from linkytui.tariffs.grid.periods import hours_said
from linkytui.tariffs.grid.table import GridTable
from linkytui.tariffs.offers import CENT_OF_A_CENT, Offer, PriceKind, PriceSource, in_meter_order
from linkytui.wording.plain import plain

_MUTE: Final = "non communicant"
"""What stands after the name of an offer for meters that do not communicate: names are French."""
_AROUND: Final = re.compile(r"^(?:offre|option|tarif)s?\s+|\s*\(?\b(?:ttc|htt?)\b\)?", re.IGNORECASE)
"""What stands in the title of an option beside its name."""


@dataclass(frozen=True, slots=True)
class Grid:
    """What was read in one document."""

    offers: tuple[Offer, ...]
    """By offer, option and power."""
    notes: tuple[str, ...] = ()
    """What was left out or is odd, for a person, one line each."""


@dataclass(frozen=True, slots=True)
class _Named:
    """A table and whose prices it holds."""

    table: GridTable
    offer: str
    mute: bool
    """For meters that do not communicate."""
    professional: bool
    """For professionals alone."""


def grid_of(pages: Sequence[GridPage], file: str, sha256: str | None = None) -> Grid:
    """The offers that these pages hold.

    Args:
        pages: as `extract.pages_of` gives them.
        file: the document's name, for the source.
        sha256: of the document.

    Raises:
        GridError: they cannot be understood, or what they say cannot be.
    """
    document = document_of(pages, file)
    supplier = supplier_of(document)
    notes = list(document.problems)
    named: list[_Named] = []
    for table in whole_prices(document, notes):
        where = _("page {page}").format(page=table.page)
        if table.option:
            where = f"{where}: {table.option}"
        try:
            kept, said = _judged(table)
        except GridError as error:
            notes.append(f"{where}: {error}")
            continue
        notes += [f"{where}: {note}" for note in said]
        named.append(
            _Named(
                kept,
                offer_of(document, table, supplier),
                is_for_mute_meters(document, table),
                is_for_professionals(document, table),
            )
        )
    offers: list[Offer] = []
    for one in _distinct(named, notes):
        offers += _offers(one, document, supplier.name, file, sha256)
    if not offers:
        raise GridError(notes[0] if notes else _("it has no table of electricity prices by power"))
    return Grid(tuple(offers), tuple(dict.fromkeys(notes)))


def _judged(table: GridTable) -> tuple[GridTable, tuple[str, ...]]:
    """The rows of a table that count, and what a person should know of it.

    Raises:
        GridError: none counts; the text says why.
    """
    if not table.rows and table.left_out:
        raise GridError(next(iter(table.left_out.values())))
    if not table.whole:
        lacks_price = not any(row.prices for row in table.rows.values())
        raise GridError(_("it gives no prices per kWh") if lacks_price else _("it gives no subscription"))
    if table.option is None:
        raise GridError(_("its prices make none of the options known"))
    if any(Tax.TTC not in row.subscription or Tax.TTC not in row.prices for row in table.rows.values()):
        raise GridError(_("it gives no prices with taxes"))
    judged = judge(table)
    return judged.table, judged.notes


def _distinct(named: Sequence[_Named], notes: list[str]) -> list[_Named]:
    """The tables, each under a name of its own; those left out that are two with the same name and other prices."""
    by_key: dict[tuple[str, Contract | None], list[_Named]] = {}
    for one in named:
        offer = f"{one.offer} {_MUTE}" if one.mute else one.offer
        by_key.setdefault((offer, one.table.option), []).append(replace(one, offer=offer))
    found: list[_Named] = []
    for (offer, option), all_of_them in by_key.items():
        # What a supplier asks of professionals is told apart only where a household's stands beside it.
        ones = [one for one in all_of_them if not one.professional] or all_of_them
        notes += [
            _("page {page}: {option}: the prices for professionals are left out").format(
                page=one.table.page, option=option
            )
            for one in all_of_them
            if one not in ones
        ]
        different = [one for place, one in enumerate(ones) if all(one.table.rows != o.table.rows for o in ones[:place])]
        if len(different) == 1 or _go_on([one.table for one in different]):
            found += different
        elif option is Contract.OTHER and _are_told_apart([one.table for one in different]):
            found += [replace(one, offer=_with_option(offer, one.table.titles[-1])) for one in different]
        else:
            pages = ", ".join(str(page) for page in sorted({one.table.page for one in different}))
            notes.append(
                _("page {page}: {option}: left out, the document has several of them with different prices").format(
                    page=pages, option=option
                )
            )
    return found


def _go_on(tables: Sequence[GridTable]) -> bool:
    """Each goes on where the one before it ended: one table over several pages, or in blocks side by side."""
    parts = sorted(tables, key=lambda table: min(table.rows))
    return all(
        min(lower.rows) > max(upper.rows)
        and lower.rows[min(lower.rows)].subscription[Tax.TTC]
        >= upper.rows[max(upper.rows)].subscription[Tax.TTC] * SLIP
        and _registers(lower) == _registers(upper)
        and all(
            abs(price / upper.rows[max(upper.rows)].prices[Tax.TTC][register] - 1) <= APART
            for register, price in lower.rows[min(lower.rows)].prices[Tax.TTC].items()
        )
        for upper, lower in pairwise(parts)
    )


def _registers(table: GridTable) -> set[str]:
    return {register for row in table.rows.values() for register in row.prices[Tax.TTC]}


def _are_told_apart(tables: Sequence[GridTable]) -> bool:
    """Each has a title of its own."""
    return all(table.titles for table in tables) and len({table.titles[-1] for table in tables}) == len(tables)


def _with_option(offer: str, title: str) -> str:
    """The name of an offer with that of one of its own options."""
    name = _AROUND.sub("", title).strip()
    return offer if plain(name) in plain(offer) else f"{offer} {name}"


def _offers(one: _Named, document: Document, provider: str, file: str, sha256: str | None) -> list[Offer]:
    """The offers of a table.

    Raises:
        GridError: nothing says from which day they hold.
    """
    option = one.table.option or Contract.OTHER
    day = document.valid_from(one.table.page)
    if day is None:
        raise GridError(_("it does not say from which day its prices hold"))
    return [
        Offer(
            provider=provider,
            offer=one.offer,
            option=option,
            power_kva=power,
            subscription=_monthly(row.subscription[Tax.TTC]),
            prices=in_meter_order(option, row.prices[Tax.TTC]),
            valid_from=day,
            source=PriceSource(kind=PriceKind.GRID, file=file, sha256=sha256, page=one.table.page),
            hours=_hours(one.table, document) if option is Contract.OTHER else {},
            mute=one.mute,
        )
        for power, row in sorted(one.table.rows.items())
    ]


def _hours(table: GridTable, document: Document) -> Mapping[str, str]:
    """What the document says of when each period of an own calendar is."""
    periods = list(next(iter(table.rows.values())).prices[Tax.TTC])
    lines = [line for page in document.pages for line in page.text.split("\n")]
    return hours_said(periods, [*table.heads, *(s for page in document.pages for s in _sentences(page)), *lines])


def _sentences(page: GridPage) -> list[str]:
    return re.split(r"(?<=[.;])\s+|\s+(?=\(\d\)|[•▪●-] )", " ".join(page.text.split()))


def _monthly(year: Decimal) -> Decimal:
    """EUR a month, as exact as it was printed, or to a hundredth of a cent."""
    month = (year / 12).quantize(CENT_OF_A_CENT)
    cents = month.quantize(Decimal("0.01"))
    return cents if cents == month else month
