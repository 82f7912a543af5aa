"""Keeps what the meter says of its hours, looks what the record shows, and tells when the hours change."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Final

from linkytui.billing.hours import seen_minutes
from linkytui.billing.kept_hours import read_hours, write_hours
from linkytui.civil.days import DAY, local
from linkytui.civil.times import Timestamp
from linkytui.errors import HistoryError
from linkytui.history.reader import HistoryReader
from linkytui.line.listener import Arrival, Listener
from linkytui.reading.learned import DAYS_BACK, Windows, alike_hours, as_switches, as_windows, last_day, learn, total
from linkytui.reading.meter_hours import HoursChange, MeterHours

_LOG: Final = logging.getLogger(__name__)

_LOOK_EVERY: Final = 600.0  # seconds between two looks through the record
_GLANCE: Final = 5.0  # seconds between two looks whether something is worth keeping
_SAME: Final = (
    600  # seconds by which the sum of a day's off-peak hours may differ; a mixture of two days differs by more
)
_CLOSE_WITHIN: Final = 2.0


class HoursKeeper(Listener):
    """Hears the meter, and reads and writes on a thread of its own."""

    def __init__(
        self,
        reader: HistoryReader,
        *,
        keeps: bool = True,
        clock: Callable[[], Timestamp] = time.time,
        look_every: float = _LOOK_EVERY,
        glance: float = _GLANCE,
    ) -> None:
        """Begin with what was kept. `keeps`: whether there is a history, beside which the hours are kept."""
        self._reader = reader
        self._keeps = keeps
        self._clock = clock
        self._look_every = look_every
        self._glance = glance
        self._lock = threading.Lock()
        self._meter = MeterHours(read_hours(reader.folder) if keeps else None)
        self._written = self._meter.version
        self._tells = False  # the meter tells its hours itself
        self._trouble = False
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="hours", daemon=True)
        self._thread.start()

    @property
    def change(self) -> HoursChange | None:
        """The change of hours that is told of tomorrow, or that came today; None on all other days."""
        with self._lock:
            change = self._meter.known.change
        today = local(self._clock(), self._reader.zone).date()
        return change if change is not None and 0 <= (change.day - today).days <= 1 else None

    def frame_came(self, arrival: Arrival) -> None:
        if not arrival.foreign:
            with self._lock:
                self._meter.hear(arrival.reading)
                self._tells = self._tells or arrival.reading.next_profile is not None

    def meter_reset(self) -> None:
        self._tells = False

    def close(self) -> None:
        self._stop.set()
        self._thread.join(_CLOSE_WITHIN)

    def _run(self) -> None:
        looked_at = float("-inf")
        while not self._stop.wait(self._glance):
            now = self._clock()
            if self._keeps and not self._tells and not 0 <= now - looked_at < self._look_every:
                looked_at = now
                self.look(now)
            self._save()
        self._save()

    def look(self, now: Timestamp) -> None:
        """See in the record whether the off-peak hours are still those that it showed."""
        try:
            minutes = seen_minutes(self._reader.minutes(now - (DAYS_BACK + 1) * DAY, now))
        except HistoryError:
            return  # whoever keeps it says so
        zone = self._reader.zone
        with self._lock:
            known = self._meter.known
            before = None if known.learned is None else as_windows(known.learned)
            newest, learned = last_day(minutes, zone), learn(minutes, zone)
            found = learned
            if before is not None and newest and abs(total(newest) - total(before)) <= _SAME:
                found = newest
            if not found or (before is not None and alike_hours(found, before)):
                return
            known.learned = as_switches(found)
            if before is not None:
                known.change = _changed(before, found, now, self._reader)
            self._meter.version += 1

    def _save(self) -> None:
        with self._lock:
            version, known = self._meter.version, self._meter.known
            if not self._keeps or version == self._written:
                return
            self._written = version
            try:
                write_hours(self._reader.folder, known)
            except OSError as error:
                if not self._trouble:
                    _LOG.warning("the meter's hours cannot be kept: %s", error.strerror or error)
                self._trouble = True


def _changed(before: Windows, after: Windows, now: Timestamp, reader: HistoryReader) -> HoursChange:
    return HoursChange(local(now, reader.zone).date(), as_switches(before), as_switches(after))
