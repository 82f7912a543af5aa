"""A screen for looking only: what changes or ends something is not offered, and refused where it is tried."""

from pathlib import Path

import pytest
from textual.events import Resize
from textual.geometry import Size
from textual.widgets import Static

from linkytui.errors import SettingsError
from linkytui.settings.keeper import SettingsKeeper
from linkytui.settings.load import load_settings
from linkytui.tui.app import LinkyApp
from linkytui.tui.keys import COMMANDS, LOOK_ONLY, commands
from linkytui.tui.screens.callbacks import CallbacksScreen
from linkytui.tui.screens.settings import SettingsScreen
from tests.lines import until
from tests.tui.screens.session import FedSession

LOOKING = {"COLORTERM": "truecolor", LOOK_ONLY: "1"}


@pytest.fixture
def keeper(tmp_path: Path) -> SettingsKeeper:
    """Settings with a callback to switch."""
    path = tmp_path / "config.toml"
    path.write_text("[influxdb]\nenabled = true\nhost = 'db.home'\n")
    return SettingsKeeper(load_settings({}, path), lambda: load_settings({}, path))


def app_of(keeper: SettingsKeeper, *, guided: bool = False) -> LinkyApp:
    session = FedSession(keeper=keeper)
    session.guided = guided
    return LinkyApp(session, environment=LOOKING)


@pytest.mark.parametrize("key", ["q", "ctrl+q", "ctrl+c", "s", "l", "ctrl+z"])
async def test_keys_that_change_something_do_nothing(keeper: SettingsKeeper, key: str) -> None:
    app = app_of(keeper)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press(key)
        await pilot.pause()
        assert app.is_running
        assert len(app.screen_stack) == 1
        assert not any("Press q" in note.message for note in app._notifications)
        assert "Quit" not in str(app.screen.query_one("KeyLine", Static).render())


@pytest.mark.parametrize("command", [command for command in COMMANDS if command.changes], ids=lambda one: one.help)
async def test_no_action_of_theirs_is_carried_out(keeper: SettingsKeeper, command: object) -> None:
    app = app_of(keeper)
    async with app.run_test() as pilot:
        action = getattr(command, "action")  # noqa: B009 -- typed as an object for its id
        for name in (action, f"app.{action}", f"screen.{action}"):
            await app.run_action(name)
        await pilot.pause()
        assert app.is_running
        assert len(app.screen_stack) == 1


async def test_neither_enter_nor_the_palette_go_round_that(keeper: SettingsKeeper) -> None:
    before = keeper.loaded.path.read_text()
    app = app_of(keeper)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("c")
        await until(pilot, lambda: isinstance(app.screen, CallbacksScreen))
        await pilot.press("enter", "space", "d", "r", "v")
        await pilot.pause()
        assert isinstance(app.screen, CallbacksScreen)
        titles = {command.title for command in app.get_system_commands(app.screen_stack[0])}
        assert titles.isdisjoint({"Quit", "Settings", "Lap", "influxdb.host"})
        assert {"Help", "History", "Theme"} <= titles
    assert keeper.loaded.path.read_text() == before


async def test_the_first_start_is_not_guided_there(keeper: SettingsKeeper) -> None:
    app = app_of(keeper, guided=True)
    async with app.run_test() as pilot:
        await pilot.pause()
        assert len(app.screen_stack) == 1


async def test_a_size_that_no_terminal_has_is_left_alone(keeper: SettingsKeeper) -> None:
    app = app_of(keeper)
    async with app.run_test(size=(80, 24)) as pilot:
        for width, height in ((30_000, 30), (30, 30_000)):
            app.post_message(Resize(Size(width, height), Size(width, height)))
        await pilot.pause()
        assert app.screen.size == (80, 24)
        app.post_message(Resize(Size(100, 30), Size(100, 30)))
        await until(pilot, lambda: app.screen.size == (100, 30))


def test_the_settings_are_not_written_whoever_asks(keeper: SettingsKeeper) -> None:
    app_of(keeper)
    for write in (lambda: keeper.save("influxdb.host", "other"), keeper.begin):
        with pytest.raises(SettingsError):
            write()


async def test_else_everything_is_as_ever(keeper: SettingsKeeper) -> None:
    app = LinkyApp(FedSession(keeper=keeper), environment={"COLORTERM": "truecolor"})
    async with app.run_test() as pilot:
        assert commands() == COMMANDS
        await pilot.press("s")
        await until(pilot, lambda: isinstance(app.screen, SettingsScreen))
