"""Applies changes of the settings file while the collector runs."""

import logging
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from linkytui.errors import SettingsError
from linkytui.i18n import _
from linkytui.settings.model import Settings

_LOG: Final = logging.getLogger(__name__)

_EVERY: Final = 2.0  # seconds between two looks

_State = tuple[tuple[int, int] | None, ...]


class SettingsWatch:
    """Looks at the files on a thread of its own; a file that is wrong is said once, and what held before holds on."""

    def __init__(
        self,
        files: Iterable[Path],
        load: Callable[[], Settings],
        use: Callable[[Settings], None],
        *,
        settings: Settings,
        every: float = _EVERY,
    ) -> None:
        """Nothing is watched before `start`."""
        self._files = tuple(files)
        self._load = load
        self._use = use
        self._settings = settings
        self._every = every
        self._seen = self._look()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="settings", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End. What is being put into effect is not waited for."""
        self._stop.set()

    def check(self) -> None:
        """Look once."""
        seen = self._look()
        if seen == self._seen:
            return
        self._seen = seen
        try:
            settings = self._load()
        except SettingsError as error:
            _LOG.error("%s", _("{trouble}; the previous settings stay in effect").format(trouble=error))
            return
        if settings != self._settings:
            self._settings = settings
            self._use(settings)
            _LOG.info(
                "%s",
                _(
                    "The settings have changed and are in effect; those of the meter and the relay apply after a "
                    "restart."
                ),
            )

    def _run(self) -> None:
        while not self._stop.wait(self._every):
            try:
                self.check()
            except Exception:
                _LOG.exception("the changed settings could not be put into effect")

    def _look(self) -> _State:
        """When each file was last written, and which one it is."""
        return tuple(_stamp(file) for file in self._files)


def _stamp(file: Path) -> tuple[int, int] | None:
    try:
        info = file.stat()
    except OSError:
        return None
    return info.st_mtime_ns, info.st_ino
