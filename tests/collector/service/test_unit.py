"""The unit files."""

import shutil
import subprocess
from pathlib import Path

import pytest

from linkytui.collector.service.unit import system_unit, user_unit
from tests.lines import PATIENCE

CONTRIB = Path(__file__).parents[3] / "contrib" / "linkytui.service"


def test_the_unit_in_contrib_is_the_one_that_is_installed() -> None:
    assert CONTRIB.read_text(encoding="utf-8") == system_unit()


def test_a_program_in_a_home_may_still_be_read() -> None:
    assert "\nProtectHome=yes\n" in system_unit(["/usr/bin/linkytui"])
    assert "\nProtectHome=read-only\n" in system_unit(["/home/jo/venv/bin/linkytui"])


def test_words_of_the_command_are_quoted_as_systemd_wants_it() -> None:
    unit = user_unit(["/home/jo/my programs/100%/py$thon", "-m", "linkytui"])
    assert 'ExecStart="/home/jo/my programs/100%%/py$$thon" -m linkytui collect\n' in unit


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not on this machine")
@pytest.mark.parametrize("text", [system_unit(["/bin/true"]), user_unit(["/bin/true"])])
def test_systemd_understands_it(tmp_path: Path, text: str) -> None:
    unit = tmp_path / "linkytui.service"
    unit.write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
