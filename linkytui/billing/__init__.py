"""What energy costs: the bill, its estimate for the month's end, and what other offers would ask for the same energy.

Pure: times, zone, energy and prices are arguments.
"""

from linkytui.billing.bill import Bill, BillLine, SubscriptionLine, Unpriced, make_bill
from linkytui.billing.energy import INJECTED, Energy
from linkytui.billing.month import Estimate, MonthCost, estimate_of, month_cost
from linkytui.billing.offpeak import OffPeak
from linkytui.billing.plan import Plan, PricesOn, find_plan, offer_title, why_no_price
from linkytui.billing.projection import Method
from linkytui.billing.rate import Basis, Rate, rate_now
from linkytui.billing.record import MinuteEnergy, Record
from linkytui.billing.split import Split

__all__ = [
    "INJECTED",
    "Basis",
    "Bill",
    "BillLine",
    "Energy",
    "Estimate",
    "Method",
    "MinuteEnergy",
    "MonthCost",
    "OffPeak",
    "Plan",
    "PricesOn",
    "Rate",
    "Record",
    "Split",
    "SubscriptionLine",
    "Unpriced",
    "estimate_of",
    "find_plan",
    "make_bill",
    "month_cost",
    "offer_title",
    "rate_now",
    "why_no_price",
]
