"""`linkytui serve`: what it says before anything is served, and screens in the hands of other programs."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from linkytui import cli
from linkytui.commands import serve
from linkytui.settings.folders import state_folder
from tests.lines import PATIENCE


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What would be served; the port is known at once."""
    services: list[Any] = []

    async def remember(service: Any, _stop: object, ready: Any) -> None:
        services.append(service)
        ready(service.port or 12345)

    monkeypatch.setattr(serve, "serve", remember)
    return services


def test_on_this_machine_nothing_is_asked(
    served: list[Any], capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.toml").touch()
    assert cli.run(["--lang", "en", "serve", "--config", "mine.toml"]) == 0
    assert capsys.readouterr().out == "Open http://127.0.0.1:8098/ in a browser. Ctrl+C ends it.\n"
    (service,) = served
    assert (service.access.token, service.look_only, service.host) == (None, True, "127.0.0.1")
    assert service.command[1:] == ["-m", "linkytui", "--config", str(Path("mine.toml").absolute()), "--lang", "en"]


_ELSEWHERE = [["--host", "0.0.0.0"], ["--host", "192.0.2.7"], ["--host", "::"], ["--allow-changes"]]  # noqa: S104


@pytest.mark.parametrize("options", _ELSEWHERE)
def test_else_a_token_is_made_and_printed(
    served: list[Any], capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    for more in ([], [], ["--new-token"]):
        assert cli.run(["serve", "--http-port", "0", *options, *more]) == 0
        said = capsys.readouterr().out
        assert said.count(served[-1].access.token) == 1
        assert f":12345/?token={served[-1].access.token} in a browser" in said
    first, second, third = (service.access.token for service in served)
    assert first == second != third
    assert (state_folder() / "serve.token").read_text().strip() == third


def test_a_proxy_asks_instead(served: list[Any], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["serve", "--behind-proxy", "https://home.example/linky/", "--host", "0.0.0.0"]) == 0  # noqa: S104
    assert "Open https://home.example/linky/ in" in capsys.readouterr().out
    assert served[0].access.token is None
    assert not (state_folder() / "serve.token").exists()


@pytest.mark.parametrize("proxy", ["home.example", "/linky", "ftp://home.example", "https://"])
def test_a_proxy_has_a_whole_address(served: list[Any], capsys: pytest.CaptureFixture[str], proxy: str) -> None:
    assert cli.run(["serve", "--behind-proxy", proxy]) == 2
    assert "wants the whole address" in capsys.readouterr().err
    assert served == []


def test_the_meters_port_is_not_the_servers(served: list[Any], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["serve", "--port", "8080"]) == 2
    assert "--http-port" in capsys.readouterr().err
    assert served == []


def test_a_missing_package_is_named_with_its_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(serve, "find_spec", lambda name: None if name == "textual_serve" else object())
    assert cli.run(["serve"]) == 1
    assert "textual-serve" in capsys.readouterr().err


def hosted(*arguments: str, driver: str = "textual.drivers.web_driver:WebDriver") -> subprocess.Popen[bytes]:
    """A screen that another program drives through its pipes."""
    return subprocess.Popen(
        [sys.executable, "-m", "linkytui", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "TEXTUAL_DRIVER": driver, "LC_ALL": "C.UTF-8"},
    )


@pytest.mark.parametrize("at_once", [False, True])
def test_any_program_may_drive_it_through_pipes_and_its_end_ends_it(tmp_path: Path, at_once: bool) -> None:
    process = hosted("--port", str(tmp_path / "none"))
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    if not at_once:
        assert process.stdout.readline() == b"__GANGLION__\n"
        assert process.stdout.read(1) == b"D"
    process.stdin.close()
    process.stdout.close()
    process.wait(PATIENCE)
    assert b"Traceback" not in process.stderr.read()
    process.stderr.close()
