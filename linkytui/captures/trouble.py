"""Error messages for recordings that cannot be read or written."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from linkytui.errors import CaptureError
from linkytui.i18n import _


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn the system's errors on a recording that is read into words."""
    try:
        yield
    except OSError as error:
        raise CaptureError(_why_unreadable(path, error)) from error


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Likewise on one that is written."""
    try:
        yield
    except OSError as error:
        raise CaptureError(_why_unwritable(path, error)) from error


def _why_unreadable(path: Path, error: OSError) -> str:
    match error.errno:
        case errno.ENOENT | errno.ENOTDIR:
            text = _("There is no recording {path}: check its name.")
        case errno.EISDIR:
            text = _("{path} is a folder: name a recording in it.")
        case errno.EACCES | errno.EPERM:
            text = _("You do not have permission to read {path}: ask its owner, or copy it to a place you can read.")
        case _:
            text = _("{path} cannot be read: {reason}.")
    return text.format(path=path, reason=error.strerror or error)


def _why_unwritable(path: Path, error: OSError) -> str:
    match error.errno:
        case errno.EEXIST:
            text = _("{path} already exists: choose another name, or overwrite it with --force.")
        case errno.ENOENT | errno.ENOTDIR:
            text = _("There is no folder {folder}: create it, or choose another place for the recording.")
        case errno.EISDIR:
            text = _("{path} is a folder: add the recording's own name.")
        case errno.EACCES | errno.EPERM | errno.EROFS:
            text = _("You do not have permission to write {path}: choose another place for the recording.")
        case errno.ENOSPC | errno.EDQUOT:
            text = _("The disk is full: {path} ends here. Free some space, or record elsewhere.")
        case _:
            text = _("{path} cannot be written: {reason}.")
    return text.format(path=path, folder=path.parent, reason=error.strerror or error)
