"""`linkytui record`: what a meter on a real pseudo-terminal sends, to a file of either kind."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from linkytui import cli
from linkytui.captures.open import open_capture
from linkytui.commands import record
from linkytui.tic import FrameReader
from tests.lines import PATIENCE, FakeMeter, ScriptedSource, historic_frame, wait_until

COMMAND = [sys.executable, "-m", "linkytui", "--lang", "en", "record"]


@pytest.fixture
def nohup() -> Iterator[None]:
    """Programs are started so that they outlive the terminal."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.fixture
def meter(tmp_path: Path) -> Iterator[FakeMeter]:
    meter = FakeMeter(tmp_path / "ttyMETER")
    yield meter
    meter.unplug()


def start(*arguments: str | Path) -> subprocess.Popen[str]:
    return subprocess.Popen([*COMMAND, *map(str, arguments)], stderr=subprocess.PIPE, text=True)


def ended(process: subprocess.Popen[str]) -> str:
    """What it said on stderr, once it is over."""
    _, err = process.communicate(timeout=PATIENCE)
    return err


def frames_in(path: Path) -> list[bool]:
    reader = FrameReader()
    frames = [frame for block in open_capture(path).blocks() for frame in reader.feed(block)]
    return [frame.complete for frame in frames]


@pytest.mark.parametrize("name", ["a.tic", "a.linky", "a.linky.gz"])
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_what_the_meter_sends_is_recorded_until_someone_ends_it(
    meter: FakeMeter, tmp_path: Path, name: str, end: signal.Signals
) -> None:
    out = tmp_path / name
    process = start(out, "--port", meter.port)
    wait_until(lambda: meter.heard)
    stream = b"".join(historic_frame(power) for power in range(0, 3000, 100))
    meter.say(stream)
    wait_until(lambda: out.exists() and out.stat().st_size > 200)
    meter.say(historic_frame(3100))
    wait_until(lambda: b"PAPP 03100" in b"".join(open_capture(out).blocks()))
    process.send_signal(end)
    err = ended(process)
    assert process.returncode == 0
    assert err == f"{out}: frames 31, groups rejected 0, bytes {len(stream) + 170:,}\n"
    assert frames_in(out) == [True] * 31
    assert open_capture(out).baudrate == 1200


def test_with_nohup_it_outlives_its_terminal(nohup: None, meter: FakeMeter, tmp_path: Path) -> None:
    out = tmp_path / "a.tic"
    process = start(out, "--port", meter.port)
    wait_until(lambda: meter.heard)
    process.send_signal(signal.SIGHUP)
    meter.say(historic_frame())
    wait_until(lambda: out.exists() and out.stat().st_size == 170)
    process.terminate()
    ended(process)
    assert process.returncode == 0
    assert frames_in(out) == [True]


def test_it_stops_after_the_time_that_was_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = ScriptedSource([turn for number in range(60) for turn in (historic_frame(number), 1.0)])
    monkeypatch.setattr(record, "open_source", lambda _settings, **_: source)
    monkeypatch.setattr(record, "time", SimpleNamespace(monotonic=source.clock))
    out = tmp_path / "a.linky"
    assert cli.run(["record", str(out), "--duration", "30"]) == 0
    assert len(frames_in(out)) == 30


def test_an_anonymised_recording_holds_no_number(meter: FakeMeter, tmp_path: Path) -> None:
    out = tmp_path / "a.tic"
    process = start(out, "--port", meter.port, "--anonymise")
    wait_until(lambda: meter.heard)
    meter.say(historic_frame() * 3)
    wait_until(lambda: out.exists() and out.stat().st_size >= 510)
    process.terminate()
    ended(process)
    assert process.returncode == 0
    content = out.read_bytes()
    assert b"012345678901" not in content
    assert frames_in(out) == [True] * 3


def test_a_file_that_is_there_is_only_replaced_when_asked(meter: FakeMeter, tmp_path: Path) -> None:
    out = tmp_path / "a.tic"
    out.write_text("mine")
    process = start(out, "--port", meter.port)
    assert "--force" in ended(process)
    assert process.returncode == 1
    assert out.read_text() == "mine"
    process = start(out, "--port", meter.port, "--force")
    wait_until(lambda: meter.heard)
    meter.say(historic_frame())
    wait_until(lambda: out.stat().st_size == 170)
    process.terminate()
    ended(process)
    assert process.returncode == 0
    assert frames_in(out) == [True]


def test_a_port_that_is_not_there_is_one_line_and_leaves_no_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "a.tic"
    assert cli.run(["--lang", "en", "record", str(out), "--port", str(tmp_path / "nothing")]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert not out.exists()


def test_a_silent_meter_leaves_no_file(meter: FakeMeter, tmp_path: Path) -> None:
    out = tmp_path / "a.tic"
    process = start(out, "--port", meter.port, "--duration", "1")
    err = ended(process)
    assert process.returncode == 1
    assert "Nothing came" in err
    assert err.count("\n") == 1
    assert not out.exists()


def test_a_full_disk_ends_the_recording_with_one_line(meter: FakeMeter) -> None:
    meter.talk(historic_frame(), baudrate=9600)
    process = start("/dev/full", "--port", meter.port, "--force")
    err = ended(process)
    assert process.returncode == 1
    assert "disk is full" in err
    assert err.count("\n") == 1


def test_a_terminal_sees_how_far_it_is(meter: FakeMeter, tmp_path: Path) -> None:
    meter.talk(historic_frame(), baudrate=9600)
    master, slave = os.openpty()
    out = tmp_path / "a.tic"
    process = subprocess.Popen([*COMMAND, str(out), "--port", meter.port], stderr=slave, stdout=slave)
    os.close(slave)
    shown, told = b"", False
    with contextlib.suppress(OSError):  # the other end is closed
        while block := os.read(master, 1000):
            shown += block
            if not told and shown.count(b"\r\x1b[K") > 1:
                process.terminate()
                told = True
    os.close(master)
    assert process.wait(PATIENCE) == 0
    assert b"frames " in shown.splitlines()[-1]


@pytest.mark.parametrize("arguments", [["--duration", "0"], ["--duration", "soon"], []])
def test_wrong_usage_is_status_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    out = ["a.tic"] if arguments else []
    assert cli.run(["record", *out, *arguments]) == 2
    assert capsys.readouterr().err.count("\n") == 1
