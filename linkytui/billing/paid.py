"""The register whose price is paid at a moment: the meter's, or the one that would count by the offer's own hours."""

from collections.abc import Callable, Mapping
from datetime import date
from zoneinfo import ZoneInfo

from linkytui.billing.energy import contract_of_register
from linkytui.billing.plan import Plan
from linkytui.billing.record import Record
from linkytui.billing.split import Split, Target
from linkytui.civil.days import local
from linkytui.civil.off_peak import OffPeak
from linkytui.civil.times import Timestamp
from linkytui.tic.status import Colour

PaidRegister = Callable[[str | None, Timestamp], str | None]
"""The register that is paid at a moment at which the meter counts one (None where it does not say which); None where
it is not known."""


def as_counted(counted: str | None, at: Timestamp) -> str | None:  # noqa: ARG001 -- as `PaidRegister`
    """What the meter counts is paid."""
    return counted


def paid_register(plan: Plan, zone: ZoneInfo, off_peak: OffPeak | None, colours: Mapping[date, Colour]) -> PaidRegister:
    """By the offer that holds on each day, its hours by the clock as its bill has them.

    `off_peak`: of the address, as the person set them; `colours`: of the Tempo days that are known.
    """
    if not any(held.target for held in (plan, *plan.course)):
        return as_counted
    nothing = Record(zone=zone, energies=(), colours=colours, off_peak=off_peak)
    clocks: dict[Target, Split] = {}

    def paid(counted: str | None, at: Timestamp) -> str | None:
        target = plan.on(local(at, zone).date()).target
        if target is None or (target.is_counted and counted and contract_of_register(counted) is target.option):
            return counted
        if target not in clocks:
            clocks[target] = Split(target, nothing)
        return clocks[target].register_at(at)

    return paid
