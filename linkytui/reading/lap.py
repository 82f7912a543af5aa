"""What was drawn between two moments."""

from collections.abc import Mapping
from dataclasses import dataclass

from linkytui.civil.times import Timestamp


@dataclass(frozen=True, slots=True, kw_only=True)
class LapFigures:
    """The energy and the power of a stretch of time."""

    start: Timestamp
    end: Timestamp
    wh: Mapping[str, int]  # Wh per register
    exact: bool = True  # both ends are frames; else the registers there were interpolated
    mean: int | None  # VA
    peak: int | None  # VA
    peak_at: Timestamp | None

    @property
    def total_wh(self) -> int:
        """Wh in all registers."""
        return sum(self.wh.values())
