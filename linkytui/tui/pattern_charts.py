"""Charts of what repeats: hours by days as a map of shades, the typical day of each weekday, the base load. Pure."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from linkytui.civil.days import ONE_DAY
from linkytui.history.patterns import HOURS, WEEKDAYS, BaseLoads, Hours, Spread
from linkytui.i18n import number, short_month, weekday
from linkytui.tui.canvas import FIGURES, Canvas, Plot, pair
from linkytui.tui.glyphs import glyphs
from linkytui.tui.scales import round_top, scale

_SHARES: Final = (1 / 8, 1 / 4, 1 / 2)  # of the top: where the next darker shade begins
_ROWS_A_STEP: Final = 3  # between two figures of an axis at least
_STEPS: Final = (1, 2, 3, 4, 6, 8, 12)  # hours that a row or a column can stand for


def heat_map(hours: Hours, first: date, after: date, canvas: Canvas) -> list[date]:
    """A shade for each hour of each day: days to the right, hours downwards. Returns the first day of each column.

    A cell is the mean of the hours that it holds, W; one of which nothing was recorded is empty.
    """
    plot = Plot(canvas, 1)
    count = (after - first).days
    hours_a_row = next((step for step in _STEPS if HOURS // step <= plot.rows), HOURS)
    bands = HOURS // hours_a_row
    tall = max(plot.rows // bands, 1)  # rows of a band
    top = heat_top(hours)
    columns: list[date] = []
    for x in range(plot.columns):
        begin = x * count // plot.columns
        end = max((x + 1) * count // plot.columns, begin + 1)
        days = [first + timedelta(days=place) for place in range(begin, end)]
        for band in range(bands):
            clock = range(band * hours_a_row, (band + 1) * hours_a_row)
            told = [hours[day][hour] for day in days if day in hours for hour in clock if hour in hours[day]]
            if told:
                level = sum(sum(told) / len(told) >= share * top for share in _SHARES)
                for y in range(band * tall, (band + 1) * tall):
                    canvas.put(FIGURES + x, y, (canvas.glyphs.heat[level], "base", ""))
        columns.append(days[0])
    _map_axes(plot, columns, hours_a_row, tall, months=count > 31)
    return columns


def _map_axes(plot: Plot, columns: Sequence[date], hours_a_row: int, tall: int, *, months: bool) -> None:
    canvas = plot.canvas
    rows = HOURS // hours_a_row * tall
    for y in range(rows):
        clock, within = y // tall * hours_a_row, y % tall
        told = not within and clock % (3 if hours_a_row in (1, 3) else 2 * hours_a_row) == 0
        figure = f"{clock:02}" if told else ""
        canvas.write(0, y, figure.rjust(FIGURES - 2))
        canvas.write(FIGURES - 1, y, canvas.glyphs.upright)
    canvas.write(FIGURES - 1, rows, canvas.glyphs.corner + canvas.glyphs.rest * plot.columns)
    free, shown = 0, None
    for x, day in enumerate(columns):
        new = (day.year, day.month) if months else day
        if new == shown:
            continue
        shown = new
        text = short_month(day) if months else str(day.day)
        if x >= free and x + len(text) <= plot.columns:
            canvas.write(FIGURES + x, rows, canvas.glyphs.tick_below)
            canvas.write(FIGURES + x, rows + 1, text)
            free = x + len(text) + 1


def heat_top(hours: Hours) -> float:
    """The power, W, of which the darkest shade is at least half."""
    return round_top(max((wh for by_hour in hours.values() for wh in by_hour.values()), default=0) or 1)


def heat_legend(hours: Hours) -> str:
    """What the shades mean, in W."""
    top = heat_top(hours)
    signs = glyphs().heat
    steps = [f"{sign} < {number(share * top)}" for sign, share in zip(signs, _SHARES, strict=False)]
    return "  ".join([*steps, f"{signs[-1]} {number(_SHARES[-1] * top)} W +"])


def typical_week(days: Sequence[dict[int, Spread]], canvas: Canvas) -> None:
    """The typical day of each weekday: the median filled, and thin lines that one day in ten lies below and above."""
    plot = Plot(canvas, round_top(max((hour.high for day in days for hour in day.values()), default=0) or 1))
    pitch = max(plot.columns // WEEKDAYS, 2)
    wide = pitch - 1
    monday = date(2024, 1, 1)
    labels = []
    for place, day in enumerate(days):
        begin = place * pitch
        labels.append((begin + (wide - 1) // 2, weekday(monday + place * ONE_DAY)))
        for column in range(wide):
            first = column * HOURS // wide
            told = [day[hour] for hour in range(first, max((column + 1) * HOURS // wide, first + 1)) if hour in day]
            if told:
                low, middle, high = (sum(values) / len(told) for values in zip(*told, strict=True))
                plot.fill(begin + column, middle, "base")
                plot.mark(begin + column, high, "base")
                plot.mark(begin + column, low, "base")
    plot.axes(scale(plot.top, plot.rows // _ROWS_A_STEP), "W", labels)


def base_load_bars(told: BaseLoads, canvas: Canvas) -> list[date]:
    """A bar a month, and beside it that of a year before. Returns the month of each column."""
    plot = Plot(canvas, round_top(max((load or 0 for load in (*told.loads, *told.before)), default=0) or 1))
    pitch = max(plot.columns // len(told.months), 1)
    wide, wide_before = pair(pitch)
    for place, (load, before) in enumerate(zip(told.loads, told.before, strict=True)):
        for x in range(place * pitch, place * pitch + wide):
            plot.fill(x, load or 0, "base")
        plot.beside(range(place * pitch + wide, place * pitch + wide + wide_before), before or 0)
    labels = [(place * pitch + (wide - 1) // 2, short_month(month)) for place, month in enumerate(told.months)]
    plot.axes(scale(plot.top, plot.rows // _ROWS_A_STEP), "VA", labels)
    return [month for month in told.months for _column in range(pitch)]
