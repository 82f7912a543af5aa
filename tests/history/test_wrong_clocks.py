"""The machine's clock jumps, stands still, was never set: the kilowatt-hours stay right to the watt-hour."""

import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from linkytui.civil.spans import By
from linkytui.history import HistoryReader, Span
from tests.history.household import at, moment, total
from tests.history.machine import Machine

HOUR = 3600.0
DAY = 86_400.0
YEAR = 365 * DAY


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    machine = Machine(tmp_path, at("2026-06-01 00:00"))
    yield machine
    machine.kill()


def hours(machine: Machine, start: str, end: str) -> list[Span]:
    return HistoryReader(machine.folder).spans(By.HOUR, moment(start), moment(end))


def energy(spans: list[Span]) -> list[int]:
    return [span.total_wh for span in spans]


def estimated(spans: list[Span]) -> list[int]:
    return [span.estimated_wh for span in spans]


def check_whole(machine: Machine, start: str, end: str, count: int) -> None:
    """Every hour is recorded in full and measured."""
    spans = hours(machine, start, end)
    assert energy(spans) == [1200] * count
    assert estimated(spans) == [0] * count
    assert all(span.covered_s >= 3580 for span in spans)


def test_an_hour_back_and_forth_again_changes_nothing(machine: Machine) -> None:
    machine.boot(at("2026-06-01 08:00"))
    wrong = at("2026-06-01 10:00")
    machine.run(
        at("2026-06-01 08:00"), at("2026-06-01 13:00:10"), lambda now: -HOUR if wrong <= now < wrong + 400 else 0
    )
    check_whole(machine, "2026-06-01 08:00", "2026-06-01 13:00", 5)


def test_an_hour_back_for_good_moves_what_this_boot_recorded(machine: Machine) -> None:
    """The clock had been an hour fast since the machine started, and then was set right."""
    machine.boot(at("2026-06-01 08:00"))
    machine.run(at("2026-06-01 08:00"), at("2026-06-01 10:00"), HOUR)
    machine.run(at("2026-06-01 10:00"), at("2026-06-01 13:00:10"), 0)
    check_whole(machine, "2026-06-01 08:00", "2026-06-01 13:00", 5)
    assert HistoryReader(machine.folder).recorded() == (at("2026-06-01 08:00"), at("2026-06-01 13:00"))


def test_an_hour_back_for_good_on_a_clock_that_was_right_for_days_loses_no_energy(machine: Machine) -> None:
    """Nobody can tell which is right: the hour that comes twice is recorded once, and nothing is counted twice."""
    machine.boot(at("2026-06-01 00:00"))
    machine.run(at("2026-06-01 00:00"), at("2026-06-02 12:00"), 0)
    machine.run(at("2026-06-02 12:00"), at("2026-06-02 15:00:10"), -HOUR)
    spans = hours(machine, "2026-06-01 00:00", "2026-06-02 14:00")
    assert energy(spans) == [1200] * 34 + [2400] + [1200] * 3
    assert estimated(spans) == [0] * 34 + [1200] + [0] * 3
    assert total(machine.folder) == {"BASE": 39 * 1200}


def test_an_hour_back_is_refused_while_the_meter_says_otherwise(machine: Machine) -> None:
    machine.meter_clock = True
    machine.boot(at("2026-06-01 08:00"))
    machine.run(at("2026-06-01 08:00"), at("2026-06-01 10:00"), 0)
    machine.run(at("2026-06-01 10:00"), at("2026-06-01 13:00:10"), -HOUR)
    check_whole(machine, "2026-06-01 08:00", "2026-06-01 13:00", 5)


def test_an_hour_back_is_followed_at_once_when_the_meter_agrees(machine: Machine) -> None:
    machine.meter_clock = True
    machine.boot(at("2026-06-01 08:00"))
    machine.run(at("2026-06-01 08:00"), at("2026-06-01 10:00"), HOUR)
    machine.run(at("2026-06-01 10:00"), at("2026-06-01 10:02"), 0)
    spans = hours(machine, "2026-06-01 08:00", "2026-06-01 12:00")
    assert energy(spans) == [1200, 1200, 36, 0]
    machine.run(at("2026-06-01 10:02"), at("2026-06-01 13:00:10"), 0)
    check_whole(machine, "2026-06-01 08:00", "2026-06-01 13:00", 5)


