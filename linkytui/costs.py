"""What the dashboard shows of money: the month, today, yesterday, and the prices that hold now."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from linkytui.billing import Bill, MonthCost, PricesOn
from linkytui.billing.account import Account
from linkytui.billing.compare import Comparison
from linkytui.billing.energy import local
from linkytui.billing.remarks import cost_remarks
from linkytui.history import HistoryReader
from linkytui.reading import Contract
from linkytui.settings import Settings
from linkytui.tariffs.bookfile import book_file, read_book


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """Money at one moment."""

    day: date
    month: MonthCost
    today: Bill
    yesterday: Bill
    prices: PricesOn
    """What is paid, by option and day."""
    remarks: tuple[str, ...]
    """What must be known of these figures, the weightiest first."""


@dataclass(frozen=True, slots=True)
class Money:
    """Answers what energy costs. Each question takes the price book as it is then: grids are fetched meanwhile.

    Every method reads the disk, on a thread that may wait, and raises `HistoryError` when the history cannot be read.
    """

    settings: Settings
    reader: HistoryReader
    book: Path | None = None
    """File of the price book; the usual one when None."""

    @property
    def account(self) -> Account:
        """Settings, prices and history as they are now."""
        return Account(self.settings, self.reader, read_book(self.book or book_file()))

    def costs(self, now: float, contract: Contract | None, subscribed_kva: float | None) -> Costs:
        """What the dashboard shows.

        Args:
            now: seconds since 1970.
            contract: as the meter says it; None when it did not yet.
            subscribed_kva: likewise.
        """
        return costs_of(self.account, now, contract, subscribed_kva)

    def offers(self, now: float, contract: Contract | None, subscribed_kva: float | None) -> Comparison:
        """What every known offer would ask; arguments as for `costs`."""
        account = self.account
        return account.comparison(account.plan(now, contract=contract, subscribed_kva=subscribed_kva), now=now)


def costs_of(account: Account, now: float, contract: Contract | None, subscribed_kva: float | None) -> Costs:
    """Work out what the dashboard shows.

    Args:
        account: settings, prices and history.
        now: seconds since 1970.
        contract: as the meter says it; None when it did not yet.
        subscribed_kva: likewise.

    Raises:
        HistoryError: the history cannot be read.
    """
    plan = account.plan(now, contract=contract, subscribed_kva=subscribed_kva)
    day = local(now, account.zone).date()
    month = account.month(plan, day, now=now)
    return Costs(
        day=day,
        month=month,
        today=account.days(plan, day, day + timedelta(days=1), now=now),
        yesterday=account.days(plan, day - timedelta(days=1), day, now=now),
        prices=plan.prices(account.book),
        remarks=cost_remarks(month, account.book, account.zone, now=now),
    )
