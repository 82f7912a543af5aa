"""`linkytui service`: has systemd run the collector, for the machine or for one user."""

import os
import pwd
import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import ParamSpec

import click

from linkytui.collector.service.install import SystemService, UserService
from linkytui.collector.service.machine import InstallStep, Machine, Person, own_program, unreachable_for_others
from linkytui.collector.service.unit import NAME
from linkytui.commands.common import Invocation, shared_options, takes_invocation
from linkytui.errors import LinkytuiError, UsageError
from linkytui.i18n import _
from linkytui.line.relay.place import collector_places
from linkytui.line.relay.subscription import query_report
from linkytui.link import Link
from linkytui.settings.folders import SYSTEM_FILE, config_file
from linkytui.wording.terms import state_name

P = ParamSpec("P")


@click.group(help=_("Have systemd run the collector from boot, and see how it is doing."))
@shared_options
def command(**_options: object) -> None:
    """Its sub-commands do the work."""


def _for_user(function: Callable[P, None]) -> Callable[P, None]:
    """Give a command the choice between the machine's service and the user's."""
    return click.option(
        "--user", is_flag=True, help=_("Your own service instead of the machine's: no root, no extra user.")
    )(function)


def _careful(function: Callable[P, None]) -> Callable[P, None]:
    """Give a command what lets a person see before anything is changed."""
    dry = click.option("--dry-run", is_flag=True, help=_("Say what would be done, and do nothing."))
    sure = click.option("--yes", is_flag=True, help=_("Do not ask for confirmation."))
    return dry(sure(function))


@command.command(
    help=_(
        "Install the service and start it. The machine's service has its own user, takes over your "
        "settings and history, and lets you connect to it; it needs root. Everything is listed before it "
        "is done."
    )
)
@_for_user
@_careful
@takes_invocation
def install(invocation: Invocation, user: bool, dry_run: bool, yes: bool) -> None:
    """Install the service."""
    service = _service(user=user, changes=not dry_run)
    program = own_program()
    if not user:
        _see_that_others_may_run(program)
    port = invocation.settings.meter.port if invocation.origins["meter.port"].kind == "option" else None
    steps = service.install(program, port=port)
    if not _carry_out(steps, dry_run=dry_run, yes=yes):
        return
    for line in _after_install(service):
        click.echo(line)


@command.command(help=_("Stop the service and uninstall it. Its settings and history stay."))
@_for_user
@_careful
@takes_invocation
def remove(invocation: Invocation, user: bool, dry_run: bool, yes: bool) -> None:  # noqa: ARG001 -- as all commands
    """Remove the service."""
    _carry_out(_service(user=user, changes=not dry_run).remove(), dry_run=dry_run, yes=yes)


@command.command(help=_("Say whether the service is installed and running, and how the meter's line is doing."))
@_for_user
@takes_invocation
def status(invocation: Invocation, user: bool) -> None:
    """Print how the service fares."""
    condition = _service(user=user, changes=False).condition()
    if not condition.installed:
        raise LinkytuiError(_("The service is not installed: run linkytui service install."))
    click.echo(condition.in_words)
    for place in collector_places(invocation.settings.relay):
        report = query_report(place)
        if report is not None:
            state = state_name(Link(state=report.link.link_state))
            click.echo(_("Line: {state}").format(state=", ".join(filter(None, (state, report.link.source)))))
            for trouble in report.troubles:
                click.echo(_("Problem: {trouble}").format(trouble=trouble))
            break
    if condition.state != "active":
        click.get_current_context().exit(1)


def this_machine() -> Machine:
    """The machine that is changed."""
    return Machine()


def _service(*, user: bool, changes: bool) -> SystemService | UserService:
    """The service that is meant; LinkytuiError when there is no systemd here, or this user may not change it."""
    machine = this_machine()
    if not machine.has_systemd():
        raise LinkytuiError(
            _("systemd is not running here: have whatever starts programs on this machine run “linkytui collect”.")
        )
    root = os.geteuid() == 0
    if user:
        me = Person(pwd.getpwuid(os.getuid()).pw_name, Path.home())
        file = config_file()
        return UserService(machine=machine, person=me, configuration=file.parent.parent, settings_file=file)
    if changes and not root:
        text = _("This needs root: use “sudo {program}” instead of “linkytui”, or add --user.")
        raise LinkytuiError(text.format(program=shlex.join(own_program())))
    name = os.environ.get("SUDO_USER", "") if root else pwd.getpwuid(os.getuid()).pw_name
    return SystemService(machine=machine, person=machine.person(name) if name not in ("", "root") else None)


def _see_that_others_may_run(program: Sequence[str]) -> None:
    """The machine's service runs as another user, who must be able to read this installation.

    Raises LinkytuiError: he may not.
    """
    barrier = unreachable_for_others(program[0])
    if barrier is not None:
        text = _(
            "linkytui is installed where other users cannot reach it ({path}): use --user for a service of "
            "your own, or install it for the machine with sudo pipx install --global linkytui."
        )
        raise LinkytuiError(text.format(path=barrier))


def _carry_out(steps: Sequence[InstallStep], *, dry_run: bool, yes: bool) -> bool:
    """List the steps, ask, and do them; False when that did not happen.

    Raises LinkytuiError: a step failed; UsageError: nobody can be asked.
    """
    if not steps:
        click.echo(_("Nothing to do."))
        return not dry_run
    click.echo(_("This would be done:") if dry_run else _("This will be done:"))
    for step in steps:
        click.echo(f"  {step.text}")
    if dry_run:
        return False
    if not yes:
        if not sys.stdin.isatty():
            raise UsageError(_("Cannot ask for confirmation here: add --yes."))
        if not click.confirm(_("Go ahead?"), default=True):
            return False
    for step in steps:
        step.do()
    click.echo(_("Done."))
    return True


def _after_install(service: SystemService | UserService) -> Iterator[str]:
    """What a person has to know then."""
    if isinstance(service, UserService):
        yield _("Its log: {command}").format(command=f"journalctl --user -u {NAME} -f")
        if not service.lingers:
            yield _("To start it at boot and keep it running after you log out: {command}").format(
                command=f"sudo loginctl enable-linger {service.person.name}"
            )
        return
    yield _("Its log: {command}").format(command=f"sudo journalctl -u {NAME} -f")
    program = shlex.join(own_program())
    yield _("Its settings: {command}").format(command=f"sudo {program} config edit --config {SYSTEM_FILE}")
    if service.person is not None:
        yield _(
            "If {name} has just joined the group, log in again: linkytui will then show what the service reads."
        ).format(name=service.person.name)
