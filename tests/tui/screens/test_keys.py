"""What keys and clicks do, on whichever screen; and that nothing on a screen works by the clock."""

import io
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.command import CommandList, CommandPalette
from textual.message_pump import MessagePump
from textual.pilot import Pilot
from textual.scrollbar import ScrollBar
from textual.widgets import DataTable, Input

from linkytui.i18n import LANGUAGES, Language, _, language
from linkytui.reading import Contract, Reading
from linkytui.settings.fields import fields
from linkytui.settings.model import Settings
from linkytui.tic import Mode
from linkytui.tui.app import LinkyApp
from linkytui.tui.glyphs import ASCII, glyphs
from linkytui.tui.keys import COMMANDS
from linkytui.tui.messages import FramesArrived, MeterReset, PowerSample
from linkytui.tui.player import SPEEDS
from linkytui.tui.screens.help import Help
from linkytui.tui.screens.meter import MeterScreen
from linkytui.tui.widgets.key_line import KeyLine
from linkytui.tui.widgets.period import PeriodPanel
from linkytui.tui.widgets.power import PowerPanel
from linkytui.tui.widgets.registers import RegistersPanel
from linkytui.tui.widgets.scroll_bar import AsciiScrollBar
from linkytui.tui.widgets.strip import LiveStrip
from linkytui.tui.widgets.top_bar import TopBar
from tests.lines import FakeMeter, historic_frame, until, wait_until
from tests.terminal import Terminal
from tests.tui.screens.conftest import make_app, settle, tell
from tests.tui.screens.session import FedSession, keeper_of
from tests.tui.screens.states import NOW, STATES, meter


def frame(app: LinkyApp, power: int, *, seconds: int) -> None:
    """Post one more frame, some seconds after the state's."""
    state = STATES["live"]
    pairs = {pair[0]: pair[-1] for pair in state.pairs or ()} | {"PAPP": f"{power:05}"}
    known = meter(tuple(pairs.items()), state.mode, at=NOW + seconds)
    latest = known.latest
    assert latest is not None
    app.post_message(FramesArrived(latest, (PowerSample(latest.at, power, latest.period),), dict(known.labels)))


def text(pilot: Pilot[None], kind: type[Any]) -> str:
    widget = pilot.app.screen.query_one(kind)
    return "\n".join(widget.render_line(y).text for y in range(widget.size.height))


async def test_what_is_not_of_now_says_its_date() -> None:
    for tag in ("", "simulated"):
        app = make_app()
        app.set_reactive(LinkyApp.tag, tag)
        async with app.run_test(size=(80, 24)) as pilot:
            await tell(pilot, STATES["live"])
            assert ("24 Nov 2025" in text(pilot, TopBar)) is bool(tag)


# Freezing -------------------------------------------------------------------------------------------------------------


async def test_freezing_holds_the_numbers_while_the_strip_goes_on() -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await tell(pilot, STATES["live"])
        await pilot.press("p")
        before = text(pilot, PowerPanel)
        assert "FROZEN" in text(pilot, TopBar)
        for seconds in range(10):
            frame(app, 1111 + seconds, seconds=seconds)
        await pilot.pause()
        assert text(pilot, PowerPanel) == before
        strip = app.screen.query_one(LiveStrip).strip
        assert strip.last == (NOW + 9) // 5
        assert strip.columns[strip.last].highest == 1120
        await pilot.press("p")
        await pilot.pause()
        assert app.reading is not None
        assert app.reading.power == 1120
        assert text(pilot, PowerPanel) != before
        assert "FROZEN" not in text(pilot, TopBar)


async def test_a_lap_that_begins_while_frozen_begins_now() -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await tell(pilot, STATES["live"])
        await pilot.press("p")
        frame(app, 1000, seconds=300)
        await pilot.pause()
        await pilot.press("l")
        assert app.lap is not None
        assert app.lap.start == NOW + 300


async def test_another_meter_drops_what_was_held_and_the_lap() -> None:
    app = make_app()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await tell(pilot, STATES["live"])
        await pilot.press("l", "p")
        frame(app, 1000, seconds=3)
        app.post_message(MeterReset())
        await pilot.pause()
        assert app.lap is None
        assert [notice.message[:19] for notice in app._notifications] == ["The lap was discard"]
        await pilot.press("p")
        assert app.reading is None
        assert app.screen.query_one(LiveStrip).strip.columns == {}


