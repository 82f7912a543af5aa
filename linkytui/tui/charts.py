"""Charts of the past: which half-cells of a plot are painted, in which tint, and how its axes are labelled. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Final

from linkytui.history import CurvePoint, Span
from linkytui.i18n import number, short_month, weekday
from linkytui.tui.past import Lookback, Reach
from linkytui.tui.themes import tint_of

AXIS: Final = 7
"""Cells of the figures at the left, the axis itself included."""

BEFORE: Final = "before"
"""Tint of the marks that show the stretch before."""

CURSOR: Final = "cursor"
"""Tint of the moments that are marked."""

Points = tuple[list[int], list[int]]
"""Places of half-cells, across and up."""

Cells = tuple[list[float], list[float]]
"""Places of whole cells, across and up, in half-cells."""


@dataclass(slots=True)
class Chart:
    """What a plot shows. Places are half-cells: two across and two up in a cell."""

    across: int
    """Half-cells."""
    up: int
    """Half-cells."""
    points: dict[str, Points] = field(default_factory=dict)
    """Painted half-cells by tint; what comes later lies above."""
    marks_across: list[tuple[int, str]] = field(default_factory=list)
    """Labels of the axis below."""
    marks_up: list[tuple[int, str]] = field(default_factory=list)
    """Labels of the axis at the left."""

    def paint(self, tint: str, x: int, y: int) -> None:
        """Paint one half-cell."""
        if 0 <= x < self.across and 0 <= y < self.up:
            xs, ys = self.points.setdefault(tint, ([], []))
            xs.append(x)
            ys.append(y)

    def whole_cells(self, places: Points) -> tuple[Cells, Cells]:
        """Places that a plot of whole cells shows in the cells where half-cells lie; those of hatched cells apart."""
        painted = set(zip(*places, strict=True))
        sideways, upwards = (self.across - 1) / max(self.across // 2 - 1, 1), (self.up - 1) / max(self.up // 2 - 1, 1)
        solid: Cells = ([], [])
        hatched: Cells = ([], [])
        for x, y in sorted({(x // 2, y // 2) for x, y in painted}):
            corners = [(2 * x + right, 2 * y + above) in painted for right, above in ((0, 0), (1, 1), (0, 1), (1, 0))]
            xs, ys = hatched if corners in ([True, True, False, False], [False, False, True, True]) else solid
            xs.append(x * sideways)
            ys.append(y * upwards)
        return solid, hatched


def round_top(value: float) -> float:
    """A round number that a value fits under: 1, 1.5, 2, 3, 4, 5, 6, 8 times a power of ten."""
    unit = 0.001
    while True:
        for step in (1, 1.5, 2, 3, 4, 5, 6, 8):
            if step * unit >= value:
                return step * unit
        unit *= 10


def bars(lookback: Lookback, width: int, height: int) -> Chart:
    """A bar a span in kWh, a register on the other; estimated parts hatched; beside each a mark for the one before.

    Args:
        lookback: what to draw.
        width: cells of the plot, figures included.
        height: rows of the plot, labels included.
    """
    chart = Chart(across=2 * max(width - AXIS, 2), up=2 * max(height - 2, 1))
    spans = lookback.spans
    highest = max((span.total_wh for span in (*spans, *lookback.spans_before)), default=0)
    top = round_top(max(highest, 1) / 1000) * 1000
    _label_up(chart, top, lambda value: _kwh(value, top))
    pitch = max(chart.across // 2 // max(len(spans), 1), 1)
    wide = max(pitch - 1, 1) if pitch < 6 else pitch - 2
    for place, span in enumerate(spans):
        left = 2 * place * pitch
        _bar(chart, span, left, 2 * wide, top)
        if place < len(lookback.spans_before):
            _mark(chart, lookback.spans_before[place].total_wh, left + 2 * wide, 2 * (pitch - wide), top)
    _label_spans(chart, lookback.view.reach, spans, pitch, wide)
    return chart


def _bar(chart: Chart, span: Span, left: int, wide: int, top: float) -> None:
    """Registers one on the other. Borders between them fall on whole cells, since a cell has one colour only."""
    total = span.total_wh
    if total <= 0:
        return
    high = max(round(total / top * chart.up), 1)
    hatched = round(span.estimated_wh / total * high)
    floor, counted = 0, 0
    for register, energy in span.wh.items():
        counted += energy
        ceiling = high if counted == total else min(2 * round(counted / total * high / 2), high)
        for y in range(floor, ceiling):
            for x in range(left, left + wide):
                # What was spread over a gap is drawn with every other point, at the top of the bar.
                if y < high - hatched or (x + y) % 2:
                    chart.paint(tint_of(register), x, y)
        floor = max(floor, ceiling)


def _mark(chart: Chart, total: int, left: int, wide: int, top: float) -> None:
    if total > 0:
        y = min(round(total / top * chart.up), chart.up - 1)
        for x in range(left, left + wide):
            chart.paint(BEFORE, x, y)


def _label_spans(chart: Chart, reach: Reach, spans: Sequence[Span], pitch: int, wide: int) -> None:
    def text(start: datetime) -> str:
        match reach:
            case Reach.DAY:
                return f"{start:%H}"
            case Reach.WEEK:
                return f"{weekday(start)} {start.day}"
            case Reach.MONTH:
                return str(start.day)
            case Reach.YEAR:
                return short_month(start)

    labels = [text(span.start) for span in spans]
    step = -(-(max(map(len, labels), default=0) + 1) // pitch)
    chart.marks_across = [(2 * (place * pitch + wide // 2), labels[place]) for place in range(0, len(spans), step)]


def curve(lookback: Lookback, width: int, height: int, moments: Sequence[float] = ()) -> Chart:
    """The power of a day as a filled curve in the tint of the register that ran; marks for the day before.

    Args:
        lookback: what to draw; its view is a day.
        width: cells of the plot, figures included.
        height: rows of the plot, labels included.
        moments: seconds since 1970 that are marked with a line.
    """
    chart = day_curve(lookback.curve, lookback.curve_before, lookback.start, lookback.end, width, height)
    start = lookback.start.timestamp()
    length = lookback.end.timestamp() - start
    for moment in moments:
        x = 2 * (int((moment - start) / length * chart.across) // 2)
        for y in range(chart.up):
            chart.paint(CURSOR, x, y)
            chart.paint(CURSOR, x + 1, y)
    return chart


def day_curve(
    points: Sequence[CurvePoint],
    points_before: Sequence[CurvePoint],
    start: datetime,
    end: datetime,
    width: int,
    height: int,
) -> Chart:
    """The power between two midnights, VA, with the day before as marks.

    A day on which the clocks change has 23 or 25 hours; the hours below the plot stand where they were, and the day
    before is laid over this one by the time of day.
    """
    chart = Chart(across=2 * max(width - AXIS, 2), up=2 * max(height - 2, 1))
    highest = max((point.high for point in (*points, *points_before)), default=0)
    top = round_top(max(highest, 600))
    _label_up(chart, top, number)
    begin = start.timestamp()
    length = end.timestamp() - begin  # two times of one zone are subtracted as its clocks show them
    moved = [point._replace(at=_same_time(point.at, start)) for point in points_before]
    for x, point in _spread(moved, begin, length, chart.across):
        chart.paint(BEFORE, x, min(round(point.mean / top * chart.up), chart.up - 1))
    for x, point in _spread(points, begin, length, chart.across):
        high = max(round(point.high / top * chart.up), 1 if point.high else 0)
        for y in range(high):
            chart.paint(tint_of(point.register), x, y)
    hour_step = next((step for step in (1, 2, 3, 4, 6) if 24 / step * 4 <= chart.across / 2), 6)
    for hour in range(0, 24, hour_step):
        share = (start.replace(hour=hour).timestamp() - begin) / length
        chart.marks_across.append((round(share * chart.across), f"{hour:02}"))
    chart.marks_across.append((chart.across - 1, "24"))
    return chart


def _same_time(moment: float, day: datetime) -> float:
    """When it was as late on a day as it was at a moment of another; seconds since 1970."""
    then = datetime.fromtimestamp(moment, day.tzinfo)
    return then.replace(year=day.year, month=day.month, day=day.day).timestamp()


def _spread(points: Iterable[CurvePoint], start: float, length: float, across: int) -> Iterable[tuple[int, CurvePoint]]:
    """Each half-cell across with the point that holds there; none where nothing was recorded."""
    by_place: dict[int, CurvePoint] = {}
    for point in points:
        place = int((point.at - start) / length * across)
        known = by_place.get(place)
        if known is None or point.high > known.high:
            by_place[place] = point
    places = sorted(by_place)
    widest = max(-(-across // 288) + 1, 2)  # a column that is missing between two others is no gap
    for place, after in pairwise([*places, across]):
        for x in range(place, min(after, place + widest)):
            yield x, by_place[place]


def _label_up(chart: Chart, top: float, text: Callable[[float], str]) -> None:
    for share in (0.0, 0.5, 1.0):
        chart.marks_up.append((min(round(share * chart.up), chart.up - 1), text(share * top).rjust(AXIS - 1)))


def _kwh(value: float, top: float) -> str:
    return number(value / 1000, 2 if top < 2000 else 1 if top < 20_000 else 0)
