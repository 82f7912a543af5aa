"""What energy costs: the bill, its estimate for the month's end, and what other offers would ask for the same energy.

Pure: times, zone, energy and prices are arguments.
"""

from linkytui.billing.account import Account
from linkytui.billing.as_json import cost_object, offer_object
from linkytui.billing.bill import Bill, make_bill
from linkytui.billing.compare import Compared, Comparison, YearCost, compare, wanted_for_comparison
from linkytui.billing.energy import INJECTED, Energy
from linkytui.billing.feed import MonthPrices
from linkytui.billing.lines import BillLine, SubscriptionLine, Unpriced
from linkytui.billing.month import Estimate, MonthCost, bill_of, estimate_of, month_cost, outlook_of
from linkytui.billing.off_peak import OffPeak
from linkytui.billing.plan import Plan, PricesOn, find_plan, offer_title, why_no_price
from linkytui.billing.projection import Method, wanted
from linkytui.billing.rate import Basis, Rate, cost_of, rate_now
from linkytui.billing.record import MinuteEnergy, Record
from linkytui.billing.recorded import read_record
from linkytui.billing.remarks import cost_remarks, plan_remarks
from linkytui.billing.split import Split

__all__ = [
    "INJECTED",
    "Account",
    "Basis",
    "Bill",
    "BillLine",
    "Compared",
    "Comparison",
    "Energy",
    "Estimate",
    "Method",
    "MinuteEnergy",
    "MonthCost",
    "MonthPrices",
    "OffPeak",
    "Plan",
    "PricesOn",
    "Rate",
    "Record",
    "Split",
    "SubscriptionLine",
    "Unpriced",
    "YearCost",
    "bill_of",
    "compare",
    "cost_object",
    "cost_of",
    "cost_remarks",
    "estimate_of",
    "find_plan",
    "make_bill",
    "month_cost",
    "offer_object",
    "offer_title",
    "outlook_of",
    "plan_remarks",
    "rate_now",
    "read_record",
    "wanted",
    "wanted_for_comparison",
    "why_no_price",
]
