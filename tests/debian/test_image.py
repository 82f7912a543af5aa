"""The image, built by buildah on a Debian made by debootstrap, as no registry of images is needed that way."""

import json
import os
import pty
import select
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from linkytui.history.schema import FILE_NAME
from tests.commands import households
from tests.debian.conftest import tool
from tests.debian.machine import PATIENCE, ROOT, Meter, until

USER = 1000
VERSION = "1.2.3"


class Images:
    """buildah with a store of its own."""

    def __init__(self, folder: Path) -> None:
        self._command = [tool("buildah"), "--root", str(folder / "images"), "--runroot", str(folder / "run")]

    def command(self, *words: str | Path) -> list[str]:
        return [*self._command, *map(str, words)]

    def __call__(self, *words: str | Path) -> str:
        done = subprocess.run(self.command(*words), capture_output=True, text=True, cwd=ROOT, check=False)
        assert done.returncode == 0, f"{words}: {done.stdout[-2000:]}{done.stderr[-4000:]}"
        return done.stdout.strip()


@pytest.fixture(scope="module")
def images(debian: Path, wheels: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Images]:
    """The image `linkytui`, and `linkytui-more` with a package that somebody added."""
    buildah = Images(tmp_path_factory.mktemp("buildah"))
    try:
        empty = buildah("from", "scratch")
        buildah("add", empty, debian, "/")
        buildah("commit", "--quiet", empty, "localhost/linkytui-base")
        buildah("rm", empty)
        arguments = ["BASE=localhost/linkytui-base", "PIP_NO_INDEX=1", "PIP_FIND_LINKS=/wheels", f"VERSION={VERSION}"]
        for name, more in (("linkytui", ""), ("linkytui-more", "PACKAGES=apprise")):
            given = [word for argument in (*arguments, more) if argument for word in ("--build-arg", argument)]
            buildah(
                *("bud", "--isolation", "chroot", "--format", "docker", "--file", "Containerfile"),
                *("--volume", f"{wheels}:/wheels:ro", "--tag", name, *given, "."),
            )
        yield buildah
    finally:
        buildah("rm", "--all")
        buildah("rmi", "--all", "--force")


