"""The comparison of offers as a printed table."""

from collections.abc import Iterator, Sequence
from typing import Final

from linkytui.billing.compare import Compared, Comparison
from linkytui.commands.columns import columns
from linkytui.i18n import _, listed, long_date, number, short_month, titled
from linkytui.wording.terms import contract_name, money

_WIDTHS: Final = (11, 12, 12, 8)  # characters of the columns of figures
_UNKNOWN: Final = "- "


def offers_table(comparison: Comparison) -> Iterator[str]:
    """The lines of the table, the cheapest offer first."""
    reasons = tuple(dict.fromkeys(row.reason for row in comparison.rows if row.reason))
    names = [_name(row, reasons) for row in comparison.rows]
    options = [contract_name(row.offer.option) for row in comparison.rows]
    widths = max(map(len, names)) + 2, max(map(len, options))
    heads = short_month(comparison.month), _("a year"), _("difference"), _("known")
    yield _line(widths, "", "", [f"{head} " for head in heads])
    for name, option, row in zip(names, options, comparison.rows, strict=True):
        yield _line(widths, name, option, _figures(row))
    yield ""
    yield _("> marks your offer. Amounts in EUR, taxes and subscription included.")
    yield _("{month}: this month so far, today included.").format(month=short_month(comparison.month))
    yield _("a year: what was recorded in the last 365 days, scaled to a full year, at today's prices.")
    yield _("known: the share of these 365 days that is recorded.")
    if any(_partial(row) for row in comparison.rows):
        yield _(
            "~ partly known: some time is missing, so some seasons or days of the week weigh too much or too little."
        )
    for place, reason in enumerate(reasons, 1):
        yield f"({place}) {reason}"
    yield ""
    yield from _dates(comparison.rows)


def _name(row: Compared, reasons: Sequence[str]) -> str:
    mark = ">" if row.mine else " "
    note = f" ({reasons.index(row.reason) + 1})" if row.reason else ""
    return f"{mark} {row.offer.key.title}{note}"


def _figures(row: Compared) -> list[str]:
    year = row.year
    month = _UNKNOWN if row.bill.start is None else money(row.bill.total) + ("~" if not row.bill.complete else " ")
    yearly = difference = known = _UNKNOWN
    if year is not None:
        known = number(100 * year.coverage) + " %"
        if year.per_year is not None:
            yearly = money(year.per_year) + ("~" if year.partial else " ")
    if row.difference is not None and not row.mine:
        difference = ("+" if row.difference > 0 else "") + money(row.difference) + " "
    return [month, yearly, difference, known]


def _partial(row: Compared) -> bool:
    month = row.bill.start is not None and not row.bill.complete
    return month or (row.year is not None and row.year.per_year is not None and row.year.partial)


def _dates(rows: Sequence[Compared]) -> Iterator[str]:
    """From when the prices of each offer hold, the offers with the same day together."""
    dates: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        since = row.offer.valid_from
        text = _("Prices from {day}").format(day=long_date(since)) if since else _("Prices set by hand")
        dates.setdefault(text, {}).setdefault(row.offer.key.title, []).append(contract_name(row.offer.option))
    for text, offers in dates.items():
        yield titled(text, listed(*(f"{title}, {', '.join(options)}" for title, options in offers.items())))


def _line(widths: tuple[int, int], name: str, option: str, figures: Sequence[str]) -> str:
    return columns((name, option, *figures), (-widths[0], -widths[1], *_WIDTHS))
