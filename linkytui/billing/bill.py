"""The bill of a span of days: energy × the price in force at the time, and the subscription by the day.

Each line is rounded to the cent, and every total is the sum of its lines, so that what is shown always adds up.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from linkytui.billing.energy import DayEnergy, Energy, by_day, contract_of_register
from linkytui.billing.lines import BillLine, SubscriptionLine, Unpriced
from linkytui.civil.days import ONE_DAY, each_day, local, midnight, month_start
from linkytui.civil.times import Timestamp
from linkytui.reading.contracts import INJECTED, REGISTERS, Contract
from linkytui.tariffs.offers import Offer, PricesOn

_LATE_START: Final = 120.0  # seconds after midnight at which the first record may come for the day to count as whole
_LATE_END: Final = 3600.0  # seconds that may be missing in all: the hour that runs may not be written yet

Apart = Callable[[date], object]
"""What differs between days that share no line."""


def together(_day: date) -> None:
    """Days share a line as long as their price is the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What some days cost."""

    first: date  # the first day that was asked for
    end: date  # the day after the last one
    start: Timestamp | None  # from when it counts; None when nothing is recorded
    until: Timestamp | None  # up to when it counts
    coverage: float  # share of the time asked for, up to now, whose energy is known: 0 to 1
    complete: bool  # it counts from the first midnight on, up to now or to the end, and everything has a price
    lines: tuple[BillLine, ...]  # energy, by price and register
    subscription_lines: tuple[SubscriptionLine, ...]
    sold: tuple[BillLine, ...]  # energy given to the grid, at the price at which it is sold
    unpriced: tuple[Unpriced, ...]

    @property
    def energy(self) -> Mapping[str, Decimal]:
        """EUR by register; those of the option that counted nothing are there with zero."""
        options = dict.fromkeys(line.offer.option for line in self.subscription_lines)
        sums = {
            register: Decimal("0.00")
            for option in options
            for register in REGISTERS[option]
            if option is not Contract.OTHER
        }
        for line in self.lines:
            sums[line.register] = sums.get(line.register, Decimal("0.00")) + line.amount
        return sums

    @property
    def names(self) -> Mapping[str, str]:
        """What the supplier calls the periods of its own calendar, by register; empty in other options."""
        offers = (*(line.offer for line in self.lines), *(line.offer for line in self.subscription_lines))
        return {register: name for offer in offers if offer for register, name in offer.names.items()}

    @property
    def called(self) -> Mapping[str, str]:
        """What the registers of the supplier's own calendar are called, for people; the meter's words among them."""
        offers = (*(line.offer for line in self.lines), *(line.offer for line in self.subscription_lines))
        return {register: name for offer in offers if offer for register, name in offer.called.items()}

    @property
    def energy_total(self) -> Decimal:
        """EUR of all energy drawn."""
        return sum((line.amount for line in self.lines), Decimal("0.00"))

    @property
    def subscription(self) -> Decimal:
        """EUR of the subscription, for the days from the first to the last one that counts, today included."""
        return sum((line.amount for line in self.subscription_lines), Decimal("0.00"))

    @property
    def total(self) -> Decimal:
        """EUR to pay: energy drawn and subscription. What is sold is not taken off."""
        return self.energy_total + self.subscription

    @property
    def income(self) -> Decimal:
        """EUR for what was sold."""
        return sum((line.amount for line in self.sold), Decimal("0.00"))

    @property
    def wh(self) -> Mapping[str, int]:
        """Wh drawn by register."""
        sums: dict[str, int] = {}
        for line in self.lines:
            sums[line.register] = sums.get(line.register, 0) + line.wh
        return sums

    @property
    def estimated_wh(self) -> int:
        """Wh drawn that were spread over times without records."""
        return sum(line.estimated_wh for line in self.lines)

    @property
    def offer(self) -> Offer | None:
        """The prices in force on the last day that counts."""
        return self.subscription_lines[-1].offer if self.subscription_lines else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """The energy of some days, before anybody asks what it costs."""

    first: date  # the first day that was asked for
    end: date  # the day after the last one
    start: Timestamp | None  # from when it counts; None when nothing is recorded
    until: Timestamp | None  # up to when it counts
    coverage: float  # share of the time asked for, up to now, whose energy is known: 0 to 1
    whole: bool  # it counts from the first midnight on, up to now or to the end
    days: "tuple[_Day, ...]"


def count(energies: Iterable[Energy], first: date, end: date, *, now: Timestamp, zone: ZoneInfo) -> Counted:
    """Sum up the days before `end`, from the first one on, by the clock of a zone.

    Energies are in order; those outside the days are left out.
    """
    low, high = midnight(first, zone), midnight(end, zone)
    inside = [energy for energy in energies if low <= energy.start < high]
    known = float(sum([energy.known for energy in inside]))
    asked = max(0.0, min(now, high) - low)
    start = until = None
    days: list[_Day] = []
    if inside:
        start = inside[0].end - inside[0].known
        start = low if start - low <= _LATE_START else start
        until = inside[-1].start + inside[-1].known
        days = _every_day(by_day(inside, zone), local(until - 1, zone).date())
    return Counted(
        first=first,
        end=end,
        start=start,
        until=until,
        coverage=min(1.0, known / asked) if asked else 0.0,
        whole=start == low and asked - known <= _LATE_END,
        days=tuple(days),
    )


def price(counted: Counted, prices: PricesOn, *, sold_at: Decimal | None = None, apart: Apart = together) -> Bill:
    """Work out what some days cost.

    `sold_at` is EUR/kWh for energy given to the grid; None when it is not sold. `apart` tells days that share no line
    though their price is the same: those of other taxes.
    """
    days = counted.days
    lines, unpriced = _energy_lines(days, prices, apart)
    return Bill(
        first=counted.first,
        end=counted.end,
        start=counted.start,
        until=counted.until,
        coverage=counted.coverage,
        complete=counted.whole and not unpriced,
        lines=lines,
        subscription_lines=subscription_lines([(day, contract) for day, contract, _ in days], prices, apart),
        sold=_sold_lines(days, sold_at),
        unpriced=unpriced,
    )


def make_bill(
    energies: Iterable[Energy],
    prices: PricesOn,
    first: date,
    end: date,
    *,
    now: Timestamp,
    zone: ZoneInfo,
    sold_at: Decimal | None = None,
    apart: Apart = together,
) -> Bill:
    """Work out what the days before `end` cost: `count`, then `price`."""
    return price(count(energies, first, end, now=now, zone=zone), prices, sold_at=sold_at, apart=apart)


def subscription_lines(
    days: Iterable[tuple[date, Contract]], prices: PricesOn, apart: Apart = together
) -> tuple[SubscriptionLine, ...]:
    """The subscription of some days, in order; days of which no price is known have none."""
    lines = []
    rows = ((day, prices(contract, day)) for day, contract in days)
    for (_, offer, _taxes), group in groupby(rows, key=lambda row: (month_start(row[0]), row[1], apart(row[0]))):
        span = [day for day, _ in group]
        if offer is not None:
            lines.append(SubscriptionLine(first=span[0], end=span[-1] + ONE_DAY, offer=offer))
    return tuple(lines)


class _Day(NamedTuple):
    """One day with the option that held at its end."""

    day: date
    contract: Contract
    energy: DayEnergy


def _every_day(sums: Mapping[date, DayEnergy], last: date) -> list[_Day]:
    """The days from the first to the last one, those without records too: their subscription is due."""
    days = []
    first = next(iter(sums))
    found = [_option(energy) for energy in sums.values()]
    contract = next((each for each in found if each is not None), Contract.BASE)
    for day in each_day(first, max(last, first) + ONE_DAY):
        energy = sums.get(day) or DayEnergy({}, {})
        contract = _option(energy) or contract
        days.append(_Day(day, contract, energy))
    return days


def _option(energy: DayEnergy) -> Contract | None:
    """The option whose registers counted last."""
    found = [contract for register in energy.wh if (contract := contract_of_register(register)) is not None]
    return found[-1] if found else None


def _energy_lines(
    days: Sequence[_Day], prices: PricesOn, apart: Apart
) -> tuple[tuple[BillLine, ...], tuple[Unpriced, ...]]:
    lines, unpriced = [], []
    contracts = dict.fromkeys(
        contract
        for day in days
        for register in day.energy.wh
        if (contract := contract_of_register(register)) is not None
    )
    for contract in contracts:
        counted = [
            number for number, day in enumerate(days) if any(name in day.energy.wh for name in REGISTERS[contract])
        ]
        rows = ((prices(contract, day.day), day) for day in days[counted[0] : counted[-1] + 1])
        for (offer, _taxes), group in groupby(rows, key=lambda row: (row[0], apart(row[1].day))):
            span = [day for _, day in group]
            first, end = span[0].day, span[-1].day + ONE_DAY
            wh = _sums(contract, (day.energy.wh for day in span))
            estimated = _sums(contract, (day.energy.estimated for day in span))
            missing: dict[str, int] = {}
            for register, energy in wh.items():
                price = offer.prices.get(register) if offer is not None else None
                if price is None:
                    missing[register] = energy
                    continue
                lines.append(
                    BillLine(
                        first=first,
                        end=end,
                        register=register,
                        wh=energy,
                        estimated_wh=estimated.get(register, 0),
                        price=price,
                        offer=offer,
                    )
                )
            if missing:
                names, energy = tuple(missing), sum(missing.values())
                unpriced.append(Unpriced(first=first, end=end, contract=contract, registers=names, wh=energy))
    return tuple(lines), tuple(unpriced)


def _sums(contract: Contract, energies: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Wh by register of one option, in the meter's order; registers that counted nothing are left out."""
    sums = dict.fromkeys(REGISTERS[contract], 0)
    for energy in energies:
        for register, wh in energy.items():
            if register in sums:
                sums[register] += wh
    return {register: wh for register, wh in sums.items() if wh}


def _sold_lines(days: Sequence[_Day], price: Decimal | None) -> tuple[BillLine, ...]:
    wh = sum(day.energy.wh.get(INJECTED, 0) for day in days)
    if price is None or not wh:
        return ()
    return (
        BillLine(
            first=days[0].day,
            end=days[-1].day + ONE_DAY,
            register=INJECTED,
            wh=wh,
            estimated_wh=sum(day.energy.estimated.get(INJECTED, 0) for day in days),
            price=price,
            offer=None,
        ),
    )
