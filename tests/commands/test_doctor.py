"""`linkytui doctor` as a person runs it: what it says, its exit status, and that it takes no port from anyone."""

import json
import re
import shutil
import time
from collections import namedtuple
from pathlib import Path
from typing import Any

import pytest

from linkytui import cli
from linkytui.doctor import doctor, outside
from linkytui.line.sources.base import Source
from linkytui.link import LinkError, LinkState
from linkytui.reading.contracts import Contract
from linkytui.simulator.meter import SimulatedMeter
from linkytui.tariffs.grid.answer import Walls
from linkytui.tic import Mode
from tests.collector.processes import Collector, CountingMeter
from tests.history.household import record, steady
from tests.lines import ScriptedSource, historic_frame, wait_until
from tests.servers import free_port

Usage = namedtuple("Usage", "total used free")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person's own folders."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("LINKYTUI_RELAY_SOCKET", str(tmp_path / "linkytui.sock"))
    monkeypatch.setenv("LINKYTUI_HISTORY_FOLDER", str(tmp_path / "history"))
    return tmp_path


@pytest.fixture
def right_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """A meter that talks as it should."""
    listens_to(monkeypatch, *[turn for _ in range(9) for turn in (historic_frame(), 1.5)])


def listens_to(monkeypatch: pytest.MonkeyPatch, *turns: Any) -> None:
    def source(_settings: object) -> Source:
        made = ScriptedSource(turns, baudrate=1200)
        made.wall.now = time.time()
        return made

    monkeypatch.setattr(doctor, "open_source", source)


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, str]]:
    return {check["check"]: check for check in map(json.loads, capsys.readouterr().out.splitlines())}


