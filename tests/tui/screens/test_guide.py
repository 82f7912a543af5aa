"""The guide of the first start: when it comes, what it asks, and what it writes."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, OptionList, Static

from linkytui.i18n import Language, language, use_language
from linkytui.line.sources.ports import Port
from linkytui.settings.keeper import SettingsKeeper
from linkytui.settings.load import Loaded, Option, load_settings
from linkytui.settings.template import template
from linkytui.tui.app import LinkyApp
from linkytui.tui.screens.dashboard import Dashboard
from linkytui.tui.screens.guide import Guide
from tests.tui.screens.conftest import tell
from tests.tui.screens.session import FedSession
from tests.tui.screens.states import STATES

DONGLE = Port("/dev/ttyUSB0", "µTeleinfo", 0x0403, 0x6015, "TINFO-1234")
OTHER = Port("/dev/ttyAMA0")

TERMINAL = {"COLORTERM": "truecolor"}

Compare = Callable[..., bool]


class Start:
    """A start of the program on a folder without settings."""

    def __init__(
        self, path: Path, *, ports: list[Port] | None = None, option: Option | None = None, guided: bool = True
    ) -> None:
        self.path = path
        found = [DONGLE, OTHER] if ports is None else ports

        def load() -> Loaded:
            loaded = load_settings(
                {}, None, {"meter.port": option} if option else None, system_file=path.with_name("none.toml")
            )
            assert loaded.path == path
            return loaded

        self.keeper = SettingsKeeper(load(), load)
        session = FedSession(self.keeper)
        session.guided = guided and self.keeper.untouched
        session.ports = lambda: found  # type: ignore[method-assign]
        self.app = LinkyApp(session, environment=TERMINAL)

    @property
    def said(self) -> dict[str, object]:
        """What the file sets: keys and values."""
        loaded = load_settings({}, self.path)
        return {key: loaded.value(key) for key, origin in loaded.origins.items() if origin.kind == "file"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the person's settings file would be."""
    return tmp_path / "xdg/config/linkytui/config.toml"


async def guide_of(pilot: Pilot[None], state: str = "live") -> Guide:
    await pilot.pause()
    await tell(pilot, STATES[state])
    await pilot.pause()
    guide = pilot.app.screen
    assert isinstance(guide, Guide)
    return guide


