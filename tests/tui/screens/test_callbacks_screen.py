"""The callbacks' screen: how each fares in words, switching it, and dropping what waits for InfluxDB."""

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from textual.pilot import Pilot
from textual.widgets import OptionList, Static

from linkytui.i18n import Language, use_language
from linkytui.line.relay.report import CallbackState, Delivery, Publication, Report, from_line, to_line
from linkytui.outputs.alerts.engine import Alert
from linkytui.outputs.callbacks.configured import ConfiguredCallbacks
from linkytui.outputs.callbacks.state import CallbackStatus
from linkytui.settings.keeper import SettingsKeeper
from linkytui.settings.load import Loaded, load_settings
from linkytui.settings.model import AlertRule, ScreenSettings, Settings
from linkytui.tui.app import LinkyApp
from linkytui.tui.messages import AlertCame
from linkytui.tui.screens.confirm import Confirm
from linkytui.tui.screens.connection import ConnectionTest
from linkytui.tui.widgets.link_line import LinkLine
from tests.tui.screens.conftest import tell
from tests.tui.screens.session import FedSession
from tests.tui.screens.states import NOW, STATES

TERMINAL = {"COLORTERM": "truecolor"}

Compare = Callable[..., bool]

DAY = 86_400

STATES_SHOWN = (
    CallbackState(name="influxdb", status=CallbackStatus.RUNNING, delivered=812),
    CallbackState(name="mqtt", status=CallbackStatus.RUNNING, delivered=812),
    CallbackState(
        name="PrintPower",
        status=CallbackStatus.PAUSED,
        paused_for=40,
        delivered=321,
        dropped=3,
        last_at=NOW - 60,
        failures=5,
        last_error="ZeroDivisionError: division by zero",
        last_error_at=NOW - 55,
    ),
    CallbackState(name="Slow", status=CallbackStatus.HUNG, busy_for=62),
    CallbackState(name="Broken", status=CallbackStatus.FAILED, failures=1, last_error="No module named 'broken'"),
)
BEHIND = Delivery(
    waiting=123_456,
    oldest_at=NOW - 3 * DAY,
    error="Nothing listens at db.home:8086: is InfluxDB running, is the port right?",
    error_at=NOW - 3 * DAY,
)


class _Runner:
    def __init__(self) -> None:
        self.switched: list[tuple[str, bool]] = []
        self.told: tuple[CallbackState, ...] = STATES_SHOWN

    def enable(self, name: str, *, on: bool) -> None:
        self.switched.append((name, on))


class Running:
    """Stands in for callbacks that run, in states that take days to come about."""

    def __init__(self, delivery: Delivery = BEHIND) -> None:
        self.runner = _Runner()
        self.delivery: Delivery | None = delivery
        self.publication = Publication(connected=True, frames=1234)
        self.dropped = False
        self.resent = False

    def states(self) -> tuple[CallbackState, ...]:
        influxdb, mqtt, *plugins = self.runner.told
        return (
            msgspec.structs.replace(influxdb, delivery=self.delivery),
            msgspec.structs.replace(mqtt, publication=self.publication),
            *plugins,
        )

    def send_again(self) -> None:
        self.resent = True
        self.delivery = Delivery(connected=True, sent=72)

    def drop_backlog(self) -> None:
        self.dropped = True
        self.delivery = Delivery(connected=True, sent=12)


class Bench:
    """The application on a settings file of its own."""

    def __init__(
        self,
        path: Path,
        callbacks: object | None,
        *,
        report: Report | None = None,
        tag: str = "",
        drop_there: Callable[[], bool] | None = None,
    ) -> None:
        self.path = path
        path.touch()

        def load() -> Loaded:
            return load_settings({}, path)

        self.keeper = SettingsKeeper(load(), load)
        self.session = FedSession(self.keeper)
        self.session.callbacks, self.session.report, self.session.tag = callbacks, report, tag
        if drop_there is not None:
            self.session.drop_backlog = drop_there  # type: ignore[method-assign]
        self.app = LinkyApp(self.session, environment=TERMINAL)

    @property
    def rows(self) -> list[str]:
        """What each callback's rows say."""
        return [str(option.prompt) for option in self.app.screen.query_one(OptionList).options]

    @property
    def note(self) -> str:
        return str(self.app.screen.query_one("#note", Static).content)

    @property
    def elsewhere(self) -> str:
        return str(self.app.screen.query_one("#elsewhere", Static).content)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


