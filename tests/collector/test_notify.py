"""What systemd hears."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from linkytui.collector.notify import Heartbeat, Notifier
from linkytui.line.pipeline import Pipeline
from linkytui.line.relay.place import address
from linkytui.link import Link, LinkState
from tests.lines import Clock, ScriptedSource, historic_frame


class Systemd:
    """Its end of the socket."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "notify"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        with address(self.path) as name:
            self._socket.bind(name)

    def heard(self) -> list[str]:
        """What has come since the last time."""
        heard = []
        while True:
            try:
                heard.append(self._socket.recv(4096).decode())
            except BlockingIOError:
                return heard

    def close(self) -> None:
        """Go away."""
        self._socket.close()


@pytest.fixture
def systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Systemd]:
    """Somebody who listens to a service."""
    made = Systemd(tmp_path)
    yield made
    made.close()


def notifier(systemd: Systemd, tmp_path: Path, **variables: str) -> Notifier:
    """A service's side."""
    os.chdir(tmp_path)
    return Notifier({"NOTIFY_SOCKET": "notify", **variables})


@pytest.fixture(autouse=True)
def _here() -> Iterator[None]:
    before = Path.cwd()
    yield
    os.chdir(before)


def test_readiness_is_told_once_the_line_was_read_and_the_end_is_told_too(systemd: Systemd, tmp_path: Path) -> None:
    source = ScriptedSource([historic_frame(), 0.5, 0.5])
    pipeline = Pipeline(source, listeners=[Heartbeat(notifier(systemd, tmp_path))], monotonic=source.clock)
    assert systemd.heard() == []
    pipeline.step()
    assert systemd.heard() == ["STATUS=script, live", "READY=1"]
    pipeline.step()
    pipeline.step()
    assert systemd.heard() == []
    pipeline.close()
    assert systemd.heard() == ["STOPPING=1"]


def test_the_watchdog_hears_of_each_turn_of_the_reading_and_of_nothing_else(systemd: Systemd, tmp_path: Path) -> None:
    clock = Clock()
    heart = Heartbeat(notifier(systemd, tmp_path, WATCHDOG_USEC="60000000"), monotonic=clock)
    heart.turn_ended()
    assert systemd.heard() == ["READY=1", "WATCHDOG=1"]
    for _ in range(120):
        clock.now += 0.5
        heart.turn_ended()
    assert systemd.heard() == ["WATCHDOG=1"] * 3
    clock.now += 3600.0
    heart.link_changed(Link(state=LinkState.SILENT))
    assert systemd.heard() == ["STATUS=silent"]


def test_who_is_not_watched_says_nothing(systemd: Systemd, tmp_path: Path) -> None:
    for variables in ({}, {"WATCHDOG_USEC": "x"}, {"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "1"}):
        heart = Heartbeat(notifier(systemd, tmp_path, **variables))
        heart.turn_ended()
        assert systemd.heard() == ["READY=1"]


def test_without_systemd_nothing_happens(tmp_path: Path) -> None:
    Notifier({}).tell("READY=1")
    Notifier({"NOTIFY_SOCKET": str(tmp_path / "nobody")}).tell("READY=1")
    Notifier({"NOTIFY_SOCKET": "@nobody-listens-here"}).tell("READY=1")


def test_an_abstract_socket_is_one_too() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(f"\0linkytui-test-{os.getpid()}")
        Notifier({"NOTIFY_SOCKET": f"@linkytui-test-{os.getpid()}"}).tell("READY=1", "STATUS=fine")
        assert listening.recv(100) == b"READY=1\nSTATUS=fine"