async def test_registers_of_an_own_calendar_are_called_as_meter_and_offer_call_them() -> None:
    async with make_app().run_test(size=(100, 30)) as pilot:
        await tell(pilot, STATES["live"])
        app = pilot.app
        assert isinstance(app, LinkyApp)
        registers = {"EASF01": 1_000, "EASF02": 2_000, "EASF03": 3_000}
        own = Reading(at=NOW, mode=Mode.STANDARD, contract=Contract.OTHER, registers=registers, period="EASF02")
        app.reading = own
        await pilot.pause()
        assert "Register 3" in text(pilot, RegistersPanel)
        app.called = {"EASF02": "Semaine", "EASF03": "Week-end"}
        await pilot.pause()
        assert "Register 1" in text(pilot, RegistersPanel)
        assert "Week-end" in text(pilot, RegistersPanel)
        assert "SEMAINE" in text(pilot, PeriodPanel)


# Language, looks, help, palette ---------------------------------------------------------------------------------------


async def test_the_language_changes_at_once_everywhere() -> None:
    async with make_app().run_test(size=(80, 24)) as pilot:
        await tell(pilot, STATES["live"])
        assert "Peak" in text(pilot, RegistersPanel)
        await pilot.press("f")
        await pilot.pause()
        assert language() == "fr"
        assert "Heures pleines" in text(pilot, RegistersPanel)
        assert "8\u00a0534,695" in text(pilot, RegistersPanel)
        assert "Quitter" in str(pilot.app.screen.query_one(KeyLine).content)
        assert str(pilot.app.screen.query_one(LiveStrip).border_title) == _("Last minutes") != "Last minutes"
        await pilot.press("m")
        await pilot.press("f")
        await pilot.pause()
        table = pilot.app.screen.query_one(DataTable)
        assert [str(column.label) for column in table.columns.values()][:3] == ["Label", "Meaning", "Value"]
        await pilot.press("m")
        assert "Peak" in text(pilot, RegistersPanel)


async def test_the_look_changes_at_once_and_comes_round() -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await tell(pilot, STATES["live"])
        seen = []
        for _turn in range(3):
            await pilot.press("t")
            seen.append((app.theme, app.screen.query_one(PowerPanel).styles.border_top[1].hex))
        assert [theme for theme, _colour in seen] == ["linkytui-light", "linkytui-16", "linkytui-dark"]
        assert len({colour for _theme, colour in seen}) == 3


async def test_help_opens_names_every_key_and_closes() -> None:
    async with make_app().run_test(size=(80, 60)) as pilot:
        await tell(pilot, STATES["live"])
        await pilot.press("question_mark")
        assert isinstance(pilot.app.screen, Help)
        shown = str(pilot.app.screen.query_one("#help-text").content)  # type: ignore[attr-defined]
        plain = " ".join(shown.split())
        for command in COMMANDS:
            if command.place != "fleet":  # of a screen that is not in this program's reach
                assert f"{command.label} {command.help}" in plain
        await pilot.press("escape")
        assert not isinstance(pilot.app.screen, Help)


async def test_the_palette_has_every_command_and_does_one() -> None:
    app = make_app()
    async with app.run_test(size=(80, 40)) as pilot:
        await tell(pilot, STATES["live"])
        titles = {command.title for command in app.get_system_commands(app.screen)}
        commands = {command.title for command in COMMANDS if command.place == "everywhere"} - {"Commands"}
        assert titles == {*commands, "All themes", *fields()}
        await pilot.press("ctrl+p")
        await pilot.pause()
        assert isinstance(app.screen, CommandPalette)
        app.screen.query_one(Input).value = "Freeze"
        found = app.screen.query_one(CommandList)
        await until(pilot, lambda: found.option_count == 1)
        await pilot.press("enter", "enter")
        await pilot.pause()
        assert app.frozen


async def test_a_click_on_a_key_does_what_the_key_does() -> None:
    async with make_app().run_test(size=(80, 24)) as pilot:
        await tell(pilot, STATES["live"])
        line = str(pilot.app.screen.query_one(KeyLine).content)
        await pilot.click(KeyLine, offset=(line.index("Meter") + 1, 0))
        await pilot.pause()
        assert isinstance(pilot.app.screen, MeterScreen)


async def test_what_needs_a_history_says_that_there_is_none() -> None:
    app = make_app()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await tell(pilot, STATES["live"])
        for key in ("h", "o", "L"):
            app.clear_notifications()
            await pilot.press(key)
            await pilot.pause()
            assert len(app._notifications) == 1, key
            assert len(app.screen_stack) == 1


# Themes ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("theme", "told"), [("linkytui-light", 0), ("auto", 0), ("nord", 0), ("noord", 1)])
async def test_a_theme_that_does_not_exist_is_missed_aloud(theme: str, told: int) -> None:
    app = make_app(theme=theme)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert len(app._notifications) == told
        assert all(theme in notice.message for notice in app._notifications)
        assert app.theme in app.available_themes


# In both languages ----------------------------------------------------------------------------------------------------


