"""Keeping the history as soon as that is possible."""

import logging
from pathlib import Path

import pytest

from linkytui.collector.keeper import HistoryKeeper
from linkytui.history import Condition, HistoryReader, HistoryState, HistoryWriter, open_writer
from linkytui.line.pipeline import Pipeline
from linkytui.settings.model import HistorySettings
from tests.lines import Clock, ScriptedSource, historic_frame


def settings_for(folder: Path) -> HistorySettings:
    """A history in a folder of its own."""
    return HistorySettings(folder=str(folder), flush_seconds=3600)


def test_a_history_that_another_process_lets_go_of_is_taken_up(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    other = open_writer(settings_for(tmp_path))
    clock = Clock()
    keeper = HistoryKeeper(settings_for(tmp_path), monotonic=clock)
    source = ScriptedSource([historic_frame(), historic_frame()])
    pipeline = Pipeline(source, listeners=[keeper])
    keeper.save_cursor("somebody", 1)
    pipeline.step()
    conditions = [keeper.state.condition]
    other.close()
    clock.now += 1.0
    keeper.turn_ended()
    pipeline.step()
    pipeline.close()
    conditions.append(keeper.state.condition)
    assert conditions == [Condition.STARTING, Condition.CLOSED]
    reader = HistoryReader(tmp_path)
    assert len(reader.samples()) == 1
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_one_that_it_does_not_let_go_of_is_said_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    other = open_writer(settings_for(tmp_path))
    clock = Clock()
    keeper = HistoryKeeper(settings_for(tmp_path), monotonic=clock)
    for _ in range(30):
        clock.now += 1.0
        keeper.turn_ended()
    assert keeper.state.condition is Condition.REFUSED
    assert len([record for record in caplog.records if "retrying" in record.message]) == 1
    keeper.close()
    other.close()


def test_it_tells_when_the_history_is_written_and_again_after_trouble(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    tell = []

    def opener(_settings: HistorySettings, on_state: object) -> HistoryWriter:
        tell.append(on_state)
        return HistoryWriter(tmp_path, flush_seconds=3600.0)

    keeper = HistoryKeeper(settings_for(tmp_path), opener=opener)
    for condition in (Condition.WRITING, Condition.FAILING, Condition.FAILING, Condition.WRITING, Condition.WRITING):
        tell[0](HistoryState(condition=condition))  # type: ignore[operator]
    assert [record.message for record in caplog.records] == [f"The history is being recorded in {tmp_path}."] * 2
    keeper.close()


def test_what_may_change_meanwhile_does(tmp_path: Path) -> None:
    writers: list[HistoryWriter] = []

    def opener(settings: HistorySettings, _on_state: object) -> HistoryWriter:
        writers.append(open_writer(settings))
        return writers[0]

    keeper = HistoryKeeper(settings_for(tmp_path), opener=opener)
    keeper.use(HistorySettings(folder=str(tmp_path), flush_seconds=7, raw_days=3, minute_days=30))
    assert (writers[0].flush_seconds, writers[0].raw_days, writers[0].minute_days) == (7, 3, 30)
    keeper.close()
