"""`linkytui export`: the history as a file for other programs."""

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from linkytui.commands.common import Invocation, takes_invocation
from linkytui.commands.periods import nothing_then, parse_range, recorded_range
from linkytui.errors import UsageError
from linkytui.history import HistoryReader, open_reader
from linkytui.i18n import _, number
from linkytui.outputs.exporting.files import new_file
from linkytui.outputs.exporting.formats import FORMATS, Format, require, write
from linkytui.outputs.exporting.tables import Resolution, table

if TYPE_CHECKING:
    from datetime import datetime

_FORMATS: Final = ("csv", "jsonl", "parquet")
_BYS: Final = ("sample", "minute", "hour", "day")
_STDOUT: Final = "-"


def now() -> float:
    """Seconds since 1970."""
    return time.time()


@click.command(
    help=_(
        "Write the history to OUT, or to standard output with -: one line per hour, or as --by says. "
        "Energy is in Wh, power in VA, times are ISO 8601 with their offset from UTC. Without dates: all "
        "that is recorded."
    )
)
@click.argument("out", metavar=_("OUT|-"), type=click.Path())
@click.option("--from", "first", metavar=_("DATE"), help=_("First day, month or year."))
@click.option(
    "--to", "last", metavar=_("DATE"), help=_("Last day, month or year: 2026-11-24, 2026-11, 2026, today, yesterday.")
)
@click.option(
    "--format",
    "form",
    type=click.Choice(_FORMATS),
    help=_("Format to write; taken from the name of OUT if not given. Parquet needs pyarrow."),
)
@click.option(
    "--by",
    type=click.Choice(_BYS),
    default="hour",
    show_default=True,
    help=_("What each line covers; samples and minutes are kept for a limited time only."),
)
@click.option("--force", is_flag=True, help=_("Overwrite OUT if it exists."))
@takes_invocation
def command(
    invocation: Invocation, out: str, first: str | None, last: str | None, form: str | None, by: str, force: bool
) -> None:
    """Export the history."""
    settings = invocation.settings.history
    chosen = Format(form) if form else _format_of(out)
    if chosen is Format.PARQUET and out == _STDOUT:
        raise UsageError(_("A Parquet file cannot be written to standard output: name a file."))
    require(chosen)
    reader = open_reader(settings)
    start, end = _range(reader, first, last)
    content = table(reader, Resolution(by), start, end)
    if out == _STDOUT:
        write(content, chosen, sys.stdout.buffer, settings.timezone)
        return
    with new_file(Path(out), replace=force) as file:
        rows = write(content, chosen, file, settings.timezone)
    click.echo(_("{path}: rows {rows}").format(path=out, rows=number(rows)), err=True)


def _format_of(out: str) -> Format:
    """What the end of a name stands for; UsageError for an unknown one."""
    found = FORMATS.get(Path(out).suffix.lower())
    if found is None and out != _STDOUT:
        raise UsageError(_("Which format should {path} have? Add --format csv, jsonl or parquet.").format(path=out))
    return found or Format.CSV


def _range(reader: HistoryReader, first: str | None, last: str | None) -> "tuple[datetime, datetime]":
    """From when to when, within what is recorded.

    Raises HistoryError: nothing is recorded then; UsageError: a date is wrong.
    """
    start, end = parse_range(first, last, reader.zone, now())
    oldest, newest = recorded_range(reader)
    start = oldest if start is None else max(start, oldest)
    end = newest if end is None else min(end, newest)
    if start >= end:
        raise nothing_then(oldest, newest)
    return start, end
