"""Roll-ups: sums energy and power by minute and hour, and spreads a register's rise over them. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple, TypeAlias

MINUTE_MS: Final = 60_000
HOUR_MS: Final = 3_600_000
DAY_MS: Final = 86_400_000  # milliseconds

Millis: TypeAlias = int  # milliseconds since 1970, UTC: what the history counts in


def hour_of(moment: datetime) -> int:
    """The hour since 1970 that a moment lies in.

    Hours are UTC: in a zone whose offset is not whole hours, a day begins with the hour that midnight lies in.
    """
    return int(moment.timestamp() * 1000) // HOUR_MS


@dataclass(slots=True)
class Bucket:
    """One register in one minute or one hour."""

    frames: int = 0  # powers that came while this register counted
    power_sum: int = 0  # VA, added up over those frames
    power_min: int | None = None  # VA
    power_max: int | None = None  # VA
    peak_at: Millis | None = None  # of the highest power
    wh: int = 0  # Wh that the register rose by
    estimated: int = 0  # the part of it that was spread over a gap
    value: int | None = None  # Wh in the register at the end, or when it was last seen if that is earlier

    def power(self, power: int, at: Millis) -> None:
        """Count a power, in VA."""
        self.frames += 1
        self.power_sum += power
        if self.power_max is None or self.power_min is None:
            self.power_min = self.power_max = power
            self.peak_at = at
        elif power > self.power_max:
            self.power_max, self.peak_at = power, at
        elif power < self.power_min:
            self.power_min = power


class Gap(NamedTuple):
    """A time in which a register was not seen, and over which its rise was spread."""

    register: str
    start: Millis  # when it was last seen before
    end: Millis  # when it was seen again
    start_value: int  # Wh
    end_value: int  # Wh


class BucketShare(NamedTuple):
    """The part of a rise that falls into one bucket."""

    bucket: int  # number of the minute or hour since 1970
    wh: int
    value: int  # Wh in the register where the piece ends


def pieces(start: Millis, start_value: int, end: Millis, end_value: int, unit: int) -> Iterator[BucketShare]:
    """Spread a register's rise evenly over the time that it took.

    The register at each border is rounded down to whole Wh, so that pieces add up to the rise exactly, and minutes to
    their hour. `unit` is `MINUTE_MS` or `HOUR_MS`; the end is not before the start, in time and in Wh.
    """
    first = start // unit
    last = max(first, (end - 1) // unit)
    rise, duration = end_value - start_value, end - start
    before = start_value
    for bucket in range(first, last):
        value = start_value + rise * ((bucket + 1) * unit - start) // duration
        yield BucketShare(bucket, value - before, value)
        before = value
    yield BucketShare(last, end_value - before, end_value)


def value_at(gap: Gap, at: Millis) -> int:
    """What a register is taken to have been at a moment inside a gap, in Wh."""
    return gap.start_value + (gap.end_value - gap.start_value) * (at - gap.start) // (gap.end - gap.start)
