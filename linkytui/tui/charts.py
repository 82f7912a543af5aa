"""Charts of the past, drawn onto a canvas: bars of energy, and the curve of a day's power. Pure."""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import pairwise
from statistics import median
from typing import Final

from linkytui.history import CurvePoint, Span
from linkytui.i18n import short_month, weekday
from linkytui.reading.contracts import in_meter_order
from linkytui.tui.canvas import Canvas, Part, Plot, pair
from linkytui.tui.history_view import ViewData, Zoom
from linkytui.tui.scales import round_top, scale
from linkytui.tui.tints import tint_of

_ROWS_A_STEP: Final = 3  # between two figures of the axis at least

_USUAL_POINT: Final = 300.0
_LONGEST_POINT: Final = 3600.0
"""Seconds that a point of a curve stands for: what the history keeps longest, it keeps by the hour."""


def bars(shown: ViewData, canvas: Canvas, chosen: int | None = None) -> list[int]:
    """A bar a span in kWh, a register on the other; estimated parts hatched; beside each the one before, where there is
    no room for a bar a thin line.

    `chosen`: the span that is pointed at. Returns the span that each column belongs to.
    """
    spans, before = shown.spans, shown.spans_before
    highest = max((span.total_wh for span in (*spans, *before)), default=0)
    plot = Plot(canvas, round_top(highest / 1000 or 1))
    pitch = max(plot.columns // max(len(spans), 1), 1)
    wide, wide_before = pair(pitch)
    for place, span in enumerate(spans):
        begin = place * pitch
        energy_before = before[place].total_wh / 1000 if place < len(before) else 0
        plot.beside(range(begin + wide, begin + wide + wide_before), energy_before)
        if energy_before and not wide_before:
            for x in range(begin + min(wide, pitch - 1), begin + pitch):
                plot.mark(x, energy_before)
        parts = _parts(span, plot.eighths(span.total_wh / 1000), canvas)
        for x in range(begin, begin + wide):
            plot.stack(x, parts)
    labels = [_label(shown.view.zoom, span.start) for span in spans]
    step = -(-(max(map(len, labels), default=0) + 1) // pitch)
    places = range(0, len(spans), step)
    plot.axes(
        scale(plot.top, plot.rows // _ROWS_A_STEP),
        "kWh",
        [(place * pitch + (wide - 1) // 2, labels[place]) for place in places],
    )
    if chosen is not None:
        plot.point(range(chosen * pitch, chosen * pitch + wide))
    return [place for place in range(len(spans)) for _column in range(pitch)]


def _parts(span: Span, high: int, canvas: Canvas) -> list[Part]:
    """The registers of a span in a bar of so many eighths; what was spread over a gap is hatched, at its top."""
    total = span.total_wh
    solid = high - round(span.estimated_wh / total * high) if total else 0
    parts = []
    floor, counted = 0, 0
    for register in in_meter_order(span.wh):
        counted += span.wh[register]
        ceiling = round(counted / total * high) if total else 0
        hatched_from = min(max(solid, floor), ceiling)
        parts.append(Part(hatched_from - floor, tint_of(register), canvas.glyphs.levels))
        parts.append(Part(ceiling - hatched_from, tint_of(register), canvas.glyphs.hatching))
        floor = ceiling
    return parts


def _label(zoom: Zoom, start: datetime) -> str:
    match zoom:
        case Zoom.DAY:
            return f"{start:%H}"
        case Zoom.WEEK:
            return f"{weekday(start)} {start.day}"
        case Zoom.MONTH:
            return str(start.day)
        case Zoom.YEAR:
            return short_month(start)


def curve(shown: ViewData, canvas: Canvas, moments: Sequence[float] = ()) -> None:
    """The power of a day; moments, in seconds since 1970, are marked with a line."""
    plot = day_curve(shown.curve, shown.curve_before, shown.start, shown.end, canvas)
    place = _places(shown.start, shown.end, plot.columns)
    for moment in moments:
        if 0 <= place(moment) < plot.columns:
            plot.line(place(moment))


def day_curve(
    points: Sequence[CurvePoint], points_before: Sequence[CurvePoint], start: datetime, end: datetime, canvas: Canvas
) -> Plot:
    """The power between two midnights, VA, in the tint of the register that ran: its mean filled, its peak a thin line.

    The mean of the day before is one line over it. A day on which the clocks change has 23 or 25 hours; the hours below
    the plot stand where they were, and the day before is laid over this one by the time of day.
    """
    highest = max((*(point.high for point in points), *(point.mean for point in points_before)), default=0)
    plot = Plot(canvas, round_top(max(highest, 600)))
    place = _places(start, end, plot.columns)
    for x, column in _columns(points, place, plot.columns).items():
        if column.mean:
            plot.fill(x, column.mean, tint_of(column.register))
        if column.high:
            plot.mark(x, column.high, tint_of(column.register))
    before = _columns(points_before, lambda at: place(_same_time(at, start)), plot.columns)
    plot.trace({x: column.mean for x, column in before.items()})
    step = next((step for step in (1, 2, 3, 4, 6) if 24 / step * 4 <= plot.columns), 6)
    hours = [(place(start.replace(hour=hour).timestamp()), f"{hour:02}") for hour in range(0, 24, step)]
    plot.axes(scale(plot.top, plot.rows // _ROWS_A_STEP), "VA", [*hours, (plot.columns - 1, "24")])
    return plot


def _places(start: datetime, end: datetime, columns: int) -> Callable[[float], int]:
    """Tells the column that a moment, in seconds since 1970, falls into."""
    begin = start.timestamp()
    length = end.timestamp() - begin  # two times of one zone are subtracted as its clocks show them
    return lambda moment: math.floor((moment - begin) / length * columns)


def _same_time(moment: float, day: datetime) -> float:
    """When it was as late on a day as it was at a moment of another; seconds since 1970."""
    then = datetime.fromtimestamp(moment, day.tzinfo)
    return then.replace(year=day.year, month=day.month, day=day.day).timestamp()


def _columns(points: Sequence[CurvePoint], place: Callable[[float], int], columns: int) -> dict[int, CurvePoint]:
    """What each column shows: the points that begin in it as one, or else the one that still holds; none in a gap."""
    places = [place(point.at) for point in points]
    begun: dict[int, list[CurvePoint]] = {}
    for x, point in zip(places, points, strict=True):
        if 0 <= x < columns:
            begun.setdefault(x, []).append(point)
    shown = {x: _as_one(together) for x, together in begun.items()}
    steps = [after.at - point.at for point, after in pairwise(points)]
    hold = min(median(steps), _LONGEST_POINT) if steps else _USUAL_POINT
    for x, point in zip(places, points, strict=True):
        if x + 1 not in begun:
            for held in range(max(x + 1, 0), min(place(point.at + hold - 1) + 1, columns)):
                shown.setdefault(held, point)
    return dict(sorted(shown.items()))


def _as_one(points: Sequence[CurvePoint]) -> CurvePoint:
    """Points of equal length: their mean, their extremes, and the register that ran in most of them."""
    if len(points) == 1:
        return points[0]
    return CurvePoint(
        at=points[0].at,
        mean=round(sum(point.mean for point in points) / len(points)),
        low=min(point.low for point in points),
        high=max(point.high for point in points),
        register=Counter(point.register for point in points).most_common(1)[0][0],
    )
