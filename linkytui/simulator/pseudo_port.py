"""A pseudo-terminal that other programs can open as the meter's serial port."""

import contextlib
import fcntl
import os
import pty
import sys
import termios
import tty
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from linkytui.errors import LinkytuiError
from linkytui.i18n import _

_BUFFER: Final = 4095
"""Bytes that wait for a reader at most: what Linux keeps of a terminal's input; more would pile up elsewhere."""


_SPEEDS: Final = slice(4, 6)  # where termios has the speeds in and out
_NO_SPEED: Final = termios.B50


class PseudoPort:
    """A serial port that never waits: what nobody reads is lost, as on a real line.

    Programs may open and close it at will.
    """

    def __init__(self, link: Path | None = None) -> None:
        """Open it, and make a link to it where one is wanted; the end removes it.

        Raises LinkytuiError: the link cannot be made.
        """
        # The other side stays open here, so that a reader who leaves does not hang up the line.
        self._master, self._slave = pty.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self.device = os.ttyname(self._slave)
        self._link = None
        if link is not None:
            try:
                if link.is_symlink() and not link.exists():
                    link.unlink()  # it led to the port of a program that was killed
                link.symlink_to(self.device)
            except FileExistsError:
                self.close()
                raise LinkytuiError(_("{path} already exists: choose another path.").format(path=link)) from None
            except OSError as error:
                self.close()
                detail = error.strerror or str(error)
                raise LinkytuiError(_("Cannot create {path}: {detail}.").format(path=link, detail=detail)) from error
            self._link = link

    @property
    def path(self) -> str:
        """Where programs find it."""
        return self.device if self._link is None else str(self._link)

    def write(self, data: bytes) -> None:
        """Send bytes. When nobody has read for long, what waits is dropped, so that the next reader hears of now."""
        self._forget_speed()
        waiting = int.from_bytes(fcntl.ioctl(self._slave, termios.FIONREAD, bytes(4)), sys.byteorder)
        if waiting + len(data) > _BUFFER:
            termios.tcflush(self._slave, termios.TCIFLUSH)
        with contextlib.suppress(BlockingIOError):
            os.write(self._master, data)

    def _forget_speed(self) -> None:
        """Take the speed back that a reader has set, which means nothing here.

        Seven bits and parity mean nothing either, and where a reader asks for nothing but them, since all else is as
        the last reader left it, the system refuses.
        """
        settings = termios.tcgetattr(self._slave)
        if settings[_SPEEDS] != [_NO_SPEED, _NO_SPEED]:
            settings[_SPEEDS] = [_NO_SPEED, _NO_SPEED]
            termios.tcsetattr(self._slave, termios.TCSANOW, settings)

    def close(self) -> None:
        """Take the port and its link away. Does nothing the second time."""
        link, self._link = self._link, None
        if link is not None and link.is_symlink() and str(link.readlink()) == self.device:
            link.unlink()
        for descriptor in (self._master, self._slave):
            if descriptor >= 0:
                os.close(descriptor)
        self._master = self._slave = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
