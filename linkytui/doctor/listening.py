"""Listens to the line for some seconds and keeps what the checks need: counts by label, and what the meter said."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Final

from linkytui.civil.times import Monotonic, Timestamp
from linkytui.line.listener import Arrival, Listener
from linkytui.line.pipeline import Pipeline
from linkytui.line.relay.report import Report
from linkytui.line.sources.base import Source
from linkytui.line.sources.relay import RelaySource
from linkytui.link import Link
from linkytui.reading.meter import Seen
from linkytui.reading.meter_hours import MeterHours
from linkytui.reading.model import Reading
from linkytui.settings.model import Settings

_PATIENCE: Final = 3.0  # seconds after which a line that cannot be opened is given up


class Heard(Listener):
    """What came while the doctor listened."""

    def __init__(self) -> None:
        self.link = Link()  # as it was last
        self.report: Report | None = None  # what the process says that reads the meter; None where nobody did
        self.seconds = 0.0  # for which it was listened
        self.accepted: Counter[str] = Counter()  # groups by label
        self.rejected: Counter[str] = Counter()  # groups by label, the unreadable ones under an empty name
        self.whole = 0  # frames that tell absence
        self.labels: dict[str, Seen] = {}  # as last said
        self.latest: Reading | None = None
        self.hours = MeterHours()  # what the meter said of its hours
        self.clock_ahead: float | None = None  # seconds by which the meter's clock is ahead of this machine's

    def frame_came(self, arrival: Arrival) -> None:
        """Count what is in a frame."""
        frame = arrival.frame
        self.accepted.update(group.label for group in frame.groups)
        self.rejected.update(item.label or "" for item in frame.rejected)
        self.whole += frame.tells_absence
        self.labels = arrival.meter.labels
        self.latest = arrival.meter.latest
        if self.latest is not None:
            self.hours.hear(self.latest)
        told = arrival.reading.meter_time
        if told is not None and not arrival.foreign:
            self.clock_ahead = told.timestamp() - arrival.reading.at

    def link_changed(self, link: Link) -> None:
        """Keep the state."""
        self.link = link

    @property
    def error_rate(self) -> float | None:
        """Share of the groups that were rejected, 0 to 1; None before the first group."""
        bad, good = self.rejected.total(), self.accepted.total()
        return bad / (bad + good) if bad + good else None


def listen(
    source: Source,
    settings: Settings,
    seconds: float,
    *,
    tell: Callable[[Heard], object] = lambda _heard: None,
    stop: threading.Event | None = None,
    monotonic: Callable[[], Monotonic] = time.monotonic,
) -> Heard:
    """Listen to a source for so long, less when it cannot be opened or there is nothing more to come.

    `tell`: called about twice a second with what was heard so far; `stop`: ends it. The source is closed.
    """
    stop = stop or threading.Event()
    heard = Heard()
    pipeline = Pipeline(source, mode=settings.meter.mode, listeners=[heard], monotonic=monotonic)
    begun: Timestamp = monotonic()
    down_since: float | None = None
    try:
        while heard.seconds < seconds and not stop.is_set():
            wait = pipeline.step()
            heard.link = pipeline.link
            if isinstance(source, RelaySource):
                heard.report = source.report
            now = monotonic()
            heard.seconds = now - begun
            tell(heard)
            down_since = (down_since or now) if pipeline.link.state.down else None
            if wait is None or (down_since is not None and now - down_since >= _PATIENCE):
                break
            if wait:
                stop.wait(min(wait, max(0.0, seconds - heard.seconds)))
    finally:
        pipeline.close()
    return heard
