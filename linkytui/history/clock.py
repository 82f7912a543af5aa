"""Times samples on a machine whose clock may be wrong: a Raspberry Pi has no battery-backed clock.

Within one boot of the machine a monotonic clock never jumps. Every sample of a boot therefore lies on one line of time,
and the wall clock only tells where the line lies; when it is corrected, the whole line moves. The rules:

1. A wall clock that is before 2020 is not set, and one that is before what is recorded already is suspect: samples wait
   in memory until it leaps forward, the meter's own clock agrees with it, or it went on steadily for ten minutes. One
   that is more than a day after what is recorded is believed after a minute. What
   is recorded later than a clock that was believed in the end is forgotten; its energy comes back from the registers.
2. Steps up to five seconds are followed. A larger one is a jump: samples stay on the line until it is confirmed.
3. A jump is confirmed at once when the meter's own clock agrees with it, and after a minute when it goes forward in the
   first ten minutes of a boot (the network has just set the clock). It is refused while the meter's clock agrees with
   the line. Otherwise it is confirmed once it went on steadily for ten minutes; until then it may go back and nothing
   happened.
4. A wall clock that is more than ten minutes behind the meter's is wrong; the line follows the meter.
5. When the line moves, samples of this boot move with it, if the boot is not older than a day; on an older line those
   since the jump.
6. While the machine says that its clock is synchronised, that clock is right: it is followed at once, the meter's
   counts for nothing, and what was recorded while it agreed with the line is never moved.

The meter's clock is the DATE of the standard mode, where it does not call itself degraded (Enedis-NOI-CPT_54E,
6.2.1.1), and once three of them followed each other as seconds do.
"""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from linkytui.civil.times import Monotonic, Timestamp

FLOOR: Final = 1_577_836_800.0  # 2020-01-01 UTC: a clock that says less was never set

TOLERANCE: Final = 5.0  # seconds that a clock may step without having jumped

BACK_TOLERANCE: Final = 60.0  # seconds that a clock may be before what is recorded without being suspect

METER_TOLERANCE: Final = 600.0  # seconds by which the meter's clock and a right one may differ

STEADY_FOR: Final = 600.0  # seconds after which a clock that jumped is believed

YOUNG: Final = 600.0  # seconds after a line's beginning within which a jump forward is the network setting the clock

BRIEF: Final = 60.0  # seconds for which a clock may be far ahead after a start, before it is set

FAR: Final = 86_400.0  # seconds after the end of the record from which a clock may be far ahead

SAME_LINE: Final = 86_400.0  # seconds up to which a correction holds for all of a line

_CLEARLY: Final = 60.0
_TIMES: Final = 3


class Move(NamedTuple):
    """What was recorded must move."""

    since: Timestamp | None  # samples from this time on, as recorded, move by `by`; None when none does
    by: float  # seconds; negative is back
    cut: Timestamp  # everything recorded from here on is worked out anew from the samples that remain
    reason: str
    """`meter`, `set` (the clock was set after a boot), `steady` or `ahead` (the record was ahead of the clock)."""


@dataclass(frozen=True, slots=True)
class Line:
    """Where a boot's line of time lies."""

    boot: str  # names the boot of the machine; empty when that is not known
    offset: Timestamp  # when the monotonic clock was zero
    start: Monotonic  # when the line begins


class _Jump(NamedTuple):
    offset: float
    since: float


