"""A simulated household: how much power flows, on which phase, at any moment.

It is a function of time alone: nothing has to run from the start, and the same seed is the same household.
"""

from bisect import bisect_right
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from math import hypot
from typing import Final, NamedTuple

from linkytui.civil.days import HOUR, ONE_DAY, local, midnight
from linkytui.civil.times import Timestamp
from linkytui.simulator.appliances import Habits, Pulse, pulses
from linkytui.simulator.weather import Weather

STANDBY: Final = (105, -45)  # watts and vars that always flow: the ventilation, the internet box, everything that waits

PANELS: Final = 3000  # watts that the solar panels of a producer give at best

SHED_AT: Final = 1.2  # share of the subscribed power at which the load shedder holds heating, water and car back

_LARGE: Final = 500  # watts from which an appliance is smaller in a household that subscribes less
_FULL_SIZE: Final = 6  # subscribed kVA from which appliances are of full size
_ALL_ELECTRIC: Final = 6  # subscribed kVA from which a household heats with electricity and charges a car


class Load(NamedTuple):
    """What flows on one phase."""

    watts: int  # active power; negative towards the grid
    vars: int  # reactive power


class Step(NamedTuple):
    """Loads that hold from a moment on."""

    start: Timestamp
    loads: tuple[Load, ...]  # one per phase


class Household:
    """The power that a household draws, as steps of constant power."""

    def __init__(
        self,
        seed: int,
        *,
        phases: int = 1,
        subscribed_kva: int = 6,
        producer: bool = False,
        night: float = 22.5 * HOUR,
        dear: Callable[[date], bool] = lambda _: False,
    ) -> None:
        """Move in.

        `subscribed_kva`: a household that subscribes little has smaller appliances and no electric heating; `producer`:
        solar panels on the roof, on phase 1; `night`: seconds after midnight from which electricity is cheap, 24 h and
        more is the next day.
        """
        self.phases = phases
        self._weather = Weather(seed)
        self._producer = producer
        self._scale = min(1.0, subscribed_kva / _FULL_SIZE)
        self._limit = SHED_AT * 1000 * subscribed_kva / phases
        self._habits = Habits(
            seed=seed,
            weather=self._weather,
            night=night,
            dear=dear,
            heating=subscribed_kva >= _ALL_ELECTRIC,
            car=subscribed_kva >= _ALL_ELECTRIC,
        )
        self._pulses = lru_cache(maxsize=4)(self._pulses_of)
        self.steps = lru_cache(maxsize=4)(self._steps_of)  # the steps of a day, from its first midnight to the next

    def loads(self, at: Timestamp) -> tuple[Load, ...]:
        """What flows at a moment, per phase."""
        steps = self.steps(local(at).date())
        return steps[bisect_right(steps, at, key=lambda step: step.start) - 1].loads

    def _pulses_of(self, day: date) -> list[Pulse]:
        return pulses(self._habits, day)

    def _steps_of(self, day: date) -> list[Step]:
        begin, end = midnight(day), midnight(day + ONE_DAY)
        # Per moment: changes of fixed watts, vars and sheddable watts, for each phase in turn.
        changes: dict[float, list[int]] = {}
        width = 3 * self.phases

        def change(at: Timestamp, watts: int, reactive: int, shed: int, phase: int) -> None:
            row = changes.get(at)
            if row is None:
                row = changes[at] = [0] * width
            place = 3 * phase if width > 3 else 0
            row[place] += watts
            row[place + 1] += reactive
            row[place + 2] += shed

        change(begin, *STANDBY, 0, 0)
        for each in (day - ONE_DAY, day):
            for pulse in self._pulses(each):
                if pulse.end <= begin or pulse.start >= end:
                    continue
                watts = round(pulse.watts * self._scale) if pulse.watts >= _LARGE else pulse.watts
                fixed, shed = (0, watts) if pulse.sheddable else (watts, 0)
                change(max(begin, pulse.start), fixed, pulse.vars, shed, pulse.phase)
                change(min(end, pulse.end), -fixed, -pulse.vars, -shed, pulse.phase)
        if self._producer:
            produced = 0
            for at, share in self._weather.sunshine(day):
                now = round(PANELS * share)
                change(at, produced - now, 0, 0, 0)
                produced = now
        return self._sweep(changes, end)

    def _sweep(self, changes: dict[float, list[int]], end: Timestamp) -> list[Step]:
        steps = []
        totals = [0] * 3 * self.phases
        for at in sorted(changes):
            if at >= end:
                break
            totals = [total + change for total, change in zip(totals, changes[at], strict=True)]
            loads = []
            for place in range(0, len(totals), 3):
                watts, reactive, shed = totals[place : place + 3]
                if shed:
                    watts += min(shed, max(0, int(self._limit - hypot(watts, reactive))))
                loads.append(Load(watts, reactive))
            steps.append(Step(at, tuple(loads)))
        return steps
