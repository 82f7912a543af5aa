"""What is still to come."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkytui.billing.energy import Energy
from linkytui.billing.projection import Method, Outlook, look_ahead, wanted
from linkytui.civil.days import local, midnight
from linkytui.tic import Colour
from tests.billing.households import HOUR, PARIS, base, days, hours, moment, off_peak


def ahead(past: list[Energy], until: float, end: date, **more: object) -> Outlook:
    """The outlook, which there is."""
    outlook = look_ahead(past, until, midnight(end, PARIS), PARIS, **more)  # type: ignore[arg-type]
    assert outlook is not None
    return outlook


def drawn(outlook: Outlook) -> int:
    """Wh to come."""
    return sum(energy.drawn for energy in outlook.energies)


def weekly(when: datetime) -> dict[str, int]:
    """100 Wh an hour from Monday to Friday, 200 at the weekend, and 1000 more in the hour of each Sunday's roast."""
    if when.weekday() < 5:
        return {"BASE": 100}
    return {"BASE": 1200 if when.weekday() == 6 and when.hour == 12 else 200}


def test_less_than_a_day_tells_nothing() -> None:
    now = moment(2026, 6, 1, 23)
    past = list(hours(moment(2026, 6, 1), now, base(400)))
    assert look_ahead(past, now, midnight(date(2026, 7, 1), PARIS), PARIS) is None


def test_nothing_is_ahead_of_a_month_that_is_over() -> None:
    end = date(2026, 7, 1)
    assert look_ahead(days(date(2026, 6, 1), end, base(1)), midnight(end, PARIS), midnight(end, PARIS), PARIS) is None


def test_before_two_weeks_the_mean_goes_on() -> None:
    """10 days of 8 × 700 + 16 × 300 Wh: the mean hour has 700 × 8/24 Wh on HC and 300 × 16/24 on HP."""
    now = midnight(date(2026, 6, 11), PARIS)
    outlook = ahead(days(date(2026, 6, 1), date(2026, 6, 11), off_peak(700, 300)), now, date(2026, 7, 1))
    assert outlook.method is Method.LINEAR
    assert outlook.days == 10
    wh = {name: sum(energy.wh[name] for energy in outlook.energies) for name in ("HC", "HP")}
    assert wh == {"HC": pytest.approx(20 * 5600, abs=2), "HP": pytest.approx(20 * 4800, abs=2)}
    # Every day was the same.
    assert outlook.deviation_wh == 0


def test_how_far_off_it_may_be_needs_three_whole_days() -> None:
    first = date(2026, 6, 1)
    for count, known in ((2, False), (3, True)):
        until = first + timedelta(days=count)
        outlook = ahead(days(first, until, base(400)), midnight(until, PARIS), date(2026, 7, 1))
        assert (outlook.deviation_wh is not None) is known


def test_two_weeks_tell_the_weekdays_and_the_hours() -> None:
    """From Wednesday 17 June 2026, 12:00 on: the rest of that day, then each day as such days are."""
    now = moment(2026, 6, 17, 12)
    outlook = ahead(list(hours(moment(2026, 6, 1), now, weekly)), now, date(2026, 7, 1))
    assert outlook.method is Method.PROFILE
    truth = list(hours(now, midnight(date(2026, 7, 1), PARIS), weekly))
    assert [round(energy.start) for energy in outlook.energies] == [round(energy.start) for energy in truth]
    assert drawn(outlook) == pytest.approx(sum(energy.drawn for energy in truth), abs=2)
    sunday = next(energy for energy in outlook.energies if energy.start == moment(2026, 6, 21, 12))
    assert sunday.wh["BASE"] == pytest.approx(1200, abs=2)


def test_the_running_hour_is_shared_between_what_was_and_what_comes() -> None:
    now = moment(2026, 6, 17, 12) + 900
    outlook = ahead(list(hours(moment(2026, 6, 1), moment(2026, 6, 17, 12), base(400))), now, date(2026, 6, 18))
    assert (outlook.energies[0].start, outlook.energies[0].end) == (now, now + 2700)
    assert outlook.energies[0].drawn == 300


def test_a_holiday_is_expected_to_be_a_sunday() -> None:
    """14 July 2026 is a Tuesday."""
    now = midnight(date(2026, 7, 13), PARIS)
    outlook = ahead(days(date(2026, 6, 15), date(2026, 7, 13), weekly), now, date(2026, 7, 15))
    roast = next(energy for energy in outlook.energies if energy.start == moment(2026, 7, 14, 12))
    assert roast.drawn == pytest.approx(1200, abs=2)


