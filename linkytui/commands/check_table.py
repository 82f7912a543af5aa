"""An invoice beside the meter, for people: each line, whether it agrees, and why it does not."""

from collections.abc import Iterator, Sequence

from linkytui.billing.check import Checked, Verdict
from linkytui.billing.rows import days_text
from linkytui.civil.days import ONE_DAY
from linkytui.commands.columns import fitted
from linkytui.i18n import _, ngettext, number
from linkytui.wording.terms import money


def check_table(rows: Sequence[Checked]) -> Iterator[str]:
    """The lines of the table; the reasons stand under what they explain."""
    words = {Verdict.AGREES: _("agrees"), Verdict.DIFFERS: _("DIFFERS"), Verdict.UNKNOWN: _("not known")}
    cells = [("", "", "", _("by the meter"), "EUR")]
    cells += [
        (_title(row), days_text(row.first, row.end - ONE_DAY), words[row.verdict], _quantity(row), _amount(row))
        for row in rows
    ]
    heading, *table = fitted(cells, 3)
    yield heading
    for row, line in zip(rows, table, strict=True):
        yield line
        for reason in row.reasons:
            yield f"    {reason}"
    wrong = sum(row.verdict is Verdict.DIFFERS for row in rows)
    yield ""
    if wrong:
        yield ngettext("{count} of {all} lines differs.", "{count} of {all} lines differ.", wrong).format(
            count=number(wrong), all=number(len(rows))
        )
    else:
        yield _("Everything that can be compared agrees.")


def _title(row: Checked) -> str:
    return _("{register}, register").format(register=row.what) if row.kind == "index" else row.what


def _quantity(row: Checked) -> str:
    if row.quantity is None:
        return ""
    if row.kind in ("subscription", "cta"):
        return _("{count} months").format(count=number(float(row.quantity), 2))
    return f"{number(float(row.quantity), 3)} kWh"


def _amount(row: Checked) -> str:
    """Without VAT as an invoice has it, where the taxes are known; the total with them."""
    amount = row.without_vat if row.without_vat is not None else row.amount
    return "" if amount is None else money(amount)
