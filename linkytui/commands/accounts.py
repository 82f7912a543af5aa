"""What `cost` and `offers` share: read the user's own grids, then open the account."""

import time
from collections.abc import Callable

import click

from linkytui.billing.account import Account
from linkytui.settings.model import Settings
from linkytui.tariffs.bookfile import book_file
from linkytui.tariffs.status import StatusFile, sources_of
from linkytui.tariffs.update import Updater


def now() -> float:
    """Seconds since 1970."""
    return time.time()


def open_account(settings: Settings, clock: Callable[[], float]) -> Account:
    """The account that the settings tell; a grid of the person's own that cannot be read is told on stderr.

    Nothing is fetched: that is for `prices --fetch` and for what runs all day.
    """
    own = [source for source in sources_of(settings.tariff) if source.url is None]
    if own:
        statuses = Updater(book=book_file(), statuses=StatusFile(), clock=clock).update(own)
        for source, status in zip(own, statuses, strict=True):
            if status.error:
                say(f"{source.title}: {status.error}")
    return Account.open(settings)


def say(text: str) -> None:
    """Tell a person something that is not the answer."""
    click.echo(f"linkytui: {text}", err=True)
