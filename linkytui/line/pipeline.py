"""The one loop: bytes from a source become frames, then readings, then what listeners hear. No thread and no screen."""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final, Literal

from linkytui.civil.times import Monotonic, Timestamp
from linkytui.i18n import _
from linkytui.line.listener import Arrival, FanOut, Listener
from linkytui.line.rhythm import FrameRhythm
from linkytui.line.sources.base import EndOfSource, Source
from linkytui.line.speed import SpeedSearch
from linkytui.line.state import LineWatch
from linkytui.link import Link, LinkError, LinkState
from linkytui.reading.meter import Meter
from linkytui.tic.frames import BAUDRATES, Frame
from linkytui.tic.groups import Group, Reason
from linkytui.tic.labels import KNOWN_LABELS, Mode
from linkytui.tic.reader import FrameReader

_LOG: Final = logging.getLogger(__name__)

_COUNTERS_EVERY: Final = 1.0  # seconds between two reports of a link whose counters alone have changed

_FIRST_RETRY: Final = 1.0
_LAST_RETRY: Final = 5.0  # seconds before a source that failed is tried again, the first time and at most


class Pipeline:
    """Drives a source and tells listeners what came of it. Nothing but `run` ending stops it.

    It belongs to the one thread that calls `run` or `step`; `link` may be read from any.
    """

    def __init__(
        self,
        source: Source,
        *,
        mode: Mode | Literal["auto", "historic", "standard"] = "auto",
        listeners: Iterable[Listener] = (),
        monotonic: Callable[[], Monotonic] = time.monotonic,
    ) -> None:
        """Nothing is opened before the first step.

        `mode`: `auto` finds the speed and follows the meter when it is switched; `listeners`: told in this order, one
        that fails is left standing and its failures are counted.
        """
        self.source = source
        self.listeners = FanOut(listeners)
        self.link = Link(source=source.name, baudrate=source.baudrate)  # the line as it was last reported
        self.meter = Meter(judged=True)  # all that is known of the meter; for the reading thread alone
        self._choice = mode
        self._monotonic = monotonic
        self._time = 0.0  # seconds of the source's own time, at most as fast as ours, held still when it is
        self._at_last_turn = monotonic()
        self._said: tuple[object, ...] = ()  # what a person must hear of at once, as last reported
        self._reported_at = self._at_last_turn
        self._reader = FrameReader(mode, text=source.text)
        self._watch = LineWatch()
        self._rhythm = FrameRhythm()
        self._search: SpeedSearch | None = None
        self._generation = source.generation
        self._opened = False
        self._down: LinkError | None = None
        self._ended = False
        self._retry = _FIRST_RETRY
        self._mode_changed_at: float | None = None
        self._frames = self._accepted = self._bytes = 0
        self._rejected: Counter[Reason] = Counter()
        self._last_frame_at: float | None = None
        if mode != "auto":
            source.listen_at(BAUDRATES[Mode(mode)])
        elif source.baudrate is not None:
            self._search = SpeedSearch(source.baudrate)

    def run(self, stop: threading.Event) -> None:
        """Turn until asked to stop, or until the recording is over. `close` is a step of its own.

        `stop`: looked at after each read, that is at least twice a second.
        """
        while not stop.is_set():
            wait = self.step()
            if wait is None:
                return
            if wait:
                stop.wait(wait)

    def step(self) -> float | None:
        """Read once and tell what came of it.

        Returns seconds to wait before the next step, or None when there is nothing more to come, unless someone goes
        back in the recording.
        """
        wait: float | None = 0.0
        try:
            data = self.source.read()
        except EndOfSource:
            self._ended, wait = True, None
            self._flush()
        except LinkError as error:
            wait = self._lose(error)
        except Exception as error:
            _LOG.exception("reading %s failed", self.source.name)
            wait = self._lose(LinkError(LinkState.FAILED, str(error)))
        else:
            self._turn(data)
        self._report()
        self.listeners.turn_ended()
        return wait

    def close(self) -> None:
        """Let go of the source, and let each listener finish what it has to write. May be called from any thread."""
        self.source.close()
        self.listeners.close()

    def _turn(self, data: bytes) -> None:
        """What follows from a read that worked."""
        now = self._monotonic()
        if self._opened and not self._ended:
            self._time += (now - self._at_last_turn) * min(self.source.pace, 1.0)
        self._at_last_turn = now
        self._ended = False
        if not self._opened:
            self._opened, self._down, self._retry = True, None, _FIRST_RETRY
            self._watch.opened(self._time)
            self._rhythm = FrameRhythm()
        if self.source.generation != self._generation:
            self._generation = self.source.generation
            self._forget()
        if data:
            self._hear(data)

    def _hear(self, data: bytes) -> None:
        at = self.source.now()
        self._bytes += len(data)
        self._watch.bytes_came(self._time)
        self.listeners.bytes_came(data, at)
        good = False
        for frame in self._reader.feed(data):
            good = self._take(frame, at) or good
        self._rhythm.hear(data, self._at_last_turn)
        if self._watch.state(self._time) is LinkState.LIVE and (rest := self._rhythm.rest(self._monotonic())):
            self.source.rest(rest)
        if self._search is None:
            return
        if good or (not self._search.found and any(map(_known, self._reader.heard))):
            self._search.good()
        elif (baudrate := self._search.bad(self._time)) is not None:
            self.source.listen_at(baudrate)
            self._flush()

    def _take(self, frame: Frame, at: Timestamp) -> bool:
        """Pass a frame on; whether a group in it is good and known."""
        good = any(map(_known, frame.groups))
        if good:
            self._last_frame_at = at
            self._watch.good_frame(self._time)
        meter = self.meter
        number, mode = meter.meter_id, meter.mode
        judged, reading = meter.admit(frame, at)
        arrival = Arrival(judged, reading, meter)
        self._frames += 1
        self._accepted += len(judged.groups)
        self._rejected.update(item.reason for item in judged.rejected)
        if mode not in (None, meter.mode):
            self._mode_changed_at = at
        if number not in (None, meter.meter_id):
            self.listeners.meter_reset()
        self.listeners.frame_came(arrival)
        return good

    def _forget(self) -> None:
        """A jump in the recording: what follows has nothing to do with what came before."""
        self._reader = FrameReader(self._choice, text=self.source.text)
        self.meter = Meter(judged=True)
        self._watch.opened(self._time)
        self._rhythm = FrameRhythm()
        self._mode_changed_at = None
        self.listeners.meter_reset()

    def _flush(self) -> None:
        """The stream is cut here: pass on what was heard of the last frame, and read afresh."""
        frame = self._reader.close()
        self._reader = FrameReader(self._choice, text=self.source.text)
        if frame is not None:
            self._take(frame, self.source.now())

    def _lose(self, error: LinkError) -> float:
        """The source is not there, or no longer; seconds to wait before trying again."""
        if self._opened:
            self._flush()
            self._opened = False
            if self._search is not None:
                self._search.restart()
        self._down = error
        wait = self._retry
        # What a person is about to plug in or to start is looked for every second; other trouble takes longer to go.
        if error.state not in (LinkState.NO_PORT, LinkState.UNPLUGGED, LinkState.NO_READER):
            self._retry = min(2 * self._retry, _LAST_RETRY)
        return wait

    def _report(self) -> None:
        """Tell the link, at once when it is in another state, else its counters about once a second."""
        if self._ended:
            state, detail = LinkState.ENDED, ""
        elif self._down is not None:
            state, detail = self._down.state, self._down.detail
        else:
            state, detail = self._watch.state(self._time) if self._opened else LinkState.WAITING, ""
            if state is LinkState.NOISE and self._choice != "auto":
                text = _("Only mode = {mode} is listened for: set mode to auto in [meter] if the meter uses the other.")
                detail = text.format(mode=self._choice)
        says = (state, detail, self.source.name, self.source.baudrate, self.meter.mode, self._mode_changed_at)
        now = self._monotonic()
        if says == self._said and now - self._reported_at < _COUNTERS_EVERY:
            return
        link = Link(
            state=state,
            source=self.source.name,
            detail=detail,
            mode=self.meter.mode,
            baudrate=self.source.baudrate,
            mode_changed_at=self._mode_changed_at,
            frames=self._frames,
            accepted=self._accepted,
            rejected=dict(self._rejected),
            bytes_read=self._bytes,
            last_frame_at=self._last_frame_at,
        )
        self._said, self._reported_at = says, now
        if link != self.link:
            self.link = link
            self.listeners.link_changed(link)


def _known(group: Group) -> bool:
    """Whether the specification knows the group's label, in either mode."""
    return any(group.label in labels for labels in KNOWN_LABELS.values())
