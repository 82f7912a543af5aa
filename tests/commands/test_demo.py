"""`linkytui demo`: the screen on a simulated meter, or that meter as a serial port."""

import os
import signal
import subprocess
import sys
import termios
from collections.abc import Iterator
from pathlib import Path

import pytest
import serial
from textual.pilot import Pilot

from linkytui import cli
from linkytui.commands import demo
from linkytui.reading import Contract, Reading
from linkytui.tic import Colour, Frame, FrameReader, Mode
from linkytui.tui.app import LinkyApp
from tests.lines import PATIENCE, until


@pytest.fixture
def apps(monkeypatch: pytest.MonkeyPatch) -> list[LinkyApp]:
    """The applications that the command would show."""
    shown: list[LinkyApp] = []
    monkeypatch.setattr(demo, "run_screen", shown.append)
    return shown


async def first_reading(pilot: Pilot[None]) -> Reading:
    """What the screen shows once a frame has come."""
    app = pilot.app
    assert isinstance(app, LinkyApp)
    await until(pilot, lambda: app.reading is not None and app.reading.registers)
    assert app.reading is not None
    return app.reading


@pytest.mark.parametrize(
    ("arguments", "contract", "mode", "phases"),
    [
        ([], Contract.TEMPO, Mode.STANDARD, 1),
        (["--contract", "hphc", "--mode", "historic", "--phases", "3"], Contract.HPHC, Mode.HISTORIC, 3),
        (["--contract", "ejp", "--producer"], Contract.EJP, Mode.STANDARD, 1),
        (["--contract", "base", "--speed", "3600", "--seed", "9"], Contract.BASE, Mode.STANDARD, 1),
        (["--contract", "other"], Contract.OTHER, Mode.STANDARD, 1),
    ],
)
async def test_the_screen_shows_the_meter_that_was_asked_for(
    apps: list[LinkyApp], arguments: list[str], contract: Contract, mode: Mode, phases: int
) -> None:
    assert cli.run(["demo", *arguments]) == 0
    (app,) = apps
    async with app.run_test() as pilot:
        reading = await first_reading(pilot)
        assert (reading.contract, reading.mode, reading.phases) == (contract, mode, phases)
        assert (reading.injected_power is not None) is ("--producer" in arguments)
        assert app.tag == "simulated"


async def test_the_first_minutes_are_already_there_and_the_time_is_the_meters(apps: list[LinkyApp]) -> None:
    cli.run(["demo"])
    (app,) = apps
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.link.frames >= 240)
        reading = await first_reading(pilot)
        assert "19:50" < app.clock < "21:00", "it is evening there, whatever time it is here"
    assert reading.today is Colour.WHITE
    assert reading.power is not None


@pytest.mark.parametrize("contract", ["base", "hphc", "tempo", "ejp"])
async def test_the_household_pays_the_regulated_tariff(apps: list[LinkyApp], contract: str) -> None:
    assert cli.run(["demo", "--contract", contract]) == 0
    (app,) = apps
    async with app.run_test() as pilot:
        await first_reading(pilot)
        await until(pilot, lambda: app.costs is not None)
        assert app.costs is not None
        assert not app.costs.month.plan.assumed
        assert app.costs.month.plan.title == "EDF Tarif Bleu"


async def test_settings_for_another_meter_do_not_deafen_it(
    apps: list[LinkyApp], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINKYTUI_METER_MODE", "historic")
    assert cli.run(["demo", "--mode", "standard"]) == 0
    (app,) = apps
    async with app.run_test() as pilot:
        assert (await first_reading(pilot)).mode is Mode.STANDARD


@pytest.mark.parametrize(
    "arguments",
    [
        ["--contract", "gas"],
        ["--mode", "modern"],
        ["--phases", "2"],
        ["--speed", "0"],
        ["--speed", "x"],
        ["--seed", "x"],
    ],
)
def test_an_option_that_cannot_be_is_wrong_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["demo", *arguments]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert arguments[0] in error


@pytest.mark.parametrize(("language", "word"), [("en", "solar"), ("fr", "solaires")])
def test_help_names_every_option_in_both_languages(language: str, word: str) -> None:
    command = [sys.executable, "-m", "linkytui", "demo", "--lang", language, "--help"]
    text = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=True).stdout
    assert word in text
    for option in ("--contract", "--mode", "--phases", "--producer", "--speed", "--seed", "--pty", "--port"):
        assert option in text


@pytest.fixture
def offered(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """The demo as a serial port, under a path of its own."""
    link = tmp_path / "meter"
    command = [sys.executable, "-m", "linkytui", "demo", "--contract", "hphc", "--pty", str(link)]
    variables = os.environ | {"LC_ALL": "C.UTF-8", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=variables) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == f"{link}\n"
        yield process, link
        if process.poll() is None:
            process.kill()


def listen(port: Path, frames: int) -> list[Frame]:
    """Whole frames that a program reads with pyserial."""
    reader = FrameReader("standard")
    heard: list[Frame] = []
    with serial.Serial(
        str(port), 9600, bytesize=serial.SEVENBITS, parity=serial.PARITY_EVEN, timeout=PATIENCE, exclusive=True
    ) as line:
        while len(heard) < frames:
            heard += [frame for frame in reader.feed(line.read(line.in_waiting or 1)) if frame.complete]
    assert not reader.rejected
    return heard


def test_other_programs_read_it_as_a_serial_port_one_after_the_other(
    offered: tuple[subprocess.Popen[str], Path],
) -> None:
    process, link = offered
    for _ in range(2):
        heard = listen(link, 2)
        assert {group.data for frame in heard for group in frame.groups if group.label == "NGTF"} == {
            "H PLEINE/CREUSE "
        }
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE) == 0
    assert not link.is_symlink()
    assert process.stderr is not None
    help_line = process.stderr.read()
    assert "9600 baud" in help_line
    assert help_line.count("\n") == 1
    assert "Set 8N1" in help_line


def test_what_is_said_of_a_pseudo_terminal_is_so(offered: tuple[subprocess.Popen[str], Path]) -> None:
    _process, link = offered
    with serial.Serial(str(link), 9600, bytesize=7, parity="E") as line, pytest.raises(termios.error):
        line.timeout = 1
    with serial.Serial(str(link), 9600, bytesize=8, parity="N") as line:
        line.timeout = PATIENCE
        line.baudrate = 9600
        assert line.read(1)


def test_ctrl_c_ends_the_port_quietly(offered: tuple[subprocess.Popen[str], Path]) -> None:
    process, link = offered
    process.send_signal(signal.SIGINT)
    assert process.wait(PATIENCE) == 0
    assert not link.is_symlink()
    assert process.stderr is not None
    assert "Traceback" not in process.stderr.read()


def test_a_path_that_is_taken_is_one_line_and_a_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    taken = tmp_path / "taken"
    taken.touch()
    assert cli.run(["demo", "--pty", str(taken)]) == 1
    assert capsys.readouterr().err == f"linkytui: {taken} already exists: choose another path.\n"
