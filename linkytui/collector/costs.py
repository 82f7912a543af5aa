"""Keeps the current cost up to date for alerts, InfluxDB and status bars."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from linkytui.billing.account import Account
from linkytui.civil.days import local
from linkytui.civil.times import Timestamp
from linkytui.history.reader import HistoryReader
from linkytui.line.relay.report import CostReport
from linkytui.outputs.callbacks.influxdb.month_prices import MonthPrices
from linkytui.settings.model import Settings
from linkytui.tariffs.bookfile import known_prices

if TYPE_CHECKING:
    from linkytui.outputs.callbacks.influxdb.points import PriceFeed


class CostWatch:
    """Works out costs from the history that this process keeps."""

    def __init__(self, settings: Settings, reader: HistoryReader, clock: Callable[[], Timestamp] = time.time) -> None:
        """Nothing is read."""
        self.settings = settings
        self.cost: CostReport | None = None  # of the month that runs, as it was last worked out
        self.feed: PriceFeed = MonthPrices(self.account)  # for InfluxDB
        self._reader = reader
        self._clock = clock

    def estimate(self) -> float | None:
        """EUR that the month will have cost; None when that cannot be told.

        Raises HistoryError: the history cannot be read.
        """
        self.cost = cost_report(self.account(), self._clock())
        return self.cost.estimate_eur

    def account(self) -> Account:
        """The account as the settings of now tell it. Nothing is read before it is asked."""
        return Account(self.settings, self._reader, known_prices())


def cost_report(account: Account, now: Timestamp) -> CostReport:
    """What the month that runs costs; HistoryError when the history cannot be read."""
    month = account.month(account.plan(now), local(now, account.zone).date(), now=now)
    known = bool(month.bill.lines)
    return CostReport(
        month_eur=float(month.bill.total) if known else None,
        estimate_eur=float(month.estimate.total) if known and month.estimate is not None else None,
    )
