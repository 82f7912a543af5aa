"""Household and calendar combined: segments in which neither power nor period changes."""

from collections.abc import Iterator
from itertools import pairwise
from math import copysign, hypot

from linkytui.civil.days import ONE_DAY, local, midnight
from linkytui.civil.times import Timestamp
from linkytui.simulator.calendar import Calendar
from linkytui.simulator.counters import CURVE_STEP, Stretch
from linkytui.simulator.household import Household, Load


def stretches(household: Household, calendar: Calendar, at: Timestamp) -> Iterator[Stretch]:
    """The stretches from the midnight before a moment on, without end."""
    day = local(at).date()
    while True:
        begin, end = midnight(day), midnight(day + ONE_DAY)
        steps, periods = household.steps(day), calendar.periods(day)
        edges = sorted(
            {*(step.start for step in steps), *(start for start, _ in periods), *range(begin, end + 1, CURVE_STEP)}
        )
        coming_steps, coming_periods = iter(steps), iter(periods)
        step, next_step = next(coming_steps), next(coming_steps, None)
        (_, period), next_period = next(coming_periods), next(coming_periods, None)
        flow = _flow(step.loads)
        for start, stop in pairwise(edges):
            if next_step is not None and start >= next_step.start:
                flow, next_step = _flow(next_step.loads), next(coming_steps, None)
            if next_period is not None and start >= next_period[0]:
                period, next_period = next_period[1], next(coming_periods, None)
            yield Stretch(stop, period, *flow)
        day += ONE_DAY


def _flow(loads: tuple[Load, ...]) -> tuple[int, int, tuple[float, ...], float]:
    """Watts and vars over all phases, VA per phase, VA in all."""
    if len(loads) == 1:
        watts, reactive = loads[0]
        apparent = copysign(hypot(watts, reactive), watts)
        return watts, reactive, (apparent,), apparent
    watts, reactive = (sum(values) for values in zip(*loads, strict=True))
    signed = tuple(copysign(hypot(*load), load.watts) for load in loads)
    return watts, reactive, signed, copysign(sum(signed), watts)
