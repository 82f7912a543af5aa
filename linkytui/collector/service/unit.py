"""The systemd unit files. `contrib/linkytui.service` is `system_unit` for a program in /opt."""

import re
from collections.abc import Sequence
from pathlib import PurePath
from typing import Final

from linkytui.settings.folders import SYSTEM_FILE

NAME: Final = "linkytui.service"
USER: Final = "linkytui"  # the user, and the group, of the machine's service

USUAL_PROGRAM: Final = ("/opt/linkytui/bin/linkytui",)

_COMMON: Final = """\
Type=notify
ExecStart={command}
# The reading itself tells that it lives; when it hangs it is started again.
WatchdogSec=60
Restart=on-failure
RestartSec=5
TimeoutStopSec=30
"""

_SYSTEM: Final = """\
# linkytui reads a Linky meter from the machine's start on: history, databases, alerts, and screens that listen.
[Unit]
Description=linkytui, collector of a Linky electricity meter
After=network.target
StartLimitIntervalSec=0

[Service]
{common}
User={user}
Group={user}
SupplementaryGroups=dialout

# /var/lib/linkytui and /var/cache/linkytui are for the group's eyes; so are the sockets in /run/linkytui.
StateDirectory=linkytui
StateDirectoryMode=0750
CacheDirectory=linkytui
CacheDirectoryMode=0750
RuntimeDirectory=linkytui
RuntimeDirectoryMode=0755
UMask=0027
Environment=XDG_DATA_HOME=%S XDG_STATE_HOME=%S XDG_CACHE_HOME=%C
Environment=LINKYTUI_RELAY_SOCKET=%t/linkytui/linkytui.sock
Environment=PYTHONUNBUFFERED=1

# It needs a serial port, its folders and the network. ProtectClock would take the serial port away.
NoNewPrivileges=yes
CapabilityBoundingSet=
ProtectSystem=strict
ProtectHome={protect_home}
PrivateTmp=yes
ProtectProc=invisible
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
KeyringMode=private
SystemCallArchitectures=native
SystemCallFilter=@system-service
# To ask whether the clock is synchronised, and for the walls of the process that reads a PDF.
SystemCallFilter=adjtimex clock_adjtime
SystemCallFilter=landlock_create_ruleset landlock_add_rule landlock_restrict_self seccomp
# What is refused fails, instead of ending the service.
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
"""

_USER: Final = """\
# linkytui reads a Linky meter for one user: history, databases, alerts, and screens that listen.
[Unit]
Description=linkytui, collector of a Linky electricity meter
StartLimitIntervalSec=0

[Service]
{common}
UMask=0077
NoNewPrivileges=yes
Environment=PYTHONUNBUFFERED=1

[Install]
WantedBy=default.target
"""


def system_unit(program: Sequence[str] = USUAL_PROGRAM) -> str:
    """The unit of the machine's service."""
    at_home = PurePath(program[0]).parts[1] in ("home", "root")
    return _SYSTEM.format(
        common=_common([*program, "collect", "--config", str(SYSTEM_FILE)]),
        user=USER,
        protect_home="read-only" if at_home else "yes",
    )


def user_unit(program: Sequence[str]) -> str:
    """The unit of one user's service."""
    return _USER.format(common=_common([*program, "collect"]))


def _common(words: Sequence[str]) -> str:
    return _COMMON.format(command=" ".join(map(_quoted, words))).rstrip()


def _quoted(word: str) -> str:
    """A word of a command as systemd.service(5) wants it."""
    word = word.replace("%", "%%").replace("$", "$$")
    if re.fullmatch(r"[\w%$./:@+,=-]+", word):
        return word
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'
