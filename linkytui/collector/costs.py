"""What it costs while the reading goes on, for alerts, InfluxDB and status bars; price grids kept up to date."""

import logging
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from linkytui.billing import Account, MonthPrices
from linkytui.billing.energy import local
from linkytui.history import HistoryReader
from linkytui.listener import Listener
from linkytui.relay.report import CostReport
from linkytui.settings import Settings
from linkytui.tariffs.bookfile import book_file, read_book
from linkytui.tariffs.status import StatusFile, sources_of
from linkytui.tariffs.update import Updater

if TYPE_CHECKING:
    from linkytui.callbacks.influxdb import PriceFeed

_LOG: Final = logging.getLogger(__name__)

_FIRST_LOOK: Final = 10.0
_LOOK_EVERY: Final = 3600.0
"""Seconds between two looks whether a grid is due; most are fetched once a month."""


class CostWatch:
    """Works out costs from the history that this process keeps."""

    def __init__(self, settings: Settings, reader: HistoryReader, clock: Callable[[], float] = time.time) -> None:
        """Nothing is read.

        Args:
            settings: all of them; may be replaced at any time.
            reader: of the history.
            clock: seconds since 1970.
        """
        self.settings = settings
        self.cost: CostReport | None = None
        """Of the month that runs, as it was last worked out."""
        self.feed: PriceFeed = MonthPrices(self._account)
        """For InfluxDB."""
        self._reader = reader
        self._clock = clock

    def estimate(self) -> float | None:
        """EUR that the month will have cost; None when that cannot be told.

        Raises:
            HistoryError: the history cannot be read.
        """
        self.cost = cost_of(self._account(), self._clock())
        return self.cost.estimate_eur

    def _account(self) -> Account:
        return Account(self.settings, self._reader, read_book(book_file()))


def cost_of(account: Account, now: float) -> CostReport:
    """What the month that runs costs.

    Args:
        account: settings, prices and history.
        now: seconds since 1970.

    Raises:
        HistoryError: the history cannot be read.
    """
    month = account.month(account.plan(now), local(now, account.zone).date(), now=now)
    known = bool(month.bill.lines)
    return CostReport(
        month_eur=float(month.bill.total) if known else None,
        estimate_eur=float(month.estimate.total) if known and month.estimate is not None else None,
    )


class GridKeeper(Listener):
    """Fetches price grids when they are due, on a thread of its own, as long as this process runs."""

    def __init__(self, settings: Settings) -> None:
        """Begin; the first look comes after some seconds.

        Args:
            settings: all of them; may be replaced at any time.
        """
        self.settings = settings
        self._stop = threading.Event()
        threading.Thread(target=self._run, name="prices", daemon=True).start()

    def close(self) -> None:
        self._stop.set()

    def _run(self) -> None:
        updater = Updater(book=book_file(), statuses=StatusFile(), sleep=self._stop.wait)
        wait = _FIRST_LOOK
        while not self._stop.wait(wait):
            wait = _LOOK_EVERY
            try:
                updater.update(sources_of(self.settings.tariff), stopped=self._stop.is_set)
            except Exception:
                _LOG.exception("the price grids could not be looked after")
