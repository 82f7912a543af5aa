"""`linkytui replay`: the screen on a recording."""

from pathlib import Path

import pytest

from linkytui import cli
from linkytui.app import LinkyApp
from linkytui.commands import replay
from linkytui.reading import Contract
from linkytui.simulator import SimulatedMeter
from linkytui.tic import Mode

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
        for _ in range(3000):
            if app.link.frames == FRAMES:
                break
            await pilot.pause(0.02)
        assert app.link.frames == FRAMES
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
