"""The screen of many meters: pictures, keys, and what it costs with ten thousand."""

from typing import Any

import pytest
from textual.content import Content
from textual.pilot import Pilot

from linkytui.fleet.watch import Said
from linkytui.i18n import use_language
from linkytui.outputs.callbacks.upstream.live import Live
from linkytui.outputs.callbacks.upstream.topics import Source
from linkytui.settings.model import ScreenSettings, Settings
from linkytui.tui.app import LinkyApp
from linkytui.tui.fleet_session import FleetSession
from linkytui.tui.keys import COMMANDS
from linkytui.tui.screens.dashboard import Dashboard
from linkytui.tui.screens.fleet import FleetScreen
from linkytui.tui.screens.help import Help
from linkytui.tui.widgets.fleet_table import FleetTable
from tests.tui.screens.session import keeper_of
from tests.tui.screens.states import NOW
from tests.tui.screens.test_look import SIZES

SETTINGS = Settings(screen=ScreenSettings(theme="linkytui-dark"))
PERIODS = (("HPHC", "HP"), ("BASE", "BASE"), ("TEMPO", "HPJR"), ("OTHER", "EASF02"), ("HPHC", "a word of tomorrow"))


def said(number: int, **changes: Any) -> Live:
    contract, period = PERIODS[number % len(PERIODS)]
    values: dict[str, Any] = {
        "v": 1,
        "at": round((NOW - number % 9) * 1000),
        "every": 10.0,
        "link": "live",
        "contract": contract,
        "period": period,
        "power": 150 + number * 7919 % 5_600,
        "subscribed": 6.0,
        "today_wh": number * 977 % 21_000,
        "today_eur": number * 977 % 21_000 / 4_000,
    }
    return Live(**{**values, **changes})


def meters(count: int) -> dict[Source, Said]:
    """A town; some of its meters are in trouble."""
    found = {}
    for number in range(count):
        changes: dict[str, Any] = {}
        if number % 23 == 1:
            changes = {"at": round((NOW - 7_000) * 1000)}
        elif number % 29 == 2:
            changes = {"link": "unplugged", "power": None}
        elif number % 31 == 17:
            changes = {"power": 6_450}
        found[Source(f"Rue {number // 10:03}", f"Appt {number:05}")] = Said(said(number, **changes), True)
    return found


class FakeWatch:
    """Says what a test gives it."""

    def __init__(self, news: dict[Source, Said]) -> None:
        self.news = news
        self.trouble: str | None = None

    def take(self) -> dict[Source, Said]:
        news, self.news = self.news, {}
        return news


def app_of(watch: FakeWatch) -> LinkyApp:
    session = FleetSession(keeper_of(SETTINGS), watch, "broker.example:1883", now=lambda: NOW)
    return LinkyApp(session, environment={})


def screen_of(pilot: Pilot[None]) -> FleetScreen:
    screen = pilot.app.get_screen("opening")
    assert isinstance(screen, FleetScreen)
    return screen


def table_of(pilot: Pilot[None]) -> FleetTable:
    return screen_of(pilot).query_one(FleetTable)


def shown(pilot: Pilot[None]) -> list[str]:
    table = table_of(pilot)
    return [line.plain for line in table.lines(table.size.width, table.size.height)]


