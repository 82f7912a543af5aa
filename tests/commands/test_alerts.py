"""`linkytui alerts`: what was told, for people and for programs."""

import json
from pathlib import Path

import pytest

from linkytui.cli import run
from linkytui.outputs.alerts.engine import Alert
from linkytui.outputs.alerts.log import AlertLog
from linkytui.settings.model import AlertRule
from tests.history.household import at

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LINKYTUI_HISTORY_FOLDER", str(tmp_path))
    return tmp_path


@pytest.fixture
def told(folder: Path) -> None:
    """An incident that began and ended."""
    moments = iter((at("2026-06-11 12:00"), at("2026-06-11 12:05")))
    log, rule = AlertLog(folder, now=lambda: next(moments)), AlertRule(kind="power")
    log.deliver(Alert(rule=rule, began=True, text="Drawing 7,820 VA, above 6,000 VA"))
    log.deliver(Alert(rule=rule, began=False, text="Drawing 900 VA, back within the limit"))


@pytest.mark.usefixtures("told")
def test_people_read_moment_and_text_the_newest_last(capsys: Capture) -> None:
    assert run(["alerts"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "11 Jun 2026 12:00  Drawing 7,820 VA, above 6,000 VA",
        "11 Jun 2026 12:05  Drawing 900 VA, back within the limit",
    ]


@pytest.mark.usefixtures("told")
def test_programs_read_objects(capsys: Capture) -> None:
    assert run(["alerts", "--json", "--last", "1"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line) == {
        "at": "2026-06-11T12:05:00+02:00",
        "kind": "power",
        "state": "end",
        "text": "Drawing 900 VA, back within the limit",
    }


@pytest.mark.usefixtures("folder")
def test_no_alert_is_said_to_people_and_is_nothing_to_programs(capsys: Capture) -> None:
    assert run(["alerts"]) == 0
    assert capsys.readouterr().out == "No alert so far.\n"
    assert run(["alerts", "--json"]) == 0
    assert capsys.readouterr().out == ""
