"""The hint for a missing package, done as it says, in each real installation: pipx, uv, an environment, the image."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.debian.machine import ROOT

ASK = "from linkytui.outputs.missing import command_for; print(command_for('apprise'))"


def run(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(
        command, capture_output=True, text=True, env=environment, cwd=environment["HOME"], check=False
    )
    assert done.returncode == 0, f"{shlex.join(command)}: {done.stdout}{done.stderr}"
    return done.stdout.strip()


@pytest.fixture
def environment(wheels: Path, tmp_path: Path) -> dict[str, str]:
    """Everything offline, and in a folder of its own."""
    folder = str(tmp_path)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PIP_", "UV_"))}
    return kept | {
        "HOME": folder,
        "PATH": f"{folder}/tools/bin:{folder}/bin:{os.environ['PATH']}",
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(wheels.resolve()),
        "PIPX_HOME": f"{folder}/pipx",
        "PIPX_BIN_DIR": f"{folder}/bin",
        "PIPX_DEFAULT_PYTHON": sys.executable,
        "USE_EMOJI": "0",
        "UV_OFFLINE": "1",
        "UV_NO_INDEX": "1",
        "UV_FIND_LINKS": str(wheels.resolve()),
        "UV_TOOL_DIR": f"{folder}/uv",
        "UV_TOOL_BIN_DIR": f"{folder}/bin",
        "UV_CACHE_DIR": f"{folder}/cache",
        "UV_PYTHON": sys.executable,
    }


@pytest.fixture
def tools(environment: dict[str, str], tmp_path: Path) -> None:
    """pipx and uv, from PyPI."""
    run([sys.executable, "-m", "venv", str(tmp_path / "tools")], environment)
    online = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    run([str(tmp_path / "tools/bin/python"), "-m", "pip", "install", "-q", "pipx", "uv"], online)


@pytest.mark.parametrize("way", ["pipx", "uv", "venv"])
def test_the_hint_works(way: str, environment: dict[str, str], tools: None, wheel: Path, tmp_path: Path) -> None:
    install = {
        "pipx": ["pipx", "install", str(wheel)],
        "uv": ["uv", "tool", "install", str(wheel)],
        "venv": ["python3", "-m", "venv", str(tmp_path / "own")],
    }[way]
    install[0] = shutil.which(install[0], path=environment["PATH"]) or install[0]
    run(install, environment)
    python = {
        "pipx": tmp_path / "pipx/venvs/linkytui/bin/python",
        "uv": tmp_path / "uv/linkytui/bin/python",
        "venv": tmp_path / "own/bin/python",
    }[way]
    if way == "venv":
        run([str(python), "-m", "pip", "install", "-q", str(wheel)], environment)
    else:
        assert run([str(tmp_path / "bin/linkytui"), "--version"], environment).startswith("linkytui ")
        assert (tmp_path / "bin/linkytui").exists()
    without = subprocess.run([python, "-c", "import apprise"], env=environment, capture_output=True, check=False)
    assert without.returncode == 1
    hint = run([str(python), "-c", ASK], environment)
    assert {"pipx": "pipx inject", "uv": "uv tool install --with", "venv": "-m pip install"}[way] in hint
    run(["sh", "-c", hint], environment)
    run([str(python), "-c", "import apprise, linkytui"], environment)
    assert ROOT not in Path(run([str(python), "-c", "import linkytui; print(linkytui.__file__)"], environment)).parents
