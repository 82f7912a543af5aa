"""How far off the estimate of a month is, on each day of the month, tried on load curves or on simulated households.

    python benchmarks/projection.py FILE...        real homes: any table that `linkytui import` takes
    python benchmarks/projection.py [--seeds 3]    simulated ones

Every whole month is estimated from what was recorded up to midnight before some of its days, and compared with what it
came to: that of a load curve in energy, that of a simulated household in money at the regulated tariff, over its last
year of two and a half. "So far times days" is what anybody can work out: the mean of the month's days up to now.
"""

import argparse
import sys
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parents[1]))

from linkytui.billing.bill import make_bill
from linkytui.billing.energy import Energy
from linkytui.billing.month import Estimate, estimate_of, outlook_of
from linkytui.billing.plan import find_plan
from linkytui.billing.projection import Method, wanted
from linkytui.billing.record import Record
from linkytui.civil.days import each_day, local, midnight, month_start, next_month
from linkytui.imports.bundle import entries
from linkytui.imports.model import Hours
from linkytui.imports.tables.source import open_table
from linkytui.reading import Contract
from linkytui.settings.model import Prices, TariffSettings
from linkytui.simulator.meter import SimulatedMeter
from linkytui.tariffs.book import PriceBook
from linkytui.tariffs.offers import PricesOn
from linkytui.tic import Colour, Mode

PARIS = ZoneInfo("Europe/Paris")
FIRST, LAST = date(2023, 9, 1), date(2026, 3, 1)
MONTHS = [date(2025 + (month > 12), (month - 1) % 12 + 1, 1) for month in range(3, 15)]
DAYS = (1, 2, 4, 8, 12, 15, 18, 22, 28)
HOUR = 3600
BOOK = PriceBook()

HOUSEHOLDS = ((Contract.BASE, 3), (Contract.BASE, 6), (Contract.HPHC, 9), (Contract.TEMPO, 9))


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """A household and what it pays."""

    energies: list[Energy]
    """In order; there may be holes."""
    colours: Mapping[date, Colour]
    prices: PricesOn
    months: list[date]
    """Those that are estimated."""

    def between(self, start: float, end: float) -> list[Energy]:
        """The energy of some time."""
        first, last = (bisect_left(self.energies, at, key=lambda energy: energy.start) for at in (start, end))
        return self.energies[first:last]

    def before(self, at: float, month: date, days: int, *, announced: date) -> Record:
        """What was known at a moment, of so many days."""
        energies = []
        for start, end in wanted(at, month, PARIS):
            energies += self.between(max(start, at - days * 24 * HOUR), end)
        known = {day: colour for day, colour in self.colours.items() if day < announced}
        return Record(zone=PARIS, energies=energies, colours=known)


def live(contract: Contract, kva: int, seed: int) -> Household:
    """A household's energy, hour by hour."""
    at, end = midnight(FIRST, PARIS), midnight(LAST, PARIS)
    meter = SimulatedMeter(contract, Mode.HISTORIC, start=at, subscribed_kva=kva, seed=seed)
    energies = []
    before = dict(meter.registers)
    while at < end:
        meter.advance(at + HOUR)
        now = dict(meter.registers)
        energies.append(Energy(at, at + HOUR, {name: now[name] - before[name] for name in now}))
        at, before = at + HOUR, now
    days = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days)]
    colours = {day: colour for day in days if (colour := meter.calendar.colour(day)) is not None}
    plan = find_plan(TariffSettings(), BOOK, contract, kva, MONTHS[0])
    return Household(energies=energies, colours=colours, prices=plan.prices(BOOK), months=MONTHS)


METHODS = {
    "so far times days": (0, Method.LINEAR),
    "profile, eight weeks recorded": (60, Method.PROFILE),
    "profile, all that is recorded": (500, Method.PROFILE),
}


