"""Tempo's rules: which days can have which colour, and how likely each colour is on a day that is not known.

A Tempo day runs from 06:00 to 06:00, a season from 1 September to 31 August. Each season has 22 red days, from November
to March, from Monday to Friday and never on a public holiday, and 43 white ones, never on a Sunday.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Final

from linkytui.civil.holidays import SUNDAY, is_holiday
from linkytui.tic import Colour

RED_DAYS: Final = 22
WHITE_DAYS: Final = 43
_WINTER: Final = (11, 12, 1, 2, 3)
_DAY: Final = timedelta(days=1)

_LETTERS: Final = {Colour.BLUE: "B", Colour.WHITE: "W", Colour.RED: "R"}


def tempo_day(when: datetime) -> date:
    """The Tempo day that runs at a local time."""
    return when.date() if when.hour >= 6 else when.date() - _DAY


def register(colour: Colour, *, off_peak: bool) -> str:
    """The register that counts."""
    return f"{'HC' if off_peak else 'HP'}J{_LETTERS[colour]}"


def colour_of(day: date, known: Mapping[date, Colour]) -> Colour | None:
    """The colour of a Tempo day: as recorded, or as the rules leave no other; else None."""
    return known.get(day) or (Colour.BLUE if day.weekday() == SUNDAY else None)


def chances(day: date, known: Mapping[date, Colour]) -> dict[Colour, float]:
    """How likely each colour is, those that cannot be left out.

    What is left of the season's red and white days is spread evenly over the days from November to March that can
    still have them; in other months a few days are white in truth, and none is here.

    Args:
        day: the Tempo day.
        known: the colours that are known, of this season at least.
    """
    colour = colour_of(day, known)
    if colour is not None:
        return {colour: 1.0}
    if day.month not in _WINTER:
        return {Colour.BLUE: 1.0}
    red, white = _left(day, known)
    share = red if _can_be_red(day) else 0.0
    # A day that is not red may be white.
    shares = {Colour.RED: share, Colour.WHITE: min(white, 1.0 - share)}
    shares[Colour.BLUE] = 1.0 - sum(shares.values())
    return {each: chance for each, chance in shares.items() if chance > 0}


def _left(day: date, known: Mapping[date, Colour]) -> tuple[float, float]:
    """The shares of the winter's unknown days that are red, among those that can be, and white, among all but Sundays.

    Days of the past that are not known have had their share too.
    """
    red, white = float(RED_DAYS), float(WHITE_DAYS)
    can_be_red = can_be_white = 0
    for each in _winter(day):
        colour = known.get(each)
        if colour is Colour.RED:
            red -= 1
        elif colour is Colour.WHITE:
            white -= 1
        elif colour is None and each.weekday() != SUNDAY:
            can_be_red += _can_be_red(each)
            can_be_white += 1
    return (
        min(1.0, max(0.0, red) / can_be_red) if can_be_red else 0.0,
        min(1.0, max(0.0, white) / can_be_white) if can_be_white else 0.0,
    )


def _winter(day: date) -> Iterator[date]:
    """From 1 November to 31 March around a winter's day."""
    start = date(day.year if day.month >= 11 else day.year - 1, 11, 1)
    end = date(start.year + 1, 4, 1)
    while start < end:
        yield start
        start += _DAY


def _can_be_red(day: date) -> bool:
    return day.month in _WINTER and day.weekday() < 5 and not is_holiday(day)
