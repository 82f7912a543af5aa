"""`linkytui import`: older records for the history, from recordings, tables of consumption or linkypy's InfluxDB."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

import click

from linkytui.civil.off_peak import OffPeak, is_window
from linkytui.commands.common import Invocation, takes_invocation
from linkytui.commands.periods import parse_period
from linkytui.errors import LinkytuiError, UsageError
from linkytui.history import HistoryReader, open_reader
from linkytui.i18n import _, long_date, number
from linkytui.imports.model import Older, SourceError
from linkytui.imports.open import Options, open_all
from linkytui.imports.run import ImportProgress, Outcome, look_at, take_in
from linkytui.looks import colourless, is_dumb
from linkytui.reading import Contract
from linkytui.settings.model import HistorySettings

_REGISTERS: Final = ("BASE", "HC", "HP", "HN", "PM", "HCJB", "HPJB", "HCJW", "HPJW", "HCJR", "HPJR")


def now() -> float:
    """Seconds since 1970."""
    return time.time()


@click.command(
    name="import",
    help=_(
        "Take older records into the history: recordings; tables of consumption from Enedis, a supplier, Home "
        "Assistant or others, as CSV, Excel, JSON or several in a ZIP; or linkypy's InfluxDB, as in "
        "influxdb://host:8086/linky; what this address leaves out, the login too, is as in the settings. What is "
        "recorded already stays, what is finer replaces an estimate, and the same import twice changes nothing."
    ),
)
@click.argument(
    "sources", metavar=_("FILE...|influxdb://HOST:PORT/DATABASE"), nargs=-1, required=True, type=click.Path()
)
@click.option("--dry-run", is_flag=True, help=_("Only say what each is, and what would be done."))
@click.option("--start", metavar=_("DATE"), help=_("When the recording began, if it does not say: 2026-11-24T18:30."))
@click.option(
    "--register",
    type=click.Choice(_REGISTERS),
    default="BASE",
    show_default=True,
    help=_("The register of energy that a table does not split."),
)
@click.option(
    "--off-peak",
    "windows",
    multiple=True,
    metavar=_("HH:MM-HH:MM"),
    help=_("Split that energy into HC and HP by these off-peak hours; can be repeated."),
)
@click.option(
    "--times",
    type=click.Choice(("begin", "end")),
    help=_("Whether the times of a table are the beginnings or the ends of intervals, where it does not show."),
)
@takes_invocation
def command(
    invocation: Invocation,
    sources: tuple[str, ...],
    dry_run: bool,
    start: str | None,
    register: str,
    windows: tuple[str, ...],
    times: str | None,
) -> None:
    """Import."""
    settings = invocation.settings
    reader = open_reader(settings.history)
    options = Options(
        start=_moment(start, reader),
        register=register,
        off_peak=_off_peak(windows),
        ends=None if times is None else times == "end",
    )
    refused: list[LinkytuiError] = []
    for older in open_all(sources, settings, options, now=now(), contract=_contract(reader)):
        if isinstance(older, LinkytuiError):
            refused.append(older)
            continue
        try:
            _import(older, reader, settings.history, dry_run=dry_run)
        except SourceError as error:
            refused.append(error)
    if len(refused) == 1:
        raise refused[0]
    for reason in refused:
        click.echo(f"linkytui: {reason}", err=True)
    if refused:
        click.get_current_context().exit(1)


def _import(older: Older, reader: HistoryReader, history: HistorySettings, *, dry_run: bool) -> None:
    """Take one file's records in, or say what that would do.

    Raises:
        LinkytuiError: they cannot be taken in.
    """
    with _bar(older.name) as progress:
        if dry_run:
            outcome = look_at(older, reader, now=now(), progress=progress)
        else:
            outcome = _take_in(older, reader, history.raw_days, history.minute_days, progress)
    for line in _lines(older, outcome, reader, dry_run=dry_run):
        click.echo(line)
    for note in older.notes:
        click.echo(f"linkytui: {note}", err=True)


def _take_in(older: Older, reader: HistoryReader, raw_days: int, minute_days: int, progress: ImportProgress) -> Outcome:
    try:
        return take_in(older, reader, now=now(), raw_days=raw_days, minute_days=minute_days, progress=progress)
    except KeyboardInterrupt:
        click.echo(_("Interrupted: run the same command again to continue."), err=True)
        raise


def _contract(reader: HistoryReader) -> Contract | None:
    """What the meter that was read last has said of its contract."""
    meters = sorted(reader.meters(), key=lambda meter: meter.last_at)
    known = [meter.contract for meter in meters if meter.contract is not None]
    return known[-1] if known else None


def _moment(text: str | None, reader: HistoryReader) -> float | None:
    """When a recording began, in seconds since 1970; UsageError when it is no date."""
    if text is None:
        return None

    return parse_period(text, reader.zone, now()).start.timestamp()


def _off_peak(windows: tuple[str, ...]) -> OffPeak | None:
    """The off-peak hours that were given; UsageError when one is none."""
    for window in windows:
        if not is_window(window):
            text = _("{window} is not a time range: write it as 22:30-06:30.")
            raise UsageError(text.format(window=window))
    return OffPeak.of(windows)


@contextmanager
def _bar(name: str) -> Iterator[ImportProgress]:
    """A bar on the terminal that says how far it is, and how long it still takes; nothing where there is none."""
    if not sys.stderr.isatty() or is_dumb():
        yield lambda _share: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), TimeRemainingColumn()
    console = Console(stderr=True, color_system=None if colourless() else "auto")
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(name.rpartition("/")[2], total=1.0)
        yield lambda share: bar.update(task, completed=share)


def _lines(older: Older, outcome: Outcome, reader: HistoryReader, *, dry_run: bool) -> Iterator[str]:
    """What was found and done, in words."""
    name = older.name
    if outcome.first_at is None or outcome.last_at is None:
        yield _("{name}: nothing to import").format(name=name)
        return
    first, last = (_when(at, reader) for at in (outcome.first_at, outcome.last_at))
    yield _("{name}: from {first} to {last}").format(name=name, first=first, last=last)
    energy = ", ".join(f"{register} {number(wh / 1000, 3)} kWh" for register, wh in outcome.wh.items() if wh)
    yield "  " + _("records {rows}: {energy}").format(rows=number(outcome.rows), energy=energy or _("no energy"))
    new = number(outcome.new)
    if outcome.new_wh is not None:
        new += f" ({number(sum(outcome.new_wh.values()) / 1000, 3)} kWh)"
    known = number(outcome.rows - outcome.new)
    yield "  " + _("new {new}, recorded already {known}").format(new=new, known=known)
    if dry_run:
        for what in older.what:
            yield "  " + _("it is: {what}").format(what=what)
        yield "  " + _("Nothing was changed: this was a dry run.")


def _when(at: float, reader: HistoryReader) -> str:
    moment = datetime.fromtimestamp(at, reader.zone)
    return f"{long_date(moment)} {moment:%H:%M}"
