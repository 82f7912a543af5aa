"""Tables with a value for each stretch of time: load curves, energy by the day."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Final
from zoneinfo import ZoneInfo

from linkytui.civil.days import HOUR
from linkytui.i18n import _
from linkytui.imports.hourly import Interval
from linkytui.imports.model import SourceError
from linkytui.imports.tables import series
from linkytui.imports.tables.cells import (
    Line,
    NonsenseError,
    clock_of,
    is_clock,
    is_moment,
    midnight_of,
    moment_of,
    number_of,
    plain,
    with_unit,
    wrong,
)
from linkytui.imports.tables.clock import UnknownClockError, instants, with_late_midnights
from linkytui.imports.tables.facts import Facts, Origin, is_reactive, origin_of, step_of
from linkytui.imports.tables.headings import UNITS, Heading, Shape, unit_in
from linkytui.imports.tables.series import Point, Series

_SUMS: Final = ("total", "somme", "moyenne", "sous-total", "annee", "mean", "sum")
"""Beginnings of lines that add others up."""


class Curve:
    """Reads the lines below a heading."""

    def __init__(
        self, heading: Heading, facts: Facts, path: str, zone: ZoneInfo, preface: str, ends: bool | None = None
    ) -> None:
        """Begin.

        Args:
            heading: the columns.
            facts: what is known of the table; lines that tell more are heard.
            path: of the file, for a person.
            zone: whose clock times without offset show.
            preface: the lines above, as `plain` has them.
            ends: the person has said that moments are ends, or beginnings; None where nothing was said.
        """
        self._heading = heading
        self._facts = facts
        self._path = path
        self._zone = zone
        self._preface = preface
        self._ends = ends
        self._points: list[Point] = []
        self._section: date | None = None  # a line with a date alone, below which times follow
        self._apart = heading.shape is Shape.DAY_AND_CLOCK
        self._months = False
        self._unclear = 0
        self._columns = {word: place for place, word in enumerate(heading.words)}

    def take(self, number: int, row: list[str]) -> None:
        """Read a line.

        Raises:
            SourceError: it makes no sense.
        """
        line = Line(number, self._joined(row))
        first = line.cell(self._heading.times[0])
        if not first or plain(first).startswith(_SUMS) or not self._concerns(line):
            return
        if self._heading.shape is Shape.DAY and len(first) == len("11/2026") and not is_moment(first):
            self._months = True
            return
        if not is_moment(first) and not is_clock(first) and not self._has_number(line):
            return  # a remark below the table
        when, until = self._times(line)
        if when is None:
            return
        step = None if self._heading.step is None else step_of(plain(line.cell(self._heading.step)))
        for value in self._heading.values:
            text, unit = with_unit(line.cell(value.place))
            try:
                amount = number_of(text)
            except NonsenseError:
                raise wrong(self._path, line, text) from None
            said = self._said(line, "unite") or unit
            self._points.append(Point(when, amount, value.register, said or value.unit, step, until))

    def close(self) -> Series | None:
        if self._months:
            return Series(
                _("energy by the month"), refusal=_("it only has monthly totals, which cannot be split into hours")
            )
        if not self._points:
            return Series(_("load curve"), refusal=_("its table is empty"))
        points = self._points
        late = False
        if self._apart:
            moved, late = with_late_midnights([point.when for point in points[:: len(self._heading.values)]])
            width = len(self._heading.values)
            points = [point._replace(when=moved[place // width]) for place, point in enumerate(points)]
        days = self._heading.shape is not Shape.STRETCH and all(midnight_of(point.when) for point in points)
        if days and not self._apart and self._is_daily(points):
            return self._daily(points)
        try:
            moments = instants([p.when for p in points], [bool(p.value) for p in points], self._zone)
        except UnknownClockError as error:
            text = _(
                "{path} has a value at {moment}, a time that does not exist in France, where the clocks went forward: "
                "its times are in another time zone. Export it again, with offsets from UTC."
            )
            raise SourceError(text.format(path=self._path, moment=error.args[0])) from None
        self._unclear = sum(at is None and bool(p.value) for at, p in zip(moments, points, strict=True))
        if self._heading.shape is Shape.STRETCH:
            return self._stretches(points, moments)
        return self._moments(points, moments, late=late)

    def _joined(self, row: list[str]) -> list[str]:
        """A line whose decimal comma was taken for a comma between cells."""
        value = self._heading.values[-1].place
        too_many = len(row) == len(self._heading.words) + 1 and value == len(self._heading.words) - 1
        if too_many and row[value].isdigit() and row[value + 1].isdigit():
            return [*row[:value], f"{row[value]}.{row[value + 1]}"]
        return row

    def _has_number(self, line: Line) -> bool:
        return any(character.isdigit() for value in self._heading.values for character in line.cell(value.place))

    def _said(self, line: Line, name: str) -> str:
        """What the line says of itself in a column of that name."""
        place = self._columns.get(name)
        return "" if place is None else plain(line.cell(place))

    def _concerns(self, line: Line) -> bool:
        """Whether a line tells consumption, where lines say that themselves."""
        kind = self._said(line, "grandeur metier")
        return not kind.startswith(("prod", "inj")) and not is_reactive(self._said(line, "grandeur physique"))

    def _times(self, line: Line) -> tuple[datetime | None, datetime | None]:
        """The moment, or the beginning and the end, of a line; None for a line that only opens a section."""
        shape, cells = self._heading.shape, [line.cell(place) for place in self._heading.times]
        try:
            if shape is Shape.STRETCH:
                if not cells[1]:
                    return None, None
                start = moment_of(cells[0])
                end = (
                    datetime.combine(start, datetime.min.time()) + clock_of(cells[1])
                    if is_clock(cells[1])
                    else (moment_of(cells[1]))
                )
                return start, end
            if shape is Shape.DAY_AND_CLOCK:
                return moment_of(cells[0]) + clock_of(cells[1].split("-")[0]), None
            if is_clock(cells[0]) and self._section is not None:
                self._apart = True
                return datetime.combine(self._section, datetime.min.time()) + clock_of(cells[0]), None
            when = moment_of(cells[0])
        except NonsenseError as error:
            raise wrong(self._path, line, str(error)) from None
        if ":" not in cells[0] and not any(line.cell(value.place) for value in self._heading.values):
            self._section = when.date()
            return None, None
        return when, None

    def _unit(self, point: Point) -> str:
        """The unit of a value.

        Raises:
            SourceError: nothing says it.
        """
        unit = plain(point.unit or self._facts.unit)
        if not unit and "horodate" in self._heading.words:
            return "w"
        if unit not in UNITS:
            words = self._heading.words[self._heading.values[0].place]
            unit = unit_in(words)
        if unit not in UNITS:
            text = _('{path} does not say the unit of its values: add it to their heading, as in "Valeur (en kWh)".')
            raise SourceError(text.format(path=self._path))
        return unit

    def _is_daily(self, points: Sequence[Point]) -> bool:
        """Whether moments that are all midnights stand for days: one alone may be a curve that is cut short."""
        return self._heading.shape is Shape.DAY or len({point.when for point in points}) > 1

    def _daily(self, points: Sequence[Point]) -> Series:
        origin = origin_of(self._heading.words, self._preface, days=True, indexes=False)
        said = Series(origin.what, origin.house)
        if not plain(points[0].unit or self._facts.unit).endswith("wh") and not self._unit(points[0]).endswith("h"):
            said.refusal = _("it contains daily powers, not energy")
            return said
        intervals = [
            Interval(*series.whole_day(point.when, self._zone), self._wh(point, 0), point.register)
            for point in points
            if point.value is not None
        ]
        return self._said_by(said, intervals)

    def _stretches(self, points: Sequence[Point], moments: Sequence[int | None]) -> Series:
        origin = origin_of(self._heading.words, self._preface, days=False, indexes=False)
        lengths = [_exact(point) for point in points]
        usual = Counter(length for length in lengths if length).most_common(1)
        intervals = []
        for point, at in zip(points, moments, strict=True):
            length = series.length_of(point.when, point.until or point.when, usual[0][0] if usual else None)
            if length is None and point.value is not None:
                text = _("{path} has a row from {start} to {end}: only days and parts of an hour can be imported.")
                raise SourceError(text.format(path=self._path, start=point.when, end=point.until))
            if length is None or at is None or point.value is None:
                continue
            start, end = (at, at + length) if length <= HOUR else series.whole_day(point.when, self._zone)
            intervals.append(Interval(start, end, self._wh(point, end - start), point.register))
        daily = bool(usual) and usual[0][0] > HOUR
        if daily:
            origin = origin_of(self._heading.words, self._preface, days=True, indexes=False)
        return self._said_by(Series(origin.what, origin.house, step=usual[0][0] if usual else None), intervals)

    def _moments(self, points: Sequence[Point], moments: Sequence[int | None], *, late: bool) -> Series:
        origin = origin_of(self._heading.words, self._preface, days=False, indexes=False)
        order = sorted({at for at in moments if at is not None})
        said = Series(origin.what, origin.house)
        if not order:
            said.refusal = _("none of its times can be understood")
            return said
        usual = self._facts.step or series.usual_step(order)
        ends = self._ends if self._ends is not None else self._known_ends(order, usual, origin, late=late)
        lengths = series.steps_by_day(order, self._zone, ends=ends)
        steps = dict(zip(order, [self._facts.step or length for length in lengths], strict=True))
        intervals = []
        for point, at in zip(points, moments, strict=True):
            if at is not None and point.value is not None:
                step = point.step or steps[at]
                start = at - step if ends else at
                intervals.append(Interval(start, start + step, self._wh(point, step), point.register))
        said.step = usual
        return self._said_by(said, intervals)

    def _known_ends(self, order: list[int], step: int, origin: Origin, *, late: bool) -> bool:
        """Whether the moments are ends.

        Raises:
            SourceError: it cannot be known.
        """
        ends = True if late else series.tells_ends(order, step, self._zone, origin.ends)
        if ends is None:
            text = _(
                "{path} does not show whether its times are the beginnings or the ends of intervals: add --times begin "
                "or --times end, or export whole days."
            )
            raise SourceError(text.format(path=self._path))
        return ends

    def _wh(self, point: Point, seconds: int) -> Fraction:
        assert point.value is not None  # noqa: S101 -- for the type checker
        return series.energy(point.value, self._unit(point), seconds)

    def _said_by(self, said: Series, intervals: list[Interval]) -> Series:
        if self._unclear:
            text = _("Times in October's repeated hour that could be either of the two, left out: {count}.")
            said.notes.append(text.format(count=self._unclear))
        said.intervals, double = series.once(intervals)
        said.notes += series.contradictions(double)
        if self._facts.production:
            said.refusal = _("it contains production")
        elif self._facts.maximum:
            said.refusal = _("it contains maximum powers, not energy")
        elif self._facts.other:
            said.refusal = _("it contains no active energy")
        return said


def _exact(point: Point) -> int | None:
    return None if point.until is None else series.length_of(point.when, point.until, None)
