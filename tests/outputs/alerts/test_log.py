"""The list of alerts that were told: kept on the disk, shortened, and read whatever became of it."""

import time
from pathlib import Path

import pytest

from linkytui.outputs.alerts.channels import ChannelError
from linkytui.outputs.alerts.engine import Alert
from linkytui.outputs.alerts.listener import AlertListener
from linkytui.outputs.alerts.log import FILE_NAME, AlertLog, told_alerts
from linkytui.settings.model import AlertRule, AlertSettings
from tests.lines import wait_until


def alert(number: int, *, began: bool = True) -> Alert:
    return Alert(rule=AlertRule(kind="power"), began=began, text=f"alert {number} à lire")


def test_what_was_told_is_kept_the_newest_first(tmp_path: Path) -> None:
    folder = tmp_path / "history"
    moments = iter((1.0, 2.0))
    log = AlertLog(folder, now=lambda: next(moments))
    log.deliver(alert(1))
    log.deliver(alert(2, began=False))
    told = told_alerts(folder)
    assert [(each.at, each.kind, each.began, each.text) for each in told] == [
        (2.0, "power", False, "alert 2 à lire"),
        (1.0, "power", True, "alert 1 à lire"),
    ]


def test_the_oldest_go_when_there_are_many(tmp_path: Path) -> None:
    for number in range(25):
        AlertLog(tmp_path, kept=5).deliver(alert(number))  # each after a restart
    told = told_alerts(tmp_path)
    assert 5 <= len(told) <= 10
    assert [each.text for each in told] == [alert(24 - number).text for number in range(len(told))]
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


def test_a_line_that_was_cut_off_costs_only_itself(tmp_path: Path) -> None:
    AlertLog(tmp_path).deliver(alert(1))
    with (tmp_path / FILE_NAME).open("ab") as file:
        file.write(b'{"at": 3, "ki')
    AlertLog(tmp_path).deliver(alert(2))
    assert [each.text for each in told_alerts(tmp_path)] == [alert(2).text, alert(1).text]


def test_no_file_is_no_alert(tmp_path: Path) -> None:
    assert told_alerts(tmp_path / "nothing") == []


def test_a_folder_that_cannot_be_written_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ChannelError, match="cannot be written: "):
        AlertLog(tmp_path / "file").deliver(alert(1))


def test_whoever_reads_the_meter_keeps_the_list(tmp_path: Path) -> None:
    settings = AlertSettings(rules=(AlertRule(kind="silent", threshold=0.01),))
    listener = AlertListener(settings, channels=(), log=AlertLog(tmp_path), tick=0.01)
    try:
        wait_until(lambda: bool(told_alerts(tmp_path)))
    finally:
        listener.close()
    (told,) = told_alerts(tmp_path)
    assert told.kind == "silent"
    assert told.began
    assert abs(told.at - time.time()) < 60
