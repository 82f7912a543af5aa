"""The period's panel: Tempo's days, those that are left, and what a public calendar said of tomorrow."""

from dataclasses import replace
from datetime import date, timedelta

from linkytui.civil.tempo import RED_DAYS, WHITE_DAYS, season
from linkytui.reading.outlook import Hours
from linkytui.tic import Colour, Mode
from linkytui.tui.widgets.period import PeriodPanel
from tests.tui.screens.states import TEMPO, meter
from tests.tui.widgets.conftest import Alone, rows

TODAY = date(2025, 11, 24)
FIRST, END = season(TODAY)
BLUE = {FIRST + timedelta(days=number): Colour.BLUE for number in range((TODAY - FIRST).days)}


async def panel(hours: Hours | None, *, tomorrow: Colour | None, height: int = 6) -> str:
    """What the panel says on a white day."""
    latest = meter(TEMPO, Mode.HISTORIC).latest
    assert latest is not None
    shown = PeriodPanel()
    shown.styles.height = height
    async with Alone(shown).run_test(size=(60, height)) as pilot:
        shown.reading, shown.hours = replace(latest, tomorrow=tomorrow), hours
        await pilot.pause()
        return "\n".join(rows(shown))


async def test_the_days_that_are_left_stand_by_colour() -> None:
    told = await panel(Hours(colours=BLUE), tomorrow=Colour.RED)
    white, red = WHITE_DAYS - 1, RED_DAYS
    assert f"left ■ {(END - TODAY).days - 1 - white - red} ■ {white} ■ {red}" in told


async def test_a_colour_whose_past_days_are_not_known_is_left_out() -> None:
    no_november = {day: colour for day, colour in BLUE.items() if day.month < 11}
    assert "left" not in await panel(Hours(colours=no_november), tomorrow=Colour.RED)
    no_october = {day: colour for day, colour in BLUE.items() if day.month != 10}
    told = await panel(Hours(colours=no_october), tomorrow=Colour.RED)
    assert f"left ■ {RED_DAYS}" in told
    assert told.count("■") == 2


async def test_a_calendar_tells_tomorrow_by_its_name_where_the_meter_does_not() -> None:
    hours = Hours(colours={**BLUE, TODAY + timedelta(days=1): Colour.BLUE}, calendar="RTE")
    assert "tomorrow ■ blue (RTE)" in await panel(hours, tomorrow=None)
    assert "RTE" not in await panel(hours, tomorrow=Colour.RED)


async def test_why_nobody_answered_is_said_while_tomorrow_is_not_known() -> None:
    hours = Hours(colours=BLUE, calendar_trouble="RTE: the site refuses")
    assert "RTE: the site refuses" in await panel(hours, tomorrow=None)
    assert "RTE" not in await panel(hours, tomorrow=Colour.RED)