async def press(pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        await pilot.press({"/": "slash", ".": "full_stop", ":": "colon"}.get(key, key))
        await pilot.pause()


def choices(guide: Guide) -> list[str]:
    return [str(option.prompt).strip() for option in guide.query_one("#choices", OptionList).options]


async def test_whoever_takes_what_is_offered_gets_a_file_that_sets_the_language_alone(path: Path) -> None:
    start = Start(path)
    async with start.app.run_test() as pilot:
        await guide_of(pilot)
        await press(pilot, "enter", "enter", "enter", "enter")
        assert isinstance(start.app.screen, Dashboard)
    assert start.said == {"screen.language": "en"}
    assert path.read_text().startswith(template()[:40])
    assert path.stat().st_mode & 0o777 == 0o600


async def test_leaving_it_writes_a_file_that_sets_nothing_so_that_it_does_not_come_again(path: Path) -> None:
    start = Start(path)
    async with start.app.run_test() as pilot:
        await guide_of(pilot)
        await press(pilot, "escape")
        assert isinstance(start.app.screen, Dashboard)
    assert path.read_text() == template()
    assert not Start(path).keeper.untouched


async def test_q_ends_the_program_and_the_guide_comes_again(path: Path) -> None:
    start = Start(path)
    async with start.app.run_test() as pilot:
        await guide_of(pilot)
        await press(pilot, "q")
        assert start.app._exit
    assert Start(path).keeper.untouched


async def test_each_answer_is_kept_at_once_so_that_the_meter_can_speak_before_the_next(path: Path) -> None:
    start = Start(path)
    async with start.app.run_test() as pilot:
        await guide_of(pilot)
        await press(pilot, "enter", "down", "enter")
        assert start.said == {"screen.language": "en", "meter.port": "/dev/ttyAMA0"}
        await press(pilot, "escape")
    assert start.said == {"screen.language": "en", "meter.port": "/dev/ttyAMA0"}


async def test_it_runs_over_a_dashboard_that_goes_on(path: Path) -> None:
    start = Start(path)
    async with start.app.run_test() as pilot:
        await guide_of(pilot, "waiting")
        assert start.app.reading is None
        await tell(pilot, STATES["live"])
        assert start.app.reading is not None
        assert isinstance(start.app.screen, Guide)


async def test_the_language_changes_with_the_first_answer(path: Path) -> None:
    start = Start(path)
    async with start.app.run_test() as pilot:
        await guide_of(pilot)
        await press(pilot, "down", "enter")
        assert language() == "fr"
        await press(pilot, "enter", "enter", "enter")
    assert start.said == {"screen.language": "fr"}
    assert start.app.session.settings.screen.language == "fr"


async def test_the_dongle_is_found_and_needs_no_name(path: Path) -> None:
    start = Start(path)
    async with start.app.run_test() as pilot:
        guide = await guide_of(pilot)
        await press(pilot, "enter")
        assert choices(guide)[:2] == ["Find it automatically: /dev/ttyUSB0 (µTeleinfo)", "/dev/ttyAMA0"]
        assert "9 kVA" in str(guide.query_one("#meter-says", Static).content)
        await press(pilot, "down", "enter", "enter", "enter")
    assert start.said == {"screen.language": "en", "meter.port": "/dev/ttyAMA0"}


async def test_a_port_can_be_typed(path: Path) -> None:
    start = Start(path, ports=[])
    async with start.app.run_test() as pilot:
        guide = await guide_of(pilot, "waiting")
        await press(pilot, "enter", "down", "enter", *"socket://pi:81", "enter")
        assert guide.step == 2
        await press(pilot, *"nine", "enter")
        assert "meter.power_kva must be a number from 1 to 250" in str(guide.query_one("#trouble", Static).content)
        guide.query_one(Input).value = "9"
        await press(pilot, "enter", "enter")
    assert start.said == {"screen.language": "en", "meter.port": "socket://pi:81", "meter.power_kva": 9.0}


async def test_the_power_is_not_asked_once_the_meter_says_it(path: Path) -> None:
    start = Start(path)
    async with start.app.run_test() as pilot:
        guide = await guide_of(pilot, "waiting")
        await press(pilot, "enter", "enter")
        assert guide.query(Input)
        await tell(pilot, STATES["live"])
        await pilot.pause()
        assert not guide.query(Input)
        await press(pilot, "enter")
        assert guide.step == 3


async def test_prices_by_hand_are_those_of_the_contract_that_the_meter_says(path: Path) -> None:
    start = Start(path)
    async with start.app.run_test() as pilot:
        guide = await guide_of(pilot)
        await press(pilot, "enter", "enter", "enter", "down", "enter")
        names = [field.name for field in guide.query(Input)]
        assert names == ["tariff.prices.subscription", "tariff.prices.HP", "tariff.prices.HC"]
        await press(pilot, *"15.74", "enter", *"0.2081", "enter", *"0.1635", "enter")
        assert isinstance(start.app.screen, Dashboard)
    said = {key: str(value) for key, value in start.said.items() if key.startswith("tariff")}
    assert said == {"tariff.prices.subscription": "15.74", "tariff.prices.HP": "0.2081", "tariff.prices.HC": "0.1635"}


async def test_one_can_go_back(path: Path) -> None:
    start = Start(path)
    async with start.app.run_test() as pilot:
        guide = await guide_of(pilot)
        await press(pilot, "enter", "down", "enter", "left", "left")
        assert guide.step == 0
        await press(pilot, "enter", "end", "enter", "a", "left")
        assert guide.step == 1
        await press(pilot, "home", "left")
        assert guide.step == 0
        await press(pilot, "enter")
        listed = guide.query_one("#choices", OptionList)
        assert listed.highlighted_option is not None
        assert listed.highlighted_option.id == "/dev/ttyAMA0"
        await press(pilot, "up", "enter", "enter", "enter")
    assert start.said == {"screen.language": "en"}


async def test_it_can_be_gone_through_by_mouse(path: Path) -> None:
    start = Start(path)
    async with start.app.run_test() as pilot:
        guide = await guide_of(pilot)
        await pilot.click("#choices", offset=(2, 1))
        await pilot.pause()
        assert (guide.step, language()) == (1, "fr")
        await pilot.click("#ways", offset=(3, 0))
        await pilot.pause()
        assert guide.step == 0


async def test_a_file_that_cannot_be_written_gets_one_line(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_more: object) -> None:
        raise OSError(30, "Read-only file system")

    start = Start(path)
    async with start.app.run_test() as pilot:
        await guide_of(pilot)
        monkeypatch.setattr("linkytui.settings.save.tempfile.mkstemp", refuse)
        await press(pilot, "escape")
        (notice,) = start.app._notifications
        assert notice.message == f"{path}: cannot change the settings: Read-only file system"


@pytest.mark.parametrize("given", ["a file", "a port", "a recording"])
async def test_it_does_not_come_where_something_is_set_or_no_meter_is_read(path: Path, given: str) -> None:
    if given == "a file":
        path.parent.mkdir(parents=True)
        path.write_text("")
    option = Option("--port", "/dev/ttyUSB0") if given == "a port" else None
    start = Start(path, option=option, guided=given != "a recording")
    async with start.app.run_test() as pilot:
        await pilot.pause()
        await tell(pilot, STATES["live"])
        assert isinstance(start.app.screen, Dashboard)


SIZES = {"46x19": (46, 19), "80x24": (80, 24), "120x40": (120, 40)}


def at(*keys: str, state: str = "live") -> Callable[[Pilot[None]], Awaitable[None]]:
    """Press keys in the guide, then look."""

    async def look(pilot: Pilot[None]) -> None:
        guide = await guide_of(pilot, state)
        await press(pilot, *keys)
        for field in guide.query(Input):
            field.cursor_blink = False
        await pilot.pause()

    return look


def pictured(path: Path, spoken: Language = "en") -> Any:
    use_language(spoken)
    return Start(path).app


@pytest.mark.parametrize("size", SIZES)
def test_picture_of_the_port(size: str, path: Path, snap_compare: Compare) -> None:
    assert snap_compare(pictured(path), terminal_size=SIZES[size], run_before=at("enter"))


@pytest.mark.parametrize("size", ["46x19", "80x24"])
def test_picture_of_a_meter_that_says_nothing_yet(size: str, path: Path, snap_compare: Compare) -> None:
    look = at("enter", "enter", state="no_permission")
    assert snap_compare(pictured(path), terminal_size=SIZES[size], run_before=look)


@pytest.mark.parametrize("size", ["46x19", "80x24"])
def test_picture_of_six_prices(size: str, path: Path, snap_compare: Compare) -> None:
    look = at("enter", "enter", "enter", "down", "enter", state="tempo")
    assert snap_compare(pictured(path), terminal_size=SIZES[size], run_before=look)


def test_picture_in_sixteen_colours(path: Path, snap_compare: Compare) -> None:
    app = pictured(path)
    app.theme = "linkytui-16"
    assert snap_compare(app, terminal_size=SIZES["80x24"], run_before=at("enter"))


@pytest.mark.parametrize("size", ["46x19", "80x24"])
def test_picture_in_french(size: str, path: Path, snap_compare: Compare) -> None:
    assert snap_compare(pictured(path, "fr"), terminal_size=SIZES[size], run_before=at())
