"""Keeps the price grids up to date in the background, on a thread that sleeps most of the time."""

import logging
import threading
from typing import Final

from linkytui.settings.model import TariffSettings

_LOG: Final = logging.getLogger(__name__)

_FIRST: Final = 20.0
"""Seconds after the start until the first look: starting comes first."""

_EVERY: Final = 3600.0
"""Seconds between two looks; most find nothing due."""


class GridKeeper:
    """Looks after the grids that the settings name. Nothing is fetched where the settings forbid it."""

    def __init__(self, tariff: TariffSettings) -> None:
        self._tariff = tariff
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="grids", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def use(self, tariff: TariffSettings) -> None:
        """Look after what changed settings name, from the next look on."""
        self._tariff = tariff

    def stop(self) -> None:
        """End, without waiting for a fetch that is under way."""
        self._stop.set()

    def _run(self) -> None:
        wait = _FIRST
        while not self._stop.wait(wait):
            wait = _EVERY
            try:
                self._look()
            except Exception:
                # Prices that cannot be fetched must never stop what reads the meter.
                _LOG.exception("The price grids could not be looked after")

    def _look(self) -> None:
        from linkytui.tariffs.status import StatusFile, sources_of

        sources = sources_of(self._tariff)
        if not sources:
            return
        from linkytui.tariffs.bookfile import book_file
        from linkytui.tariffs.update import Updater

        updater = Updater(book=book_file(), statuses=StatusFile(), sleep=self._stop.wait)
        updater.update(sources, stopped=self._stop.is_set)
