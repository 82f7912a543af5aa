"""`linkytui config`: shows every value with its origin, the file's path, and opens an editor."""

import json
import os
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

import click

from linkytui.commands.common import Invocation, shared_options, takes_invocation
from linkytui.errors import LinkytuiError
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
