"""What the doctor says of the history, beside what the process says that writes it."""

from pathlib import Path

import msgspec

from linkytui.doctor.check import Verdict
from linkytui.doctor.listening import Heard
from linkytui.doctor.records import record_checks
from linkytui.line.relay.report import first_report
from linkytui.settings.model import HistorySettings, Settings


def test_what_the_collector_says_of_its_history_is_said(tmp_path: Path) -> None:
    heard = Heard()
    heard.report = msgspec.structs.replace(first_report("collector", tmp_path), history_trouble="The disk is full")
    settings = Settings(history=HistorySettings(folder=str(tmp_path)))
    (check,) = (check for check in record_checks(settings, heard, 1_790_000_000.0) if check.name == "recording")
    assert (check.verdict, check.found) == (Verdict.WRONG, "The disk is full")
    heard.report = first_report("collector", tmp_path)
    assert "recording" not in {check.name for check in record_checks(settings, heard, 1_790_000_000.0)}
