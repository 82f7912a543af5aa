"""Which register counts when: the five kinds of contract, to the second, in French time.

Tempo days run from 06:00 to 06:00 and their colour is told at 20:00 the day before; EJP peaks run from 07:00 to 01:00
and are told half an hour before. Which days are dear follows the season's weather, within the rules of each option.
"""

from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

from linkytui.civil.days import HOUR, ONE_DAY, each_day, local, moment
from linkytui.civil.tempo import (
    DAY_START,
    PEAK_END,
    RED_DAYS,
    WHITE_DAYS,
    WINTER,
    can_be_red,
    can_be_white,
    season,
    tempo_day,
)
from linkytui.civil.times import Timestamp
from linkytui.reading.contracts import REGISTERS, Contract
from linkytui.simulator.chance import key, noise
from linkytui.simulator.weather import Weather
from linkytui.tic.status import Colour

TEMPO_ANNOUNCEMENT: Final = 20  # hour from which a meter knows the colour of the next day

EJP_START: Final = 7 * HOUR
EJP_END: Final = 25 * HOUR
EJP_NOTICE: Final = 30 * 60  # seconds: an EJP peak begins, ends on the next day, and is told so long before it begins


class Period(NamedTuple):
    """A stretch of time in which the same registers count."""

    register: int  # the supplier's register that counts, 1 to 10: EASFnn
    distributor: int  # the distributor's register that counts, 1 to 4: EASDnn
    contact_closed: bool  # the meter's dry contact, by which a water heater runs in the cheap hours


class Window(NamedTuple):
    """A mobile peak: a red or white Tempo day, the dear hours of an EJP day."""

    number: int  # number of the peak on the meter: white is 1 and red is 2; EJP's only one is 1
    start: Timestamp
    end: Timestamp
    register: int  # the supplier's register that counts in its dearest hours


