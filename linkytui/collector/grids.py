"""Price grids kept up to date while the process runs."""

import logging
import threading
import time
from typing import Final

from linkytui.line.listener import Listener
from linkytui.settings.model import Settings

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
        wait = _FIRST_LOOK
        while not self._stop.wait(wait):
            wait = _LOOK_EVERY
            try:
                self._look()
            except Exception:
                _LOG.exception("the price grids could not be looked after")

    def _look(self) -> None:
        # Loaded only now: the screen is painted before.
        from linkytui.tariffs.apart import is_any_due, update_apart
        from linkytui.tariffs.status import StatusFile, sources_of

        sources = sources_of(self.settings.tariff)
        if is_any_due(sources, StatusFile(), time.time()):
            update_apart(sources, self._stop)
