"""The list of alerts on the screen."""

from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

from linkytui.history import HistoryReader
from linkytui.outputs.alerts.engine import Alert
from linkytui.outputs.alerts.log import AlertLog
from linkytui.settings.model import AlertKind, AlertRule
from linkytui.tui.screens.alerts import AlertsScreen
from linkytui.wording.terms import alert_name
from tests.tui.screens.conftest import make_app, settle, tell
from tests.tui.screens.states import NOW, STATES

PARIS = ZoneInfo("Europe/Paris")


def happened(folder: Path) -> HistoryReader:
    """A history beside which two alerts are listed."""
    moments = iter((NOW - 7200, NOW - 3600))
    log, rule = AlertLog(folder, now=lambda: next(moments)), AlertRule(kind="power")
    log.deliver(Alert(rule=rule, began=True, text="Drawing 7,820 VA, [above] 6,000 VA"))
    log.deliver(Alert(rule=rule, began=False, text="Drawing 900 VA, back within the limit"))
    return HistoryReader(folder, PARIS)


async def test_what_happened_stands_by_its_moment_the_newest_first(tmp_path: Path) -> None:
    async with make_app(history=happened(tmp_path)).run_test(size=(80, 24)) as pilot:
        await tell(pilot, STATES["live"])
        await pilot.press("a")
        await settle(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, AlertsScreen)
        rows = [[cell.plain for cell in screen.table.get_row_at(row)] for row in range(screen.table.row_count)]
        assert rows == [
            ["Mon 24 Nov 17:42", "  Drawing 900 VA, back within the limit", "", "power above a limit"],
            ["Mon 24 Nov 16:42", "▲ Drawing 7,820 VA, [above] 6,000 VA", "1 h", "power above a limit"],
        ]
        await pilot.press("a")
        await pilot.pause()
        assert not isinstance(pilot.app.screen, AlertsScreen)


async def test_without_an_alert_it_says_what_is_watched(tmp_path: Path) -> None:
    async with make_app(history=HistoryReader(tmp_path, PARIS)).run_test(size=(80, 24)) as pilot:
        await tell(pilot, STATES["live"])
        await pilot.press("a")
        await settle(pilot)
        shown = "\n".join(strip.text for strip in pilot.app.screen._compositor.render_strips())
        assert "No alert so far." in shown
        assert "silent meter" in shown


def test_every_alert_has_a_name_in_words() -> None:
    names = [alert_name(kind) for kind in get_args(AlertKind)]
    assert len(set(names)) == len(names)
    assert not set(names) & set(get_args(AlertKind))
    assert alert_name("of another version") == "of another version"
