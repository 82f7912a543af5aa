"""Images and containers by buildah, and what runs in them."""

import json
import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from linkytui.history.schema import FILE_NAME
from tests.debian.machine import PATIENCE, ROOT, Meter, tool, until
from tests.debian.times import BUILT

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


def make_images(buildah: Images, debian: Path, wheels: Path) -> None:
    """The image `linkytui`, and `linkytui-more` with a package that somebody added."""
    empty = buildah("from", "scratch")
    buildah("add", empty, debian, "/")
    buildah("commit", "--quiet", empty, "localhost/linkytui-base")
    buildah("rm", empty)
    arguments = ["BASE=localhost/linkytui-base", "PIP_NO_INDEX=1", "PIP_FIND_LINKS=/wheels", f"VERSION={VERSION}"]
    begun = time.monotonic()
    for name, more in (("linkytui", ""), ("linkytui-more", "PACKAGES=apprise")):
        given = [word for argument in (*arguments, more) if argument for word in ("--build-arg", argument)]
        buildah(
            *("bud", "--isolation", "chroot", "--format", "docker", "--layers", "--file", "Containerfile"),
            *("--volume", f"{wheels}:/wheels:ro", "--tag", name, *given, "."),
        )
        BUILT.setdefault("image", time.monotonic() - begun)


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


def frames(folder: Path) -> int:
    """How many frames a history holds."""
    if not (folder / FILE_NAME).exists():
        return 0
    with closing(sqlite3.connect(f"file:{folder / FILE_NAME}?mode=ro", uri=True)) as connection:
        try:
            (count,) = connection.execute("SELECT count(*) FROM samples").fetchone()
        except sqlite3.OperationalError:  # it is being made
            return 0
    return int(count)
