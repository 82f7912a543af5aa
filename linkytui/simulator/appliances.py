"""What the people of the household switch on in a day, and for how long."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain
from random import Random
from typing import Final, NamedTuple

from linkytui.civil.days import DAY, HOUR, moment
from linkytui.simulator.chance import generator
from linkytui.simulator.weather import Weather, daylight, temperature

MINUTE: Final = 60


class Pulse(NamedTuple):
    """An appliance that draws a constant power for a while."""

    start: float
    """Seconds since 1970."""
    end: float
    watts: int
    vars: int
    """Reactive power: positive for motors, negative for electronics."""
    phase: int
    """The phase that feeds it in a three-phase household, 0 to 2."""
    sheddable: bool = False
    """The load shedder may reduce it when the household comes near its subscribed power."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """What decides how a household spends its days."""

    seed: int
    weather: Weather
    night: float
    """Seconds after midnight from which electricity is cheap; 24 h and more is the next day."""
    dear: Callable[[date], bool]
    """Whether a day's electricity is so dear that the household saves."""
    heating: bool
    """It heats with electricity."""
    car: bool
    """It charges a car."""

    def away(self, day: date) -> bool:
        """Whether everyone is on holiday: two weeks in August and one in February."""
        start = generator(self.seed, "holidays", day.year).random()
        number = day.timetuple().tm_yday
        return 0 <= number - (214 + int(14 * start)) < 14 or 0 <= number - (42 + int(10 * start)) < 7


def pulses(habits: Habits, day: date) -> list[Pulse]:
    """Everything that is switched on during a day; some of it runs into the next one."""
    running = [_cold(habits, day), _heating(habits, day)]
    if not habits.away(day):
        running += [
            _water(habits, day),
            _breakfast(habits, day),
            _cooking(habits, day),
            _light(habits, day),
            _leisure(habits, day),
            _washing(habits, day),
            _charging(habits, day),
        ]
    return [pulse for pulse in chain.from_iterable(running) if pulse.watts]


def _between(chance: Random, low: float, high: float) -> float:
    return low + (high - low) * chance.random()


def _cycles(chance: Random, start: float, end: float, on: float, off: float) -> Iterator[tuple[float, float]]:
    """When a thermostat is closed: `on` and `off` seconds in turn, each up to a quarter longer or shorter."""
    while start < end:
        stop = start + on * _between(chance, 0.75, 1.25)
        yield start, min(stop, end)
        start = stop + off * _between(chance, 0.75, 1.25)