async def test_what_textual_says_is_said_in_the_language_of_the_screen() -> None:
    app = make_app(spoken="fr")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+p")
        await pilot.pause()
        assert app.screen.query_one(Input).placeholder == _("Name of a command")
        await pilot.press("escape")
        app.search_themes()
        await pilot.pause()
        assert app.screen.query_one(Input).placeholder == _("Name of a theme")
        await pilot.press("escape", "ctrl+c")
        (notice,) = app._notifications
        assert notice.message == _("Press q to quit.")


# Terminals that know ASCII only ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("keys", [[], *([key] for key in "mhscoL"), ["question_mark"], ["ctrl+p"], ["l", "l"]])
async def test_on_an_ascii_terminal_every_screen_is_ascii(keys: list[str]) -> None:
    app = make_app(ascii_only=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await tell(pilot, STATES["tempo"])
        await pilot.press(*keys)
        if keys == ["ctrl+p"]:
            await until(pilot, lambda: app.screen.query_one(CommandList).option_count > 1)
        await settle(pilot)
        shown = "\n".join(strip.text for strip in app.screen._compositor.render_strips())
        assert shown.replace("Français", "").isascii(), shown
    assert ScrollBar.renderer is AsciiScrollBar


@pytest.mark.parametrize(("encoding", "plain"), [("utf-8", False), ("iso8859-15", True), ("ascii", True)])
def test_signs_that_the_terminals_encoding_lacks_are_not_drawn(
    encoding: str, plain: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "__stderr__", io.TextIOWrapper(io.BytesIO(), encoding=encoding))
    make_app()
    assert (glyphs() is ASCII) is plain


# The meter's screen ---------------------------------------------------------------------------------------------------


async def test_the_meters_screen_updates_only_cells_that_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    app = make_app()
    async with app.run_test(size=(130, 40)) as pilot:
        await tell(pilot, STATES["live"])
        await pilot.press("m")
        await pilot.pause()
        table = app.screen.query_one(DataTable)
        written: list[str] = []
        update, clear = table.update_cell, table.clear

        def update_cell(row: Any, column: Any, value: object, **more: Any) -> None:
            written.append(f"{row} {value}")
            update(row, column, value, **more)

        def clear_all(*args: Any, **more: Any) -> Any:
            written.append("all")
            return clear(*args, **more)

        monkeypatch.setattr(table, "update_cell", update_cell)
        monkeypatch.setattr(table, "clear", clear_all)
        frame(app, 777, seconds=-1)
        await pilot.pause()
        assert [" ".join(text.split()) for text in written] == ["PAPP 777 VA", "PAPP 00777"]
        written.clear()
        monkeypatch.setattr(app.session, "now", lambda: NOW + 10)
        app.now = NOW + 10
        await pilot.pause()
        assert {row.split()[0] for row in written} == set(app.labels)  # each is older now
        assert len(written) == len(app.labels)


@pytest.mark.parametrize("spoken", LANGUAGES)
@pytest.mark.parametrize("size", [(46, 19), (80, 24), (120, 40)])
async def test_the_meters_screen_cuts_only_values_of_many_words(spoken: Language, size: tuple[int, int]) -> None:
    app = make_app(spoken=spoken)
    async with app.run_test(size=size) as pilot:
        await tell(pilot, STATES["injection"])
        await pilot.press("m")
        await pilot.pause()
        table = app.screen.query_one(DataTable)
        column = table.get_column("2")
        cut = {label.value for label, value in zip(table.rows, column, strict=True) if str(value).endswith("…")}
        assert cut <= {"STGE", "PJOURF+1"}
        assert table.virtual_size.width <= table.scrollable_content_region.width


async def test_the_meters_screen_widens_for_a_longer_value() -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await tell(pilot, STATES["base"])
        await pilot.press("m")
        await pilot.pause()
        table = app.screen.query_one(DataTable)
        before = table.ordered_columns[2].width
        await tell(pilot, STATES["injection"])
        app.now += 1
        await pilot.pause()
        assert table.ordered_columns[2].width > before
        assert str(table.get_row("SMAXSN")[2]).strip() == "5,120 VA, 24 Nov 08:15"


async def test_the_meters_screen_tells_what_was_rejected() -> None:
    app = make_app()
    async with app.run_test(size=(130, 40)) as pilot:
        await tell(pilot, STATES["live"])
        await pilot.press("m")
        await pilot.pause()
        app.rejections = {"PAPP": 12}
        await pilot.pause()
        table = app.screen.query_one(DataTable)
        assert [str(cell) for cell in table.get_row("PAPP")][-1] == "12"
        await pilot.press("m")
        assert not isinstance(app.screen, MeterScreen)


# A recording's keys ---------------------------------------------------------------------------------------------------


class Tape:
    """A recording of a hundred seconds that notes what is done with it."""

    def __init__(self) -> None:
        self.paused = self.loop = False
        self.speed: float | None = 1.0
        self.position = 50.0
        self.duration = 100.0
        self.steps = 0

    def step(self) -> None:
        self.steps += 1
        self.paused = True

    def seek(self, position: float) -> None:
        self.position = position


def playing(tape: Tape) -> LinkyApp:
    session = FedSession(keeper_of(Settings()))
    session.player = tape
    return LinkyApp(session, environment={})


async def test_the_keys_of_a_recording_move_in_it() -> None:
    tape = Tape()
    app = playing(tape)
    async with app.run_test(size=(80, 24)) as pilot:
        await tell(pilot, STATES["live"])
        assert " ␣ Pause " in str(app.screen.query_one(KeyLine).content)
        await pilot.press("space")
        assert tape.paused
        assert app.playback is not None
        assert app.playback.paused
        await pilot.press("full_stop")
        assert tape.steps == 1
        await pilot.press("right")
        assert tape.position == 60.0
        await pilot.press(*["right"] * 9)
        assert tape.position == 100.0
        await pilot.press(*["left"] * 20)
        assert tape.position == 0.0
        await pilot.press("r")
        assert tape.loop


async def test_speeds_go_up_and_down_and_stop_at_the_ends() -> None:
    tape = Tape()
    app = playing(tape)
    async with app.run_test(size=(80, 24)) as pilot:
        await tell(pilot, STATES["live"])
        await pilot.press("plus")
        assert tape.speed == 2
        await pilot.press(*["plus"] * len(SPEEDS))
        assert tape.speed == SPEEDS[-1]
        await pilot.press(*["minus"] * 2 * len(SPEEDS))
        assert tape.speed == SPEEDS[0]
        tape.speed = None
        await pilot.press("minus")
        assert tape.speed == SPEEDS[-2]


async def test_without_a_recording_its_keys_do_nothing() -> None:
    app = make_app()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await tell(pilot, STATES["live"])
        for command in COMMANDS:
            if command.place == "replay":
                await pilot.press(*command.key.split(","))
                assert app.check_action(command.action.partition("(")[0], ()) is False
        assert app.playback is None
        assert app.screen_stack == [app.screen]
        for action in ("pause", "step", "loop"):
            await app.run_action(f"play('{action}')")
        assert app.playback is None


# Nothing polls --------------------------------------------------------------------------------------------------------


@pytest.fixture
def timers(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What of ours is called by the clock."""
    ours: list[Any] = []
    begin = MessagePump.set_interval

    def set_interval(self: MessagePump, interval: float, callback: Any = None, **more: Any) -> Any:
        if getattr(callback, "__module__", "").startswith("linkytui"):
            ours.append(callback)
        return begin(self, interval, callback, **more)

    monkeypatch.setattr(MessagePump, "set_interval", set_interval)
    return ours


async def test_no_widget_and_no_screen_of_ours_polls(timers: list[Any]) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await tell(pilot, STATES["live"])
        await pilot.press("m", "m", "question_mark", "escape", "l", "l")
        await pilot.pause()
    assert timers == [app._tick]


async def test_a_second_without_news_draws_the_age_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await tell(pilot, STATES["live"])
        await pilot.pause()
        drawn: list[str] = []
        for widget in app.screen.walk_children():
            refresh = widget.refresh

            def note(*regions: Any, _widget: Any = widget, _refresh: Any = refresh, **more: Any) -> Any:
                drawn.append(type(_widget).__name__)
                return _refresh(*regions, **more)

            monkeypatch.setattr(widget, "refresh", note)
        app.now += 1
        app.link = replace(app.link, bytes_read=app.link.bytes_read + 1)
        await pilot.pause()
        assert set(drawn) <= {"LinkLine"}


# Leaving --------------------------------------------------------------------------------------------------------------


def test_q_ends_at_once_on_a_silent_line(tmp_path: Path) -> None:
    with FakeMeter(tmp_path / "meter") as silent:
        command = [sys.executable, "-m", "linkytui", "--port", silent.port]
        with Terminal(command) as terminal:
            terminal.wait_for("Quit")
            wait_until(lambda: silent.heard, lambda: terminal.shows("Quit"))
            terminal.press("q")
            assert terminal.ended() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_what_ends_the_session_ends_the_screen_in_order(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with Terminal([sys.executable, "-m", "linkytui", "demo"]) as terminal:
        terminal.wait_for("live")
        assert list(tmp_path.glob("linkytui-demo-*"))
        os.kill(terminal.pid, number)
        assert terminal.ended() == 0
    assert not list(tmp_path.glob("linkytui-demo-*"))


def test_q_ends_at_once_while_the_meter_talks(tmp_path: Path) -> None:
    with FakeMeter(tmp_path / "meter") as talking:
        talking.talk(historic_frame(4230), baudrate=1200)
        command = [sys.executable, "-m", "linkytui", "--port", talking.port]
        with Terminal(command) as terminal:
            terminal.wait_for("live")
            terminal.press("q")
            assert terminal.ended() == 0
