"""What these tests share: a Debian made by debootstrap, what pip would fetch, and a meter on a pseudo-terminal."""

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.debian.images import Container, Images, make_images
from tests.debian.machine import ROOT, Meter, tool
from tests.debian.times import BUILT, table, ways_of

_BASE = "LINKYTUI_TESTS_DEBIAN"
_PACKAGE = "LINKYTUI_TESTS_PACKAGE"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How long each way of installing took."""
    if ways := ways_of(terminalreporter.getreports("passed")):
        terminalreporter.section("seconds, on a Debian with nothing else")
        for line in table(ways):
            terminalreporter.write_line(line)


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
    begun = time.monotonic()
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    BUILT["deb"] = time.monotonic() - begun
    return next(out.glob("*.deb"))


@pytest.fixture(scope="session")
def images(debian: Path, wheels: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Images]:
    """The image `linkytui`, and `linkytui-more` with a package that somebody added."""
    buildah = Images(tmp_path_factory.mktemp("buildah"))
    try:
        make_images(buildah, debian, wheels)
        yield buildah
    finally:
        buildah("rm", "--all")
        buildah("rmi", "--all", "--force")


@pytest.fixture
def container(images: Images, tmp_path: Path) -> Iterator[Container]:
    """A container of the image that nobody has used yet."""
    made = Container(images, tmp_path)
    yield made
    images("rm", made.name)


@pytest.fixture
def meter(tmp_path: Path) -> Iterator[Meter]:
    """A simulated meter that talks on a pseudo-terminal of this machine."""
    with Meter(tmp_path / "meter") as running:
        yield running
