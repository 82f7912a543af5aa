"""Runs callbacks, each on its own thread: none can harm the reading or the others."""

import logging
import time
from collections.abc import Callable, Mapping

import msgspec

from linkytui.civil.times import Timestamp
from linkytui.line.listener import Arrival, Listener
from linkytui.line.relay.report import CallbackState
from linkytui.link import Link
from linkytui.outputs.callbacks.base import Callback
from linkytui.outputs.callbacks.state import CallbackStatus
from linkytui.outputs.callbacks.worker import CallbackWorker, Pace, QueuedFrame

log = logging.getLogger(__name__)


class CallbackRunner(Listener):
    """Hands every frame to every callback that is on, each through its own bounded queue.

    The methods of `Listener` are called on the reading thread; the others may be called from any.
    """

    def __init__(self, *, clock: Callable[[], Timestamp] = time.time, pace: Pace | None = None) -> None:
        """Start with no callback."""
        self._clock = clock
        self._pace = pace or Pace()
        self._factories: dict[str, Callable[[], Callback]] = {}
        self._notes: dict[str, str | None] = {}
        # Replaced as a whole, never changed: the reading thread goes through it while others switch callbacks.
        self._workers: Mapping[str, CallbackWorker] = {}

    def add(self, name: str, factory: Callable[[], Callback], *, enabled: bool = True, note: str | None = None) -> None:
        """Take a callback in, in place of the one of that name if there is one.

        `factory`: makes it, called on the callback's own thread, and again each time it is switched on.
        """
        self.enable(name, on=False)
        self._factories[name] = factory
        self._notes[name] = note
        if enabled:
            self.enable(name, on=True)

    def remove(self, name: str) -> None:
        """Switch a callback off and forget it."""
        self.enable(name, on=False)
        self._factories.pop(name, None)
        self._notes.pop(name, None)

    def enable(self, name: str, *, on: bool) -> None:
        """Switch a callback on or off, at once: one that hangs is left to itself. Unknown names are ignored."""
        running = self._workers.get(name)
        if on == (running is not None) or name not in self._factories:
            return
        if running is not None:
            self._workers = {other: worker for other, worker in self._workers.items() if other != name}
            running.stop(drain=False)
        else:
            worker = CallbackWorker(name, self._factories[name], clock=self._clock, pace=self._pace)
            self._workers = {**self._workers, name: worker}
            worker.start()

    def callback(self, name: str) -> Callback | None:
        """The callback itself; None while it is off or not made yet."""
        worker = self._workers.get(name)
        return worker.callback if worker is not None else None

    def states(self) -> tuple[CallbackState, ...]:
        """How each callback fares, in the order in which they were added."""
        return tuple(self._state(name) for name in tuple(self._factories))

    def _state(self, name: str) -> CallbackState:
        worker = self._workers.get(name)
        state = CallbackState(name=name, status=CallbackStatus.OFF) if worker is None else worker.state()
        return msgspec.structs.replace(state, note=self._notes.get(name))

    def frame_came(self, arrival: Arrival) -> None:
        """Queue the frame for every callback, unless it says another meter's number."""
        if arrival.foreign:
            return
        heard = QueuedFrame(arrival.reading, arrival.frame)
        for worker in self._workers.values():
            worker.put(heard)

    def link_changed(self, link: Link) -> None:
        """Tell every callback the line's newest state."""
        for worker in self._workers.values():
            worker.put_link(link)

    def close(self) -> None:
        """Let the callbacks finish what is queued and close, for five seconds at most."""
        workers, self._workers = self._workers, {}
        for worker in workers.values():
            worker.stop(drain=True)
        deadline = time.monotonic() + self._pace.close_timeout
        for name, worker in workers.items():
            if not worker.join(max(0.0, deadline - time.monotonic())):
                log.warning("callback %s does not end and is left behind", name)
