"""Playback position in a recording, and the controls that move it."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Playback:
    """A recording being replayed, at one moment."""

    position: float  # seconds from its start
    duration: float  # seconds; an estimate for very long recordings
    speed: float | None  # times real time; None is as fast as it can
    paused: bool
    loop: bool


class Player(Protocol):
    """A source that replays a recording. Its controls may be used from any thread."""

    paused: bool
    loop: bool
    speed: float | None

    @property
    def position(self) -> float:
        """Seconds from the start of the recording."""

    @property
    def duration(self) -> float:
        """Seconds that it lasts."""

    def step(self) -> None:
        """Go on by one frame, then hold."""

    def seek(self, position: float) -> None:
        """Go to a moment, in seconds from the start."""


def playback_of(player: Player) -> Playback:
    """What the screen shows of it."""
    return Playback(player.position, player.duration, player.speed, player.paused, player.loop)
