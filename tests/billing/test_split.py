"""The same energy under other options."""

from collections.abc import Iterable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkytui.billing.energy import Energy
from linkytui.billing.hour_rows import HourTable, hour_rows
from linkytui.billing.record import MinuteEnergy, Record
from linkytui.billing.split import Split, Target
from linkytui.civil.off_peak import OffPeak
from linkytui.reading import Contract
from linkytui.reading.contracts import INJECTED
from linkytui.settings.model import OffPeakSeason
from linkytui.tic import Colour
from tests.billing.households import HOUR, PARIS, moment


def split(
    option: Contract,
    energies: list[Energy],
    *,
    windows: tuple[str | OffPeakSeason, ...] = (),
    colours: dict[date, Colour] | None = None,
    minutes: list[MinuteEnergy] | None = None,
) -> tuple[list[Energy], str | None]:
    """The energy under an option, and what stood in the way."""

    def between(start: float, end: float) -> Iterable[MinuteEnergy]:
        return [minute for minute in minutes or () if start <= minute.start < end]

    record = Record(zone=PARIS, energies=energies, colours=colours or {}, off_peak=OffPeak.of(windows), minutes=between)
    splitter = Split(Target(option), record)
    return list(splitter.apply(energies)), splitter.reason


def hour(*when: int, **wh: int) -> Energy:
    """Energy of an hour that begins at a local time."""
    return Energy(moment(*when), moment(*when) + HOUR, wh)


def test_what_the_options_own_registers_counted_stays() -> None:
    energies = [hour(2026, 5, 5, 3, HC=100, HP=20)]
    assert split(Contract.HPHC, energies, windows=("12:00-14:00",)) == (energies, None)


def test_base_is_the_sum_of_all() -> None:
    (energy,), reason = split(Contract.BASE, [hour(2026, 5, 5, 3, HCJB=100, HPJR=20, INJECTED=7)])
    assert energy.wh == {"BASE": 120, INJECTED: 7}
    assert reason is None


def test_off_peak_hours_come_from_the_settings() -> None:
    energies = [hour(2026, 5, 5, 3, BASE=100), hour(2026, 5, 5, 12, BASE=50)]
    found, reason = split(Contract.HPHC, energies, windows=("22:30-06:30",))
    assert [energy.wh for energy in found] == [{"HC": 100}, {"HP": 50}]
    assert reason is None


def test_a_season_without_hours_is_told_from_hours_that_nobody_set() -> None:
    summer = OffPeakSeason(first="04-01", last="10-31", windows=("02:00-07:00",))
    found, reason = split(
        Contract.HPHC, [hour(2026, 5, 5, 3, BASE=100), hour(2026, 11, 5, 3, BASE=50)], windows=(summer,)
    )
    assert [energy.wh for energy in found] == [{"HC": 100}]
    assert reason == "Your off-peak hours are known for part of the year only: complete off_peak in [tariff]."


def test_tempos_own_off_peak_hours_are_not_taken_for_those_of_an_address() -> None:
    found, reason = split(Contract.HPHC, [hour(2026, 5, 5, 3, HCJB=100)])
    assert found == []
    assert reason == "Your off-peak hours are not known: set off_peak in [tariff]."


def test_an_hour_that_is_cut_is_split_by_its_minutes() -> None:
    # 22:00 to 23:00, off-peak from 22:30 on: 30 Wh before, 300 Wh after.
    start = moment(2026, 5, 5, 22)
    minutes = [MinuteEnergy(start + 60 * number, 1 if number < 30 else 10) for number in range(60)]
    (energy,), _ = split(Contract.HPHC, [hour(2026, 5, 5, 22, BASE=330)], windows=("22:30-06:30",), minutes=minutes)
    assert energy.wh == {"HC": 300, "HP": 30}


def test_without_minutes_an_hour_that_is_cut_is_split_by_time() -> None:
    (energy,), _ = split(Contract.HPHC, [hour(2026, 5, 5, 1, BASE=600)], windows=("01:34-07:04",))
    assert energy.wh == {"HC": 260, "HP": 340}


def test_what_the_minutes_do_not_know_is_split_by_time() -> None:
    start = moment(2026, 5, 5, 22)
    (energy,), _ = split(
        Contract.HPHC, [hour(2026, 5, 5, 22, BASE=110)], windows=("22:30-06:30",), minutes=[MinuteEnergy(start, 10)]
    )
    assert energy.wh == {"HC": 50, "HP": 60}


def test_tempo_takes_the_colour_of_the_day_that_began_at_six() -> None:
    colours = {date(2026, 1, 5): Colour.WHITE, date(2026, 1, 6): Colour.RED}
    energies = [hour(2026, 1, 6, 5, BASE=1), hour(2026, 1, 6, 6, BASE=2), hour(2026, 1, 6, 22, BASE=3)]
    found, reason = split(Contract.TEMPO, energies, colours=colours)
    assert [{name: wh for name, wh in energy.wh.items() if wh} for energy in found] == [
        {"HCJW": 1},
        {"HPJR": 2},
        {"HCJR": 3},
    ]
    assert reason is None