def test_nothing_plugged_in(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    listens_to(monkeypatch, *[LinkError(LinkState.NO_PORT, "Plug in the dongle.")] * 9)
    assert cli.run(["doctor", "--json", "--seconds", "0.1"]) == 1
    checks = told(capsys)
    assert checks["port"] == {
        "check": "port",
        "verdict": "wrong",
        "found": "no meter found",
        "remedy": "Plug in the dongle.",
    }
    assert checks["history"]["verdict"] == "attention"


def test_a_right_line(right_line: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    now = time.time()
    record(tmp_path / "history", steady(now - 7200, now, meter="012345678901"))
    assert cli.run(["doctor", "--json"]) == 0
    checks = told(capsys)
    assert {"port", "signal", "quality", "labels", "contract", "clock", "history", "prices"} <= checks.keys()
    assert checks["history"]["verdict"] == "ok"
    assert checks["prices"]["found"].startswith("assumed: EDF Tarif Bleu")
    assert all(set(check) == {"check", "verdict", "found", "remedy"} for check in checks.values())


def test_people_read_a_line_a_check_and_what_to_do_below(right_line: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["doctor"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("ok         Port: ")
    assert any(line.startswith("           → ") for line in lines)
    assert not any("\033" in line for line in lines)
    assert max(map(len, lines)) <= 100


def test_in_french(right_line: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["--lang", "fr", "doctor"]) == 0
    text = capsys.readouterr().out
    assert "Horloge : " in text
    assert "mode historique" in text


def test_a_full_disk(right_line: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(1, 1, 0))
    assert cli.run(["doctor", "--json"]) == 1
    assert told(capsys)["history"]["found"].endswith("the disk is full")


def test_a_damaged_history(right_line: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "history").mkdir()
    (tmp_path / "history" / "history.db").write_bytes(b"no database at all" * 500)
    assert cli.run(["doctor", "--json"]) == 1
    assert told(capsys)["history"]["verdict"] == "wrong"


def test_prices_in_cents(
    right_line: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = tmp_path / "config.toml"
    settings.write_text("[tariff.prices]\nHP = 20.65\nHC = 15.79\nsubscription = 15.65\n")
    assert cli.run(["--config", str(settings), "doctor", "--json"]) == 1
    assert told(capsys)["prices"]["verdict"] == "wrong"


def test_settings_that_cannot_be(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = tmp_path / "config.toml"
    settings.write_text('[meter]\nmode = "loud"\n')
    assert cli.run(["--config", str(settings), "doctor", "--json"]) == 1
    assert list(told(capsys)) == ["settings"]


@pytest.mark.parametrize("name", ["influxdb", "mqtt"])
def test_a_dead_server(
    right_line: None, name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(f"LINKYTUI_{name.upper()}_ENABLED", "true")
    monkeypatch.setenv(f"LINKYTUI_{name.upper()}_HOST", "127.0.0.1")
    monkeypatch.setenv(f"LINKYTUI_{name.upper()}_PORT", str(free_port()))
    assert cli.run(["doctor", "--json"]) == 1
    check = told(capsys)[name]
    assert check["verdict"] == "wrong"
    assert "Nothing listens at 127.0.0.1" in check["found"]


def test_alerts_are_tried_only_when_asked(
    right_line: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "alert"
    settings = tmp_path / "config.toml"
    settings.write_text(f'[alerts]\ncommand = ["sh", "-c", "echo \\"$0\\" > {out}"]\n')
    assert cli.run(["--config", str(settings), "doctor", "--json"]) == 0
    assert "not tried" in told(capsys)["alerts"]["found"]
    assert not out.exists()
    assert cli.run(["--config", str(settings), "doctor", "--json", "--notify"]) == 0
    assert told(capsys)["alerts"]["found"] == "a test was delivered"
    assert "linkytui doctor" in out.read_text()
    settings.write_text('[alerts]\ncommand = ["/no/such/program"]\n')
    assert cli.run(["--config", str(settings), "doctor", "--json"]) == 1
    assert told(capsys)["alerts"]["found"] == "the command /no/such/program is not there"


def test_the_running_collector_is_asked_and_keeps_its_port(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with CountingMeter(tmp_path / "meter") as meter, Collector(tmp_path, meter.port) as collector:
        wait_until(lambda: meter.heard)
        meter.send(3)
        collector.reads(3)
        monkeypatch.setenv("LINKYTUI_RELAY_SOCKET", str(collector.place.socket))
        assert cli.run(["--port", meter.port, "doctor", "--json", "--seconds", "0.1"]) in (0, 1)
        assert collector.process is not None
        assert f"the collector (process {collector.process.pid}) reads" in told(capsys)["port"]["found"]
        meter.send()
        collector.reads(4)


def test_no_number_of_the_meter_is_told(right_line: None, capsys: pytest.CaptureFixture[str]) -> None:
    cli.run(["doctor", "--json"])
    assert "012345678901" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("windows", "verdict"), [('["22:30-06:30"]', "attention"), ('["23:00-07:00"]', "ok"), ("[]", "ok")]
)
def test_the_hours_of_the_meter_beside_those_that_are_set(
    windows: str, verdict: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = time.time()
    meter = SimulatedMeter(Contract.HPHC, Mode.STANDARD, start=now - 60)
    frames = [meter.frame(now - 60 + 2 * number) for number in range(9)]
    profile = b"PJOURF+1\t00008001 07008002 23008001 " + b" ".join([b"NONUTILE"] * 8)
    frames = [re.sub(rb"\nPJOURF\+1\t[^\r]*\r", group(profile), frame) for frame in frames]
    assert profile in frames[0]
    listens_to(monkeypatch, *[turn for frame in frames for turn in (frame, 2.0)])
    settings = tmp_path / "config.toml"
    settings.write_text(f"[tariff]\noff_peak = {windows}\n")
    cli.run(["--config", str(settings), "doctor", "--json"])
    check = told(capsys)["off_peak"]
    assert check["verdict"] == verdict
    assert "23:00-07:00" in check["found"]
    assert ("22:30-06:30" in check["found"]) == (verdict == "attention")


def group(text: bytes) -> bytes:
    """A group of standard mode."""
    text += b"\t"
    return b"\n" + text + bytes([(sum(text) & 0x3F) + 0x20]) + b"\r"


@pytest.mark.parametrize(
    ("walls", "verdict"),
    [
        (Walls((), {"read a file": True, "make a socket": True}), "ok"),
        (Walls(("seccomp",), {"read a file": True, "make a socket": False}), "attention"),
    ],
)
def test_the_walls_of_the_pdf_reader(
    right_line: None, walls: Walls, verdict: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(outside, "try_walls", lambda: walls)
    cli.run(["doctor", "--json"])
    check = told(capsys)["walls"]
    assert check["verdict"] == verdict
    assert ("make a socket" in check["found"]) == (verdict == "attention")
    assert ("seccomp" in check["remedy"]) == (verdict == "attention")
