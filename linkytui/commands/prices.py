"""`linkytui prices`: prints price grids, those given or those known, and fetches them on request."""

import json
import time
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from linkytui.billing.plan import UNKNOWN_POWER, find_plan
from linkytui.billing.recorded import Connection, connection_of
from linkytui.commands.common import Invocation, takes_invocation
from linkytui.commands.price_list import price_list
from linkytui.errors import GridError, HistoryError, UsageError
from linkytui.history import open_reader
from linkytui.i18n import _, long_date, titled
from linkytui.reading import REGISTERS, Contract
from linkytui.settings.model import Settings
from linkytui.tariffs.book import PriceBook
from linkytui.tariffs.bookfile import add_to_book, book_file, known_prices
from linkytui.tariffs.grid.process import document_of_file, read_grid
from linkytui.tariffs.offers import Offer
from linkytui.tariffs.status import GridSource, GridStatus, StatusFile, sources_of
from linkytui.tariffs.update import Updater


def now() -> float:
    """Seconds since 1970."""
    return time.time()


@click.command(
    help=_(
        "Print what suppliers' price grids say: the PDF files given, else every known price that is in "
        "force or starts later."
    )
)
@click.argument("files", metavar=_("[PDF]..."), nargs=-1, type=click.Path())
@click.option("--fetch", is_flag=True, help=_("Fetch the suppliers' grids again first."))
@click.option("--json", "as_json", is_flag=True, help=_("Print one JSON object per offer, option and power."))
@takes_invocation
def command(invocation: Invocation, files: tuple[str, ...], fetch: bool, as_json: bool) -> None:
    """Print prices."""
    if files and fetch:
        raise UsageError(_("--fetch takes no files."))
    if fetch and not invocation.settings.tariff.fetch:
        raise UsageError(_("Fetching is off: set fetch = true in [tariff]."))
    failed = _read_files(files, as_json=as_json) if files else _known(invocation.settings, fetch=fetch, as_json=as_json)
    if failed:
        click.get_current_context().exit(1)


def _read_files(files: Sequence[str], *, as_json: bool) -> bool:
    """Print what these files say, each as soon as it is read, and keep it; True when one cannot be read."""
    failed = False
    for file in files:
        try:
            offers, notes = read_grid(document_of_file(Path(file)), file)
        except GridError as error:
            _say(titled(file, str(error)))
            failed = True
            continue
        _print(offers, as_json=as_json)
        for note in notes:
            _say(titled(file, note))
        try:
            add_to_book(book_file(), offers)
        except GridError as error:
            _say(str(error))
    return failed


def _known(settings: Settings, *, fetch: bool, as_json: bool) -> bool:
    """Print what the book says; True when grids were to be fetched and none could be."""
    sources = [source for source in sources_of(settings.tariff) if fetch or source.url is None]
    statuses = _update(sources, fetch=fetch)
    for source, status in zip(sources, statuses, strict=True):
        if status.error:
            _say(titled(source.title, status.error + _still(status)))
        for note in status.notes:
            _say(titled(source.title, note))
    today = datetime.fromtimestamp(now(), ZoneInfo(settings.history.timezone)).date()
    book = known_prices()
    _take_prices_by_hand(book, settings, today)
    _print((*book.in_force(today), *book.ahead(today)), as_json=as_json)
    overdue = book.overdue(today)
    if overdue is not None:
        _say(
            _(
                "New regulated prices were expected on {day} but are not known here: run linkytui prices --fetch."
            ).format(day=long_date(overdue))
        )
    return fetch and all(status.error for status in statuses)


def _update(sources: Sequence[GridSource], *, fetch: bool) -> tuple[GridStatus, ...]:
    """Look after these grids: all of them when fetching, else only the files that changed."""
    if not sources:
        return ()

    def progress(done: int, total: int, source: GridSource) -> None:
        if fetch:
            click.echo(f"{done + 1}/{total} {source.title}", err=True)

    updater = Updater(book=book_file(), statuses=StatusFile(), clock=now)
    return updater.update(sources, force=fetch, progress=progress)


def _still(status: GridStatus) -> str:
    """What holds although the last attempt failed."""
    if status.valid_from is None:
        return ""
    return _("; its grid of {day} stays in force").format(day=long_date(status.valid_from))


def _take_prices_by_hand(book: PriceBook, settings: Settings, today: date) -> None:
    """Let the prices that the person set win, for the contract and at the power of the meter that was recorded."""
    registers = settings.tariff.prices.registers
    if not registers and settings.tariff.prices.subscription is None:
        return
    meter = _connection(settings)
    named = next((one for one, names in REGISTERS.items() if registers.keys() & set(names)), Contract.HPHC)
    power = settings.meter.power_kva or meter.subscribed_kva
    hand = find_plan(settings.tariff, book, meter.contract or named, power, today).hand
    if hand is not None and hand.power_kva == UNKNOWN_POWER:
        _say(_("Prices set by hand are not shown: it is not known which power they are for. Set power_kva in [meter]."))
    book.hand = hand


def _connection(settings: Settings) -> Connection:
    """What the history knows of the meter; nothing when it cannot be read, which prices do not need."""
    try:
        return connection_of(open_reader(settings.history))
    except HistoryError:
        return Connection(None, None)


def _print(offers: Iterable[Offer], *, as_json: bool) -> None:
    if as_json:
        for offer in offers:
            click.echo(json.dumps(offer.as_json(), ensure_ascii=False))
        return
    for line in price_list(offers, now()):
        click.echo(line)


def _say(text: str) -> None:
    click.echo(f"linkytui: {text}", err=True)
