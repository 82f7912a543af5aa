"""Opens the history for writing, retrying while another process still holds its lock."""

import logging
import time
from collections import deque
from collections.abc import Callable
from typing import Final

from linkytui.civil.times import Monotonic
from linkytui.errors import HistoryError
from linkytui.history.clock import steady_clock
from linkytui.history.samples import Heard
from linkytui.history.state import Condition, HistoryState
from linkytui.history.writer import ROOM, HistoryWriter, lost, meter_time_of, open_writer, sample_of
from linkytui.i18n import _
from linkytui.line.listener import Arrival, Listener
from linkytui.settings.folders import history_folder
from linkytui.settings.model import HistorySettings

_LOG: Final = logging.getLogger(__name__)

_RETRY: Final = 1.0  # seconds before a history that another process still writes is tried again

_PATIENT: Final = 5.0  # seconds for that before it is worth a line in the log


class HistoryKeeper(Listener):
    """A `HistoryWriter` that is opened again and again until it is there. What comes before waits in memory."""

    def __init__(
        self,
        settings: HistorySettings,
        *,
        opener: Callable[[HistorySettings, Callable[[HistoryState], None]], HistoryWriter] = open_writer,
        monotonic: Callable[[], Monotonic] = time.monotonic,
    ) -> None:
        """Try at once. `opener`: makes the writer; told what to call when its state changes."""
        self._settings = settings
        self._opener = opener
        self._monotonic = monotonic
        self._writer: HistoryWriter | None = None
        self._state = HistoryState()
        self._retry_at = 0.0
        self._refused_at: float | None = None
        self._closed = False
        self._waiting: deque[Heard] = deque(maxlen=ROOM)
        self._open()

    @property
    def state(self) -> HistoryState:
        """How it goes."""
        return self._state

    def use(self, settings: HistorySettings) -> None:
        """Take over what may change while it runs: how often it is written, and how long is kept."""
        self._settings = settings
        if self._writer is not None:
            self._writer.flush_seconds = settings.flush_seconds
            self._writer.raw_days = settings.raw_days
            self._writer.minute_days = settings.minute_days

    def frame_came(self, arrival: Arrival) -> None:
        if self._writer is not None:
            self._writer.frame_came(arrival)
        else:
            self._waiting.append(Heard(sample_of(arrival), steady_clock(), meter_time_of(arrival)))

    def turn_ended(self) -> None:
        if self._writer is None and self._monotonic() >= self._retry_at:
            self._open()

    def save_cursor(self, name: str, sample: int) -> None:
        """As `HistoryWriter.save_cursor`."""
        if self._writer is not None:
            self._writer.save_cursor(name, sample)

    def close(self) -> None:
        if self._writer is None:
            self._open()  # there may be room now
        self._closed = True
        if self._writer is not None:
            self._writer.close()
        elif self._waiting:
            _LOG.error("%s", lost(len(self._waiting), self._state.text))

    def _open(self) -> None:
        if self._closed:
            return
        try:
            self._writer = self._opener(self._settings, self._changed)
            self._writer.take_over(self._waiting)
            self._waiting.clear()
        except HistoryError as error:
            now = self._monotonic()
            self._retry_at = now + _RETRY
            if self._refused_at is None:
                self._refused_at = now
            if now - self._refused_at >= _PATIENT and str(error) != self._state.text:
                self._state = HistoryState(condition=Condition.REFUSED, text=str(error))
                _LOG.warning("%s", _("{trouble}; retrying").format(trouble=error))

    def _changed(self, state: HistoryState) -> None:
        before, self._state = self._state, state
        if state.condition is Condition.WRITING and before.condition is not Condition.WRITING:
            text = _("The history is being recorded in {folder}.")
            _LOG.info("%s", text.format(folder=history_folder(self._settings)))
