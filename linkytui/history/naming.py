"""Samples that came before the meter named its contract: their registers have numbers, and wait for their names."""

from collections.abc import Iterable, Iterator
from typing import Final

from linkytui.history.samples import Heard, Sample
from linkytui.reading.contracts import REGISTERS, Contract
from linkytui.reading.steady import TIMES

_NUMBERED: Final = {name: place for place, name in enumerate(REGISTERS[Contract.OTHER])}

_ROOM: Final = 300  # samples that wait at most: minutes, and the name of the calendar comes with each frame


class Naming:
    """Lets samples through in their order; those without a contract wait for it, and are filled in.

    A meter in standard mode says its contract once in a frame, so a start in the middle of one, or a damaged group,
    leaves frames whose registers cannot be told apart. A damaged name looks like a supplier's own calendar, which is
    why that one must be said three times before it counts.
    """

    def __init__(self) -> None:
        self._waiting: list[Heard] = []
        self._own = 0  # how often running a supplier's own calendar was said

    def take(self, heard: Heard) -> list[Heard]:
        """The samples that can be booked now that this one came."""
        sample = heard.sample
        contract = sample.contract
        if contract is not None:
            self._own = self._own + 1 if contract is Contract.OTHER else 0
        if contract is None or 0 < self._own < TIMES:
            if not (self._waiting or _numbered(sample)):
                return [heard]
            self._waiting.append(heard)
            return [] if len(self._waiting) <= _ROOM else [_nameless(self._waiting.pop(0))]
        if not self._waiting:
            return [heard]
        waiting, self._waiting = self._waiting, []
        mine = [one for one in waiting if one.sample.meter in (None, sample.meter)]
        return [*(one._replace(sample=_named(one.sample, contract)) for one in mine), heard]

    def flush(self) -> list[Heard]:
        """Those that wait, without what has no name: nothing more will come."""
        waiting, self._waiting = self._waiting, []
        return [_nameless(one) for one in waiting]


def named(samples: Iterable[Sample]) -> Iterator[Sample]:
    """All samples of a recording, each with its registers' names."""
    naming = Naming()
    for sample in samples:
        yield from (heard.sample for heard in naming.take(Heard(sample, sample.at)))
    yield from (heard.sample for heard in naming.flush())


def _numbered(sample: Sample) -> bool:
    return sample.period in _NUMBERED or not _NUMBERED.keys().isdisjoint(sample.registers)


def _named(sample: Sample, contract: Contract) -> Sample:
    """A sample with the names that a contract gives to the meter's registers."""
    names = dict(zip(_NUMBERED, REGISTERS[contract], strict=False))
    registers = {
        names.get(name, name): wh for name, wh in sample.registers.items() if name in names or name not in _NUMBERED
    }
    period = sample.period
    return sample._replace(
        contract=contract, registers=registers, period=period if period not in _NUMBERED else names.get(period)
    )


def _nameless(heard: Heard) -> Heard:
    sample = heard.sample
    if sample.contract is not None:
        return heard
    return heard._replace(
        sample=sample._replace(
            registers={name: wh for name, wh in sample.registers.items() if name not in _NUMBERED},
            period=None if sample.period in _NUMBERED else sample.period,
        )
    )
