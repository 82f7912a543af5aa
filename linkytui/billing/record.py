"""The recorded energy that bills are computed from."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from linkytui.billing.energy import Energy, contract_of_register
from linkytui.civil.off_peak import OffPeak
from linkytui.civil.times import Timestamp
from linkytui.reading.contracts import Contract
from linkytui.tic.status import Colour


class MinuteEnergy(NamedTuple):
    """What was drawn in one minute."""

    start: Timestamp
    wh: int


Minutes = Callable[[float, float], Iterable[MinuteEnergy]]
"""The minutes between two moments, as far as they are recorded."""


Stretch = tuple[float, float]
"""From one moment to another."""


class MinuteSums:
    """Wh drawn in stretches of time, as far as their minutes are recorded. Each is asked for once, many together."""

    def __init__(self, ask: Callable[[Sequence[Stretch]], Sequence[int]]) -> None:
        self._ask = ask
        self._known: dict[Stretch, int] = {}

    def want(self, stretches: Iterable[Stretch]) -> None:
        """Find out what will be asked for."""
        new = [stretch for stretch in dict.fromkeys(stretches) if stretch not in self._known]
        if new:
            self._known.update(zip(new, self._ask(new), strict=True))

    def __getitem__(self, stretch: Stretch) -> int:
        found = self._known.get(stretch)
        if found is None:
            self.want((stretch,))
            found = self._known[stretch]
        return found


def no_minutes(start: Timestamp, end: Timestamp) -> Iterable[MinuteEnergy]:  # noqa: ARG001 -- as `Minutes`
    """Stands for minutes that are not recorded."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The energy of some time, and what is needed to understand it."""

    zone: ZoneInfo  # whose days and months are meant
    energies: Sequence[Energy]  # in order; there may be holes
    colours: Mapping[date, Colour] = field(default_factory=dict)
    """Of the Tempo days, as far as they are known; tomorrow's among them once it is announced."""
    off_peak: OffPeak | None = None  # off-peak hours at the address, as the person set them
    minutes: Minutes = no_minutes  # finer records, for the hours in which a period begins or ends
    sums: MinuteSums | None = field(default=None, hash=False)
    """What these minutes come to in stretches of time; None where it is to be added up."""

    @property
    def minute_sums(self) -> MinuteSums:
        """What the minutes come to in stretches of time."""
        return self.sums or MinuteSums(lambda stretches: [sum(m.wh for m in self.minutes(*each)) for each in stretches])

    @property
    def contract(self) -> Contract | None:
        """The option whose registers counted last."""
        return last_contract(self.energies)


def last_contract(energies: Sequence[Energy]) -> Contract | None:
    """The option whose registers counted last."""
    for energy in reversed(energies):
        for name in reversed(list(energy.wh)):
            if (contract := contract_of_register(name)) is not None:
                return contract
    return None
