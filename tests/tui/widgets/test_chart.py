"""Charts as they are drawn: half-cells, and what stands for them on ASCII terminals."""

from linkytui.tui.charts import bars
from linkytui.tui.glyphs import ASCII, UNICODE, use_glyphs
from linkytui.tui.widgets.chart import ChartPlot
from tests.tui.test_charts import days, lookback
from tests.tui.widgets.conftest import Alone

BARS = lookback(days("2026-06-01", {"BASE": 8000}, {"BASE": 4000}, estimated=2000), days("2026-05-01", {"BASE": 6000}))


async def drawn(*, ascii_only: bool) -> list[str]:
    plot = ChartPlot()
    use_glyphs(ASCII if ascii_only else UNICODE)
    async with Alone(plot).run_test(size=(40, 14)) as pilot:
        plot.plan = lambda width, height: bars(BARS, width, height)
        await pilot.pause()
        return plot.render().plain.splitlines()


async def test_a_chart_fills_its_place() -> None:
    rows = await drawn(ascii_only=False)
    assert len(rows) == 14
    assert {len(row) for row in rows} == {40}
    assert "█" in rows[-3]
    assert rows[0].lstrip().startswith("8.0┤")


async def test_what_was_estimated_looks_different() -> None:
    rows = await drawn(ascii_only=False)
    assert any(sign in rows[0] for sign in "▚▞")


async def test_on_an_ascii_terminal_a_chart_is_ascii_and_hatching_stays() -> None:
    rows = await drawn(ascii_only=True)
    text = "\n".join(rows)
    assert text.isascii()
    assert ":" in rows[0]
    assert "#" in rows[-3]
    assert "." in text.replace(".0", "")
