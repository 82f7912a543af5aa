"""The hours that the meter itself tells: PJOURF+1 is tomorrow's profile, and today's is the one that was kept.

Sources: Enedis-NOI-CPT_54E, 6.2.3.21 and 6.2.3.22; what they leave open (the base of the hours, what is said of today)
was settled on the profiles that meters in the field send.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Final

from linkytui.civil.days import DAY, HOUR, MINUTE, ONE_DAY
from linkytui.reading.contracts import REGISTERS, Contract
from linkytui.reading.model import Reading
from linkytui.reading.steady import Steady
from linkytui.tic.profiles import Base, DayProfile, base_of, possible_bases

EDGE: Final = 120
"""Seconds around a switch within which a frame may still say what counted before, or already what counts after."""

_KEPT_DAYS: Final = 3  # days before tomorrow of which what was said is kept

DaySwitches = tuple[tuple[int, int], ...]
"""A day: the second after 00:00 from which on a register counts, and that register's number. The first is at 0."""


@dataclass(frozen=True, slots=True)
class HoursChange:
    """Other hours than before on a day."""

    day: date  # the first on which the new ones hold
    old: DaySwitches
    new: DaySwitches


@dataclass(slots=True)
class KnownHours:
    """What is kept of a meter's hours from one run to the next."""

    meter_id: str = ""
    contract: Contract | None = None
    calendar: str | None = None  # the contract in the meter's own words (NGTF)
    base: Base | None = None  # proven, by a profile that only one base can read or by a switch
    days: dict[date, str] = field(default_factory=dict)  # profiles of dated days, as sent
    numbers: dict[date, int] = field(default_factory=dict)  # day numbers of dated days
    numbered: dict[int, str] = field(default_factory=dict)  # the last profile of each day number, as sent
    names: dict[str, str] = field(default_factory=dict)
    """What the supplier calls each register that has counted, by its name (EASF01)."""
    learned: DaySwitches | None = None  # off-peak hours as the record of the last days showed them; 1 is off-peak
    change: HoursChange | None = None  # the last change of hours that was seen


