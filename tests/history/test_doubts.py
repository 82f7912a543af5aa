"""What a meter cannot have said is rejected and counted; what it says for good is believed in the end."""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import pytest

from linkytui.civil.spans import By
from linkytui.history import HistoryReader, Sample
from linkytui.history.samples import Heard
from linkytui.reading import Contract
from linkytui.reading.contracts import INJECTED
from linkytui.reading.plausible import most_energy
from tests.history.household import at, moment, open_recorder, record, steady, total

NOON = at("2026-06-01 12:00")
DAY = moment("2026-06-01 12:00").date()


def changed(samples: Iterable[Sample], which: range, **registers: int) -> list[Sample]:
    """The samples, some of which say something else than the meter meant."""
    return [
        sample._replace(registers={**sample.registers, **registers}) if number in which else sample
        for number, sample in enumerate(samples)
    ]


def counted(folder: Path) -> dict[str, int]:
    return HistoryReader(folder).counters(DAY, DAY + timedelta(days=1))


def save(folder: Path, samples: Iterable[Sample]) -> None:
    record(folder, iter(samples))


@pytest.mark.parametrize("value", [0, 4_999_000, 4_999_999])
def test_a_register_that_falls_for_a_moment_is_rejected_and_counted(tmp_path: Path, value: int) -> None:
    save(tmp_path, changed(steady(NOON, NOON + 3610), range(100, 103), BASE=value))
    assert total(tmp_path) == {"BASE": 1200}
    assert counted(tmp_path) == {"fall": 3}
    assert all(
        sample.registers["BASE"] >= 5_000_000 for sample in HistoryReader(tmp_path).samples() if sample.registers
    )


@pytest.mark.parametrize("value", [5_000_600, 5_900_000, 999_999_999])
def test_more_energy_than_the_meter_can_pass_is_rejected_and_counted(tmp_path: Path, value: int) -> None:
    save(tmp_path, changed(steady(NOON, NOON + 3610), range(100, 103), BASE=value))
    assert total(tmp_path) == {"BASE": 1200}
    assert counted(tmp_path) == {"jump": 3}


def test_a_register_that_fell_for_good_is_believed_after_a_minute(tmp_path: Path) -> None:
    """The meter was programmed anew: what it counts from its new beginning on is kept."""
    save(tmp_path, [*steady(NOON, NOON + 1810), *steady(NOON + 1810, NOON + 3620, base=100)])
    assert total(tmp_path) == {"BASE": 600 + 600}
    assert counted(tmp_path) == {"fall": 7, "rebase": 1}
    assert HistoryReader(tmp_path).registers_at(NOON + 3610)["BASE"].wh == 700


def test_a_register_that_leapt_for_good_begins_anew_where_it_landed(tmp_path: Path) -> None:
    save(tmp_path, [*steady(NOON, NOON + 1810), *steady(NOON + 1810, NOON + 3620, base=90_000_000)])
    assert total(tmp_path) == {"BASE": 600 + 600}
    assert counted(tmp_path) == {"jump": 7, "rebase": 1}


def test_a_leap_that_wavers_is_not_believed(tmp_path: Path) -> None:
    samples = list(steady(NOON, NOON + 3610))
    for number in range(100, 200):
        value = 6_000_000 + (number % 2) * 50_000
        samples[number] = samples[number]._replace(registers={"BASE": value})
    save(tmp_path, samples)
    assert total(tmp_path) == {"BASE": 1200}
    assert counted(tmp_path) == {"jump": 100}


def test_after_a_long_absence_much_energy_is_plausible(tmp_path: Path) -> None:
    save(tmp_path, [*steady(NOON, NOON + 10), *steady(NOON + 20 * 86_400, NOON + 20 * 86_400 + 60, base=5_900_000)])
    assert total(tmp_path)["BASE"] == 900_000 + 50 // 3
    assert counted(tmp_path) == {}


def test_the_limit_follows_the_subscribed_power(tmp_path: Path) -> None:
    """250 Wh in 10 s are too much at 6 kVA, and not at 36."""
    for limit, folder in ((6.0, tmp_path / "6"), (36.0, tmp_path / "36"), (None, tmp_path / "unknown")):
        save(
            folder,
            changed(
                (sample._replace(limit_kva=limit) for sample in steady(NOON, NOON + 600)), range(30, 31), BASE=5_000_340
            ),
        )
    assert counted(tmp_path / "6") == {"jump": 1}
    # Believed, and then what comes after it is a fall.
    assert counted(tmp_path / "36")["fall"] > 0
    assert counted(tmp_path / "unknown")["fall"] > 0


def test_a_power_that_no_breaker_lets_pass_is_no_peak(tmp_path: Path) -> None:
    samples = list(steady(NOON, NOON + 600))
    samples[20] = samples[20]._replace(power=40_460)
    save(tmp_path, samples)
    (day,) = HistoryReader(tmp_path).spans(By.DAY, moment("2026-06-01 12:00"), moment("2026-06-01 13:00"))
    assert day.power is not None
    assert day.power.max == 1200
    assert counted(tmp_path) == {"power": 1}


