"""`linkytui completion`, tried by typing in the real shells."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.terminal import Terminal

COMMAND = Path(sys.executable).with_name("linkytui")
START = {
    "bash": ["bash", "--norc", "--noprofile", "-i"],
    "zsh": ["zsh", "-f", "-i"],
    # fish wants a terminal of its own.
    "fish": ["setsid", "--ctty", "--wait", "fish", "--no-config", "-i"],
}
READY = {
    "bash": "PS1='go> '; source <(linkytui completion bash)\n",
    "zsh": "PROMPT='go> '; autoload -U compinit; compinit -u -D; setopt nobeep; source <(linkytui completion zsh)\n",
    "fish": "function fish_prompt; echo -n 'go> '; end; linkytui completion fish | source\n",
}


@pytest.fixture(params=START)
def shell(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """One of the shells; the test is skipped, or fails where all must be there, without it."""
    name = str(request.param)
    if shutil.which(name) is None:
        (pytest.fail if os.environ.get("LINKYTUI_TESTS_NEED_SERVERS") == "1" else pytest.skip)(f"{name} is not here")
    if not COMMAND.exists():
        pytest.skip("linkytui is not installed beside this Python")
    monkeypatch.setenv("PATH", f"{COMMAND.parent}:{os.environ['PATH']}")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("LANGUAGE", "en")
    return name


@pytest.mark.parametrize(
    ("typed", "becomes"),
    [
        ("linkytui hist", "linkytui history"),
        ("linkytui comple", "linkytui completion"),
        ("linkytui completion fi", "linkytui completion fish"),
        ("linkytui history --b", "linkytui history --by"),
        ("linkytui history --by mo", "linkytui history --by month"),
        ("linkytui --lang=f", "linkytui --lang=fr"),
        ("linkytui history --by=mo", "linkytui history --by=month"),
        ("linkytui service inst", "linkytui service install"),
        ("linkytui --config a:b", "linkytui --config a:bcd.tic"),
    ],
)
def test_a_word_is_completed(shell: str, tmp_path: Path, typed: str, becomes: str) -> None:
    (tmp_path / "a:bcd.tic").touch()
    with Terminal(START[shell], columns=120, folder=tmp_path) as terminal:
        terminal.press(READY[shell])
        terminal.press("echo it is 'ready'\n")
        terminal.wait_for("it is ready\\s*\n")
        terminal.press(f"{typed}\t")
        terminal.wait_for("go> " + becomes.replace("a:b", r"a\\?:b"))


def test_commands_are_listed_with_what_they_do(shell: str, tmp_path: Path) -> None:
    with Terminal(START[shell], columns=120, rows=40, folder=tmp_path) as terminal:
        terminal.press(READY[shell])
        terminal.press("echo it is 'ready'\n")
        terminal.wait_for("it is ready\\s*\n")
        terminal.press("linkytui co\t\t")
        text = terminal.wait_for("(?s)collect.*completion|completion.*collect")
        if shell != "bash":
            assert "Read the meter without a screen" in text


@pytest.mark.parametrize("name", START)
def test_what_is_printed_is_a_script_of_that_shell(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "linkytui", "completion", name], capture_output=True, text=True, check=True
    )
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not here")
    checked = subprocess.run([name, "-n"], input=done.stdout, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
