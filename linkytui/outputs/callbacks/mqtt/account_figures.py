"""The account's figures for MQTT, from the history."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Final

from linkytui.billing.account import Account
from linkytui.billing.bill import Bill
from linkytui.billing.hours import hours_of
from linkytui.billing.kept_hours import read_hours
from linkytui.billing.remarks import cost_remarks
from linkytui.civil.days import ONE_DAY, local, midnight
from linkytui.civil.off_peak import OffPeak
from linkytui.civil.tempo import days_left, tempo_day
from linkytui.civil.times import Timestamp
from linkytui.outputs.callbacks.mqtt.figures import Figures
from linkytui.reading.contracts import INJECTED, Contract
from linkytui.reading.model import Reading
from linkytui.reading.outlook import Hours
from linkytui.tic.status import Colour

KEPT_SECONDS: Final = 60.0
"""Costs move by cents, and the energy dashboard goes by hours: they are worked out that often."""

_NOTHING_KEPT: Final = 5.0  # seconds: the first minutes of a new history are worth a cost at once

_LEARN_EVERY: Final = 900.0  # seconds between two looks through the record for the hours that it shows

_WATT_HOURS: Final = 1000
_PLACES: Final = Decimal("0.0001")


class AccountFigures:
    """A `FiguresFeed` from the history. For one thread, which may have to wait for the disk."""

    def __init__(self, open_account: Callable[[], Account], kept: float = KEPT_SECONDS) -> None:
        """Make it; nothing is read. The account is opened as it is now, each time that figures were kept for so many
        seconds.
        """
        self._open_account = open_account
        self._kept = kept
        self._at: Timestamp | None = None
        self._asked: tuple[object, ...] = ()
        self._figures: Figures | None = None
        self._learned_at: Timestamp | None = None
        self._learned: OffPeak | None = None

    def at(self, now: Timestamp, latest: Reading) -> Figures:
        """The account, at most so many seconds old; it is asked at once when the meter says another contract or
        colour.
        """
        asked = latest.contract, latest.subscribed, latest.today
        nothing = self._figures is None or self._figures.month is None
        kept = min(self._kept, _NOTHING_KEPT) if nothing else self._kept
        old = self._at is None or not 0 <= now - self._at < kept
        if self._figures is None or old or asked != self._asked:
            account = self._open_account()
            self._figures = _figures(account, now, latest, self._hours(account, now, latest))
            self._at, self._asked = now, asked
        return self._figures

    def _hours(self, account: Account, now: Timestamp, latest: Reading) -> Hours:
        """What is known of the hours; the record is looked through now and then, where the meter does not say them."""
        if latest.next_profile is not None or (
            self._learned_at is not None and 0 <= now - self._learned_at < _LEARN_EVERY
        ):
            return replace(hours_of(account, now, learned=False), learned=self._learned)
        hours = hours_of(account, now)
        self._learned_at, self._learned = now, hours.learned
        return hours


def _figures(account: Account, now: Timestamp, latest: Reading, hours: Hours) -> Figures:
    plan = account.plan(now, contract=latest.contract, subscribed_kva=latest.subscribed)
    day = local(now, account.zone).date()
    month = account.month(plan, day, now=now)
    yesterday = account.days(plan, day - ONE_DAY, day, now=now)
    bill, estimate = month.bill, month.estimate
    known = bool(bill.lines or bill.subscription_lines)
    return Figures(
        day=day,
        prices=plan.prices(account.book),
        month_began=local(midnight(month.month, account.zone), account.zone),
        month=bill.total if known else None,
        whole=bill.complete,
        counts_from=local(bill.start, account.zone) if bill.start is not None else None,
        estimate=estimate.total if known and estimate is not None else None,
        low=estimate.low if estimate is not None else None,
        high=estimate.high if estimate is not None else None,
        # A day of which a part is not recorded, or has no price, would look cheap.
        yesterday=yesterday.total if yesterday.lines and yesterday.complete else None,
        energy=_energy(bill),
        income=None if account.settings.tariff.injection_price is None else bill.income,
        remarks=cost_remarks(month, account.book, account.zone, now=now),
        hours=hours,
        called=account.called(plan, now),
        paid=account.paid(plan, now),
        kept_hours=read_hours(account.reader.folder),
        days_left=_days_left(hours, now, latest) if latest.contract is Contract.TEMPO else {},
    )


def _energy(bill: Bill) -> Mapping[str, Decimal]:
    """EUR by register, finer than a bill: a cent is what some registers count in an hour."""
    sums = {register: Decimal(0) for register in bill.energy if register != INJECTED}
    for line in bill.lines:
        sums[line.register] += line.wh * line.price / _WATT_HOURS
    return {register: amount.quantize(_PLACES) for register, amount in sums.items()}


def _days_left(hours: Hours, now: Timestamp, latest: Reading) -> Mapping[Colour, int]:
    day = tempo_day(now)
    return days_left(day, hours.colours if latest.today is None else {**hours.colours, day: latest.today})
