"""What is kept for how long."""

from itertools import pairwise
from pathlib import Path

import pytest

from linkytui.civil.spans import By
from linkytui.history import HistoryReader, retention
from linkytui.history.recorder import Recorder
from linkytui.history.samples import Heard
from tests.history.household import at, moment, open_recorder, steady, total
from tests.history.machine import Machine

START = at("2026-06-01 00:00")
DAY = 86_400.0


def run(recorder: Recorder, days: int, first: int = 0) -> None:
    """Record days of a frame a minute, hour by hour."""
    for hour in range(first * 24, (first + days) * 24):
        samples = steady(START + hour * 3600, START + (hour + 1) * 3600, step=60, since=START)
        recorder.record([Heard(sample, sample.at - START) for sample in samples])


def test_frames_are_kept_for_some_days_and_minutes_for_more(tmp_path: Path) -> None:
    recorder = open_recorder(tmp_path, raw_days=2, minute_days=5)
    run(recorder, 8)
    recorder.store.connection.close()
    reader = HistoryReader(tmp_path)
    oldest = reader.samples(limit=1)[0]
    assert START + 8 * DAY - 2 * DAY - 7200 <= oldest.at <= START + 6 * DAY
    assert oldest.registers  # what begins the tail stands for itself
    first_minute = next(iter(reader.minutes(START, START + 9 * DAY))).start
    assert START + 3 * DAY - 7200 <= first_minute <= START + 3 * DAY
    days = reader.spans(By.DAY, moment("2026-06-01 00:00"), moment("2026-06-09 00:00"))
    assert [day.total_wh for day in days] == [28_800] * 7 + [28_780]
    assert [day.covered_s for day in days] == [86_400] * 7 + [86_340]


def test_what_is_too_old_goes_in_small_portions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = open_recorder(tmp_path, raw_days=30)
    run(recorder, 5)
    monkeypatch.setattr(retention, "AT_ONCE", 100)
    recorder.raw_days = 1
    counts = []
    for hour in range(30):
        samples = steady(START + 5 * DAY + hour * 3600, START + 5 * DAY + (hour + 1) * 3600, step=600, since=START)
        recorder.record([Heard(sample, 0.0) for sample in samples])
        counts.append(recorder.store.connection.execute("SELECT count(*) FROM samples").fetchone()[0])
    assert all(before - after <= 100 for before, after in pairwise(counts))
    assert counts[0] > 7000
    recorder.store.connection.close()
    assert total(tmp_path) == {"BASE": (5 * 86_400 + 29 * 3600 + 3000) // 3}


def test_room_is_given_back_when_much_was_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "_PAGES_FREE", 8)
    monkeypatch.setattr(retention, "_PAGES_AT_ONCE", 4)
    recorder = open_recorder(tmp_path, raw_days=30)
    run(recorder, 10)
    pages = recorder.store.connection.execute("PRAGMA page_count").fetchone()[0]
    recorder.raw_days = 1
    run(recorder, 2, first=10)
    assert recorder.store.connection.execute("PRAGMA page_count").fetchone()[0] < pages
    assert recorder.store.connection.execute("PRAGMA quick_check").fetchone()[0] == "ok"
    recorder.store.connection.close()


def test_a_clock_that_runs_a_year_ahead_does_not_delete_the_record(tmp_path: Path) -> None:
    machine = Machine(tmp_path, START)
    machine.boot(START)
    machine.run(START, START + 2 * DAY)
    machine.run(START + 2 * DAY, START + 2 * DAY + 1800, 365 * DAY)
    machine.run(START + 2 * DAY + 1800, START + 2 * DAY + 7200)
    machine.kill()
    reader = HistoryReader(tmp_path)
    assert reader.samples(limit=1)[0].at == START
    assert len(reader.samples(limit=1_000_000)) >= 2 * 8640
