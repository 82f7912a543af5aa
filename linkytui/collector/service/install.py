"""Plans the steps that install or remove a service, and reports its condition."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from linkytui.collector.service.machine import InstallStep, Machine, Person
from linkytui.collector.service.unit import NAME, USER, system_unit, user_unit
from linkytui.errors import LinkytuiError
from linkytui.history.schema import FILE_NAME
from linkytui.i18n import _
from linkytui.settings.folders import SERVICE_DATA_FOLDER, SYSTEM_FILE
from linkytui.settings.save import save_value
from linkytui.settings.template import template

SYSTEM_UNIT: Final = Path("/etc/systemd/system") / NAME
_USER_UNIT: Final = Path("systemd/user") / NAME
_LINGERING: Final = Path("/var/lib/systemd/linger")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceCondition:
    """How a service is."""

    unit: Path  # where its unit file is, or would be
    installed: bool
    enabled: bool  # it starts with the machine, or with its user's session
    state: str  # `active`, `activating`, `inactive` or `failed`, as systemd says it

    @property
    def in_words(self) -> str:
        """How it is, in a line."""
        starts = _("started at boot") if self.enabled else _("not started at boot")
        return _("{path}: {state}, {starts}").format(path=self.unit, state=self.state, starts=starts)


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemService:
    """The machine's service, which starts with it and has a user of its own."""

    machine: Machine
    person: Person | None = None  # whose settings and history it takes over, and who is to listen to it

    def install(self, program: Sequence[str], *, port: str | None = None) -> list[InstallStep]:
        """What is still to be done; nothing when all is in place.

        Raises LinkytuiError: the person has a service of his own.
        """
        machine = self.machine
        if self.person is not None and machine.at(self.person.home / ".config" / _USER_UNIT).exists():
            text = _("{name} already has a service: remove it first, as {name}, with linkytui service remove --user.")
            raise LinkytuiError(text.format(name=self.person.name))
        steps = []
        if machine.ask("getent", "passwd", USER) is None:
            home = str(SERVICE_DATA_FOLDER)
            steps.append(
                machine.running(
                    *("useradd", "--system", "--user-group", "--home-dir", home, "--no-create-home"),
                    *("--shell", "/usr/sbin/nologin", USER),
                )
            )
        steps += self._settings(port)
        steps += self._history()
        unit = system_unit(program)
        changed = machine.read(SYSTEM_UNIT) != unit
        if changed:
            text = _("write {path}").format(path=SYSTEM_UNIT)
            steps.append(InstallStep(text, lambda: machine.write(SYSTEM_UNIT, unit, 0o644)))
        if self.person is not None and USER not in (machine.ask("id", "-nG", self.person.name) or "").split():
            steps.append(machine.running("usermod", "--append", "--groups", USER, self.person.name))
        return [*steps, *_start(machine, ("systemctl",), self.condition(), changed=changed or bool(steps))]

    def remove(self) -> list[InstallStep]:
        """What takes it away; its user, its settings and the history stay."""
        return _remove(self.machine, ("systemctl",), self.condition())

    def condition(self) -> ServiceCondition:
        """How it is."""
        return _condition(self.machine, ("systemctl",), SYSTEM_UNIT)

    def _settings(self, port: str | None) -> Iterator[InstallStep]:
        """Settings that only the service reads: they may hold passwords."""
        machine, file = self.machine, self.machine.at(SYSTEM_FILE)
        theirs = None if self.person is None else self.person.home / ".config/linkytui/config.toml"
        copied = None if theirs is None else machine.read(theirs)
        write = not file.exists()
        if write and copied is not None:
            text = _("write {path}, a copy of {other}").format(path=SYSTEM_FILE, other=theirs)
        elif write:
            text = _("write {path}, in which nothing is set yet").format(path=SYSTEM_FILE)
        if write:
            yield InstallStep(text, lambda: machine.write(SYSTEM_FILE, copied or template(), 0o600))
        if port is not None:
            text = _("set port = {port} in {path}").format(port=port, path=SYSTEM_FILE)
            yield InstallStep(text, lambda: save_value(file, "meter.port", port))
        if write or port is not None:
            yield machine.running("chown", f"{USER}:", str(file))

    def _history(self) -> Iterator[InstallStep]:
        """What the person recorded so far goes on in the service."""
        if self.person is None:
            return
        theirs = self.person.home / ".local/share/linkytui" / FILE_NAME
        ours = SERVICE_DATA_FOLDER / FILE_NAME
        source, target = self.machine.at(theirs), self.machine.at(ours)
        if not source.exists() or target.exists():
            return
        yield InstallStep(
            _("copy {other} to {path}").format(other=theirs, path=ours), lambda: _copy_history(source, target)
        )
        yield self.machine.running("chown", "--recursive", f"{USER}:", str(target.parent))