def test_the_last_days_weigh_most() -> None:
    """Six weeks of 100 Wh an hour, then a week of 300: the days to come are nearer to 300."""
    now = midnight(date(2026, 7, 20), PARIS)
    past = days(date(2026, 6, 1), date(2026, 7, 13), base(100)) + days(date(2026, 7, 13), date(2026, 7, 20), base(300))
    assert 200 * 12 * 24 < drawn(ahead(past, now, date(2026, 8, 1))) < 300 * 12 * 24


def test_the_season_is_followed_as_it_went_a_year_ago() -> None:
    """A year ago consumption doubled on 1 November; this year it is expected to rise, and by less than it did."""
    now = midnight(date(2026, 11, 1), PARIS)
    end = date(2026, 12, 1)
    (last_year, this_year) = wanted(now, date(2026, 11, 1), PARIS)
    change = midnight(date(2026, 11, 1) - timedelta(days=364), PARIS)
    before = list(hours(*last_year, lambda when: {"BASE": 100 if when.timestamp() < change else 200}))
    recent = list(hours(*this_year, base(100)))
    outlook = ahead([*before, *recent], now, end)
    assert drawn(outlook) == pytest.approx(30 * 24 * 100 * (1 + 1.25**0.5) / 2, rel=0.01)
    assert drawn(ahead(recent, now, end)) == pytest.approx(30 * 24 * 100, rel=0.01)


def test_the_days_to_come_lie_off_by_chance_together_and_ever_further() -> None:
    """Days of 1.2, 2.4 and 3.6 kWh in turn. In variances of one day, three days to come lie off by 2.3 × 3 + 0.08 × 9 +
    0.0006 × 81 = 7.67, ten by 23 + 8 + 6 = 37, twenty by 46 + 32 + 96 = 174.
    """
    now = midnight(date(2026, 6, 10), PARIS)

    def uneven(when: datetime) -> dict[str, int]:
        return {"BASE": 50 + 50 * (when.toordinal() % 3)}

    past = list(hours(midnight(date(2026, 4, 15), PARIS), now, uneven))
    spread = 1200 * (2 / 3) ** 0.5
    for end, variance in ((date(2026, 6, 13), 7.67), (date(2026, 6, 20), 37), (date(2026, 6, 30), 174)):
        assert ahead(past, now, end).deviation_wh == pytest.approx(spread * variance**0.5, rel=0.08)


def test_one_day_of_a_month_draws_the_estimate_by_a_ninth_and_many_by_four_tenths() -> None:
    """Weeks of 100 Wh an hour; the month's days drew twice that. What a day draws besides comes of its own weight."""
    pulls = []
    for count in (1, 3, 12):
        first = date(2026, 6, 1)
        now = midnight(first + timedelta(days=count), PARIS)
        past = days(date(2026, 4, 6), first, base(100)) + days(first, first + timedelta(days=count), base(200))
        alone = drawn(ahead(past, now, date(2026, 7, 1)))
        level = alone / ((30 - count) * 2400)
        pulls.append((drawn(ahead(past, now, date(2026, 7, 1), since=first)) / alone - 1) / (2 / level - 1))
    assert pulls == pytest.approx([1 / 9, 3 / 11, 0.4], abs=0.06)


def test_a_month_of_its_own_draws_the_estimate_to_its_mean() -> None:
    """Ten days of the month drew twice what the weeks before did, but for its last day."""
    now = midnight(date(2026, 6, 12), PARIS)
    past = days(date(2026, 4, 15), date(2026, 6, 1), base(100)) + days(date(2026, 6, 1), date(2026, 6, 12), base(200))
    alone = drawn(ahead(past, now, date(2026, 7, 1)))
    together = drawn(ahead(past, now, date(2026, 7, 1), since=date(2026, 6, 1)))
    assert together == pytest.approx(alone + 0.4 * (200 * 19 * 24 - alone), rel=0.01)


def test_heating_that_the_calendar_brings_is_expected() -> None:
    """A home draws more with every degree that October is colder; July tells nothing of it."""

    def heated(when: datetime) -> dict[str, int]:
        return {"BASE": 200 + 4 * (when.timetuple().tm_yday - 240)}

    start, now = midnight(date(2026, 9, 7), PARIS), midnight(date(2026, 11, 2), PARIS)
    past = list(hours(start, now, heated))
    level = sum(energy.drawn for energy in past[-7 * 24 :]) / 7
    assert drawn(ahead(past, now, date(2026, 12, 1))) > 29 * level
    flat = list(hours(start, now, base(300)))
    assert drawn(ahead(flat, now, date(2026, 12, 1))) == pytest.approx(29 * 24 * 300, rel=0.001)


