"""`linkytui replay`: the screen on a recording."""

import sys
from pathlib import Path

import pytest

from linkytui import cli
from linkytui.captures.form import Chunk
from linkytui.commands import replay
from linkytui.reading import Contract
from linkytui.simulator.meter import SimulatedMeter
from linkytui.tic import Mode
from linkytui.tui.app import LinkyApp
from tests.captures.made import recording
from tests.lines import historic_frame, until
from tests.terminal import Terminal

COMMAND = [sys.executable, "-m", "linkytui", "--lang", "en", "replay"]
LEFT, RIGHT = "\x1b[D", "\x1b[C"

START = 1_780_000_000.0
FRAMES = 20


@pytest.fixture
def apps(monkeypatch: pytest.MonkeyPatch) -> list[LinkyApp]:
    """The applications that the command would show."""
    shown: list[LinkyApp] = []
    monkeypatch.setattr(replay, "run_screen", shown.append)
    return shown


@pytest.fixture
def capture(tmp_path: Path) -> Path:
    """Some frames as any tool would have taken them from the line."""
    meter = SimulatedMeter(Contract.HPHC, Mode.HISTORIC, start=START)
    path = tmp_path / "line.tic"
    path.write_bytes(b"".join(meter.frame(START + 2 * number) for number in range(FRAMES)))
    return path


async def test_the_screen_shows_what_the_recording_says_until_its_end(
    apps: list[LinkyApp], capture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINKYTUI_METER_MODE", "standard")  # the person's own meter, not the recorded one
    assert cli.run(["replay", str(capture), "--speed", "max"]) == 0
    (app,) = apps
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.link.frames == FRAMES)
        assert app.reading is not None
        assert app.reading.contract is Contract.HPHC
        assert app.tag == "recording"
        assert app.playback is not None
        assert (app.playback.speed, app.playback.loop) == (None, False)


async def test_speed_and_loop_are_taken(apps: list[LinkyApp], capture: Path) -> None:
    assert cli.run(["replay", "--loop", "--speed", "60", str(capture)]) == 0
    (app,) = apps
    async with app.run_test():
        assert app.playback is not None
        assert (app.playback.speed, app.playback.loop) == (60, True)


@pytest.mark.parametrize("speed", ["0", "-1", "nan", "inf", "fast", ""])
def test_a_speed_that_cannot_be_is_wrong_usage(capture: Path, speed: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["replay", str(capture), "--speed", speed]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize("content", [None, b""])
def test_a_recording_that_cannot_be_shown_is_one_line(
    tmp_path: Path, content: bytes | None, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "other.tic"
    if content is not None:
        path.write_bytes(content)
    for target in (path, tmp_path):
        assert cli.run(["replay", str(target)]) == 1
        line = capsys.readouterr().err
        assert len(line.splitlines()) == 1
        assert str(target) in line


@pytest.fixture
def slow(tmp_path: Path) -> Path:
    """Hours in which a frame comes so seldom that a test is done before the next one, however slow the machine is."""
    return recording(tmp_path / "slow.linky", [Chunk(1000.0 * step, historic_frame(1000 + step)) for step in range(61)])


def test_the_keys_of_a_player_move_in_the_recording(slow: Path) -> None:
    with Terminal([*COMMAND, str(slow), "--speed", "0.25"]) as terminal:
        terminal.wait_for(r"▶ ×0.25  \d\d:\d\d .*16:40:00")
        terminal.wait_for("1 frame ")
        terminal.press(" ")
        terminal.wait_for("⏸ ×0.25 ")
        for frames in (2, 3):
            terminal.press(".")
            terminal.wait_for(f" {frames} frames")
        terminal.wait_for("⏸ ×0.25  33:20 ━+●─+ 16:40:00")
        terminal.press(RIGHT)
        terminal.wait_for("⏸ ×0.25  1:23:20 ━+●─+ 16:40:00")
        terminal.press(LEFT)
        terminal.wait_for("⏸ ×0.25  33:20 ")
        terminal.press("+")
        terminal.wait_for("⏸ ×0.50 ")
        terminal.press("--")
        terminal.wait_for("⏸ ×0.25 ")
        terminal.press("r")
        terminal.wait_for("16:40:00  loop")
        terminal.press(" ")
        terminal.wait_for("▶ ×0.25 ")
        terminal.press("q")
        assert terminal.ended() == 0


def test_one_can_go_back_from_the_end(slow: Path) -> None:
    with Terminal([*COMMAND, str(slow), "--speed", "max"]) as terminal:
        terminal.wait_for("end of the recording · 61 frames")
        terminal.wait_for("full speed  16:40:00 ━+● 16:40:00")
        assert "The recording is over" in terminal.text
        terminal.press(" " + LEFT)
        terminal.wait_for("⏸ full speed  15:50:00 ")
        terminal.wait_for("live · .* 62 frames")
        terminal.wait_for(r"(?s)\A(?!.*The recording is over)")
        terminal.press("q")
        assert terminal.ended() == 0


def test_a_recording_begins_again_where_that_was_asked(tmp_path: Path) -> None:
    path = recording(tmp_path / "quick.linky", [Chunk(10.0 * step, historic_frame(step)) for step in range(61)])
    with Terminal([*COMMAND, str(path), "--speed", "300", "--loop"]) as terminal:
        terminal.wait_for(r" (6[2-9]|[7-9]\d|[\d,]{3,}) frames")
        terminal.wait_for("×300 .* loop")
        terminal.press("q")
        assert terminal.ended() == 0


def test_a_recording_without_marks_is_shown(captures: Path) -> None:
    with Terminal([*COMMAND, str(captures / "historic-tempo-no-stx-etx.tic")]) as terminal:
        terminal.wait_for("BLUE PEAK")
        terminal.wait_for("end of the recording · 1 frame")
        terminal.press("q")
        assert terminal.ended() == 0


def test_what_no_meter_sent_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("Nothing of a meter.\n" * 100)
    assert cli.run(["--lang", "en", "replay", str(path)]) == 1
    line = capsys.readouterr().err
    assert len(line.splitlines()) == 1
    assert "nothing that a meter sends" in line
