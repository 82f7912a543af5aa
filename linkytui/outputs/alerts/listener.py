"""Feeds the rules from the line and sends alerts to their channels. Not used for recordings."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from datetime import date
from typing import Final, SupportsFloat

from linkytui.civil.days import local
from linkytui.civil.times import Monotonic
from linkytui.line.listener import Arrival, Listener
from linkytui.outputs.alerts.channels import AppriseChannel, Channel, ChannelQueue, CommandChannel
from linkytui.outputs.alerts.engine import Alert, AlertEngine
from linkytui.outputs.alerts.log import AlertLog
from linkytui.outputs.alerts.memory import IncidentMemory
from linkytui.reading.meter_hours import HoursChange
from linkytui.settings.model import AlertSettings

log = logging.getLogger("linkytui.alerts")

_TICK: Final = 1.0
_ASK_AFTER: Final = 60.0
_CLOSE_TIMEOUT: Final = 2.0

Waiting = tuple[int, float]  # samples that wait to be sent, and the seconds for which the oldest has waited


def channels_of(settings: AlertSettings) -> tuple[Channel, ...]:
    """The ways to the outside that the settings name."""
    channels: list[Channel] = []
    if settings.notify:
        channels.append(AppriseChannel(settings.notify))
    if settings.command:
        channels.append(CommandChannel(settings.command))
    return tuple(channels)


class AlertListener(Listener):
    """Feeds the engine with what the line says, with the time, and with what it can ask; hands the alerts on."""

    def __init__(
        self,
        settings: AlertSettings,
        *,
        budget: SupportsFloat | None = None,
        channels: Sequence[Channel] | None = None,
        on_screen: Callable[[Alert], object] = lambda _alert: None,
        estimate: Callable[[], float | None] = lambda: None,
        backlog: Callable[[], Waiting] = lambda: (0, 0.0),
        change: Callable[[], HoursChange | None] = lambda: None,
        today: Callable[[], date] = lambda: local(time.time()).date(),
        monotonic: Callable[[], Monotonic] = time.monotonic,
        tick: float = _TICK,
        memory: IncidentMemory | None = None,
        log: AlertLog | None = None,
    ) -> None:
        """Begin to watch.

        `budget`: EUR a month, for budget rules without a threshold; `on_screen`: told of each alert at once, on any
        thread, must not wait; `estimate`: EUR that the month will have cost, asked each minute on a thread of its own;
        `change`: the change of hours of tomorrow or today, asked likewise; `memory`: keeps what goes on over the end of
        the program; `log`: keeps the list of what was told.
        """
        self._monotonic = monotonic
        self._on_screen = on_screen
        self._estimate = estimate
        self._backlog = backlog
        self._change = change
        self._today = today
        self._tick = tick
        self._lock = threading.Lock()
        self._settings, self._budget, self._channels = settings, budget, channels
        self._memory, self._log = memory, log
        running = memory.load() if memory is not None else ()
        self._engine = AlertEngine(settings.rules, budget=budget, now=monotonic(), running=running)
        self._queues = self._make_queues(settings)
        self._asking_failed = False
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="alerts", daemon=True)
        self._thread.start()

    @property
    def errors(self) -> dict[str, str]:
        """By channel, why its last alert did not get there."""
        return {queue.channel.name: queue.error for queue in self._queues if queue.error is not None}

    def use(self, settings: AlertSettings, *, budget: SupportsFloat | None = None) -> None:
        """Go on with other rules and channels. Incidents that go on are told again where a rule still sees them.

        Nothing happens where nothing is other than before.
        """
        if (settings, budget) == (self._settings, self._budget):
            return
        self._settings, self._budget = settings, budget
        fresh = self._make_queues(settings)
        with self._lock:
            self._engine = AlertEngine(settings.rules, budget=budget, now=self._monotonic())
            old, self._queues = self._queues, fresh
        for queue in old:
            queue.stop(0.0)

    def frame_came(self, arrival: Arrival) -> None:
        """Judge what the meter says now."""
        latest = arrival.meter.latest
        if latest is not None:
            with self._lock:
                self._tell(self._engine.heard(latest, self._monotonic()))

    def close(self) -> None:
        """Stop watching, and let the alerts that wait go out for two seconds."""
        self._stop.set()
        self._thread.join(_CLOSE_TIMEOUT)
        if self._memory is not None:
            self._memory.save(self._engine.running)
        deadline = time.monotonic() + _CLOSE_TIMEOUT
        for queue in self._queues:
            queue.stop(max(0.0, deadline - time.monotonic()))

    def _make_queues(self, settings: AlertSettings) -> list[ChannelQueue]:
        """One for each way to the outside, and one for the list."""
        outside = channels_of(settings) if self._channels is None else self._channels
        listed = () if self._log is None else (self._log,)
        return [ChannelQueue(channel) for channel in (*listed, *outside)]

    def _watch(self) -> None:
        asked_at: float | None = None
        while not self._stop.wait(self._tick):
            now = self._monotonic()
            if asked_at is None or now - asked_at >= _ASK_AFTER:
                asked_at = now
                self._ask(now)
            with self._lock:
                self._tell(self._engine.tick(now))
                running = self._engine.running
            if self._memory is not None:
                self._memory.save(running)

    def _ask(self, now: Monotonic) -> None:
        """Ask for the estimate and the backlog, which may take a while."""
        try:
            estimate, (samples, age), change = self._estimate(), self._backlog(), self._change()
        except Exception:
            # Whatever the bill or the database stumbles over, the other rules go on.
            if not self._asking_failed:
                log.warning("alerts: no estimate and no backlog to judge", exc_info=True)
            self._asking_failed = True
            return
        self._asking_failed = False
        with self._lock:
            self._tell(self._engine.estimated(estimate, now))
            self._tell(self._engine.waiting(samples, age, now))
            self._tell(self._engine.changed(change, self._today()))

    def _tell(self, alerts: list[Alert]) -> None:
        for alert in alerts:
            self._on_screen(alert)
            for queue in self._queues:
                queue.put(alert)
