"""The panel that says when to run something: what is typed, what is answered, and its picture."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot
from textual.widgets import Input, Static

from linkytui.history.reader import HistoryReader
from linkytui.i18n import use_language
from linkytui.reading import Contract
from linkytui.settings.model import Settings, TariffSettings
from linkytui.tic import PARIS
from linkytui.tui.app import LinkyApp
from tests.billing.recordings import keep, night_and_day, samples
from tests.tui.screens.conftest import settle, tell
from tests.tui.screens.session import FedSession, keeper_of
from tests.tui.screens.states import HPHC, NOW, State


@pytest.fixture
def app(tmp_path: Path) -> LinkyApp:
    """A household with off-peak hours that were set; it is 18:42."""
    start = datetime(2025, 11, 24, 12, tzinfo=PARIS).timestamp()
    keep(tmp_path, samples(start, NOW, Contract.HPHC, night_and_day, before={"HC": 1000, "HP": 1000}), NOW)
    use_language("en")
    settings = replace(Settings(), tariff=TariffSettings(off_peak=("22:30-06:30",)))
    session = FedSession(keeper_of(settings), HistoryReader(tmp_path), tmp_path / "prices.jsonl")
    session.settings = settings
    return LinkyApp(session, environment={})


async def opened(pilot: Pilot[None]) -> str:
    await tell(pilot, State(HPHC))
    await settle(pilot)
    await pilot.press("w")
    await pilot.pause()
    return await answer(pilot)


async def answer(pilot: Pilot[None]) -> str:
    await settle(pilot)
    return str(pilot.app.screen.query_one("#answer", Static).content)


async def test_the_answer_follows_what_is_typed(app: LinkyApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        text = await opened(pilot)
        assert text.startswith("Start at 22:30: ")
        assert "waiting saves" in text
        assert text.endswith("hours: your settings.")
        await pilot.press("tab", "tab", "1", "9", ":", "0", "0")
        assert await answer(pilot) == "It takes 4.3 h, too long to be done by 19:00."
        await pilot.press("backspace")
        await pilot.press("backspace", "backspace", "backspace", "backspace")
        await pilot.press("shift+tab", "backspace", "x")
        assert await answer(pilot) == "Type numbers such as 30 and 7.4."
        await pilot.press("escape")
        assert len(app.screen_stack) == 1


@pytest.mark.parametrize("size", [(46, 19), (80, 24)])
def test_as_a_picture(size: tuple[int, int], app: LinkyApp, snap_compare: Callable[..., bool]) -> None:
    async def look(pilot: Any) -> None:
        await opened(pilot)
        for field in pilot.app.screen.query(Input):
            field.cursor_blink = False
        await pilot.pause()

    assert snap_compare(app, terminal_size=size, run_before=look)
