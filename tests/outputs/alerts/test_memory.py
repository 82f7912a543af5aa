"""Incidents outlive a restart: none is told twice, and its end is told once."""

from pathlib import Path

from linkytui.link import STALE_AFTER
from linkytui.outputs.alerts.engine import Alert, AlertEngine
from linkytui.outputs.alerts.memory import IncidentMemory
from linkytui.reading.model import Reading
from linkytui.settings.model import AlertRule
from linkytui.tic.labels import Mode

OVER = AlertRule(kind="over_subscription")
SILENT = AlertRule(kind="silent", threshold=60)
TOO_MUCH = Reading(at=0.0, mode=Mode.HISTORIC, over_subscription=True)
CALM = Reading(at=0.0, mode=Mode.HISTORIC, over_subscription=False)


def hear(engine: AlertEngine, reading: Reading, start: float) -> list[Alert]:
    return [alert for number in range(5) for alert in engine.heard(reading, start + number)]


def test_an_incident_that_goes_on_over_a_restart_is_told_once(tmp_path: Path) -> None:
    path = tmp_path / "state" / "incidents.json"
    engine = AlertEngine([OVER, SILENT], now=0.0)
    assert [alert.began for alert in hear(engine, TOO_MUCH, 0.0)] == [True]
    IncidentMemory(path).save(engine.running)
    again = AlertEngine([OVER, SILENT], now=0.0, running=IncidentMemory(path).load())
    assert list(again.running) == [OVER]
    assert hear(again, TOO_MUCH, 0.0) == []
    assert [alert.began for alert in hear(again, CALM, 10.0)] == [False]
    assert not again.running


def test_a_silence_that_goes_on_over_a_restart_ends_with_the_first_frame() -> None:
    engine = AlertEngine([SILENT], now=0.0, running=[SILENT])
    assert engine.tick(1.0) == engine.tick(70.0) == []
    assert [alert.began for alert in engine.heard(CALM, 71.0)] == [False]
    assert engine.tick(71.0 + STALE_AFTER) == []


def test_what_cannot_be_read_is_as_if_there_were_none(tmp_path: Path) -> None:
    path = tmp_path / "incidents.json"
    assert IncidentMemory(path).load() == ()
    path.write_text("[", encoding="ascii")
    assert IncidentMemory(path).load() == ()
    IncidentMemory(path / "no folder").save([OVER])