class MeterHours:
    """Takes in what the meter says of its days. Pure: the only clock is the meter's own.

    What it says counts once it was said three times running. Another meter's number begins anew.
    """

    def __init__(self, known: KnownHours | None = None) -> None:
        self.known = known or KnownHours()
        self.kept = False  # whether what an earlier run knew is in it
        self.version = 0  # grows with each thing learned, so that it is worth keeping
        self._said: Steady[tuple[date, int | None, int | None, str]] = Steady((date.min, None, None, ""))
        self._name: Steady[tuple[str, str]] = Steady(("", ""))
        self._vote: Steady[str] = Steady("")

    def hear(self, latest: Reading) -> None:
        """Take in the last known of everything, after each frame."""
        if latest.meter_id is None or latest.meter_time is None:
            return
        if latest.meter_id != self.known.meter_id:
            self.__init__(KnownHours(latest.meter_id))  # type: ignore[misc]
            self.version = 1
        if latest.next_profile is not None:
            said = (latest.meter_time.date(), latest.day_number, latest.next_day_number, latest.next_profile)
            if not self._said.says(said) and self._said.hear(said):
                self._keep(*said)
        known = self.known
        if (latest.contract, latest.calendar) != (known.contract, known.calendar) and latest.contract is not None:
            known.contract, known.calendar = latest.contract, latest.calendar
            self.version += 1
        if latest.register_number is not None and latest.period_text:
            name = REGISTERS[Contract.OTHER][latest.register_number - 1]
            named = (name, latest.period_text)
            if not self._name.says(named) and self._name.hear(named) and self.known.names.get(name) != named[1]:
                self.known.names[name] = named[1]
                self.version += 1
        self._prove(latest)

    def take_over(self, known: KnownHours) -> None:
        """Begin with what an earlier run knew; what was said since counts more."""
        mine, self.known, self.kept = self.known, known, True
        known.days |= mine.days
        known.numbers |= mine.numbers
        known.numbered |= mine.numbered
        known.names |= mine.names
        known.base = mine.base or known.base
        known.contract, known.calendar = mine.contract or known.contract, mine.calendar or known.calendar
        self.version += 1

    def day(self, day: date, latest: Reading) -> DaySwitches | None:
        """When which register counts on a day; None where that is not known or not proven.

        What the meter says now (`latest`) must agree with the hours of the day that runs.
        """
        now = latest.meter_time
        for text in self._texts(day):
            switches = self.read(text)
            if switches is None:
                continue
            if now is None or day != now.date() or self._fits(switches, latest, now):
                return switches
        return None

    def read(self, text: str) -> DaySwitches | None:
        """A profile as switches; None where it cannot be read, leaves a part of the day open, or is a guess."""
        known = self.known
        try:
            profile = DayProfile.parse(text, meter_id=known.meter_id, proven=known.base)
        except ValueError:
            return None
        if profile.guessed and base_of(known.meter_id) is None:
            return None
        return _switches(profile)

    @property
    def one_price(self) -> bool:
        """Whether every day that was ever told has the first register from end to end."""
        days = [self.read(text) for text in {*self.known.days.values(), *self.known.numbered.values()}]
        return bool(days) and all(day == ((0, 1),) for day in days)

    def _texts(self, day: date) -> Iterator[str]:
        """The profiles that a day may have, the likeliest first.

        The one that was kept for it; the next day's, of the same number; the last one of its number; and where all
        days have one number, as with off-peak hours and on Tempo, the last one.
        """
        known = self.known
        if day in known.days:
            yield known.days[day]
        number, following = known.numbers.get(day), day + ONE_DAY
        if number is not None:
            if number == known.numbers.get(following) and following in known.days:
                yield known.days[following]
            if number in known.numbered:
                yield known.numbered[number]
        elif known.contract in (Contract.HPHC, Contract.TEMPO) and len(known.numbered) == 1 and known.days:
            yield from known.numbered.values()

    def _keep(self, today: date, number: int | None, next_number: int | None, text: str) -> None:
        """What is said of the days is believed."""
        known, day = self.known, today + ONE_DAY
        bases = possible_bases(text)
        if len(bases) == 1:
            known.base = bases[0]
        before = known.numbered.get(next_number) if next_number is not None else None
        if before is not None and before != text:
            old, new = self.read(before), self.read(text)
            if old is not None and new is not None and old != new:
                known.change = HoursChange(day, old, new)
        known.days[day] = text
        if number is not None:
            known.numbers[today] = number
        if next_number is not None:
            known.numbers[day], known.numbered[next_number] = next_number, text
        for kept in (known.days, known.numbers):
            for old_day in [each for each in kept if not today - _KEPT_DAYS * ONE_DAY < each <= day]:
                del kept[old_day]
        self.version += 1

    def _prove(self, latest: Reading) -> None:
        """Let the register that counts now tell the base, where the two readings of today say different ones."""
        if self.known.base is not None or latest.register_number is None or latest.meter_time is None:
            return
        text = next(self._texts(latest.meter_time.date()), None)
        if text is None or len(possible_bases(text)) < 2:
            return
        fits: list[Base] = []
        for base in possible_bases(text):
            switches = _switches(DayProfile.parse(text, proven=base))
            if switches is None or _near_switch(switches, latest.meter_time):
                return
            if self._fits(switches, latest, latest.meter_time):
                fits.append(base)
        if len(fits) == 1 and self._vote.hear(fits[0]):
            self.known.base = fits[0]
            self.version += 1

    def _fits(self, switches: DaySwitches, latest: Reading, now: datetime) -> bool:
        """Whether the register that counts now is the one of these hours."""
        number = latest.register_number
        if number is None or _near_switch(switches, now) or (latest.peak is not None and latest.peak.running):
            return True
        expected = _register_at(switches, now)
        # On Tempo the profile says the blue pair on days of all colours.
        return expected % 2 == number % 2 if latest.contract is Contract.TEMPO else expected == number


def _switches(profile: DayProfile) -> DaySwitches | None:
    """A profile as switches; None where it leaves a part of the day open."""
    switches: list[tuple[int, int]] = []
    for slot in profile.slots:
        index = slot.index or (switches[-1][1] if switches else None)
        if index is None:
            return None
        if not switches or switches[-1][1] != index:
            switches.append((_second(slot.start), index))
    return tuple(switches) if switches and switches[0][0] == 0 else None


def _second(clock: time) -> int:
    return clock.hour * HOUR + clock.minute * MINUTE + clock.second


def _register_at(switches: DaySwitches, now: datetime) -> int:
    here = _second(now.time())
    return next(number for second, number in reversed(switches) if second <= here)


def _near_switch(switches: DaySwitches, now: datetime) -> bool:
    here = _second(now.time())
    return any(abs(here - second) <= EDGE for second, _number in (*switches, (DAY, 0)))
