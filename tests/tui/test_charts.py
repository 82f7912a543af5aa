"""Which half-cells of a chart are painted, and how its axes are labelled."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkytui.history import CurvePoint, Span
from linkytui.i18n import use_language
from linkytui.tui.charts import AXIS, BEFORE, CURSOR, Chart, bars, curve, day_curve, round_top
from linkytui.tui.past import Figures, Lookback, Reach, View
from tests.history.household import moment

NOTHING = Figures(wh={}, injected_wh=None, estimated_wh=0, covered=1.0, power=None, base_load=None)
JUNE = View(Reach.MONTH, date(2026, 6, 1))


def span(start: datetime, end: datetime, wh: Mapping[str, int], estimated: int = 0) -> Span:
    return Span(start=start, end=end, wh=wh, injected_wh=None, power=None, estimated_wh=estimated, covered_s=0)


def days(first: str, *energies: Mapping[str, int], estimated: int = 0) -> list[Span]:
    """A span a day."""
    start = moment(f"{first} 00:00")
    return [
        span(start + timedelta(days=place), start + timedelta(days=place + 1), wh, estimated)
        for place, wh in enumerate(energies)
    ]


def lookback(
    spans: Sequence[Span] = (),
    before: Sequence[Span] = (),
    *,
    view: View = JUNE,
    points: Sequence[CurvePoint] = (),
    points_before: Sequence[CurvePoint] = (),
) -> Lookback:
    return Lookback(
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


def painted(chart: Chart, tint: str) -> set[tuple[int, int]]:
    return set(zip(*chart.points[tint], strict=True)) if tint in chart.points else set()


def height(chart: Chart, tint: str, x: int) -> int:
    """Half-cells up to which a column is painted."""
    return max((y + 1 for across, y in painted(chart, tint) if across == x), default=0)


def test_a_bar_is_as_high_as_its_energy_and_as_wide_as_whole_cells() -> None:
    chart = bars(lookback(days("2026-06-01", {"BASE": 4000}, {"BASE": 8000})), AXIS + 12, 12)
    cells = painted(chart, "base")
    assert (chart.across, chart.up) == (24, 20)
    assert {x for x, _y in cells} == {*range(8), *range(12, 20)}
    assert height(chart, "base", 0) == 10
    assert height(chart, "base", 12) == 20


def test_registers_stand_one_on_the_other_and_meet_between_cells() -> None:
    chart = bars(lookback(days("2026-06-01", {"HC": 3300, "HP": 4700})), AXIS + 6, 12)
    off_peak, peak = painted(chart, "off-peak"), painted(chart, "peak")
    assert not off_peak & peak
    assert max(y for _x, y in off_peak) + 1 == min(y for _x, y in peak)
    assert min(y for _x, y in peak) % 2 == 0
    assert max(y for _x, y in peak) == 19


@given(
    st.lists(
        st.dictionaries(st.sampled_from(["HC", "HP", "HPJR", "HCJW"]), st.integers(0, 90_000), max_size=4),
        min_size=1,
        max_size=31,
    ),
    st.integers(20, 200),
    st.integers(4, 50),
)
def test_no_cell_has_two_colours_and_nothing_lies_outside(
    energies: list[dict[str, int]], width: int, rows: int
) -> None:
    chart = bars(lookback(days("2026-06-01", *energies)), width, rows)
    colours: dict[tuple[int, int], set[str]] = {}
    for tint in chart.points:
        for x, y in painted(chart, tint):
            assert 0 <= x < chart.across
            assert 0 <= y < chart.up
            colours.setdefault((x // 2, y // 2), set()).add(tint)
    assert all(len(tints) == 1 for tints in colours.values())


def test_what_was_spread_over_a_gap_is_hatched_at_the_top() -> None:
    whole = bars(lookback(days("2026-06-01", {"BASE": 8000})), AXIS + 12, 12)
    half = bars(lookback(days("2026-06-01", {"BASE": 8000}, estimated=4000)), AXIS + 12, 12)
    below = {(x, y) for x, y in painted(whole, "base") if y < 10}
    above = painted(whole, "base") - below
    assert below <= painted(half, "base")
    hatched = painted(half, "base") - below
    assert len(hatched) == len(above) / 2
    assert not any({(x + 1, y), (x, y + 1)} & hatched for x, y in hatched)


def test_the_stretch_before_is_a_mark_beside_each_bar() -> None:
    before = days("2026-05-01", {"BASE": 4000}, {"BASE": 2000})
    chart = bars(lookback(days("2026-06-01", {"BASE": 8000}, {"BASE": 8000}), before), AXIS + 12, 12)
    marks = painted(chart, BEFORE)
    assert {y for x, y in marks if x < 12} == {10}
    assert {y for x, y in marks if x >= 12} == {5}
    assert not {x for x, _y in marks} & {x for x, _y in painted(chart, "base")}


def test_the_scale_counts_the_stretch_before_too() -> None:
    chart = bars(lookback(days("2026-06-01", {"BASE": 900}), days("2026-05-01", {"BASE": 7600})), AXIS + 12, 12)
    assert [label.strip() for _place, label in chart.marks_up] == ["0.0", "4.0", "8.0"]


def test_nothing_recorded_is_an_empty_plot_with_axes() -> None:
    chart = bars(lookback(days("2026-06-01", {}, {})), 60, 12)
    assert chart.points == {}
    assert chart.marks_up


@pytest.mark.parametrize(
    ("reach", "spoken", "first", "second"),
    [
        (Reach.WEEK, "en", "Mon 1", "Tue 2"),
        (Reach.WEEK, "fr", "lun. 1", "mar. 2"),
        (Reach.MONTH, "en", "1", "2"),
        (Reach.DAY, "en", "00", "00"),
    ],
)
def test_bars_are_labelled_below(reach: Reach, spoken: str, first: str, second: str) -> None:
    use_language("fr" if spoken == "fr" else "en")
    view = View.around(reach, date(2026, 6, 1))
    chart = bars(lookback(days("2026-06-01", {"BASE": 1}, {"BASE": 1}), view=view), 80, 12)
    assert [label for _place, label in chart.marks_across] == [first, second]


@given(st.integers(1, 31), st.integers(20, 200))
def test_labels_below_do_not_run_into_each_other(count: int, width: int) -> None:
    chart = bars(lookback(days("2026-06-01", *[{"BASE": 1000}] * count)), width, 12)
    for (place, label), (after, _label) in pairwise(chart.marks_across):
        assert after - place >= 2 * (len(label) + 1) - 1


def test_months_are_labelled_by_name() -> None:
    year = View(Reach.YEAR, date(2026, 1, 1))
    months = [span(moment(f"2026-{n:02}-01 00:00"), moment(f"2026-{n:02}-28 00:00"), {"BASE": n}) for n in (1, 8)]
    use_language("fr")
    chart = bars(lookback(months, view=year), 80, 12)
    assert [label for _place, label in chart.marks_across] == ["janv.", "août"]


# Curves ---------------------------------------------------------------------------------------------------------------


def points(start: float, end: float, power: int = 1000, step: float = 300.0) -> list[CurvePoint]:
    """A steady power from one moment to another."""
    count = round((end - start) / step)
    return [CurvePoint(start + place * step, power, power, power, "HC") for place in range(count)]


def of_day(day: str, *stretches: tuple[str, str], before: Sequence[CurvePoint] = ()) -> Chart:
    """A chart of 96 columns, a quarter of an hour each on usual days, in which some stretches were recorded."""
    start = moment(f"{day} 00:00")
    end = moment(f"{date.fromisoformat(day) + timedelta(days=1)} 00:00")
    recorded = [
        point
        for begin, until in stretches
        for point in points(moment(f"{day} {begin}").timestamp(), moment(f"{day} {until}").timestamp())
    ]
    return day_curve(recorded, before, start, end, AXIS + 96, 12)


def columns(chart: Chart, tint: str = "off-peak") -> set[int]:
    """The cells across in which something is painted."""
    return {x // 2 for x, _y in painted(chart, tint)}


def test_a_curve_is_filled_up_to_the_highest_power() -> None:
    chart = of_day("2026-06-01", ("00:00", "23:59"))
    assert columns(chart) == set(range(96))
    assert {height(chart, "off-peak", x) for x in range(192)} == {20}
    assert [label.strip() for _place, label in chart.marks_up] == ["0", "500", "1,000"]


def test_gaps_stay_gaps() -> None:
    chart = of_day("2026-06-01", ("02:00", "06:00"), ("12:00", "18:00"))
    recorded = {*range(8, 24), *range(48, 72)}
    assert recorded <= columns(chart) <= recorded | {24, 72}


def test_a_curve_ends_where_the_record_ends() -> None:
    chart = of_day("2026-06-01", ("00:00", "10:00"))
    assert max(columns(chart)) in (39, 40)


@given(st.integers(20, 220))
def test_a_whole_day_has_no_hole_at_any_width(width: int) -> None:
    start, end = moment("2026-06-01 00:00"), moment("2026-06-02 00:00")
    chart = day_curve(points(start.timestamp(), end.timestamp()), [], start, end, AXIS + width, 12)
    assert {x for x, _y in painted(chart, "off-peak")} == set(range(chart.across))


def test_each_column_has_the_tint_of_the_register_that_ran() -> None:
    start = moment("2026-06-01 00:00")
    recorded = points(start.timestamp(), start.timestamp() + 43_200)
    recorded += [p._replace(register="HP") for p in points(start.timestamp() + 43_200, start.timestamp() + 86_400)]
    chart = day_curve(recorded, [], start, moment("2026-06-02 00:00"), AXIS + 96, 12)
    assert columns(chart, "off-peak") == set(range(48))
    assert columns(chart, "peak") == set(range(48, 96))


@pytest.mark.parametrize(
    ("day", "noon"),
    [("2026-03-28", 48), ("2026-03-29", 46), ("2026-03-30", 48), ("2026-10-25", 50), ("2026-10-26", 48)],
)
def test_on_days_of_23_and_25_hours_noon_is_where_it_was(day: str, noon: int) -> None:
    after = date.fromisoformat(day) + timedelta(days=1)
    start, end = moment(f"{day} 00:00"), moment(f"{after} 00:00")
    recorded = points(start.timestamp(), end.timestamp())
    chart = of_day(day, ("12:00", "23:55"))
    (label,) = [place for place, label in chart.marks_across if label == "12"]
    assert abs(min(columns(chart)) - label / 2) <= 1
    assert abs(label / 2 - noon) <= 0.5
    whole = day_curve(recorded, [], start, end, AXIS + 96, 12)
    assert columns(whole) == set(range(96))


@pytest.mark.parametrize("day", ["2026-03-29", "2026-03-30", "2026-06-02", "2026-10-25", "2026-10-26"])
def test_the_day_before_is_laid_over_by_the_time_of_day(day: str) -> None:
    back = date.fromisoformat(day) - timedelta(days=1)
    peak = points(moment(f"{back} 19:00").timestamp(), moment(f"{back} 20:00").timestamp(), 600)
    chart = of_day(day, ("19:00", "20:00"), before=peak)
    assert columns(chart, BEFORE) == columns(chart)


@pytest.mark.parametrize("day", ["2026-03-30", "2026-10-26"])
def test_all_of_a_day_before_that_was_longer_or_shorter_is_shown(day: str) -> None:
    back = date.fromisoformat(day) - timedelta(days=1)
    before = points(moment(f"{back} 00:00").timestamp(), moment(f"{day} 00:00").timestamp())
    marked = columns(of_day(day, before=before), BEFORE)
    missing = set(range(96)) - marked
    assert missing <= ({9, 10, 11} if day == "2026-03-30" else set())  # the hour that was not


def test_a_marked_moment_is_a_line_where_the_curve_has_it() -> None:
    view = View(Reach.DAY, date(2026, 10, 25))
    at = moment("2026-10-25 12:00").timestamp()
    chart = curve(lookback(view=view), AXIS + 100, 12, (at,))
    assert {x for x, _y in painted(chart, CURSOR)} == {104, 105}
    assert len(painted(chart, CURSOR)) == 2 * chart.up


def test_a_power_of_nothing_is_not_drawn() -> None:
    start, end = moment("2026-06-01 00:00"), moment("2026-06-02 00:00")
    chart = day_curve(points(start.timestamp(), end.timestamp(), 0), [], start, end, 80, 12)
    assert chart.points == {}


@given(st.floats(0.0011, 1e6))
def test_a_scale_is_round_and_not_much_higher_than_it_must_be(value: float) -> None:
    assert value <= round_top(value) <= 1.51 * value


def test_whole_cells_are_those_of_the_half_cells() -> None:
    chart = Chart(across=20, up=8)
    solid, hatched = chart.whole_cells(([0, 1, 18, 19, 18], [0, 1, 6, 7, 7]))
    assert [*zip(*solid, strict=True)] == [pytest.approx((19, 7))]
    assert [*zip(*hatched, strict=True)] == [pytest.approx((0, 0))]
