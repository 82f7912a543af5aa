"""Applies one meter's samples to its history: minutes, hours, gaps, segments. No database and no clock.

A book is open on one free stretch of time: after all that is recorded, or between two recorded stretches. What is known
on either side are its anchors: each register's last sighting before and first one after. Every rise between two
sightings is booked once, so that the hours always add up to what the registers rose by.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from linkytui.history.rollup import DAY_MS, HOUR_MS, MINUTE_MS, Bucket, Gap, Millis, pieces
from linkytui.history.samples import Sample
from linkytui.reading.contracts import INJECTED, Contract
from linkytui.reading.plausible import (
    LONGEST_ABSENCE_MS,
    POWER_MARGIN,
    SLACK_WH,
    UNKNOWN_LIMIT_KVA,
    Allowance,
    Candidate,
    most_energy,
)
from linkytui.reading.steady import Steady

GAP_AFTER_MS: Final = 120_000  # milliseconds without a sample after which energy is estimated rather than measured

NO_REGISTER: Final = ""  # holds the power of frames that did not tell which register counted

_NEVER: Final = 1 << 62


class Sighting(NamedTuple):
    """A register as it was seen."""

    at: Millis
    value: int  # Wh


class StoredRow(NamedTuple):
    """A sample as it is kept."""

    at: Millis
    power: int | None  # VA
    injected_power: int | None  # VA
    period: str | None
    registers: Mapping[str, int] | None
    """All registers in Wh when one of them changed; None when they are as in the row before."""


Kept = Callable[[int, str], Bucket | None]
"""The bucket of a minute or an hour, counted since 1970, and a register, where it was begun before."""


@dataclass(slots=True)
class Changes:
    """What is to be written, all of it or nothing."""

    minutes: dict[tuple[int, str], Bucket] = field(default_factory=dict)
    hours: dict[tuple[int, str], Bucket] = field(default_factory=dict)
    """Whole buckets; each replaces the one that is kept."""
    rows: list[StoredRow] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    gaps_gone: list[Gap] = field(default_factory=list)
    stretches: dict[int, int] = field(default_factory=dict)  # recorded time: start to end, in milliseconds since 1970
    firsts: dict[str, Sighting] = field(default_factory=dict)
    """Registers that were seen for the first time in this stretch of time."""
    lasts: dict[str, Sighting] = field(default_factory=dict)
    retired: dict[str, Sighting] = field(default_factory=dict)
    """Registers that the contract no longer has, as they were last seen."""
    counters: Counter[tuple[int, str]] = field(default_factory=Counter)
    """What was rejected, by day since 1970 (UTC) and kind."""


class Book:
    """The bookkeeping of one meter over one free stretch of time."""

    def __init__(
        self,
        minute: Kept,
        hour: Kept,
        *,
        stretch: tuple[Millis, Millis] | None = None,
        left: Mapping[str, Sighting] | None = None,
        right: Mapping[str, Sighting] | None = None,
        contract: Contract | None = None,
        limit_kva: float | None = None,
        unsure: bool = False,
        trusted: bool = False,
        gap_ms: int = GAP_AFTER_MS,
        rows_from: Millis = 0,
        minutes_from: Millis = 0,
    ) -> None:
        """Open it.

        Args:
            stretch: the recorded stretch before, which the first sample may continue.
            left: each register's last sighting before.
            right: each register's first sighting after; empty when nothing comes after.
            unsure: how long nothing was recorded is not certain, so a leap over that time may be true.
            trusted: the samples were checked when they came; where a register leaps, counting had begun anew.
            gap_ms: milliseconds without a sample that still count as recorded.
            rows_from: from when single samples are kept.
            minutes_from: from when minutes are kept.
        """
        self._kept_minute, self._kept_hour = minute, hour
        self.changes = Changes()
        self.contract: Steady[Contract] = Steady(contract)
        self.limit: Steady[float] = Steady(limit_kva)
        self._start: int | None = stretch[0] if stretch else None
        self._end = stretch[1] if stretch else -_NEVER
        self._values: dict[str, int] = {}
        self._marks: dict[str, int] = {}
        for name, sighting in (left or {}).items():
            self._values[name], self._marks[name] = sighting.value, sighting.at
        self._right = dict(right or {})
        self._closed_from = min((sighting.at for sighting in self._right.values()), default=_NEVER) // HOUR_MS
        self._unsure = set(self._values) if unsure else set()
        self._trusted = trusted
        self.confirmed: Container[tuple[str, int, int]] = ()
        """Leaps that are known to be true where samples are trusted: register, value before and after, in Wh."""
        self._gap_ms = gap_ms
        self._rows_from = rows_from
        self._minutes_from = minutes_from
        self._candidates: dict[str, Candidate] = {}
        self._allowances: defaultdict[str, Allowance] = defaultdict(Allowance)
        self._all_seen = -_NEVER  # when all registers were last seen as they are
        self._hour_ends = -_NEVER
        self._row_due = True
        self._from = -_NEVER  # what was seen before belongs to another run or stretch, and is not said again
        self._minute_now: tuple[int, str] | None = None
        self._buckets: tuple[Bucket | None, Bucket] = (None, Bucket())

    @property
    def end(self) -> int:
        """Milliseconds since 1970 up to which it is recorded; hugely negative when nothing is."""
        return self._end

    def take(self, sample: Sample, at: Millis) -> bool:
        """Book a sample of this meter; whether it was new, which it is not when its time is recorded already.

        `at` is its place in time, which may differ from what the sample itself says.
        """
        if at <= self._end:
            return False
        if self._start is None or at - self._end > self._gap_ms:
            if self._start is not None:
                self.changes.stretches[self._start] = self._end
            self._start, self._from = at, at
        if self._from == -_NEVER:
            self._from = at
        self._end = at
        if sample.limit_kva is not None and not self.limit.says(sample.limit_kva):
            self.limit.hear(sample.limit_kva)
        period = sample.period
        registers = sample.registers
        if sample.contract is not None and not self.contract.says(sample.contract):
            registers, period = self._meet_contract(sample, registers, period)
        if registers:
            if registers == self._values and at - self._all_seen <= self._gap_ms and at < self._hour_ends:
                self._all_seen = at
            else:
                self._compare(registers, at)
        power = sample.power
        if power is not None:
            if power <= self._most_power() or self._trusted:
                self._count_power(power, period or NO_REGISTER, at)
            else:
                power = None
                self._reject("power", at)
        injected = sample.injected_power
        if injected:
            self._inject(injected, at)
        if at >= self._rows_from:
            self.changes.rows.append(StoredRow(at, power, injected, period, self._said() if self._row_due else None))
            self._row_due = False
        return True

    def expect_leap(self) -> None:
        """How long it took to come to the next sample is not certain, so a leap of the registers may be true."""
        self._unsure = set(self._values)

    def close(self) -> None:
        """Link what was booked to what comes after, where something does."""
        for name, sighting in self._right.items():
            if name in self._values:
                start = self._seen(name)
                self._book(name, start, self._values[name], sighting.at, sighting.value)

    def unbook(self, gap: Gap) -> None:
        """Take back what was spread over a gap that is to be filled."""
        for hour, wh, _value in pieces(gap.start, gap.start_value, gap.end, gap.end_value, HOUR_MS):
            bucket = self._hour(hour, gap.register)
            bucket.wh -= wh
            bucket.estimated -= wh
        self.changes.gaps_gone.append(gap)

    def hand_over(self) -> Changes:
        """What is to be written since the last time this was asked."""
        changes = self.changes
        if self._start is not None:
            changes.stretches[self._start] = self._end
        changes.lasts = {name: Sighting(self._seen(name), value) for name, value in self._values.items()}
        self.changes = Changes()
        self._minute_now = None
        return changes

    def _seen(self, name: str) -> int:
        return max(self._marks[name], self._all_seen)

    def _said(self) -> dict[str, int]:
        """The registers that were seen since the stretch or the run began, but those in doubt."""
        return {
            name: value
            for name, value in self._values.items()
            if name not in self._candidates and self._seen(name) >= self._from
        }

    def _most_power(self) -> float:
        return (self.limit.value or UNKNOWN_LIMIT_KVA) * 1000 * POWER_MARGIN

    def _meet_contract(
        self, sample: Sample, registers: Mapping[str, int], period: str | None
    ) -> tuple[Mapping[str, int], str | None]:
        """Another contract than before: its registers count once it was said often enough."""
        assert sample.contract is not None  # noqa: S101 -- for the type checker
        known = self.contract.value
        if not self.contract.hear(sample.contract):
            return {}, None
        if known is not None and known is not sample.contract:
            # One register of the meter may count under another name from now on: what has no place any more must not
            # be taken up again with what it counted meanwhile.
            for name in [name for name in self._values if name not in registers and name != INJECTED]:
                self.changes.retired[name] = Sighting(self._seen(name), self._values[name])
                del self._values[name], self._marks[name]
                self._candidates.pop(name, None)
            self._all_seen = -_NEVER if not self._values else self._all_seen
            self._row_due = True
        return registers, period

    def _compare(self, registers: Mapping[str, int], at: Millis) -> None:
        """Look at each register, because one of them rose, was lost for a while, or a new hour began."""
        for name, value in registers.items():
            known = self._values.get(name)
            if known is None:
                self._found(name, value, at)
            elif value != known:
                self._step(name, known, value, at)
            else:
                if self._candidates.pop(name, None) is not None or self._seen(name) < self._from:
                    self._row_due = True
                self._unsure.discard(name)
                self._book(name, self._seen(name), known, at, value)
                self._marks[name] = at
        if registers == self._values:
            self._all_seen = at
        if at >= self._hour_ends:
            self._hour_ends = (at // HOUR_MS + 1) * HOUR_MS
            self._row_due = True

    def _found(self, name: str, value: int, at: Millis) -> None:
        """A register that was not known: what it says is where counting begins."""
        if not self._trusted and self._beyond(name, value, at):
            return
        self._values[name] = value
        self._marks[name] = at
        self.changes.firsts.setdefault(name, Sighting(at, value))
        self._set_value(self._hour(at // HOUR_MS, name), at // HOUR_MS, value)
        self._row_due = True

    def _beyond(self, name: str, value: int, at: Millis) -> bool:
        """Whether a register is already past what it will be later, which no meter does; rejects it then."""
        later = self._right.get(name)
        if later is None or value <= later.value:
            return False
        self._reject("fall", at)
        return True

    def _step(self, name: str, known: int, value: int, at: Millis) -> None:
        """A register that changed: it rose, or what it says cannot be."""
        seen = self._seen(name)
        limit = UNKNOWN_LIMIT_KVA if name == INJECTED else self.limit.value or UNKNOWN_LIMIT_KVA
        possible = value >= known and self._allowances[name].spend(value - known, at - seen, limit)
        away = at - seen > self._gap_ms or name in self._unsure
        leaps = value < known or (not away and (name, known, value) not in self.confirmed)
        if self._trusted and not possible and leaps:
            self._set_value(self._hour(at // HOUR_MS, name), at // HOUR_MS, value)
            self._accept(name, value, at)
            return
        if self._beyond(name, value, at):
            return
        if possible or self._trusted:
            self._book(name, seen, known, at, value, gap=None if possible else True)
            self._accept(name, value, at)
            return
        self._row_due = True
        self._reject("fall" if value < known else "jump", at)
        candidate = self._candidates.get(name)
        if candidate is None or not candidate.goes_on(at, value, limit):
            self._candidates[name] = Candidate(at, value, at, value)
        elif candidate.steady:
            self._rebase(name, Sighting(seen, known), candidate, limit)

    def _rebase(self, name: str, before: Sighting, candidate: Candidate, limit: float) -> None:
        """A register that fell or leapt and goes on from there: counting begins anew where it went."""
        self._reject("rebase", candidate.at)
        most = most_energy(limit, LONGEST_ABSENCE_MS) + SLACK_WH
        if name in self._unsure and 0 <= candidate.first - before.value <= most:
            # Only the clock spoke against it, and the clock may have stood still: the energy is real.
            self._book(name, before.at, before.value, candidate.since, candidate.first, gap=True)
        self._book(name, candidate.since, candidate.first, candidate.at, candidate.value, gap=False)
        self._accept(name, candidate.value, candidate.at)

    def _accept(self, name: str, value: int, at: Millis) -> None:
        self._values[name] = value
        self._marks[name] = at
        self._candidates.pop(name, None)
        self._unsure.discard(name)
        self._row_due = True

    def _book(
        self, name: str, start: int, start_value: int, end: int, end_value: int, *, gap: bool | None = None
    ) -> None:
        """Spread a rise over the time that it took; over a gap it is estimated."""
        estimated = end - start > self._gap_ms if gap is None else gap
        if end_value == start_value and not estimated and start // HOUR_MS == end // HOUR_MS:
            return
        if estimated:
            self.changes.gaps.append(Gap(name, start, end, start_value, end_value))
        if estimated or end - start > GAP_AFTER_MS or end < self._minutes_from or end_value == start_value:
            for hour, wh, value in pieces(start, start_value, end, end_value, HOUR_MS):
                bucket = self._hour(hour, name)
                bucket.wh += wh
                if estimated:
                    bucket.estimated += wh
                self._set_value(bucket, hour, value)
            return
        for minute, wh, value in pieces(start, start_value, end, end_value, MINUTE_MS):
            hour = minute * MINUTE_MS // HOUR_MS
            bucket = self._hour(hour, name)
            bucket.wh += wh
            self._set_value(bucket, hour, value)
            if wh:
                self._minute(minute, name).wh += wh

    def _set_value(self, bucket: Bucket, hour: int, value: int) -> None:
        # The hour in which later records begin ends as they say.
        if hour < self._closed_from or bucket.value is None:
            bucket.value = value

    def _count_power(self, power: int, register: str, at: Millis) -> None:
        key = (at // MINUTE_MS, register)
        if key != self._minute_now:
            minute = self._minute(*key) if at >= self._minutes_from else None
            self._buckets = minute, self._hour(at // HOUR_MS, register)
            self._minute_now = key
        minute, hour = self._buckets
        if minute is not None:
            minute.power(power, at)
        hour.power(power, at)

    def _inject(self, power: int, at: Millis) -> None:
        if at >= self._minutes_from:
            self._minute(at // MINUTE_MS, INJECTED).power(power, at)
        self._hour(at // HOUR_MS, INJECTED).power(power, at)

    def _minute(self, minute: int, register: str) -> Bucket:
        minutes = self.changes.minutes
        bucket = minutes.get((minute, register))
        if bucket is None:
            bucket = minutes[minute, register] = self._kept_minute(minute, register) or Bucket()
        return bucket

    def _hour(self, hour: int, register: str) -> Bucket:
        hours = self.changes.hours
        bucket = hours.get((hour, register))
        if bucket is None:
            bucket = hours[hour, register] = self._kept_hour(hour, register) or Bucket(value=self._values.get(register))
        return bucket

    def _reject(self, kind: str, at: Millis) -> None:
        self.changes.counters[at // DAY_MS, kind] += 1
