"""The live strip: only what changes is drawn again."""

from collections.abc import Callable
from random import Random

from textual.widget import Widget

from linkytui.tui.messages import PowerSample
from linkytui.tui.power_columns import scale_for
from linkytui.tui.widgets.strip import LiveStrip
from tests.tui.widgets.conftest import Alone, Watched, rows

Watch = Callable[[Widget], Watched]
AXIS = 7


def steady(start: int, seconds: int, power: int = 500, period: str = "HC") -> tuple[PowerSample, ...]:
    return tuple(PowerSample(at, power, period) for at in range(start, start + seconds))


async def test_a_peak_redraws_its_own_column_only(watched: Watch) -> None:
    strip = LiveStrip()
    async with Alone(strip).run_test(size=(60, 10)) as pilot:
        strip.samples = steady(0, 300)
        await pilot.pause()
        seen = watched(strip)
        strip.samples = (PowerSample(299, 580, "HC"),)
        assert {x for x, _y in seen.cells} == {59}


async def test_what_looks_the_same_is_not_drawn_again(watched: Watch) -> None:
    strip = LiveStrip()
    async with Alone(strip).run_test(size=(60, 10)) as pilot:
        strip.samples = steady(0, 301)
        await pilot.pause()
        seen = watched(strip)
        strip.samples = steady(301, 4)
        assert (seen.regions, seen.whole) == ([], 0)


async def test_a_new_column_of_a_steady_power_redraws_little(watched: Watch) -> None:
    strip = LiveStrip()
    async with Alone(strip).run_test(size=(60, 10)) as pilot:
        strip.samples = (*steady(0, 150, 300), *steady(150, 180, 580))
        await pilot.pause()
        seen = watched(strip)
        strip.samples = steady(330, 1, 580)
        assert not seen.whole
        assert 0 < len(seen.cells) < 60  # the step moves by one column, and nothing else


async def test_what_is_drawn_is_what_a_new_strip_would_draw() -> None:
    rng = Random(4)  # noqa: S311
    strip, fresh = LiveStrip(id="one"), LiveStrip(id="other")
    told: list[PowerSample] = []
    at = 0
    async with Alone(strip).run_test(size=(50, 12)) as pilot:
        for _turn in range(60):
            at += rng.choice((1, 1, 2, 5, 40))
            samples = (
                PowerSample(
                    at, rng.choice((0, 90, 700, 2500, 8000)), rng.choice(("HC", "HP")), rng.choice((None, 900))
                ),
            )
            told += samples
            strip.samples = samples
            if rng.random() < 0.2:
                await pilot.pause()
        await pilot.pause()
        drawn = rows(strip)
    async with Alone(fresh).run_test(size=(50, 12)) as pilot:
        fresh.samples = tuple(told)
        await pilot.pause()
        assert rows(fresh) == drawn


async def test_the_period_is_named_below_and_the_scale_at_the_left() -> None:
    strip = LiveStrip()
    async with Alone(strip).run_test(size=(47, 9)) as pilot:
        strip.samples = (*steady(0, 100, 800, "HC"), *steady(100, 100, 2600, "HP"))
        await pilot.pause()
        shown = rows(strip)
        assert scale_for(2600) == 3000
        assert shown[0].startswith(" 3,000")
        assert shown[4].startswith(" 1,500")
        assert shown[-1] == "    VA Off-peak ─── -2 min Peak ─────────── now"


async def test_above_the_subscription_the_colour_warns() -> None:
    strip = LiveStrip()
    async with Alone(strip).run_test(size=(47, 9)) as pilot:
        strip.limit = 3000.0
        strip.samples = (PowerSample(0, 2900, "HP"), PowerSample(5, 3100, "HP"))
        await pilot.pause()
        tints = [tint for _sign, tint, _ground in strip._picture[-2][-2:]]
        assert tints == ["peak", "over"]


async def test_energy_given_has_its_own_sign_and_colour() -> None:
    strip = LiveStrip()
    async with Alone(strip).run_test(size=(47, 9)) as pilot:
        strip.samples = (PowerSample(0, 900, "HP"), PowerSample(5, 0, "HP", 900))
        await pilot.pause()
        assert strip._picture[0][-2:] == [("█", "peak", ""), ("▒", "injection", "")]
        assert "injected 900 VA" in str(strip.border_subtitle)


async def test_a_restart_forgets_what_was_drawn() -> None:
    strip = LiveStrip()
    async with Alone(strip).run_test(size=(47, 9)) as pilot:
        strip.samples = steady(0, 100)
        await pilot.pause()
        strip.restart(60.0)
        await pilot.pause()
        assert [row[AXIS:].strip() for row in rows(strip)] == [*[""] * 8, "-20 min              now"]
        assert strip.strip.seconds == 60.0


async def test_little_is_not_nothing_and_nothing_is_empty() -> None:
    strip = LiveStrip()
    async with Alone(strip).run_test(size=(47, 9)) as pilot:
        strip.samples = (PowerSample(0, 9000, "HP"), PowerSample(5, 1, "HP"), PowerSample(10, 0, "HP"))
        await pilot.pause()
        assert rows(strip)[-2][AXIS:].strip() == "█▁"
