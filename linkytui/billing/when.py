"""When to run something: the cheapest time for some energy at some power, within the prices that are known. Pure."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from linkytui.civil.times import Timestamp

_CENT: Final = Decimal("0.01")


class Priced(NamedTuple):
    """A time in which one price holds."""

    start: Timestamp
    end: Timestamp
    register: str
    price: Decimal  # EUR/kWh, all taxes included


class Run(NamedTuple):
    """A start, and what it costs."""

    start: Timestamp
    end: Timestamp
    eur: Decimal  # to the cent
    exact: Fraction  # EUR, not rounded


class Choice(NamedTuple):
    """The cheapest run beside the one that would start now."""

    best: Run
    now: Run
    one_price: bool  # whether every start up to the limit costs the same

    @property
    def saved(self) -> Decimal:
        """EUR that waiting saves."""
        return self.now.eur - self.best.eur


def run_seconds(kwh: Decimal, kw: Decimal) -> Fraction:
    """How long it takes."""
    return Fraction(kwh) / Fraction(kw) * 3600


def cheapest(priced: Sequence[Priced], kwh: Decimal, kw: Decimal, limit: Timestamp) -> Choice | None:
    """The cheapest start from the first of these times on, done by `limit`; of equal ones the first.

    `priced`: without a gap. None where it takes longer than that.
    """
    begin, length = Fraction(priced[0].start), run_seconds(kwh, kw)
    last = Fraction(min(limit, priced[-1].end)) - length
    if last < begin:
        return None
    # The cost changes its slope only where an end of the run meets a change of the price.
    edges = {Fraction(piece.start) for piece in priced}
    starts = {begin, last} | edges | {edge - length for edge in edges}
    runs = [_run(priced, start, length, kw) for start in sorted(starts) if begin <= start <= last]
    best = min(runs, key=lambda run: (run.exact, run.start))
    return Choice(best, runs[0], one_price=len({run.exact for run in runs}) == 1)


def _run(priced: Sequence[Priced], start: Fraction, length: Fraction, kw: Decimal) -> Run:
    end, eur = start + length, Fraction(0)
    for piece in priced:
        seconds = min(end, Fraction(piece.end)) - max(start, Fraction(piece.start))
        if seconds > 0:
            eur += seconds / 3600 * Fraction(kw) * Fraction(piece.price)
    cents = Decimal(round(eur * 1_000_000)) / 1_000_000
    return Run(float(start), float(end), cents.quantize(_CENT, ROUND_HALF_UP), eur)
