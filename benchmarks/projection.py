"""How far off the estimate of a month's bill is, on each day of the month, tried on simulated households.

    python benchmarks/projection.py [--seeds 3]

Each household lives for two years and a half; every month of its last year is estimated from what was recorded up to
midnight before some of its days, and compared with what the month really cost at the regulated tariff.
"""

import argparse
import sys
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
from linkytui.billing.plan import PricesOn, find_plan
from linkytui.billing.projection import Method, wanted
from linkytui.billing.record import Record
from linkytui.civil.days import midnight, next_month
from linkytui.reading import Contract
from linkytui.settings.model import TariffSettings
from linkytui.simulator.meter import SimulatedMeter
from linkytui.tariffs.book import PriceBook
from linkytui.tic import Colour, Mode

PARIS = ZoneInfo("Europe/Paris")
FIRST, LAST = date(2023, 9, 1), date(2026, 3, 1)
MONTHS = [date(2025 + (month > 12), (month - 1) % 12 + 1, 1) for month in range(3, 15)]
DAYS = (1, 2, 4, 8, 15, 22, 28)
HOUR = 3600
BOOK = PriceBook()

HOUSEHOLDS = ((Contract.BASE, 3), (Contract.BASE, 6), (Contract.HPHC, 9), (Contract.TEMPO, 9))


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """A simulated household and what it pays."""

    energies: list[Energy]
    colours: Mapping[date, Colour]
    prices: PricesOn

    def between(self, start: float, end: float) -> list[Energy]:
        """The energy of some time."""
        begin = self.energies[0].start
        return self.energies[max(0, int((start - begin) // HOUR)) : max(0, int((end - begin) // HOUR))]

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
    return Household(energies=energies, colours=colours, prices=plan.prices(BOOK))


METHODS = {
    "linear, from the month alone": (0, Method.LINEAR),
    "profile, eight weeks recorded": (60, Method.PROFILE),
    "profile, a year and more recorded": (500, Method.PROFILE),
}


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
    return None if estimate is None else (estimate, truth.total)


def results(households: list[Household], day: int, days: int, method: Method) -> Iterator[tuple[float, bool | None]]:
    """Share by which each estimate was off, and whether the truth lay in its range."""
    for household in households:
        for month in MONTHS:
            found = tried(household, month, day, days, method)
            if found is not None:
                estimate, truth = found
                inside = None
                if estimate.low is not None and estimate.high is not None:
                    inside = estimate.low <= truth <= estimate.high
                yield abs(float(estimate.total - truth)) / float(truth), inside


def report(title: str, households: list[Household]) -> None:
    """Print the table of some households."""
    print(f"\n{title}: mean error of the month's total, and share of the months whose total lay in the range told")
    print(f"{'on the morning of day':36}" + "".join(f"{day:>14}" for day in DAYS))
    for name, (days, method) in METHODS.items():
        cells = []
        for day in DAYS:
            rows = list(results(households, day, days, method))
            ranges = [inside for _, inside in rows if inside is not None]
            error = f"{100 * sum(error for error, _ in rows) / len(rows):.1f} %" if rows else "-"
            share = f"{100 * sum(ranges) / len(ranges):.0f} %" if ranges else "-"
            cells.append(f"{error} / {share}")
        print(f"{name:36}" + "".join(f"{cell:>14}" for cell in cells))


def main() -> None:
    """Live, estimate, compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=3, help="households of each kind")
    seeds = range(1, parser.parse_args().seeds + 1)
    everyone = []
    for contract, kva in HOUSEHOLDS:
        households = [live(contract, kva, seed) for seed in seeds]
        report(f"{contract.value}, {kva} kVA", households)
        everyone += households
    report("All", everyone)


if __name__ == "__main__":
    main()
