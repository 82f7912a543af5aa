"""Active power in watts, computed from the registers, beside the meter's apparent power in VA. Pure.

A register counts whole Wh, so power is known only from the time between two steps: over a window of so many seconds
it is uncertain by one Wh, 3600 / window watts. The window grows until that is small, and begins anew when the load
changes.
"""

from collections import deque
from dataclasses import dataclass
from typing import Final

from linkytui.civil.times import Timestamp

ENOUGH_WH: Final = 20  # steps in a window that make the error 5 %: a longer one tells little more and lags behind

LONGEST: Final = 900.0  # seconds that a window lasts at most

CHANGE_VA: Final = 100
CHANGE_SHARE: Final = 0.15
"""A change of the apparent power, in VA and as a share of what it was, after which the window begins anew."""

_TIMES: Final = 2


@dataclass(frozen=True, slots=True)
class ActivePower:
    """What the registers say of the power drawn."""

    watts: float
    window: float  # seconds that it is based on
    error: float  # it may be so many watts more or less


class ActivePowerMeter:
    """Follows one meter's energy. Feed it each frame; ask `latest`."""

    def __init__(self) -> None:
        self._steps: deque[tuple[float, int]] = deque()
        self._seen: tuple[float, int] | None = None
        self._load: float | None = None
        self._changed = 0
        self._candidate_since = 0.0
        self.latest: ActivePower | None = None  # None until the registers moved enough since the load last changed

    def hear(self, at: Timestamp, energy: int | None, power: int | None) -> ActivePower | None:
        """Take a frame's energy (Wh drawn in all) and power (VA) in, as far as it tells them; what can be said now, as
        `latest`.

        Times never go back. Returns what can be said now, as `latest`.
        """
        if power is not None:
            self._hear_power(at, power)
        if energy is not None:
            self._hear_energy(at, energy)
        self.latest = self._work_out(at)
        return self.latest

    def _hear_power(self, at: Timestamp, power: int) -> None:
        """See whether the load changed: the window must not mix two loads."""
        if self._load is None:
            self._load = float(power)
        elif abs(power - self._load) > max(CHANGE_VA, CHANGE_SHARE * self._load):
            if self._changed == 0:
                self._candidate_since = at
            self._changed += 1
            if self._changed >= _TIMES:
                self._restart(self._candidate_since, float(power))
        else:
            self._changed = 0
            self._load += (power - self._load) / 8

    def _restart(self, since: float, load: float) -> None:
        self._load, self._changed = load, 0
        while self._steps and self._steps[0][0] < since:
            self._steps.popleft()

    def _hear_energy(self, at: Timestamp, energy: int) -> None:
        seen = self._seen
        self._seen = at, energy
        if seen is None:
            return
        if energy < seen[1] or at - seen[0] > LONGEST:
            self._steps.clear()
        elif energy > seen[1]:
            self._steps.append((at, energy))
            steps = self._steps
            # Drop what a shorter window of enough steps does without.
            while len(steps) > 2 and (energy - steps[1][1] >= ENOUGH_WH or at - steps[0][0] > LONGEST):
                steps.popleft()

    def _work_out(self, now: Timestamp) -> ActivePower | None:
        steps = self._steps
        if len(steps) < 2:
            return None
        start, first = steps[0]
        end, last = steps[-1]
        window, energy = end - start, last - first
        if window <= 0:
            return None
        if (now - end) * energy > 2 * window:
            # The next step is overdue: less is drawn than before it, however much that was.
            window, energy_now = now - start, energy + 0.5
            return ActivePower(3600 * energy_now / window, window, 3600 / window)
        return ActivePower(3600 * energy / window, window, 3600 / window)
