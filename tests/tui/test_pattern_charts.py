"""Charts of what repeats: where a shade stands, and what it means."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkytui.history.patterns import BaseLoads, Spread
from linkytui.tui.canvas import BEFORE, FIGURES, Canvas
from linkytui.tui.glyphs import ASCII, CONSOLE, UNICODE, Glyphs, use_glyphs
from linkytui.tui.pattern_charts import base_load_bars, heat_legend, heat_map, typical_week

JUNE = (date(2026, 6, 1), date(2026, 7, 1))
YEAR = (date(2026, 1, 1), date(2027, 1, 1))


def canvas(columns: int, rows: int, glyphs: Glyphs = UNICODE) -> Canvas:
    use_glyphs(glyphs)
    return Canvas(FIGURES + columns, rows + 2)


def picture(drawn: Canvas) -> list[str]:
    return ["".join(cell[0] for cell in row) for row in drawn.rows]


def test_a_shade_stands_at_its_day_and_hour() -> None:
    drawn = canvas(60, 24)
    days = heat_map({date(2026, 6, 3): {0: 100, 13: 990, 14: 300}}, *JUNE, drawn)
    shown = picture(drawn)
    assert [shown[hour][FIGURES + 4 : FIGURES + 6] for hour in (0, 12, 13, 14)] == ["░░", "  ", "██", "▓▓"]
    assert days[4] == days[5] == date(2026, 6, 3)
    assert len(days) == 60


@given(
    st.integers(6, 250), st.integers(2, 60), st.sampled_from([JUNE, YEAR]), st.sampled_from([UNICODE, ASCII, CONSOLE])
)
def test_whatever_the_size_every_day_has_its_place(
    columns: int, rows: int, span: tuple[date, date], glyphs: Glyphs
) -> None:
    first, after = span
    hours = {first + timedelta(days=n): dict.fromkeys(range(24), 500.0) for n in range((after - first).days)}
    drawn = canvas(columns, rows, glyphs)
    days = heat_map(hours, first, after, drawn)
    assert len(days) <= columns
    assert days == sorted(days)
    assert days[0] == first
    high = next(24 // step for step in (1, 2, 3, 4, 6, 8, 12, 24) if 24 // step <= rows)
    filled = [row[FIGURES : FIGURES + len(days)] for row in picture(drawn)[:high]]
    assert {sign for row in filled for sign in row} == {glyphs.heat[-1]}


def test_a_coarse_cell_is_the_mean_of_its_hours() -> None:
    drawn = canvas(30, 12)
    heat_map({date(2026, 6, 1): {0: 1000.0, 1: 0.0, 2: 100.0, 3: 100.0}}, *JUNE, drawn)
    assert [picture(drawn)[row][FIGURES] for row in (0, 1)] == ["█", "░"]


def test_the_legend_tells_the_shades_in_watts() -> None:
    use_glyphs(UNICODE)
    assert heat_legend({date(2026, 6, 1): {0: 3900.0}}) == "░ < 500  ▒ < 1,000  ▓ < 2,000  █ 2,000 W +"


def test_a_typical_week_is_a_median_between_two_lines() -> None:
    drawn = canvas(7 * 25, 16)
    typical_week([{12: Spread(1000, 2000, 4000)}, *[{}] * 6], drawn)
    column = [row[FIGURES + 12][0] for row in drawn.rows[:-2]]
    assert "".join(column) == "▔       ████████"
    labels = picture(drawn)[-1].split()
    assert labels == ["W", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


@pytest.mark.parametrize("columns", [39, 73, 113, 193])
def test_seven_days_fit_side_by_side(columns: int) -> None:
    drawn = canvas(columns, 10)
    typical_week([{hour: Spread(1, 2, 3) for hour in range(24)}] * 7, drawn)
    row = picture(drawn)[9][FIGURES:]
    assert len(row.split()) == 7
    assert len({len(day) for day in row.split()}) == 1


def test_the_base_load_of_a_month_stands_beside_that_of_a_year_before() -> None:
    drawn = canvas(12 * 7, 10)
    months = [date(2026, number, 1) for number in range(1, 13)]
    told = BaseLoads(months, [100, *[None] * 11], [50, *[None] * 11])
    assert base_load_bars(told, drawn)[6] == months[0]
    tints = ["".join(row[FIGURES + x][1][:1] or " " for x in range(7)) for row in drawn.rows[:-2]]
    assert tints[0] == "bbbb   "
    assert tints[9] == "bbbbbb "
    assert drawn.rows[9][FIGURES + 5][1] == BEFORE
    assert "2" not in picture(drawn)[-1]