async def open_screen(pilot: Pilot[None]) -> None:
    await tell(pilot, STATES["live"])
    await pilot.press("c")
    await pilot.pause()


async def test_each_callback_says_how_it_fares(path: Path) -> None:
    bench = Bench(path, Running())
    async with bench.app.run_test(size=(120, 40)) as pilot:
        await open_screen(pilot)
        influx, mqtt, mine, slow, broken = bench.rows
    assert "InfluxDB  cannot send" in influx
    assert "123,456 samples wait to be sent, the oldest from 3 d" in influx
    assert "for 3 d: Nothing listens at db.home:8086" in influx
    assert "connected, 1,234 frames published" in mqtt
    assert "PrintPower  paused for 40 s" in mine
    assert "321 frames taken, last one 1 min ago" in mine
    assert "3 frames dropped" in mine
    assert "5 errors, last one 55 s ago" in mine
    assert "ZeroDivisionError: division by zero" in mine
    assert "Slow  hung for 62 s" in slow
    assert "Broken  cannot be loaded" in broken
    assert "No module named 'broken'" in broken


async def test_the_backlog_is_dropped_only_when_that_is_confirmed(path: Path) -> None:
    running = Running()
    bench = Bench(path, running)
    async with bench.app.run_test() as pilot:
        await open_screen(pilot)
        await pilot.press("d")
        await pilot.pause()
        assert isinstance(bench.app.screen, Confirm)
        await pilot.press("escape")
        await pilot.pause()
        assert not running.dropped
        await pilot.press("d", "enter")
        await pilot.pause()
        assert running.dropped
        assert bench.note == "The backlog was discarded."
        await pilot.press("d")
        await pilot.pause()
        assert bench.note == "Nothing is waiting for InfluxDB."


@pytest.fixture
def real(path: Path) -> Iterator[tuple[Bench, ConfiguredCallbacks]]:
    """Real callbacks, of which none is on."""
    callbacks = ConfiguredCallbacks(Settings(), samples=None, clock=lambda: NOW)
    bench = Bench(path, callbacks)
    bench.session.use = callbacks.use  # type: ignore[assignment,method-assign]
    yield bench, callbacks
    callbacks.runner.close()


async def test_switching_influxdb_is_saved_and_acts_at_once(real: tuple[Bench, ConfiguredCallbacks]) -> None:
    bench, callbacks = real
    async with bench.app.run_test() as pilot:
        await open_screen(pilot)
        assert "InfluxDB  off" in bench.rows[0]
        await pilot.press("down", "enter")
        await pilot.pause()
        assert bench.path.read_text() == "[mqtt]\nenabled = true\n"
        assert callbacks.runner.states()[1].status is not CallbackStatus.OFF
        await pilot.press("enter")
        await pilot.pause()
        assert callbacks.runner.states()[1].status is CallbackStatus.OFF
        assert bench.note == "Saved."


async def test_a_plugin_is_switched_until_the_end_and_the_file_is_left_alone(path: Path) -> None:
    running = Running()
    bench = Bench(path, running)
    async with bench.app.run_test() as pilot:
        await open_screen(pilot)
        await pilot.press("down", "down", "enter")
        await pilot.pause()
        assert bench.note == "Off until the next start; it is still in the settings."
    assert running.runner.switched == [("PrintPower", False)]
    assert path.read_text() == ""


