"""The time span shown by the history screen, and its data. No widgets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from linkytui.civil.cycle import CALENDAR, Cycle
from linkytui.civil.days import HOUR, ONE_DAY, local, midnight, moment
from linkytui.civil.spans import By
from linkytui.civil.times import Timestamp
from linkytui.history import CurvePoint, HistoryReader, PowerRange, Span
from linkytui.i18n import long_date, month, short_date, weekday
from linkytui.reading.contracts import INJECTED, in_meter_order
from linkytui.tic.horodate import PARIS
from linkytui.wording.terms import called_by_meter

if TYPE_CHECKING:
    from linkytui.billing.account import Account

_CURVE_COLUMNS: Final = 288  # points of a day's curve: one every five minutes, more than a terminal shows


class Zoom(StrEnum):
    """How far one looks at once."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


_BARS: Final = {Zoom.DAY: By.HOUR, Zoom.WEEK: By.DAY, Zoom.MONTH: By.DAY, Zoom.YEAR: By.MONTH}


@dataclass(frozen=True, slots=True)
class View:
    """A day, a week (from Monday), a month or a year of the calendar."""

    zoom: Zoom
    first: date  # its first day
    cycle: Cycle = CALENDAR  # whose periods stand for months

    @classmethod
    def around(cls, zoom: Zoom, day: date, cycle: Cycle = CALENDAR) -> "View":
        """The one that a day lies in; a month is the billing period, where that is another."""
        match zoom:
            case Zoom.DAY:
                return cls(zoom, day, cycle)
            case Zoom.WEEK:
                return cls(zoom, day - timedelta(days=day.weekday()), cycle)
            case Zoom.MONTH:
                return cls(zoom, cycle.around(day)[0], cycle)
            case Zoom.YEAR:
                return cls(zoom, day.replace(month=1, day=1), cycle)

    @property
    def after(self) -> date:
        """The first day that no longer belongs to it."""
        match self.zoom:
            case Zoom.DAY:
                return self.first + ONE_DAY
            case Zoom.WEEK:
                return self.first + timedelta(days=7)
            case Zoom.MONTH:
                return self.cycle.around(self.first)[1]
            case Zoom.YEAR:
                return self.first.replace(year=self.first.year + 1)

    @property
    def next(self) -> "View":
        """The same zoom, one on."""
        return View(self.zoom, self.after, self.cycle)

    @property
    def before(self) -> "View":
        """The same zoom, one back."""
        return View.around(self.zoom, self.first - ONE_DAY, self.cycle)

    @property
    def bars(self) -> By:
        """What one bar of its chart holds."""
        return _BARS[self.zoom]

    @property
    def title(self) -> str:
        """What a person calls it, in the language spoken now."""
        match self.zoom:
            case Zoom.DAY:
                return f"{weekday(self.first)} {long_date(self.first)}"
            case Zoom.MONTH if self.cycle.is_calendar:
                return month(self.first)
            case Zoom.WEEK | Zoom.MONTH:
                last = self.after - ONE_DAY
                year = f" {self.first.year}" if self.first.year != last.year else ""
                return f"{short_date(self.first)}{year} - {short_date(last)} {last.year}"
            case Zoom.YEAR:
                return str(self.first.year)


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewFigures:
    """What is told in numbers of one stretch."""

    wh: dict[str, int]  # Wh per register
    injected_wh: int | None
    estimated_wh: int
    covered: float  # share of the time, as far as it has passed, that was recorded: 0 to 1
    power: PowerRange | None
    base_load: int | None  # VA always drawn
    cost: Decimal | None = None  # EUR; None until it is worked out, and where a price is not known
    costs: Mapping[str, Decimal] = field(default_factory=dict)  # EUR by register, without the subscription

    @property
    def total_wh(self) -> int:
        """Wh drawn in all."""
        return sum(self.wh.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewData:
    """What the history says of one view and of the one before it."""

    view: View
    spans: Sequence[Span]  # one a bar
    spans_before: Sequence[Span]
    curve: Sequence[CurvePoint]  # power by time; of a day only
    curve_before: Sequence[CurvePoint]
    figures: ViewFigures
    figures_before: ViewFigures
    """Where the view still goes on, of the same part of the one before, to the minute."""
    start: datetime
    end: datetime
    cut: datetime | None = None  # where that part ends; None where the view is over
    called: Mapping[str, str] = field(default_factory=dict)
    """What meter and offer call the registers of a supplier's own calendar."""

    @property
    def registers(self) -> list[str]:
        """The registers that counted in either, in the meter's order."""
        return in_meter_order([*self.figures.wh, *self.figures_before.wh])


def read_view(reader: HistoryReader, view: View, now: datetime) -> ViewData:
    """Ask the history everything that the screen shows of a view.

    `view`: what to look at; `now`: aware, what lies after it cannot have been recorded. Raises HistoryError: the
    history cannot be read.
    """
    zone = reader.zone
    back = view.before
    start_before, start, end = (local(midnight(day, zone), zone) for day in (back.first, view.first, view.after))
    day = view.zoom is Zoom.DAY
    spans = reader.spans(view.bars, start, end)
    spans_before = reader.spans(view.bars, start_before, start)
    now = now.astimezone(zone)
    cut = same_part(view, _told_until(reader, start, now)) if start <= now < end else None
    comparable = spans_before if cut is None else spans_until(reader, start_before, cut)
    passed, passed_before = (
        until.timestamp() - begin.timestamp() for begin, until in ((start, min(end, now)), (start_before, cut or start))
    )
    last_before = back.after - ONE_DAY if cut is None else max((cut - timedelta(microseconds=1)).date(), back.first)
    return ViewData(
        view=view,
        spans=spans,
        spans_before=spans_before,
        curve=reader.curve(start.timestamp(), end.timestamp(), _CURVE_COLUMNS) if day else (),
        curve_before=reader.curve(start_before.timestamp(), start.timestamp(), _CURVE_COLUMNS) if day else (),
        figures=_figures(spans, passed, reader.base_load(view.first, view.after - ONE_DAY)),
        figures_before=_figures(comparable, passed_before, reader.base_load(back.first, last_before)),
        start=start,
        end=end,
        cut=cut,
        called=called_by_meter(reader.period_texts()),
    )


def with_costs(account: "Account", shown: ViewData, now: Timestamp) -> ViewData:
    """The same with what the view and the one before it cost. Raises HistoryError: the history cannot be read."""
    plan = account.plan(now)

    def priced(figures: ViewFigures, view: View, until: Timestamp) -> ViewFigures:
        bill = account.days(plan, view.first, view.after, now=until)
        return figures if bill.unpriced or not bill.lines else replace(figures, cost=bill.total, costs=bill.energy)

    return replace(
        shown,
        called=account.called(plan, now),
        figures=priced(shown.figures, shown.view, now),
        figures_before=priced(shown.figures_before, shown.view.before, shown.cut.timestamp() if shown.cut else now),
    )


def _told_until(reader: HistoryReader, start: datetime, now: datetime) -> datetime:
    """How far the record of a view goes that began then: to now, or to where nobody recorded any more."""
    recorded = reader.recorded()
    last = now if recorded is None else local(recorded[1], reader.zone)
    return min(last, now) if last > start else now


def same_part(view: View, now: datetime) -> datetime:
    """How far the view before had gone when it was as far on as a view is now.

    By the clock and the calendar: on the same weekday of a week, the same day of a month or a year. A month that has no
    such day had ended. `now`: aware, within the view.
    """
    back, today = view.before, now.date()
    seconds = now.hour * 3600 + now.minute * 60 + now.second
    match view.zoom:
        case Zoom.DAY | Zoom.WEEK:
            day = back.first + (today - view.first)
        case Zoom.MONTH:
            day = back.first + (today - view.first)
            if day >= back.after:
                day, seconds = back.after, 0
        case Zoom.YEAR:
            try:
                day = today.replace(year=back.first.year)
            except ValueError:  # 29 February
                day, seconds = date(back.first.year, 3, 1), 0
    return local(moment(day, seconds, now.tzinfo or PARIS), now.tzinfo or PARIS)


def spans_until(reader: HistoryReader, start: datetime, end: datetime) -> list[Span]:
    """What was drawn from a midnight to a moment: whole days, then whole hours, then the part of the last one."""
    last_day = local(midnight(end.date(), reader.zone), reader.zone)
    hour = local(end.timestamp() // HOUR * HOUR, reader.zone)
    found = reader.spans(By.DAY, start, last_day) if last_day > start else []
    found += reader.spans(By.HOUR, last_day, hour) if hour.timestamp() > last_day.timestamp() else []
    if end.timestamp() > hour.timestamp():
        found.append(_part(reader, hour, end))
    return found


def _part(reader: HistoryReader, start: datetime, end: datetime) -> Span:
    """A span that neither begins nor ends with an hour."""
    begin, until = start.timestamp(), end.timestamp()
    lap = reader.measure(begin, until)
    injected = [reader.registers_at(at).get(INJECTED) for at in (begin, until)]
    missing = sum(gap.end - gap.start for gap in reader.gaps(begin, until))
    return Span(
        start=start,
        end=end,
        wh=lap.wh,
        injected_wh=None if None in injected else max(injected[1].wh - injected[0].wh, 0),  # type: ignore[union-attr]
        power=None
        if lap.mean is None or lap.peak is None or lap.peak_at is None
        else PowerRange(mean=lap.mean, min=lap.mean, max=lap.peak, max_at=local(lap.peak_at, reader.zone)),
        estimated_wh=0,
        covered_s=round(until - begin - missing) if lap.mean is not None else 0,
    )


def _figures(spans: Sequence[Span], passed: float, base_load: int | None) -> ViewFigures:
    """Sums over spans, of which so many seconds have passed."""
    wh = {name: sum(span.wh.get(name, 0) for span in spans) for name in in_meter_order(n for s in spans for n in s.wh)}
    injected = [span.injected_wh for span in spans if span.injected_wh is not None]
    powers = [(span.power, span.covered_s) for span in spans if span.power is not None]
    return ViewFigures(
        wh=wh,
        injected_wh=sum(injected) if injected else None,
        estimated_wh=sum(span.estimated_wh for span in spans),
        covered=min(sum(span.covered_s for span in spans) / passed, 1.0) if passed > 0 else 0.0,
        power=_together(powers),
        base_load=base_load,
    )


def _together(powers: Sequence[tuple[PowerRange, int]]) -> PowerRange | None:
    """The power over several spans: means weighted by the time that was recorded."""
    if not powers:
        return None
    seconds = sum(covered for _power, covered in powers) or 1
    highest = max((power for power, _covered in powers), key=lambda power: power.max)
    return PowerRange(
        mean=round(sum(power.mean * covered for power, covered in powers) / seconds),
        min=min(power.min for power, _covered in powers),
        max=highest.max,
        max_at=highest.max_at,
    )