def test_a_year_forward_and_back_within_minutes_changes_nothing(machine: Machine) -> None:
    machine.boot(at("2026-06-01 08:00"))
    wrong = at("2026-06-01 10:00")
    machine.run(
        at("2026-06-01 08:00"), at("2026-06-01 13:00:10"), lambda now: YEAR if wrong <= now < wrong + 500 else 0
    )
    check_whole(machine, "2026-06-01 08:00", "2026-06-01 13:00", 5)


def test_a_year_forward_is_refused_while_the_meter_says_otherwise(machine: Machine) -> None:
    machine.meter_clock = True
    machine.boot(at("2026-06-01 08:00"))
    machine.run(at("2026-06-01 08:00"), at("2026-06-01 10:00"), 0)
    machine.run(at("2026-06-01 10:00"), at("2026-06-01 13:00:10"), YEAR)
    check_whole(machine, "2026-06-01 08:00", "2026-06-01 13:00", 5)


def test_a_year_forward_for_good_leaves_a_year_with_no_more_energy_than_there_was(machine: Machine) -> None:
    machine.boot(at("2026-06-01 00:00"))
    machine.run(at("2026-06-01 00:00"), at("2026-06-02 12:00"), 0)
    machine.run(at("2026-06-02 12:00"), at("2026-06-02 15:00:10"), YEAR)
    assert energy(hours(machine, "2026-06-01 00:00", "2026-06-02 12:00")) == [1200] * 36
    assert energy(hours(machine, "2027-06-02 12:00", "2027-06-02 15:00")) == [1200] * 3
    months = HistoryReader(machine.folder).spans(By.MONTH, moment("2026-07-01 00:00"), moment("2027-06-01 00:00"))
    assert sum(energy(months)) <= 3
    assert estimated(months) == energy(months)
    assert total(machine.folder) == {"BASE": 39 * 1200}


def test_a_year_forward_and_back_after_hours_is_undone(machine: Machine) -> None:
    machine.boot(at("2026-06-01 08:00"))
    machine.run(at("2026-06-01 08:00"), at("2026-06-01 10:00"), 0)
    machine.run(at("2026-06-01 10:00"), at("2026-06-01 12:00"), YEAR)
    assert HistoryReader(machine.folder).recorded() == (at("2026-06-01 08:00") + YEAR, at("2026-06-01 11:59:50") + YEAR)
    machine.run(at("2026-06-01 12:00"), at("2026-06-01 14:00:10"), 0)
    check_whole(machine, "2026-06-01 08:00", "2026-06-01 14:00", 6)


def test_nothing_is_ever_written_as_1970(machine: Machine) -> None:
    """A Pi without a battery: the clock stands at 1970 until the network sets it."""
    machine.boot(at("2026-06-01 08:00"))
    machine.run(at("2026-06-01 08:00"), at("2026-06-01 09:30"), lambda now: -now + 40)
    assert HistoryReader(machine.folder).recorded() is None
    assert len(machine.waiting) == 540
    machine.run(at("2026-06-01 09:30"), at("2026-06-01 11:00:10"), 0)
    check_whole(machine, "2026-06-01 08:00", "2026-06-01 11:00", 3)


def test_a_clock_that_was_never_set_gives_way_to_the_meters(machine: Machine) -> None:
    machine.meter_clock = True
    machine.boot(at("2026-06-01 08:00"))
    machine.run(at("2026-06-01 08:00"), at("2026-06-01 11:00:10"), lambda now: -now + 40)
    check_whole(machine, "2026-06-01 08:00", "2026-06-01 11:00", 3)


def _outage(machine: Machine) -> None:
    """Record from 06:00 to 08:00, then be without power until 11:00, and wake with the time of the shutdown."""
    machine.boot(at("2026-06-01 06:00"))
    machine.run(at("2026-06-01 06:00"), at("2026-06-01 08:00:10"))
    machine.boot(at("2026-06-01 11:00"))


def test_the_energy_of_an_outage_falls_into_its_hours_once_the_network_set_the_clock(machine: Machine) -> None:
    _outage(machine)
    machine.run(at("2026-06-01 11:00"), at("2026-06-01 11:02"), -3 * HOUR + 30)
    machine.run(at("2026-06-01 11:02"), at("2026-06-01 13:00:10"), 0)
    spans = hours(machine, "2026-06-01 06:00", "2026-06-01 13:00")
    assert energy(spans) == [1200] * 7
    assert estimated(spans) == [0, 0, 1200, 1200, 1200, 20, 0]
    assert [round(span.covered_s, -2) for span in spans] == [3600, 3600, 0, 0, 0, 3600, 3600]


