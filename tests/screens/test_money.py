"""Money on the screen: the cost panel, offers compared, how a figure was worked out, grids."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from textual.pilot import Pilot
from textual.widgets import DataTable

from linkytui.app import LinkyApp
from linkytui.history import HistoryReader
from linkytui.i18n import Language
from linkytui.money import Money
from linkytui.screens.explain import Explain, bill_lines
from linkytui.screens.grids import GridsScreen
from linkytui.screens.offers import OffersScreen
from linkytui.settings import Settings
from linkytui.tariffs.status import GridStatus, StatusFile, sources_of
from tests.screens.conftest import make_app, settle, tell
from tests.screens.past import record_past
from tests.screens.states import NOW, STATES
from tests.screens.test_look import SIZES

PARIS = ZoneInfo("Europe/Paris")
Compare = Callable[..., bool]


@pytest.fixture(scope="session")
def household(tmp_path_factory: pytest.TempPathFactory) -> HistoryReader:
    """Two months of a household."""
    folder = tmp_path_factory.mktemp("household")
    record_past(folder)
    return HistoryReader(folder, PARIS)


@pytest.fixture
def money(household: HistoryReader, tmp_path: Path) -> Money:
    """What it costs, with the prices that ship with the program."""
    return Money(Settings(), lambda: household, tmp_path / "book.json")


@pytest.fixture
def app(household: HistoryReader, money: Money) -> LinkyApp:
    return make_app(history=household, money=money)


def looking(state: str, *keys: str) -> Callable[[Pilot[None]], Any]:
    """For `snap_compare`: a live meter whose costs are known, then keys, each with its effect awaited."""

    async def run(pilot: Pilot[None]) -> None:
        await settle(pilot)
        await tell(pilot, STATES[state])
        app = pilot.app
        assert isinstance(app, LinkyApp)
        app.ask_history()
        await settle(pilot)
        for key in keys:
            await pilot.press(key)
            await settle(pilot)

    return run


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("state", ["live", "tempo"])
def test_the_cost_of_the_month(state: str, size: str, app: LinkyApp, snap_compare: Compare) -> None:
    assert snap_compare(app, terminal_size=SIZES[size], run_before=looking(state))


@pytest.mark.parametrize("size", SIZES)
def test_offers_compared(size: str, app: LinkyApp, snap_compare: Compare) -> None:
    assert snap_compare(app, terminal_size=SIZES[size], run_before=looking("live", "o"))


def test_offers_in_french(household: HistoryReader, money: Money, snap_compare: Compare) -> None:
    spoken: Language = "fr"
    app = make_app(spoken=spoken, history=household, money=money)
    assert snap_compare(app, terminal_size=SIZES["80x24"], run_before=looking("live", "o"))


@pytest.mark.parametrize("size", ["46x19", "80x24", "120x40"])
def test_how_a_figure_is_worked_out(size: str, app: LinkyApp, snap_compare: Compare) -> None:
    assert snap_compare(app, terminal_size=SIZES[size], run_before=looking("live", "o", "enter"))


@pytest.fixture
def looked_after(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Grids of which one is good, one was refused, and the rest were never looked at."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    statuses = StatusFile()
    first, second, *_rest = sources_of(Settings().tariff)
    from datetime import date

    good = GridStatus(
        place=first.place, checked_at=NOW - 7200, fetched_at=NOW - 7200, valid_from=date(2025, 8, 1), offers=24
    )
    refused = GridStatus(
        place=second.place,
        checked_at=NOW - 3600,
        valid_from=date(2025, 8, 1),
        offers=9,
        error="the off-peak price is above the peak price at 6 kVA",
    )
    for status in (good, refused):
        statuses.write(status)


@pytest.mark.usefixtures("looked_after")
@pytest.mark.parametrize("size", ["46x19", "80x24", "120x40"])
def test_where_prices_come_from(size: str, app: LinkyApp, snap_compare: Compare) -> None:
    assert snap_compare(app, terminal_size=SIZES[size], run_before=looking("live", "o", "g", "down"))


async def test_what_is_shown_adds_up(app: LinkyApp, money: Money) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await looking("live")(pilot)
        costs = app.costs
        assert costs is not None
        bill = costs.month.bill
        assert bill.total == sum(line.amount for line in (*bill.lines, *bill.subscription_lines))
        shown = "\n".join(line.plain for line in bill_lines(bill, 70))
        assert f"{bill.total:.2f} €" in shown


async def test_the_cheapest_year_comes_first_and_a_key_orders_otherwise(app: LinkyApp) -> None:
    async with app.run_test(size=(100, 30)) as pilot:
        await looking("live", "o")(pilot)
        screen = app.screen
        assert isinstance(screen, OffersScreen)
        table = screen.query_one(DataTable)
        first = [table.get_row_at(row)[3].plain for row in range(table.row_count)]
        years = [float(cell.strip("~ €").replace(",", "")) for cell in first if cell]
        assert years == sorted(years)
        assert len(years) > 1
        await pilot.press("v", "v")
        names = [table.get_row_at(row)[0].plain.strip("▸ ") for row in range(table.row_count)]
        assert names == sorted(names)


async def test_the_figure_explained_is_that_of_the_row(app: LinkyApp) -> None:
    async with app.run_test(size=(100, 40)) as pilot:
        await looking("live", "o", "enter")(pilot)
        assert isinstance(app.screen, Explain)
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, OffersScreen)


@pytest.mark.usefixtures("looked_after")
async def test_leaving_the_grids_compares_anew(app: LinkyApp) -> None:
    async with app.run_test(size=(100, 40)) as pilot:
        await looking("live", "o", "g")(pilot)
        assert isinstance(app.screen, GridsScreen)
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, OffersScreen)
        assert app.screen.comparison is not None
