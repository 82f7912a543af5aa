"""The part of the application that a recording needs: its keys, and where one is in it."""

import os
from collections.abc import Mapping
from typing import ClassVar, Final

from textual.binding import BindingType
from textual.reactive import var

from linkytui.line.playback import Playback, Player, playback_of
from linkytui.settings.model import Settings
from linkytui.tui.desk import Desk, SettingsApp
from linkytui.tui.keys import COMMANDS, bindings

SPEEDS: Final = (0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 3600)
"""Speeds that the keys go through."""

_SEEK_SHARE: Final = 0.05
"""Part of a recording that one arrow key moves."""

_SEEK_AT_LEAST: Final = 10.0
"""Seconds that it moves at least."""

_ACTIONS: Final = {command.action.partition("(")[0] for command in COMMANDS if command.place == "replay"}


class PlayerApp(SettingsApp):
    """Holds a recording, goes on, moves in it and changes its speed."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("replay")]

    playback: var[Playback | None] = var(None)
    """None where nothing is replayed."""

    def __init__(
        self,
        settings: Settings,
        *,
        player: Player | None = None,
        desk: Desk | None = None,
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        """Args:
        settings: what the person set.
        player: the recording's controls; None where nothing is replayed.
        desk: what settings are changed with; None where they cannot be.
        environment: tells what the terminal can show, and which language the person speaks.
        """
        super().__init__(settings, desk=desk, environment=environment)
        self._player = player

    def look_at_player(self) -> None:
        """Take in where one is, and how fast it goes."""
        if self._player is not None:
            self.playback = playback_of(self._player)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A recording's keys work only on a recording."""
        if action in _ACTIONS:
            return self._player is not None
        return super().check_action(action, parameters)

    def action_pause(self) -> None:
        """Hold the recording, or go on."""
        if self._player is not None:
            self._player.paused = not self._player.paused
            self.look_at_player()

    def action_seek(self, direction: int) -> None:
        """Move by a twentieth of the recording, ten seconds at least."""
        if self._player is not None:
            step = max(self._player.duration * _SEEK_SHARE, _SEEK_AT_LEAST)
            self._player.seek(min(max(self._player.position + direction * step, 0.0), self._player.duration))
            self.look_at_player()

    def action_step(self) -> None:
        """One frame on."""
        if self._player is not None:
            self._player.step()
            self.look_at_player()

    def action_faster(self) -> None:
        """The next higher speed."""
        self._change_speed(1)

    def action_slower(self) -> None:
        """The next lower speed."""
        self._change_speed(-1)

    def _change_speed(self, direction: int) -> None:
        if self._player is None:
            return
        current = self._player.speed
        if current is None:
            current = SPEEDS[-1]
        place = min(range(len(SPEEDS)), key=lambda index: abs(SPEEDS[index] - current))
        self._player.speed = SPEEDS[min(max(place + direction, 0), len(SPEEDS) - 1)]
        self.look_at_player()

    def action_loop(self) -> None:
        """Begin again at the end, or not."""
        if self._player is not None:
            self._player.loop = not self._player.loop
            self.look_at_player()
