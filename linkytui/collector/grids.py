"""Price grids kept up to date while the process runs."""

import logging
import threading
import time
from typing import Final

from linkytui.line.listener import Listener
from linkytui.settings.model import Settings

_LOG: Final = logging.getLogger(__name__)

_FIRST_LOOK: Final = 10.0
_LOOK_EVERY: Final = 3600.0  # seconds between two looks whether a grid is due; most are fetched once a month
_TEMPO_EVERY: Final = 600.0  # the same for Tempo's colours: tomorrow's comes in the morning

_GLANCE: Final = 0.5  # seconds


class GridKeeper(Listener):
    """Fetches price grids when they are due, on a thread of its own, as long as this process runs."""

    def __init__(self, settings: Settings) -> None:
        """Begin; the first look comes after some seconds."""
        self.settings = settings
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="prices", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        # It ends the process in which it has a PDF read; a site that says nothing is not waited for.
        self._thread.join(_GLANCE)

    def _run(self) -> None:
        wait = _FIRST_LOOK
        while not self._stop.wait(wait):
            wait = _TEMPO_EVERY if self.settings.tariff.tempo_calendar else _LOOK_EVERY
            try:
                self._look()
            except Exception:
                _LOG.exception("the price grids could not be looked after")

    def _look(self) -> None:
        # Loaded only now: the screen is painted before.
        from linkytui.tariffs.update import update_all

        update_all(self.settings.tariff, self._stop)
        self._look_at_tempo()

    def _look_at_tempo(self) -> None:
        """Ask for Tempo's colours where the person wants that."""
        if self.settings.tariff.tempo_calendar and not self._stop.is_set():
            from linkytui.tariffs.tempo_calendar import update_tempo  # only who asks for it loads it

            update_tempo(time.time())
