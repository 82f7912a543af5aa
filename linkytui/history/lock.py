"""The writer's lock: one process at a time writes the history; the system frees it when that process dies."""

import contextlib
import fcntl
import os
from pathlib import Path
from typing import Final, Self

from linkytui.errors import HistoryError
from linkytui.i18n import _

LOCK_NAME: Final = "history.lock"


class WriterLock:
    """The right to write the history in a folder. Readers need none."""

    def __init__(self, folder: Path) -> None:
        """Take it; the folder is made when it is not there.

        Raises HistoryError: another program holds it, and which one, or the folder cannot be used.
        """
        self._path = folder / LOCK_NAME
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # what a home draws tells who is in
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise HistoryError(
                _("Cannot keep a history in {folder}: {error}").format(folder=folder, error=error.strerror)
            ) from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(self._file, 32, 0).decode("ascii", "replace").strip()
            os.close(self._file)
            raise HistoryError(
                _("Another linkytui (process {pid}) is already writing the history in {folder}").format(
                    pid=holder or "?", folder=folder
                )
            ) from error
        # Whose it is, is for people: a full disk keeps nobody from holding it.
        with contextlib.suppress(OSError):
            os.ftruncate(self._file, 0)
            os.pwrite(self._file, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        """Let go of it. The file stays: removing it would let two programs hold two locks of one name."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.release()
