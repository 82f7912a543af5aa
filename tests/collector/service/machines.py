"""A machine of our own: a folder for its file system, and programs that answer as its own would."""

import os
from pathlib import Path

import pytest

from linkytui.collector.service.machine import Machine

_PROGRAM = """\
#!/bin/sh
echo "$(basename "$0") $*" >>"{root}/calls"
test -f "{root}/fail" && grep -q "^$(basename "$0") $1" "{root}/fail" && {{ echo "no, not today" >&2; exit 1; }}
test -f "{root}/answers/$(basename "$0") $1 $2" && exec cat "{root}/answers/$(basename "$0") $1 $2"
case "$(basename "$0")" in getent) exit 2;; esac
exit 0
"""


class FakeMachine(Machine):
    """Its programs note that they were called, answer what they were told to, and change nothing."""

    __slots__ = ()

    @property
    def calls(self) -> list[str]:
        """The commands that were run, those that only ask left out."""
        log = self.root / "calls"
        lines = log.read_text().splitlines() if log.exists() else []
        return [line for line in lines if not line.startswith(("getent ", "id ")) and " show " not in line]

    def answers(self, command: str, answer: str) -> None:
        """Let a command, told by its name and its first two words, answer so."""
        (self.root / "answers").mkdir(exist_ok=True)
        (self.root / "answers" / command).write_text(answer + "\n")

    def fails(self, command: str) -> None:
        """Let a command, told by its name and its first word, fail."""
        (self.root / "fail").write_text(command + "\n")

    def is_set_up(self) -> None:
        """What systemd and the user database would say after an installation."""
        for words in ("show linkytui.service", "--user show"):
            self.answers(f"systemctl {words}", "ActiveState=active\nUnitFileState=enabled")
        self.answers("getent passwd linkytui", "linkytui:x:990:990::/var/lib/linkytui:/usr/sbin/nologin")
        self.answers("id -nG jo", "jo dialout linkytui")


def make_machine(root: Path, monkeypatch: pytest.MonkeyPatch) -> FakeMachine:
    """A machine with systemd and a user named jo."""
    programs = root / "bin"
    programs.mkdir(parents=True)
    for name in ("systemctl", "getent", "useradd", "usermod", "chown", "id"):
        (programs / name).write_text(_PROGRAM.format(root=root))
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    (root / "run/systemd/system").mkdir(parents=True)
    (root / "home/jo").mkdir(parents=True)
    machine = FakeMachine(root)
    machine.answers("getent passwd jo", "jo:x:1000:1000:Jo:/home/jo:/bin/bash")
    return machine
