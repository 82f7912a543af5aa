"""All that a simulated meter knows at one moment, before a mode puts it into words."""

from dataclasses import dataclass
from typing import NamedTuple

from linkytui.simulator.calendar import Calendar, Period


class Peak(NamedTuple):
    """A highest value and when it was reached."""

    power: int
    """VA."""
    at: float
    """Seconds since 1970."""


class CurvePoint(NamedTuple):
    """Mean active power over half an hour."""

    end: float
    """Seconds since 1970."""
    drawn: int
    """W."""
    injected: int
    """W."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A meter at one moment."""

    at: float
    """Seconds since 1970."""
    meter_id: str
    delivery_point: str
    calendar: Calendar
    producer: bool
    subscribed_kva: int
    subscribed_current: int
    """A per phase."""
    period: Period
    total: int
    """Wh drawn."""
    supplier: tuple[int, ...]
    """Wh in EASF01 to EASF10."""
    distributor: tuple[int, ...]
    """Wh in EASD01 to EASD04."""
    injected: int
    """Wh given to the grid."""
    reactive: tuple[int, ...]
    """VArh per quadrant."""
    drawn_power: int
    """VA; 0 while more is produced than used."""
    injected_power: int
    """VA."""
    phase_powers: tuple[int, ...]
    """VA drawn per phase."""
    currents: tuple[int, ...]
    """A per phase, without a sign."""
    voltages: tuple[int, ...]
    """V per phase."""
    mean_voltages: tuple[int, ...]
    """V per phase over the last whole ten minutes."""
    mean_voltages_at: float
    """When those ten minutes ended."""
    maxima: tuple[Peak, ...]
    """Today's highest power drawn: in all, then per phase on three phases."""
    maxima_before: tuple[Peak, ...]
    """The same for the day before."""
    injected_maximum: Peak
    injected_maximum_before: Peak
    curve: tuple[CurvePoint, ...]
    """The last two points of the load curve, the newest first."""

    @property
    def phases(self) -> int:
        """1 or 3."""
        return len(self.currents)

    @property
    def over_phases(self) -> tuple[int, ...]:
        """The phases, 1 to 3, that draw more than the subscribed current."""
        limit = self.subscribed_current
        return tuple(phase for phase, current in enumerate(self.currents, 1) if current > limit)
