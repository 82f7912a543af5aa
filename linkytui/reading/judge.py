"""Judges what a meter says before anybody hears of it: one damaged group in 64 passes its checksum."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from linkytui.civil.times import Timestamp
from linkytui.reading.plausible import LASTING_MARGIN, POWER_MARGIN, SLACK_WH, UNKNOWN_LIMIT_KVA, Allowance, Candidate
from linkytui.reading.steady import TIMES, Steady
from linkytui.tic.frames import Frame
from linkytui.tic.groups import Group, Rejected
from linkytui.tic.labels import KNOWN_LABELS, Kind, Mode

_NOISY_FOR: Final = 30  # frames after one with a rejected group in which the line counts as noisy

_REGISTERS: Final = frozenset(
    name for labels in KNOWN_LABELS.values() for name, label in labels.items() if label.kind is Kind.INDEX
)
_DRAWN: Final = frozenset({"PAPP", "PMAX", "SINSTS", "SINST1", "CCASN", "CCASN-1"}) | {
    f"{name}{day}" for name in ("SMAXSN", "SMAXN") for day in ("", "-1")
}
_INJECTED: Final = frozenset({"SINSTI", "SMAXIN", "SMAXIN-1", "CCAIN", "CCAIN-1", "EAIT"}) | {
    f"ERQ{quadrant}" for quadrant in range(1, 5)
}
"""What the subscribed power does not limit."""

_SLOW: Final = frozenset({"NTARF", "STGE"})  # what changes a few times a day, and says which register counts

_JUDGED: Final = _REGISTERS | _DRAWN | _INJECTED | _SLOW

_NOW: Final = frozenset({"PAPP", "SINSTS", "SINST1"})
_CURRENTS: Final = (("IINST",), ("IRMS1",), ("IINST1", "IINST2", "IINST3"), ("IRMS1", "IRMS2", "IRMS3"))
_MOST_VOLTS: Final = 255  # more than the 230 V + 10 % of the grid (NF EN 50160)

_ABSENT_MS: Final = 120_000  # milliseconds after which so much may have been drawn that a leap looks like a rise

_VOLTS: Final = 200  # at which a subscribed current counts (Enedis-NOI-CPT_54E, 6.1.1)


@dataclass(slots=True)
class _Sighting:
    at: int
    value: int
    group: Group


@dataclass(slots=True)
class _Register:
    """A register, as far as it is believed."""

    seen: _Sighting
    confirmed: bool = False  # it was seen again after what is believed
    allowance: Allowance = field(default_factory=Allowance)
    waiting: list[_Sighting] = field(default_factory=list)  # rises that the next sightings must bear out
    candidate: Candidate | None = None

    def take(self, new: _Sighting, limit: float, *, noisy: bool) -> Group | None:
        """What can be believed after a sighting: it, or what was believed before; None when the sighting cannot be."""
        seen = self.seen
        rise = new.value - seen.value
        if rise == 0:
            self.confirmed, self.candidate = True, None
            self.waiting.clear()
            return new.group
        if rise > 0 and self.allowance.left(rise, new.at - seen.at, limit) >= 0:
            return self._rise(new, limit, noisy=noisy)
        return self._doubt(new, limit) if not -SLACK_WH <= rise < 0 else None

    def _rise(self, new: _Sighting, limit: float, *, noisy: bool) -> Group:
        """It rose by what it may. On a noisy line that counts once the next two sightings say no less."""
        waiting = self.waiting
        while waiting and waiting[-1].value > new.value:
            waiting.pop()
        waiting.append(new)
        if noisy and len(waiting) < TIMES:
            return self.seen.group
        believed = waiting.pop(0) if noisy else new
        if not noisy:
            waiting.clear()
        self.allowance.spend(believed.value - self.seen.value, believed.at - self.seen.at, limit)
        self.confirmed = noisy or believed.at - self.seen.at <= _ABSENT_MS
        self.seen, self.candidate = believed, None
        return believed.group

    def _doubt(self, new: _Sighting, limit: float) -> Group | None:
        """It fell or leapt: believed once it went on from there long enough, sooner where nothing bore out the value
        before. A fall of a few Wh is left to be caught up with: counting anew from there would count them twice."""
        candidate = self.candidate
        if candidate is None or not candidate.goes_on(new.at, new.value, limit):
            self.candidate = Candidate(new.at, new.value, new.at, new.value)
            return None
        if not candidate.steady and (self.confirmed or candidate.times < TIMES):
            return None
        self.seen, self.allowance, self.candidate, self.confirmed = new, candidate.allowance, None, True
        self.waiting.clear()
        return new.group


class Judge:
    """Judges the frames of one meter, in one mode.

    What it does not believe leaves the frame's groups and joins those that were rejected, as `implausible`. Where a
    register's rise must wait to be borne out, the frame says what the register said before. It holds no clock: times
    come with the frames.
    """

    def __init__(self) -> None:
        self._registers: dict[str, _Register] = {}
        self._firsts: dict[str, list[_Sighting]] = {}  # of registers that are not believed to be there yet
        self._high: dict[str, int] = {}  # how often running a power was above what lasts
        self._limits: dict[str, Steady[int]] = {}
        self._slow: defaultdict[str, Steady[Group]] = defaultdict(Steady)
        self._noise = 0  # frames for which the line still counts as noisy
        self._rejected: list[str] | None = None  # labels, in the frame before

    def hear(self, frame: Frame, at: Timestamp, phases: int | None) -> Frame:
        """The frame without what cannot be. `phases`: as far as it is known, which ISOUSC needs."""
        # A recording whose numbers were masked has the same bad sums in each frame, which is no noise.
        rejected_labels = sorted(item.label or "" for item in frame.rejected)
        harmed = bool(rejected_labels) and rejected_labels != self._rejected
        self._noise = _NOISY_FOR if harmed and self._rejected is not None else max(0, self._noise - 1)
        self._rejected = rejected_labels
        said = {group.label: group for group in frame.groups}
        limit = self._limit(said, frame.mode, phases, sure=not harmed)
        groups: list[Group] = []
        rejected: list[Rejected] = []
        changed = False
        for group in frame.groups:
            if group.label not in _JUDGED:
                groups.append(group)
                continue
            most = UNKNOWN_LIMIT_KVA if group.label in _INJECTED else limit
            believed: Group | None
            held = False
            if group.label in _REGISTERS:
                believed, held = self._register(group, round(at * 1000), most, sure=not harmed)
            elif group.label in _SLOW:
                believed = self._slowly(group)
                held = believed is None
            else:
                believed = group if self._power(group, most, said) else None
            changed = changed or believed is not group
            if believed is not None:
                groups.append(believed)
            elif not held:
                rejected.append(Rejected(_raw(group), "implausible", group.label))
        if not changed:
            return frame
        return frame._replace(groups=tuple(groups), rejected=(*frame.rejected, *rejected))

    def _register(self, group: Group, at: int, limit: float, *, sure: bool) -> tuple[Group | None, bool]:
        """What is believed of a register, if anything; whether it has only to be borne out."""
        new = _Sighting(at, int(group.data), group)
        known = self._registers.get(group.label)
        if known is not None:
            known.seen.at = min(known.seen.at, at)  # the clock went back
            return known.take(new, limit, noisy=self._noise > 0), False
        firsts = self._firsts.setdefault(group.label, [])
        if firsts:
            rise = new.value - firsts[-1].value
            leapt = Allowance().left(rise, at - firsts[-1].at, limit) < 0
            sure = sure and not leapt and rise >= 0  # else one of the two is wrong, however well this frame came
            if leapt:
                firsts.clear()
        while firsts and firsts[-1].value > new.value:
            firsts.pop()
        firsts.append(new)
        if not sure and len(firsts) < TIMES:
            return None, True
        believed = new if sure else firsts[0]
        del self._firsts[group.label]
        self._registers[group.label] = _Register(believed, confirmed=not sure)
        return believed.group, False

    def _slowly(self, group: Group) -> Group | None:
        """What changes seldom; on a noisy line it does so once that was said three times running."""
        if not self._noise:
            self._slow[group.label] = Steady(group)
            return group
        slow = self._slow[group.label]
        slow.hear(group, sure=False)
        return slow.value

    def _power(self, group: Group, limit: float, said: Mapping[str, Group]) -> bool:
        """Whether a power can be: what the breaker passes for ever, or more for a while, said three times running.

        On a noisy line it must also fit the currents of the frame, and more than the limit needs to be said often.
        """
        power = int(group.data)
        if self._noise and group.label in _NOW and power > _most_by_currents(said):
            return False
        if power <= limit * 1000 * (1.0 if self._noise else LASTING_MARGIN):
            self._high.pop(group.label, None)
            return True
        times = self._high[group.label] = self._high.get(group.label, 0) + 1
        return power <= limit * 1000 * POWER_MARGIN and times >= TIMES

    def _limit(self, said: Mapping[str, Group], mode: Mode, phases: int | None, *, sure: bool) -> float:
        """The most that may be drawn for long, in kVA: the breaker's threshold, or the subscribed power."""
        for label in ("ISOUSC",) if mode is Mode.HISTORIC else ("PREF", "PCOUP"):
            group = said.get(label)
            if group is not None:
                self._limits.setdefault(label, Steady()).hear(int(group.data), sure=sure)
        highest = max((limit.value or 0 for limit in self._limits.values()), default=0)
        kva = highest * ((phases or 3) * _VOLTS / 1000 if mode is Mode.HISTORIC else 1)
        return min(UNKNOWN_LIMIT_KVA, kva) if kva else UNKNOWN_LIMIT_KVA


def _most_by_currents(said: Mapping[str, Group]) -> float:
    """VA that the currents of a frame allow, which are whole amperes; endless where they do not tell."""
    told = [[int(said[label].data) for label in labels] for labels in _CURRENTS if all(one in said for one in labels)]
    return max((sum(current + 1 for current in phases) * _MOST_VOLTS for phases in told), default=float("inf"))


def _raw(group: Group) -> str:
    return " ".join(part for part in (group.label, group.horodate, group.data) if part)
