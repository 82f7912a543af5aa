"""Older records are merged in: what they fill is measured, what was estimated gives way, twice changes nothing."""

import sqlite3
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from linkytui.civil.spans import By
from linkytui.errors import HistoryError
from linkytui.history import HistoryReader, Importer, ImportReport, Sample, Told, importing
from linkytui.history.schema import FILE_NAME
from tests.history.household import METER, at, moment, quiet_writer, record, steady, total

NOON = at("2026-06-01 12:00")
TABLES = ("hours", "minutes", "gaps", "stretches")


def test_what_fills_a_gap_takes_the_place_of_the_estimate(tmp_path: Path) -> None:
    """Two hours were missing; somebody else's recording has one of them, in which nearly all was drawn."""
    record(tmp_path, steady(NOON, NOON + 3610))
    record(tmp_path, steady(NOON + 10_800, NOON + 14_410, base=5_003_610))
    reader = HistoryReader(tmp_path)
    hours = reader.spans(By.HOUR, moment("2026-06-01 12:00"), moment("2026-06-01 16:00"))
    assert [(hour.total_wh, hour.estimated_wh) for hour in hours] == [(1200, 0), (1205, 1205), (1205, 1205), (1200, 0)]
    with Importer(tmp_path, now=NOON + 20_000) as importer:
        report = importer.import_samples(steady(NOON + 7200, NOON + 10_800, watts=2400, base=5_001_210))
    assert (report.read, report.added, report.first_at, report.last_at) == (360, 360, NOON + 7200, NOON + 10_790)
    hours = reader.spans(By.HOUR, moment("2026-06-01 12:00"), moment("2026-06-01 16:00"))
    assert [(hour.total_wh, hour.estimated_wh) for hour in hours] == [(1200, 0), (10, 10), (2400, 0), (1200, 0)]
    assert [hour.covered_s for hour in hours] == [3600, 0, 3600, 3600]
    assert [hour.power.mean if hour.power else None for hour in hours] == [1200, 1200, 2400, 1200]
    assert total(tmp_path) == {"BASE": 4810}


def test_what_comes_before_the_record_is_linked_to_it(tmp_path: Path) -> None:
    record(tmp_path, steady(NOON, NOON + 3610))
    with Importer(tmp_path, now=NOON) as importer:
        importer.import_samples(steady(NOON - 7200, NOON - 3600, base=4_997_000))
    hours = HistoryReader(tmp_path).spans(By.HOUR, moment("2026-06-01 10:00"), moment("2026-06-01 13:00"))
    assert [(hour.total_wh, hour.estimated_wh) for hour in hours] == [(1200, 4), (1800, 1800), (1200, 0)]


