"""Tempo's rules: which days may have which colour, and how likely each colour is on an unknown day.

A Tempo day runs from 06:00 to 06:00, French legal time, a season from 1 September to 31 August. Each season has 22 red
days, from November to March, from Monday to Friday and never on a public holiday, and 43 white ones, never on a Sunday.
"""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Final

from linkytui.civil.days import DAY, HOUR, ONE_DAY, each_day, local
from linkytui.civil.holidays import SUNDAY, is_holiday
from linkytui.civil.times import Timestamp
from linkytui.tic.status import Colour

RED_DAYS: Final = 22
WHITE_DAYS: Final = 43
WINTER: Final = (11, 12, 1, 2, 3)  # months in which a day can be red
DAY_START: Final = 6  # hour at which a Tempo day begins, and its peak hours with it
PEAK_END: Final = 22  # hour at which its off-peak hours begin
OFF_PEAK_HOURS: Final = ((0, DAY_START * HOUR), (PEAK_END * HOUR, DAY))
"""Seconds after midnight: its off-peak hours, the same for everyone."""

_LETTERS: Final = {Colour.BLUE: "B", Colour.WHITE: "W", Colour.RED: "R"}


def tempo_day(at: Timestamp) -> date:
    """The Tempo day that runs at a moment."""
    return _day_of_hour(int(at // HOUR))


@lru_cache(maxsize=64)
def _day_of_hour(hour: int) -> date:
    clock = local(hour * HOUR)
    return clock.date() if clock.hour >= DAY_START else clock.date() - ONE_DAY


def season(day: date) -> tuple[date, date]:
    """The first day of the season that a day lies in, and the first one of the next."""
    year = day.year if day.month >= 9 else day.year - 1
    return date(year, 9, 1), date(year + 1, 9, 1)


def can_be_red(day: date) -> bool:
    """Whether the rules allow a day to be red."""
    return day.month in WINTER and day.weekday() < 5 and not is_holiday(day)


def can_be_white(day: date) -> bool:
    """Whether the rules allow a day to be white."""
    return day.weekday() != SUNDAY


def register(colour: Colour, *, off_peak: bool) -> str:
    """The register that counts."""
    return f"{'HC' if off_peak else 'HP'}J{_LETTERS[colour]}"


def colour_of(day: date, known: Mapping[date, Colour]) -> Colour | None:
    """The colour of a Tempo day: as recorded, or as the rules leave no other; else None."""
    return known.get(day) or (None if can_be_white(day) else Colour.BLUE)


def chances(day: date, known: Mapping[date, Colour]) -> dict[Colour, float]:
    """How likely each colour is on a Tempo day, those that cannot be left out.

    What is left of the season's red and white days is spread evenly over the days from November to March that can
    still have them; in other months a few days are white in truth, and none is here. `known` tells the colours of this
    season at least, as far as they are known.
    """
    colour = colour_of(day, known)
    if colour is not None:
        return {colour: 1.0}
    if day.month not in WINTER:
        return {Colour.BLUE: 1.0}
    red, white = _left(day, known)
    share = red if can_be_red(day) else 0.0
    # A day that is not red may be white.
    shares = {Colour.RED: share, Colour.WHITE: min(white, 1.0 - share)}
    shares[Colour.BLUE] = 1.0 - sum(shares.values())
    return {each: chance for each, chance in shares.items() if chance > 0}


def days_left(day: date, known: Mapping[date, Colour]) -> dict[Colour, int]:
    """How many days of each colour the season still has after a Tempo day; a colour of which that cannot be told is
    left out.

    `known` tells the colours of this season as far as they are known, that of the day itself among them. A day that is
    not known leaves open those colours that it may have had.
    """
    first, end = season(day)
    past = {each: colour_of(each, known) for each in each_day(first, day + ONE_DAY)}
    unknown = [each for each, colour in past.items() if colour is None]
    used = list(past.values())
    left: dict[Colour, int] = {}
    if not any(map(can_be_red, unknown)):
        left[Colour.RED] = max(0, RED_DAYS - used.count(Colour.RED))
    if not any(map(can_be_white, unknown)):
        left[Colour.WHITE] = max(0, WHITE_DAYS - used.count(Colour.WHITE))
    if len(left) == 2:
        left[Colour.BLUE] = (end - day).days - 1 - sum(left.values())
    return left


def _left(day: date, known: Mapping[date, Colour]) -> tuple[float, float]:
    """The shares of the winter's unknown days that are red, among those that can be, and white, among all but Sundays.

    Days of the past that are not known have had their share too.
    """
    winter = [each for each in each_day(*season(day)) if each.month in WINTER]
    colours = [known.get(each) for each in winter]
    unknown = [each for each, colour in zip(winter, colours, strict=True) if colour is None]
    red, white = RED_DAYS - colours.count(Colour.RED), WHITE_DAYS - colours.count(Colour.WHITE)
    return _share(red, sum(map(can_be_red, unknown))), _share(white, sum(map(can_be_white, unknown)))


def _share(wanted: int, days: int) -> float:
    return min(1.0, max(0, wanted) / days) if days else 0.0
