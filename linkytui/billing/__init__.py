"""What energy costs: the bill, its estimate for the month's end, and what other offers would ask for the same energy.

Pure: times, zone, energy and prices are arguments.
"""

from linkytui.billing.bill import Bill, BillLine, SubscriptionLine, Unpriced, make_bill
from linkytui.billing.energy import INJECTED, Energy
from linkytui.billing.plan import Plan, PricesOn, find_plan, offer_title, why_no_price
from linkytui.billing.rate import Basis, Rate, rate_now

__all__ = [
    "INJECTED",
    "Basis",
    "Bill",
    "BillLine",
    "Energy",
    "Plan",
    "PricesOn",
    "Rate",
    "SubscriptionLine",
    "Unpriced",
    "find_plan",
    "make_bill",
    "offer_title",
    "rate_now",
    "why_no_price",
]