@pytest.mark.parametrize("size", SIZES.values(), ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("count", [3, 40, 10_000])
def test_picture_of_a_fleet(snap_compare: Any, count: int, size: tuple[int, int]) -> None:
    assert snap_compare(app_of(FakeWatch(meters(count))), terminal_size=size)


def test_picture_of_its_sites_in_french(snap_compare: Any) -> None:
    use_language("fr")
    assert snap_compare(app_of(FakeWatch(meters(400))), terminal_size=(100, 24), press=["g", "v", "down"])


async def test_a_meter_is_opened_and_left_and_the_cursor_is_where_it_was() -> None:
    app = app_of(FakeWatch(meters(40)))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("down", "down", "down", "enter")
        await pilot.pause()
        assert isinstance(app.screen, Dashboard)
        app._tick()
        assert app.tag == "Rue 003 / Appt 00031"
        await pilot.press("escape")
        assert screen_of(pilot).is_current
        assert table_of(pilot).place == 3
        await pilot.press("escape")
        assert screen_of(pilot).is_current


async def test_what_is_looked_for_is_found_and_all_come_back() -> None:
    async with app_of(FakeWatch(meters(400))).run_test(size=(80, 24)) as pilot:
        await pilot.press("slash", *"00123")
        await pilot.pause()
        assert [line.split()[1:3] for line in shown(pilot)[1:]] == [["Appt", "00123"]]
        await pilot.press("enter", "slash", *"x", "enter")
        await pilot.pause()
        assert "No match." in shown(pilot)[1]
        await pilot.press("escape")
        await pilot.pause()
        assert len(shown(pilot)) == table_of(pilot).size.height


async def test_a_site_opens_into_its_meters() -> None:
    async with app_of(FakeWatch(meters(40))).run_test(size=(80, 24)) as pilot:
        await pilot.press("g")
        assert len(shown(pilot)) == 5
        await pilot.press("enter")
        assert len(shown(pilot)) == 11
        await pilot.press("escape")
        assert len(shown(pilot)) == 5
        await pilot.press("g")
        assert len(shown(pilot)) > 11


async def test_a_meter_that_goes_silent_comes_to_the_top_and_the_cursor_stays_on_its_own() -> None:
    watch, clock = FakeWatch(meters(1)), [NOW]
    for number in range(5, 25):
        watch.news[Source("Rue", f"{number:02}")] = Said(said(number, at=round(NOW * 1000), power=100), False)
    session = FleetSession(keeper_of(SETTINGS), watch, "x", now=lambda: clock[0])
    app = LinkyApp(session, environment={})
    async with app.run_test(size=(80, 24)) as pilot:
        screen = screen_of(pilot)
        await pilot.press("down", "down")
        row = table_of(pilot).row
        assert isinstance(row, tuple)
        clock[0] = NOW + 14
        for number in range(5, 25):
            if number != 9:
                watch.news[Source("Rue", f"{number:02}")] = Said(said(number, power=100), False)
        screen.tick()
        first = shown(pilot)[1:4]
        assert any(" 09 " in line and "gone 14 s" in line for line in first)
        after = table_of(pilot).row
        assert isinstance(after, tuple)
        assert after[1].source == row[1].source


async def test_the_broker_that_is_not_there_is_said() -> None:
    watch = FakeWatch({})
    async with app_of(watch).run_test(size=(80, 24)) as pilot:
        assert "No meter has said anything yet." in shown(pilot)[1]
        watch.trouble = "Nothing listens at broker.example:1883"
        screen_of(pilot).tick()
        assert "Nothing listens at broker.example:1883" in shown(pilot)[1]
        watch.news = meters(2)
        screen_of(pilot).tick()
        assert "Nothing listens" not in shown(pilot)[1]
        watch.news = {source: Said(None, False) for source in meters(2)}
        watch.trouble = None
        screen_of(pilot).tick()
        assert "No meter has said anything yet." in shown(pilot)[1]


async def test_names_that_would_break_the_screen_are_plain_text() -> None:
    odd = {Source("[/b]\x1b[31m", "[bold]x\u0301"): Said(said(1), False)}
    async with app_of(FakeWatch(odd)).run_test(size=(80, 24)) as pilot:
        assert "[bold]x" in shown(pilot)[1]
        assert "\x1b" not in shown(pilot)[1]
        await pilot.press("enter")
        assert pilot.app._exception is None


async def test_ten_thousand_meters_write_only_the_rows_that_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    async with app_of(FakeWatch(meters(10_000))).run_test(size=(120, 40)) as pilot:
        table = table_of(pilot)
        asked: list[int] = []
        lines = FleetTable.lines

        def counted(self: FleetTable, width: int, height: int) -> list[Content]:
            found = lines(self, width, height)
            asked.append(len(found))
            return found

        monkeypatch.setattr(FleetTable, "lines", counted)
        await pilot.press("end", "pageup", "home", "pagedown")
        assert max(asked) <= table.size.height
        await pilot.press("end")
        assert table.place == 9_999


async def test_help_names_the_keys() -> None:
    async with app_of(FakeWatch(meters(3))).run_test(size=(80, 60)) as pilot:
        await pilot.press("question_mark")
        assert isinstance(pilot.app.screen, Help)
        plain = " ".join(str(pilot.app.screen.query_one("#help-text").content).split())  # type: ignore[attr-defined]
        for command in COMMANDS:
            if command.place == "fleet":
                assert f"{command.label} {command.help}" in plain


async def test_a_click_moves_the_cursor_and_the_next_opens() -> None:
    app = app_of(FakeWatch(meters(40)))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.click(FleetTable, offset=(10, 6))
        assert table_of(pilot).place == 5
        await pilot.click(FleetTable, offset=(10, 6))
        await pilot.pause()
        assert isinstance(app.screen, Dashboard)
