"""Tables of what a supplier's registers stood at, day by day; which is which is told in the heading or further down."""

import re
from datetime import datetime
from fractions import Fraction
from itertools import pairwise
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from linkytui.i18n import _
from linkytui.imports.hourly import Interval
from linkytui.imports.tables.cells import Line, NonsenseError, clock_of, moment_of, number_of, plain, with_unit, wrong
from linkytui.imports.tables.clock import UnknownClockError, instants
from linkytui.imports.tables.facts import Facts, origin_of
from linkytui.imports.tables.headings import EAS, UNITS, Heading, Shape, register_of
from linkytui.imports.tables.series import Series

_CLASS: Final = re.compile(r"identifiant classe temporelle (\d{1,2})")
_PERIOD: Final = re.compile(r"[Dd]u (\S+)(?: au(?: (\S+))?)?")
_ALWAYS: Final = 1 << 62


class _Calendar(NamedTuple):
    """Which register is which, for a time."""

    start: int
    """Seconds since 1970, as is `end`."""
    end: int
    names: dict[str, str]
    """The meter's names by the columns of the file."""


class Registers:
    """Reads the lines below a heading of registers."""

    def __init__(self, heading: Heading, facts: Facts, path: str, zone: ZoneInfo) -> None:
        self._heading = heading
        self._facts = facts
        self._path = path
        self._zone = zone
        self._total = next((place for place, word in enumerate(heading.words) if word == "eas t"), None)
        self._rows: list[tuple[datetime, dict[str, Fraction], Fraction | None]] = []
        self._calendars: list[_Calendar] = []

    def take(self, number: int, row: list[str]) -> None:
        """Read a line.

        Raises:
            SourceError: it makes no sense.
        """
        line = Line(number, row)
        text = line.cell(self._heading.times[0])
        if not text:
            return
        try:
            when = moment_of(text)
            if self._heading.shape is Shape.DAY_AND_CLOCK:
                when += clock_of(text := line.cell(self._heading.times[1]))
            values: dict[str, Fraction] = {}
            for value in self._heading.values:
                text, unit = with_unit(line.cell(value.place))
                amount = number_of(text)
                if amount is not None:
                    values[value.register or ""] = amount * UNITS.get(unit or value.unit or self._facts.unit, 1)
            total = None if self._total is None else number_of(text := line.cell(self._total))
        except NonsenseError:
            raise wrong(self._path, line, text) from None
        self._rows.append((when, values, total))

    def learn_calendar(self, names: list[str], row: list[str]) -> None:
        """Learn which register is which from the supplier's calendar, and when.

        Args:
            names: headings, as `plain` has them.
            row: the cells below them.
        """
        cells = dict(zip(names, row, strict=False))
        found: dict[str, str] = {}
        for name, value in cells.items():
            match = _CLASS.fullmatch(name)
            if match is None or not value:
                continue
            place = plain(cells.get(f"cadran classe temporelle {match[1]}", ""))
            words = plain(cells.get(f"libelle classe temporelle {match[1]}", ""))
            register = register_of(plain(value)) or register_of(words)
            if EAS.fullmatch(place) and register is not None:
                found[place] = register
        start, end = self._period(cells.get("periode", ""))
        # Two registers of one name are none of the meter's: both keep the number that they have.
        single = {place: name for place, name in found.items() if list(found.values()).count(name) == 1}
        self._calendars.append(_Calendar(start, end, single))

    def close(self) -> Series | None:
        if not self._rows:
            return None
        origin = origin_of(self._heading.words, "", days=True, indexes=True)
        said = Series(origin.what, origin.house, by_registers=True)
        try:
            moments = instants([row[0] for row in self._rows], [True] * len(self._rows), self._zone)
        except UnknownClockError as error:
            raise wrong(self._path, Line(0, []), str(error.args[0])) from None
        rows = self._by_time(moments)
        lost = 0
        for (start, before, total), (end, after, later) in pairwise(rows):
            rises = self._rises(before, after, None if total is None or later is None else later - total)
            names = self._names(start, end)
            if rises is None or names is None:
                lost += 1
                continue
            said.intervals += [
                Interval(start, end, rise, names.get(place) or self._unnamed(place), value)
                for place, (rise, value) in sorted(rises.items())
            ]
        if lost:
            text = _(
                "Periods between readings that do not add up, or in which the calendar changed, left out: {count}."
            )
            said.notes.append(text.format(count=lost))
        return said

    def _by_time(self, moments: list[int | None]) -> list[tuple[int, dict[str, Fraction], Fraction | None]]:
        """The readings in the order of time, each moment once; what contradicts itself is no reading."""
        found: dict[int, tuple[dict[str, Fraction], Fraction | None]] = {}
        contradicted = set()
        for at, (_when, values, total) in zip(moments, self._rows, strict=True):
            if at is None or not values:
                continue
            if found.setdefault(at, (values, total)) != (values, total):
                contradicted.add(at)
        return [(at, *found[at]) for at in sorted(found) if at not in contradicted]

    def _rises(
        self, before: dict[str, Fraction], after: dict[str, Fraction], total: Fraction | None
    ) -> dict[str, tuple[Fraction, Fraction]] | None:
        """What each register rose by, and where it then stood; None where they fell or are not all told."""
        rises: dict[str, tuple[Fraction, Fraction]] = {}
        for place, value in after.items():
            if place in before:
                rises[place] = value - before[place], value
            elif value:
                # A register that was not told before began at nothing, if the sum of all says so.
                if total is None or total - sum(rise for rise, _at in rises.values()) < value:
                    return None
                rises[place] = value, value
        if any(rise < 0 for rise, _at in rises.values()):
            return None
        if total is None:
            return None if any(before[place] for place in before.keys() - after.keys()) else rises
        return rises if sum(rise for rise, _at in rises.values()) == total else None

    def _names(self, start: int, end: int) -> dict[str, str] | None:
        """The registers' names in a stretch of time; None where the calendar changes inside it."""
        if not self._calendars:
            return {}
        middle = (start + end) // 2
        here = [one for one in self._calendars if one.start <= middle < one.end]
        if not here:
            return {}
        day = 24 * 3600
        if end - start > day + 3600 and any(start < one.start < end for one in self._calendars):
            return None
        return here[-1].names

    def _unnamed(self, place: str) -> str:
        match = EAS.fullmatch(place)
        if match is None:
            return place
        used = {name for _when, values, _total in self._rows for name in values}
        return "BASE" if used == {place} and not self._calendars else f"EASF{int(match[1]):02}"

    def _period(self, text: str) -> tuple[int, int]:
        """From when to when a calendar holds; always where it does not say."""
        match = _PERIOD.fullmatch(text.strip())
        ends: list[int] = []
        for said, unsaid in zip(match.groups() if match else (None, None), (-_ALWAYS, _ALWAYS), strict=True):
            try:
                at = None if said is None else instants([moment_of(said)], [True], self._zone)[0]
            except (NonsenseError, UnknownClockError):
                at = None
            ends.append(unsaid if at is None else at)
        return ends[0], ends[1]
