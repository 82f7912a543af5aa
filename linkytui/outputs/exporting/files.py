"""Writes a file completely or not at all."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from linkytui.errors import LinkytuiError
from linkytui.i18n import _


class ExportError(LinkytuiError):
    """A file cannot be written."""


@contextmanager
def new_file(path: Path, *, replace: bool = False) -> Iterator[IO[bytes]]:
    """A file to write to, which gets its name when all is written; after an error nothing is left of it.

    Raises ExportError: it is there already, or the system refuses.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        _refuse(path, replace=replace)
        with part.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _refuse(path, replace=replace)
        part.replace(path)
    except OSError as error:
        raise ExportError(_why(path, error)) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _refuse(path: Path, *, replace: bool) -> None:
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if path.exists() and not replace:
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))


def _why(path: Path, error: OSError) -> str:
    match error.errno:
        case errno.EEXIST:
            text = _("{path} already exists: choose another name, or overwrite it with --force.")
        case errno.EISDIR:
            text = _("{path} is a folder: add the file's own name.")
        case errno.ENOENT | errno.ENOTDIR:
            text = _("There is no folder {folder}: create it, or choose another place.")
        case errno.EACCES | errno.EPERM | errno.EROFS:
            text = _("You do not have permission to write {path}: choose another place.")
        case errno.ENOSPC | errno.EDQUOT:
            text = _("The disk is full: {path} was not written. Free some space, or choose another place.")
        case _:
            text = _("{path} cannot be written: {reason}.")
    return text.format(path=path, folder=path.parent, reason=error.strerror or error)
