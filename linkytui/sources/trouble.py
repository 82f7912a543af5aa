"""What is wrong with a port that cannot be opened or read, in words that say what to do."""

import errno
import grp
import os
import pwd
import stat
import termios
from pathlib import Path
from typing import Final

from linkytui.i18n import _
from linkytui.link import LinkError, LinkState
from linkytui.sources.ports import holders

_GONE: Final = frozenset({errno.ENOENT, errno.ENODEV, errno.ENXIO, errno.ENOTDIR})
_TAKEN: Final = frozenset({errno.EBUSY, errno.EAGAIN})
_NO_SERIAL: Final = frozenset({errno.ENOTTY, errno.EISDIR, errno.EINVAL})
_GROUP_MAY: Final = stat.S_IRGRP | stat.S_IWGRP


def cannot_open(port: str, error: Exception, *, was_open: bool) -> LinkError:
    """Explain why opening failed.

    Args:
        port: path or address, as it was set.
        error: what the system or pyserial raised.
        was_open: it had been open before, so that its absence means that it was unplugged.
    """
    code = _code(error)
    if is_address(port):
        if was_open:
            return LinkError(LinkState.UNPLUGGED, _("{port} closed the connection.").format(port=port))
        text = _("Cannot reach {port}: {reason}.")
        return LinkError(LinkState.FAILED, text.format(port=port, reason=_reason(error, code)))
    if code in _GONE or (was_open and code == errno.EIO):
        return gone(port) if was_open else LinkError(LinkState.NO_PORT, _("There is no {port}.").format(port=port))
    if code in (errno.EACCES, errno.EPERM):
        return LinkError(LinkState.NO_PERMISSION, _no_permission(port))
    if code in _TAKEN:
        return taken(port)
    if code in _NO_SERIAL:
        return LinkError(LinkState.FAILED, _("{port} is not a serial port.").format(port=port))
    text = _("Cannot open {port}: {reason}.")
    return LinkError(LinkState.FAILED, text.format(port=port, reason=_reason(error, code)))


def cannot_read(port: str) -> LinkError:
    """Explain why an open port stopped giving bytes; it must be closed by now."""
    if is_address(port):
        return LinkError(LinkState.UNPLUGGED, _("{port} closed the connection.").format(port=port))
    if not Path(port).exists():
        return gone(port)
    if holders(port):
        return taken(port)
    text = _("{port} stopped answering: it was unplugged, or another program reads it too.")
    return LinkError(LinkState.UNPLUGGED, text.format(port=port))


def gone(port: str) -> LinkError:
    """The port was there and is there no longer."""
    return LinkError(LinkState.UNPLUGGED, _("{port} is gone: plug the dongle in again.").format(port=port))


def taken(port: str) -> LinkError:
    """Another program holds the port; it is named where this user may see it."""
    who = ", ".join(map(str, holders(port)))
    if who:
        text = _("{port} is used by {who}: stop it, two programs cannot read one port.")
        return LinkError(LinkState.BUSY, text.format(port=port, who=who))
    text = _("{port} is used by another program: stop it; “sudo fuser -v {port}” names it.")
    return LinkError(LinkState.BUSY, text.format(port=port))


def is_address(port: str) -> bool:
    """Whether it names something on the network rather than a device of this machine."""
    return "://" in port


def _no_permission(port: str) -> str:
    try:
        info = Path(port).stat()
        group = grp.getgrgid(info.st_gid)
    except (OSError, KeyError):
        return _("You may not open {port}.").format(port=port)
    user = _user()
    if info.st_gid == 0 or info.st_mode & _GROUP_MAY != _GROUP_MAY:
        text = _(
            "Only root may open {port}: a login console often holds it; turn it off with raspi-config, then restart."
        )
        return text.format(port=port)
    if user in group.gr_mem and info.st_gid not in os.getgroups():
        text = _("You have joined the group {group} of {port} since you logged in: log in again.")
        return text.format(port=port, group=group.gr_name)
    text = _("You may not open {port}: join its group with “sudo usermod -aG {group} {user}”, then log in again.")
    return text.format(port=port, group=group.gr_name, user=user)


def _user() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def _code(error: BaseException | None) -> int | None:
    """The system's error number, which pyserial sometimes keeps only in the exception before."""
    while error is not None:
        if isinstance(error, OSError) and error.errno is not None:
            return error.errno
        if isinstance(error, termios.error) and isinstance(error.args[0], int):
            return error.args[0]
        error = error.__cause__ or error.__context__
    return None


def _reason(error: Exception, code: int | None) -> str:
    """The system's own words, or pyserial's where the system has none."""
    return os.strerror(code) if code else " ".join(str(error).split()).rstrip(".")
