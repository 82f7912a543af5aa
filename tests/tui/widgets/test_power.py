"""The power now: beside VA the watts, how sure they are, and the time over which the registers told them."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from linkytui.history import PowerRange, Span
from linkytui.history.today import Today
from linkytui.reading import Contract, Reading
from linkytui.reading.active_power import ActivePower
from linkytui.tic import PARIS, Mode
from linkytui.tui.glyphs import CONSOLE, use_glyphs
from linkytui.tui.widgets.power import PowerPanel
from tests.tui.widgets.conftest import Alone, rows

READING = Reading(
    at=1_764_006_120.0, mode=Mode.HISTORIC, contract=Contract.BASE, power=3590, currents=(16,), subscribed=9
)
NOON = datetime(2025, 11, 24, 12, tzinfo=PARIS)
STEADY = ActivePower(watts=3564.0, window=86.0, error=42.0)


async def power(active: ActivePower | None, width: int, reading: Reading = READING) -> str:
    """What stands beside the number."""
    panel = PowerPanel()
    async with Alone(panel).run_test(size=(width, 4)) as pilot:
        panel.reading, panel.active = reading, active
        await pilot.pause()
        return "\n".join(row[23:] for row in rows(panel))


@pytest.mark.parametrize("width", [46, 80])
async def test_watts_tell_what_they_are_based_on(width: int) -> None:
    said = await power(STEADY, width)
    assert "≈ 3,560 W ±42" in said
    assert "16 A · W over 1 min" in said


async def test_watts_that_could_be_twice_as_many_are_not_told() -> None:
    for active in (None, replace(STEADY, error=1800.0)):
        assert " W" not in await power(active, 80)


@pytest.mark.parametrize(
    ("watts", "error", "power_now", "told"),
    [(3564, 42, 3550, "3,550 W"), (3564, 42, 3590, "3,560 W"), (3564, 42, 3400, None), (1996.4, 5, 1995, "1,995 W")],
)
async def test_watts_are_never_more_than_volt_amperes(
    watts: float, error: float, power_now: int, told: str | None
) -> None:
    said = await power(ActivePower(watts, 86.0, error), 80, replace(READING, power=power_now))
    assert told in said if told is not None else " W" not in said


async def test_digits_are_five_rows_high_where_there_is_room() -> None:
    panel = PowerPanel()
    async with Alone(panel).run_test(size=(100, 6)) as pilot:
        panel.reading = READING
        await pilot.pause()
        shown = rows(panel)
        assert shown[0].startswith("██████")
        assert shown[4].startswith("██████")
        assert "40 % of 9 kVA" in shown[2]


@pytest.mark.parametrize(("height", "first"), [(6, "██████"), (4, "")])
async def test_the_console_has_digits_without_half_blocks(height: int, first: str) -> None:
    use_glyphs(CONSOLE)
    panel = PowerPanel()
    async with Alone(panel).run_test(size=(100, height)) as pilot:
        panel.reading = READING
        await pilot.pause()
        assert rows(panel)[0][:6].strip() == first
        assert not set("▀▄") & set("".join(rows(panel)))


async def test_what_finds_no_room_is_left_out_whole() -> None:
    said = await power(STEADY, 46, replace(READING, currents=(16, 5, 12), voltages=(231, 229, 235)))
    assert "16 / 5 / 12 A · 229-23" in said
    assert "over" not in said


async def test_a_new_peak_is_today_s_peak_at_once() -> None:
    panel = PowerPanel()
    panel.today = so_far(peak=3000, at=NOON)
    async with Alone(panel).run_test(size=(80, 8)) as pilot:
        for power, later in ((3590, 10), (4010, 20), (2500, 30)):
            panel.reading = replace(READING, at=NOON.timestamp() + later * 60, power=power)
            await pilot.pause()
        assert panel.border_subtitle == "today: peak 4,010 at 12:20, mean 500 VA"
        panel.today = so_far(peak=4100, at=NOON + timedelta(minutes=21))
        await pilot.pause()
        assert panel.border_subtitle == "today: peak 4,100 at 12:21, mean 500 VA"
        panel.today = so_far(peak=700, at=NOON + timedelta(hours=13))
        await pilot.pause()
        assert panel.border_subtitle == "today: peak 700 at 01:00, mean 500 VA"


def so_far(*, peak: int, at: datetime) -> Today:
    """A day of which the history knows this peak."""
    start = at.replace(hour=0)
    end = start + timedelta(days=1)
    span = Span(
        start=start,
        end=end,
        wh={"BASE": 6000},
        injected_wh=None,
        power=PowerRange(mean=500, min=100, max=peak, max_at=at),
        estimated_wh=0,
        covered_s=43_200,
    )
    return Today(day=at.date(), span=span, curve=(), curve_before=(), start=start, end=end)
