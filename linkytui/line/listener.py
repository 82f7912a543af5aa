"""`Listener`: what hears every byte, frame and change of the line (screen, history, relay, recorder, callbacks)."""

import logging
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from linkytui.civil.times import Timestamp
from linkytui.link import Link
from linkytui.reading.meter import Meter
from linkytui.reading.model import Reading
from linkytui.tic.frames import Frame

_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A frame that has just come."""

    frame: Frame
    reading: Reading  # what this frame alone says
    meter: Meter
    """All that is known so far. It belongs to the reading thread: look at it during the call, keep no reference."""

    @property
    def foreign(self) -> bool:
        """The frame says another number than the meter's: damaged, or of another one that is not believed yet."""
        return self.reading.meter_id not in (None, self.meter.meter_id)


class Listener:
    """Hears of everything, on the reading thread. No method may wait for a disk, a network or a screen.

    A subclass overrides what it wants to hear.
    """

    def bytes_came(self, data: bytes, at: Timestamp) -> None:
        """Bytes came, as the line sent them. `data`: never empty."""

    def frame_came(self, arrival: Arrival) -> None:
        """A frame came, complete or cut, with what was rejected in it. Its time is `arrival.reading.at`."""

    def link_changed(self, link: Link) -> None:
        """The line's state or its counters changed."""

    def meter_reset(self) -> None:
        """What was known no longer holds: a seek in a recording, or another meter on the line."""

    def turn_ended(self) -> None:
        """One read and what followed from it are over. Comes twice a second or more while the source is open."""

    def close(self) -> None:
        """Nothing will come any more. Here, and only here, one may wait for what is still to be written."""


class FanOut(Listener):
    """Tells others, in their order; one that fails harms neither the others nor the reading."""

    def __init__(self, listeners: Iterable[Listener] = ()) -> None:
        self.listeners: list[Listener] = list(listeners)
        self.failures: Counter[str] = Counter()  # errors that they raised, by the name of their class

    def bytes_came(self, data: bytes, at: Timestamp) -> None:
        self._tell("bytes_came", data, at)

    def frame_came(self, arrival: Arrival) -> None:
        self._tell("frame_came", arrival)

    def link_changed(self, link: Link) -> None:
        self._tell("link_changed", link)

    def meter_reset(self) -> None:
        self._tell("meter_reset")

    def turn_ended(self) -> None:
        self._tell("turn_ended")

    def close(self) -> None:
        self._tell("close")

    def _tell(self, what: str, *news: Any) -> None:
        for listener in self.listeners:
            try:
                getattr(listener, what)(*news)
            except Exception:
                name = type(listener).__name__
                if not self.failures[name]:
                    _LOG.exception("%s failed; its next failures are only counted", name)
                self.failures[name] += 1
