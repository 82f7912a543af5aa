"""Price grids kept up to date while the process runs."""

import logging
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Final

import msgspec

import linkytui
from linkytui.i18n import language
from linkytui.line.listener import Listener
from linkytui.settings.model import Settings

_LOG: Final = logging.getLogger(__name__)

_FIRST_LOOK: Final = 10.0
_LOOK_EVERY: Final = 3600.0  # seconds between two looks whether a grid is due; most are fetched once a month
_TEMPO_EVERY: Final = 1860.0
"""The same for Tempo's colours, tomorrow's coming in the morning: nobody asks for them twice in half an hour."""

_GLANCE: Final = 0.5  # seconds


class GridKeeper(Listener):
    """Has price grids fetched when they are due, by a process that ends: what it loads would stay here for days."""

    def __init__(self, settings: Settings, *, first_look: float = _FIRST_LOOK) -> None:
        """Begin; the first look comes after some seconds."""
        self.settings = settings
        self._first_look = first_look
        self._stop = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._starting = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="prices", daemon=True)
        self._thread.start()

    def close(self) -> None:
        with self._starting:
            self._stop.set()
            if self._process is not None:
                self._process.terminate()
        # It ends the process in which it has a PDF read; a site that says nothing is not waited for.
        self._thread.join(_GLANCE)

    def _run(self) -> None:
        wait = self._first_look
        while not self._stop.wait(wait):
            wait = _TEMPO_EVERY if self.settings.tariff.tempo_calendar else _LOOK_EVERY
            try:
                self._look()
            except Exception:
                _LOG.exception("the price grids could not be looked after")

    def _look(self) -> None:
        errand = {"language": language(), "tariff": self.settings.tariff, "level": _LOG.getEffectiveLevel()}
        environment = {**os.environ, "PYTHONPATH": str(Path(linkytui.__file__).parent.parent)}
        with self._starting:
            if self._stop.is_set():
                return
            process = self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "linkytui.collector.grid_errand"],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env=environment,
            )
        _output, said = process.communicate(msgspec.json.encode(errand))
        with self._starting:
            self._process = None
        for line in said.decode(errors="replace").splitlines():
            word, _space, text = line.partition(" ")
            level = logging.getLevelNamesMapping().get(word)
            _LOG.log(level or logging.ERROR, "%s", text if level else line)
