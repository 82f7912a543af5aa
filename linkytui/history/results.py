"""The values that history queries return; times are seconds since 1970 unless they are civil spans."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from linkytui.civil.times import Timestamp
from linkytui.reading.contracts import Contract
from linkytui.reading.lap import LapFigures


class MeterInfo(NamedTuple):
    """A meter that the history knows."""

    id: int
    number: str  # serial number; empty when it never said it
    contract: Contract | None
    limit_kva: float | None  # the breaker's threshold or the subscribed power, whichever is larger
    first_at: Timestamp  # when its record begins
    last_at: Timestamp  # when it was last recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerRange:
    """Apparent power over a span."""

    mean: int  # VA, over the frames that told it
    min: int  # VA
    max: int  # VA
    max_at: datetime  # when the highest was reached


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One hour, day, month or year."""

    start: datetime
    end: datetime  # the next one's start; may lie in the future
    wh: Mapping[str, int]  # Wh drawn per register that counted, in the meter's order: differences of the registers
    injected_wh: int | None  # Wh given to the grid; None where the meter does not count it
    power: PowerRange | None  # None when no power was recorded
    estimated_wh: int  # the part of `wh` that was spread over gaps
    covered_s: int  # seconds of the span that were recorded

    @property
    def total_wh(self) -> int:
        """Wh drawn in all."""
        return sum(self.wh.values())

    def as_dict(self) -> dict[str, Any]:
        """The object that `linkytui history --json` prints."""
        power = self.power
        shown: dict[str, Any] = {
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "wh": dict(self.wh),
            "power_va": None
            if power is None
            else {
                "mean": power.mean,
                "min": power.min,
                "max": power.max,
                "max_at": power.max_at.isoformat(timespec="seconds"),
            },
            "estimated_wh": self.estimated_wh,
            "covered_s": self.covered_s,
        }
        if self.injected_wh is not None:
            shown["injected_wh"] = self.injected_wh
        return shown


class DayContract(NamedTuple):
    """What the meter said of its contract at the end of a day; None is "not said"."""

    day: date
    contract: Contract | None
    calendar: str | None  # the contract in the meter's own words: OPTARIF or NGTF
    subscribed_kva: float | None


class HourEnergy(NamedTuple):
    """What was drawn in one hour."""

    start: int  # a whole hour
    wh: Mapping[str, int]  # Wh per register that counted
    estimated_wh: int  # the part of it that was spread over gaps
    injected_wh: int  # Wh given to the grid


class MinuteRow(NamedTuple):
    """One register in one minute."""

    start: int  # a whole minute
    register: str  # empty when the meter did not say which register counted
    frames: int
    mean: int | None  # VA; None when no frame told the power, as are `low` and `high`
    low: int | None  # VA
    high: int | None  # VA
    wh: int  # Wh that the register rose by


class CurvePoint(NamedTuple):
    """One column of a curve of apparent power."""

    at: Timestamp  # when it begins
    mean: int  # VA
    low: int  # VA
    high: int  # VA
    register: str | None  # the register that counted for most of it


class GapSpan(NamedTuple):
    """A time in which nothing was recorded."""

    start: Timestamp
    end: Timestamp


class RegisterValue(NamedTuple):
    """A register at a moment."""

    wh: int
    exact: bool  # said by the meter around that moment; else interpolated


@dataclass(frozen=True, slots=True, kw_only=True)
class Lap:
    """A stretch of time that somebody named."""

    id: int
    name: str
    figures: LapFigures


class StoredSample(NamedTuple):
    """A frame as it was recorded."""

    id: int  # grows from sample to sample; never used twice
    meter: str  # serial number; empty when the meter never said it
    at: Timestamp
    power: int | None  # VA drawn
    injected_power: int | None  # VA given to the grid
    period: str | None  # the register that counted
    registers: Mapping[str, int]  # Wh per register as last seen, `INJECTED` among them


class Backlog(NamedTuple):
    """What somebody who reads the samples still has before him."""

    samples: int
    oldest_at: Timestamp | None  # None when there is none
