"""Charts: how high, in which tint, and how their axes are labelled."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkytui.history import CurvePoint, Span
from linkytui.i18n import use_language
from linkytui.tui.canvas import BEFORE, BEFORE_WITHIN, CURSOR, CURSOR_WITHIN, EIGHTHS, FIGURES, Canvas
from linkytui.tui.charts import bars, curve, day_curve
from linkytui.tui.glyphs import ASCII, UNICODE, Glyphs, use_glyphs
from linkytui.tui.history_view import View, ViewData, ViewFigures, Zoom
from linkytui.tui.scales import round_top
from tests.history.household import moment

NOTHING = ViewFigures(wh={}, injected_wh=None, estimated_wh=0, covered=1.0, power=None, base_load=None)
JUNE = View(Zoom.MONTH, date(2026, 6, 1))


def span(start: datetime, end: datetime, wh: Mapping[str, int], estimated: int = 0) -> Span:
    return Span(start=start, end=end, wh=wh, injected_wh=None, power=None, estimated_wh=estimated, covered_s=0)


def days(first: str, *energies: Mapping[str, int], estimated: int = 0) -> list[Span]:
    """A span a day."""
    start = moment(f"{first} 00:00")
    return [
        span(start + timedelta(days=place), start + timedelta(days=place + 1), wh, estimated)
        for place, wh in enumerate(energies)
    ]


def view_data(
    spans: Sequence[Span] = (),
    before: Sequence[Span] = (),
    *,
    view: View = JUNE,
    points: Sequence[CurvePoint] = (),
    points_before: Sequence[CurvePoint] = (),
) -> ViewData:
    return ViewData(
        view=view,
        spans=spans,
        spans_before=before,
        curve=points,
        curve_before=points_before,
        figures=NOTHING,
        figures_before=NOTHING,
        start=moment(f"{view.first} 00:00"),
        end=moment(f"{view.after} 00:00"),
    )


def canvas(columns: int, rows: int, glyphs: Glyphs = UNICODE) -> Canvas:
    """An empty canvas on which a plot has so many columns and rows."""
    use_glyphs(glyphs)
    return Canvas(FIGURES + columns, rows + 2)


def drawn(spans: ViewData, columns: int, rows: int, glyphs: Glyphs = UNICODE) -> Canvas:
    """Bars in so many columns and rows."""
    empty = canvas(columns, rows, glyphs)
    bars(spans, empty)
    return empty


def cells(drawing: Canvas, tint: str) -> set[tuple[int, int]]:
    """The places of a plot with a tint, across and up."""
    return {
        (x - FIGURES, drawing.height - 3 - y)
        for y, row in enumerate(drawing.rows[:-2])
        for x, (_sign, *tints) in enumerate(row)
        if x >= FIGURES and tint in tints
    }


def eighths(drawing: Canvas, x: int, tint: str) -> int:
    """How much of a column is filled with a tint."""
    filled = 0
    for row in drawing.rows[:-2]:
        sign, fore, behind = row[FIGURES + x]
        level = drawing.glyphs.levels.find(sign)
        filled += level if fore == tint and level > 0 else 0
        filled += EIGHTHS - level if behind == tint else 0
    return filled


def below(drawing: Canvas) -> list[str]:
    """The labels below a plot."""
    return labels(drawing)[1:]


def labels(drawing: Canvas) -> list[str]:
    """The row of labels, the unit first."""
    return "".join(sign for sign, _tint, _ground in drawing.rows[-1]).split()


def figures(drawing: Canvas) -> list[str]:
    """The figures at the left of a plot, from the top."""
    texts = ("".join(sign for sign, _tint, _ground in row[: FIGURES - 1]) for row in drawing.rows[:-1])
    return [text.strip() for text in texts if text.strip()]


def test_a_bar_is_as_high_as_its_energy_and_leaves_room_for_the_mark_beside_it() -> None:
    chart = drawn(view_data(days("2026-06-01", {"BASE": 4000}, {"BASE": 8000})), 12, 10)
    assert [eighths(chart, x, "base") for x in range(12)] == [40] * 4 + [0] * 2 + [80] * 4 + [0] * 2


def test_a_height_is_told_in_eighths_of_a_row() -> None:
    chart = drawn(view_data(days("2026-06-01", *({"BASE": 100 * n} for n in (0, 1, 2, 3, 79, 80)))), 24, 10)
    assert [eighths(chart, 4 * bar, "base") for bar in range(6)] == [0, 1, 2, 3, 79, 80]


def test_a_little_is_not_nothing() -> None:
    chart = drawn(view_data(days("2026-06-01", {"BASE": 1}, {"BASE": 8000})), 12, 10)
    assert eighths(chart, 0, "base") == 1


def test_registers_stand_one_on_the_other_and_share_the_cell_where_they_meet() -> None:
    chart = drawn(view_data(days("2026-06-01", {"HC": 3300, "HP": 4700})), 6, 10)
    assert (eighths(chart, 0, "off-peak"), eighths(chart, 0, "peak")) == (33, 47)
    assert cells(chart, "off-peak") & cells(chart, "peak") == {(x, 4) for x in range(4)}


def test_where_signs_cannot_share_a_cell_the_larger_part_has_it() -> None:
    chart = drawn(view_data(days("2026-06-01", {"HC": 3300, "HP": 4700})), 6, 10, ASCII)
    assert (eighths(chart, 0, "off-peak"), eighths(chart, 0, "peak")) == (32, 48)


energies = st.lists(
    st.dictionaries(st.sampled_from(["HC", "HP", "HPJR", "HCJW"]), st.integers(0, 90_000), max_size=4),
    min_size=1,
    max_size=31,
)


@given(energies, st.floats(0, 1), st.integers(1, 200), st.integers(1, 50), st.sampled_from([ASCII, UNICODE]))
def test_a_bar_ends_where_its_sum_lies_whatever_it_consists_of(
    energies: list[dict[str, int]], share: float, columns: int, rows: int, glyphs: Glyphs
) -> None:
    recorded = days("2026-06-01", *energies, estimated=0)
    chart = drawn(view_data(recorded), columns, rows, glyphs)
    top = round_top(max(sum(energy.values()) for energy in energies) / 1000 or 1) * 1000
    pitch = max(columns // len(energies), 1)
    for place, energy in enumerate(energies):
        if place * pitch >= columns:
            break
        tints = ("off-peak", "peak", "red-peak", "white-off-peak")
        filled = sum(eighths(chart, place * pitch, tint) for tint in tints)
        exact = sum(energy.values()) / top * rows * EIGHTHS
        assert abs(filled - max(exact, bool(exact))) <= 0.5


def test_what_was_spread_over_a_gap_is_hatched_at_the_top() -> None:
    half = drawn(view_data(days("2026-06-01", {"BASE": 8000}, estimated=4000)), 6, 10)
    signs = ["".join(row[FIGURES + x][0] for row in half.rows[:-2]) for x in range(4)]
    assert signs == ["▚▚▚▚▚█████"] * 4
    assert cells(half, "base") == {(x, y) for x in range(4) for y in range(10)}


def test_hatching_keeps_the_tint_of_each_register() -> None:
    chart = drawn(view_data(days("2026-06-01", {"HC": 4000, "HP": 4000}, estimated=6000)), 3, 8)
    column = [row[FIGURES][:2] for row in chart.rows[:-2]]
    assert column == [("▚", "peak")] * 4 + [("▚", "off-peak")] * 2 + [("█", "off-peak")] * 2


def test_the_stretch_before_is_a_paler_bar_beside_each() -> None:
    before = days("2026-05-01", {"BASE": 4000}, {"BASE": 1900})
    chart = drawn(view_data(days("2026-06-01", {"BASE": 8000}, {"BASE": 8000}), before), 16, 10)
    assert [eighths(chart, x, "base") for x in range(16)] == ([80] * 5 + [0] * 3) * 2
    assert cells(chart, BEFORE) == {(x, y) for x in (5, 6) for y in range(5)} | {
        (x, y) for x in (13, 14) for y in range(3)
    }
    assert {chart.rows[9][FIGURES + x][0] for x in (5, 6)} == {"▒"}


def test_without_room_for_a_bar_the_stretch_before_is_a_thin_line() -> None:
    before = days("2026-05-01", {"BASE": 4000}, {"BASE": 1900})
    chart = drawn(view_data(days("2026-06-01", {"BASE": 8000}, {"BASE": 8000}), before), 10, 10)
    assert cells(chart, BEFORE) == {(4, 4), (9, 2)}


def test_the_scale_counts_the_stretch_before_too() -> None:
    chart = drawn(view_data(days("2026-06-01", {"BASE": 900}), days("2026-05-01", {"BASE": 7600})), 12, 10)
    assert figures(chart) == ["8", "4", "0"]


def test_nothing_recorded_is_an_empty_plot_with_axes() -> None:
    chart = drawn(view_data(days("2026-06-01", {}, {})), 60, 10)
    assert {tint for row in chart.rows for _sign, tint, _ground in row} == {"", "axis"}
    assert figures(chart) == ["1.0", "0.5", "0.0"]
    assert labels(chart)[0] == "kWh"


@pytest.mark.parametrize(
    ("zoom", "spoken", "first", "second"),
    [
        (Zoom.WEEK, "en", "Mon 1", "Tue 2"),
        (Zoom.WEEK, "fr", "lun. 1", "mar. 2"),
        (Zoom.MONTH, "en", "1", "2"),
        (Zoom.DAY, "en", "00", "00"),
    ],
)
def test_bars_are_labelled_below(zoom: Zoom, spoken: str, first: str, second: str) -> None:
    use_language("fr" if spoken == "fr" else "en")
    view = View.around(zoom, date(2026, 6, 1))
    chart = drawn(view_data(days("2026-06-01", {"BASE": 1}, {"BASE": 1}), view=view), 73, 10)
    assert " ".join(below(chart)) == f"{first} {second}"


@given(st.integers(1, 30), st.integers(1, 200))
def test_labels_below_stand_under_their_bars_and_apart(count: int, columns: int) -> None:
    chart = drawn(view_data(days("2026-06-01", *[{"BASE": 1000}] * count)), columns, 10)
    shown = below(chart)
    assert shown
    step = int(shown[1]) - 1 if len(shown) > 1 else count
    assert shown == [str(day) for day in range(1, count + 1, step)][: len(shown)]
    row = "".join(sign for sign, _tint, _ground in chart.rows[-1])[FIGURES:]
    pitch = max(columns // count, 1)
    for label in shown:
        middle = row.index(label) + (len(label) - 1) // 2
        assert (int(label) - 1) * pitch - 1 <= middle < int(label) * pitch
        row = row[: row.index(label)] + " " * len(label) + row[row.index(label) + len(label) :]


def test_months_are_labelled_by_name() -> None:
    year = View(Zoom.YEAR, date(2026, 1, 1))
    months = [span(moment(f"2026-{n:02}-01 00:00"), moment(f"2026-{n:02}-28 00:00"), {"BASE": n}) for n in (1, 8)]
    use_language("fr")
    assert labels(drawn(view_data(months, view=year), 73, 10)) == ["kWh", "janv.", "août"]


# Curves ---------------------------------------------------------------------------------------------------------------


def points(start: float, end: float, power: int = 1000, step: float = 300.0) -> list[CurvePoint]:
    """A steady power from one moment to another."""
    count = round((end - start) / step)
    return [CurvePoint(start + place * step, power, power, power, "HC") for place in range(count)]


def drawn_day(
    day: str, recorded: Sequence[CurvePoint], before: Sequence[CurvePoint] = (), *, wide: int = 96, rows: int = 10
) -> Canvas:
    """The curve of a day, by default with 96 columns: a quarter of an hour each on usual days."""
    empty = canvas(wide, rows)
    day_curve(
        recorded, before, moment(f"{day} 00:00"), moment(f"{date.fromisoformat(day) + timedelta(days=1)} 00:00"), empty
    )
    return empty


def of_day(day: str, *stretches: tuple[str, str], before: Sequence[CurvePoint] = ()) -> Canvas:
    """The curve of a day on which some stretches were recorded."""
    recorded = [
        point
        for begin, until in stretches
        for point in points(moment(f"{day} {begin}").timestamp(), moment(f"{day} {until}").timestamp())
    ]
    return drawn_day(day, recorded, before)


def columns(drawing: Canvas, tint: str = "off-peak") -> set[int]:
    """The columns in which something is drawn."""
    return {x for x, _y in cells(drawing, tint)}


def hours(drawing: Canvas) -> dict[str, int]:
    """The columns at which the hours are written."""
    row = "".join(sign for sign, _tint, _ground in drawing.rows[-1])[FIGURES:]
    return {hour: row.index(hour) for hour in row.split()}


def test_a_curve_is_filled_up_to_its_mean_and_its_peak_is_a_thin_line() -> None:
    start = moment("2026-06-01 00:00").timestamp()
    chart = drawn_day("2026-06-01", [p._replace(high=2000, mean=500) for p in points(start, start + 86_400)])
    assert [eighths(chart, x, "off-peak") for x in range(96)] == [20] * 96
    assert {"".join(row[FIGURES + x][0] for row in chart.rows[:-2]) for x in range(96)} == {"▔      ▄██"}
    assert {chart.rows[0][FIGURES + x][1] for x in range(96)} == {"off-peak"}


def test_columns_of_several_points_show_their_mean_and_their_peak() -> None:
    start = moment("2026-06-01 00:00").timestamp()
    said = [(100, 150), (100, 2000), (400, 450)] * 96  # a quarter of an hour each
    recorded = [CurvePoint(start + 300 * n, mean, mean, high, "HC") for n, (mean, high) in enumerate(said)]
    chart = drawn_day("2026-06-01", recorded)
    assert [eighths(chart, x, "off-peak") for x in range(96)] == [8] * 96
    assert "".join(row[FIGURES][0] for row in chart.rows[:-2]) == "▔        █"


def test_a_curve_is_filled_up_to_a_steady_power() -> None:
    chart = of_day("2026-06-01", ("00:00", "23:59"))
    assert [eighths(chart, x, "off-peak") for x in range(96)] == [80] * 96
    assert figures(chart) == ["1,000", "500", "0"]
    assert labels(chart)[:3] == ["VA", "00", "01"]
    assert labels(chart)[-1] == "23"  # 24 would touch it
    assert labels(drawn_day("2026-06-01", [], wide=97))[-1] == "24"


def test_a_base_load_is_seen() -> None:
    start = moment("2026-06-01 00:00").timestamp()
    recorded = [*points(start, start + 43_200, 80), *points(start + 43_200, start + 86_400, 8000)]
    chart = drawn_day("2026-06-01", recorded, rows=20)
    assert {eighths(chart, x, "off-peak") for x in range(96)} == {2, 160}


def test_gaps_stay_gaps() -> None:
    chart = of_day("2026-06-01", ("02:00", "06:00"), ("12:00", "18:00"))
    assert columns(chart) == {*range(8, 24), *range(48, 72)}


def test_a_gap_of_one_column_is_seen() -> None:
    chart = of_day("2026-06-01", ("02:00", "06:00"), ("06:15", "18:00"))
    assert columns(chart) == {*range(8, 72)} - {24}


def test_a_curve_ends_where_the_record_ends() -> None:
    assert max(columns(of_day("2026-06-01", ("00:00", "10:00")))) == 39


@given(st.integers(1, 400), st.sampled_from([300.0, 600.0, 1800.0, 3600.0]))
def test_a_whole_day_has_no_hole_at_any_width_however_coarsely_it_is_kept(width: int, step: float) -> None:
    start, end = moment("2026-06-01 00:00"), moment("2026-06-02 00:00")
    chart = drawn_day("2026-06-01", points(start.timestamp(), end.timestamp(), step=step), wide=width)
    assert columns(chart) == set(range(width))


def test_a_few_points_far_apart_are_no_curve() -> None:
    start = moment("2026-06-01 00:00").timestamp()
    chart = drawn_day("2026-06-01", points(start, start + 86_400, step=6 * 3600.0))
    assert columns(chart) == {x for hour in (0, 6, 12, 18) for x in range(4 * hour, 4 * hour + 4)}


def test_each_column_has_the_tint_of_the_register_that_ran() -> None:
    start = moment("2026-06-01 00:00").timestamp()
    recorded = points(start, start + 43_200)
    recorded += [point._replace(register="HP") for point in points(start + 43_200, start + 86_400)]
    chart = drawn_day("2026-06-01", recorded)
    assert columns(chart, "off-peak") == set(range(48))
    assert columns(chart, "peak") == set(range(48, 96))


@given(
    st.lists(st.tuples(st.integers(0, 9000), st.sampled_from(["HC", "HP", None])), max_size=288), st.integers(1, 300)
)
def test_a_column_is_whole_where_the_register_changes(said: list[tuple[int, str | None]], width: int) -> None:
    start = moment("2026-06-01 00:00").timestamp()
    recorded = [CurvePoint(start + 300 * n, power, power, power, name) for n, (power, name) in enumerate(said)]
    chart = drawn_day("2026-06-01", recorded, wide=width)
    for x in range(width):
        assert len({tint for row in chart.rows[:-2] for tint in row[FIGURES + x][1:] if tint}) <= 1


@pytest.mark.parametrize(
    ("day", "noon"),
    [("2026-03-28", 48), ("2026-03-29", 46), ("2026-03-30", 48), ("2026-10-25", 50), ("2026-10-26", 48)],
)
def test_on_days_of_23_and_25_hours_noon_is_where_it_was(day: str, noon: int) -> None:
    start = moment(f"{day} 00:00").timestamp()
    end = moment(f"{date.fromisoformat(day) + timedelta(days=1)} 00:00").timestamp()
    chart = of_day(day, ("12:00", "23:55"))
    assert abs(min(columns(chart)) - hours(chart)["12"]) <= 1
    assert abs(hours(chart)["12"] - noon) <= 1
    assert columns(drawn_day(day, points(start, end))) == set(range(96))


@pytest.mark.parametrize("day", ["2026-03-29", "2026-03-30", "2026-06-02", "2026-10-25", "2026-10-26"])
def test_the_day_before_is_laid_over_by_the_time_of_day(day: str) -> None:
    back = date.fromisoformat(day) - timedelta(days=1)
    before = points(moment(f"{back} 19:00").timestamp(), moment(f"{back} 20:00").timestamp(), 600)
    chart = of_day(day, before=before)
    assert columns(chart, BEFORE) == columns(of_day(day, ("19:00", "20:00")))
    assert not columns(chart)


@pytest.mark.parametrize("day", ["2026-03-30", "2026-10-26"])
def test_all_of_a_day_before_that_was_longer_or_shorter_is_shown(day: str) -> None:
    back = date.fromisoformat(day) - timedelta(days=1)
    before = points(moment(f"{back} 00:00").timestamp(), moment(f"{day} 00:00").timestamp())
    missing = set(range(96)) - columns(of_day(day, before=before), BEFORE)
    assert missing <= ({8, 9, 10, 11} if day == "2026-03-30" else set())  # the hour that was not


def test_the_line_of_the_day_before_goes_on_over_the_day_of_today() -> None:
    before = points(moment("2026-05-31 00:00").timestamp(), moment("2026-06-01 00:00").timestamp(), 600)
    chart = of_day("2026-06-01", ("00:00", "12:00"), before=before)
    assert cells(chart, BEFORE_WITHIN) == {(x, 6) for x in range(48)}
    assert cells(chart, BEFORE) == {(x, 6) for x in range(48, 96)}
    assert {x for x, y in cells(chart, "off-peak") if y == 6} == set(range(48))  # it lies before the column


@given(st.lists(st.integers(0, 9000), min_size=2, max_size=288), st.integers(1, 300), st.integers(1, 50))
def test_the_line_of_the_day_before_is_never_broken(powers: list[int], width: int, rows: int) -> None:
    start = moment("2026-05-31 00:00").timestamp()
    before = [CurvePoint(start + 300 * n, power, power, power, "HC") for n, power in enumerate(powers)]
    chart = drawn_day("2026-06-01", [], before, wide=width, rows=rows)
    line = cells(chart, BEFORE)
    last = max(columns(chart, BEFORE))
    sides = {"─": "lr", "│": "ud", "╭": "dr", "╮": "dl", "╰": "ur", "╯": "ul"}
    steps = {"l": (-1, 0), "r": (1, 0), "u": (0, 1), "d": (0, -1)}
    opposite = {"l": "r", "r": "l", "u": "d", "d": "u"}
    signs = {(x, y): sides[chart.rows[rows - 1 - y][FIGURES + x][0]] for x, y in line}
    for (x, y), ends in signs.items():
        for end in ends:
            there = (x + steps[end][0], y + steps[end][1])
            assert opposite[end] in signs.get(there, "") or (x, end) in ((0, "l"), (last, "r"))


def test_a_base_load_is_not_hidden_by_the_line_of_the_day_before() -> None:
    start = moment("2026-06-01 00:00").timestamp()
    recorded = [*points(start, start + 43_200, 80), *points(start + 43_200, start + 86_400, 8000)]
    chart = drawn_day("2026-06-01", recorded, points(start - 86_400, start, 80), rows=20)
    assert {eighths(chart, x, "off-peak") for x in range(48)} == {2}


def test_a_marked_moment_is_a_line_through_which_the_curve_is_seen() -> None:
    view = View(Zoom.DAY, date(2026, 10, 25))
    noon = moment("2026-10-25 12:00").timestamp()
    recorded = points(moment("2026-10-25 00:00").timestamp(), moment("2026-10-26 00:00").timestamp())
    recorded.append(recorded.pop()._replace(high=2000))
    chart = canvas(100, 12)
    curve(view_data(view=view, points=recorded), chart, (noon,))
    assert cells(chart, CURSOR) == {(52, y) for y in range(6, 12)}
    assert cells(chart, CURSOR_WITHIN) == {(52, y) for y in range(6)}
    assert {(x, y) for x, y in cells(chart, "off-peak") if x == 52} == {(52, y) for y in range(6)}


@given(st.integers(-100_000, 200_000))
def test_a_moment_of_another_day_is_not_marked(after: int) -> None:
    view = View(Zoom.DAY, date(2026, 6, 1))
    chart = canvas(100, 12)
    curve(view_data(view=view), chart, (moment("2026-06-01 00:00").timestamp() + after,))
    assert len(cells(chart, CURSOR)) == (12 if 0 <= after < 86_400 else 0)


def test_a_power_of_nothing_is_not_drawn() -> None:
    start, end = moment("2026-06-01 00:00"), moment("2026-06-02 00:00")
    chart = drawn_day("2026-06-01", points(start.timestamp(), end.timestamp(), 0))
    assert not columns(chart, "off-peak")
