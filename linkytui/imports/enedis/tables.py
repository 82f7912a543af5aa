"""The tables of Enedis files: each reads its lines as energy by time span."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from itertools import pairwise
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from linkytui.civil.days import ONE_DAY, local, midnight
from linkytui.imports.enedis.cells import FileLine, Times, plain
from linkytui.imports.hourly import Interval
from linkytui.reading.contracts import REGISTERS

_STEPS: Final = (300, 600, 900, 1800, 3600)  # seconds of an interval of a load curve
_USUAL_STEP: Final = 1800

_ISO_STEP: Final = re.compile(r"pt(\d+)(m|h)")
_CALENDAR: Final = re.compile(r"identifiant classe temporelle (\d+)")
EAS: Final = re.compile(r"eas f(\d+)")  # column of a supplier's register
_KNOWN: Final = {name for names in REGISTERS.values() for name in names}


@dataclass(slots=True)
class FileFacts:
    """What the lines above a table say of it."""

    unit: str = ""
    step: int | None = None  # seconds of an interval
    production: bool = False
    maximum: bool = False  # it tells maximum powers, not energy

    def learn(self, name: str, value: str) -> None:
        """Take a fact in."""
        if name.startswith("unite"):
            self.unit = value
        elif name.startswith("pas"):
            match = _ISO_STEP.fullmatch(value)
            if match is not None:
                self.step = int(match[1]) * (3600 if match[2] == "h" else 60)
            elif value.isdecimal():
                self.step = int(value) * 60
        elif name in ("grandeur metier", "type de donnees", "type de comptage", "grandeur physique"):
            self.production = self.production or value.startswith(("prod", "inj"))
            self.maximum = self.maximum or value.startswith(("puissance max", "pma"))


class FileTable(Protocol):
    def take(self, line: FileLine) -> None:
        """Read a line."""

    def close(self) -> list[Interval]:
        """What the table says."""


def _wh(value: Fraction, unit: str, seconds: int) -> Fraction:
    """Energy of an interval. `unit`: of it; W where the file does not say."""
    kilo = 1000 if unit.startswith("k") else 1
    return value * kilo if unit.endswith("wh") else value * kilo * Fraction(seconds, 3600)


class Curve:
    """`Horodate;Valeur`: each interval by one moment, its end, or in some files its beginning."""

    def __init__(
        self, facts: FileFacts, times: Times, place: int, value: int, learn: Callable[[list[str]], None] | None
    ) -> None:
        """Begin below the heading.

        `facts`: what is known of it; `times`: reads moments and numbers; `place`: column of the moments; `value`:
        column of the values; `learn`: takes in the facts of a line, where every line tells them.
        """
        self._facts = facts
        self._times = times
        self._learn = learn
        self._place = place
        self._value = value
        self._points: list[tuple[datetime, Fraction | None]] = []

    def take(self, line: FileLine) -> None:
        if self._learn is not None:
            self._learn(line.row)
            self._learn = None
        if not line.cell(self._place):
            return
        when = self._times.naive(line, line.cell(self._place))
        self._points.append((when, self._times.number(line, line.cell(self._value))))

    def close(self) -> list[Interval]:
        facts, points = self._facts, self._points
        if len(points) > 1 and points[0][0].replace(tzinfo=None) > points[-1][0].replace(tzinfo=None):
            points.reverse()
        moments = [self._times.at(when) for when, _value in points]
        if not moments:
            return []
        steps = _steps(moments, self._times.zone, facts.step)
        begins = self._tells_beginnings(moments)
        intervals = []
        for at, step, (_when, value) in zip(moments, steps, points, strict=True):
            if value is not None:
                start = at if begins else at - step
                intervals.append(Interval(start, start + step, _wh(value, facts.unit, step)))
        return intervals

    def _tells_beginnings(self, moments: list[int]) -> bool:
        """Days that go from 00:00 to 23:30 tell the beginnings; those from 00:30 to 00:00 the ends."""
        first, last = (local(at, self._times.zone) for at in (moments[0], moments[-1]))
        return (first.hour, first.minute) == (0, 0) and (last.hour, last.minute) != (0, 0)


def _steps(moments: list[int], zone: ZoneInfo, said: int | None) -> list[int]:
    """The length in seconds of each moment's interval: as the file says, else what is most frequent on its day."""
    if said is not None:
        return [said] * len(moments)
    counts: dict[object, Counter[int]] = {}
    days = [local(at - 1, zone).date() for at in moments]
    everywhere: Counter[int] = Counter()
    for (before, after), day in zip(pairwise(moments), days[1:], strict=True):
        if after - before in _STEPS:
            counts.setdefault(day, Counter())[after - before] += 1
            everywhere[after - before] += 1
    usual = everywhere.most_common(1)[0][0] if everywhere else _USUAL_STEP
    daily = {day: count.most_common(1)[0][0] for day, count in counts.items()}
    return [daily.get(day, usual) for day in days]


