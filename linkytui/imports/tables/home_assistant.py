"""What Home Assistant lets people download: the history of sensors, long-term statistics, the energy dashboard.

| heading | what it is |
|---|---|
| `entity_id,state,last_changed` | each change of a sensor, in UTC; an energy sensor counts up |
| `statistic_id,unit,start,…,state,sum` or `delta` | a line an hour, by its beginning; `sum` and `state` at its end |
| `entity_id,type,unit,2026-11-10T00:00:00.000Z,…` | the energy dashboard: a line a sensor, a column an hour or a day |
"""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from fractions import Fraction
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from linkytui.civil.days import DAY, HOUR
from linkytui.i18n import _
from linkytui.imports.hourly import Interval
from linkytui.imports.model import SourceError
from linkytui.imports.tables.cells import Line, NonsenseError, moment_of, number_of, plain, wrong
from linkytui.imports.tables.clock import instants
from linkytui.imports.tables.headings import UNITS, register_of
from linkytui.imports.tables.series import Series, once, whole_day

_STATES: Final = ("state", "etat")
_MOST_KW: Final = 36
"""Power of the largest household's connection: a counter that rises faster, taken as kWh, counts Wh."""
_LEAST_W: Final = 20
"""Mean power below which a household would stand empty: a counter that rises slower, taken as Wh, counts kWh."""


def table_of(
    words: Sequence[str], row: Sequence[str], path: str, zone: ZoneInfo
) -> "Sensors | Statistics | Dashboard | None":
    """The table of Home Assistant that begins below a heading; None when it is another's.

    Args:
        words: the cells of the heading, as `plain` has them.
        row: the cells themselves.
        path: of the file, for a person.
        zone: whose clock times without offset show.
    """
    places = {word: place for place, word in enumerate(words)}
    if "entity_id" in places and "last_changed" in places and any(name in places for name in _STATES):
        state = next(places[name] for name in _STATES if name in places)
        return Sensors(path, zone, places["entity_id"], state, places["last_changed"])
    if "statistic_id" in places and "start" in places and {"sum", "state", "delta"} & places.keys():
        return Statistics(path, zone, places)
    if list(words[:3]) == ["entity_id", "type", "unit"] and len(words) > 3:
        return Dashboard(path, zone, row)
    return None


class Sensors:
    """`entity_id,state,last_changed`: counters of one sensor, or of one for each register."""

    def __init__(self, path: str, zone: ZoneInfo, entity: int, state: int, changed: int) -> None:
        self._path, self._zone = path, zone
        self._places = entity, state, changed
        self._states: dict[str, list[tuple[datetime, Fraction | None]]] = {}

    def take(self, number: int, row: list[str]) -> None:
        """Read a line.

        Raises:
            SourceError: it makes no sense.
        """
        line = Line(number, row)
        entity, state, changed = (line.cell(place) for place in self._places)
        if not entity:
            return
        try:
            when = moment_of(changed)
        except NonsenseError:
            raise wrong(self._path, line, changed) from None
        try:
            value = number_of(state)
        except NonsenseError:
            value = None  # "on", "BLEU": another kind of sensor
        self._states.setdefault(entity, []).append((when, value))

    def close(self) -> Series | None:
        if not self._states:
            return None
        said = Series(_("Home Assistant, history of a sensor"), "Home Assistant")
        counters = {}
        for entity, states in self._states.items():
            moments = instants([when for when, _value in states], [True] * len(states), self._zone)
            points = sorted(
                (at, value) for (_w, value), at in zip(states, moments, strict=True) if at and value is not None
            )
            if len(points) > 1 and _counts(points):
                counters[entity] = points
        chosen = _chosen(counters, self._path)
        if chosen is None:
            said.refusal = _("none of its sensors counts energy: export the one that counts kWh or Wh, not a power")
            return said
        for entity, register in chosen.items():
            scale = 1000 if _in_kwh(entity, counters[entity], self._path) else 1
            said.intervals += [
                Interval(start, end, (after - before) * scale, register)
                for (start, before), (end, after) in pairwise(counters[entity])
                if end > start and after >= before
            ]
        said.intervals, _double = once(said.intervals)
        return said


class Statistics:
    """`statistic_id,unit,start,…`: a line an hour."""

    def __init__(self, path: str, zone: ZoneInfo, places: dict[str, int]) -> None:
        self._path, self._zone, self._places = path, zone, places
        self._rows: dict[str, list[tuple[datetime, Fraction | None, str]]] = {}
        self._column = next(name for name in ("delta", "sum", "state") if name in places)

    def take(self, number: int, row: list[str]) -> None:
        """Read a line.

        Raises:
            SourceError: it makes no sense.
        """
        line = Line(number, row)
        text = line.cell(self._places["start"])
        if not text:
            return
        try:
            when = (
                datetime.fromtimestamp(float(text), UTC) if re.fullmatch(r"\d{10}(\.\d*)?", text) else moment_of(text)
            )
            text = line.cell(self._places[self._column])
            value = number_of(text)
        except NonsenseError:
            raise wrong(self._path, line, text) from None
        unit = plain(line.cell(self._places["unit"])) if "unit" in self._places else ""
        self._rows.setdefault(line.cell(self._places["statistic_id"]), []).append((when, value, unit))

    def close(self) -> Series | None:
        rows = {name: found for name, found in self._rows.items() if found[0][2] in ("wh", "kwh", "mwh")}
        if not self._rows:
            return None
        said = Series(_("Home Assistant, long-term statistics"), "Home Assistant", step=HOUR)
        chosen = _chosen(rows, self._path)
        if chosen is None:
            said.refusal = _("none of its statistics has a unit of energy")
            return said
        for name, register in chosen.items():
            scale = UNITS[rows[name][0][2]]
            moments = instants([when for when, _v, _u in rows[name]], [True] * len(rows[name]), self._zone)
            points = sorted(
                (at, value) for (_w, value, _u), at in zip(rows[name], moments, strict=True) if at and value is not None
            )
            if self._column == "delta":
                said.intervals += [Interval(at, at + HOUR, value * scale, register) for at, value in points]
            else:
                said.intervals += [
                    Interval(start + HOUR, end + HOUR, (after - before) * scale, register)
                    for (start, before), (end, after) in pairwise(points)
                    if after >= before
                ]
        said.intervals, _double = once(said.intervals)
        return said


