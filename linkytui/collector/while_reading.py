"""The background tasks of a screen that reads the meter itself, loaded only when it does."""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from linkytui.civil.times import Timestamp
from linkytui.line.listener import FanOut
from linkytui.line.relay.report import Report
from linkytui.settings.model import Settings

if TYPE_CHECKING:
    from linkytui.collector.duties import Duties  # after the first paint


class WhileReading(FanOut):
    """Duties that are there only while this process reads the line itself: else another one does them."""

    def __init__(self, reads: Callable[[], bool], settings: Settings) -> None:
        """Nothing is begun before the first turn."""
        super().__init__()
        self.duties: Duties | None = None  # None while another process has them
        self._reads = reads
        self._settings = settings
        self._free = threading.Event()  # no duties, and none that are still being ended
        self._free.set()

    def use(self, settings: Settings) -> None:
        """Put other settings into effect."""
        self._settings = settings
        if self.duties is not None:
            self.duties.use(settings)

    def complete(self, report: Report) -> Report:
        """Add to what others are told how these fare."""
        duties = self.duties
        return report if duties is None else duties.complete(report)

    def drop_backlog(self) -> None:
        """Let go of what waits for InfluxDB here."""
        duties = self.duties
        if duties is not None:
            duties.callbacks.drop_backlog()

    def send_again(self) -> None:
        """Have sent at once what InfluxDB refused or could not take here."""
        duties = self.duties
        if duties is not None:
            duties.callbacks.send_again()

    def bytes_came(self, data: bytes, at: Timestamp) -> None:
        self._begin_or_end()
        super().bytes_came(data, at)

    def turn_ended(self) -> None:
        self._begin_or_end()
        super().turn_ended()

    def wait(self, seconds: float) -> None:
        """Wait until there are no duties here any more, because another process is about to take over."""
        self._free.wait(seconds)

    def close(self) -> None:
        self._end()
        self._free.wait()

    def _begin_or_end(self) -> None:
        reads = self._reads()
        if reads and self._free.is_set():
            from linkytui.collector.duties import Duties  # after the first paint

            self.duties = Duties(self._settings)
            self.listeners = self.duties.listeners
            self._free.clear()
        elif not reads:
            self._end()

    def _end(self) -> None:
        """End the duties on a thread of its own: a database may take its time, and the line goes on meanwhile."""
        ending, self.listeners = FanOut(self.listeners), []
        duties, self.duties = self.duties, None
        if duties is not None:
            threading.Thread(target=self._close, args=(ending,), name="handing over", daemon=True).start()

    def _close(self, ending: FanOut) -> None:
        ending.close()
        self._free.set()
