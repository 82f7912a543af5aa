"""Putting the service in place, and taking it away, on a machine of our own."""

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from linkytui.collector.service.install import SYSTEM_UNIT, SystemService, UserService
from linkytui.collector.service.machine import InstallStep, Person, own_program, unreachable_for_others
from linkytui.collector.service.unit import system_unit, user_unit
from linkytui.errors import LinkytuiError
from tests.collector.service.machines import FakeMachine, make_machine
from tests.history.household import at, record, steady, total

PROGRAM = ("/opt/linkytui/bin/linkytui",)
JO = Person("jo", Path("/home/jo"))


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeMachine:
    """A machine with systemd and a user named jo."""
    return make_machine(tmp_path / "machine", monkeypatch)


def carry_out(steps: list[InstallStep]) -> list[str]:
    """Do the steps; what they said they would do."""
    for step in steps:
        step.do()
    return [step.text for step in steps]


def user_service(machine: FakeMachine) -> UserService:
    """jo's own service."""
    folder = JO.home / ".config"
    return UserService(
        machine=machine, person=JO, configuration=folder, settings_file=folder / "linkytui" / "config.toml"
    )


def test_the_machines_service_gets_a_user_its_settings_and_its_unit(machine: FakeMachine) -> None:
    texts = carry_out(SystemService(machine=machine, person=JO).install(PROGRAM))
    config = machine.at("/etc/linkytui/config.toml")
    assert machine.calls == [
        "useradd --system --user-group --home-dir /var/lib/linkytui --no-create-home --shell /usr/sbin/nologin"
        " linkytui",
        f"chown linkytui: {config}",
        "usermod --append --groups linkytui jo",
        "systemctl daemon-reload",
        "systemctl enable linkytui.service",
        "systemctl restart linkytui.service",
    ]
    assert [text for text in texts if text not in machine.calls] == [
        "write /etc/linkytui/config.toml, in which nothing is set yet",
        "write /etc/systemd/system/linkytui.service",
    ]
    assert machine.read(SYSTEM_UNIT) == system_unit(PROGRAM)
    assert stat.S_IMODE(config.stat().st_mode) == 0o600


def test_a_second_time_there_is_nothing_to_do(machine: FakeMachine) -> None:
    service = SystemService(machine=machine, person=JO)
    carry_out(service.install(PROGRAM))
    machine.is_set_up()
    assert service.install(PROGRAM) == []
    assert [step.text for step in service.install(["/usr/bin/linkytui"])] == [
        "write /etc/systemd/system/linkytui.service",
        "systemctl daemon-reload",
        "systemctl restart linkytui.service",
    ]


def test_settings_and_history_of_the_person_go_on_in_the_service(machine: FakeMachine) -> None:
    theirs = machine.at("/home/jo/.config/linkytui/config.toml")
    theirs.parent.mkdir(parents=True)
    theirs.write_text('[meter]\nport = "/dev/ttyUSB7"\n')
    old = machine.at("/home/jo/.local/share/linkytui")
    old.mkdir(parents=True)
    record(old, steady(at("2026-11-02 10:00"), at("2026-11-02 12:00")))
    carry_out(SystemService(machine=machine, person=JO).install(PROGRAM, port="/dev/ttyUSB8"))
    assert machine.read("/etc/linkytui/config.toml") == '[meter]\nport = "/dev/ttyUSB8"\n'
    assert theirs.read_text() == '[meter]\nport = "/dev/ttyUSB7"\n'
    new = machine.at("/var/lib/linkytui")
    assert total(new) == total(old)
    assert stat.S_IMODE((new / "history.db").stat().st_mode) == 0o640
    assert f"chown --recursive linkytui: {new}" in machine.calls


def test_a_history_that_the_service_has_is_not_written_over(machine: FakeMachine) -> None:
    for folder in ("/home/jo/.local/share/linkytui", "/var/lib/linkytui"):
        machine.at(folder).mkdir(parents=True)
        with closing(sqlite3.connect(machine.at(folder) / "history.db")):
            (machine.at(folder) / "history.db").touch()
    texts = [step.text for step in SystemService(machine=machine, person=JO).install(PROGRAM)]
    assert not any("copy" in text for text in texts)


def test_without_a_person_nothing_is_taken_over(machine: FakeMachine) -> None:
    carry_out(SystemService(machine=machine).install(PROGRAM))
    assert not any(call.startswith("usermod") for call in machine.calls)