def test_a_lost_group_costs_nothing(tmp_path: Path) -> None:
    samples = list(steady(NOON, NOON + 3610))
    for number in (*range(5, 200, 3), 201, 202, 203, 204):
        samples[number] = samples[number]._replace(registers={})
    save(tmp_path, samples)
    (hour,) = HistoryReader(tmp_path).spans(By.HOUR, moment("2026-06-01 12:00"), moment("2026-06-01 13:00"))
    assert (hour.total_wh, hour.estimated_wh) == (1200, 0)


def test_a_register_that_is_lost_for_minutes_is_estimated(tmp_path: Path) -> None:
    samples = list(steady(NOON, NOON + 3610))
    for number in range(60, 120):
        samples[number] = samples[number]._replace(registers={})
    save(tmp_path, samples)
    (hour,) = HistoryReader(tmp_path).spans(By.HOUR, moment("2026-06-01 12:00"), moment("2026-06-01 13:00"))
    assert hour.total_wh == 1200
    assert hour.estimated_wh == 5_000_400 - 5_000_196
    assert hour.covered_s == 3600


def test_injection_is_counted_apart(tmp_path: Path) -> None:
    samples = [
        sample._replace(
            registers={**sample.registers, INJECTED: 700 + number // 2},
            injected_power=1500 if number < 180 else 0,
            power=0 if number < 180 else 1200,
        )
        for number, sample in enumerate(steady(NOON, NOON + 3610))
    ]
    save(tmp_path, samples)
    reader = HistoryReader(tmp_path)
    (hour,) = reader.spans(By.HOUR, moment("2026-06-01 12:00"), moment("2026-06-01 13:00"))
    assert hour.wh == {"BASE": 1200}
    assert hour.injected_wh == 180
    assert hour.power is not None
    assert (hour.power.min, hour.power.max, hour.power.mean) == (0, 1200, 600)
    assert hour.as_dict()["injected_wh"] == 180
    assert next(iter(reader.hours(moment("2026-06-01 12:00"), moment("2026-06-01 13:00")))).injected_wh == 180
    rows = [row for row in reader.minutes(NOON, NOON + 60) if row.register == INJECTED]
    assert [(row.mean, row.wh) for row in rows] == [(1500, 3)]
    assert {point.high for point in reader.curve(NOON, NOON + 1800, 10)} == {0}
    assert reader.samples(limit=1)[0].registers == {"BASE": 5_000_000, INJECTED: 700}


def test_another_contract_keeps_the_registers_of_the_one_before(tmp_path: Path) -> None:
    """From Base to off-peak hours and back: register 1 counts on under another name, and nothing is counted twice."""

    def off_peak(start: float, end: float, base: int) -> list[Sample]:
        return [
            sample._replace(registers={"HC": sample.registers["BASE"], "HP": 30}, contract=Contract.HPHC, period="HC")
            for sample in steady(start, end, base=base)
        ]

    later, last = NOON + 3600, NOON + 7200
    save(
        tmp_path, [*steady(NOON, later), *off_peak(later, last, 5_001_200), *steady(last, last + 3610, base=5_002_400)]
    )
    hours = HistoryReader(tmp_path).spans(By.HOUR, moment("2026-06-01 12:00"), moment("2026-06-01 15:00"))
    # The other contract is believed at its third frame.
    assert [hour.wh for hour in hours] == [{"BASE": 1196}, {"HC": 1196 - 6}, {"BASE": 1200 - 6}]
    registers = HistoryReader(tmp_path).registers_at(later + 1800)
    assert registers["BASE"].wh == 5_001_196
    assert registers["HC"].wh == 5_001_800


def test_a_contract_said_once_is_a_slip(tmp_path: Path) -> None:
    samples = list(steady(NOON, NOON + 3610))
    for number in (100, 150, 151, 200):
        samples[number] = samples[number]._replace(
            contract=Contract.OTHER, registers={"EASF01": samples[number].registers["BASE"]}
        )
    save(tmp_path, samples)
    assert total(tmp_path) == {"BASE": 1200}
    assert list(HistoryReader(tmp_path).registers_at(NOON + 3000)) == ["BASE"]


def test_a_crash_in_the_middle_of_a_doubt_changes_nothing(tmp_path: Path) -> None:
    samples = [*steady(NOON, NOON + 1800), *steady(NOON + 1800, NOON + 3610, base=90_000_000)]
    recorder = open_recorder(tmp_path)
    for number, sample in enumerate(samples):
        recorder.record([Heard(sample, 0.0)])
        if number == 182:
            recorder.store.connection.close()
            recorder = open_recorder(tmp_path)
    recorder.store.connection.close()
    assert total(tmp_path)["BASE"] == 1790 // 3 + (3600 - 1830) // 3


def test_the_most_energy_grows_with_time_and_power() -> None:
    assert most_energy(6.0, 3_600_000) == 12_000
    assert most_energy(36.0, 1_500) == 30
