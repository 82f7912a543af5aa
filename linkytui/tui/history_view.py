"""The time span shown by the history screen, and its data. No widgets."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from linkytui.civil.cycle import CALENDAR, Cycle
from linkytui.civil.days import ONE_DAY, local, midnight
from linkytui.civil.spans import By
from linkytui.civil.times import Timestamp
from linkytui.history import CurvePoint, HistoryReader, PowerRange, Span
from linkytui.i18n import long_date, month, short_date, weekday

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
    start: datetime
    end: datetime

    @property
    def registers(self) -> list[str]:
        """The registers that counted in either, in the meter's order."""
        names: dict[str, None] = {}
        for figures in (self.figures, self.figures_before):
            names.update(dict.fromkeys(figures.wh))
        return list(names)


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
    return ViewData(
        view=view,
        spans=spans,
        spans_before=spans_before,
        curve=reader.curve(start.timestamp(), end.timestamp(), _CURVE_COLUMNS) if day else (),
        curve_before=reader.curve(start_before.timestamp(), start.timestamp(), _CURVE_COLUMNS) if day else (),
        figures=_figures(reader, view, spans, min(end.timestamp(), now.timestamp()) - start.timestamp()),
        figures_before=_figures(reader, back, spans_before, start.timestamp() - start_before.timestamp()),
        start=start,
        end=end,
    )


def with_costs(account: "Account", shown: ViewData, now: Timestamp) -> ViewData:
    """The same with what the view and the one before it cost. Raises HistoryError: the history cannot be read."""
    plan = account.plan(now)

    def cost(view: View) -> Decimal | None:
        bill = account.days(plan, view.first, view.after, now=now)
        return bill.total if bill.lines and not bill.unpriced else None

    return replace(
        shown,
        figures=replace(shown.figures, cost=cost(shown.view)),
        figures_before=replace(shown.figures_before, cost=cost(shown.view.before)),
    )


def _figures(reader: HistoryReader, view: View, spans: Sequence[Span], passed: float) -> ViewFigures:
    """Sums over the bars of a view, of which so many seconds have passed."""
    wh: dict[str, int] = {}
    for span in spans:
        for register, energy in span.wh.items():
            wh[register] = wh.get(register, 0) + energy
    injected = [span.injected_wh for span in spans if span.injected_wh is not None]
    powers = [(span.power, span.covered_s) for span in spans if span.power is not None]
    return ViewFigures(
        wh=wh,
        injected_wh=sum(injected) if injected else None,
        estimated_wh=sum(span.estimated_wh for span in spans),
        covered=min(sum(span.covered_s for span in spans) / passed, 1.0) if passed > 0 else 0.0,
        power=_together(powers),
        base_load=reader.base_load(view.first, view.after - ONE_DAY),
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
