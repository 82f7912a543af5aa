"""The command line as a person meets it: help, languages, exit statuses, one line for what goes wrong."""

import contextlib
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest

from linkytui import __version__, cli
from linkytui.commands.common import Invocation, takes_invocation
from linkytui.errors import LinkytuiError, UsageError
from tests.lines import PATIENCE

COMMAND = [sys.executable, "-m", "linkytui"]


def tried(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """What a real process answers."""
    return subprocess.run(
        [*COMMAND, *arguments],
        capture_output=True,
        text=True,
        env=os.environ | variables,
        timeout=PATIENCE,
        check=False,
    )


def give(monkeypatch: pytest.MonkeyPatch, command: click.Command) -> None:
    """Let `linkytui decode` be that command."""
    monkeypatch.setattr(cli, "load_command", lambda _name: command)


def raising(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Let `linkytui decode` fail so."""

    @click.command()
    def command() -> None:
        raise error

    give(monkeypatch, command)


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["--version"]) == 0
    assert capsys.readouterr().out == f"linkytui {__version__}\n"


def test_help_lists_every_command_and_imports_none() -> None:
    script = (
        "import sys; from linkytui.cli import run; run(['--help']); "
        "print([name for name in sys.modules if name.startswith(('textual', 'linkytui.commands.')) "
        "and name != 'linkytui.commands.common'])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=PATIENCE, check=True)
    assert all(name in done.stdout for name in cli.COMMANDS)
    assert done.stdout.endswith("[]\n")


def test_help_speaks_french() -> None:
    for done in (
        tried("--lang", "fr", "--help"),
        tried("--help", "--lang=fr"),
        tried("--help", LC_ALL="fr_FR.UTF-8"),
        tried("--help", LINKYTUI_SCREEN_LANGUAGE="fr"),
    ):
        assert done.returncode == 0
        assert "Afficher cette aide" in done.stdout
        assert "Énergie et argent" in done.stdout
        assert "Show" not in done.stdout


def test_help_of_a_command_speaks_french() -> None:
    done = tried("config", "show", "--help", "--lang", "fr")
    assert "Utilisation :" in done.stdout
    assert "Show" not in done.stdout


def test_the_option_wins_over_the_language_of_the_system() -> None:
    assert "Show this message and exit." in tried("--lang", "en", "--help", LANG="fr_FR.UTF-8").stdout


def test_the_language_of_the_settings_file_wins_over_that_of_the_system(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[screen]\nlanguage = "fr"\n')
    assert "Énergie et argent" in tried("--help", "--config", str(config), LANG="en_GB.UTF-8").stdout


@pytest.mark.parametrize(
    "arguments",
    [["nonsense"], ["--nonsense"], ["config", "nonsense"], ["--lang", "de", "config", "show"], ["config", "--port"]],
)
def test_wrong_usage_is_one_line_with_a_hint(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert cli.run(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1
    assert captured.err.startswith("linkytui: ")
    assert "--help" in captured.err


def test_an_error_for_people_is_one_line_and_status_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    raising(monkeypatch, LinkytuiError("The cat sat\non the \x1b[31mport."))
    assert cli.run(["decode"]) == 1
    assert capsys.readouterr().err == "linkytui: The cat sat on the  [31mport.\n"


def test_wrong_usage_found_later_is_status_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    raising(monkeypatch, UsageError("Not like this."))
    assert cli.run(["decode"]) == 2
    assert capsys.readouterr().err == "linkytui: Not like this.\n"


def test_an_error_that_nobody_foresaw_is_one_line_and_its_traceback_a_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    raising(monkeypatch, ZeroDivisionError("by nought"))
    assert cli.run(["decode"]) == 1
    log = tmp_path / "xdg" / "state" / "linkytui" / "errors.log"
    line = capsys.readouterr().err
    assert line.splitlines() == [
        f"linkytui: Unexpected error (ZeroDivisionError: by nought). Please report it with what {log} says."
    ]
    assert "Traceback" in log.read_text()


def test_an_error_that_cannot_be_written_down_is_still_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "xdg").touch()
    raising(monkeypatch, ZeroDivisionError("by nought"))
    assert cli.run(["decode"]) == 1
    assert capsys.readouterr().err == ("linkytui: Unexpected error (ZeroDivisionError: by nought). Please report it.\n")


def test_ctrl_c_is_status_130_and_quiet(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    raising(monkeypatch, KeyboardInterrupt())
    assert cli.run(["decode"]) == 130
    assert capsys.readouterr().err.strip() == ""


def test_ctrl_c_ends_a_real_process_quietly(tmp_path: Path) -> None:
    started = tmp_path / "started"
    script = tmp_path / "editor"
    script.write_text(f"#!/bin/sh\necho > {started}.tmp; mv {started}.tmp {started}; exec sleep 60\n")
    script.chmod(0o755)
    with subprocess.Popen(
        [*COMMAND, "config", "edit"],
        env=os.environ | {"VISUAL": str(script)},
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        while not started.exists() and process.poll() is None:
            pass
        os.killpg(process.pid, signal.SIGINT)
        _, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert errors.strip() == b""


def test_a_closed_pipe_is_quiet() -> None:
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m linkytui config show --json | head -n 1 >&2; exit ${{PIPESTATUS[1]}}"],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_one_line() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*COMMAND, "config", "show"], stdout=full, stderr=subprocess.PIPE, text=True, timeout=PATIENCE, check=False
        )
    assert (done.returncode, done.stderr) == (1, "linkytui: The disk is full.\n")


def test_the_exit_status_of_a_command_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    @click.command()
    @click.pass_context
    def command(context: click.Context) -> None:
        context.exit(7)

    give(monkeypatch, command)
    assert cli.run(["decode"]) == 7


@pytest.mark.parametrize(
    "arguments", [["--port", "here", "decode"], ["decode", "--port", "here"], ["--port", "no", "decode", "--port=here"]]
)
def test_an_option_counts_before_and_after_the_command(monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    heard: list[Invocation] = []

    @click.command()
    @takes_invocation
    def command(invocation: Invocation) -> None:
        heard.append(invocation)

    give(monkeypatch, command)
    assert cli.run(arguments) == 0
    assert heard[0].settings.meter.port == "here"
    assert str(heard[0].origins["meter.port"]) == "--port"


def test_the_screen_needs_a_terminal() -> None:
    done = tried()
    assert done.returncode == 1
    assert done.stderr == "linkytui: The screen needs a terminal: run this from one, without redirecting it.\n"


FALLING = """
import sys, click
from textual.app import App
from linkytui import cli
from linkytui.commands.common import run_screen

class Falling(App):
    def on_mount(self):
        password = "s3same"
        raise ZeroDivisionError("by nought")

cli.load_command = lambda _name: click.Command("decode", callback=lambda: run_screen(Falling()))
sys.exit(cli.run(["decode"]))
"""


def test_a_screen_that_falls_over_leaves_one_line_and_no_secret() -> None:
    ours, theirs = pty.openpty()
    said = b""
    with subprocess.Popen([sys.executable, "-c", FALLING], stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        with contextlib.suppress(OSError):
            while data := os.read(ours, 65536):
                said += data
        assert process.wait(PATIENCE) == 1
    os.close(ours)
    assert b"linkytui: Unexpected error (ZeroDivisionError: by nought)." in said
    assert b"s3same" not in said
    assert b"Traceback" not in said


def test_broken_settings_are_one_line_but_do_not_keep_help_away(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("[meter\n")
    done = tried("--config", str(config))
    assert done.returncode == 1
    assert done.stderr.startswith(f"linkytui: {config}: not valid TOML")
    assert len(done.stderr.splitlines()) == 1
    assert tried("--config", str(config), "--help").returncode == 0


def test_a_user_whom_no_file_knows_lives_in_the_root_folder(tmp_path: Path) -> None:
    """As in a container that runs under any number; the engines say so themselves, clusters not always."""
    script = (
        "import pwd, sys\n"
        "def unknown(uid): raise KeyError(uid)\n"
        "pwd.getpwuid = unknown\n"
        "sys.argv = ['linkytui', 'config', 'path']\n"
        "from linkytui.cli import main\n"
        "main()\n"
    )
    environment = {name: value for name, value in os.environ.items() if name != "HOME" and not name.startswith("XDG_")}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "/.config/linkytui/config.toml\n", "")
