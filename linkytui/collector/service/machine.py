"""The machine a service is installed on: its files, and the system commands used."""

import os
import shlex
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from linkytui.errors import LinkytuiError
from linkytui.i18n import _


class InstallStep(NamedTuple):
    """One thing that changes the machine."""

    text: str  # a command, or what happens to which file; for a person, before it is done
    do: Callable[[], object]  # does it; raises `LinkytuiError` when it does not work


class Person(NamedTuple):
    """A user of the machine."""

    name: str
    home: Path


@dataclass(frozen=True, slots=True)
class Machine:
    """Looks at a machine and changes it."""

    root: Path = Path("/")  # where its file system begins

    def at(self, path: Path | str) -> Path:
        """Where a file of the machine is."""
        return self.root / str(path).lstrip("/")

    def ask(self, *command: str) -> str | None:
        """What a command answers; None when it fails or is not there."""
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 -- our own words
        except OSError:
            return None
        return done.stdout.strip() if done.returncode == 0 else None

    def run(self, *command: str) -> None:
        """Run a command that changes something; LinkytuiError when it failed."""
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 -- our own words
        except OSError as error:
            raise LinkytuiError(_failed(command, error.strerror or str(error))) from error
        if done.returncode:
            lines = (done.stderr or done.stdout).strip().splitlines()
            raise LinkytuiError(_failed(command, " ".join(lines[-2:]) or str(done.returncode)))

    def running(self, *command: str) -> InstallStep:
        """The step of running a command."""
        return InstallStep(shlex.join(command), lambda: self.run(*command))

    def write(self, path: Path | str, text: str, mode: int) -> None:
        """Write a file of the machine, whole or not at all; its folder is made when it is not there.

        Raises LinkytuiError: it cannot be written.
        """
        file = self.at(path)
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            draft = file.with_name(file.name + ".new")
            draft.unlink(missing_ok=True)
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as out:
                os.fchmod(out.fileno(), mode)
                out.write(text)
            draft.replace(file)
        except OSError as error:
            text = _("Cannot write {path}: {reason}.")
            raise LinkytuiError(text.format(path=path, reason=error.strerror or error)) from error

    def read(self, path: Path | str) -> str | None:
        """A file of the machine; None when it is not there or cannot be read."""
        try:
            return self.at(path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return None

    def person(self, name: str) -> Person | None:
        """A user of the machine; None when there is no such user."""
        entry = self.ask("getent", "passwd", name)
        return Person(name, Path(entry.split(":")[5])) if entry and entry.count(":") >= 6 else None

    def has_systemd(self) -> bool:
        """Whether systemd runs here."""
        return shutil.which("systemctl") is not None and self.at("/run/systemd/system").is_dir()


def own_program() -> tuple[str, ...]:
    """The command that starts this very installation of linkytui, whatever folder it is called from."""
    script = Path(sys.executable).with_name("linkytui")
    return (str(script),) if os.access(script, os.X_OK) else (sys.executable, "-m", "linkytui")


def unreachable_for_others(program: str) -> Path | None:
    """The first folder or file on the way to this installation that other users may not enter or read, if any."""
    for end in (Path(program), Path(os.path.realpath(program)), Path(sys.prefix), Path(sys.base_prefix)):
        for path in (*reversed(end.parents), end):
            needed = stat.S_IXOTH if path != end else stat.S_IXOTH | stat.S_IROTH
            try:
                if path.stat().st_mode & needed != needed:
                    return path
            except OSError:
                return path
    return None


def _failed(command: tuple[str, ...], reason: str) -> str:
    return _("“{command}” failed: {reason}.").format(command=shlex.join(command), reason=reason.strip().rstrip("."))
