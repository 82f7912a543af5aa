"""The meter's counters: energy per register, the day's peak powers, the load curve."""

from math import sqrt
from typing import Final, NamedTuple

from linkytui.civil.times import Timestamp
from linkytui.simulator.calendar import Period

JOULES: Final = 3600  # joules of a watt-hour

SUPPLIER_REGISTERS: Final = 10
DISTRIBUTOR_REGISTERS: Final = 4

_FILTER_DECAY: Final = 1 - 0.008
"""What the breaker's filter keeps of its output from one second to the next (Enedis-NOI-CPT_54E, 7)."""


CURVE_STEP: Final = 1800  # seconds of a point of the load curve; every stretch ends where one does


class Stretch(NamedTuple):
    """A stretch of time in which nothing changes."""

    end: Timestamp
    period: Period
    watts: int  # active power over all phases; negative towards the grid
    vars: int  # reactive power over all phases
    signed: tuple[float, ...]  # VA per phase, negative towards the grid
    total: float  # VA of all phases together, negative towards the grid (Enedis-NOI-CPT_54E, 6.2.3.10)


class Peak(NamedTuple):
    """A highest value and when it was reached."""

    power: int  # VA
    at: Timestamp


class LoadCurvePoint(NamedTuple):
    """Mean active power over half an hour."""

    end: Timestamp
    drawn: int  # w
    injected: int  # w


class Maximum:
    """The breaker's filter on one power, and its highest output of the day (Enedis-NOI-CPT_54E, 7 and 6.2.3.11)."""

    __slots__ = ("_at", "_highest", "_square", "before")

    def __init__(self, at: Timestamp) -> None:
        self._square = 0.0
        self._highest = 0.0
        self._at = at
        self.before = Peak(0, at)  # the highest output of the day before

    @property
    def today(self) -> Peak:
        """The highest output of the day so far."""
        return Peak(round(sqrt(self._highest)), self._at)

    def pass_time(self, power: float, decay: float, at: Timestamp) -> None:
        """A constant power, in VA, went through the filter until a moment."""
        target = power * power
        self._square = target + (self._square - target) * decay
        if self._square > self._highest:
            self._highest, self._at = self._square, at

    def end_day(self, at: Timestamp) -> None:
        """Begin a day at a moment."""
        self.before = self.today
        self._highest, self._at = self._square, at


class Counters:
    """The registers of a meter. All of them count the same whole watt-hours, so that their sums always agree."""

    def __init__(
        self,
        at: Timestamp,
        *,
        supplier: list[int],
        distributor: list[int],
        injected: int,
        reactive: list[int],
        phases: int,
    ) -> None:
        """Begin to count, from what was counted before: Wh and VArh.

        `supplier`: Wh already drawn, in EASF01 to EASF10; `distributor`: the same Wh, in EASD01 to EASD04; `reactive`:
        VArh already counted, per quadrant.
        """
        self.at = at  # up to when it has counted
        self.total = sum(supplier)  # Wh drawn
        self.supplier = supplier
        self.distributor = distributor
        self.curve: tuple[LoadCurvePoint, ...] = ()  # the last two points of the load curve, the newest first
        self.maxima = [Maximum(at) for _ in range(1 if phases == 1 else 1 + phases)]
        """Of the power drawn: in all, then per phase on three phases."""
        self.injected_maximum = Maximum(at)
        self._drawn_joules = 0.0  # what is not a whole Wh yet
        self._injected_joules = float(injected * JOULES)
        self._reactive_joules = [float(varh * JOULES) for varh in reactive]
        self._curve_drawn = 0.0
        self._curve_injected = 0.0

    @property
    def injected(self) -> int:
        """Wh given to the grid."""
        return int(self._injected_joules / JOULES)

    @property
    def reactive(self) -> tuple[int, ...]:
        """VArh per quadrant."""
        return tuple(int(joules / JOULES) for joules in self._reactive_joules)

    def count(self, stretch: Stretch, until: Timestamp) -> bool:
        """Count a stretch until a moment; whether a register moved."""
        seconds = until - self.at
        if seconds <= 0:
            return False
        self.at = until
        decay = _FILTER_DECAY**seconds
        moved = False
        if stretch.watts >= 0:
            joules = stretch.watts * seconds
            self._curve_drawn += joules
            self._drawn_joules += joules
            if self._drawn_joules >= JOULES:
                moved = True
                whole = int(self._drawn_joules / JOULES)
                self._drawn_joules -= whole * JOULES
                self.total += whole
                self.supplier[stretch.period.register - 1] += whole
                self.distributor[stretch.period.distributor - 1] += whole
            self.maxima[0].pass_time(stretch.total, decay, until)
            self.injected_maximum.pass_time(0.0, decay, until)
        else:
            self._injected_joules -= stretch.watts * seconds
            self._curve_injected -= stretch.watts * seconds
            self.maxima[0].pass_time(0.0, decay, until)
            self.injected_maximum.pass_time(stretch.total, decay, until)
        if len(self.maxima) > 1:
            for maximum, power in zip(self.maxima[1:], stretch.signed, strict=True):
                maximum.pass_time(max(0.0, power), decay, until)
        # Quadrants: active and reactive drawn, reactive only, none, active only.
        quadrant = (0 if stretch.vars >= 0 else 3) if stretch.watts >= 0 else (1 if stretch.vars >= 0 else 2)
        self._reactive_joules[quadrant] += abs(stretch.vars) * seconds
        return moved

    def end_curve_point(self) -> None:
        """Half an hour is over: a point of the load curve is complete."""
        point = LoadCurvePoint(self.at, round(self._curve_drawn / CURVE_STEP), round(self._curve_injected / CURVE_STEP))
        self.curve = (point, *self.curve[:1])
        self._curve_drawn = self._curve_injected = 0.0

    def end_day(self) -> None:
        """It is midnight: the highest powers begin anew."""
        for maximum in (*self.maxima, self.injected_maximum):
            maximum.end_day(self.at)


def spread(total: int, shares: tuple[float, ...], registers: int) -> list[int]:
    """A number of Wh over the first registers, by shares; the sum is exact."""
    counts = [int(total * share) for share in shares]
    counts[-1] += total - sum(counts)
    return counts + [0] * (registers - len(counts))