class Calendar:
    """The periods of one contract."""

    def __init__(self, contract: Contract, seed: int) -> None:
        self.contract = contract
        self._seed = seed

    @property
    def registers(self) -> tuple[str, ...]:
        """Names of the registers that this contract uses, in the meter's order."""
        names = REGISTERS[self.contract]
        return names[:3] if self.contract is Contract.OTHER else names

    @property
    def night(self) -> float:
        """Seconds after midnight at which the cheap hours begin in the evening; 24 h and more is the next day."""
        hours = {Contract.HPHC: 22.5, Contract.TEMPO: PEAK_END, Contract.EJP: 25}
        return hours.get(self.contract, 23) * HOUR

    def periods(self, day: date) -> list[tuple[float, Period]]:
        """The moments of a day at which a period begins, and that period; the first is midnight."""
        return [(moment(day, hour * HOUR), self._period(day, index)) for hour, index in self._hours(day)]

    def period(self, at: Timestamp) -> Period:
        """The period that runs at a moment."""
        return next(period for start, period in reversed(self.periods(local(at).date())) if start <= at)

    def colour(self, day: date) -> Colour | None:
        """The colour of a Tempo day, which begins at 06:00; None on other contracts."""
        if self.contract is not Contract.TEMPO:
            return None
        dear = _dear_days(self._seed, season(day))
        return Colour.RED if day in dear.red else Colour.WHITE if day in dear.white else Colour.BLUE

    def today(self, at: Timestamp) -> Colour | None:
        """Tempo: the colour that holds at a moment."""
        return self.colour(tempo_day(at))

    def tomorrow(self, at: Timestamp) -> Colour | None:
        """Tempo: the colour of the day to come, as far as a meter knows it at a moment."""
        if DAY_START <= local(at).hour < TEMPO_ANNOUNCEMENT:
            return None
        return self.colour(tempo_day(at) + ONE_DAY)

    def dear(self, day: date) -> bool:
        """Whether a household had better save energy on a day: red on Tempo, peak on EJP."""
        return self.contract in (Contract.TEMPO, Contract.EJP) and day in _dear_days(self._seed, season(day)).red

    def windows(self, at: Timestamp) -> list[Window]:
        """The mobile peaks that run or have been told, the nearest first."""
        if self.contract is Contract.TEMPO:
            day = tempo_day(at)
            days = [day] if self.tomorrow(at) is None else [day, day + ONE_DAY]
            return [window for each in days if (window := self._tempo_window(each)) is not None]
        if self.contract is Contract.EJP:
            today = local(at).date()
            windows = [
                Window(1, moment(day, EJP_START), moment(day, EJP_END), 2)
                for day in (today - ONE_DAY, today)
                if self.dear(day)
            ]
            return [window for window in windows if window.start - EJP_NOTICE <= at < window.end]
        return []

    def profile(self, day: date) -> list[tuple[float, int]]:
        """Hours of an ordinary day and the register that counts from then on; a meter leaves mobile peaks out."""
        if self.contract is Contract.TEMPO:
            return [(0, 1), (DAY_START, 2), (PEAK_END, 1)]
        return [(0, 1)] if self.contract is Contract.EJP else self._hours(day)

    def peak_profile(self, window: Window) -> list[tuple[float, int]]:
        """The same for the day of a mobile peak."""
        if self.contract is Contract.EJP:
            return [(0, window.register), (1, 1), (7, window.register)]
        return [(0, window.register - 1), (DAY_START, window.register), (PEAK_END, window.register - 1)]

    def day_number(self, day: date) -> int:
        """Number of a day's profile: weekends have one of their own on the contract that tells them apart."""
        return int(self.contract is Contract.OTHER and day.weekday() >= 5)

    def closes_contact(self, index: int) -> bool:
        """Whether the dry contact is closed while a register counts."""
        cheap = index % 2 == 1
        return cheap and self.contract in (Contract.HPHC, Contract.TEMPO, Contract.OTHER)

    def _hours(self, day: date) -> list[tuple[float, int]]:
        """Hours of the clock and the register that counts from then on."""
        match self.contract:
            case Contract.BASE:
                return [(0, 1)]
            case Contract.HPHC:
                return [(0, 1), (6.5, 2), (22.5, 1)]
            case Contract.TEMPO:
                before, colour = self.colour(day - ONE_DAY) or Colour.BLUE, self.colour(day) or Colour.BLUE
                return [(0, 2 * before - 1), (DAY_START, 2 * colour), (PEAK_END, 2 * colour - 1)]
            case Contract.EJP:
                return [(0, 2 if self.dear(day - ONE_DAY) else 1), (1, 1), (7, 2 if self.dear(day) else 1)]
            case Contract.OTHER:
                return [(0, 1), (7, 2), (23, 1)] if day.weekday() < 5 else [(0, 3)]

    def _period(self, day: date, index: int) -> Period:
        if self.contract in (Contract.HPHC, Contract.TEMPO):
            winter = day.month in WINTER
            distributor = 2 - index % 2 + 2 * winter
        else:
            distributor = 1
        return Period(index, distributor, self.closes_contact(index))

    def _tempo_window(self, day: date) -> Window | None:
        colour = self.colour(day)
        if colour not in (Colour.WHITE, Colour.RED):
            return None
        start, end = (moment(each, DAY_START * HOUR) for each in (day, day + ONE_DAY))
        return Window(colour - 1, start, end, 2 * colour)


class _DearDays(NamedTuple):
    red: frozenset[date]
    white: frozenset[date]


@lru_cache(maxsize=64)
def _dear_days(seed: int, between: tuple[date, date]) -> _DearDays:
    """The dear days of a Tempo season, the cold ones that the rules allow; EJP's peaks are as many as the red ones."""
    weather, taste = Weather(seed), key(seed, "dear days")

    def coldest(days: list[date], count: int, whim: float) -> frozenset[date]:
        def coldness(day: date) -> float:
            return weather.mean(day) + whim * noise(taste, day.toordinal())

        return frozenset(sorted(days, key=coldness)[:count])

    days = list(each_day(*between))
    # Saturdays and Sundays are out, so that more than five red days in a row cannot be.
    red = coldest([day for day in days if can_be_red(day)], RED_DAYS, 2.0)
    white = coldest([day for day in days if can_be_white(day) and day not in red], WHITE_DAYS, 5.0)
    return _DearDays(red, white)
