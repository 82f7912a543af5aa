"""The periods of every contract begin and end when the rules and the French clock say."""

from datetime import date, datetime, timedelta

import pytest

from linkytui.civil.days import ONE_DAY, local, midnight, moment
from linkytui.reading import Contract
from linkytui.simulator.calendar import Calendar
from linkytui.tic import PARIS, Colour

HOLIDAYS = {date(2025, 11, 11), date(2025, 12, 25), date(2026, 1, 1), date(2024, 4, 1), date(2024, 11, 1)}


def at(*when: int) -> float:
    return datetime(*when, tzinfo=PARIS).timestamp()  # type: ignore[misc,arg-type]


def season(year: int) -> list[date]:
    first, last = date(year, 9, 1), date(year + 1, 8, 31)
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def find(calendar: Calendar, *colours: Colour) -> date:
    """The first day of the season 2025 that begins such a row of colours."""
    return next(
        day
        for day in season(2025)
        if all(calendar.colour(day + number * ONE_DAY) is colour for number, colour in enumerate(colours))
    )


@pytest.mark.parametrize("seed", [1, 2, 77])
@pytest.mark.parametrize("year", [2023, 2024, 2025])
def test_a_tempo_season_has_its_dear_days_and_keeps_the_rules(seed: int, year: int) -> None:
    calendar = Calendar(Contract.TEMPO, seed)
    days = season(year)
    colours = [calendar.colour(day) for day in days]
    assert colours.count(Colour.RED) == 22
    assert colours.count(Colour.WHITE) == 43
    assert colours.count(Colour.BLUE) == len(days) - 65
    row = 0
    for day, colour in zip(days, colours, strict=True):
        row = row + 1 if colour is Colour.RED else 0
        assert row <= 5
        if colour is Colour.RED:
            assert day.month in (11, 12, 1, 2, 3)
            assert day.weekday() < 5
            assert day not in HOLIDAYS
        assert not (colour is Colour.WHITE and day.weekday() == 6)


def test_another_household_has_other_dear_days() -> None:
    one, other = Calendar(Contract.TEMPO, 1), Calendar(Contract.TEMPO, 2)
    assert [one.colour(day) for day in season(2025)] != [other.colour(day) for day in season(2025)]


def test_easter_monday_is_never_red() -> None:
    # 28 March 2005 and 31 March 1997 were Easter Mondays.
    for seed in range(40):
        calendar = Calendar(Contract.TEMPO, seed)
        assert calendar.colour(date(2005, 3, 28)) is not Colour.RED
        assert calendar.colour(date(1997, 3, 31)) is not Colour.RED


def test_tomorrows_colour_is_told_from_20_to_6_and_then_is_todays() -> None:
    calendar = Calendar(Contract.TEMPO, 1)
    day = find(calendar, Colour.WHITE, Colour.RED)
    next_day = day + ONE_DAY
    assert calendar.tomorrow(moment(day, 20 * 3600) - 1) is None
    for moment_ in (moment(day, 20 * 3600), midnight(next_day), moment(next_day, 6 * 3600) - 1):
        assert calendar.today(moment_) is Colour.WHITE
        assert calendar.tomorrow(moment_) is Colour.RED
    assert calendar.today(moment(next_day, 6 * 3600)) is Colour.RED
    assert calendar.tomorrow(moment(next_day, 6 * 3600)) is None


def test_tempo_registers_follow_the_colour_and_the_hour() -> None:
    calendar = Calendar(Contract.TEMPO, 1)
    day = find(calendar, Colour.WHITE, Colour.RED)
    hours = [calendar.registers[calendar.period(moment(day, hour * 3600)).register - 1] for hour in range(6, 31)]
    assert hours == ["HPJW"] * 16 + ["HCJW"] * 8 + ["HPJR"]


def test_a_red_day_is_the_second_peak_from_its_announcement_to_its_end() -> None:
    calendar = Calendar(Contract.TEMPO, 1)
    day = find(calendar, Colour.BLUE, Colour.RED)
    red = day + ONE_DAY
    assert calendar.windows(moment(day, 20 * 3600) - 1) == []
    (window,) = calendar.windows(moment(day, 20 * 3600))
    assert (window.number, window.register) == (2, 6)
    assert (window.start, window.end) == (moment(red, 6 * 3600), moment(red, 30 * 3600))
    assert calendar.windows(window.end - 1)[0] == window
    assert window not in calendar.windows(window.end)


def test_a_white_day_after_a_white_day_gives_two_first_peaks() -> None:
    calendar = Calendar(Contract.TEMPO, 1)
    day = find(calendar, Colour.WHITE, Colour.WHITE)
    running, coming = calendar.windows(moment(day, 21 * 3600))
    assert running.number == coming.number == 1
    assert running.end == coming.start


def test_ejp_has_22_peaks_from_7_to_1_with_half_an_hours_notice() -> None:
    calendar = Calendar(Contract.EJP, 3)
    peaks = [day for day in season(2025) if calendar.dear(day)]
    assert len(peaks) == 22
    assert all(day.month in (11, 12, 1, 2, 3) for day in peaks)
    day = next(day for day in peaks if not calendar.dear(day + ONE_DAY) and not calendar.dear(day - ONE_DAY))
    registers = [calendar.period(moment(day, hour * 3600)).register for hour in range(28)]
    assert registers == [1] * 7 + [2] * 18 + [1] * 3
    assert calendar.windows(moment(day, 6.5 * 3600) - 1) == []
    (window,) = calendar.windows(moment(day, 6.5 * 3600))
    assert (window.start, window.end) == (moment(day, 7 * 3600), moment(day, 25 * 3600))
    assert calendar.windows(window.end) == []


@pytest.mark.parametrize(("evening", "hours"), [((2026, 3, 28), 7), ((2026, 6, 1), 8), ((2026, 10, 24), 9)])
def test_a_night_is_an_hour_shorter_in_march_and_longer_in_october(evening: tuple[int, int, int], hours: int) -> None:
    calendar = Calendar(Contract.HPHC, 1)
    day = date(*evening)
    changes = [start for each in (day, day + ONE_DAY) for start, _ in calendar.periods(each)[1:]]
    assert f"{local(changes[1]):%H:%M} {local(changes[2]):%H:%M}" == "22:30 06:30"
    assert changes[2] - changes[1] == hours * 3600


@pytest.mark.parametrize("contract", list(Contract))
def test_the_periods_of_a_day_agree_with_the_period_of_each_moment(contract: Contract) -> None:
    calendar = Calendar(contract, 1)
    for day in (date(2026, 1, 14), date(2026, 3, 29), date(2026, 10, 25), date(2026, 7, 18)):
        periods = calendar.periods(day)
        assert periods[0][0] == midnight(day)
        for start, period in periods:
            assert calendar.period(start) == period
            assert 1 <= period.register <= len(calendar.registers)


def test_the_distributor_counts_winter_and_summer_nights_and_days_apart() -> None:
    calendar = Calendar(Contract.HPHC, 1)
    moments = (at(2026, 7, 1, 3), at(2026, 7, 1, 12), at(2026, 1, 1, 3), at(2026, 1, 1, 12))
    assert [calendar.period(moment_).distributor for moment_ in moments] == [1, 2, 3, 4]


def test_weekends_count_apart_on_a_suppliers_own_calendar() -> None:
    calendar = Calendar(Contract.OTHER, 1)
    saturday = date(2026, 1, 17)
    assert {calendar.period(moment(saturday, hour * 3600)).register for hour in range(48)} == {3}
    assert [calendar.day_number(saturday + number * ONE_DAY) for number in range(-1, 3)] == [0, 1, 1, 0]
