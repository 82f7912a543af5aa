"""The household's appliances: when they run in a day, and for how long."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Final, NamedTuple

from linkytui.civil.days import HOUR, MINUTE, moment
from linkytui.civil.times import Timestamp
from linkytui.simulator.chance import generator
from linkytui.simulator.weather import Weather, daylight, temperature


class Pulse(NamedTuple):
    """An appliance that draws a constant power for a while."""

    start: Timestamp
    end: Timestamp
    watts: int
    vars: int  # reactive power: positive for motors, negative for electronics
    phase: int  # the phase that feeds it in a three-phase household, 0 to 2
    sheddable: bool = False  # the load shedder may reduce it when the household comes near its subscribed power


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """What decides how a household spends its days."""

    seed: int
    weather: Weather
    night: float  # seconds after midnight from which electricity is cheap; 24 h and more is the next day
    dear: Callable[[date], bool]  # whether a day's electricity is so dear that the household saves
    heating: bool  # it heats with electricity
    car: bool  # it charges a car

    def away(self, day: date) -> bool:
        """Whether everyone is on holiday: two weeks in August and one in February."""
        start = generator(self.seed, "holidays", day.year).random()
        number = day.timetuple().tm_yday
        return 0 <= number - (214 + int(14 * start)) < 14 or 0 <= number - (42 + int(10 * start)) < 7


class _Day:
    """A day of a household, with a chance of its own for one habit."""

    def __init__(self, habits: Habits, day: date, habit: str) -> None:
        self.habits = habits
        self.day = day
        self.weekend = day.weekday() >= 5
        self._chance = generator(habits.seed, habit, day)

    def between(self, low: float, high: float) -> float:
        """A number by chance."""
        return low + (high - low) * self._chance.random()

    def happens(self, share: float) -> bool:
        """Whether something happens that happens on such a share of days."""
        return self._chance.random() < share

    def at(self, hour: float) -> float:
        """The moment at which the clock shows an hour."""
        return moment(self.day, hour * HOUR)

    def night(self, low: float, high: float, unit: int) -> float:
        """A moment so long after electricity becomes cheap."""
        return moment(self.day, self.habits.night + self.between(low, high) * unit)

    def cycles(
        self, start: Timestamp, end: Timestamp, on: float, off: float, watts: int, reactive: int, phase: int
    ) -> Iterator[Pulse]:
        """What a thermostat lets run: `on` and `off` seconds in turn, each up to a quarter longer or shorter."""
        while start < end:
            stop = start + on * self.between(0.75, 1.25)
            yield Pulse(start, min(stop, end), watts, reactive, phase)
            start = stop + off * self.between(0.75, 1.25)


def _run(
    start: Timestamp, seconds: float, watts: int, reactive: int = 0, phase: int = 0, *, sheddable: bool = False
) -> Pulse:
    return Pulse(start, start + seconds, watts, reactive, phase, sheddable)


def _cold(day: _Day) -> Iterator[Pulse]:
    """The fridge and the freezer; they work harder in summer."""
    effort = 1.0 + max(0.0, day.habits.weather.mean(day.day) - 12.0) / 30
    for watts, on, off, phase in ((88, 15 * MINUTE, 31 * MINUTE, 0), (72, 21 * MINUTE, 36 * MINUTE, 1)):
        first = moment(day.day, day.between(0, on))
        yield from day.cycles(first, day.at(24), on * effort, off, watts, watts // 2, phase)


def _heating(day: _Day) -> Iterator[Pulse]:
    """Three convectors. Less at night, and in the day when nobody is at home."""
    habits, mean = day.habits, day.habits.weather.mean(day.day)
    if not habits.heating or mean > 15.5:
        return
    saving, away = 0.35 if habits.dear(day.day) else 1.0, habits.away(day.day)
    for rated, share, phase in ((1500, 0.5, 1), (1000, 0.3, 0), (750, 0.2, 2)):
        for quarter in range(96):
            hour = quarter / 4
            comfort = 6 <= hour < 9 or 17 <= hour < 22.5 or (day.weekend and 9 <= hour < 17)
            wanted = 8.0 if away else 17.0 if comfort else 15.0
            duty = min(1.0, 52.0 * share * saving * max(0.0, wanted - temperature(mean, hour)) / rated)
            if duty >= 0.06:
                late = day.between(0, 15 * MINUTE * (1 - duty))
                start = moment(day.day, quarter * 15 * MINUTE + late)
                yield _run(start, 15 * MINUTE * duty, rated, 0, phase, sheddable=True)


def _water(day: _Day) -> Iterator[Pulse]:
    """The water heater, from the first cheap minute until the water is hot."""
    wanted = day.between(3.0, 5.6) - 0.04 * day.habits.weather.mean(day.day)  # kWh
    yield _run(day.night(2, 20, 1), wanted / 2.2 * HOUR, 2200, 0, 2, sheddable=True)


def _breakfast(day: _Day) -> Iterator[Pulse]:
    """Kettle, toaster and microwave oven, also for a snack and at lunch."""
    first = day.between(8.2, 9.5) if day.weekend else day.between(6.6, 7.3)
    for hour, watts, minutes, likely in (
        (first, 2000, 2.7, 1.0),
        (first + 0.12, 900, 2.2, 0.8),
        (first + 0.3, 1250, 1.6, 0.7),
        (first + 0.6, 2000, 1.4, 0.6),
        (day.between(12.1, 12.9), 1250, 3.5, 0.8 if day.weekend else 0.35),
        (day.between(16.2, 17.4), 2000, 2.3, 0.7 if day.weekend else 0.4),
        (day.between(18.9, 19.8), 1250, 2.8, 0.6),
        (day.between(20.6, 21.8), 2000, 2.5, 0.5),
    ):
        if day.happens(likely):
            yield _run(day.at(hour), minutes * MINUTE, watts, watts // 5 if watts == 1250 else 0)


def _cooking(day: _Day) -> Iterator[Pulse]:
    """Oven and induction hob, at dinner and on some days at lunch."""
    for hour, hob, oven in ((12.2, 0.8, 0.4) if day.weekend else (12.2, 0.25, 0.05), (19.1, 0.9, 0.45)):
        start = hour + day.between(-0.3, 0.4)
        if day.happens(hob):
            yield from _hob(day, day.at(start))
        if day.happens(oven / 3 if day.habits.dear(day.day) else oven):
            yield from _oven(day, day.at(start - 0.25))


def _hob(day: _Day, start: Timestamp) -> Iterator[Pulse]:
    """A pan that is brought to the boil, then simmers; often a second one beside it."""
    for watts, boil, simmer, likely in ((1800, 6, 16, 1.0), (1200, 4, 12, 0.6)):
        if day.happens(likely):
            begin = start + day.between(0, 5 * MINUTE)
            yield (hot := _run(begin, boil * MINUTE * day.between(0.8, 1.3), watts, 60, 1))
            done = hot.end + simmer * MINUTE * day.between(0.7, 1.4)
            yield from day.cycles(hot.end, done, 12, 22, watts // 2, 40, 1)


def _oven(day: _Day, start: Timestamp) -> Iterator[Pulse]:
    """Ten minutes to get hot, then the thermostat."""
    yield (hot := _run(start, day.between(9, 12) * MINUTE, 2400, 0, 2))
    yield from day.cycles(hot.end + 60, hot.end + day.between(22, 45) * MINUTE, 45, 75, 2400, 0, 2)


def _light(day: _Day) -> Iterator[Pulse]:
    """Lamps, while it is dark and people are up."""
    sunrise, sunset = daylight(day.day)
    up, bed = (8.0, 23.6) if day.weekend else (6.5, 22.9)
    for watts in (28, 36, 44, 55, 60):
        morning = day.at(up + day.between(0, 0.6))
        evening = max(sunset + day.between(-20, 40) * MINUTE, day.at(16.5))
        night = day.at(bed + day.between(-1.2, 0.3))
        if watts < 50 and morning < sunrise:
            yield Pulse(morning, min(sunrise, morning + HOUR), watts, -watts // 3, 0)
        if evening < night:
            yield Pulse(evening, night, watts, -watts // 3, 0)
            if day.happens(0.5):  # a lamp in a room where people come and go
                yield _run(day.between(evening, night), day.between(3, 15) * MINUTE, 40, -12, 1)


def _leisure(day: _Day) -> Iterator[Pulse]:
    """Television in the evening; a computer on days at home; the vacuum cleaner at the weekend."""
    yield _run(day.at(day.between(18.2, 20.5)), day.between(1.5, 3.5) * HOUR, 115, -40)
    if day.weekend or day.happens(0.35):
        yield _run(day.at(day.between(9.0, 10.5)), day.between(4, 8) * HOUR, 95, -35)
    if day.weekend and day.happens(0.7):
        yield _run(day.at(day.between(10.0, 17.0)), day.between(12, 28) * MINUTE, 820, 190, 1)


def _washing(day: _Day) -> Iterator[Pulse]:
    """The washing machine in the day, the dishwasher in the cheap hours."""
    if day.happens(0.65 if day.weekend else 0.35):
        start = day.at(day.between(9.5, 18.5)) + 4 * MINUTE
        yield (hot := _run(start, day.between(12, 20) * MINUTE, 1950, 0, 1))
        yield from day.cycles(hot.end, hot.end + 55 * MINUTE, 14, 8, 170, 110, 1)
        yield _run(hot.end + 56 * MINUTE, 9 * MINUTE, 420, 180, 1)
    if day.happens(0.7):
        start = day.night(5, 40, MINUTE)
        for after, minutes, watts, reactive in ((6, 17, 1900, 0), (52, 13, 1900, 0), (0, 80, 70, 45)):
            yield _run(start + after * MINUTE, minutes * MINUTE, watts, reactive, 1)


def _charging(day: _Day) -> Iterator[Pulse]:
    """The car, two or three nights a week, once the water is hot."""
    if day.habits.car and day.happens(0.36):
        yield _run(day.night(1.8, 2.4, HOUR), day.between(1.0, 3.2) * HOUR, 3600, 150, 2, sheddable=True)


_ALWAYS: Final = {"cold": _cold, "heating": _heating}
_AT_HOME: Final = {
    "water": _water,
    "breakfast": _breakfast,
    "cooking": _cooking,
    "light": _light,
    "leisure": _leisure,
    "washing": _washing,
    "car": _charging,
}
"""What runs on a day by itself, and what people switch on; the names seed the chance of each."""


def pulses(habits: Habits, day: date) -> list[Pulse]:
    """Everything that is switched on during a day; some of it runs into the next one."""
    running = _ALWAYS if habits.away(day) else {**_ALWAYS, **_AT_HOME}
    found = chain.from_iterable(run(_Day(habits, day, name)) for name, run in running.items())
    return [pulse for pulse in found if pulse.watts]