def test_a_day_without_colour_is_left_out_but_for_sundays() -> None:
    # 4 January 2026 is a Sunday.
    energies = [hour(2026, 1, 4, 12, BASE=1), *(hour(2026, 1, 5, number, BASE=1) for number in range(6, 24))]
    found, reason = split(Contract.TEMPO, energies)
    assert [energy.wh["HPJB"] for energy in found] == [1]
    assert reason == "The colour of 1 day is unknown: only a meter with a Tempo contract reports it."


@pytest.mark.parametrize(("option", "words"), [(Contract.EJP, "peak days"), (Contract.OTHER, "registers count")])
def test_what_only_the_meter_knows_is_not_guessed(option: Contract, words: str) -> None:
    found, reason = split(option, [hour(2026, 1, 5, 12, BASE=1)])
    assert found == []
    assert reason is not None
    assert words in reason


def test_the_estimated_part_stays_marked() -> None:
    energy = Energy(moment(2026, 5, 5, 22), moment(2026, 5, 5, 23), {"BASE": 100}, {"BASE": 40}, covered=1000.0)
    (found,), _ = split(Contract.HPHC, [energy], windows=("22:30-06:30",))
    assert found.wh == {"HC": 50, "HP": 50}
    assert found.estimated == {"HC": 20, "HP": 20}
    assert found.covered == energy.covered
    assert found.known == energy.known == HOUR


@given(
    st.dictionaries(st.sampled_from(["BASE", "HC", "HP", "HCJB", "HPJW", "PM"]), st.integers(0, 30_000), max_size=4),
    st.sampled_from([Contract.BASE, Contract.HPHC, Contract.TEMPO]),
    st.integers(0, 23),
    st.lists(st.integers(0, 900), max_size=60),
)
def test_no_wh_is_lost(wh: dict[str, int], option: Contract, clock: int, minutes: list[int]) -> None:
    energy = hour(2026, 1, 5, clock, **wh)
    rows = [MinuteEnergy(energy.start + 60 * number, each) for number, each in enumerate(minutes)]
    colours = {date(2026, 1, 4): Colour.BLUE, date(2026, 1, 5): Colour.RED}
    found, reason = split(option, [energy], windows=("01:34-07:04", "22:30-00:10"), colours=colours, minutes=rows)
    assert reason is None
    assert [each.drawn for each in found] == [energy.drawn]
    assert all(each >= 0 for each in found[0].wh.values())


REGISTERS = st.sampled_from(
    [("BASE",), ("HC",), ("HP",), ("HC", "HP"), ("HCJB", "HPJB"), ("BASE", "HP"), (INJECTED,), ()]
)


@given(
    st.lists(st.tuples(REGISTERS, st.integers(0, 5000), st.booleans()), min_size=1, max_size=60),
    st.integers(0, 8000),
    st.sampled_from([(), ("22:30-06:30",), ("22:00-06:00", "12:15-14:40")]),
    st.sampled_from([Contract.BASE, Contract.HPHC, Contract.TEMPO, Contract.EJP]),
)
def test_the_sums_over_many_hours_are_those_of_each_of_them(
    hours: list[tuple[tuple[str, ...], int, bool]], first: int, windows: tuple[str, ...], option: Contract
) -> None:
    start = moment(2026, 1, 1) + first * HOUR
    energies = [
        Energy(start + place * HOUR + 600 * late, start + (place + 1) * HOUR, dict.fromkeys(names, wh))
        for place, (names, wh, late) in enumerate(hours)
    ]
    minutes = [MinuteEnergy(start + 60 * number, number % 7) for number in range(60 * len(hours))]

    def between(begin: float, end: float) -> Iterable[MinuteEnergy]:
        return [minute for minute in minutes if begin <= minute.start < end]

    record = Record(zone=PARIS, energies=energies, off_peak=OffPeak.of(windows), minutes=between)
    one_by_one, together = Split(Target(option), record), Split(Target(option), record)
    kept = list(one_by_one.apply(energies))
    wh, seconds = together.sums(HourTable(hour_rows(energies, PARIS)))
    expected: dict[str, int] = {}
    for energy in kept:
        for name, each in energy.wh.items():
            if name != INJECTED:
                expected[name] = expected.get(name, 0) + each
    assert {name: each for name, each in wh.items() if each} == {name: each for name, each in expected.items() if each}
    assert seconds == pytest.approx(sum(energy.known for energy in kept))
    assert one_by_one.reason == together.reason
    if option is Contract.BASE:
        assert sum(wh.values()) == sum(energy.drawn for energy in energies)
