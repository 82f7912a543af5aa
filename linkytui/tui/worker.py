"""The reading thread and its messages to the screen."""

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final

from textual.message import Message

from linkytui.line.listener import Arrival, Listener
from linkytui.line.pipeline import Pipeline
from linkytui.link import Link
from linkytui.reading import Meter
from linkytui.reading.active_power import ActivePowerMeter
from linkytui.tui.messages import FramesArrived, GroupsRejected, LinkChanged, MeterReset, PowerSample

Post = Callable[[Message], bool]
"""Takes a message from any thread, as `App.post_message` does; False when the screen is gone."""

_KEPT_SAMPLES: Final = 100_000
"""Samples that wait for a slow screen at most; the oldest go first. A day of the fastest meter."""

_POST_EVERY: Final = 0.04
"""Seconds between two messages of frames at least: a screen has no use for more than 25 a second."""

_STOP_WITHIN: Final = 1.0
_ENDED_EVERY: Final = 0.1  # seconds between two looks at a recording that is over, whether someone went back in it


class ScreenPoster(Listener):
    """Posts what came to the screen, and never waits for it.

    While the screen is busy with a message of frames, the next frames collect and then go together.
    """

    def __init__(self, post: Post, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._post = post
        self._monotonic = monotonic
        self._samples: deque[PowerSample] = deque(maxlen=_KEPT_SAMPLES)
        self._meter: Meter | None = None
        self._period: str | None = None
        self._active = ActivePowerMeter()
        self._heard_at = 0.0
        self._new_frames = self._new_rejections = False
        self._idle = threading.Event()  # the screen has dealt with the last message of frames
        self._idle.set()
        self._not_before = monotonic()

    def frame_came(self, arrival: Arrival) -> None:
        reading = arrival.reading
        self._meter = arrival.meter
        self._new_frames = True
        if arrival.frame.rejected:
            self._new_rejections = True
        if arrival.foreign:
            return
        self._period = reading.period or self._period
        if reading.at < self._heard_at:
            self._active = ActivePowerMeter()  # the clock went back: no window spans that
        self._heard_at = reading.at
        self._active.hear(reading.at, reading.total, reading.power)
        if reading.power is not None:
            self._samples.append(PowerSample(reading.at, reading.power, self._period, reading.injected_power))

    def link_changed(self, link: Link) -> None:
        self._post(LinkChanged(link))

    def meter_reset(self) -> None:
        self._samples.clear()
        self._meter = self._period = None
        self._active = ActivePowerMeter()
        self._new_frames = self._new_rejections = False
        self._post(MeterReset())

    def turn_ended(self) -> None:
        meter = self._meter
        if meter is None or not self._new_frames or not self._idle.is_set():
            return
        now = self._monotonic()
        if now < self._not_before or (latest := meter.latest) is None:
            return
        self._not_before = now + _POST_EVERY
        self._new_frames = False
        samples = tuple(self._samples)
        self._samples.clear()
        self._idle.clear()
        self._post(FramesArrived(latest, samples, dict(meter.labels), self._idle.set, self._active.latest))
        if self._new_rejections:
            self._new_rejections = False
            self._post(GroupsRejected(dict(meter.rejections)))


class Worker:
    """A thread that turns a pipeline. It ends with the program, whatever it waits for."""

    def __init__(self, pipeline: Pipeline, post: Post | None = None) -> None:
        """Nothing runs before `start`.

        `pipeline`: belongs to the thread from now on; `post`: where to post messages for the screen, if there is one.
        """
        self.pipeline = pipeline
        if post is not None:
            pipeline.listeners.listeners.append(ScreenPoster(post))
        self._stop = threading.Event()
        # An own daemon thread: Textual's thread workers keep the process alive while they wait.
        self._thread = threading.Thread(target=self._read, name="meter", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def stop(self) -> None:
        """Stop reading within a second, then let the listeners finish. Does nothing the second time."""
        if self._stop.is_set():
            return
        self._stop.set()
        self.pipeline.source.close()
        if self._thread.is_alive():
            self._thread.join(_STOP_WITHIN)
        self.pipeline.close()

    def _read(self) -> None:
        while not self._stop.is_set():
            self.pipeline.run(self._stop)
            # The recording is over, until someone goes back in it.
            self._stop.wait(_ENDED_EVERY)
