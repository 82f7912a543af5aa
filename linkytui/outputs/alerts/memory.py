"""Remembers which incidents are going on, so that none is told twice when the program is started again."""

import contextlib
from collections.abc import Iterable
from pathlib import Path

import msgspec

from linkytui.settings.model import AlertRule


class IncidentMemory:
    """A small file of the rules whose incident is going on. What cannot be read or written is as if there were none."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: tuple[AlertRule, ...] = ()

    def load(self) -> tuple[AlertRule, ...]:
        """The rules of which an incident was going on when the program ended."""
        with contextlib.suppress(OSError, msgspec.MsgspecError, ValueError):
            self._known = msgspec.json.decode(self._path.read_bytes(), type=tuple[AlertRule, ...])
        return self._known

    def save(self, running: Iterable[AlertRule]) -> None:
        """Remember these, where they are others than before. May wait for the disk."""
        rules = tuple(running)
        if rules == self._known:
            return
        self._known = rules
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            new = self._path.with_suffix(".new")
            new.write_bytes(msgspec.json.encode(rules))
            new.replace(self._path)
