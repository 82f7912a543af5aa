"""The past on the screen: the day so far, the history screen, laps."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from textual.content import Content
from textual.pilot import Pilot
from textual.widgets import Input, Static

from linkytui.history import HistoryReader
from linkytui.i18n import Language
from linkytui.reading.lap import LapFigures
from linkytui.tui.app import LinkyApp
from linkytui.tui.canvas import FIGURES
from linkytui.tui.history_view import View, Zoom
from linkytui.tui.keys import COMMANDS
from linkytui.tui.messages import FramesArrived
from linkytui.tui.screens.history import HistoryScreen
from linkytui.tui.screens.laps import LapsScreen
from linkytui.tui.widgets.chart import Chart
from linkytui.tui.widgets.key_line import KeyLine
from linkytui.tui.widgets.lines import clickable
from tests.tui.screens.conftest import make_app, settle, tell
from tests.tui.screens.past import record_past
from tests.tui.screens.states import NOW, STATES, meter
from tests.tui.screens.test_look import SIZES

PARIS = ZoneInfo("Europe/Paris")
Compare = Callable[..., bool]


@pytest.fixture(scope="session")
def past(tmp_path_factory: pytest.TempPathFactory) -> HistoryReader:
    """The history of a household; only for looking at."""
    folder = tmp_path_factory.mktemp("past")
    record_past(folder)
    return HistoryReader(folder, PARIS)


@pytest.fixture
def nothing(tmp_path: Path) -> HistoryReader:
    """A history in which nothing happened yet."""
    return HistoryReader(tmp_path, PARIS)


def looking(*keys: str) -> Callable[[Pilot[None]], Any]:
    """For `snap_compare`: a live meter, then keys, each with its effect awaited."""

    async def run(pilot: Pilot[None]) -> None:
        await tell(pilot, STATES["live"])
        await settle(pilot)
        for key in keys:
            await pilot.press(key)
            await settle(pilot)

    return run


@pytest.mark.parametrize("size", SIZES)
def test_the_day_so_far_on_the_dashboard(size: str, past: HistoryReader, snap_compare: Compare) -> None:
    assert snap_compare(make_app(history=past), terminal_size=SIZES[size], run_before=looking())


@pytest.mark.parametrize("key", ["d", "w", "n", "y"])
@pytest.mark.parametrize("size", SIZES)
def test_history_with_data(key: str, size: str, past: HistoryReader, snap_compare: Compare) -> None:
    assert snap_compare(make_app(history=past), terminal_size=SIZES[size], run_before=looking("h", key))


PICTURES = {"hours": "nv", "year": "yv", "days": "nvv", "load": "yvvv"}


@pytest.mark.parametrize("keys", PICTURES.values(), ids=PICTURES)
@pytest.mark.parametrize("size", SIZES)
def test_what_repeats(keys: str, size: str, past: HistoryReader, snap_compare: Compare) -> None:
    assert snap_compare(make_app(history=past), terminal_size=SIZES[size], run_before=looking("h", *keys))


@pytest.mark.parametrize("keys", PICTURES.values(), ids=PICTURES)
def test_what_repeats_in_french(keys: str, past: HistoryReader, snap_compare: Compare) -> None:
    app = make_app(spoken="fr", history=past)
    assert snap_compare(app, terminal_size=SIZES["80x24"], run_before=looking("h", *keys))


@pytest.mark.parametrize("theme", ["linkytui-light", "linkytui-16"])
def test_what_repeats_in_other_themes(theme: str, past: HistoryReader, snap_compare: Compare) -> None:
    app = make_app(theme=theme, history=past)
    assert snap_compare(app, terminal_size=SIZES["120x40"], run_before=looking("h", "n", "v"))


async def test_enter_opens_the_bar_that_is_pointed_at_and_escape_leads_back(past: HistoryReader) -> None:
    async with make_app(history=past).run_test(size=SIZES["120x40"]) as pilot:
        screen = await opened(pilot)
        await pilot.press("n")
        await settle(pilot)
        await pilot.press("up", "up")
        await settle(pilot)
        november = screen.view
        assert november is not None
        assert (screen.chosen, november.first) == (22, date(2025, 11, 1))  # today, then back
        await pilot.press("enter")
        await settle(pilot)
        assert screen.view == View(Zoom.DAY, date(2025, 11, 23))
        await pilot.press("escape")
        await settle(pilot)
        assert screen.view == november


@pytest.mark.parametrize(
    ("keys", "x", "view"),
    [
        ("n", 3 * 9, View(Zoom.DAY, date(2025, 11, 10))),
        ("y", 9 * 9, View(Zoom.MONTH, date(2025, 10, 1))),
        ("nv", 36, View(Zoom.DAY, date(2025, 11, 10))),
    ],
)
async def test_a_click_on_a_bar_opens_it(keys: str, x: int, view: View, past: HistoryReader) -> None:
    async with make_app(history=past).run_test(size=SIZES["120x40"]) as pilot:
        screen = await opened(pilot)
        for key in keys:
            await pilot.press(key)
            await settle(pilot)
        await pilot.click(Chart, offset=(FIGURES + x, 10))
        await settle(pilot)
        assert screen.view == view


async def test_what_has_not_come_yet_cannot_be_opened(past: HistoryReader) -> None:
    async with make_app(history=past).run_test(size=SIZES["120x40"]) as pilot:
        screen = await opened(pilot)
        await pilot.press("n")
        await settle(pilot)
        await pilot.click(Chart, offset=(FIGURES + 3 * 28, 10))
        await settle(pilot)
        assert screen.view == View(Zoom.MONTH, date(2025, 11, 1))


@pytest.mark.parametrize("size", SIZES)
def test_history_without_data(size: str, nothing: HistoryReader, snap_compare: Compare) -> None:
    assert snap_compare(make_app(history=nothing), terminal_size=SIZES[size], run_before=looking("h", "n"))


@pytest.mark.parametrize("theme", ["linkytui-light", "linkytui-16"])
def test_history_in_other_themes(theme: str, past: HistoryReader, snap_compare: Compare) -> None:
    app = make_app(theme=theme, history=past)
    assert snap_compare(app, terminal_size=SIZES["80x24"], run_before=looking("h", "n"))


def test_history_in_french(past: HistoryReader, snap_compare: Compare) -> None:
    spoken: Language = "fr"
    app = make_app(spoken=spoken, history=past)
    assert snap_compare(app, terminal_size=SIZES["80x24"], run_before=looking("h", "n"))


def test_history_in_plain_ascii(past: HistoryReader, snap_compare: Compare) -> None:
    app = make_app(ascii_only=True, history=past)
    assert snap_compare(app, terminal_size=SIZES["80x24"], run_before=looking("h", "n"))


async def opened(pilot: Pilot[None]) -> HistoryScreen:
    await looking("h")(pilot)
    screen = pilot.app.screen
    assert isinstance(screen, HistoryScreen)
    return screen


@pytest.mark.parametrize(("name", "kind"), [("History", HistoryScreen), ("Laps", LapsScreen)])
async def test_a_click_opens_a_screen_as_its_key_does(name: str, kind: type, nothing: HistoryReader) -> None:
    async with make_app(history=nothing).run_test(size=(80, 24)) as pilot:
        await tell(pilot, STATES["live"])
        line = pilot.app.screen.query_one(KeyLine)
        (command,) = (command for command in COMMANDS if command.title == name)
        line.update(clickable(Content(name), command.target))
        await pilot.pause()
        await pilot.click(KeyLine, offset=(1, 0))
        await settle(pilot)
        assert isinstance(pilot.app.screen, kind)


async def test_arrows_move_in_time_and_never_past_now(past: HistoryReader) -> None:
    async with make_app(history=past).run_test() as pilot:
        screen = await opened(pilot)
        today = screen.view
        assert today is not None
        await pilot.press("left")
        await settle(pilot)
        assert screen.view == today.before
        assert screen.shown is not None
        assert screen.shown.view == today.before
        await pilot.press("right", "right")
        await settle(pilot)
        assert screen.view == today


async def test_the_figures_are_those_of_the_history(past: HistoryReader) -> None:
    async with make_app(history=past).run_test() as pilot:
        screen = await opened(pilot)
        await pilot.press("n", "left")
        await settle(pilot)
        shown = screen.shown
        assert shown is not None
        october = View(Zoom.MONTH, shown.view.first)
        assert (october.first.year, october.first.month) == (2025, 10)
        at_start = past.registers_at(shown.start.timestamp())
        at_end = past.registers_at(shown.end.timestamp())
        rise = {name: at_end[name].wh - at_start[name].wh for name in at_end}
        assert shown.figures.wh == rise


def lap_frames(app: LinkyApp, *registers: tuple[int, int]) -> None:
    """Post frames in which the registers stand so, a minute apart."""
    pairs = {pair[0]: pair[-1] for pair in STATES["live"].pairs or ()}
    for minutes, (off_peak, peak) in enumerate(registers, start=1):
        pairs |= {"HCHC": f"{off_peak:09}", "HCHP": f"{peak:09}", "PAPP": f"{minutes * 1000:05}"}
        known = meter(tuple(pairs.items()), STATES["live"].mode, at=NOW + 60 * minutes)
        latest = known.latest
        assert latest is not None
        assert latest.power is not None
        from linkytui.tui.messages import PowerSample

        app.post_message(
            FramesArrived(latest, (PowerSample(latest.at, latest.power, latest.period),), dict(known.labels))
        )


async def test_a_lap_counts_by_the_registers_and_is_kept(nothing: HistoryReader) -> None:
    app = make_app(history=nothing)
    async with app.run_test(notifications=True) as pilot:
        await tell(pilot, STATES["live"])
        await pilot.press("l")
        lap_frames(app, (8_534_695, 12_300_512), (8_534_795, 12_300_912))
        await pilot.pause()
        assert app.lap is not None
        assert dict(app.lap.wh) == {"HC": 100, "HP": 900}
        await pilot.press("l")
        await pilot.pause()
        app.screen.query_one(Input).value = "oven"
        await pilot.press("enter")
        await settle(pilot)
        (lap,) = nothing.laps()
        assert lap.name == "oven"
        assert lap.figures.total_wh == 1000
        assert (lap.figures.mean, lap.figures.peak) == (1500, 2000)
        await pilot.press("L")
        await settle(pilot)
        assert isinstance(app.screen, LapsScreen)
        await pilot.press("x")
        await settle(pilot)
        assert nothing.laps() == []


async def test_a_lap_that_is_not_named_is_forgotten(nothing: HistoryReader) -> None:
    app = make_app(history=nothing)
    async with app.run_test() as pilot:
        await tell(pilot, STATES["live"])
        await pilot.press("l", "l")
        await pilot.pause()
        await pilot.press("escape")
        await settle(pilot)
        assert app.lap is None
        assert nothing.laps() == []


async def test_two_moments_of_a_curve_make_a_lap(tmp_path: Path) -> None:
    record_past(tmp_path)
    reader = HistoryReader(tmp_path, PARIS)
    app = make_app(history=reader)
    async with app.run_test() as pilot:
        screen = await opened(pilot)
        await pilot.press("m", "m", *["right"] * 11)
        await pilot.pause()
        begin, end = screen.moments
        assert end - begin == 3600
        await pilot.press("m")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        (lap,) = reader.laps()
        assert lap.figures.end - lap.figures.start == 3600
        assert lap.figures.wh == reader.measure(begin, end).wh


@pytest.mark.parametrize(("exact", "energy"), [(True, "1.234 kWh"), (False, "~1.234 kWh")])
async def test_a_lap_whose_ends_lie_between_frames_says_so(nothing: HistoryReader, exact: bool, energy: str) -> None:
    app = make_app(history=nothing)
    async with app.run_test() as pilot:
        app.laps.keep(
            LapFigures(start=NOW - 60, end=NOW, wh={"HP": 1234}, mean=None, peak=None, peak_at=None, exact=exact)
        )
        await pilot.pause()
        assert str(app.screen.query_one(Static).content).split("  ")[0] == energy


def test_a_running_lap(nothing: HistoryReader, snap_compare: Compare) -> None:
    async def run(pilot: Pilot[None]) -> None:
        await tell(pilot, STATES["live"])
        await pilot.press("l")
        assert isinstance(pilot.app, LinkyApp)
        lap_frames(pilot.app, (8_534_695, 12_300_512), (8_534_795, 12_300_912))
        await pilot.pause()

    assert snap_compare(make_app(history=nothing), terminal_size=SIZES["80x24"], run_before=run)


def test_marking_a_curve(past: HistoryReader, snap_compare: Compare) -> None:
    app = make_app(history=past)
    run = looking("h", "m", "m", *["right"] * 20)
    assert snap_compare(app, terminal_size=SIZES["80x24"], run_before=run)
