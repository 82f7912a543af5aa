"""What the collector writes to its log."""

import io
import logging
import os
from pathlib import Path

import pytest

from linkytui.collector.log import EventLog, is_journal, set_up_log
from linkytui.link import Link, LinkState
from linkytui.tic import Mode
from tests.collector.logs import log_as_before
from tests.lines import Clock

pytestmark = pytest.mark.usefixtures(log_as_before.__name__)


def written(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    """Level and text of each line since the last time."""
    lines = [(record.levelname, record.message) for record in caplog.records]
    caplog.clear()
    return lines


def test_each_change_of_the_lines_state_is_one_line_and_a_frame_is_none(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    log = EventLog()
    live = {"state": LinkState.LIVE, "source": "/dev/ttyUSB0", "baudrate": 1200, "mode": Mode.HISTORIC}
    for frames in range(5):
        log.link_changed(Link(**live, frames=frames))  # type: ignore[arg-type]
    assert written(caplog) == [("INFO", "live: /dev/ttyUSB0, 1200 baud, historic mode")]
    log.link_changed(Link(state=LinkState.SILENT, source="/dev/ttyUSB0"))
    assert written(caplog) == [("WARNING", "silent: /dev/ttyUSB0")]
    for _ in range(3):
        log.link_changed(Link(state=LinkState.UNPLUGGED, source="/dev/ttyUSB0", detail="It is gone."))
    assert written(caplog) == [("ERROR", "unplugged: /dev/ttyUSB0, It is gone.")]


def test_a_change_of_mode_and_another_meter_are_told(caplog: pytest.LogCaptureFixture) -> None:
    log = EventLog()
    log.link_changed(Link(mode=Mode.HISTORIC))
    log.link_changed(Link(mode=Mode.STANDARD))
    log.meter_reset()
    assert written(caplog) == [
        ("WARNING", "The meter has switched to standard mode"),
        ("WARNING", "A different meter is on the line."),
    ]


def test_rejected_groups_are_told_once_an_hour_at_most(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    clock = Clock()
    log = EventLog(monotonic=clock)
    for minute in range(181):
        log.link_changed(Link(accepted=990 * minute, rejected={"checksum": 10 * minute}))
        clock.now += 60.0
    lines = written(caplog)
    assert len(lines) == 3
    assert lines[1] == ("INFO", "Rejected since the last report: 600 of 60,000 groups (1.00 %)")


def test_a_clean_line_is_quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    clock = Clock()
    log = EventLog(monotonic=clock)
    for hour in range(48):
        log.link_changed(Link(accepted=1000 * hour))
        clock.now += 3600.0
    assert written(caplog) == []


def test_the_journal_gets_priorities_and_people_get_times(tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    with journal.open("w+") as stream:
        info = os.fstat(stream.fileno())
        set_up_log("info", stream, {"JOURNAL_STREAM": f"{info.st_dev}:{info.st_ino}"})
        logging.getLogger("linkytui.x").info("all is well")
        logging.getLogger("linkytui.x").error("it\nbroke")
        logging.getLogger("linkytui.x").debug("details")
        logging.getLogger("urllib3").info("chatter")
        assert journal.read_text() == "<6>all is well\n<3>it\n<3>broke\n"
    terminal = io.StringIO()
    set_up_log("debug", terminal, {})
    logging.getLogger("linkytui.x").debug("details")
    assert terminal.getvalue().endswith(" DEBUG   details\n")


def test_another_stream_is_not_the_journal(tmp_path: Path) -> None:
    with (tmp_path / "file").open("w") as stream:
        assert not is_journal(stream, {"JOURNAL_STREAM": "8:1234"})
        assert not is_journal(stream, {})
    assert not is_journal(io.StringIO(), {"JOURNAL_STREAM": "8:1234"})
