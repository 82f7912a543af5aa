"""A running lap: energy used since a key was pressed. Pure."""

from collections.abc import Iterable

from linkytui.reading import Reading
from linkytui.reading.lap import LapFigures
from linkytui.tui.messages import PowerSample


class Stopwatch:
    """Counts from the reading at which it is made. Energy comes from the registers, never from adding up power."""

    def __init__(self, reading: Reading) -> None:
        """Start. Args: reading: the last known of everything."""
        self._start = reading
        self._last = reading
        self._sum = 0
        self._count = 0
        self._peak: PowerSample | None = None

    def hear(self, reading: Reading, samples: Iterable[PowerSample]) -> None:
        """Take in what came since. `reading`: the last known of everything; `samples`: the power of each frame."""
        self._last = reading
        for sample in samples:
            if sample.at < self._start.at:
                continue
            self._sum += sample.power
            self._count += 1
            if self._peak is None or sample.power > self._peak.power:
                self._peak = sample

    @property
    def elapsed(self) -> LapFigures:
        """The lap up to the last frame."""
        began = self._start.registers
        wh = {
            name: value - began.get(name, value)
            for name, value in self._last.registers.items()
            if value > began.get(name, value)
        }
        return LapFigures(
            start=self._start.at,
            end=self._last.at,
            wh=wh,
            mean=round(self._sum / self._count) if self._count else None,
            peak=self._peak.power if self._peak else None,
            peak_at=self._peak.at if self._peak else None,
        )