def _cold(habits: Habits, day: date) -> Iterator[Pulse]:
    """The fridge and the freezer; they work harder in summer."""
    chance = generator(habits.seed, "cold", day)
    effort = 1.0 + max(0.0, habits.weather.mean(day) - 12.0) / 30
    for watts, on, off, phase in ((88, 15 * MINUTE, 31 * MINUTE, 0), (72, 21 * MINUTE, 36 * MINUTE, 1)):
        first = moment(day, _between(chance, 0, on))
        for start, end in _cycles(chance, first, moment(day, DAY), on * effort, off):
            yield Pulse(start, end, watts, watts // 2, phase)


def _heating(habits: Habits, day: date) -> Iterator[Pulse]:
    """Three convectors. Less at night, and in the day when nobody is at home."""
    mean = habits.weather.mean(day)
    if not habits.heating or mean > 15.5:
        return
    chance = generator(habits.seed, "heating", day)
    saving = 0.35 if habits.dear(day) else 1.0
    at_home, away = day.weekday() >= 5, habits.away(day)
    for rated, share, phase in ((1500, 0.5, 1), (1000, 0.3, 0), (750, 0.2, 2)):
        for quarter in range(96):
            hour = quarter / 4
            comfort = 6 <= hour < 9 or 17 <= hour < 22.5 or (at_home and 9 <= hour < 17)
            wanted = 8.0 if away else 17.0 if comfort else 15.0
            demand = 52.0 * share * saving * max(0.0, wanted - temperature(mean, hour))
            duty = min(1.0, demand / rated)
            if duty < 0.06:
                continue
            start = moment(day, quarter * 15 * MINUTE + _between(chance, 0, 15 * MINUTE * (1 - duty)))
            yield Pulse(start, start + 15 * MINUTE * duty, rated, 0, phase, sheddable=True)


def _water(habits: Habits, day: date) -> Iterator[Pulse]:
    """The water heater, from the first cheap minute until the water is hot."""
    chance = generator(habits.seed, "water", day)
    wanted = _between(chance, 3.0, 5.6) - 0.04 * habits.weather.mean(day)  # kWh
    start = moment(day, habits.night + _between(chance, 2, 20))
    yield Pulse(start, start + wanted / 2.2 * HOUR, 2200, 0, 2, sheddable=True)


def _breakfast(habits: Habits, day: date) -> Iterator[Pulse]:
    """Kettle, toaster and microwave oven, also for a snack and at lunch."""
    chance = generator(habits.seed, "breakfast", day)
    weekend = day.weekday() >= 5
    first = _between(chance, 8.2, 9.5) if weekend else _between(chance, 6.6, 7.3)
    for hour, watts, minutes, likely in (
        (first, 2000, 2.7, 1.0),
        (first + 0.12, 900, 2.2, 0.8),
        (first + 0.3, 1250, 1.6, 0.7),
        (first + 0.6, 2000, 1.4, 0.6),
        (_between(chance, 12.1, 12.9), 1250, 3.5, 0.8 if weekend else 0.35),
        (_between(chance, 16.2, 17.4), 2000, 2.3, 0.7 if weekend else 0.4),
        (_between(chance, 18.9, 19.8), 1250, 2.8, 0.6),
        (_between(chance, 20.6, 21.8), 2000, 2.5, 0.5),
    ):
        if chance.random() < likely:
            start = moment(day, hour * HOUR)
            yield Pulse(start, start + minutes * MINUTE, watts, watts // 5 if watts == 1250 else 0, 0)


def _cooking(habits: Habits, day: date) -> Iterator[Pulse]:
    """Oven and induction hob, at dinner and on some days at lunch."""
    chance = generator(habits.seed, "cooking", day)
    weekend = day.weekday() >= 5
    for hour, hob, oven in ((12.2, 0.8 if weekend else 0.25, 0.4 if weekend else 0.05), (19.1, 0.9, 0.45)):
        start = hour + _between(chance, -0.3, 0.4)
        if chance.random() < hob:
            yield from _hob(chance, moment(day, start * HOUR))
        if chance.random() < (oven / 3 if habits.dear(day) else oven):
            yield from _oven(chance, moment(day, (start - 0.25) * HOUR))


def _hob(chance: Random, start: float) -> Iterator[Pulse]:
    """A pan that is brought to the boil, then simmers; often a second one beside it."""
    for watts, boil, simmer, likely in ((1800, 6, 16, 1.0), (1200, 4, 12, 0.6)):
        if chance.random() < likely:
            begin = start + _between(chance, 0, 5 * MINUTE)
            boiled = begin + boil * MINUTE * _between(chance, 0.8, 1.3)
            yield Pulse(begin, boiled, watts, 60, 1)
            for on, off in _cycles(chance, boiled, boiled + simmer * MINUTE * _between(chance, 0.7, 1.4), 12, 22):
                yield Pulse(on, off, watts // 2, 40, 1)


def _oven(chance: Random, start: float) -> Iterator[Pulse]:
    """Ten minutes to get hot, then the thermostat."""
    hot = start + _between(chance, 9, 12) * MINUTE
    yield Pulse(start, hot, 2400, 0, 2)
    for on, off in _cycles(chance, hot + 60, hot + _between(chance, 22, 45) * MINUTE, 45, 75):
        yield Pulse(on, off, 2400, 0, 2)


def _light(habits: Habits, day: date) -> Iterator[Pulse]:
    """Lamps, while it is dark and people are up."""
    chance = generator(habits.seed, "light", day)
    sunrise, sunset = daylight(day)
    up, bed = (8.0, 23.6) if day.weekday() >= 5 else (6.5, 22.9)
    for watts in (28, 36, 44, 55, 60):
        morning = moment(day, (up + _between(chance, 0, 0.6)) * HOUR)
        evening = max(sunset + _between(chance, -20, 40) * MINUTE, moment(day, 16.5 * HOUR))
        night = moment(day, (bed + _between(chance, -1.2, 0.3)) * HOUR)
        if watts < 50 and morning < sunrise:
            yield Pulse(morning, min(sunrise, morning + HOUR), watts, -watts // 3, 0)
        if evening < night:
            yield Pulse(evening, night, watts, -watts // 3, 0)
            if chance.random() < 0.5:  # a lamp in a room where people come and go
                start = _between(chance, evening, night)
                yield Pulse(start, start + _between(chance, 3, 15) * MINUTE, 40, -12, 1)


def _leisure(habits: Habits, day: date) -> Iterator[Pulse]:
    """Television in the evening; a computer on days at home; the vacuum cleaner at the weekend."""
    chance = generator(habits.seed, "leisure", day)
    weekend = day.weekday() >= 5
    start = moment(day, _between(chance, 18.2, 20.5) * HOUR)
    yield Pulse(start, start + _between(chance, 1.5, 3.5) * HOUR, 115, -40, 0)
    if weekend or chance.random() < 0.35:
        start = moment(day, _between(chance, 9.0, 10.5) * HOUR)
        yield Pulse(start, start + _between(chance, 4, 8) * HOUR, 95, -35, 0)
    if weekend and chance.random() < 0.7:
        start = moment(day, _between(chance, 10.0, 17.0) * HOUR)
        yield Pulse(start, start + _between(chance, 12, 28) * MINUTE, 820, 190, 1)


def _washing(habits: Habits, day: date) -> Iterator[Pulse]:
    """The washing machine in the day, the dishwasher in the cheap hours."""
    chance = generator(habits.seed, "washing", day)
    if chance.random() < (0.65 if day.weekday() >= 5 else 0.35):
        start = moment(day, _between(chance, 9.5, 18.5) * HOUR)
        heated = start + 4 * MINUTE + _between(chance, 12, 20) * MINUTE
        yield Pulse(start + 4 * MINUTE, heated, 1950, 0, 1)
        for on, off in _cycles(chance, heated, heated + 55 * MINUTE, 14, 8):
            yield Pulse(on, off, 170, 110, 1)
        spin = heated + 56 * MINUTE
        yield Pulse(spin, spin + 9 * MINUTE, 420, 180, 1)
    if chance.random() < 0.7:
        start = moment(day, habits.night + _between(chance, 5, 40) * MINUTE)
        for begin, minutes in ((6, 17), (52, 13)):
            heat = start + begin * MINUTE
            yield Pulse(heat, heat + minutes * MINUTE, 1900, 0, 1)
        yield Pulse(start, start + 80 * MINUTE, 70, 45, 1)


def _charging(habits: Habits, day: date) -> Iterator[Pulse]:
    """The car, two or three nights a week, once the water is hot."""
    chance = generator(habits.seed, "car", day)
    if not habits.car or chance.random() > 0.36:
        return
    start = moment(day, habits.night + _between(chance, 1.8, 2.4) * HOUR)
    yield Pulse(start, start + _between(chance, 1.0, 3.2) * HOUR, 3600, 150, 2, sheddable=True)
