"""The image as contrib/ runs it: read-only, without rights, behind the engine's filter of system calls."""

import json
import os
import signal
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.debian.images import USER, Container, frames
from tests.debian.machine import PATIENCE, ROOT, Meter, until
from tests.debian.strict import TEMPORARY, strict, strict_command

LANDLOCK = ("landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self")


def test_the_files_ask_for_what_is_tried_here() -> None:
    service = yaml.safe_load((ROOT / "contrib/compose.yaml").read_text())["services"]["linkytui"]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["tmpfs"] == [TEMPORARY]
    objects = yaml.safe_load_all((ROOT / "contrib/kubernetes/linkytui.yaml").read_text())
    pod = next(each["spec"]["template"]["spec"] for each in objects if each["kind"] == "Deployment")
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod["containers"][0]["securityContext"]["readOnlyRootFilesystem"] is True


@pytest.mark.parametrize(
    "refused",
    [(), LANDLOCK, (*LANDLOCK, "adjtimex", "clock_adjtime"), ("seccomp", "adjtimex", "clock_adjtime", "statx")],
    ids=["today", "before Docker 23", "a narrow filter", "old libseccomp"],
)
def test_a_pdf_is_read_behind_walls(container: Container, tmp_path: Path, refused: tuple[str, ...]) -> None:
    done = strict(container, tmp_path / "bundle", "linkytui", "doctor", "--json", "--seconds", "1", refused=refused)
    checks = {check["check"]: check for check in map(json.loads, done.stdout.splitlines())}
    assert checks["walls"]["verdict"] == "ok", checks["walls"]


def test_a_user_whom_the_image_does_not_know_is_nobody_special(container: Container, tmp_path: Path) -> None:
    """`docker run --user 4321`, and clusters that choose the number themselves."""
    done = strict(container, tmp_path / "bundle", "env", "-u", "HOME", "linkytui", "config", "show", user=4321)
    assert done.returncode == 0, done.stderr
    done = strict(container, tmp_path / "bundle", "env", "-u", "HOME", "linkytui", "status", user=4321)
    assert done.stderr.startswith("linkytui: Nothing is known about a meter")


@pytest.mark.parametrize("user", [USER, 4321])
def test_it_collects_where_nothing_can_be_written_but_its_volumes(
    user: int, container: Container, meter: Meter, tmp_path: Path
) -> None:
    for path in (meter.port, container.data):
        os.chown(path, user, user)
    words = container.config["Entrypoint"]
    command = strict_command(
        container, tmp_path / "bundle", words, user=user, port=meter.port, variables={"LINKY_PORT": "/dev/ttyUSB0"}
    )
    with (
        (tmp_path / "log").open("wb") as log,
        subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log) as process,
    ):
        try:
            until("a history", lambda: frames(container.data) > 3 or process.poll() is not None)
        finally:
            for number in container.collectors():
                os.kill(number, signal.SIGTERM)
            process.wait(PATIENCE)
    assert frames(container.data) > 3, (tmp_path / "log").read_text()
    assert "linkytui: " not in (tmp_path / "log").read_text()
