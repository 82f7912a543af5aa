"""What the keys of a recording do."""

from typing import Final

from linkytui.line.playback import Playback, Player, playback_of

SPEEDS: Final = (0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 3600)  # speeds that the keys go through

_SEEK_SHARE: Final = 0.05  # part of a recording that one arrow key moves

_SEEK_AT_LEAST: Final = 10.0  # seconds that it moves at least


class PlayerControls:
    """Holds a recording, goes on, moves in it and changes its speed."""

    def __init__(self, player: Player) -> None:
        self._player = player

    @property
    def playback(self) -> Playback:
        """Where one is, and how fast it goes."""
        return playback_of(self._player)

    def pause(self) -> None:
        """Hold the recording, or go on."""
        self._player.paused = not self._player.paused

    def seek(self, direction: int) -> None:
        """Move by a twentieth of the recording, ten seconds at least."""
        step = max(self._player.duration * _SEEK_SHARE, _SEEK_AT_LEAST)
        self._player.seek(min(max(self._player.position + direction * step, 0.0), self._player.duration))

    def step(self) -> None:
        """One frame on."""
        self._player.step()

    def speed(self, direction: int) -> None:
        """The next higher speed, or the next lower one."""
        current = SPEEDS[-1] if self._player.speed is None else self._player.speed
        place = min(range(len(SPEEDS)), key=lambda index: abs(SPEEDS[index] - current))
        self._player.speed = SPEEDS[min(max(place + direction, 0), len(SPEEDS) - 1)]

    def loop(self) -> None:
        """Begin again at the end, or not."""
        self._player.loop = not self._player.loop
