"""The sockets of the process that reads the meter, and the lock that lets only one read."""

import contextlib
import fcntl
import os
import socket
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from linkytui.errors import RelayError
from linkytui.i18n import _
from linkytui.settings.folders import SERVICE_RUNTIME_FOLDER, runtime_folder

if TYPE_CHECKING:
    from linkytui.settings.model import RelaySettings

_SOCKET: Final = "linkytui.sock"
_BACKLOG: Final = 32  # connections that wait to be taken at most
_LONGEST: Final = 107  # bytes of a socket's address at most, by the system's rules


@dataclass(frozen=True, slots=True)
class Place:
    """Two sockets and a lock, side by side, named after the first."""

    socket: Path  # gives the meter's bytes as they come

    @property
    def status(self) -> Path:
        """The socket that gives a line of JSON, and another one whenever something changes."""
        return self.socket.with_suffix(".status")

    @property
    def lock(self) -> Path:
        """Held by the process that reads here; holds its number."""
        return self.socket.with_suffix(".lock")


def own_place(settings: "RelaySettings") -> Place:
    """Where this user's collector is found."""
    return Place(Path(settings.socket).expanduser() if settings.socket else runtime_folder() / _SOCKET)


def collector_places(settings: "RelaySettings") -> tuple[Place, ...]:
    """Where a collector may be found, in the order in which to look: this user's, then the machine's."""
    return tuple(dict.fromkeys((own_place(settings), Place(SERVICE_RUNTIME_FOLDER / _SOCKET))))


def screen_place(settings: "RelaySettings") -> Place:
    """Where this user's screens find the one among them that reads, while no collector runs."""
    return Place(own_place(settings).socket.with_name("screen.sock"))


class PlaceLock:
    """The right to read at a place, until it is released or its process ends."""

    def __init__(self, place: Place) -> None:
        """Take it; the folder is made when it is not there.

        Raises RelayError: another process has it (`holder` is its number), or the folder cannot be used.
        """
        self.place = place
        folder = place.lock.parent
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if folder.stat().st_uid not in (os.geteuid(), 0):
                raise RelayError(_("{folder} belongs to another user: set another socket.").format(folder=folder))
            self._file = os.open(place.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
        except OSError as error:
            raise RelayError(
                _("Cannot create a socket in {folder}: {reason}.").format(folder=folder, reason=error.strerror)
            ) from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(self._file, 32, 0).decode("ascii", "replace").strip()
            os.close(self._file)
            raise TakenError(holder or "?") from None
        # Whose it is, is for people: a full disk keeps nobody from holding it.
        with contextlib.suppress(OSError):
            os.ftruncate(self._file, 0)
            os.pwrite(self._file, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        """Let go of it; a second time does nothing. The file stays, so that all lock the same one."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


class TakenError(RelayError):
    """Another process reads at a place."""

    def __init__(self, holder: str) -> None:
        super().__init__(_("Another linkytui is already reading the meter (process {pid}).").format(pid=holder))
        self.holder = holder  # its number; "?" when it did not write it yet


def listen_at(path: Path) -> socket.socket:
    """A socket that listens at a path, for its owner and his group. What an earlier process left there is removed.

    Raises RelayError: something else is there, or the system refuses.
    """
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC)
    try:
        if path.exists() and not stat.S_ISSOCK(path.stat().st_mode):
            raise RelayError(_("{path} already exists and is not a socket: choose another one.").format(path=path))
        path.unlink(missing_ok=True)
        with address(path) as name:
            server.bind(name)
        path.chmod(0o660)
        server.listen(_BACKLOG)
    except OSError as error:
        server.close()
        raise RelayError(
            _("Cannot listen on {path}: {reason}.").format(path=path, reason=error.strerror or error)
        ) from error
    except RelayError:
        server.close()
        raise
    return server


@contextmanager
def address(path: Path) -> Iterator[str]:
    """A socket's path as the system takes it: a long one goes by way of its folder."""
    if len(os.fsencode(path)) <= _LONGEST:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
