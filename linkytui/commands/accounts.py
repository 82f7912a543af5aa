"""What `cost` and `offers` share: read the user's own grids, then open the account."""

import time
from collections.abc import Callable

import click

from linkytui.billing.account import Account
from linkytui.i18n import titled
from linkytui.settings.model import Settings
from linkytui.tariffs.update import update_own


def now() -> float:
    """Seconds since 1970."""
    return time.time()


def open_account(settings: Settings, clock: Callable[[], float]) -> Account:
    """The account that the settings tell; a grid of the person's own that cannot be read is told on stderr.

    Nothing is fetched: that is for `prices --fetch` and for what runs all day.
    """
    if settings.tariff.files:
        for source, status in update_own(settings.tariff, clock):
            if status.error:
                say(titled(source.title, status.error))
    return Account.open(settings)


def say(text: str) -> None:
    """Tell a person something that is not the answer."""
    click.echo(f"linkytui: {text}", err=True)
