"""Places: where readers are found, and that only one reads there."""

import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from linkytui.errors import RelayError
from linkytui.line.relay.place import (
    Place,
    PlaceLock,
    TakenError,
    address,
    collector_places,
    listen_at,
    own_place,
    screen_place,
)
from linkytui.settings.model import RelaySettings
from tests.line.relay.visitors import place_in


def test_a_place_is_looked_for_in_the_users_folder_then_in_the_machines(tmp_path: Path) -> None:
    own, machines = collector_places(RelaySettings())
    assert own == own_place(RelaySettings())
    assert own.socket.parts[-2:] == ("linkytui", "linkytui.sock")
    assert machines == Place(Path("/run/linkytui/linkytui.sock"))
    assert screen_place(RelaySettings()).socket == own.socket.with_name("screen.sock")


def test_a_socket_that_is_set_is_the_first_place(tmp_path: Path) -> None:
    place = own_place(RelaySettings(socket=str(tmp_path / "tic.sock")))
    assert (place.socket, place.status, place.lock) == (
        tmp_path / "tic.sock",
        tmp_path / "tic.status",
        tmp_path / "tic.lock",
    )


def test_only_one_has_a_place_and_the_other_is_told_which(tmp_path: Path) -> None:
    lock = PlaceLock(place_in(tmp_path))
    with pytest.raises(TakenError, match=str(os.getpid())):
        PlaceLock(place_in(tmp_path))
    lock.release()
    lock.release()
    PlaceLock(place_in(tmp_path)).release()
    assert stat.S_IMODE(place_in(tmp_path).lock.parent.stat().st_mode) == 0o700


def test_a_killed_process_holds_no_lock(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from linkytui.line.relay.place import Place, PlaceLock\n"
        f"lock = PlaceLock(Place(Path({str(place_in(tmp_path).socket)!r})))\n"
        "print('mine', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"mine\n"
        with pytest.raises(TakenError, match=str(process.pid)):
            PlaceLock(place_in(tmp_path))
        process.kill()
    PlaceLock(place_in(tmp_path)).release()


def test_a_folder_that_cannot_be_made_is_told_in_a_line(tmp_path: Path) -> None:
    (tmp_path / "run").touch()
    with pytest.raises(RelayError, match="Cannot create a socket in"):
        PlaceLock(place_in(tmp_path))


@pytest.fixture
def strangers_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that everybody may write to and that belongs to another user, who is not root."""
    folder = tmp_path / "run"
    folder.mkdir()
    folder.chmod(0o777)
    if os.geteuid() == 0:
        os.chown(folder, 4242, -1)
    else:
        monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    return folder


def test_the_folder_of_another_user_is_refused(strangers_folder: Path) -> None:
    place = Place(strangers_folder / "linkytui.sock")
    with pytest.raises(RelayError, match=f"^{strangers_folder} belongs to another user"):
        PlaceLock(place)
    assert list(strangers_folder.iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a folder that belongs to root")
def test_a_folder_of_root_is_taken_by_the_user_of_a_service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 4242)
    PlaceLock(place_in(tmp_path)).release()


def test_a_lock_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("dear")
    (tmp_path / "linkytui.lock").symlink_to(letter)
    with pytest.raises(RelayError, match="Cannot create a socket in"):
        PlaceLock(Place(tmp_path / "linkytui.sock"))
    assert letter.read_text() == "dear"


def test_what_a_dead_process_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "left.sock"
    left = socket.socket(socket.AF_UNIX)
    with address(path) as name:
        left.bind(name)
    left.close()
    with listen_at(path):
        assert stat.S_IMODE(path.stat().st_mode) == 0o660
    file = tmp_path / "letter.txt"
    file.write_text("dear")
    with pytest.raises(RelayError, match="not a socket"):
        listen_at(file)
    assert file.read_text() == "dear"


def test_a_path_may_be_longer_than_a_socket_address(tmp_path: Path) -> None:
    folder = tmp_path / ("deep" * 20) / ("down" * 20)
    folder.mkdir(parents=True)
    path = folder / "linkytui.sock"
    with listen_at(path), socket.socket(socket.AF_UNIX) as visitor, address(path) as name:
        visitor.connect(name)
