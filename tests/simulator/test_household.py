"""A simulated household lives as a real one does, and the same way each time."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import mean, quantiles

import pytest

from linkytui.civil.days import local, midnight
from linkytui.simulator.household import Household
from linkytui.simulator.meter import MeterSample, synthetic
from linkytui.tic import PARIS

FIRST, LAST = (datetime(year, 9, 1, tzinfo=PARIS).timestamp() for year in (2025, 2026))


@pytest.fixture(scope="module", params=[1, 2])
def year(request: pytest.FixtureRequest) -> list[MeterSample]:
    """A year, every ten minutes."""
    return list(synthetic(FIRST, LAST, 600, seed=request.param))


def between(samples: list[MeterSample], first: int, last: int) -> Iterator[int]:
    """The powers from one hour of the day to another."""
    return (sample.power for sample in samples if first <= local(sample.at).hour < last)


def drawn(samples: list[MeterSample], months: tuple[int, ...]) -> float:
    """Mean kWh a day in some months."""
    counted = [
        after.registers["BASE"] - before.registers["BASE"]
        for before, after in pairwise(samples)
        if local(before.at).month in months
    ]
    return 144 * mean(counted) / 1000


def test_a_year_takes_what_a_household_takes(year: list[MeterSample]) -> None:
    kwh = (year[-1].registers["BASE"] - year[0].registers["BASE"]) / 1000
    assert 5_000 < kwh < 9_000


def test_winter_takes_more_than_summer(year: list[MeterSample]) -> None:
    assert drawn(year, (12, 1, 2)) > 1.5 * drawn(year, (6, 7, 8))


def test_something_is_always_on(year: list[MeterSample]) -> None:
    tenth = quantiles((sample.power for sample in year), n=10)[0]
    assert 100 < tenth < 250
    assert min(sample.power for sample in year) > 80


def test_people_get_up_and_cook_dinner(year: list[MeterSample]) -> None:
    workdays = [sample for sample in year if local(sample.at).weekday() < 5]
    assert mean(between(workdays, 6, 9)) > 1.3 * mean(between(workdays, 14, 16))
    assert mean(between(year, 18, 21)) > 1.5 * mean(between(year, 14, 16))


def test_the_water_and_the_car_wait_for_the_night(year: list[MeterSample]) -> None:
    assert mean(between(year, 23, 24)) > 2 * mean(between(year, 14, 16))


def test_any_moment_can_be_asked_for_without_what_came_before() -> None:
    day = date(2026, 1, 14)
    moments = [midnight(day) + 977 * number for number in range(-80, 160)]
    household = Household(5, phases=3)
    in_order = [household.loads(at) for at in moments]
    assert [household.loads(at) for at in reversed(moments)] == in_order[::-1]
    for at, loads in list(zip(moments, in_order, strict=True))[::30]:
        assert Household(5, phases=3).loads(at) == loads


def test_steps_go_forward_from_midnight_to_midnight() -> None:
    household = Household(3, phases=3, producer=True, subscribed_kva=12)
    for day in (date(2026, 1, 14), date(2026, 3, 29), date(2026, 7, 1), date(2026, 10, 25)):
        steps = household.steps(day)
        assert steps[0].start == midnight(day)
        assert all(before.start < after.start for before, after in pairwise(steps))
        assert steps[-1].start < midnight(day + timedelta(days=1))
        assert all(len(step.loads) == 3 for step in steps)


def test_a_household_that_subscribes_little_has_little() -> None:
    def most(kva: int) -> int:
        household = Household(1, subscribed_kva=kva)
        days = (date(2026, 1, 5) + timedelta(days=number) for number in range(14))
        return max(step.loads[0].watts for day in days for step in household.steps(day))

    assert most(3) < 3_900
    assert most(3) < most(6) < most(12)


def test_heavy_loads_give_way_before_the_breaker_does() -> None:
    household = Household(2, subscribed_kva=6)
    for number in range(120):
        day = date(2025, 12, 1) + timedelta(days=number)
        for step in household.steps(day):
            assert step.loads[0].watts < 1.3 * 6000


def test_solar_panels_produce_by_day_and_most_in_summer() -> None:
    with_panels, without = (Household(1, producer=producer) for producer in (True, False))

    def produced(day: date) -> float:
        return sum(
            without.loads(at)[0].watts - with_panels.loads(at)[0].watts
            for at in range(midnight(day), midnight(day) + 86_400, 600)
        )

    summer = mean(produced(date(2026, 6, 1) + timedelta(days=number)) for number in range(20))
    winter = mean(produced(date(2025, 12, 10) + timedelta(days=number)) for number in range(20))
    assert summer > 2.5 * winter > 0
    night = midnight(date(2026, 6, 21)) + 3600
    assert with_panels.loads(night) == without.loads(night)
    noons = [with_panels.loads(midnight(date(2026, 6, day)) + 14 * 3600)[0].watts for day in range(1, 15)]
    assert min(noons) < -1000


def test_nobody_boils_water_on_holiday() -> None:
    household = Household(1)
    august = [date(2026, 8, 1) + timedelta(days=number) for number in range(31)]
    assert sum(max(step.loads[0].watts for step in household.steps(day)) < 600 for day in august) >= 10
