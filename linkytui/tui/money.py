"""Answers what energy costs, on demand: what is needed to work that out is loaded with the first question."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linkytui.billing.account import Account
    from linkytui.billing.compare import Comparison
    from linkytui.history import HistoryReader
    from linkytui.reading import Contract
    from linkytui.settings.model import Settings
    from linkytui.tui.costs import Costs


@dataclass(frozen=True, slots=True)
class Money:
    """Answers what energy costs. Each question takes the price book as it is then: grids are fetched meanwhile.

    Every method reads the disk, on a thread that may wait, and raises `HistoryError` when the history cannot be read.
    """

    settings: "Settings"
    open_history: "Callable[[], HistoryReader]"
    book: Path | None = None
    """File of the price book; the usual one when None."""

    @property
    def account(self) -> "Account":
        """Settings, prices and history as they are now."""
        from linkytui.billing.account import Account
        from linkytui.tariffs.bookfile import known_prices

        return Account(self.settings, self.open_history(), known_prices(self.book))

    def costs(self, now: float, contract: "Contract | None", subscribed_kva: float | None) -> "Costs":
        """What the dashboard shows.

        Args:
            now: seconds since 1970.
            contract: as the meter says it; None when it did not yet.
            subscribed_kva: likewise.
        """
        from linkytui.tui.costs import costs_of

        return costs_of(self.account, now, contract, subscribed_kva)

    def offers(self, now: float, contract: "Contract | None", subscribed_kva: float | None) -> "Comparison":
        """What every known offer would ask; arguments as for `costs`."""
        account = self.account
        return account.comparison(account.plan(now, contract=contract, subscribed_kva=subscribed_kva), now=now)
