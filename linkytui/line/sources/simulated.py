"""The simulator as a source: the frames of a simulated meter, at the pace of a real line or faster."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Final

from linkytui.civil.times import Monotonic
from linkytui.i18n import _
from linkytui.line.sources.base import READ_TIMEOUT, EndOfSource, Source
from linkytui.simulator.meter import SimulatedMeter
from linkytui.tic.frames import BAUDRATES, BITS_PER_CHARACTER

SILENCE: Final = 0.025  # seconds between two frames (Enedis-NOI-CPT_54E, 5.3.6: 16.7 to 33.4 ms)

FRAMES_PER_SECOND: Final = 20.0
"""Frames that come in a second of real time at most: when time runs faster, it passes between frames."""

_PIECE: Final = 0.25  # seconds of real time whose bytes come together

_LATE: Final = 5.0  # seconds of delay that are made up; more means that the machine slept, and the meter with it


class SimulatedSource(Source):
    """A simulated meter, listened to. What it counted before `start` comes at once, then time passes."""

    def __init__(
        self,
        meter: SimulatedMeter,
        *,
        start: float,
        speed: float = 1.0,
        warm_up_step: float = 5.0,
        monotonic: Callable[[], Monotonic] = time.monotonic,
        wait: Callable[[float], object] | None = None,
    ) -> None:
        """Nothing is sent before the first read.

        `meter`: it has counted until `start`, or until earlier: then the frames in between come without waiting;
        `start`: seconds since 1970, by the meter's clock, at which the first read begins; `speed`: how many times
        faster than real time its clock goes; `warm_up_step`: seconds between two frames before `start`; `wait`: waits
        for some seconds, left out, it wakes when the source is closed.
        """
        self._meter = meter
        self._start = start
        self._speed = speed
        self._warm_up_step = warm_up_step
        self._monotonic = monotonic
        self._closed = threading.Event()
        self._wait = wait or self._closed.wait
        self._baudrate = BAUDRATES[meter.mode]
        self._now = meter.at
        self._pieces = self._speak()
        self._next: tuple[float, bytes] | None = None
        self._begun: float | None = None  # the moment of `start` on the monotonic clock

    @property
    def name(self) -> str:
        return _("simulated meter")

    @property
    def baudrate(self) -> int | None:
        return self._baudrate

    @property
    def pace(self) -> float:
        return self._speed

    def now(self) -> float:
        return self._now

    def listen_at(self, baudrate: int) -> None:
        """A simulated meter is always heard at its own speed."""

    def read(self) -> bytes:
        if self._closed.is_set():
            raise EndOfSource
        at, data = self._next or next(self._pieces)
        self._next = (at, data)
        delay = self._delay(at)
        if delay > 0:
            self._wait(min(delay, READ_TIMEOUT))
            if delay > READ_TIMEOUT or self._closed.is_set():
                return b""
        self._next = None
        self._now = at
        return data

    def close(self) -> None:
        self._closed.set()

    def _delay(self, at: float) -> float:
        """Seconds of real time until a moment of the meter's clock."""
        if at < self._start:
            return 0.0
        now = self._monotonic()
        if self._begun is None:
            self._begun = now
        delay = self._begun + (at - self._start) / self._speed - now
        if delay < -_LATE:
            self._begun -= delay
            return 0.0
        return delay

    def _speak(self) -> Iterator[tuple[float, bytes]]:
        """What comes on the line, in pieces, with the moments at which they are complete."""
        at = self._meter.at
        while at < self._start:
            yield at, self._meter.frame(at)
            at += self._warm_up_step
        at = max(self._meter.at, self._start)
        bytes_per_second = self._baudrate / BITS_PER_CHARACTER
        size = max(1, int(_PIECE * self._speed * bytes_per_second))
        while True:
            frame = self._meter.frame(at)
            for first in range(0, len(frame), size):
                piece = frame[first : first + size]
                yield at + (first + len(piece)) / bytes_per_second, piece
            at += max(len(frame) / bytes_per_second + SILENCE, self._speed / FRAMES_PER_SECOND)
