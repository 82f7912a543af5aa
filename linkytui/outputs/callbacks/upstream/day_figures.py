"""What the day came to so far, for whoever looks at a fleet."""

from collections.abc import Callable
from typing import Final

from linkytui.billing.account import Account
from linkytui.civil.days import ONE_DAY, local
from linkytui.civil.times import Timestamp
from linkytui.errors import HistoryError
from linkytui.outputs.callbacks.upstream.live import Today

TODAY_EVERY: Final = 60.0  # seconds between two looks


class DayFigures:
    """The day so far, from the history. For one thread, which may have to wait for the disk."""

    def __init__(self, open_account: Callable[[], Account]) -> None:
        """Nothing is read yet."""
        self._open_account = open_account
        self._at: Timestamp | None = None
        self._today = Today()

    def at(self, now: Timestamp) -> Today:
        """The day so far, at most a minute old."""
        if self._at is None or not 0 <= now - self._at < TODAY_EVERY:
            self._at = now
            try:
                self._today = _today(self._open_account(), now)
            except HistoryError:
                self._today = Today()  # whoever keeps the history says so
        return self._today


def _today(account: Account, now: Timestamp) -> Today:
    moment = local(now, account.zone)
    span = account.reader.today(moment)
    if not span.covered_s:
        return Today()
    bill = account.days(account.plan(now), moment.date(), moment.date() + ONE_DAY, now=now)
    return Today(span.total_wh, float(bill.total) if bill.lines else None)