class Container:
    """A container of the image, with a folder of this machine as its volume."""

    def __init__(self, images: Images, folder: Path, image: str = "linkytui") -> None:
        self.images = images
        self.name = images("from", "--pull-never", image)
        self.data = folder / "data"
        self.data.mkdir(exist_ok=True)
        os.chown(self.data, USER, USER)

    @property
    def config(self) -> dict[str, Any]:
        """What the image says of itself, as Docker reads it."""
        found: dict[str, Any] = json.loads(self.images("inspect", self.name))["Docker"]["config"]
        return found

    def command(self, words: Sequence[str], variables: dict[str, str] | None = None, *, tty: bool = False) -> list[str]:
        """The command that runs a program in the container."""
        given = [word for item in (variables or {}).items() for word in ("--env", "=".join(item))]
        return self.images.command(
            *("run", "--isolation", "chroot", *(["--tty"] if tty else []), *given),
            *("--volume", f"{self.data}:/var/lib/linkytui", self.name, "--", *words),
        )

    def ask(self, *words: str, variables: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """Run a program to its end."""
        return subprocess.run(
            self.command(words, variables), capture_output=True, text=True, timeout=PATIENCE, check=False
        )

    def healthy(self) -> bool:
        """What Docker would find out with the image's own health check."""
        kind, *words = self.config["Healthcheck"]["Test"]
        assert kind == "CMD"
        return self.ask(*words).returncode == 0

    def collectors(self) -> list[int]:
        """The processes of this machine that collect in the image."""
        found = []
        for path in Path("/proc").glob("[0-9]*"):
            try:
                command = (path / "cmdline").read_bytes().split(b"\0")
                inside = (path / "root/opt/linkytui/.image").exists()
            except OSError:
                continue
            if inside and b"collect" in command and command[0].endswith(b"python"):
                found.append(int(path.name))
        return found

    @contextmanager
    def started(self, meter: Meter) -> Iterator[subprocess.Popen[bytes]]:
        """The image as `docker run --detach` starts it: without words and without a terminal."""
        command = self.command(self.config["Entrypoint"], {"LINKY_PORT": meter.port})
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                until("the collector", self.collectors)
                yield process
            finally:
                for number in self.collectors():
                    os.kill(number, signal.SIGCONT)
                    os.kill(number, signal.SIGTERM)
                process.wait(PATIENCE)


@pytest.fixture
def container(images: Images, tmp_path: Path) -> Iterator[Container]:
    made = Container(images, tmp_path)
    yield made
    images("rm", made.name)


@pytest.fixture
def meter(meter: Meter) -> Meter:
    """A port that the image's user may open, as --device and the group dialout would have it."""
    os.chown(meter.port, USER, USER)
    return meter


def frames(folder: Path) -> int:
    """How many frames a history holds."""
    if not (folder / FILE_NAME).exists():
        return 0
    with closing(sqlite3.connect(f"file:{folder / FILE_NAME}?mode=ro", uri=True)) as connection:
        (count,) = connection.execute("SELECT count(*) FROM samples").fetchone()
    return int(count)


def test_it_collects_as_its_user_and_says_how_it_fares(container: Container, meter: Meter) -> None:
    assert not container.healthy()
    with container.started(meter) as process:
        until("health", container.healthy)
        until("a history", lambda: frames(container.data) > 3)
        (number,) = container.collectors()
        assert Path(f"/proc/{number}").stat().st_uid == USER
        assert {path.stat().st_uid for path in container.data.iterdir()} == {USER}
        said = json.loads(container.ask("linkytui", "status", "--json").stdout)
        assert said["link"]["state"] == "live"
        assert said["power_va"] > 0
        os.kill(number, signal.SIGSTOP)
        assert not container.healthy(), "a collector that hangs is not healthy, whatever the history knows"
        os.kill(number, signal.SIGCONT)
        until("health again", container.healthy)
        os.kill(number, signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
    assert not container.healthy(), "nobody reads any more"
    assert container.ask("linkytui", "status").returncode == 0, "the history still knows"


def test_a_terminal_gets_the_screen_on_the_collector(container: Container, meter: Meter) -> None:
    with container.started(meter):
        until("health", container.healthy)
        theirs, ours = pty.openpty()
        command = container.command(container.config["Entrypoint"], {"TERM": "xterm-256color"}, tty=True)
        with subprocess.Popen(command, stdin=ours, stdout=ours, stderr=ours, start_new_session=True) as screen:
            os.close(ours)
            shown = b""
            deadline = time.monotonic() + PATIENCE
            while b"collector" not in shown or b"VA" not in shown:
                assert time.monotonic() < deadline, shown[-3000:]
                if select.select([theirs], [], [], 1)[0]:
                    shown += os.read(theirs, 65536)
            os.write(theirs, b"q")
            while screen.poll() is None:
                assert time.monotonic() < deadline, "it does not end"
                if select.select([theirs], [], [], 0.2)[0]:
                    try:
                        os.read(theirs, 65536)
                    except OSError:
                        break
            assert screen.wait(PATIENCE) == 0
        os.close(theirs)
        assert container.healthy(), "the collector does not mind"


def test_words_are_linkytuis(container: Container) -> None:
    done = container.ask(*container.config["Entrypoint"], "--version")
    assert done.stdout.startswith("linkytui ")


def test_the_time_zone_of_the_machine_changes_no_price(container: Container) -> None:
    households.make(container.data)
    for path in (container.data, *container.data.iterdir()):
        os.chown(path, USER, USER)
    prices = {"LINKYTUI_TARIFF_PRICES_HP": "0.2", "LINKYTUI_TARIFF_PRICES_HC": "0.1"}
    costs = {
        container.ask("linkytui", "cost", "--month", "2026-10", "--json", variables={"TZ": zone, **prices}).stdout
        for zone in ("Europe/Paris", "UTC", "America/New_York", "Pacific/Auckland")
    }
    assert len(costs) == 1
    assert json.loads(costs.pop())["from"] == "2026-10-01T00:00:00+02:00"
    moved = {"LINKYTUI_HISTORY_TIMEZONE": "Indian/Reunion"}
    there = container.ask("linkytui", "cost", "--month", "2026-10", "--json", variables={**moved, **prices}).stdout
    assert json.loads(there)["from"].endswith("+04:00")


def test_what_the_image_says_of_itself(container: Container) -> None:
    config = container.config
    assert config["User"] == "linkytui"
    assert set(config["Volumes"]) == {"/var/lib/linkytui", "/run/linkytui"}
    assert config["Labels"]["org.opencontainers.image.title"] == "linkytui"
    assert config["Labels"]["org.opencontainers.image.version"] == VERSION
    assert "dialout" in container.ask("id", "-nG").stdout.split()


def test_packages_are_added_by_a_build_argument(images: Images, container: Container, tmp_path: Path) -> None:
    script = "import apprise"
    assert container.ask("/opt/linkytui/bin/python", "-c", script).returncode != 0
    more = Container(images, tmp_path, "linkytui-more")
    assert more.ask("/opt/linkytui/bin/python", "-c", script).returncode == 0
    images("rm", more.name)


@pytest.mark.parametrize("machine", ["aarch64"])
def test_every_dependency_has_a_wheel_for(machine: str, debian: Path, tmp_path: Path) -> None:
    """A 64-bit Raspberry Pi OS compiles nothing. On 32 bits four packages must be: contrib/container/environment."""
    names = [f"manylinux_2_{number}_{machine}" for number in range(28, 16, -1)] + [f"manylinux2014_{machine}"]
    platforms = [word for name in names for word in ("--platform", name)]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--only-binary=:all:", "--python-version", "3.13", *platforms, "--require-hashes"]
    done = subprocess.run(
        [*command, "--requirement", ROOT / "requirements.txt", "--dest", tmp_path],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
