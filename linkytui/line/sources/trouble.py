"""Error messages for ports that cannot be opened or read: what is wrong and what to do."""

import errno
import grp
import os
import pwd
import stat
import termios
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from linkytui.i18n import _
from linkytui.line.sources.network import is_address
from linkytui.line.sources.ports import holders
from linkytui.link import LinkError, LinkState

_GONE: Final = frozenset({errno.ENOENT, errno.ENODEV, errno.ENXIO, errno.ENOTDIR})
_TAKEN: Final = frozenset({errno.EBUSY, errno.EAGAIN})
_NO_SERIAL: Final = frozenset({errno.ENOTTY, errno.EISDIR, errno.EINVAL})
_NAMED: Final = 3  # programs that are named at most
_GROUP_MAY: Final = stat.S_IRGRP | stat.S_IWGRP


def cannot_open(port: str, error: Exception, *, was_open: bool) -> LinkError:
    """Explain why opening failed.

    `was_open`: it had been open before, so that its absence means that it was unplugged.
    """
    code, reason = _cause(error)
    if is_address(port):
        if _is_complete(port) and (known := _at_the_other_end(port, error)) is not None:
            return known
        if was_open:
            return LinkError(LinkState.UNPLUGGED, _("{port} closed the connection.").format(port=port))
        if not _is_complete(port):
            text = _("{port} is not a complete address: write it as socket://host:port.")
            return LinkError(LinkState.FAILED, text.format(port=port))
        text = _("Cannot reach {port}: {reason}.")
        return LinkError(LinkState.FAILED, text.format(port=port, reason=reason))
    if code in _GONE or (was_open and code == errno.EIO):
        if was_open:
            return gone(port)
        text = _("There is no {port}: plug in the dongle, or choose another port.")
        return LinkError(LinkState.NO_PORT, text.format(port=port))
    if code in (errno.EACCES, errno.EPERM):
        return LinkError(LinkState.NO_PERMISSION, _no_permission(port))
    if code in _TAKEN:
        return taken(port)
    if code in _NO_SERIAL:
        return LinkError(LinkState.FAILED, _("{port} is not a serial port.").format(port=port))
    text = _("Cannot open {port}: {reason}.")
    return LinkError(LinkState.FAILED, text.format(port=port, reason=reason))


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
    return LinkError(LinkState.UNPLUGGED, _("{port} is gone: plug the dongle back in.").format(port=port))


def taken(port: str) -> LinkError:
    """Another program holds the port; it is named where this user may see it."""
    who = ", ".join(map(str, holders(port)[:_NAMED]))
    if who:
        text = _("{port} is in use by {who}: stop it; two programs cannot read the same port.")
        return LinkError(LinkState.BUSY, text.format(port=port, who=who))
    text = _("{port} is in use by another program: stop it; “sudo fuser -v {port}” names it.")
    return LinkError(LinkState.BUSY, text.format(port=port))


def _no_permission(port: str) -> str:
    try:
        info = Path(port).stat()
        group = grp.getgrgid(info.st_gid)
    except (OSError, KeyError):
        return _("You do not have permission to open {port}.").format(port=port)
    user = _user()
    if info.st_gid == 0 or info.st_mode & _GROUP_MAY != _GROUP_MAY:
        text = _(
            "Only root can open {port}: a login console is probably using it; turn it off with raspi-config, "
            "then reboot."
        )
        return text.format(port=port)
    if user in group.gr_mem and info.st_gid not in os.getgroups():
        text = _("You have joined the group {group} of {port} since you logged in: log in again.")
        return text.format(port=port, group=group.gr_name)
    text = _(
        "You do not have permission to open {port}: join its group with “sudo usermod -aG {group} "
        "{user}”, then log in again."
    )
    return text.format(port=port, group=group.gr_name, user=user)


def _user() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def _at_the_other_end(port: str, error: Exception) -> LinkError | None:
    """What is wrong with a server by RFC 2217 that is there."""
    if not port.startswith("rfc2217://"):
        return None
    words = str(error)
    if "'control'" in words:
        text = _("{port} does not answer the control of the lines: add ?ign_set_control to the address.")
        if "?" in port:
            text = _("{port} does not answer the control of the lines: add &ign_set_control to the address.")
    elif "not seem to support" in words:
        text = _("{port} does not speak RFC 2217: write socket:// if it sends the meter's bytes as they are.")
    elif isinstance(error, (BrokenPipeError, ConnectionResetError, ConnectionAbortedError)) or "died" in words:
        text = _("{port} ended the connection at once: its own serial port is missing, or another program uses it.")
    else:
        return None
    return LinkError(LinkState.FAILED, text.format(port=port))


def _is_complete(port: str) -> bool:
    """Whether an address has all that its kind needs."""
    try:
        parts = urlsplit(port)
        return parts.scheme not in ("socket", "rfc2217") or bool(parts.hostname and parts.port)
    except ValueError:
        return False


def _cause(error: Exception) -> tuple[int | None, str]:
    """The system's error number and words, which pyserial may keep in the exception before; else pyserial's words."""
    link: BaseException | None = error
    while link is not None:
        if isinstance(link, (OSError, termios.error)) and len(link.args) == 2 and isinstance(link.args[0], int):
            # pyserial repeats the port and the number in its own words: the first exception says it best.
            return link.args[0], _first_words(link)
        link = link.__cause__ or link.__context__
    return None, " ".join(str(error).split()).rstrip(".")


def _first_words(error: BaseException) -> str:
    before = error.__cause__ or error.__context__
    if isinstance(before, OSError) and before.strerror:
        return before.strerror
    return str(error.args[1])
