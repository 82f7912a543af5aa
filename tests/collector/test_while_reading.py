"""The duties of a screen that reads the meter itself, and how it passes them on."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from linkytui.collector.duties import Duties
from linkytui.collector.while_reading import WhileReading
from linkytui.history import HistoryReader, open_writer
from linkytui.line.listener import Arrival, Listener
from linkytui.line.pipeline import Pipeline
from linkytui.line.relay.report import first_report
from linkytui.settings.model import AlertRule, AlertSettings, CallbackSettings, HistorySettings, Settings
from tests.lines import PATIENCE, ScriptedSource, historic_frame, wait_until


class Screen:
    """A pipeline whose screen reads the meter itself, or not."""

    def __init__(self, folder: Path) -> None:
        self.reads = True
        self.settings = Settings(history=HistorySettings(folder=str(folder), flush_seconds=3600))
        self.reading = WhileReading(lambda: self.reads, self.settings)
        self._source = ScriptedSource(self._frames())
        self.pipeline = Pipeline(self._source, listeners=[self.reading])

    def step(self) -> None:
        """One more frame."""
        self._source.wall.now += 2.0
        self.pipeline.step()

    def _frames(self) -> Iterator[bytes]:
        while True:
            yield historic_frame()


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    """A screen that reads."""
    made = Screen(tmp_path)
    yield made
    made.pipeline.close()


def test_it_keeps_the_history_while_it_reads_and_lets_go_when_another_does(screen: Screen, tmp_path: Path) -> None:
    for _ in range(3):
        screen.step()
    screen.reads = False
    screen.step()
    screen.reading.wait(PATIENCE)
    assert screen.reading.duties is None
    assert len(HistoryReader(tmp_path).samples()) == 3
    open_writer(screen.settings.history).close()
    screen.reads = True
    for _ in range(2):
        screen.step()
    screen.pipeline.close()
    assert len(HistoryReader(tmp_path).samples()) == 5


def test_the_line_goes_on_while_the_duties_end(screen: Screen) -> None:
    gate = threading.Event()

    class Slow(Listener):
        def close(self) -> None:
            gate.wait(PATIENCE)

    screen.step()
    first = screen.reading.duties
    assert first is not None
    first.listeners.append(Slow())
    screen.reads = False
    screen.step()
    screen.reads = True
    for _ in range(3):
        screen.step()
    assert screen.reading.duties is None
    gate.set()
    wait_until(lambda: screen.reading.duties, screen.step)
    assert screen.reading.duties is not first


def test_a_duty_that_fails_harms_no_other(screen: Screen, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    class Clumsy(Listener):
        def frame_came(self, arrival: Arrival) -> None:  # noqa: ARG002 -- Listener's
            raise RuntimeError

        def close(self) -> None:
            raise RuntimeError

    screen.step()
    assert screen.reading.duties is not None
    screen.reading.duties.listeners.insert(0, Clumsy())
    for _ in range(3):
        screen.step()
    # Once, and not with each frame: a log of days would be full of it.
    assert caplog.text.count("Clumsy failed") == 1
    screen.pipeline.close()
    assert len(HistoryReader(tmp_path).samples()) == 4


def test_other_settings_reach_the_duties_of_now_and_of_later(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    used: list[Settings] = []
    screen.reading.use(screen.settings)
    screen.step()
    assert screen.reading.duties is not None
    monkeypatch.setattr(screen.reading.duties, "use", used.append)
    screen.reading.use(screen.settings)
    assert used == [screen.settings]


def test_a_report_says_that_alerts_do_not_get_out(tmp_path: Path) -> None:
    nowhere = str(tmp_path / "no such command")
    rules = (AlertRule(kind="silent", threshold=0.1),)
    duties = Duties(
        Settings(history=HistorySettings(enabled=False), alerts=AlertSettings(rules=rules, command=(nowhere,)))
    )
    report = first_report("collector", None)
    wait_until(lambda: duties.complete(report).troubles)
    assert duties.complete(report).troubles[0].startswith(f"alerts: The alert's command {nowhere} cannot be run")
    for listener in duties.listeners:
        listener.close()


def test_a_report_names_what_is_wrong_beside_the_line(tmp_path: Path) -> None:
    settings = Settings(
        history=HistorySettings(enabled=False), callbacks=CallbackSettings(plugins=("no_such_package.Plugin",))
    )
    duties = Duties(settings)
    report = first_report("collector", None)
    wait_until(lambda: duties.complete(report).troubles)
    (trouble,) = duties.complete(report).troubles
    assert trouble.startswith("no_such_package.Plugin:") or trouble.startswith("Plugin:")
    assert duties.complete(report).backlog is None
    for listener in duties.listeners:
        listener.close()
