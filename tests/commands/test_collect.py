"""`linkytui collect` as a command; what it does is proven in tests/collector."""

import subprocess
import sys
from pathlib import Path

import pytest

from linkytui import cli
from linkytui.line.relay.place import Place, PlaceLock
from tests.collector.logs import log_as_before
from tests.lines import PATIENCE

pytestmark = pytest.mark.usefixtures(log_as_before.__name__)


def test_a_level_that_is_none_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["collect", "--log-level", "loud"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_place_that_is_taken_is_told_in_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LINKYTUI_RELAY_SOCKET", str(tmp_path / "tic.sock"))
    claim = PlaceLock(Place(tmp_path / "tic.sock"))
    assert cli.run(["collect"]) == 1
    claim.release()
    assert "A collector is already running (process " in capsys.readouterr().err


def test_a_socket_that_cannot_be_is_told_in_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "tic.sock").write_text("a letter")
    monkeypatch.setenv("LINKYTUI_RELAY_SOCKET", str(tmp_path / "tic.sock"))
    assert cli.run(["collect"]) == 1
    assert "is not a socket" in capsys.readouterr().err
    assert (tmp_path / "tic.sock").read_text() == "a letter"


def test_the_collector_carries_nothing_of_the_screen() -> None:
    script = (
        "import sys, linkytui.collector.collector, linkytui.collector.watch, linkytui.commands.collect; "
        "print({'textual', 'rich', 'pdfplumber', 'plotext', 'influxdb', 'paho'} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=PATIENCE, check=True)
    assert done.stdout == "set()\n"
