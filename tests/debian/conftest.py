"""What these tests share: a Debian made by debootstrap, what pip would fetch, and a meter on a pseudo-terminal."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.debian.machine import ROOT, Meter

_BASE = "LINKYTUI_TESTS_DEBIAN"
_PACKAGE = "LINKYTUI_TESTS_PACKAGE"


@pytest.fixture(scope="session")
def debian() -> Path:
    """A Debian that nobody changes: a folder that `make debian` made. The tests are skipped without one."""
    if _BASE not in os.environ:
        pytest.skip("needs a Debian made by debootstrap: make debian")
    folder = Path(os.environ[_BASE])
    if os.geteuid() != 0:
        pytest.fail("these tests make machines of their own: run them as root")
    return folder


@pytest.fixture(scope="session")
def wheels(debian: Path) -> Path:
    """A folder with everything that pip would fetch while linkytui is installed, and apprise."""
    return debian.with_name("wheels")


@pytest.fixture(scope="session")
def package(debian: Path, wheels: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """linkytui's package for that Debian, built on it from this checkout, or one that was built before."""
    if _PACKAGE in os.environ:
        return Path(os.environ[_PACKAGE])
    out = tmp_path_factory.mktemp("package")
    command = [tool("systemd-nspawn"), "--quiet", "--volatile=overlay", f"--directory={debian}", "--pipe"]
    command += ["--register=no", "--keep-unit", f"--bind-ro={ROOT}:/src", f"--bind={out}:/out"]
    command += [f"--bind-ro={wheels.resolve()}:/wheels", "--setenv=PIP_NO_INDEX=1", "--setenv=PIP_FIND_LINKS=/wheels"]
    # The checkout is nobody's to write into.
    copy = "mkdir /build; tar -C /src --exclude=.git --exclude=./build --exclude=.venv -c . | tar -C /build -x"
    command += ["--setenv=OUT=/out", "sh", "-c", f"{copy}; /build/contrib/debian/build"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(out.glob("*.deb"))


@pytest.fixture(scope="session")
def wheel(debian: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """linkytui's wheel, made from this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


@pytest.fixture
def meter(tmp_path: Path) -> Iterator[Meter]:
    """A simulated meter that talks on a pseudo-terminal of this machine."""
    with Meter(tmp_path / "meter") as running:
        yield running


def tool(name: str) -> str:
    """A program that these tests need."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    assert found, f"{name} is missing: docs/testing.md says what make debian needs"
    return found
