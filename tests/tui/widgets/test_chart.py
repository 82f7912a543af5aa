"""Charts as they are drawn, and what stands for their signs on ASCII terminals."""

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.theme import Theme
from textual.widget import Widget

from linkytui.i18n import use_language
from linkytui.tui.canvas import Canvas, Plot
from linkytui.tui.charts import bars
from linkytui.tui.glyphs import ASCII, UNICODE, use_glyphs
from linkytui.tui.themes import LIGHT, THEMES
from linkytui.tui.tints import TINTS
from linkytui.tui.widgets.chart import Chart
from tests.tui.test_charts import days, view_data
from tests.tui.test_themes import contrast
from tests.tui.widgets.conftest import Alone, Watched, rows

BARS = view_data(days("2026-06-01", {"BASE": 8000}, {"BASE": 4000}, estimated=2000), days("2026-05-01", {"BASE": 6000}))


async def drawn(*, ascii_only: bool) -> list[str]:
    chart = Chart()
    use_glyphs(ASCII if ascii_only else UNICODE)
    async with Alone(chart).run_test(size=(40, 14)) as pilot:
        chart.plan = lambda canvas: bars(BARS, canvas)
        await pilot.pause()
        return [chart.render_line(y).text for y in range(chart.size.height)]


async def test_a_chart_fills_its_place() -> None:
    shown = await drawn(ascii_only=False)
    assert len(shown) == 14
    assert {len(row) for row in shown} == {40}
    assert "█" in shown[-3]
    assert shown[0].lstrip().startswith("8┤")
    assert shown[-2].lstrip().startswith("0└─")
    assert shown[-1].split() == ["kWh", "1", "2"]


async def test_what_was_estimated_looks_different() -> None:
    assert "▚" in (await drawn(ascii_only=False))[0]


async def test_on_an_ascii_terminal_a_chart_is_ascii_and_hatching_stays() -> None:
    shown = await drawn(ascii_only=True)
    assert "\n".join(shown).isascii()
    assert "/" in shown[0]
    assert "#" in shown[-3]
    assert any(sign in row for row in shown for sign in "_-'")


async def test_only_what_changed_is_drawn_again(watched: Callable[[Widget], Watched]) -> None:
    chart = Chart()
    async with Alone(chart).run_test(size=(40, 14)) as pilot:
        chart.plan = lambda canvas: bars(view_data(days("2026-06-01", {"BASE": 8000}, {"BASE": 4000})), canvas)
        await pilot.pause()
        seen = watched(chart)
        chart.plan = lambda canvas: bars(view_data(days("2026-06-01", {"BASE": 8000}, {"BASE": 4100})), canvas)
        assert not seen.whole
        assert {y for _x, y in seen.cells} == {5}
        seen.forget()
        chart.plan = lambda canvas: bars(view_data(days("2026-06-01", {"BASE": 8000}, {"BASE": 4100})), canvas)
        assert (seen.regions, seen.whole) == ([], 0)


async def test_another_theme_and_another_language_reach_a_chart() -> None:
    chart = Chart()
    tenths = view_data(days("2026-06-01", {"BASE": 800}))
    app = Alone(chart)
    async with app.run_test(size=(40, 22)) as pilot:
        chart.plan = lambda canvas: bars(tenths, canvas)
        await pilot.pause()
        assert rows(chart)[0].split("┤")[0].strip() == "0.8"
        before = [segment.style for segment in chart.render_line(0)]
        use_language("fr")
        chart.speak()
        assert rows(chart)[0].split("┤")[0].strip() == "0,8"
        app.register_theme(LIGHT)
        app.theme = LIGHT.name
        await pilot.pause()
        assert [segment.style for segment in chart.render_line(0)] != before


async def test_a_place_too_small_for_a_chart_stays_empty() -> None:
    chart = Chart()
    async with Alone(chart).run_test(size=(12, 3)) as pilot:
        chart.plan = lambda canvas: bars(BARS, canvas)
        await pilot.pause()
        assert rows(chart) == [""] * 3


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: str(theme.name))
async def test_a_cursor_is_seen_before_a_column_of_any_tint(theme: Theme) -> None:
    chart = Chart()
    app = Alone(chart)
    app.stylesheet.add_source((Path(__file__).parents[3] / "linkytui.tcss").read_text(encoding="utf-8"))
    app.register_theme(theme)
    app.theme = theme.name

    def columns(canvas: Canvas) -> None:
        plot = Plot(canvas, 1.0)
        for x, tint in enumerate(TINTS):
            plot.fill(x, 1.0, tint)
            plot.line(x)

    async with app.run_test(size=(40, 14)) as pilot:
        chart.plan = columns
        await pilot.pause()
        looks = [segment.style for segment in chart.render_line(0) if "│" in segment.text]
        assert len(looks) == len(TINTS)
        for look in looks:
            assert look is not None
            assert look.color is not None
            assert look.bgcolor is not None
            line, ground = look.color.get_truecolor().hex, look.bgcolor.get_truecolor().hex
            assert contrast(line, ground) >= (1.2 if theme.ansi else 2.5)