def read(path: Path) -> Household:
    """A real home's energy, hour by hour, from a table of consumption."""
    hours: dict[int, int] = {}
    for entry in entries(path):
        for part in open_table(entry, PARIS, register="BASE", off_peak=None).parts:
            assert isinstance(part, Hours)
            for told in part.told:
                if not told.estimated:
                    hours.setdefault(round(told.start), sum(told.wh.values()))
    energies = [Energy(at, at + HOUR, {"BASE": wh}) for at, wh in sorted(hours.items())]
    settings = TariffSettings(prices=Prices(subscription=Decimal(0), BASE=Decimal(1)))
    plan = find_plan(settings, BOOK, Contract.BASE, 6, MONTHS[0])
    return Household(energies=energies, colours={}, prices=plan.prices(BOOK), months=whole_months(energies))


def whole_months(energies: list[Energy]) -> list[date]:
    """The months of which at least 97 of 100 hours of each day are recorded."""
    seen = Counter(local(energy.start, PARIS).date() for energy in energies)
    months = sorted({month_start(day) for day in seen})
    return [month for month in months if all(seen[day] >= 23 for day in each_day(month, next_month(month)))]


def tried(household: Household, month: date, day: int, days: int, method: Method) -> tuple[Estimate, Decimal] | None:
    """The estimate on the morning of a day, and what it came to; None where nothing could be said."""
    end = next_month(month)
    today = month + timedelta(days=day - 1)
    now = midnight(today, PARIS)
    # At midnight the meter knows the colour of the day that has begun, which runs from 06:00.
    record = household.before(now, month, days or day - 1, announced=today + timedelta(days=1))
    if not record.energies:
        return None
    bill = make_bill(record.energies, household.prices, month, end, now=now, zone=PARIS)
    if bill.until is None:
        # On the first morning nothing of the month is recorded yet; the bill is estimated from its first minute.
        seen = [*record.energies, Energy(now, now + 60, {})]
        record = Record(zone=PARIS, energies=seen, colours=record.colours)
        bill = make_bill(seen, household.prices, month, end, now=now + 60, zone=PARIS)
    outlook = outlook_of(bill, record.energies, record, now=now, method=method)
    estimate = estimate_of(bill, record.energies, outlook, household.prices, PARIS)
    lived = household.between(midnight(month, PARIS), midnight(end, PARIS))
    truth = make_bill(lived, household.prices, month, end, now=midnight(end, PARIS), zone=PARIS)
    return None if estimate is None or not truth.total else (estimate, truth.total)


def results(households: list[Household], day: int, days: int, method: Method) -> Iterator[tuple[float, bool | None]]:
    """Share by which each estimate was off, and whether the truth lay in its range."""
    for household in households:
        for month in household.months:
            found = tried(household, month, day, days, method)
            if found is not None:
                estimate, truth = found
                inside = None
                if estimate.low is not None and estimate.high is not None:
                    inside = estimate.low <= truth <= estimate.high
                yield abs(float(estimate.total - truth)) / float(truth), inside


def report(title: str, households: list[Household]) -> None:
    """Print the table of some households."""
    months = sum(len(household.months) for household in households)
    print(f"\n{title}, {months} months: mean error, and share of the months that lay in the range told")
    print(f"{'on the morning of day':32}" + "".join(f"{day:>14}" for day in DAYS))
    for name, (days, method) in METHODS.items():
        cells = []
        for day in DAYS:
            rows = list(results(households, day, days, method))
            ranges = [inside for _, inside in rows if inside is not None]
            error = f"{100 * sum(error for error, _ in rows) / len(rows):.1f} %" if rows else "-"
            share = f"{100 * sum(ranges) / len(ranges):.0f} %" if ranges else "-"
            cells.append(f"{error} / {share}")
        print(f"{name:32}" + "".join(f"{cell:>14}" for cell in cells))


def main() -> None:
    """Live or read, estimate, compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path, help="load curves of real homes, one home each")
    parser.add_argument("--seeds", type=int, default=3, help="simulated households of each kind")
    chosen = parser.parse_args()
    everyone = []
    for path in chosen.files:
        everyone.append(read(path))
        report(path.name, everyone[-1:])
    for contract, kva in () if chosen.files else HOUSEHOLDS:
        households = [live(contract, kva, seed) for seed in range(1, chosen.seeds + 1)]
        report(f"{contract.value}, {kva} kVA", households)
        everyone += households
    if len(everyone) > 1:
        report("All", everyone)


if __name__ == "__main__":
    main()
