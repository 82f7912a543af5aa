"""What hours, days, months and years cost, each for itself."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from linkytui.billing.bill import make_bill
from linkytui.billing.energy import Energy
from linkytui.billing.month import under_options
from linkytui.billing.plan import Plan
from linkytui.billing.rate import cost_by_register
from linkytui.billing.record import Record
from linkytui.civil.days import DAY, HOUR, local
from linkytui.civil.times import Timestamp
from linkytui.history.results import Span
from linkytui.tariffs.book import PriceBook
from linkytui.tariffs.offers import PricesOn


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanCost:
    """What a stretch of time cost."""

    energy: Mapping[str, Decimal]  # EUR by register
    subscription: Decimal  # EUR; an hour has none, since it is paid by the day

    @property
    def total(self) -> Decimal:
        """EUR."""
        return sum(self.energy.values(), Decimal("0.00")) + self.subscription

    def as_json(self) -> dict[str, float]:
        """The object that `history --json` prints."""
        energy = {name: float(amount) for name, amount in self.energy.items()}
        return {**energy, "subscription": float(self.subscription), "total": float(self.total)}


def span_costs(
    record: Record, spans: Sequence[Span], plan: Plan, book: PriceBook, *, now: Timestamp
) -> Iterator[SpanCost | None]:
    """What each of some spans cost; None where nothing is recorded, or a price is not known.

    The record holds the energy of all of them.
    """
    energies, _reason = under_options(record, plan)
    prices = plan.prices(book)
    for span in spans:
        start, end = span.start.timestamp(), span.end.timestamp()
        low, high = (bisect_left(energies, at, key=lambda energy: energy.start) for at in (start, end))
        inside = energies[low:high]
        if not inside:
            yield None
        elif end - start <= HOUR:
            yield _hour(inside, prices, record)
        else:
            yield _days(inside, prices, record, span, now)


def _hour(energies: Sequence[Energy], prices: PricesOn, record: Record) -> SpanCost | None:
    wh: dict[str, int] = {}
    for energy in energies:
        for name, drawn in energy.wh.items():
            wh[name] = wh.get(name, 0) + drawn
    amounts = cost_by_register(wh, prices, local(energies[0].start, record.zone).date())
    return None if amounts is None else SpanCost(energy=amounts, subscription=Decimal("0.00"))


def _days(energies: Sequence[Energy], prices: PricesOn, record: Record, span: Span, now: Timestamp) -> SpanCost | None:
    first, end = span.start.date(), local(span.end.timestamp() + DAY // 2, record.zone).date()
    bill = make_bill(energies, prices, first, end, now=now, zone=record.zone)
    if bill.unpriced or not bill.subscription_lines:
        return None
    energy = {name: amount for name, amount in bill.energy.items() if bill.wh.get(name)}
    return SpanCost(energy=energy, subscription=bill.subscription)