def test_an_import_that_is_interrupted_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "IMPORT_BATCH", 100)

    def interrupted() -> Iterator[Sample]:
        yield from islice(steady(NOON, NOON + 7210), 350)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), Importer(tmp_path, now=NOON) as importer:
        importer.import_samples(interrupted())
    assert total(tmp_path) == {"BASE": 2990 // 3}
    reports: list[int] = []
    with Importer(tmp_path, now=NOON) as importer:
        importer.import_samples(steady(NOON, NOON + 7210), progress=lambda report: reports.append(report.added))
    assert reports == [0, 0, 0, 100, 200, 300, 400, 421]
    assert total(tmp_path) == {"BASE": 2400}
    assert len(HistoryReader(tmp_path).samples()) == 721


def test_an_import_in_batches_is_as_one_in_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record(tmp_path / "a", steady(NOON + 9000, NOON + 9600, since=NOON))
    record(tmp_path / "b", steady(NOON + 9000, NOON + 9600, since=NOON))
    for name, size in (("a", 7), ("b", 10_000)):
        monkeypatch.setattr(importing, "IMPORT_BATCH", size)
        with Importer(tmp_path / name, now=NOON) as importer:
            importer.import_samples(steady(NOON, NOON + 7200))
    contents = []
    for name in ("a", "b"):
        connection = sqlite3.connect(tmp_path / name / FILE_NAME)
        contents.append(
            [connection.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES]  # noqa: S608
        )
        connection.close()
    assert contents[0] == contents[1]


def test_single_frames_are_kept_only_of_the_last_days(tmp_path: Path) -> None:
    with Importer(tmp_path, now=NOON + 8 * 86_400 + 1800, raw_days=7, minute_days=8) as importer:
        importer.import_samples(steady(NOON, NOON + 2 * 86_400, step=60))
    reader = HistoryReader(tmp_path)
    assert reader.samples(limit=1)[0].at == NOON + 86_400
    assert next(iter(reader.minutes(NOON - 99, NOON + 99_999))).start == NOON
    assert len(reader.spans(By.HOUR, moment("2026-06-01 12:00"), moment("2026-06-03 12:00"))) == 48
    with Importer(tmp_path / "old", now=NOON + 800 * 86_400) as importer:
        importer.import_samples(steady(NOON, NOON + 86_400, step=60))
    old = HistoryReader(tmp_path / "old")
    assert old.samples() == []
    assert list(old.minutes(NOON, NOON + 86_400)) == []
    assert old.today(moment("2026-06-01 12:00")).power is not None
    assert total(tmp_path / "old") == {"BASE": 28_780}


def test_values_of_each_hour_are_no_estimate_when_the_source_has_no_more(tmp_path: Path) -> None:
    with Importer(tmp_path, now=NOON, gap_seconds=3900) as importer:
        importer.import_samples(steady(NOON, NOON + 86_400, step=3600))
    (hour, *_rest) = HistoryReader(tmp_path).spans(By.HOUR, moment("2026-06-01 12:00"), moment("2026-06-02 12:00"))
    assert (hour.total_wh, hour.estimated_wh, hour.covered_s) == (1200, 0, 3600)
    assert list(HistoryReader(tmp_path).minutes(NOON + 60, NOON + 3600)) == []


def test_samples_without_a_number_belong_to_the_meter_that_is_recorded(tmp_path: Path) -> None:
    record(tmp_path, steady(NOON, NOON + 3610))
    with Importer(tmp_path, now=NOON) as importer:
        importer.import_samples(steady(NOON - 3600, NOON, base=4_998_800, meter=None))
    (meter,) = HistoryReader(tmp_path).meters()
    assert meter.number == METER
    assert total(tmp_path) == {"BASE": 2400}


def test_an_import_does_not_change_which_meter_is_recorded(tmp_path: Path) -> None:
    record(tmp_path, steady(NOON, NOON + 600))
    with Importer(tmp_path, now=NOON) as importer:
        importer.import_samples(steady(NOON - 86_400, NOON - 86_000, meter="051234567891"))
    record(tmp_path, (sample._replace(meter=None) for sample in steady(NOON + 600, NOON + 1200, since=NOON)))
    reader = HistoryReader(tmp_path)
    assert [(meter.number, meter.last_at) for meter in reader.meters()] == [
        ("051234567891", NOON - 86_010),
        (METER, NOON + 1190),
    ]


def test_registers_that_contradict_what_came_later_are_rejected(tmp_path: Path) -> None:
    record(tmp_path, steady(NOON, NOON + 600))
    with Importer(tmp_path, now=NOON) as importer:
        importer.import_samples(steady(NOON - 3600, NOON - 3000, base=9_000_000))
    assert total(tmp_path) == {"BASE": 590 // 3}


def test_samples_that_go_back_in_time_are_booked_too(tmp_path: Path) -> None:
    chunks = [list(steady(NOON + 600 * n, NOON + 600 * (n + 1), since=NOON)) for n in (3, 0, 5, 9)]
    with Importer(tmp_path, now=NOON) as importer:
        report = importer.import_samples(sample for chunk in chunks for sample in chunk)
    assert report.added == 240
    assert total(tmp_path) == {"BASE": 5990 // 3}


def test_hours_that_somebody_else_counted_fill_what_is_empty(tmp_path: Path) -> None:
    record(tmp_path, steady(NOON, NOON + 3610))
    curve = [Told(NOON + 3600 * n, NOON + 3600 * n + 3600, {"BASE": 500 + n}) for n in range(-5, 2)]
    for _number in range(2):
        with Importer(tmp_path, now=NOON) as importer:
            importer.import_told(curve, "a supplier's curve")
    hours = HistoryReader(tmp_path).spans(By.HOUR, moment("2026-06-01 07:00"), moment("2026-06-01 14:00"))
    # The hour after noon holds the last frame of the record, so it is not empty.
    assert [hour.total_wh for hour in hours] == [495, 496, 497, 498, 499, 1200, 0]
    assert [hour.covered_s for hour in hours] == [3600] * 6 + [0]
    assert [hour.estimated_wh for hour in hours] == [0] * 7
    assert [meter.number for meter in HistoryReader(tmp_path).meters()] == ["a supplier's curve", METER]


def test_an_import_beside_a_running_writer_is_refused(tmp_path: Path) -> None:
    history = quiet_writer(tmp_path)
    try:
        with pytest.raises(HistoryError, match="already writing"):
            Importer(tmp_path)
    finally:
        history.close()
    Importer(tmp_path).close()


def test_an_import_into_a_damaged_file_is_refused_and_leaves_no_lock(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"x" * 9000)
    for _number in range(2):
        with pytest.raises(HistoryError, match="damaged"):
            Importer(tmp_path)
    assert (tmp_path / FILE_NAME).read_bytes() == b"x" * 9000


def test_a_full_disk_keeps_what_was_written_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "IMPORT_BATCH", 100)

    def full(report: ImportReport) -> None:
        if report.read == 200:
            importer._store.connection.execute("PRAGMA max_page_count = 1")
            importer._store.connection.execute("PRAGMA cache_size = 1")

    with Importer(tmp_path, now=NOON) as importer, pytest.raises(HistoryError, match="full"):
        importer.import_samples(steady(NOON, NOON + 1_000_000), progress=full)
    recorded = HistoryReader(tmp_path).recorded()
    assert recorded is not None
    assert recorded[1] >= NOON + 1990
    assert total(tmp_path) == {"BASE": int(recorded[1] - NOON) // 3}
