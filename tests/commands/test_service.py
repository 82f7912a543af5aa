"""`linkytui service`, as a person meets it, on a machine of our own."""

import io
import os
from pathlib import Path

import pytest

from linkytui import cli
from linkytui.collector.service.unit import NAME
from linkytui.commands import service
from tests.collector.service.machines import FakeMachine, make_machine


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeMachine:
    """The machine that the command changes; the person is root, and jo before that."""
    made = make_machine(tmp_path / "machine", monkeypatch)
    monkeypatch.setattr(service, "this_machine", lambda: made)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setenv("SUDO_USER", "jo")
    monkeypatch.setenv("LINKYTUI_RELAY_SOCKET", str(tmp_path / "linkytui.sock"))
    monkeypatch.setattr(service, "unreachable_for_others", lambda _program: None)
    return made


def test_a_dry_run_lists_everything_and_does_nothing(machine: FakeMachine, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["service", "install", "--dry-run"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "This would be done:"
    assert [line.split()[0] for line in lines[1:]] == [
        *("useradd", "write", "chown", "write", "usermod", "systemctl", "systemctl", "systemctl")
    ]
    assert machine.calls == []
    assert not machine.at("/etc").exists()


def test_it_lists_then_does_then_says_what_comes_next(machine: FakeMachine, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["service", "install", "--yes"]) == 0
    out = capsys.readouterr().out
    assert out.index("This will be done:") < out.index("systemctl restart") < out.index("Done.")
    assert f"journalctl -u {NAME}" in out
    assert "jo" in out
    machine.is_set_up()
    assert cli.run(["service", "install"]) == 0
    assert capsys.readouterr().out.startswith("Nothing to do.\n")


@pytest.mark.usefixtures("machine")
def test_where_nobody_can_be_asked_it_does_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert cli.run(["service", "install"]) == 2
    assert capsys.readouterr().err == "linkytui: Cannot ask for confirmation here: add --yes.\n"


def test_a_no_changes_nothing(machine: FakeMachine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("click.confirm", lambda *_args, **_options: False)
    assert cli.run(["service", "install"]) == 0
    assert machine.calls == []


@pytest.mark.usefixtures("machine")
def test_without_root_there_is_a_way(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert cli.run(["service", "install", "--yes"]) == 1
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "sudo" in error
    assert "--user" in error
    assert cli.run(["service", "install", "--dry-run"]) == 0


@pytest.mark.usefixtures("machine")
def test_an_installation_that_others_cannot_read_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(service, "unreachable_for_others", lambda _program: Path("/home/jo"))
    assert cli.run(["service", "install", "--yes"]) == 1
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "(/home/jo)" in error


def test_a_machine_without_systemd_is_told_in_a_line(machine: FakeMachine, capsys: pytest.CaptureFixture[str]) -> None:
    machine.at("/run/systemd/system").rmdir()
    for arguments in (["install"], ["remove"], ["status"], ["install", "--user"]):
        assert cli.run(["service", *arguments]) == 1
        assert capsys.readouterr().err.startswith("linkytui: systemd is not running here")


def test_a_users_service_says_how_it_survives_a_log_out(
    machine: FakeMachine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", "/home/jo/.config")
    assert cli.run(["service", "install", "--user", "--yes"]) == 0
    assert "sudo loginctl enable-linger" in capsys.readouterr().out
    assert machine.at("/home/jo/.config/systemd/user/linkytui.service").exists()
    assert cli.run(["service", "remove", "--user", "--yes"]) == 0
    assert not machine.at("/home/jo/.config/systemd/user/linkytui.service").exists()


def test_status_tells_how_it_is(machine: FakeMachine, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["service", "status"]) == 1
    assert capsys.readouterr().err == ("linkytui: The service is not installed: run linkytui service install.\n")
    assert cli.run(["service", "install", "--yes"]) == 0
    capsys.readouterr()
    assert cli.run(["service", "status"]) == 1
    assert capsys.readouterr().out == ("/etc/systemd/system/linkytui.service: inactive, not started at boot\n")
    machine.is_set_up()
    assert cli.run(["service", "status"]) == 0
    assert capsys.readouterr().out == "/etc/systemd/system/linkytui.service: active, started at boot\n"