@dataclass(frozen=True, slots=True, kw_only=True)
class UserService:
    """One user's service, which uses his settings and his history."""

    machine: Machine
    person: Person
    configuration: Path  # the user's folder of settings of all programs, `~/.config`
    settings_file: Path  # his settings file of linkytui

    def install(self, program: Sequence[str], *, port: str | None = None) -> list[InstallStep]:
        """What is still to be done; nothing when all is in place.

        Raises LinkytuiError: the machine has a service already.
        """
        machine, path = self.machine, self.configuration / _USER_UNIT
        if machine.at(SYSTEM_UNIT).exists():
            raise LinkytuiError(
                _("The machine already has a service: remove it first with sudo linkytui service remove.")
            )
        steps = []
        if port is not None:
            text = _("set port = {port} in {path}").format(port=port, path=self.settings_file)
            steps.append(InstallStep(text, lambda: save_value(machine.at(self.settings_file), "meter.port", port)))
        unit = user_unit(program)
        changed = machine.read(path) != unit
        if changed:
            text = _("write {path}").format(path=path)
            steps.append(InstallStep(text, lambda: machine.write(path, unit, 0o644)))
        return [*steps, *_start(machine, ("systemctl", "--user"), self.condition(), changed=changed or bool(steps))]

    def remove(self) -> list[InstallStep]:
        """What takes it away; the settings and the history stay."""
        return _remove(self.machine, ("systemctl", "--user"), self.condition())

    def condition(self) -> ServiceCondition:
        """How it is."""
        return _condition(self.machine, ("systemctl", "--user"), self.configuration / _USER_UNIT)

    @property
    def lingers(self) -> bool:
        """Whether the user's services run while he is not logged in."""
        return self.machine.at(_LINGERING / self.person.name).exists()


def _start(
    machine: Machine, systemctl: Sequence[str], condition: ServiceCondition, *, changed: bool
) -> Iterator[InstallStep]:
    """Let systemd take up what was written."""
    if changed:
        yield machine.running(*systemctl, "daemon-reload")
    if not condition.enabled:
        yield machine.running(*systemctl, "enable", NAME)
    if changed or condition.state != "active":
        yield machine.running(*systemctl, "restart", NAME)


def _remove(machine: Machine, systemctl: Sequence[str], condition: ServiceCondition) -> list[InstallStep]:
    if not condition.installed:
        return []
    path = condition.unit
    return [
        machine.running(*systemctl, "disable", "--now", NAME),
        InstallStep(_("remove {path}").format(path=path), _remover(machine, path)),
        machine.running(*systemctl, "daemon-reload"),
    ]


def _remover(machine: Machine, path: Path) -> Callable[[], None]:
    def remove() -> None:
        try:
            machine.at(path).unlink(missing_ok=True)
        except OSError as error:
            text = _("Cannot remove {path}: {reason}.")
            raise LinkytuiError(text.format(path=path, reason=error.strerror)) from error

    return remove


def _condition(machine: Machine, systemctl: Sequence[str], unit: Path) -> ServiceCondition:
    shown = machine.ask(*systemctl, "show", NAME, "--property=ActiveState,UnitFileState") or ""
    facts = dict(line.partition("=")[::2] for line in shown.splitlines())
    return ServiceCondition(
        unit=unit,
        installed=machine.at(unit).exists(),
        enabled=facts.get("UnitFileState") == "enabled",
        state=facts.get("ActiveState", "") or "inactive",
    )


def _copy_history(source: Path, target: Path) -> None:
    """Copy a history, whole even while it is written; LinkytuiError when it cannot be read or written."""
    try:
        target.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as read,
            closing(sqlite3.connect(target)) as write,
        ):
            read.backup(write)
        target.chmod(0o640)
    except (sqlite3.Error, OSError) as error:
        text = _("Cannot copy {other} to {path}: {reason}.")
        raise LinkytuiError(text.format(other=source, path=target, reason=error)) from error