async def test_what_influxdb_refuses_is_told_and_sent_again_by_a_key(path: Path) -> None:
    words = (
        'field type conflict: input field "PAPP" on measurement "linky" is type integer, already exists as type float'
    )
    running = Running(Delivery(connected=True, sent=12, refused=words, refused_points=60))
    bench = Bench(path, running)
    async with bench.app.run_test(size=(120, 40)) as pilot:
        bench.app.look_at_callbacks()
        await pilot.pause()
        line = bench.app.screen.query_one(LinkLine)
        assert (line.troubled[0], line.trouble_words) == ("InfluxDB", words)
        await open_screen(pilot)
        assert "InfluxDB  refused" in bench.rows[0]
        assert "60 points refused, sent again every few minutes: field type conflict" in " ".join(bench.rows)
        await pilot.press("r")
        await bench.app.workers.wait_for_complete()
        await pilot.pause()
        assert running.resent
        await pilot.press("r")
        await pilot.pause()
        assert bench.note == "Nothing is waiting for InfluxDB."


def reported(path: Path, **changes: Any) -> Report:
    """The same callbacks as the report of a collector tells them to screens."""
    report = Report(kind="collector", pid=712, callbacks=Running().states(), settings=str(path), **changes)
    read = from_line(to_line(report))
    assert read is not None
    return read


async def test_what_runs_in_the_collector_is_told_as_if_it_ran_here(path: Path) -> None:
    here, there = Bench(path, Running()), Bench(path, None, report=reported(path))
    async with here.app.run_test(size=(120, 40)) as pilot:
        await open_screen(pilot)
        rows = here.rows
        assert here.elsewhere == ""
    async with there.app.run_test(size=(120, 40)) as pilot:
        await open_screen(pilot)
        assert there.rows == rows
        assert there.elsewhere == "The collector (process 712) reads the meter and runs the callbacks."


async def test_the_collector_is_asked_to_drop_its_backlog(path: Path) -> None:
    asked, answers = [], iter([True, False])

    def ask() -> bool:
        asked.append(True)
        return next(answers)

    bench = Bench(path, None, report=reported(path), drop_there=ask)
    async with bench.app.run_test() as pilot:
        await open_screen(pilot)
        for said in ("The backlog was discarded.", "No answer: nothing was discarded."):
            await pilot.press("d", "enter")
            await bench.app.workers.wait_for_complete()
            await pilot.pause()
            assert bench.note == said
    assert asked == [True, True]


async def test_what_a_collector_with_the_same_settings_runs_is_switched_in_the_file(path: Path) -> None:
    bench = Bench(path, None, report=reported(path))
    async with bench.app.run_test() as pilot:
        await open_screen(pilot)
        await pilot.press("enter")
        await pilot.pause()
        assert path.read_text() == "[influxdb]\nenabled = true\n"
        await pilot.press("down", "down", "enter")
        await pilot.pause()
        assert bench.note == "It runs in another process: the setting callbacks.plugins turns it on or off."


async def test_who_has_other_settings_than_the_collector_is_told_where_it_has_its_own(path: Path) -> None:
    bench = Bench(path, None, report=reported(Path("/etc/linkytui/config.toml")))
    async with bench.app.run_test(size=(120, 40)) as pilot:
        await open_screen(pilot)
        words = "The process that reads the meter has its own settings: "
        words += "sudo linkytui config edit --config /etc/linkytui/config.toml"
        for key in ("enter", "v"):
            await pilot.press(key)
            await pilot.pause()
            assert words in bench.note
            assert not isinstance(bench.app.screen, ConnectionTest)
    assert path.read_text() == ""


@pytest.mark.parametrize("place", ["here", "collector"])
async def test_the_dashboard_names_what_fails_until_it_does_no_more(path: Path, place: str) -> None:
    running = Running()
    here = place == "here"
    bench = Bench(path, running if here else None, report=None if here else reported(path))
    async with bench.app.run_test(size=(80, 24)) as pilot:
        await tell(pilot, STATES["live"])
        bench.app.look_at_callbacks()
        await pilot.pause()
        assert bench.app.screen.query_one(LinkLine).troubled == ("InfluxDB", "PrintPower", "Slow", "Broken")
        running.runner.told = STATES_SHOWN[:2]
        running.delivery = Delivery(connected=True)
        bench.app.look_at_callbacks()
        await pilot.pause()
        assert not here or bench.app.screen.query_one(LinkLine).troubled == ()


