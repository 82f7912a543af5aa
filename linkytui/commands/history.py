"""`linkytui history`: prints consumption by hour, day, month or year."""

import json
import sys
import time
from datetime import datetime, timedelta
from typing import Final

import click

from linkytui.civil.days import local, midnight
from linkytui.civil.spans import By
from linkytui.commands.common import Invocation, takes_invocation
from linkytui.commands.history_costs import CostsInParts
from linkytui.commands.history_table import print_plot, print_table
from linkytui.commands.periods import nothing_then, parse_range, recorded_range
from linkytui.errors import HistoryError, UsageError
from linkytui.history import HistoryReader, history_folder, open_reader
from linkytui.history.forgetting import Forgotten, forget, give_back
from linkytui.i18n import _, long_date, number
from linkytui.outputs.exporting.formats import Format, write
from linkytui.outputs.exporting.tables import span_table, spans_in_parts

_BYS: Final = ("hour", "day", "month", "year")
_DAYS: Final = 30
_MONTHS: Final = 12


def now() -> float:
    """Seconds since 1970."""
    return time.time()


@click.group(
    invoke_without_command=True,
    help=_(
        "Print your consumption by hour, day, month or year: energy of each register, mean and highest "
        "power. A ~ marks energy spread over a time when nothing was recorded."
    ),
)
@click.option(
    "--by",
    type=click.Choice(_BYS),
    default="day",
    show_default=True,
    help=_("What each line covers. Without dates: today's hours, 30 days, 12 months, all years."),
)
@click.option("--from", "first", metavar=_("DATE"), help=_("First day, month or year."))
@click.option(
    "--to", "last", metavar=_("DATE"), help=_("Last day, month or year: 2026-11-24, 2026-11, 2026, today, yesterday.")
)
@click.option("--json", "as_json", is_flag=True, help=_("Print one JSON object per line."))
@click.option("--csv", "as_csv", is_flag=True, help=_("Print comma-separated values, in Wh and VA."))
@click.option("--plot", "as_plot", is_flag=True, help=_("Draw bars, as wide as the terminal."))
@takes_invocation
def command(
    invocation: Invocation, by: str, first: str | None, last: str | None, as_json: bool, as_csv: bool, as_plot: bool
) -> None:
    """Print the history, where no sub-command does something else."""
    if click.get_current_context().invoked_subcommand is not None:
        return
    if as_json and as_csv:
        raise UsageError(_("Use either --json or --csv, not both."))
    if as_plot and (as_json or as_csv):
        raise UsageError(_("--plot goes without --json and --csv."))

    settings = invocation.settings
    reader, unit = open_reader(settings.history, settings.billing.cycle), By(by)
    start, end = _range(reader, unit, first, last, whole=as_json or as_csv)
    costs = CostsInParts(settings, now())
    if as_json:
        for span, cost in costs.beside(spans_in_parts(reader, unit, start, end)):
            click.echo(json.dumps({**span.as_dict(), "eur": None if cost is None else cost.as_json()}))
    elif as_csv:
        table = costs.added(span_table(reader, unit, start, end), spans_in_parts(reader, unit, start, end))
        write(table, Format.CSV, sys.stdout.buffer, settings.history.timezone)
    else:
        lines = list(spans_in_parts(reader, unit, start, end))
        if not any(span.wh or span.covered_s for span in lines):
            raise nothing_then(*recorded_range(reader))
        if as_plot:
            print_plot(lines, unit, costs.called, ascii_only=settings.screen.ascii)
        else:
            money = [cost for _span, cost in costs.beside(lines)]
            print_table(lines, unit, now(), money, costs.called, ascii_only=settings.screen.ascii)


@command.command(
    name="forget",
    help=_(
        "Remove a wrong period from the history, wherever it came from, or restore the last one removed. Where the "
        "meter was seen before and after, its registers still tell how much was drawn in between."
    ),
)
@click.option("--from", "first", metavar=_("DATE"), help=_("First day, month or year."))
@click.option("--to", "last", metavar=_("DATE"), help=_("Last day, month or year."))
@click.option("--undo", is_flag=True, help=_("Restore what was removed last."))
@takes_invocation
def forget_command(invocation: Invocation, first: str | None, last: str | None, undo: bool) -> None:
    """Take a time out of the history, or give the last one back."""
    settings = invocation.settings
    reader, folder = open_reader(settings.history), history_folder(settings.history)
    if undo:
        if first is not None or last is not None:
            raise UsageError(_("--undo goes without --from and --to."))
        _tell_forgotten(give_back(folder), reader, back=True)
        return
    if first is None or last is None:
        raise UsageError(_("Say from when to when, as in --from 2026-11-24 --to 2026-11-25, or --undo."))
    start, end = parse_range(first, last, reader.zone, now())
    assert start is not None  # noqa: S101 -- both are named
    assert end is not None  # noqa: S101 -- likewise
    _tell_forgotten(forget(folder, start.timestamp(), end.timestamp()), reader, back=False)


def _tell_forgotten(done: Forgotten | None, reader: HistoryReader, *, back: bool) -> None:
    """Say what was taken out, or given back.

    Raises:
        HistoryError: it was nothing.
    """
    if done is None:
        raise HistoryError(_("There is nothing to restore.") if back else _("Nothing is recorded then."))
    start, end = (long_date(local(at, reader.zone)) for at in (done.start, done.end - 1))
    text = (
        _("Restored: {start} to {end}, {energy} kWh.")
        if back
        else _("Removed: {start} to {end}, {energy} kWh. To restore it: linkytui history forget --undo")
    )
    click.echo(text.format(start=start, end=end, energy=number(done.wh / 1000, 3)))


def _range(
    reader: HistoryReader, by: By, first: str | None, last: str | None, *, whole: bool
) -> "tuple[datetime, datetime]":
    """From when to when; what was not said is chosen so that it fills a screen, within what is recorded.

    Raises HistoryError: nothing is recorded then; UsageError: a date is wrong.
    """
    start, end = parse_range(first, last, reader.zone, now())
    oldest, newest = recorded_range(reader)
    latest = max(local(now(), reader.zone), newest)
    if end is None or not whole:
        end = min(end or latest, latest)
    if start is None or not whole:
        start = max(start or _usual_start(by, end), oldest)
    if start >= end:
        raise nothing_then(oldest, newest)
    return start, end


def _usual_start(by: By, end: datetime) -> datetime:
    """Where the usual number of lines begins that ends with the one before `end`."""
    last = (end - timedelta(milliseconds=1)).date()
    zone = end.tzinfo
    assert zone is not None  # noqa: S101 -- the caller's moments are aware
    match by:
        case By.HOUR:
            first = last
        case By.DAY:
            first = last - timedelta(days=_DAYS - 1)
        case By.MONTH:
            months = last.year * 12 + last.month - _MONTHS
            first = last.replace(year=months // 12, month=months % 12 + 1, day=1)
        case By.YEAR:
            return local(0, zone)
    return local(midnight(first, zone), zone)
