"""linkytui under a real systemd: the machine's service and a user's, from installing to removing. `make systemd`."""

import json
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.debian.machine import tool, until
from tests.debian.nspawn import Machine

PROGRAM = "/opt/linkytui/bin/linkytui"
PORT = "/run/meter/port"
HANG = "[Service]\nWatchdogSec=8\n"
"""A minute is the unit's own patience; the test has less. What is tried is who finds out and what follows."""


@pytest.fixture(scope="module")
def machine(debian: Path, package: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A Debian with linkytui in /opt, a meter that talks, and a person called alice."""
    tool("systemd-nspawn")
    folder = tmp_path_factory.mktemp("machine")
    subprocess.run(["dpkg-deb", "--extract", package, folder], check=True)
    with Machine(debian, (folder / "opt/linkytui", "/opt/linkytui"), log=folder / "log") as made:
        made.run("useradd", "--create-home", "--groups", "dialout", "alice")
        made.run("mkdir", "/run/meter")
        demo = (PROGRAM, "demo", "--contract", "hphc", "--mode", "historic", "--pty", PORT)
        made.run("systemd-run", "--unit=meter", "--setenv=HOME=/root", *demo)
        until("the meter", lambda: made.says("readlink", PORT))
        # As udev does with serial ports.
        made.run("chgrp", "dialout", made.says("readlink", PORT))
        made.run("chmod", "660", made.says("readlink", PORT))
        yield made


def shown(machine: Machine, *words: str, user: str = "root") -> dict[str, str]:
    """What systemd knows of the service."""
    names = "MainPID,NRestarts,ActiveState,SubState,Result,User,UnitFileState"
    lines = machine.says("systemctl", *words, "show", "linkytui", f"--property={names}", user=user).splitlines()
    return {name: value for name, _, value in (line.partition("=") for line in lines)}


def live(machine: Machine, user: str = "root") -> bool:
    """Whether a collector answers and its meter talks."""
    done = machine.run(PROGRAM, "status", "--no-history", "--json", user=user, check=False)
    return done.returncode == 0 and json.loads(done.stdout)["link"]["state"] == "live"


def number(machine: Machine, *words: str, user: str = "root") -> str:
    """The process of the service."""
    return shown(machine, *words, user=user)["MainPID"]


def frames(machine: Machine) -> int:
    """How many frames the machine's history holds."""
    query = "SELECT count(*) FROM samples"
    script = f"import sqlite3; print(*sqlite3.connect('/var/lib/linkytui/history.db').execute({query!r}).fetchone())"
    return int(machine.says("python3", "-c", script) or 0)


def test_the_machines_service(machine: Machine) -> None:
    said = machine.run(PROGRAM, "service", "install", "--yes", "--port", PORT).stdout
    assert "/etc/systemd/system/linkytui.service" in said
    until("the service", lambda: live(machine))
    facts = shown(machine)
    assert (facts["ActiveState"], facts["User"], facts["UnitFileState"]) == ("active", "linkytui", "enabled")
    assert machine.says("stat", "-c", "%U", f"/proc/{facts['MainPID']}") == "linkytui"
    assert machine.says("stat", "-c", "%U %a", "/etc/linkytui/config.toml") == "linkytui 600"
    assert "Nothing to do." in machine.run(PROGRAM, "service", "install", "--yes").stdout
    status = machine.run(PROGRAM, "service", "status").stdout
    assert "active" in status
    assert "live" in status

    before = until("frames in the history", lambda: frames(machine))
    machine.run("kill", "-9", facts["MainPID"])
    until("a new process", lambda: number(machine) not in ("0", facts["MainPID"]))
    until("the meter again", lambda: live(machine))
    assert shown(machine)["NRestarts"] == "1"
    assert frames(machine) >= before > 0, "what was written stays"

    machine.run("mkdir", "-p", "/run/systemd/system/linkytui.service.d")
    machine.run("sh", "-c", f"printf '{HANG}' > /run/systemd/system/linkytui.service.d/patience.conf")
    machine.run("systemctl", "daemon-reload")
    machine.run("systemctl", "restart", "linkytui")
    until("the service", lambda: live(machine))
    hanging = number(machine)
    machine.run("kill", "-STOP", hanging)
    until("the watchdog", lambda: number(machine) not in ("0", hanging))
    until("the meter once more", lambda: live(machine))
    log = machine.says("journalctl", "--unit=linkytui", "--output=cat", "--no-pager")
    assert "Watchdog timeout" in log

    machine.run(PROGRAM, "service", "remove", "--yes")
    assert machine.run("test", "-e", "/etc/systemd/system/linkytui.service", check=False).returncode == 1
    assert shown(machine)["ActiveState"] == "inactive"
    assert machine.run(PROGRAM, "status", "--no-history", check=False).returncode == 1
    assert machine.run("test", "-s", "/var/lib/linkytui/history.db", check=False).returncode == 0, "the history stays"
    assert machine.run("test", "-s", "/etc/linkytui/config.toml", check=False).returncode == 0, "so do the settings"


def test_a_users_service_goes_on_when_nobody_is_logged_in(machine: Machine) -> None:
    machine.run("loginctl", "enable-linger", "alice")
    until(
        "alice's systemd", lambda: machine.says("systemctl", "--user", "is-system-running", user="alice") == "running"
    )
    said = machine.run(PROGRAM, "service", "install", "--user", "--yes", "--port", PORT, user="alice").stdout
    assert ".config/systemd/user/linkytui.service" in said
    assert "enable-linger" not in said, "she has it already"
    until("her service", lambda: live(machine, "alice"))
    facts = shown(machine, "--user", user="alice")
    assert facts["UnitFileState"] == "enabled"
    assert machine.says("stat", "-c", "%U", f"/proc/{facts['MainPID']}") == "alice"
    assert machine.run(PROGRAM, "service", "status", "--user", user="alice").stdout

    # The machine starts again, as far as she is concerned: nobody logs in.
    uid = machine.says("id", "-u", "alice")
    machine.run("systemctl", "restart", f"user@{uid}.service")
    until("her service by itself", lambda: live(machine, "alice"))
    again = number(machine, "--user", user="alice")
    assert again not in ("0", facts["MainPID"])
    assert "alice" not in machine.says("loginctl", "list-sessions", "--no-legend")

    machine.run("kill", "-9", again)
    until("a new process", lambda: number(machine, "--user", user="alice") not in ("0", again))
    until("the meter again", lambda: live(machine, "alice"))

    machine.run(PROGRAM, "service", "remove", "--user", "--yes", user="alice")
    assert machine.run(PROGRAM, "status", "--no-history", user="alice", check=False).returncode == 1
    found = machine.says("find", "/home/alice", "-name", "linkytui.service*")
    assert found == ""
    assert re.search(r"history\.db$", machine.says("find", "/home/alice", "-name", "history.db"))


def test_the_unit_is_well_made_and_lets_little_happen(machine: Machine) -> None:
    machine.run(PROGRAM, "service", "install", "--yes", "--port", PORT)
    until("the service", lambda: live(machine))
    assert machine.says("systemd-analyze", "verify", "/etc/systemd/system/linkytui.service") == ""
    exposure = machine.says("systemd-analyze", "security", "--no-pager", "linkytui.service").splitlines()[-1]
    level = float(re.findall(r"\d+\.\d+", exposure)[0])
    assert level < 4, exposure
    walls = as_the_service(machine, "doctor", "--json", "--seconds", "1")["walls"]
    assert walls["verdict"] == "ok", "a PDF is read behind the same walls as anywhere"
    machine.run(PROGRAM, "service", "remove", "--yes")


def as_the_service(machine: Machine, *words: str) -> dict[str, dict[str, str]]:
    """What the doctor finds when it may do what the service may do, by check."""
    unit = machine.says("cat", "/etc/systemd/system/linkytui.service")
    once = re.sub(r"^ExecStart=.*$", f"ExecStart={PROGRAM} {shlex.join(words)}", unit, flags=re.MULTILINE)
    once = once.replace("Type=notify", "Type=oneshot\nSuccessExitStatus=1\nStandardOutput=file:/run/found.json")
    once = re.sub(r"^(Restart|RuntimeDirectory|WatchdogSec).*\n", "", once, flags=re.MULTILINE)
    machine.run("sh", "-c", f"printf %s {shlex.quote(once)} > /run/systemd/system/once.service")
    machine.run("systemctl", "daemon-reload")
    machine.run("systemctl", "start", "once")
    found = map(json.loads, machine.says("cat", "/run/found.json").splitlines())
    return {check["check"]: check for check in found}
