"""A lap while it runs: what was drawn since a key was pressed. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from linkytui.reading import Reading
from linkytui.tui.messages import Sample


@dataclass(frozen=True, slots=True)
class Elapsed:
    """A lap so far."""

    start: float
    """Seconds since 1970."""
    end: float
    """Seconds since 1970."""
    wh: Mapping[str, int]
    """Wh per register."""
    mean: int | None
    """VA."""
    peak: int | None
    """VA."""
    peak_at: float | None
    """Seconds since 1970."""
    exact: bool = True
    """Both ends are frames; else the registers there were interpolated."""

    @property
    def total_wh(self) -> int:
        """Wh in all registers."""
        return sum(self.wh.values())


class Stopwatch:
    """Counts from the reading at which it is made. Energy comes from the registers, never from adding up power."""

    def __init__(self, reading: Reading) -> None:
        """Start. Args: reading: the last known of everything."""
        self._start = reading
        self._last = reading
        self._sum = 0
        self._count = 0
        self._peak: Sample | None = None

    def hear(self, reading: Reading, samples: Iterable[Sample]) -> None:
        """Take in what came since.

        Args:
            reading: the last known of everything.
            samples: the power of each frame.
        """
        self._last = reading
        for sample in samples:
            if sample.at < self._start.at:
                continue
            self._sum += sample.power
            self._count += 1
            if self._peak is None or sample.power > self._peak.power:
                self._peak = sample

    @property
    def elapsed(self) -> Elapsed:
        """The lap up to the last frame."""
        began = self._start.registers
        wh = {
            name: value - began.get(name, value)
            for name, value in self._last.registers.items()
            if value > began.get(name, value)
        }
        return Elapsed(
            start=self._start.at,
            end=self._last.at,
            wh=wh,
            mean=round(self._sum / self._count) if self._count else None,
            peak=self._peak.power if self._peak else None,
            peak_at=self._peak.at if self._peak else None,
        )