def test_the_energy_of_an_outage_is_kept_by_a_clock_that_nobody_sets_for_hours(machine: Machine) -> None:
    """Without the network, three hours seem to be missing: their energy is there, and moves when the clock is set."""
    _outage(machine)
    machine.run(at("2026-06-01 11:00"), at("2026-06-01 13:00"), -3 * HOUR + 30)
    assert total(machine.folder) == {"BASE": 7 * 1200 - 4}
    machine.run(at("2026-06-01 13:00"), at("2026-06-01 14:00:10"), 0)
    spans = hours(machine, "2026-06-01 06:00", "2026-06-01 14:00")
    assert energy(spans) == [1200] * 8
    assert estimated(spans) == [0, 0, 1200, 1200, 1200, 20, 0, 0]


def test_the_energy_of_an_outage_falls_into_its_hours_when_the_meter_tells_the_time(machine: Machine) -> None:
    machine.meter_clock = True
    _outage(machine)
    machine.run(at("2026-06-01 11:00"), at("2026-06-01 13:00:10"), -3 * HOUR + 30)
    spans = hours(machine, "2026-06-01 06:00", "2026-06-01 13:00")
    assert energy(spans) == [1200] * 7
    assert estimated(spans) == [0, 0, 1200, 1200, 1200, 0, 0]


def test_a_clock_that_woke_before_the_end_of_the_record_waits(machine: Machine) -> None:
    _outage(machine)
    machine.run(at("2026-06-01 11:00"), at("2026-06-01 11:05"), -5 * HOUR)
    assert len(machine.waiting) == 30
    machine.run(at("2026-06-01 11:05"), at("2026-06-01 13:00:10"), 0)
    assert machine.waiting == []
    assert energy(hours(machine, "2026-06-01 06:00", "2026-06-01 13:00")) == [1200] * 7


def test_a_record_that_is_ahead_of_the_clock_gives_way_when_the_clock_stays(machine: Machine) -> None:
    """The boot before ran a year ahead; what it recorded cannot be, but its energy was drawn."""
    machine.boot(at("2026-06-01 06:00"))
    machine.run(at("2026-06-01 06:00"), at("2026-06-01 08:00:10"))
    machine.boot(at("2026-06-01 08:30"))
    machine.run(at("2026-06-01 08:30"), at("2026-06-01 10:00"), YEAR)
    machine.boot(at("2026-06-01 11:00"))
    machine.run(at("2026-06-01 11:00"), at("2026-06-01 13:00:10"), 0)
    spans = hours(machine, "2026-06-01 06:00", "2026-06-01 13:00")
    assert energy(spans) == [1200] * 7
    assert estimated(spans) == [0, 0, 1200, 1200, 1200, 0, 0]
    recorded = HistoryReader(machine.folder).recorded()
    assert recorded is not None
    assert recorded[1] < at("2026-06-02 00:00")


def test_a_program_killed_while_the_clock_is_wrong_finds_its_line_again(machine: Machine) -> None:
    machine.boot(at("2026-06-01 08:00"))
    machine.run(at("2026-06-01 08:00"), at("2026-06-01 10:00"), 0)
    machine.kill()
    machine.run(at("2026-06-01 10:00"), at("2026-06-01 10:05"), YEAR)
    machine.kill()
    machine.run(at("2026-06-01 10:05"), at("2026-06-01 12:00:10"), 0)
    check_whole(machine, "2026-06-01 08:00", "2026-06-01 12:00", 4)


def test_a_clock_that_drifts_or_is_corrected_by_seconds_is_followed(machine: Machine) -> None:
    machine.boot(at("2026-06-01 08:00"))
    start = at("2026-06-01 08:00")
    machine.run(start, at("2026-06-01 11:00:30"), lambda now: (now - start) * 0.0005 if now < start + 7200 else 0.0)
    spans = hours(machine, "2026-06-01 08:00", "2026-06-01 11:00")
    assert sum(energy(spans)) == 3600
    assert estimated(spans) == [0, 0, 0]
    assert all(abs(wh - 1200) <= 2 for wh in energy(spans))


def test_a_correction_is_counted(machine: Machine) -> None:
    machine.boot(at("2026-06-01 08:00"))
    machine.run(at("2026-06-01 08:00"), at("2026-06-01 08:05"), -2 * HOUR)
    machine.run(at("2026-06-01 08:05"), at("2026-06-01 08:10"), 0)
    day = moment("2026-06-01 00:00").date()
    assert HistoryReader(machine.folder).counters(day, day + timedelta(days=1)) == {"clock": 1}


