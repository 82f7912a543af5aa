"""The month's cost with every known offer, in the form that linkypy's Grafana dashboard reads."""

from collections.abc import Callable
from typing import Final

from linkytui.billing.account import Account
from linkytui.billing.compare import Compared
from linkytui.civil.times import Timestamp
from linkytui.outputs.callbacks.influxdb.points import OfferCost
from linkytui.reading.contracts import Contract
from linkytui.tariffs.names import linkypy_names

KEPT_SECONDS: Final = 300.0
"""Costs move by cents: they are worked out that often, and told as often as they are asked for."""

_BY_HAND: Final = "hand"
"""Stands for supplier and offer of prices by hand that correct no known offer: a tag may not be empty."""

_PEAK_AND_OFF_PEAK: Final = {Contract.HPHC: ("HP", "HC"), Contract.TEMPO: ("HPJB", "HCJB"), Contract.EJP: ("PM", "HN")}


class MonthPrices:
    """Costs of the month that runs: a `PriceFeed` of the InfluxDB callback. For one thread."""

    def __init__(self, open_account: Callable[[], Account], kept: float = KEPT_SECONDS) -> None:
        """Make it; nothing is read. The account is opened as it is now, each time that costs were kept for so many
        seconds.
        """
        self._open_account = open_account
        self._kept = kept
        self._at: float | None = None
        self._costs: tuple[OfferCost, ...] = ()

    def costs(self, at: Timestamp) -> tuple[OfferCost, ...]:
        """The month's cost with every known offer that the meter's registers can be billed by.

        Raises HistoryError: the history cannot be read.
        """
        # Nothing is not kept: the first frames of a new history are worth a cost at once.
        if self._at is None or not self._costs or not 0 <= at - self._at < self._kept:
            account = self._open_account()
            comparison = account.month_comparison(account.plan(at), now=at)
            self._costs = tuple(_cost(row) for row in comparison.rows if row.bill.start is not None and not row.reason)
            self._at = at
        return self._costs


def _cost(row: Compared) -> OfferCost:
    provider, name = linkypy_names(row.offer.key)
    prices = row.offer.prices
    peak, off_peak = _PEAK_AND_OFF_PEAK.get(row.offer.option) or (next(iter(prices)), next(iter(prices)))
    energy = row.bill.energy_total
    expected = row.estimate.bill.energy_total if row.estimate is not None else energy
    return OfferCost(
        provider=provider or _BY_HAND,
        offer_name=name or _BY_HAND,
        offer_type=row.offer.option.value,
        power=row.offer.power_kva,
        subscription_price=float(row.offer.subscription),
        hp_kwh_price=float(prices[peak]),
        hc_kwh_price=float(prices[off_peak]),
        current_cost=float(energy + row.whole_subscription),
        estimated_cost=float(expected + row.whole_subscription),
    )
