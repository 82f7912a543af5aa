"""The dashboard's costs: the month, today, yesterday, this hour, and the prices in force."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from linkytui.billing.account import Account
from linkytui.billing.bill import Bill
from linkytui.billing.month import MonthCost
from linkytui.billing.paid import PaidRegister, as_counted
from linkytui.billing.plan import Plan
from linkytui.billing.remarks import cost_remarks
from linkytui.civil.days import HOUR, ONE_DAY, local
from linkytui.civil.spans import By
from linkytui.civil.times import Timestamp
from linkytui.reading.contracts import Contract
from linkytui.tariffs.offers import PricesOn


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """Money at one moment."""

    day: date
    month: MonthCost
    today: Bill
    yesterday: Bill
    hour: Decimal | None  # EUR of this hour's energy so far; None where nothing is recorded of it or a price is missing
    budget: Decimal | None  # EUR a month that the person set
    prices: PricesOn  # what is paid, by option and day
    called: Mapping[str, str] = field(default_factory=dict, hash=False)
    """What meter and offer call the registers of a supplier's own calendar."""
    paid: PaidRegister = as_counted
    remarks: tuple[str, ...] = ()  # what must be known of these figures, the weightiest first


def costs_of(account: Account, now: Timestamp, contract: Contract | None, subscribed_kva: float | None) -> Costs:
    """Work out what the dashboard shows; contract and power (kVA) are None while the meter did not say them.

    Raises HistoryError: the history cannot be read.
    """
    plan = account.plan(now, contract=contract, subscribed_kva=subscribed_kva)
    day = local(now, account.zone).date()
    month = account.month(plan, day, now=now)
    return Costs(
        day=day,
        month=month,
        today=account.days(plan, day, day + ONE_DAY, now=now),
        yesterday=account.days(plan, day - ONE_DAY, day, now=now),
        hour=_this_hour(account, plan, now),
        budget=account.settings.tariff.budget,
        prices=plan.prices(account.book),
        called=account.called(plan, now),
        paid=account.paid(plan, now),
        remarks=cost_remarks(month, account.book, account.zone, now=now),
    )


def _this_hour(account: Account, plan: Plan, now: Timestamp) -> Decimal | None:
    begin = now // HOUR * HOUR
    spans = account.reader.spans(By.HOUR, local(begin, account.zone), local(begin + HOUR, account.zone))
    costs = account.spans(plan, spans, now=now)
    return costs[0].total if costs and costs[0] is not None else None