def test_removing_leaves_settings_and_history(machine: FakeMachine) -> None:
    service = SystemService(machine=machine)
    carry_out(service.install(PROGRAM))
    before = len(machine.calls)
    texts = carry_out(service.remove())
    assert texts == [
        "systemctl disable --now linkytui.service",
        "remove /etc/systemd/system/linkytui.service",
        "systemctl daemon-reload",
    ]
    assert machine.calls[before:] == [texts[0], texts[2]]
    assert machine.at("/etc/linkytui/config.toml").exists()
    assert service.remove() == []


def test_a_user_has_a_service_without_root(machine: FakeMachine) -> None:
    service = user_service(machine)
    texts = carry_out(service.install(PROGRAM, port="/dev/ttyACM0"))
    assert texts == [
        "set port = /dev/ttyACM0 in /home/jo/.config/linkytui/config.toml",
        "write /home/jo/.config/systemd/user/linkytui.service",
        "systemctl --user daemon-reload",
        "systemctl --user enable linkytui.service",
        "systemctl --user restart linkytui.service",
    ]
    assert machine.read("/home/jo/.config/systemd/user/linkytui.service") == user_unit(PROGRAM)
    assert '"/dev/ttyACM0"' in (machine.read("/home/jo/.config/linkytui/config.toml") or "")
    machine.is_set_up()
    assert service.install(PROGRAM) == []
    carry_out(service.remove())
    assert not machine.at("/home/jo/.config/systemd/user/linkytui.service").exists()


def test_it_tells_whether_a_users_services_go_on_without_him(machine: FakeMachine) -> None:
    service = user_service(machine)
    assert not service.lingers
    machine.at("/var/lib/systemd/linger").mkdir(parents=True)
    machine.at("/var/lib/systemd/linger/jo").touch()
    assert service.lingers


def test_there_are_not_two_services_for_one_meter(machine: FakeMachine) -> None:
    carry_out(user_service(machine).install(PROGRAM))
    with pytest.raises(LinkytuiError, match="jo already has a service"):
        SystemService(machine=machine, person=JO).install(PROGRAM)
    carry_out(user_service(machine).remove())
    carry_out(SystemService(machine=machine, person=JO).install(PROGRAM))
    with pytest.raises(LinkytuiError, match="The machine already has a service"):
        user_service(machine).install(PROGRAM)


def test_a_command_that_fails_is_told_in_a_line(machine: FakeMachine) -> None:
    machine.fails("systemctl daemon-reload")
    with pytest.raises(LinkytuiError) as error:
        carry_out(SystemService(machine=machine).install(PROGRAM))
    assert str(error.value) == "“systemctl daemon-reload” failed: no, not today."


def test_a_damaged_history_is_told_in_a_line(machine: FakeMachine) -> None:
    old = machine.at("/home/jo/.local/share/linkytui/history.db")
    old.parent.mkdir(parents=True)
    old.write_bytes(b"no database at all" * 1000)
    with pytest.raises(LinkytuiError, match="Cannot copy"):
        carry_out(SystemService(machine=machine, person=JO).install(PROGRAM))


def test_a_history_is_copied_while_it_is_written(machine: FakeMachine) -> None:
    old = machine.at("/home/jo/.local/share/linkytui")
    old.mkdir(parents=True)
    with closing(sqlite3.connect(old / "history.db")) as busy:
        busy.execute("PRAGMA journal_mode = WAL")
        busy.execute("CREATE TABLE rows (number)")
        busy.execute("INSERT INTO rows VALUES (1)")
        busy.commit()
        carry_out(SystemService(machine=machine, person=JO).install(PROGRAM))
    with closing(sqlite3.connect(machine.at("/var/lib/linkytui/history.db"))) as copy:
        assert copy.execute("SELECT number FROM rows").fetchall() == [(1,)]


def test_how_it_is_comes_from_systemd(machine: FakeMachine) -> None:
    service = SystemService(machine=machine)
    condition = service.condition()
    assert (condition.installed, condition.enabled, condition.state) == (False, False, "inactive")
    carry_out(service.install(PROGRAM))
    machine.is_set_up()
    condition = service.condition()
    assert (condition.installed, condition.enabled, condition.state) == (True, True, "active")


def test_the_service_runs_this_very_installation() -> None:
    assert Path(own_program()[0]).exists()


def test_an_installation_in_a_closed_home_is_noticed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    program = home / "bin" / "linkytui"
    program.parent.mkdir(parents=True)
    program.touch(mode=0o755)
    program.chmod(0o755)
    home.chmod(0o700)
    barrier = unreachable_for_others(str(program))
    assert barrier is not None
    assert barrier == home or barrier in home.parents
