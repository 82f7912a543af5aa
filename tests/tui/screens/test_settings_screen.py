"""The settings screen: what it shows, what typing and switching do to the file, and what acts at once."""

import stat
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.pilot import Pilot
from textual.widgets import Input, Static

from linkytui.i18n import Language, language, use_language
from linkytui.line.relay.report import Report
from linkytui.outputs.callbacks.verdict import ConnectionStep, Verdict
from linkytui.reading import REGISTERS, Contract
from linkytui.settings.fields import fields
from linkytui.settings.keeper import SettingsKeeper
from linkytui.settings.load import Option, load_settings
from linkytui.settings.model import AlertRule, OffPeakSeason, Settings
from linkytui.tui.app import LinkyApp
from linkytui.tui.screens import connection
from linkytui.tui.screens.connection import ConnectionTest
from linkytui.tui.screens.settings import SettingsScreen
from linkytui.tui.settings_form import as_typed, meant
from linkytui.tui.widgets.setting_list import SettingList
from tests.tui.screens.conftest import tell
from tests.tui.screens.session import FedSession
from tests.tui.screens.states import STATES

FILE = """\
# What I set, and why.
[screen]
theme = "linkytui-dark"   # easier at night

[influxdb]
# the box under the stairs
host = "db.home"
password = "very secret"

[callbacks.PrintPower]
token = "abc"
every = 3

[tariff]
budget = 120.00
"""

TERMINAL = {"COLORTERM": "truecolor"}

Compare = Callable[..., bool]
Look = Callable[[Pilot[None]], Awaitable[None]]


class Bench:
    """The application on a settings file of its own; keeps what was put into effect."""

    def __init__(
        self,
        path: Path,
        *,
        environ: Mapping[str, str] | None = None,
        option: Option | None = None,
        text: str = FILE,
        report: Report | None = None,
    ) -> None:
        self.path = path
        path.write_text(text)
        overrides = {"meter.port": option} if option else None

        def load() -> Any:
            return load_settings(environ or {}, path, overrides)

        self.keeper = SettingsKeeper(load(), load)
        session = FedSession(self.keeper)
        session.report = report
        self.used = session.used
        self.app = LinkyApp(session, environment=TERMINAL)

    @property
    def detail(self) -> str:
        """What is said of the setting under the cursor."""
        return str(self.app.screen.query_one("#note", Static).content)

    @property
    def rows(self) -> dict[str, str]:
        """What each row shows, by key."""
        listed = self.app.screen.query_one(SettingList)
        return {option.id: str(option.prompt) for option in listed.options if option.id}

    def go(self, key: str) -> None:
        """Put the cursor on a setting."""
        listed = self.app.screen.query_one(SettingList)
        listed.highlighted = listed.get_option_index(key)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path / "config.toml")


async def type_text(pilot: Pilot[None], text: str) -> None:
    """Replace what stands in the field that is open."""
    pilot.app.screen.query_one("#editor", Input).value = ""
    await pilot.press(*({"/": "slash", ".": "full_stop", ",": "comma", "-": "minus"}.get(sign, sign) for sign in text))
    await pilot.pause()


async def open_screen(pilot: Pilot[None]) -> None:
    await tell(pilot, STATES["live"])
    await pilot.press("s")
    await pilot.pause()


async def test_every_setting_is_there_with_its_value_and_origin(bench: Bench) -> None:
    async with bench.app.run_test(size=(120, 40)) as pilot:
        await open_screen(pilot)
        rows = bench.rows
        others = {f"tariff.prices.{name}" for option in Contract for name in REGISTERS[option] if option != "HPHC"}
        assert fields().keys() - rows.keys() == fields().keys() & others  # the meter counts peak and off-peak
        assert "db.home" in rows["influxdb.host"]
        assert "file" in rows["influxdb.host"]
        assert "by default" in rows["mqtt.host"]


async def test_a_setting_is_found_by_its_name_or_its_meaning(bench: Bench) -> None:
    async with bench.app.run_test(size=(120, 40)) as pilot:
        await open_screen(pilot)
        await pilot.press("slash", *"influxdb port")
        await pilot.pause()
        assert {key for key in bench.rows if not key.startswith(("section:", "test:"))} == {"influxdb.port"}
        await pilot.press("enter")
        await pilot.pause()
        assert bench.app.screen.query_one(SettingList).has_focus
        await pilot.press("slash", "escape")
        await pilot.pause()
        assert {"meter.port", "influxdb.password"} <= bench.rows.keys()


