"""The settings in effect, for screens that change them."""

from collections.abc import Callable
from typing import Any

from linkytui.errors import SettingsError
from linkytui.i18n import _
from linkytui.settings.load import Loaded
from linkytui.settings.save import save_value, write_private
from linkytui.settings.template import template


class SettingsKeeper:
    """Writes one value at a time, and reads everything anew after it, so that what is shown is what holds."""

    def __init__(self, loaded: Loaded, load: Callable[[], Loaded]) -> None:
        """Args: loaded: the settings that hold; load: reads them anew, from everywhere."""
        self.loaded = loaded  # what holds, and why
        self.refuses = False  # whether nothing may be written
        self._load = load

    @property
    def untouched(self) -> bool:
        """Nobody has set anything yet: no file says anything, and no port is named."""
        named = self.loaded.origins["meter.port"].kind != "default"
        return not named and not self.loaded.path.exists() and not self._from_a_file()

    def _from_a_file(self) -> bool:
        return any(origin.kind == "file" for origin in self.loaded.origins.values())

    def refresh(self) -> Loaded:
        """Read what holds now: the file may have been edited meanwhile.

        Raises SettingsError: a file cannot be read, or holds what cannot be.
        """
        self.loaded = self._load()
        return self.loaded

    def save(self, key: str, value: Any) -> Loaded:
        """Write one value into the file, or take it out (None), and read what holds now.

        Raises SettingsError: the value cannot be, or the file cannot be written or read, or nothing may be written.
        """
        self._check()
        save_value(self.loaded.path, key, value)
        return self.refresh()

    def begin(self) -> None:
        """Make the file that a person starts from, where there is none: every setting with its meaning, nothing set.

        Raises SettingsError: it cannot be written, or nothing may be.
        """
        self._check()
        if not self.loaded.path.exists():
            write_private(self.loaded.path, template())

    def _check(self) -> None:
        if self.refuses:
            raise SettingsError(_("This screen is read-only."))
