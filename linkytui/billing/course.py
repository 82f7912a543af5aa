"""What held when: the contracts that a person set, and what the meter said of its own, in the order of their days."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from msgspec.structs import replace

from linkytui.civil.days import ONE_DAY
from linkytui.history.results import DayContract
from linkytui.reading.contracts import Contract
from linkytui.settings.model import Prices, TariffContract, TariffSettings


class Terms(NamedTuple):
    """What a person set, from a day on."""

    first: date  # `date.min` for what was set without a day
    tariff: TariffSettings
    power_kva: float | None  # None leaves it to the meter
    stands_in: float | None = None  # kVA, for a meter that does not say it


class Run(NamedTuple):
    """Days during which the meter said the same of its contract."""

    first: date
    last: date  # the last day on which it said so
    contract: Contract | None
    subscribed_kva: float | None


class Hole(NamedTuple):
    """Days of which nothing is known, between two that differ."""

    first: date  # the day after the last known one
    end: date  # the first day that is known again
    before: Run
    after: Run


def terms_of(tariff: TariffSettings) -> tuple[Terms, ...]:
    """What holds by the settings, in the order of its days, the first from the beginning of time on.

    What a contract does not say stays as it was, but another supplier or offer ends the option and the prices by hand.
    """
    found = [Terms(date.min, tariff, None)]
    for contract in sorted(tariff.contracts, key=lambda contract: contract.first):
        before = found[-1]
        terms = Terms(contract.first, _after(before.tariff, contract), contract.power_kva or before.power_kva)
        if before.first == contract.first:
            found.pop()
        found.append(terms)
    return tuple(found)


def _after(before: TariffSettings, contract: TariffContract) -> TariffSettings:
    other = contract.provider is not None or contract.offer is not None
    own = contract.prices != Prices()
    return replace(
        before,
        provider=contract.provider if contract.provider is not None else before.provider,
        offer=contract.offer if other else before.offer,
        option=contract.option or (None if other else before.option),
        prices=contract.prices if own or other else before.prices,
    )


def runs_of(days: Iterable[DayContract]) -> tuple[Run, ...]:
    """The days on which the meter said something of its contract, those that say the same together.

    What it does not say on one day is as it was.
    """
    runs: list[Run] = []
    for day in days:
        last = runs[-1] if runs else None
        contract = day.contract or (last.contract if last else None)
        kva = day.subscribed_kva or (last.subscribed_kva if last else None)
        if last is not None and (last.contract or contract, last.subscribed_kva or kva) == (contract, kva):
            runs[-1] = Run(last.first, day.day, contract, kva)
        else:
            runs.append(Run(day.day, day.day, contract, kva))
    return tuple(runs)


def holes_of(runs: Sequence[Run]) -> tuple[Hole, ...]:
    """Where what the meter said changed on a day that is not known."""
    return tuple(
        Hole(before.last + ONE_DAY, after.first, before, after)
        for before, after in pairwise(runs)
        if before.last + ONE_DAY < after.first
    )
