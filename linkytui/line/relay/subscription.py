"""The relay's client side: connects to the process that reads the meter and asks for its status."""

import contextlib
import errno
import grp
import os
import pwd
import socket
import time
from pathlib import Path
from typing import Final

from linkytui.errors import RelayError
from linkytui.i18n import _
from linkytui.line.relay.place import Place, address
from linkytui.line.relay.report import LONGEST_REPORT, Report, from_line

DROP_BACKLOG: Final = b"drop backlog"  # lets go of what waits for InfluxDB there
SEND_AGAIN: Final = b"send again"  # has sent at once what InfluxDB refused or could not take

ANSWER_TIMEOUT: Final = 3.0
"""Seconds for the process that reads to say how it fares; one that takes longer hangs or is stopped."""


class RefusedError(RelayError):
    """Somebody reads there, but this user may not listen."""


class Subscription:
    """A connection to the process that reads at a place."""

    def __init__(self, place: Place, timeout: float = ANSWER_TIMEOUT) -> None:
        """Connect, and wait for the first report.

        Raises OSError: nobody reads there, or it does not answer; RefusedError: this user may not listen there.
        """
        self.status = StatusSubscription(place, timeout)
        try:
            self.bytes = _connect(place.socket, timeout)
        except BaseException:
            self.status.close()
            raise
        self.bytes.setblocking(False)

    def close(self) -> None:
        """Close both connections, and wake who waits for bytes."""
        for connection in (self.bytes, self.status.socket):
            _shut(connection)


class StatusSubscription:
    """The reports of the process that reads at a place, as they come."""

    def __init__(self, place: Place, timeout: float = ANSWER_TIMEOUT) -> None:
        """Connect, and wait for the first report.

        Raises OSError: nobody reads there, or it does not answer; RefusedError: this user may not ask.
        """
        self.socket = _connect(place.status, timeout)
        self._start = b""
        try:
            deadline = time.monotonic() + timeout
            report = self._receive()
            while report is None:
                self.socket.settimeout(max(0.001, deadline - time.monotonic()))
                report = self._receive()
        except BaseException:
            self.close()
            raise
        self.report = report  # the last one
        self.socket.setblocking(False)

    def receive(self) -> None:
        """Take in what has come; OSError when the other side is gone."""
        report = self._receive()
        if report is not None:
            self.report = report

    def close(self) -> None:
        """Close the connection."""
        _shut(self.socket)

    def _receive(self) -> Report | None:
        """The last whole report of what is there now, if there is one."""
        data = self.socket.recv(LONGEST_REPORT)
        if not data:
            raise ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET))
        *lines, self._start = (self._start + data).split(b"\n")
        if len(self._start) > LONGEST_REPORT:
            raise ConnectionAbortedError(errno.ECONNABORTED, os.strerror(errno.ECONNABORTED))
        return from_line(lines[-1]) if lines else None


def query_report(place: Place, timeout: float = ANSWER_TIMEOUT) -> Report | None:
    """How the process that reads at a place fares; None when there is none, or it does not answer.

    Raises RefusedError: there is one, but this user may not ask.
    """
    try:
        status = StatusSubscription(place, timeout)
    except OSError:
        return None
    status.close()
    return status.report


def request(place: Place, line: bytes, timeout: float = ANSWER_TIMEOUT) -> bool:
    """Ask the process that reads at a place for something, such as `DROP_BACKLOG`; whether it has got it.

    What came of it is in its next reports.
    """
    try:
        connection = _connect(place.status, timeout)
    except (OSError, RefusedError):
        return False
    with connection:
        try:
            connection.sendall(line + b"\n")
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(LONGEST_REPORT):
                pass  # it leaves when it has heard that there is nothing more to hear
        except OSError:
            return False
    return True


def _connect(path: Path, timeout: float) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
    try:
        connection.settimeout(timeout)
        with address(path) as name:
            connection.connect(name)
    except PermissionError as error:
        connection.close()
        raise RefusedError(_refusal(path)) from error
    except BaseException:
        connection.close()
        raise
    return connection


def _shut(connection: socket.socket) -> None:
    """Close a socket, and wake who waits for it."""
    with contextlib.suppress(OSError):  # the other side left first
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()


def _refusal(path: Path) -> str:
    """Why this user may not listen, and what to do."""
    try:
        group = grp.getgrgid(path.stat().st_gid).gr_name
        user = pwd.getpwuid(os.getuid()).pw_name
    except (OSError, KeyError):
        return _("A collector is reading the meter, but you are not allowed to connect to it at {path}.").format(
            path=path
        )
    return _(
        "A collector is reading the meter, but you are not allowed to connect to it: join its group with "
        "“sudo usermod -aG {group} {user}”, then log in again."
    ).format(group=group, user=user)
