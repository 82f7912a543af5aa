"""The simulated meter's state at one moment, independent of its mode."""

from dataclasses import dataclass

from linkytui.civil.times import Timestamp
from linkytui.simulator.calendar import Calendar, Period
from linkytui.simulator.counters import Counters


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A meter at one moment."""

    at: Timestamp
    meter_id: str
    delivery_point: str
    calendar: Calendar
    producer: bool
    subscribed_kva: int
    subscribed_current: int  # a per phase
    period: Period
    counters: Counters  # what it has counted up to now; it goes on counting
    drawn_power: int  # VA; 0 while more is produced than used
    injected_power: int  # VA
    phase_powers: tuple[int, ...]  # VA drawn per phase
    currents: tuple[int, ...]  # a per phase, without a sign
    voltages: tuple[int, ...]  # v per phase
    mean_voltages: tuple[int, ...]  # v per phase over the last whole ten minutes
    mean_voltages_at: float  # when those ten minutes ended

    @property
    def phases(self) -> int:
        """1 or 3."""
        return len(self.currents)

    @property
    def over_phases(self) -> tuple[int, ...]:
        """The phases, 1 to 3, that draw more than the subscribed current."""
        limit = self.subscribed_current
        return tuple(phase for phase, current in enumerate(self.currents, 1) if current > limit)