class Dashboard:
    """`entity_id,type,unit,…`: a column for each hour or day, named by its beginning."""

    def __init__(self, path: str, zone: ZoneInfo, heading: Sequence[str]) -> None:
        self._path, self._zone = path, zone
        self._rows: list[tuple[str, str, list[str]]] = []
        try:
            moments = instants([moment_of(cell) for cell in heading[3:] if cell], [True] * len(heading), zone)
        except NonsenseError as error:
            raise wrong(path, Line(1, []), str(error)) from None
        self._moments = [at for at in moments if at is not None]

    def take(self, number: int, row: list[str]) -> None:
        """Read a line.

        Raises:
            SourceError: it makes no sense.
        """
        line = Line(number, row)
        kind, unit = plain(line.cell(1)).replace(" ", "_"), plain(line.cell(2))
        if kind in ("grid_consumption", "grid_import", "grid") and unit in UNITS:
            self._rows.append((line.cell(0), unit, row[3 : 3 + len(self._moments)]))

    def close(self) -> Series | None:
        said = Series(_("Home Assistant, energy dashboard"), "Home Assistant")
        lengths = Counter(after - before for before, after in pairwise(self._moments)).most_common(1)
        if not self._rows or not lengths:
            said.refusal = _("it contains no energy drawn from the grid")
            return said
        step = lengths[0][0]
        if step > DAY + HOUR:
            said.refusal = _("it only has monthly totals, which cannot be split into hours")
            return said
        named = {entity: register_of(plain(entity).replace("_", " ")) for entity, _unit, _cells in self._rows}
        together = len(set(named.values())) < len(named) or None in named.values()
        sums: dict[tuple[int, int, str | None], Fraction] = {}
        for entity, unit, cells in self._rows:
            for at, cell in zip(self._moments, cells, strict=False):
                value = _number(cell, self._path)
                if value is not None:
                    span = (at, at + step) if step <= HOUR else whole_day(datetime.fromtimestamp(at, UTC), self._zone)
                    key = (*span, None if together else named[entity])
                    sums[key] = sums.get(key, Fraction(0)) + value * UNITS[unit]
        said.step = step
        said.intervals = [
            Interval(start, end, wh, register)
            for (start, end, register), wh in sorted(sums.items(), key=lambda one: one[0][:2])
        ]
        return said


def _number(cell: str, path: str) -> Fraction | None:
    try:
        return number_of(cell)
    except NonsenseError:
        raise wrong(path, Line(0, []), cell) from None


def _counts(points: Sequence[tuple[int, Fraction]]) -> bool:
    """Whether a sensor counts up: it falls only where it begins anew."""
    falls = sum(after < before for (_a, before), (_b, after) in pairwise(points))
    return points[-1][1] > points[0][1] and falls <= len(points) // 50


def _chosen(
    names: "dict[str, list[tuple[int, Fraction]]] | dict[str, list[tuple[datetime, Fraction | None, str]]]", path: str
) -> dict[str, str | None] | None:
    """The sensors that count what was drawn, with their registers: the only one, or one for each register.

    Raises:
        SourceError: it cannot be known which.
    """
    if not names:
        return None
    if len(names) == 1:
        return dict.fromkeys(names)
    registers = {name: register_of(plain(name).replace("_", " ")) for name in names}
    named = {name: register for name, register in registers.items() if register is not None}
    if len(named) == len(names) and len(set(named.values())) == len(named):
        return dict(named)
    text = _("{path} has several counters ({names}): export only the one that counts your whole consumption.")
    raise SourceError(text.format(path=path, names=", ".join(sorted(names)[:4])))


def _in_kwh(entity: str, points: Sequence[tuple[int, Fraction]], path: str) -> bool:
    """Whether a counter without unit counts kWh: by its name, its decimals, or what a household can draw.

    Raises:
        SourceError: it may be either.
    """
    name = re.split(r"[^a-z]+", entity.lower())
    if "kwh" in name or "wh" in name:
        return "kwh" in name
    hours = Fraction(points[-1][0] - points[0][0], HOUR)
    rise = (points[-1][1] - points[0][1]) / hours if hours else Fraction(0)
    whole = all(value.denominator == 1 for _at, value in points)
    if rise > _MOST_KW:
        return False
    if rise < _LEAST_W and (not whole or rise < 1):
        return True
    text = _("{path} does not say whether {name} counts kWh or Wh: rename the sensor so that it ends with _kwh or _wh.")
    raise SourceError(text.format(path=path, name=entity))
