"""Charts of the past, drawn onto a canvas: bars of energy, and the curve of a day's power. Pure."""

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from statistics import median
from typing import Final

from linkytui.history import CurvePoint, Span
from linkytui.i18n import short_month, weekday
from linkytui.tui.canvas import Canvas, Part, Plot
from linkytui.tui.history_view import ViewData, Zoom
from linkytui.tui.scales import round_top, scale
from linkytui.tui.tints import tint_of

_ROWS_A_STEP: Final = 3  # between two figures of the axis at least

_USUAL_POINT: Final = 300.0
_LONGEST_POINT: Final = 3600.0
"""Seconds that a point of a curve stands for: what the history keeps longest, it keeps by the hour."""


def bars(shown: ViewData, canvas: Canvas) -> None:
    """A bar a span in kWh, a register on the other; estimated parts hatched; beside each a mark for the one before."""
    spans, before = shown.spans, shown.spans_before
    highest = max((span.total_wh for span in (*spans, *before)), default=0)
    plot = Plot(canvas, round_top(highest / 1000 or 1))
    pitch = max(plot.columns // max(len(spans), 1), 1)
    wide = max(pitch - 1, 1) if pitch < 6 else pitch - 2
    for place, span in enumerate(spans):
        if place < len(before) and before[place].total_wh:
            for x in range(place * pitch + min(wide, pitch - 1), (place + 1) * pitch):
                plot.mark(x, before[place].total_wh / 1000)
        parts = _parts(span, plot.eighths(span.total_wh / 1000), canvas)
        for x in range(place * pitch, place * pitch + wide):
            plot.stack(x, parts)
    labels = [_label(shown.view.zoom, span.start) for span in spans]
    step = -(-(max(map(len, labels), default=0) + 1) // pitch)
    places = range(0, len(spans), step)
    plot.axes(
        scale(plot.top, plot.rows // _ROWS_A_STEP),
        "kWh",
        [(place * pitch + (wide - 1) // 2, labels[place]) for place in places],
    )


def _parts(span: Span, high: int, canvas: Canvas) -> list[Part]:
    """The registers of a span in a bar of so many eighths; what was spread over a gap is hatched, at its top."""
    total = span.total_wh
    solid = high - round(span.estimated_wh / total * high) if total else 0
    parts = []
    floor, counted = 0, 0
    for register, energy in span.wh.items():
        counted += energy
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
    """The highest power between two midnights, VA, in the tint of the register that ran; marks for the day before.

    A day on which the clocks change has 23 or 25 hours; the hours below the plot stand where they were, and the day
    before is laid over this one by the time of day.
    """
    highest = max((point.high for point in (*points, *points_before)), default=0)
    plot = Plot(canvas, round_top(max(highest, 600)))
    place = _places(start, end, plot.columns)
    for x, point in _spread(points_before, lambda at: place(_same_time(at, start)), plot.columns):
        plot.mark(x, point.mean)
    for x, point in _spread(points, place, plot.columns):
        if point.high:
            plot.fill(x, point.high, tint_of(point.register))
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


def _spread(
    points: Sequence[CurvePoint], place: Callable[[float], int], columns: int
) -> Iterator[tuple[int, CurvePoint]]:
    """Each column with the highest point that begins in it, or else the one that still holds; none in a gap."""
    places = [place(point.at) for point in points]
    highest: dict[int, CurvePoint] = {}
    for x, point in zip(places, points, strict=True):
        if 0 <= x < columns and (x not in highest or point.high > highest[x].high):
            highest[x] = point
    steps = [after.at - point.at for point, after in pairwise(points)]
    hold = min(median(steps), _LONGEST_POINT) if steps else _USUAL_POINT
    for x, point in zip(places, points, strict=True):
        if x + 1 not in highest:
            for held in range(max(x + 1, 0), min(place(point.at + hold - 1) + 1, columns)):
                highest.setdefault(held, point)
    yield from highest.items()
