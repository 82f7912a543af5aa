"""The Debian package, on a Debian that has nothing but what Debian puts there."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from linkytui import __version__
from tests.debian.machine import until
from tests.debian.nspawn import Machine


@pytest.fixture(scope="module")
def machine(debian: Path, package: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A Debian with the package on it."""
    log = tmp_path_factory.mktemp("machine") / "log"
    with Machine(debian, (package.parent, "/package"), log=log) as made:
        made.run("sh", "-c", "dpkg --install /package/*.deb")
        yield made


def test_it_is_well_made(package: Path) -> None:
    fields = subprocess.run(["dpkg-deb", "--field", package], capture_output=True, text=True, check=True).stdout
    assert re.search(r"^Package: linkytui$", fields, re.MULTILINE)
    assert f"Version: {__version__}" in fields
    content = subprocess.run(["dpkg-deb", "--contents", package], capture_output=True, text=True, check=True).stdout
    assert not re.search(r"^\S+ (?!root/root)", content, re.MULTILINE), "everything belongs to root"
    assert content.startswith("drwxr-xr-x "), "the folder of all is nobody's secret"
    assert "./opt/linkytui/bin/linkytui" in content
    assert "./lib/systemd/system/linkytui.service" in content


def test_it_runs_from_anywhere_in_the_environment_that_it_brings(machine: Machine) -> None:
    assert machine.run("linkytui", "--version").stdout.strip() == f"linkytui {__version__}"
    found = machine.says("sh", "-c", "grep -rIl '/tm[p]/' /opt/linkytui/bin /opt/linkytui/pyvenv.cfg")
    assert found == "", "no path of where it was built"
    machine.run("/opt/linkytui/bin/python3", "-m", "pip", "--version")


def test_its_manual_is_found_in_both_languages(machine: Machine) -> None:
    # Debian's smallest installation throws manuals away, all but ours came later.
    for folder in ("man1", "fr/man1"):
        path = f"/usr/share/man/{folder}/linkytui.1.gz"
        if machine.run("test", "-e", path, check=False).returncode == 0:
            shown = machine.run("man", "--warnings", "--local-file", path)
            assert "linkytui" in shown.stdout
            assert shown.stderr == ""
    names = machine.says("dpkg", "--listfiles", "linkytui").splitlines()
    assert {"/usr/share/man/man1/linkytui.1.gz", "/usr/share/man/fr/man1/linkytui.1.gz"} <= set(names)
    for path in ("bash-completion/completions/linkytui", "zsh/vendor-completions/_linkytui"):
        assert machine.says("test", "-s", f"/usr/share/{path}") == ""


def test_its_service_collects(machine: Machine) -> None:
    machine.run("mkdir", "/run/meter")
    demo = ("linkytui", "demo", "--contract", "base", "--mode", "historic", "--pty", "/run/meter/port")
    machine.run("systemd-run", "--unit=meter", "--setenv=HOME=/root", *demo)
    until("the meter", lambda: machine.says("readlink", "/run/meter/port"))
    port = machine.says("readlink", "/run/meter/port")
    machine.run("chgrp", "dialout", port)
    machine.run("chmod", "660", port)
    assert machine.says("systemctl", "is-enabled", "linkytui") == "disabled"
    machine.run("linkytui", "service", "install", "--yes", "--port", "/run/meter/port")
    until("the service", lambda: machine.run("linkytui", "status", "--no-history", check=False).returncode == 0)
    before = machine.says("systemctl", "show", "--value", "--property=MainPID", "linkytui")
    machine.run("sh", "-c", "dpkg --install /package/*.deb")
    until(
        "the service after an upgrade",
        lambda: machine.says("systemctl", "show", "--value", "--property=MainPID", "linkytui") not in ("0", before),
    )


def test_removing_takes_all_but_settings_and_history(machine: Machine) -> None:
    until("a history", lambda: machine.says("ls", "/var/lib/linkytui/history.db"))
    machine.run("dpkg", "--remove", "linkytui")
    assert machine.says("systemctl", "is-active", "linkytui") == "inactive"
    assert machine.says("sh", "-c", "ls -d /opt/linkytui /usr/bin/linkytui /etc/systemd/system/linkytui.service") == ""
    assert machine.says("ls", "/etc/linkytui/config.toml")
    machine.run("dpkg", "--purge", "linkytui")
    assert machine.says("ls", "/etc/linkytui") == ""
    assert machine.says("ls", "/var/lib/linkytui/history.db")