async def test_going_to_and_fro_between_screens_does_not_pile_them_up(path: Path) -> None:
    bench = Bench(path, Running())
    async with bench.app.run_test() as pilot:
        await open_screen(pilot)
        for key in "scscsc":
            await pilot.press(key)
            await pilot.pause()
            assert len(bench.app.screen_stack) <= 3
        await pilot.press("c", "escape", "escape")
        await pilot.pause()
        assert len(bench.app.screen_stack) == 1


async def test_a_simulated_meter_calls_none(path: Path) -> None:
    bench = Bench(path, None, tag="simulated")
    async with bench.app.run_test() as pilot:
        await open_screen(pilot)
        assert bench.elsewhere == "Callbacks do not run for recordings or the simulated meter."


async def test_an_alert_is_told_with_the_bell_and_its_end_without(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(path, None)
    rung = []
    monkeypatch.setattr(bench.app, "bell", lambda: rung.append(True))
    rule = AlertRule(kind="power", threshold=6000)
    async with bench.app.run_test() as pilot:
        await tell(pilot, STATES["live"])
        bench.app.post_message(AlertCame(Alert(rule=rule, began=True, text="6,120 VA, above [6,000] VA")))
        await pilot.pause()
        bench.app.post_message(AlertCame(Alert(rule=rule, began=False, text="It is over")))
        await pilot.pause()
        assert [notice.severity for notice in bench.app._notifications] == ["warning", "information"]
        assert rung == [True]
        bench.session.settings = Settings(screen=ScreenSettings(bell=False))
        bench.app.post_message(AlertCame(Alert(rule=rule, began=True, text="again")))
        await pilot.pause()
        assert rung == [True]


SIZES = {"46x19": (46, 19), "80x24": (80, 24), "120x40": (120, 40)}


def looking(*keys: str) -> Callable[[Pilot[None]], Awaitable[None]]:
    async def look(pilot: Pilot[None]) -> None:
        await open_screen(pilot)
        for key in keys:
            await pilot.press(key)
            await pilot.pause()

    return look


@pytest.mark.parametrize("size", SIZES)
def test_picture_of_a_dashboard_with_callbacks_in_trouble(size: str, path: Path, snap_compare: Compare) -> None:
    bench = Bench(path, Running())

    async def look(pilot: Pilot[None]) -> None:
        await tell(pilot, STATES["live"])
        bench.app.look_at_callbacks()
        await pilot.pause()

    assert snap_compare(bench.app, terminal_size=SIZES[size], run_before=look)


@pytest.mark.parametrize("size", SIZES)
def test_picture_of_callbacks_in_trouble(size: str, path: Path, snap_compare: Compare) -> None:
    assert snap_compare(Bench(path, Running()).app, terminal_size=SIZES[size], run_before=looking())


@pytest.mark.parametrize("size", SIZES)
def test_picture_of_callbacks_in_a_collector_of_its_own(size: str, path: Path, snap_compare: Compare) -> None:
    report = reported(Path("/etc/linkytui/config.toml"))
    assert snap_compare(Bench(path, None, report=report).app, terminal_size=SIZES[size], run_before=looking("enter"))


@pytest.mark.parametrize("size", ["46x19", "80x24"])
def test_picture_of_the_question(size: str, path: Path, snap_compare: Compare) -> None:
    assert snap_compare(Bench(path, Running()).app, terminal_size=SIZES[size], run_before=looking("d"))


@pytest.mark.parametrize("size", ["46x19", "80x24"])
def test_picture_in_french(size: str, path: Path, snap_compare: Compare) -> None:
    spoken: Language = "fr"
    use_language(spoken)
    delivery = msgspec.structs.replace(BEHIND, connected=True, error=None, error_at=None, sent=4321)
    assert snap_compare(Bench(path, Running(delivery)).app, terminal_size=SIZES[size], run_before=looking())
