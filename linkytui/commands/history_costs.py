"""The costs that stand beside the history, read in pieces as the history is, so that memory stays flat."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Final

from linkytui.billing.account import Account
from linkytui.billing.over_time import SpanCost
from linkytui.history import Span
from linkytui.outputs.exporting.tables import ExportColumn, ExportTable
from linkytui.settings.model import Settings

_AT_ONCE: Final = 100  # spans; of years some


class CostsInParts:
    """Works out what spans cost, some at a time."""

    def __init__(self, settings: Settings, now: float) -> None:
        """Open the account; `now` in seconds since 1970."""
        self._account = Account.open(settings)
        self._plan = self._account.plan(now)
        self._now = now

    @property
    def called(self) -> Mapping[str, str]:
        """What the registers of the supplier's own calendar are called, for people."""
        return self._account.called(self._plan, self._now)

    def beside(self, spans: Iterable[Span]) -> Iterator[tuple[Span, SpanCost | None]]:
        """Each span with what it cost, as `Account.spans` tells it."""
        coming = iter(spans)
        while some := list(islice(coming, _AT_ONCE)):
            yield from zip(some, self._account.spans(self._plan, some, now=self._now), strict=True)

    def added(self, table: ExportTable, spans: Iterable[Span]) -> ExportTable:
        """A table of these spans with their costs in columns at its end: EUR per register, subscription and total."""
        registers = [column.name.removesuffix("_wh") for column in table.columns if column.name.endswith("_wh")]
        registers = [name for name in registers if name not in ("total", "injected", "estimated")]
        names = [*registers, "subscription", "total"]
        columns = (*table.columns, *(ExportColumn(f"{name}_eur", "money") for name in names))

        def cells(cost: SpanCost | None) -> tuple[str | None, ...]:
            if cost is None:
                return (None,) * len(names)
            energy = (cost.energy.get(name) for name in registers)
            return tuple(None if amount is None else str(amount) for amount in (*energy, cost.subscription, cost.total))

        costs = self.beside(spans)
        rows = ((*row, *cells(cost)) for row, (_span, cost) in zip(table.rows, costs, strict=True))
        return ExportTable(columns, rows)
