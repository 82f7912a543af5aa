"""The image, built by buildah on a Debian made by debootstrap, as no registry of images is needed that way."""

import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.commands import households
from tests.debian.images import USER, VERSION, Container, Images, frames
from tests.debian.machine import PATIENCE, ROOT, Meter, until
from tests.debian.times import BUILT, Way


@pytest.fixture
def meter(meter: Meter) -> Meter:
    """A port that the image's user may open, as --device and the group dialout would have it."""
    os.chown(meter.port, USER, USER)
    return meter


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


def test_a_terminal_gets_the_screen_on_the_collector(container: Container, meter: Meter, record_property: Any) -> None:
    begun = time.monotonic()
    with container.started(meter):
        until("health", container.healthy)
        healthy = time.monotonic()
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
            screen_at = time.monotonic()
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
    way = Way("image", debian=None, built=BUILT["image"], installed=healthy - begun, screen=screen_at - healthy)
    record_property("way", way._asdict())


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