class Stretches:
    """`Début;Fin;Valeur (en kW)`."""

    def __init__(self, facts: FileFacts, times: Times, places: tuple[int, int, int]) -> None:
        self._facts = facts
        self._times = times
        self._places = places
        self._rows: list[tuple[datetime, datetime, Fraction | None]] = []

    def take(self, line: FileLine) -> None:
        start, end, value = (line.cell(place) for place in self._places)
        times = self._times
        if not start:
            return
        self._rows.append((times.naive(line, start), times.naive(line, end), times.number(line, value)))

    def close(self) -> list[Interval]:
        rows = self._rows
        if len(rows) > 1 and rows[0][0].replace(tzinfo=None) > rows[-1][0].replace(tzinfo=None):
            rows.reverse()
        # Where the clock changes, the difference of two times is not how long it took.
        lengths = Counter(round((end - start).total_seconds()) for start, end, _value in rows)
        step = lengths.most_common(1)[0][0] if lengths else _USUAL_STEP
        if step not in _STEPS:
            return []
        intervals = []
        for start, _end, value in rows:
            at = self._times.at(start)
            if value is not None:
                intervals.append(Interval(at, at + step, _wh(value, self._facts.unit, step)))
        return intervals


class Days:
    """`Date;Valeur (en kWh)`."""

    def __init__(self, facts: FileFacts, times: Times, place: int, value: int) -> None:
        self._facts = facts
        self._times = times
        self._place = place
        self._value = value
        self._intervals: list[Interval] = []

    def take(self, line: FileLine) -> None:
        if not line.cell(self._place):
            return
        day = self._times.naive(line, line.cell(self._place)).date()
        value = self._times.number(line, line.cell(self._value))
        if value is not None:
            start, end = (midnight(one, self._times.zone) for one in (day, day + ONE_DAY))
            self._intervals.append(Interval(start, end, _wh(value, self._facts.unit, end - start)))

    def close(self) -> list[Interval]:
        # Of maximum powers by the day there is no energy to tell.
        return self._intervals if self._facts.unit.endswith("wh") else []


class EnergyCounters:
    """`Horodate;Type de releve;EAS F1;…`: the supplier's registers; which is which is told further down."""

    def __init__(self, times: Times, place: int, words: list[str]) -> None:
        self._times = times
        self._place = place
        self._columns = {column: int(match[1]) for column, word in enumerate(words) if (match := EAS.fullmatch(word))}
        self._rows: list[tuple[int, dict[int, Fraction]]] = []
        self._names: dict[int, str] = {}

    def take(self, line: FileLine) -> None:
        if not line.cell(self._place):
            return
        at = self._times.at(self._times.naive(line, line.cell(self._place)))
        values = {number: self._times.number(line, line.cell(column)) for column, number in self._columns.items()}
        self._rows.append((at, {number: value for number, value in values.items() if value is not None}))

    def close(self) -> list[Interval]:
        return []  # only when all is read are the registers' names known

    def name(self, names: list[str], row: list[str]) -> None:
        """Learn which register is which from the supplier's calendar."""
        cells = dict(zip(names, row, strict=False))
        for name, value in cells.items():
            match = _CALENDAR.fullmatch(name)
            if match is None:
                continue
            register = EAS.fullmatch(plain(cells.get(f"cadran classe temporelle {match[1]}", "")))
            if register is not None and value.upper() in _KNOWN:
                self._names[int(register[1])] = value.upper()

    def intervals(self) -> list[Interval]:
        """What each register rose by from one line to the next; where one fell, nothing is known."""
        rows = sorted(self._rows, key=lambda row: row[0])
        used = {number for _at, values in rows for number in values}
        found = []
        for (start, before), (end, after) in pairwise(rows):
            shared = before.keys() & after.keys()
            if end <= start or any(after[number] < before[number] for number in shared):
                continue
            found += [
                Interval(start, end, after[number] - before[number], self._register(number, used))
                for number in sorted(shared)
            ]
        return found

    def _register(self, number: int, used: set[int]) -> str:
        if number in self._names:
            return self._names[number]
        return "BASE" if used == {number} else f"EASF{number:02}"