def test_what_is_wanted_for_a_month_is_the_last_weeks_and_the_year_before() -> None:
    now = moment(2026, 11, 24, 12)
    season, recent = wanted(now, date(2026, 11, 1), PARIS)
    assert [local(at, PARIS).date() for at in season] == [date(2025, 10, 21), date(2025, 12, 9)]
    assert recent == (midnight(date(2026, 9, 29), PARIS), now)
    # A month that is over is not estimated.
    assert wanted(now, date(2026, 3, 1), PARIS) == ((midnight(date(2026, 3, 1), PARIS), now),)


def test_the_months_with_a_clock_change_have_all_their_hours() -> None:
    now = midnight(date(2026, 10, 20), PARIS)
    outlook = ahead(days(date(2026, 9, 20), date(2026, 10, 20), base(100)), now, date(2026, 11, 1))
    assert len(outlook.energies) == 12 * 24 + 1


def tempo(when: datetime) -> dict[str, int]:
    """Blue days."""
    return {"HPJB": 500} if 6 <= when.hour < 22 else {"HCJB": 1000}


def test_tempo_days_to_come_have_the_colour_that_is_announced_or_the_chances_of_the_season() -> None:
    now = midnight(date(2026, 1, 13), PARIS)
    colours = {date(2026, 1, 12): Colour.BLUE, date(2026, 1, 13): Colour.RED}
    outlook = ahead(days(date(2025, 12, 1), date(2026, 1, 13), tempo), now, date(2026, 1, 19), colours=colours)
    by_day: dict[date, dict[str, int]] = {}
    for energy in outlook.energies:
        sums = by_day.setdefault(local(energy.start, PARIS).date(), {})
        for name, wh in energy.wh.items():
            sums[name] = sums.get(name, 0) + wh
    assert by_day[date(2026, 1, 13)] == {
        "HCJB": pytest.approx(6000, abs=2),
        "HPJR": pytest.approx(8000, abs=2),
        "HCJR": pytest.approx(2000, abs=2),
    }
    # Sunday is blue, its first hours are Saturday's, which may be white.
    assert set(by_day[date(2026, 1, 18)]) == {"HCJB", "HCJW", "HPJB"}
    assert date(2026, 1, 13) not in outlook.chances
    assert set(outlook.chances[date(2026, 1, 14)]) == {Colour.BLUE, Colour.WHITE, Colour.RED}
    assert drawn(outlook) == pytest.approx(6 * 16_000, abs=10)


def test_registers_of_another_contract_before_do_not_come_back() -> None:
    now = midnight(date(2026, 7, 1), PARIS)
    past = days(date(2026, 5, 10), date(2026, 6, 10), base(400)) + days(
        date(2026, 6, 10), date(2026, 7, 1), off_peak(400, 400)
    )
    outlook = ahead(past, now, date(2026, 7, 3))
    assert set().union(*(energy.wh for energy in outlook.energies)) == {"HC", "HP"}
    assert drawn(outlook) == pytest.approx(2 * 24 * 400, abs=2)


def test_hours_that_were_estimated_do_not_shape_the_day() -> None:
    now = midnight(date(2026, 7, 1), PARIS)
    past = [
        energy._replace(wh={"BASE": 9000}, estimated={"BASE": 9000}, covered=0.0) if number % 24 == 3 else energy
        for number, energy in enumerate(days(date(2026, 6, 1), date(2026, 7, 1), base(100)))
    ]
    outlook = ahead(past, now, date(2026, 7, 2))
    assert max(energy.drawn for energy in outlook.energies) < 600


@settings(max_examples=20)
@given(st.integers(1, 40), st.integers(0, 23), st.lists(st.integers(0, 9000), min_size=24, max_size=24))
def test_what_is_to_come_is_never_negative_and_has_every_hour(count: int, clock: int, shape: list[int]) -> None:
    first = date(2026, 3, 10)
    now = midnight(first + timedelta(days=count), PARIS) + clock * HOUR
    past = list(hours(midnight(first, PARIS), now, lambda when: {"BASE": shape[when.hour]}))
    end = first + timedelta(days=count + 8)
    outlook = ahead(past, now, end)
    assert all(energy.drawn >= 0 for energy in outlook.energies)
    assert outlook.energies[0].start == now
    assert outlook.energies[-1].end == midnight(end, PARIS)
    assert all(one.end == two.start for one, two in zip(outlook.energies, outlook.energies[1:], strict=False))
