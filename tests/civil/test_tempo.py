"""Holidays and Tempo's rules."""

from datetime import date, timedelta

import pytest

from linkytui.civil.days import HOUR, ONE_DAY, each_day, midnight, moment
from linkytui.civil.holidays import SUNDAY, day_kind, is_holiday
from linkytui.civil.tempo import RED_DAYS, WHITE_DAYS, can_be_red, chances, colour_of, days_left, register, tempo_day
from linkytui.tic import Colour


@pytest.mark.parametrize(
    "day",
    [
        date(2024, 4, 1),  # Easter Monday
        date(2025, 4, 21),
        date(2026, 4, 6),
        date(2026, 5, 14),  # Ascension
        date(2026, 5, 25),  # Whit Monday
        date(2038, 4, 26),  # the latest that Easter can be
        date(2026, 7, 14),
        date(2026, 11, 11),
    ],
)
def test_holidays_are_sundays(day: date) -> None:
    assert is_holiday(day)
    assert day_kind(day) == SUNDAY


def test_other_days_are_themselves() -> None:
    assert not is_holiday(date(2026, 11, 24))
    assert day_kind(date(2026, 11, 24)) == 1


def test_a_tempo_day_begins_at_six() -> None:
    for day in (date(2026, 1, 5), date(2026, 3, 29), date(2026, 10, 25)):
        six = moment(day, 6 * HOUR)
        assert tempo_day(six - 1) == day - ONE_DAY
        assert tempo_day(six) == tempo_day(midnight(day + ONE_DAY)) == day


def test_registers_are_named_as_the_meter_does() -> None:
    assert register(Colour.RED, off_peak=False) == "HPJR"
    assert register(Colour.BLUE, off_peak=True) == "HCJB"


def test_a_sunday_is_blue_and_other_days_are_as_recorded() -> None:
    assert colour_of(date(2026, 1, 4), {}) is Colour.BLUE
    assert colour_of(date(2026, 1, 5), {}) is None
    assert colour_of(date(2026, 1, 5), {date(2026, 1, 5): Colour.WHITE}) is Colour.WHITE


def test_what_cannot_be_has_no_chance() -> None:
    assert chances(date(2026, 1, 4), {}) == {Colour.BLUE: 1.0}  # Sunday
    assert Colour.RED not in chances(date(2026, 1, 3), {})  # Saturday
    assert Colour.RED not in chances(date(2026, 1, 1), {})  # holiday
    assert chances(date(2026, 7, 7), {}) == {Colour.BLUE: 1.0}  # summer
    assert chances(date(2026, 1, 5), {date(2026, 1, 5): Colour.RED}) == {Colour.RED: 1.0}


def winter() -> list[date]:
    """The days of the winter of 2025 to 2026."""
    return [date(2025, 11, 1) + timedelta(days=number) for number in range(151)]


def test_the_chances_of_a_winter_add_up_to_its_red_and_white_days() -> None:
    every = [chances(day, {}) for day in winter()]
    assert all(abs(sum(shares.values()) - 1) < 1e-9 for shares in every)
    assert sum(shares.get(Colour.RED, 0) for shares in every) == pytest.approx(RED_DAYS)
    assert sum(shares.get(Colour.WHITE, 0) for shares in every) == pytest.approx(WHITE_DAYS)


def test_red_days_that_came_are_not_to_come_any_more() -> None:
    weekdays = [day for day in winter() if day.weekday() < 5 and not is_holiday(day)]
    known = dict.fromkeys(weekdays[:40], Colour.BLUE) | dict.fromkeys(weekdays[40:62], Colour.RED)
    assert Colour.RED not in chances(weekdays[70], known)
    known = dict.fromkeys(weekdays[:-22], Colour.BLUE)
    assert chances(weekdays[-1], known)[Colour.RED] == 1


def test_days_left_are_counted_where_every_day_before_is_known() -> None:
    first, day = date(2025, 9, 1), date(2025, 12, 3)
    known = dict.fromkeys(each_day(first, day + timedelta(days=1)), Colour.BLUE)
    known[date(2025, 11, 20)] = known[day] = Colour.RED
    known[date(2025, 12, 1)] = Colour.WHITE
    whole = 365 - (day - first).days - 1
    assert days_left(day, known) == {Colour.RED: 20, Colour.WHITE: 42, Colour.BLUE: whole - 62}
    del known[date(2025, 11, 23)]  # a Sunday is blue
    del known[date(2025, 11, 22)]  # a Saturday may have been white
    assert days_left(day, known) == {Colour.RED: 20}
    del known[date(2025, 11, 21)]
    assert days_left(day, known) == {}


def test_days_left_on_the_first_and_the_last_day_of_a_season_with_a_29_february() -> None:
    first, last = date(2027, 9, 1), date(2028, 8, 31)
    assert days_left(first, {first: Colour.BLUE}) == {Colour.RED: 22, Colour.WHITE: 43, Colour.BLUE: 300}
    known = dict.fromkeys(each_day(first, last + timedelta(days=1)), Colour.BLUE)
    winter = [each for each in known if can_be_red(each)]
    known |= dict.fromkeys(winter[:22], Colour.RED) | dict.fromkeys(winter[22:65], Colour.WHITE)
    assert set(days_left(last, known).values()) == {0}
