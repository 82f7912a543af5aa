"""A disk that is full or gone: the reading goes on, the reason is the true one, and what came waits in memory."""

import fcntl
import os
import shutil
from pathlib import Path

import pytest

from linkytui.collector.keeper import HistoryKeeper
from linkytui.errors import HistoryError
from linkytui.history import HistoryReader
from linkytui.history.lock import LOCK_NAME, WriterLock
from linkytui.history.state import Condition, HistoryState
from linkytui.history.writer import HistoryWriter
from linkytui.line.relay.place import Place, PlaceLock
from linkytui.settings.model import HistorySettings
from tests.history.household import at, quiet_writer, steady
from tests.lines import wait_until
from tests.outputs.callbacks.frames import Household

NOON = at("2026-06-01 12:00")


def full(_file: int, _data: bytes, _offset: int) -> int:
    """A disk without room."""
    raise OSError(28, "No space left on device")


def test_a_full_disk_keeps_nobody_from_holding_a_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "pwrite", full)
    lock = WriterLock(tmp_path)
    with pytest.raises(BlockingIOError), (tmp_path / LOCK_NAME).open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    lock.release()
    WriterLock(tmp_path).release()
    place = Place(tmp_path / "linkytui.sock")
    PlaceLock(place).release()
    PlaceLock(place).release()


def test_what_comes_before_there_is_a_history_waits_for_it(tmp_path: Path) -> None:
    allowed = False

    def opener(_settings: HistorySettings, on_state: object) -> HistoryWriter:
        if not allowed:
            raise HistoryError("The disk is full.")
        return quiet_writer(tmp_path, on_state=on_state)

    now = 0.0
    keeper = HistoryKeeper(HistorySettings(), opener=opener, monotonic=lambda: now)
    frames = Household()
    for _number in range(5):
        keeper.frame_came(frames.arrival())
    now = 10.0
    keeper.turn_ended()
    assert keeper.state.text == "The disk is full."
    allowed = True
    now = 20.0
    keeper.turn_ended()
    keeper.close()
    assert len(HistoryReader(tmp_path).samples()) == 5


def test_what_is_lost_at_the_end_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    def opener(_settings: HistorySettings, _on_state: object) -> HistoryWriter:
        raise HistoryError("The disk is full.")

    keeper = HistoryKeeper(HistorySettings(), opener=opener)
    keeper.frame_came(Household().arrival())
    keeper.close()
    assert "1 readings could not be written and are lost" in caplog.text


def test_a_folder_that_is_taken_away_is_made_again_and_told(tmp_path: Path) -> None:
    folder = tmp_path / "history"
    states: list[HistoryState] = []
    writer = quiet_writer(folder, on_state=states.append)
    samples = list(steady(NOON, NOON + 60))
    for sample in samples[:3]:
        writer.hear(sample)
    writer.flush()
    shutil.rmtree(folder)
    for sample in samples[3:]:
        writer.hear(sample)
    writer.flush()
    assert writer.state.condition is Condition.WRITING
    assert "was removed while linkytui was running" in writer.state.text
    assert len(HistoryReader(folder).samples()) == 3
    with pytest.raises(HistoryError):
        WriterLock(folder)
    writer.close()


def test_the_first_register_of_a_new_history_is_written_at_once(tmp_path: Path) -> None:
    writer = HistoryWriter(tmp_path, flush_seconds=50.0, monotonic=None)
    wait_until(lambda: writer.state.condition is Condition.WRITING)
    writer.hear(next(steady(NOON, NOON + 60)))
    wait_until(lambda: len(HistoryReader(tmp_path).samples()) == 1)
    writer.close()