@example(seed=26231468)  # a clock put forward twice: what was drawn before the first record stays
@given(seed=st.integers(0, 1 << 32))
@settings(max_examples=25, deadline=None)
def test_whatever_the_clock_does_no_energy_is_lost_or_made(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 -- a test's
    with TemporaryDirectory() as name:
        start = now = at("2026-06-01 00:00")
        machine = Machine(Path(name), start, meter_clock=chance.random() < 0.3)
        machine.boot(now)
        machine.run(now, now + 600)
        now += 600
        for _number in range(chance.randint(1, 6)):
            away = chance.choice((0, 0, 30, 1800, 20_000))
            if away and chance.random() < 0.5:
                machine.boot(now + away)
            elif away:
                machine.kill()
            now += away
            error = chance.choice((0, 0, 3, -3, 90, -HOUR, HOUR, YEAR, -YEAR, -now))
            length = chance.choice((100, 500, 1000, 4000))
            machine.run(now, now + length, error)
            now += length
        machine.run(now, now + 1500)
        machine.kill()
        rise = machine.register(now + 1490) - machine.register(start)
        assert total(machine.folder) == {"BASE": rise}


@pytest.mark.parametrize("ahead", [20 * 60.0, 3.5 * HOUR])
def test_a_meter_whose_clock_is_ahead_moves_nothing_on_a_machine_that_is_synchronised(
    machine: Machine, ahead: float
) -> None:
    machine.meter_clock, machine.meter_ahead, machine.synchronised = True, ahead, True
    machine.boot(at("2026-06-01 08:00"))
    machine.run(at("2026-06-01 08:00"), at("2026-06-01 13:00:10"), 0)
    check_whole(machine, "2026-06-01 08:00", "2026-06-01 13:00", 5)
    assert HistoryReader(machine.folder).recorded() == (at("2026-06-01 08:00"), at("2026-06-01 13:00"))


def test_what_was_written_while_the_clock_was_synchronised_is_never_moved(machine: Machine) -> None:
    """The clock loses its source and runs an hour ahead: only what came from then on is moved."""
    machine.boot(at("2026-06-01 08:00"))
    machine.synchronised = True
    machine.run(at("2026-06-01 08:00"), at("2026-06-01 10:00"), 0)
    machine.synchronised = False
    machine.run(at("2026-06-01 10:00"), at("2026-06-01 12:00"), HOUR)
    spans = hours(machine, "2026-06-01 08:00", "2026-06-01 10:00")
    assert all(abs(wh - 1200) < 10 for wh in energy(spans))  # what came since is an hour away as yet
    machine.synchronised = True
    machine.run(at("2026-06-01 12:00"), at("2026-06-01 14:00:10"), 0)
    check_whole(machine, "2026-06-01 08:00", "2026-06-01 14:00", 6)


@pytest.mark.parametrize("later", [0.0, 20.0, 200.0])
def test_a_year_ahead_for_some_seconds_after_a_start_moves_nothing(machine: Machine, later: float) -> None:
    machine.boot(at("2026-06-01 08:00"))
    machine.run(at("2026-06-01 08:00"), at("2026-06-01 10:00"), 0)
    boot = at("2026-06-01 10:05")
    machine.boot(boot)
    wrong = boot + later
    machine.run(boot, at("2026-06-01 13:00:10"), lambda now: YEAR if wrong <= now < wrong + 14 else 0)
    assert HistoryReader(machine.folder).recorded() == (at("2026-06-01 08:00"), at("2026-06-01 13:00"))
    assert all(abs(wh - 1200) <= 1 for wh in energy(hours(machine, "2026-06-01 08:00", "2026-06-01 13:00")))
    assert total(machine.folder) == {"BASE": 5 * 1200}


def test_a_synchronised_clock_is_followed_at_once(machine: Machine) -> None:
    """An outage of a week: there is no need to wait for what is far from the record to stay so."""
    machine.boot(at("2026-06-01 08:00"))
    machine.run(at("2026-06-01 08:00"), at("2026-06-01 10:00"), 0)
    machine.boot(at("2026-06-08 10:00"))
    machine.synchronised = True
    machine.run(at("2026-06-08 10:00"), at("2026-06-08 10:00:10"), 0)
    assert HistoryReader(machine.folder).recorded() == (at("2026-06-01 08:00"), at("2026-06-08 10:00"))