class Clock:
    """Decides where samples lie in time. Holds no clock itself: both clocks' times come with the samples."""

    def __init__(self, boot: str, *, line: Line | None = None, recorded: Timestamp | None = None) -> None:
        """Begin where an earlier run ended, in a boot of that name; empty when it is not known.

        `line`, as it was kept, is taken up again when it belongs to this boot; `recorded` is the end of the history.
        """
        self._boot = boot
        self.line = line if line is not None and boot and line.boot == boot else None
        """None while no clock can be trusted: samples must wait."""
        self._recorded = recorded
        self._meter: list[float] = []
        self._jump: _Jump | None = None
        self._right_until: float | None = None  # when the line last agreed with a clock that was synchronised
        self._waiting_since: float | None = None
        self._now = 0.0

    @property
    def carried_over(self) -> bool:
        """The line goes on from an earlier run in the same boot, so the time between is known."""
        return self.line is not None

    def held_for(self, seconds: float) -> bool:
        """The line has lain where it is, or has been carried along, for so long."""
        return self.line is not None and self._now - self.line.start >= seconds and self._jump is None

    def hear(
        self, wall: Timestamp, monotonic: Monotonic, meter: Timestamp | None, *, synchronised: bool = False
    ) -> Move | None:
        """Take both clocks in, and the meter's where it says one and does not call it degraded.

        `synchronised`: the machine says that its clock is. Returns what must move before the next sample is recorded.
        """
        self._now = monotonic
        offset = wall - monotonic
        meter_offset = self._hear_meter(None if meter is None else meter - monotonic)
        line = self.line
        if synchronised and wall >= FLOOR:
            return self._follow_synchronised(offset, monotonic)
        if line is None:
            return self._begin(offset, monotonic, meter_offset, None if meter is None else meter - monotonic)
        if abs(offset - line.offset) <= TOLERANCE:
            self._jump = None
            self.line = Line(line.boot, offset, line.start)
            if meter_offset is not None and meter_offset - offset > METER_TOLERANCE and self._right_until is None:
                young = monotonic - line.start <= SAME_LINE
                return self._follow(meter_offset, line.start if young else monotonic, "meter")
            return None
        jump = self._jump
        if jump is None or abs(offset - jump.offset) > TOLERANCE:
            self._jump = jump = _Jump(offset, monotonic)
        if wall < FLOOR:
            return None
        if meter_offset is not None:
            far, line_far = abs(offset - meter_offset), abs(line.offset - meter_offset)
            if min(far, line_far) <= METER_TOLERANCE:
                if far <= METER_TOLERANCE and line_far <= METER_TOLERANCE and abs(far - line_far) <= _CLEARLY:
                    return self._follow(offset, jump.since, "meter")
                return None if line_far < far else self._follow(offset, self._start_of(line, jump), "meter")
        if offset > line.offset and jump.since - line.start < YOUNG and monotonic - jump.since >= BRIEF:
            return self._follow(offset, self._start_of(line, jump), "set")
        if monotonic - jump.since >= STEADY_FOR:
            return self._follow(offset, self._start_of(line, jump), "steady")
        return None

    def place(self, monotonic: Monotonic) -> Timestamp:
        """When a moment of this boot was. There must be a line."""
        assert self.line is not None  # noqa: S101 -- the caller looked
        return monotonic + self.line.offset

    def _begin(self, offset: float, monotonic: float, steady: float | None, meter: float | None) -> Move | None:
        """No line yet: see whether one of the clocks can be trusted."""
        if self._waiting_since is None:
            self._waiting_since = monotonic
        if steady is not None and steady - offset > METER_TOLERANCE:
            return self._settle(steady, "meter")
        waited = monotonic - self._waiting_since
        if meter is not None and meter - offset > METER_TOLERANCE and waited < _CLEARLY:
            return None  # three such dates will tell
        wall = offset + monotonic
        if wall < FLOOR:
            return None
        if self._recorded is None or self._recorded - BACK_TOLERANCE <= wall <= self._recorded + FAR:
            return self._settle(offset, "set")
        jump = self._jump
        if jump is None or abs(offset - jump.offset) > TOLERANCE:
            self._jump = jump = _Jump(offset, monotonic)
        agreed = steady is not None and abs(steady - offset) <= METER_TOLERANCE
        ahead = wall > self._recorded
        if agreed or monotonic - jump.since >= (BRIEF if ahead else STEADY_FOR):
            return self._settle(offset, "set" if ahead else "ahead")
        return None

    def _follow_synchronised(self, offset: float, monotonic: float) -> Move | None:
        """The machine's clock is right, and so is what was recorded while the line agreed with it."""
        line = self.line
        if line is None:
            if self._waiting_since is None:
                self._waiting_since = monotonic
            move = self._settle(offset, "set")
        elif abs(offset - line.offset) <= TOLERANCE:
            self._jump = None
            self.line = Line(line.boot, offset, line.start)
            move = None
        else:
            jump = self._jump if self._jump is not None and self._right_until is not None else _Jump(offset, monotonic)
            move = self._follow(offset, self._start_of(line, jump), "set")
        self._right_until = monotonic
        return move

    def _settle(self, offset: float, reason: str) -> Move | None:
        """The line begins where the first sample waited; what is recorded later than that cannot be."""
        assert self._waiting_since is not None  # noqa: S101 -- set by the caller
        start = self._waiting_since
        self.line = Line(self._boot, offset, start)
        self._jump = None
        first = start + offset
        if self._recorded is not None and first < self._recorded - BACK_TOLERANCE:
            return Move(None, 0.0, first, reason)
        return None

    def _follow(self, offset: float, since: float, reason: str) -> Move:
        line = self.line
        assert line is not None  # noqa: S101 -- only a line can move
        by = offset - line.offset
        before = since + line.offset
        self.line = Line(line.boot, offset, since)
        self._jump = None
        self._meter.clear()
        return Move(before, by, min(before, before + by), reason)

    def _start_of(self, line: Line, jump: _Jump) -> float:
        """From where on a correction holds: never for what was recorded while the clock was known to be right."""
        start = line.start if jump.since - line.start <= SAME_LINE else jump.since
        return start if self._right_until is None else max(start, self._right_until)

    def _hear_meter(self, offset: float | None) -> float | None:
        """Where the meter's clock puts the line, once three dates in a row agree."""
        if offset is None:
            return None
        dates = self._meter
        if dates and abs(offset - dates[-1]) > TOLERANCE:
            dates.clear()
        dates.append(offset)
        del dates[:-_TIMES]
        return offset if len(dates) == _TIMES else None


def boot_name() -> str:
    """Names this boot of the machine; empty where the system does not tell."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""


def steady_clock() -> float:
    """Seconds since the machine's boot, its sleep included: what `time.monotonic` leaves out on Linux."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()