async def test_a_change_can_be_undone(bench: Bench) -> None:
    async with bench.app.run_test(size=(120, 40)) as pilot:
        await open_screen(pilot)
        before = load_settings({}, bench.path, None)
        for key in ("screen.bell", "screen.bell", "influxdb.enabled"):
            bench.go(key)
            await pilot.press("enter")
            await pilot.pause()
        assert load_settings({}, bench.path, None).settings.influxdb != before.settings.influxdb
        for _change in range(4):  # one more than there were
            await pilot.press("u")
            await pilot.pause()
        after = load_settings({}, bench.path, None)
        assert (after.settings, after.origins) == (before.settings, before.origins)


async def test_the_palette_leads_to_a_setting_by_its_name(bench: Bench) -> None:
    async with bench.app.run_test(size=(120, 40)) as pilot:
        await tell(pilot, STATES["live"])
        commands = {command.title: command for command in bench.app.get_system_commands(bench.app.screen)}
        commands["mqtt.host"].callback()
        await pilot.pause()
        await pilot.pause()
        row = bench.app.screen.query_one(SettingList).row
        assert row is not None
        assert row.key == "mqtt.host"


async def test_secrets_are_never_shown(bench: Bench) -> None:
    async with bench.app.run_test(size=(120, 40)) as pilot:
        await open_screen(pilot)
        for key in ("influxdb.password", "callbacks.PrintPower.token"):
            bench.go(key)
            await pilot.pause()
            shown = bench.app.export_screenshot() + "".join(bench.rows.values()) + bench.detail
            assert "very secret" not in shown
            assert "abc" not in shown
        bench.go("influxdb.password")
        await pilot.press("enter")
        editor = bench.app.screen.query_one("#editor", Input)
        assert (editor.value, editor.password) == ("", True)
        await pilot.press("enter")
        assert bench.path.read_text() == FILE


async def test_looking_and_leaving_changes_no_byte(bench: Bench) -> None:
    before = bench.path.stat()
    async with bench.app.run_test() as pilot:
        await open_screen(pilot)
        bench.go("influxdb.host")
        await pilot.press("enter", "x", "escape")
        bench.go("tariff.budget")
        await pilot.press("enter", "enter", "escape")
        await pilot.pause()
        assert not isinstance(bench.app.screen, SettingsScreen)
    assert bench.path.read_bytes() == FILE.encode()
    assert bench.path.stat().st_mtime_ns == before.st_mtime_ns


async def test_a_switch_acts_at_once_and_keeps_comments_and_order(bench: Bench) -> None:
    async with bench.app.run_test() as pilot:
        await open_screen(pilot)
        bench.go("influxdb.enabled")
        await pilot.press("enter")
        await pilot.pause()
        assert bench.used[-1].influxdb.enabled
        assert "Saved." in bench.detail
        await pilot.press("space")
        await pilot.pause()
        assert not bench.used[-1].influxdb.enabled
        await pilot.press("x")
        await pilot.pause()
    assert bench.path.read_text() == FILE
    assert stat.S_IMODE(bench.path.stat().st_mode) == 0o600


async def test_who_has_other_settings_than_the_collector_is_told_where_it_has_its_own(tmp_path: Path) -> None:
    report = Report(kind="collector", pid=712, settings="/etc/linkytui/config.toml")
    bench = Bench(tmp_path / "config.toml", report=report)
    words = "The process that reads the meter has its own settings: "
    words += "sudo linkytui config edit --config /etc/linkytui/config.toml"
    async with bench.app.run_test() as pilot:
        await open_screen(pilot)
        bench.go("influxdb.enabled")
        await pilot.pause()
        assert words in bench.detail
        await pilot.press("v")
        await pilot.pause()
        assert not isinstance(bench.app.screen, ConnectionTest)
        await pilot.press("enter")
        await pilot.pause()
        assert f"{words}\nSaved." in bench.detail
        bench.go("screen.bell")
        await pilot.pause()
        assert words not in bench.detail


