"""`linkytui config`: shows every value with its origin, the file's path, and opens an editor."""

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import click

from linkytui.commands.common import Invocation, shared_options, takes_invocation
from linkytui.errors import LinkytuiError, UsageError
from linkytui.i18n import _
from linkytui.settings.fields import as_plain, fields
from linkytui.settings.folders import config_file
from linkytui.settings.load import Origin, check_file
from linkytui.settings.save import write_private
from linkytui.settings.secrets import masked_table
from linkytui.settings.template import template


class _Row(NamedTuple):
    """One line of `config show`."""

    key: str
    value: object
    text: str
    origin: Origin


@click.group(help=_("Show, find or edit the settings."))
@shared_options
def command(**_options: object) -> None:
    """Its sub-commands do the work."""


@command.command(help=_("Print every setting with its value and where it comes from. Secrets are masked."))
@click.option("--json", "as_json", is_flag=True, help=_("Print one JSON object per setting."))
@takes_invocation
def show(invocation: Invocation, as_json: bool) -> None:
    """Print every setting."""
    loaded = invocation.loaded
    rows: list[_Row] = []
    for key, field in fields().items():
        value = loaded.value(key)
        rows.append(_Row(key, field.mask(as_plain(value)), field.show(value), loaded.origins[key]))
    for name, table in loaded.settings.callbacks.tables.items():
        for key, value in masked_table(table).items():
            text = json.dumps(value, ensure_ascii=False, default=str)
            rows.append(_Row(f"callbacks.{name}.{key}", value, text, loaded.origins[f"callbacks.{name}"]))
    if as_json:
        for row in rows:
            line = {"key": row.key, "value": row.value, "origin": row.origin.kind, "from": row.origin.name or None}
            click.echo(json.dumps(line, ensure_ascii=False, default=str))
        return
    width = max(len(row.key) for row in rows)
    for row in rows:
        click.echo(f"{row.key:{width}}  {row.text:28}  {row.origin}")


@command.command(
    help=_(
        "Take linkypy's configuration over: its linkypy.yaml, looked for where linkypy did, and its environment "
        "variables. Everything is listed before it is written."
    )
)
@click.option(
    "--from",
    "file",
    type=click.Path(path_type=Path),
    metavar=_("FILE"),
    help=_("linkypy's file, where it is elsewhere."),
)
@click.option("--dry-run", is_flag=True, help=_("Say what would be done, and do nothing."))
@click.option("--yes", is_flag=True, help=_("Do not ask for confirmation."))
@takes_invocation
def migrate(invocation: Invocation, file: Path | None, dry_run: bool, yes: bool) -> None:
    """List what follows, ask, and write it."""
    from linkytui.settings.linkypy import migration  # help needs no YAML
    from linkytui.settings.save import save_value  # help writes nothing

    found = migration(os.environ, file)
    click.echo(_("linkypy's file: {path}").format(path=found.file or _("none found")))
    target = _file(invocation)
    rows = [row for row in _changes(found.settings) if row.value != _in_file(target, row.key)]
    if rows:
        click.echo(
            (_("This would be written to {path}:") if dry_run else _("This will be written to {path}:")).format(
                path=target
            )
        )
        width = max(len(row.key) for row in rows)
        for row in rows:
            click.echo(f"  {row.key:{width}}  {row.text:28}  {row.origin}")
    for note in found.notes:
        click.echo(note)
    if not rows:
        click.echo(_("Nothing to do."))
    elif not dry_run and _agreed(yes):
        for row in rows:
            save_value(target, row.key, row.value)
        click.echo(_("Done."))


def _changes(settings: "Mapping[str, tuple[object, str]]") -> "Iterator[_Row]":
    """What follows from linkypy's configuration, as lines to show; secrets are masked."""
    from linkytui.settings.fields import fields  # help needs no settings
    from linkytui.settings.load import Origin  # as above

    for key, (value, name) in settings.items():
        yield _Row(key, value, fields()[key].show(value), Origin("file", name))


def _in_file(path: Path, key: str) -> object:
    """The value that a settings file gives now; None where it gives none."""
    from linkytui.settings.load import load_settings  # help needs no settings

    if not path.exists():
        return None
    loaded = load_settings({}, path)
    return loaded.value(key) if loaded.origins[key].kind == "file" else None


def _agreed(yes: bool) -> bool:
    """Whether the person wants it.

    Raises:
        UsageError: nobody can be asked.
    """
    if yes:
        return True
    if not sys.stdin.isatty():
        raise UsageError(_("Cannot ask for confirmation here: add --yes."))
    return click.confirm(_("Go ahead?"), default=True)


@command.command(help=_("Print where the settings file is, or would be."))
@takes_invocation
def path(invocation: Invocation) -> None:
    """Print the file's place."""
    click.echo(_file(invocation))


@command.command(help=_("Edit the settings file (with $VISUAL or $EDITOR), then check it."))
@takes_invocation
def edit(invocation: Invocation) -> None:
    """Let the person change the file, and say what is wrong with it afterwards."""
    file = _file(invocation)
    if not file.exists():
        write_private(file, template())
    try:
        status = subprocess.run([*_editor(), file], check=False).returncode  # noqa: S603 -- the person's own editor
    except OSError as error:
        raise LinkytuiError(_("Cannot start the editor: {reason}").format(reason=error)) from None
    if status:
        raise LinkytuiError(_("The editor ended with exit status {status}.").format(status=status))
    check_file(file)
    click.echo(_("{path}: the settings are valid.").format(path=file), err=True)


def _file(invocation: Invocation) -> Path:
    """The settings file, without reading it: it may be wrong."""
    return invocation.config or config_file()


def _editor() -> list[str]:
    """The command of the person's editor; LinkytuiError when there is none."""
    chosen = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if chosen:
        return shlex.split(chosen)
    for name in ("sensible-editor", "nano", "vi"):
        if found := shutil.which(name):
            return [found]
    raise LinkytuiError(_("No editor found: set the variable EDITOR to one."))
