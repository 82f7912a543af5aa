"""A recording as a source, at its own pace or another, with player controls."""

import math
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from linkytui.captures.form import Chunk
from linkytui.captures.open import Capture
from linkytui.civil.times import Monotonic
from linkytui.errors import CaptureError
from linkytui.line.sources.base import READ_TIMEOUT, EndOfSource, Source
from linkytui.link import LinkError, LinkState

_ENDS: Final = re.compile(rb"[\x03\x83\x04\x84]")
_STX: Final = re.compile(rb"[\x02\x82]")

_PAUSE: Final = 1.0  # seconds of silence after which what came of a frame is passed on as it is

_LONGEST: Final = 2048  # bytes without the end of a frame that are passed on as they are; the longest frame has 1,727

_PROMPT: Final = 0.0005  # seconds before its moment at which a frame may come: no wait is that exact

_LATE: Final = 5.0  # seconds of delay that are made up; more means that the machine slept


class CaptureSource(Source):
    """Replays a recording, a frame at a time. `read` is for one thread; the controls may be used from any.

    Every jump, a seek or a new round of a loop, changes `generation`. The end is no end for good: after `EndOfSource`
    a seek or a step back into the recording makes `read` go on.
    """

    def __init__(
        self,
        capture: Capture,
        *,
        speed: float | None = 1.0,
        loop: bool = False,
        monotonic: Callable[[], Monotonic] = time.monotonic,
        wait: Callable[[threading.Condition, float], object] = threading.Condition.wait,
    ) -> None:
        """Nothing is read before the first read.

        `speed`: how many times faster than it was recorded, None as fast as it can be read; `wait`: waits on a
        condition for some seconds at most.
        """
        self._capture = capture
        self._monotonic = monotonic
        self._wait = wait
        self._changed = threading.Condition()
        self._speed = speed
        self._loop = loop
        self._paused = self._closed = False
        self._steps = 0  # frames to pass on though it is paused
        self._target: float | None = None  # where to jump to
        self._mark: float | None = None  # the moment of our clock at which the recording stood at ...
        self._marked = 0.0  # ... this one of its own
        # What follows belongs to the thread that reads.
        self._started_at = capture.started_at
        self._duration = capture.duration
        self._frames = whole_frames(capture.chunks())
        self._next: Chunk | None = None
        self._at = 0.0  # seconds of the last frame that was passed on
        self._passed = 0  # frames since the last jump
        self._generation = 0
        self._trouble: CaptureError | None = None

    @property
    def name(self) -> str:
        return str(self._capture.path)

    @property
    def baudrate(self) -> int | None:
        return None

    @property
    def text(self) -> bool:
        return True

    @property
    def generation(self) -> int:
        return self._generation

    @property
    def pace(self) -> float:
        with self._changed:
            if self._paused:
                return 0.0
            return math.inf if self._speed is None else self._speed

    def now(self) -> float:
        return self._started_at + self._at

    def listen_at(self, baudrate: int) -> None:
        """A recording was heard at the speed it was heard at."""

    def read(self) -> bytes:
        deadline = self._monotonic() + READ_TIMEOUT
        while True:
            with self._changed:
                target, self._target = self._target, None
            if target is not None:
                self._jump(target)
            self._fetch()
            with self._changed:
                if self._closed:
                    raise EndOfSource
                if self._target is not None:
                    continue
                chunk = self._next
                if chunk is None:
                    self._end()
                    continue
                now = self._monotonic()
                delay = self._delay(chunk, now)
                if delay <= _PROMPT:
                    return self._pass_on(chunk, now)
                if now >= deadline:
                    return b""
                self._wait(self._changed, min(delay, deadline - now))

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    @property
    def position(self) -> float:
        """Seconds from the start of the recording, as far as it has been replayed."""
        with self._changed:
            return min(self._place(self._monotonic()), self.duration)

    @property
    def duration(self) -> float:
        """Seconds that the recording lasts; an estimate for some very long ones."""
        return max(self._duration, self._at)

    @property
    def paused(self) -> bool:
        """It holds still."""
        return self._paused

    @paused.setter
    def paused(self, paused: bool) -> None:
        with self._changed:
            self._set_mark()
            self._paused = paused
            self._steps = 0
            self._changed.notify_all()

    @property
    def loop(self) -> bool:
        """It begins again at the end."""
        return self._loop

    @loop.setter
    def loop(self, loop: bool) -> None:
        with self._changed:
            self._loop = loop
            self._changed.notify_all()

    @property
    def speed(self) -> float | None:
        """Times real time; None is as fast as it can be read."""
        return self._speed

    @speed.setter
    def speed(self, speed: float | None) -> None:
        with self._changed:
            self._set_mark()
            self._speed = speed
            self._changed.notify_all()

    def step(self) -> None:
        """Pass one frame on at once, then hold."""
        with self._changed:
            self._set_mark()
            self._paused = True
            self._steps += 1
            self._changed.notify_all()

    def seek(self, position: float) -> None:
        """Go to a moment, in seconds from the start; while it is paused, the frame there is passed on."""
        with self._changed:
            position = min(max(position, 0.0), self.duration)
            self._target = position
            self._steps = 1 if self._paused else 0
            self._set_mark(position)
            self._changed.notify_all()

    def _jump(self, target: float) -> None:
        """Go on from a moment. What stands there of a frame that began before it is left out."""
        frames = whole_frames(self._capture.chunks(target))
        self._frames = _from_first_mark(frames) if target > 0 else frames
        self._next = self._trouble = None
        self._at, self._passed = target, 0
        self._generation += 1

    def _fetch(self) -> None:
        """Have the next frame ready, if there is one."""
        if self._trouble is None and self._next is None:
            try:
                self._next = next(self._frames, None)
            except CaptureError as error:
                self._trouble = error
        if self._trouble is not None:
            raise LinkError(LinkState.FAILED, str(self._trouble))

    def _end(self) -> None:
        """Nothing more comes of this pass: begin the next, or end."""
        if not self._loop or (not self._passed and self._at == 0):
            self._set_mark(self._at)
            raise EndOfSource
        self._target = 0.0
        self._set_mark(0.0)

    def _delay(self, chunk: Chunk, now: Monotonic) -> float:
        """Seconds until a frame is due."""
        if self._steps:
            return 0.0
        if self._paused:
            return math.inf
        if self._speed is None:
            return 0.0
        if self._mark is None:
            self._mark = now
        delay = (chunk.at - self._place(now)) / self._speed
        if delay < -_LATE:
            self._set_mark(chunk.at)
        return delay

    def _pass_on(self, chunk: Chunk, now: Monotonic) -> bytes:
        self._next = None
        self._at = chunk.at
        self._passed += 1
        if self._steps:
            self._steps -= 1
            self._set_mark(chunk.at)
        elif self._speed is None:
            self._mark, self._marked = now, chunk.at
        return chunk.data

    def _place(self, now: Monotonic) -> float:
        """The moment of the recording that has come."""
        if self._paused or self._speed is None or self._mark is None:
            return self._marked
        return self._marked + (now - self._mark) * self._speed

    def _set_mark(self, place: float | None = None) -> None:
        """Take this as the moment that has come; left out, it is the one that it is."""
        now = self._monotonic()
        self._marked = self._place(now) if place is None else place
        if self._mark is not None or place is not None:
            self._mark = now


def whole_frames(chunks: Iterable[Chunk]) -> Iterator[Chunk]:
    """The same bytes put together so that each chunk ends a frame, at the moment at which its last byte came."""
    waiting, latest = b"", 0.0
    for chunk in chunks:
        if waiting and chunk.at - latest > _PAUSE:
            yield Chunk(latest, waiting)
            waiting = b""
        searched, latest = len(waiting), chunk.at
        waiting += chunk.data
        while end := _ENDS.search(waiting, searched):
            yield Chunk(chunk.at, waiting[: end.end()])
            waiting, searched = waiting[end.end() :], 0
        if len(waiting) > _LONGEST:
            yield Chunk(chunk.at, waiting)
            waiting = b""
    if waiting:
        yield Chunk(latest, waiting)


def _from_first_mark(frames: Iterator[Chunk]) -> Iterator[Chunk]:
    """The same frames without the rest of one that began before."""
    for first in frames:
        if begin := _STX.search(first.data):
            yield Chunk(first.at, first.data[begin.start() :])
        elif not _ENDS.search(first.data):
            yield first  # a copy without marks; the reader finds its way
        break
    yield from frames
