"""Price grids kept up to date while the process runs."""

import logging
import threading
from typing import Final

from linkytui.listener import Listener
from linkytui.settings import Settings

_LOG: Final = logging.getLogger(__name__)

_FIRST_LOOK: Final = 10.0
_LOOK_EVERY: Final = 3600.0
"""Seconds between two looks whether a grid is due; most are fetched once a month."""


class GridKeeper(Listener):
    """Fetches price grids when they are due, on a thread of its own, as long as this process runs."""

    def __init__(self, settings: Settings) -> None:
        """Begin; the first look comes after some seconds.

        Args:
            settings: all of them; may be replaced at any time.
        """
        self.settings = settings
        self._stop = threading.Event()
        threading.Thread(target=self._run, name="prices", daemon=True).start()

    def close(self) -> None:
        self._stop.set()

    def _run(self) -> None:
        if self._stop.wait(_FIRST_LOOK):
            return
        # Loaded only now: the HTTP client that it needs takes long, and nothing else needs it.
        from linkytui.tariffs.bookfile import book_file
        from linkytui.tariffs.status import StatusFile, sources_of
        from linkytui.tariffs.update import Updater

        updater = Updater(book=book_file(), statuses=StatusFile(), sleep=self._stop.wait)
        while True:
            try:
                updater.update(sources_of(self.settings.tariff), stopped=self._stop.is_set)
            except Exception:
                _LOG.exception("the price grids could not be looked after")
            if self._stop.wait(_LOOK_EVERY):
                return