@pytest.mark.parametrize("size", ["46x19", "80x24"])
def test_picture_of_settings_that_the_collector_does_not_read(
    size: str, tmp_path: Path, snap_compare: Compare, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    report = Report(kind="collector", pid=712, settings="/etc/linkytui/config.toml")
    bench = Bench(tmp_path / "config.toml", report=report)

    async def look(pilot: Pilot[None]) -> None:
        await open_screen(pilot)
        await pilot.press(*["right"] * 6)
        await pilot.pause()

    columns, rows = size.split("x")
    assert snap_compare(bench.app, terminal_size=(int(columns), int(rows)), run_before=look)


async def test_who_has_the_collectors_settings_is_told_nothing_of_the_kind(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    bench = Bench(path, report=Report(kind="collector", pid=712, settings=str(path)))
    async with bench.app.run_test() as pilot:
        await open_screen(pilot)
        bench.go("influxdb.enabled")
        await pilot.pause()
        assert "settings of its own" not in bench.detail


async def test_a_text_is_typed_over_its_row(bench: Bench) -> None:
    async with bench.app.run_test() as pilot:
        await open_screen(pilot)
        bench.go("influxdb.host")
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        listed, editor = bench.app.screen.query_one(SettingList), bench.app.screen.query_one("#editor", Input)
        assert editor.value == "db.home"
        assert listed.region.y <= editor.region.y < listed.region.bottom
        await type_text(pilot, "other.home")
        await pilot.press("enter")
        await pilot.pause()
        assert bench.used[-1].influxdb.host == "other.home"
        assert bench.app.focused is listed
    assert bench.path.read_text() == FILE.replace("db.home", "other.home")


async def test_what_cannot_be_is_said_while_it_is_typed_and_not_saved(bench: Bench) -> None:
    async with bench.app.run_test() as pilot:
        await open_screen(pilot)
        bench.go("influxdb.port")
        await pilot.press("enter")
        await type_text(pilot, "70000")
        assert "influxdb.port must be a whole number from 1 to 65535, not 70000" in bench.detail
        await pilot.press("enter")
        await pilot.pause()
        assert bench.app.screen.query_one("#editor", Input).display
        assert bench.used == []
        await type_text(pilot, "8087")
        assert "must be a whole number from 1 to 65535" in bench.detail
        await pilot.press("enter")
        await pilot.pause()
        assert bench.used[-1].influxdb.port == 8087


async def test_the_language_and_the_theme_change_at_once(bench: Bench) -> None:
    async with bench.app.run_test() as pilot:
        await open_screen(pilot)
        bench.go("screen.language")
        for _change in range(2):
            await pilot.press("enter")
            await pilot.pause()
        assert language() == "fr"
        assert "par défaut" in bench.rows["mqtt.host"]
        bench.go("screen.theme")
        await pilot.press("space")
        await pilot.pause()
        assert bench.app.theme == "linkytui-light"


async def test_what_the_environment_says_is_shown_and_left_alone(tmp_path: Path) -> None:
    bench = Bench(
        tmp_path / "config.toml", environ={"LINKYTUI_MQTT_ENABLED": "yes"}, option=Option("--port", "/dev/ttyUSB7")
    )
    async with bench.app.run_test() as pilot:
        await open_screen(pilot)
        assert "option" in bench.rows["meter.port"]
        bench.go("mqtt.enabled")
        await pilot.press("enter", "x", "space")
        await pilot.pause()
        assert "from the environment: LINKYTUI_MQTT_ENABLED decides" in bench.detail
        bench.go("callbacks.PrintPower.every")
        await pilot.press("enter", "x")
        await pilot.pause()
        assert "change it in the file" in bench.detail
    assert bench.path.read_text() == FILE


async def test_what_takes_a_restart_says_so(bench: Bench) -> None:
    async with bench.app.run_test() as pilot:
        await open_screen(pilot)
        bench.go("screen.ascii")
        await pilot.pause()
        assert "takes effect at the next start" in bench.detail
        await pilot.press("enter")
        await pilot.pause()
        assert "Saved; takes effect at the next start." in bench.detail


async def test_a_file_that_cannot_be_written_gets_one_line(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_more: object) -> None:
        raise OSError(30, "Read-only file system")

    async with bench.app.run_test() as pilot:
        await open_screen(pilot)
        monkeypatch.setattr("linkytui.settings.save.tempfile.mkstemp", refuse)
        bench.go("influxdb.enabled")
        await pilot.press("enter")
        await pilot.pause()
        assert f"{bench.path}: cannot change the settings: Read-only file system" in bench.detail
        assert bench.used == []


async def test_what_was_edited_elsewhere_is_read_when_the_screen_opens(bench: Bench) -> None:
    async with bench.app.run_test() as pilot:
        bench.path.write_text(FILE.replace("db.home", "elsewhere.home"))
        await open_screen(pilot)
        assert "elsewhere.home" in bench.rows["influxdb.host"]
        assert bench.used[-1].influxdb.host == "elsewhere.home"
        await pilot.press("escape")
        bench.path.write_text("[influxdb]\nport = 0\n")
        await pilot.press("s")
        await pilot.pause()
        assert ["influxdb.port must be" in notice.message for notice in bench.app._notifications] == [True]


async def test_a_click_switches_and_scrolling_while_typing_moves_nothing(bench: Bench) -> None:
    async with bench.app.run_test() as pilot:
        await open_screen(pilot)
        await pilot.click(SettingList, offset=(25, 8))
        await pilot.pause()
        assert bench.used[-1].screen.bell is False
        await pilot.click(SettingList, offset=(25, 1))
        await pilot.pause()
        editor = bench.app.screen.query_one("#editor", Input)
        assert editor.display
        await pilot.press("down")
        await pilot.click(SettingList, offset=(25, 3))
        await pilot.pause()
        assert editor.display
        assert bench.app.screen.query_one(SettingList).row is not None


async def test_arrows_go_from_section_to_section(bench: Bench) -> None:
    async with bench.app.run_test() as pilot:
        await open_screen(pilot)
        found = []
        for _section in range(14):
            await pilot.press("right")
            found.append(bench.app.screen.query_one(SettingList).section)
        assert found[:3] == ["screen", "history", "relay"]
        assert "meter" in found
        await pilot.press("left")
        assert bench.app.screen.query_one(SettingList).section == found[-2]


async def test_the_test_of_a_connection_names_the_step_that_fails(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def probe(section: str, settings: Settings) -> tuple[Verdict, ...]:
        asked.append((section, settings.influxdb.host))
        return (
            Verdict(ConnectionStep.NAME, True, "192.0.2.7"),
            Verdict(
                ConnectionStep.PORT, False, "Nothing listens at db.home:8086: is InfluxDB running, is the port right?"
            ),
            Verdict(ConnectionStep.TLS, None, "not reached"),
        )

    monkeypatch.setattr("linkytui.tui.screens.settings.probe", probe)
    async with bench.app.run_test() as pilot:
        await open_screen(pilot)
        bench.go("influxdb.host")
        await pilot.press("v")
        await bench.app.workers.wait_for_complete()
        await pilot.pause()
        assert isinstance(bench.app.screen, ConnectionTest)
        text = str(bench.app.screen.query_one("#verdicts", Static).content)
        assert asked == [("influxdb", "db.home")]
        assert "fails port  Nothing listens at db.home:8086" in text
        await pilot.press("escape")
        bench.go("test:mqtt")
        await pilot.press("enter")
        await bench.app.workers.wait_for_complete()
        assert asked[-1][0] == "mqtt"


def test_each_section_is_tested_by_what_belongs_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def verdict(text: object) -> tuple[Verdict]:
        return (Verdict(ConnectionStep.NAME, None, str(text)),)

    monkeypatch.setattr(
        "linkytui.outputs.callbacks.influxdb.probe.probe_influxdb", lambda address: verdict(address.host)
    )
    monkeypatch.setattr("linkytui.outputs.callbacks.mqtt.probe.probe_mqtt", lambda broker: verdict(broker.port))
    assert connection.probe("influxdb", Settings()) == verdict("influxdb.local")
    assert connection.probe("mqtt", Settings()) == verdict(1883)


def values(kind: str) -> st.SearchStrategy[Any]:
    """Values of a setting of this kind, as a file may hold them."""
    word = st.text(
        st.characters(codec="utf-8", categories=("L", "M", "N", "P", "S", "Z"), exclude_characters="\u2028\u2029"),
        min_size=1,
    )
    return {
        "whole": st.integers(1, 366),
        "number": st.floats(1, 250),
        "money": st.decimals(0, 1000, places=4),
        "text": word.filter(str.strip),
        "texts": st.lists(word.filter(str.strip).map(str.strip), max_size=4).map(tuple),
    }[kind]


@given(st.data())
def test_what_stands_in_a_row_means_the_same_when_it_is_typed(data: st.DataObject) -> None:
    typed = [
        field
        for field in fields().values()
        if field.kind in ("whole", "number", "money", "text", "texts")
        and not field.about.check
        and not field.about.secret
    ]
    field = data.draw(st.sampled_from(typed))
    value = data.draw(values(field.kind).filter(lambda value: _fits(field, value)))
    assert meant(field, as_typed(field, value)) == value


def _fits(field: Any, value: object) -> bool:
    low, high = field.about.low, field.about.high
    return not isinstance(value, int | float) or ((low is None or value >= low) and (high is None or value <= high))


def test_tables_mean_the_same_when_they_are_typed() -> None:
    rules = (AlertRule(kind="power", threshold=6000, duration=30), AlertRule(kind="silent"))
    seasons = ("22:30-06:30", OffPeakSeason(first="04-01", last="10-31", windows=("02:00-07:00", "14:00-17:00")))
    for key, value in (("alerts.rules", rules), ("tariff.off_peak", seasons), ("tariff.off_peak", ("22:30-06:30",))):
        assert meant(fields()[key], as_typed(fields()[key], value)) == value
    assert meant(fields()["meter.port"], " ") is None
    assert meant(fields()["relay.tcp"], "") == ""


def looking(*keys: str, key: str = "") -> Look:
    """Open the screen, go to a setting and press keys."""

    async def look(pilot: Pilot[None]) -> None:
        await open_screen(pilot)
        if key:
            listed = pilot.app.screen.query_one(SettingList)
            listed.highlighted = listed.get_option_index(key)
            await pilot.pause()
        for each in keys:
            await pilot.press(each)
            await pilot.pause()
        if pilot.app.screen.query("#editor"):
            pilot.app.screen.query_one("#editor", Input).cursor_blink = False
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()

    return look


@pytest.fixture
def pictured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., LinkyApp]:
    """Makes the application on a file whose name is the same everywhere."""

    def make(spoken: Language = "en", theme: str = "linkytui-dark") -> LinkyApp:
        home = tmp_path / "home"
        (home / ".config/linkytui").mkdir(parents=True)
        monkeypatch.setenv("HOME", str(home))
        use_language(spoken)
        environ = {"LINKYTUI_MQTT_HOST": "broker.home"}
        return Bench(
            home / ".config/linkytui/config.toml", environ=environ, text=FILE.replace("linkytui-dark", theme)
        ).app

    return make


SIZES = {"46x19": (46, 19), "80x24": (80, 24), "120x40": (120, 40)}


@pytest.mark.parametrize("size", SIZES)
def test_picture_of_a_section(size: str, pictured: Callable[..., LinkyApp], snap_compare: Compare) -> None:
    assert snap_compare(pictured(), terminal_size=SIZES[size], run_before=looking(key="influxdb.host"))


@pytest.mark.parametrize("size", ["46x19", "80x24"])
def test_picture_of_typing_what_cannot_be(size: str, pictured: Callable[..., LinkyApp], snap_compare: Compare) -> None:
    look = looking("enter", "0", "0", key="influxdb.port")
    assert snap_compare(pictured(), terminal_size=SIZES[size], run_before=look)


def test_picture_of_the_environment(pictured: Callable[..., LinkyApp], snap_compare: Compare) -> None:
    assert snap_compare(pictured(), terminal_size=SIZES["80x24"], run_before=looking(key="mqtt.host"))


@pytest.mark.parametrize("size", ["46x19", "80x24"])
def test_picture_of_a_test(
    size: str, pictured: Callable[..., LinkyApp], snap_compare: Compare, monkeypatch: pytest.MonkeyPatch
) -> None:
    verdicts = (
        Verdict(ConnectionStep.NAME, True, "192.0.2.7"),
        Verdict(ConnectionStep.PORT, True, "something listens at db.home:8086"),
        Verdict(ConnectionStep.TLS, None, "InfluxDB 1.6.7, not encrypted"),
        Verdict(ConnectionStep.LOGIN, False, "InfluxDB refuses the name or the password"),
        Verdict(ConnectionStep.DATABASE, None, "not reached"),
        Verdict(ConnectionStep.RIGHTS, None, "not reached"),
    )
    monkeypatch.setattr("linkytui.tui.screens.settings.probe", lambda _section, _settings: verdicts)
    assert snap_compare(pictured(), terminal_size=SIZES[size], run_before=looking("v", key="influxdb.host"))


def test_picture_in_sixteen_colours(pictured: Callable[..., LinkyApp], snap_compare: Compare) -> None:
    look = looking("enter", key="influxdb.host")
    assert snap_compare(pictured(theme="linkytui-16"), terminal_size=SIZES["80x24"], run_before=look)


@pytest.mark.parametrize("size", ["46x19", "80x24"])
def test_picture_in_french(size: str, pictured: Callable[..., LinkyApp], snap_compare: Compare) -> None:
    assert snap_compare(pictured("fr"), terminal_size=SIZES[size], run_before=looking(key="meter.mode"))
