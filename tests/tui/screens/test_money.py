"""Money on the screen: the cost panel, offers compared, how a figure was worked out, grids."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from textual.pilot import Pilot
from textual.widgets import DataTable, Static

from linkytui.history import HistoryReader
from linkytui.i18n import LANGUAGES, Language, use_language
from linkytui.reading import Contract
from linkytui.settings.model import Settings
from linkytui.tariffs.bookfile import add_to_book
from linkytui.tariffs.offers import Offer, PriceKind, PriceSource
from linkytui.tariffs.status import GridStatus, StatusFile, sources_of
from linkytui.tui.app import LinkyApp
from linkytui.tui.screens.bill import BillScreen, bill_lines
from linkytui.tui.screens.grids import GridsScreen
from linkytui.tui.screens.offers import OffersScreen
from tests.tui.screens.conftest import make_app, settle, tell
from tests.tui.screens.past import record_past
from tests.tui.screens.states import NOW, STATES
from tests.tui.screens.test_look import SIZES

PARIS = ZoneInfo("Europe/Paris")
Compare = Callable[..., bool]


@pytest.fixture(scope="session")
def household(tmp_path_factory: pytest.TempPathFactory) -> HistoryReader:
    """Two months of a household."""
    folder = tmp_path_factory.mktemp("household")
    record_past(folder)
    return HistoryReader(folder, PARIS)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """The file of the price book: there are the prices that ship with the program."""
    return tmp_path / "book.json"


@pytest.fixture
def app(household: HistoryReader, book: Path) -> LinkyApp:
    return make_app(history=household, book=book)


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


def test_offers_in_french(household: HistoryReader, book: Path, snap_compare: Compare) -> None:
    spoken: Language = "fr"
    app = make_app(spoken=spoken, history=household, book=book)
    assert snap_compare(app, terminal_size=SIZES["80x24"], run_before=looking("live", "o"))


@pytest.mark.parametrize("size", ["46x19", "80x24", "120x40"])
def test_how_a_figure_is_worked_out(size: str, app: LinkyApp, snap_compare: Compare) -> None:
    assert snap_compare(app, terminal_size=SIZES[size], run_before=looking("live", "o", "enter"))


@pytest.fixture
def looked_after(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Grids of which one is good, two were refused, one is away, and the rest were never looked at."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    statuses = StatusFile()
    first, second, third, fourth, *_rest = sources_of(Settings().tariff)
    good = GridStatus(
        place=first.place, checked_at=NOW - 7200, fetched_at=NOW - 7200, valid_from=date(2025, 8, 1), offers=24
    )
    refused = GridStatus(
        place=second.place,
        checked_at=NOW - 3600,
        fetched_at=NOW - 12 * 86400,
        valid_from=date(2025, 8, 1),
        offers=9,
        error="the off-peak price is above the peak price at 6 kVA",
        refused="the off-peak price is above the peak price at 6 kVA",
    )
    picture = GridStatus(place=third.place, checked_at=NOW, error="its prices are a picture", refused="a picture")
    away = GridStatus(place=fourth.place, checked_at=NOW, error="there is nothing at its address any more (404)")
    for status in (good, refused, picture, away):
        statuses.write(status)


@pytest.mark.usefixtures("looked_after")
@pytest.mark.parametrize("size", ["46x19", "80x24", "120x40"])
def test_where_prices_come_from(size: str, app: LinkyApp, snap_compare: Compare) -> None:
    assert snap_compare(app, terminal_size=SIZES[size], run_before=looking("live", "o", "g", "down"))


@pytest.mark.usefixtures("looked_after")
async def test_what_was_refused_what_is_away_and_how_old_the_last_good_grid_is_are_told_apart(app: LinkyApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await looking("live", "o", "g")(pilot)
        table = app.screen.query_one(DataTable)
        states = [table.get_row_at(row)[4].plain for row in range(5)]
        assert states == ["good", "kept, 12 d", "refused", "not available", ""]


@pytest.mark.parametrize("spoken", LANGUAGES)
@pytest.mark.parametrize("state", STATES)
async def test_in_a_usual_terminal_nothing_is_cut(
    state: str, spoken: Language, household: HistoryReader, book: Path
) -> None:
    app = make_app(spoken=spoken, history=household, book=book)
    async with app.run_test(size=(80, 24)) as pilot:
        await looking(state)(pilot)
        shown = "\n".join(strip.text for strip in app.screen._compositor.render_strips())
        assert "…" not in shown, shown


async def test_the_cost_is_that_of_the_meter_s_contract_as_soon_as_it_says_one(app: LinkyApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        for state, contract in (("live", Contract.HPHC), ("base", Contract.BASE)):
            await tell(pilot, STATES[state])
            await settle(pilot)
            assert app.costs is not None
            assert app.costs.month.plan.contract is contract


async def test_figures_of_money_speak_the_other_language_at_once(app: LinkyApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await looking("tempo")(pilot)
        assert app.costs is not None
        before = app.costs.remarks
        await pilot.press("f")
        await settle(pilot)
        assert before
        assert app.costs.remarks != before


async def test_what_is_shown_adds_up(app: LinkyApp, book: Path) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await looking("live")(pilot)
        costs = app.costs
        assert costs is not None
        bill = costs.month.bill
        assert bill.total == sum(line.amount for line in bill.lines) + sum(
            line.amount for line in bill.subscription_lines
        )
        shown = "\n".join(line.plain for line in bill_lines(bill, 70))
        assert f"{bill.total:.2f} €" in shown


@pytest.fixture
def long_names(book: Path) -> None:
    """An offer whose name and prices are as long as any."""
    offer = Offer(
        provider="TotalEnergies",
        offer="Standard Fixe Trois Ans",
        option=Contract.HPHC,
        power_kva=9,
        subscription=Decimal("23.39"),
        prices={"HC": Decimal("0.15861"), "HP": Decimal("0.20141")},
        valid_from=date(2025, 8, 5),
        source=PriceSource(kind=PriceKind.GRID, file="standard-fixe-trois-ans-2025-08.pdf", page=1),
    )
    add_to_book(book, [offer])


@pytest.mark.usefixtures("long_names")
@pytest.mark.parametrize("spoken", ["en", "fr"])
@pytest.mark.parametrize("size", ["46x19", "80x24", "120x40"])
async def test_names_give_way_and_figures_never(
    size: str, spoken: Language, household: HistoryReader, book: Path
) -> None:
    app = make_app(spoken=spoken, history=household, book=book)
    async with app.run_test(size=SIZES[size]) as pilot:
        await looking("live", "o")(pilot)
        table = app.screen.query_one(DataTable)
        assert table.virtual_size.width <= table.size.width
        names = [" ".join(cell.plain for cell in table.get_row_at(row)[:2]) for row in range(table.row_count)]
        assert any("TotalEnergies" in name and ("HP/HC" in name or size == "120x40") for name in names)


@pytest.mark.usefixtures("long_names")
async def test_where_prices_come_from_is_read_to_its_end_on_a_phone(app: LinkyApp) -> None:
    async with app.run_test(size=(46, 19)) as pilot:
        await looking("live", "o")(pilot)
        table = app.screen.query_one(DataTable)
        names = [table.get_row_at(row)[0].plain for row in range(table.row_count)]
        table.move_cursor(row=next(row for row, name in enumerate(names) if "TotalEnergies" in name))
        await settle(pilot)
        detail = app.screen.query_one("#note", Static)
        told = " ".join("".join(strip.text for strip in detail.render_lines(detail.outer_size.region)).split())
        assert "standard-fixe-trois-ans-2025-08.pdf" in told
        assert told.endswith("in force from 5 August 2025")


async def test_a_bill_on_a_phone_shows_every_product(app: LinkyApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await looking("live")(pilot)
        assert app.costs is not None
        for spoken in ("en", "fr"):
            use_language(spoken)
            assert "…" not in "".join(line.plain for line in bill_lines(app.costs.month.bill, 37))


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
        assert isinstance(app.screen, BillScreen)
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, OffersScreen)


@pytest.mark.parametrize("keys", [("o",), ("o", "enter"), ("o", "g")])
async def test_on_an_ascii_terminal_money_is_ascii(keys: tuple[str, ...], household: HistoryReader, book: Path) -> None:
    app = make_app(ascii_only=True, history=household, book=book)
    async with app.run_test(size=(130, 60)) as pilot:
        await looking("tempo", *keys)(pilot)
        shown = "\n".join(strip.text for strip in app.screen._compositor.render_strips())
        assert ("EUR" in shown) is ("g" not in keys)
        named = re.sub("[Éé]", "e", shown.replace("Français", ""))  # offers are called what they are called
        assert named.isascii(), shown


async def test_what_there_is_to_know_about_one_s_own_bill_stands_before_its_figures(app: LinkyApp) -> None:
    async with app.run_test(size=(100, 40)) as pilot:
        await looking("tempo", "o", "enter")(pilot)
        assert isinstance(app.screen, BillScreen)
        shown = " ".join("".join(strip.text for strip in app.screen._compositor.render_strips()).split())
        assert app.costs is not None
        assert app.costs.remarks
        for remark in app.costs.remarks:
            assert remark[:40] in shown
        await pilot.press("escape", "up", "enter")
        await settle(pilot)
        assert isinstance(app.screen, BillScreen)
        assert "Good to know" not in "".join(strip.text for strip in app.screen._compositor.render_strips())


@pytest.mark.usefixtures("looked_after")
async def test_leaving_the_grids_compares_anew(app: LinkyApp) -> None:
    async with app.run_test(size=(100, 40)) as pilot:
        await looking("live", "o", "g")(pilot)
        assert isinstance(app.screen, GridsScreen)
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, OffersScreen)
        assert app.screen.comparison is not None
