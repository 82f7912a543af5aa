"""After a year: what a person wants to know is at most three keys away, and no screen is left empty."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot

from linkytui.civil.days import ONE_DAY
from linkytui.history import HistoryReader, LapBook
from linkytui.i18n import LANGUAGES, Language, number
from linkytui.outputs.alerts.engine import Alert
from linkytui.outputs.alerts.log import AlertLog
from linkytui.reading import Contract
from linkytui.reading.lap import LapFigures
from linkytui.settings.model import AlertRule, Settings, TariffSettings
from linkytui.tariffs.bookfile import add_to_book
from linkytui.tariffs.offers import Offer, PriceKind, PriceSource
from linkytui.tariffs.status import GridStatus, StatusFile, sources_of
from linkytui.tui.app import LinkyApp
from linkytui.tui.widgets.cells import Cells
from linkytui.wording.terms import money
from tests.tui.screens.conftest import make_app, settle, tell
from tests.tui.screens.states import NOW, STATES
from tests.tui.screens.test_look import SIZES
from tests.tui.screens.year import record_year

PARIS = ZoneInfo("Europe/Paris")
TODAY = date(2025, 11, 24)
_DAY = 86_400.0


@pytest.fixture(scope="session")
def year(tmp_path_factory: pytest.TempPathFactory) -> HistoryReader:
    """The history of a year, with the laps and the alerts that come together in one."""
    folder = tmp_path_factory.mktemp("year")
    record_year(folder)
    laps, log = LapBook(folder), AlertLog(folder, now=iter(NOW - _DAY * n for n in range(300, 0, -2)).__next__)
    for number_ in range(40):
        start = NOW - _DAY * 7 * number_ - 7200
        figures = LapFigures(
            start=start, end=start + 5400, wh={"HP": 1234 + number_}, mean=820, peak=2300, peak_at=start, exact=True
        )
        laps.add(f"Washing, programme {number_ % 5}", figures)
        rule = AlertRule(kind="power")
        log.deliver(Alert(rule=rule, began=True, text=f"Drawing {7000 + number_} VA, above 6,000 VA"))
        log.deliver(Alert(rule=rule, began=False, text="Drawing 900 VA, back within the limit"))
    return HistoryReader(folder, PARIS)


@pytest.fixture
def grids(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A price book with what was read in the grids, which are all good."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    book, statuses, offers = tmp_path / "book.json", StatusFile(), []
    for source in sources_of(Settings().tariff):
        status = GridStatus(place=source.place, checked_at=NOW, fetched_at=NOW, valid_from=date(2025, 8, 1), offers=16)
        statuses.write(status)
        for power in (3, 6, 9, 12, 15, 18, 24, 30, 36):
            for option, prices in (
                (Contract.BASE, {"BASE": Decimal("0.1952")}),
                (Contract.HPHC, {"HC": Decimal("0.1635"), "HP": Decimal("0.2081")}),
            ):
                offers.append(
                    Offer(
                        provider=source.title.partition(" ")[0],
                        offer=source.title.partition(" ")[2],
                        option=option,
                        power_kva=power,
                        subscription=Decimal(power) + 10,
                        prices=prices,
                        valid_from=date(2025, 8, 1),
                        source=PriceSource(kind=PriceKind.GRID, file=source.file, url=source.url),
                    )
                )
    add_to_book(book, offers)
    return book


def app_of(year: HistoryReader, book: Path, spoken: Language = "en", theme: str = "linkytui-dark") -> LinkyApp:
    app = make_app(spoken=spoken, history=year, book=book, theme=theme)
    tariff = TariffSettings(provider="EDF", offer="Tarif Bleu", off_peak=("22:30-06:30",), budget=Decimal(180))
    app.session.settings = replace(app.session.settings, tariff=tariff)
    return app


async def press(pilot: Pilot[None], *keys: str, state: str = "live") -> None:
    """A live meter whose past is known, then keys, each with its effect awaited."""
    await settle(pilot)
    await tell(pilot, STATES[state])
    app = pilot.app
    assert isinstance(app, LinkyApp)
    await settle(pilot)
    app.ask_history()
    await settle(pilot)
    for key in keys:
        await pilot.press(key)
        await settle(pilot)


def shown(pilot: Pilot[None]) -> list[str]:
    width = pilot.app.size.width
    return [strip.text.ljust(width)[:width] for strip in pilot.app.screen._compositor.render_strips()]


# At most three keys ---------------------------------------------------------------------------------------------------


def cost_of_yesterday(app: LinkyApp) -> str:
    account = app.session.account()
    return money(account.days(account.plan(NOW), TODAY - ONE_DAY, TODAY, now=NOW).total)


def highest_of_the_month(app: LinkyApp) -> str:
    lap = app.session.history.measure(NOW - 23 * _DAY - 18.7 * 3600, NOW)  # from 1 November on
    assert lap.peak is not None
    return f"{number(lap.peak)}"


def cheapest(app: LinkyApp) -> str:
    account = app.session.account()
    rows = account.comparison(account.plan(NOW), now=NOW).rows
    years = {row.offer.key.title: row.year.per_year for row in rows if row.year and row.year.per_year is not None}
    return min(years, key=lambda title: years[title])


QUESTIONS: dict[str, tuple[tuple[str, ...], Callable[[LinkyApp], str]]] = {
    "what did yesterday cost": (("h", "left"), cost_of_yesterday),
    "when does off-peak begin": ((), lambda _app: "22:30"),
    "which offer is cheapest": (("o",), cheapest),
    "what was the highest power this month": (("h", "n"), highest_of_the_month),
    "is the meter's line good": ((), lambda _app: "0.02"),
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("question", QUESTIONS)
async def test_an_answer_is_at_most_three_keys_away(
    question: str, size: str, year: HistoryReader, tmp_path: Path
) -> None:
    keys, answer = QUESTIONS[question]
    spoken = LANGUAGES[(list(SIZES).index(size) + list(QUESTIONS).index(question)) % 2]
    assert len(keys) <= 3
    app = app_of(year, tmp_path / "book.json", spoken)
    async with app.run_test(size=SIZES[size]) as pilot:
        await press(pilot, *keys)
        text = "\n".join(shown(pilot))
        wanted = answer(app)
        if spoken == "fr" and question == "is the meter's line good":
            wanted = wanted.replace(".", ",")
        if question == "which offer is cheapest":  # the first row below the titles
            text = "\n".join(shown(pilot)[2:3])
        assert wanted in text, text


async def test_yesterday_stands_on_the_dashboard_itself(year: HistoryReader, tmp_path: Path) -> None:
    app = app_of(year, tmp_path / "book.json")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot)
        assert f"Yesterday {cost_of_yesterday(app)}" in "\n".join(shown(pilot))


# Nothing is left empty ------------------------------------------------------------------------------------------------

SCREENS = {
    "dashboard": (),
    "meter": ("m",),
    "day": ("h",),
    "week": ("h", "w"),
    "month": ("h", "n"),
    "year": ("h", "y"),
    "hours": ("h", "n", "v"),
    "hours of the year": ("h", "y", "v"),
    "typical days": ("h", "n", "v", "v"),
    "this year and the last": ("h", "y", "v", "v"),
    "base load": ("h", "y", "v", "v", "v"),
    "laps": ("L",),
    "alerts": ("a",),
    "offers": ("o",),
    "bill": ("o", "enter"),
    "grids": ("o", "g"),
    "settings": ("s",),
    "when": ("w",),
    "help": ("question_mark",),
}


def empty_share(pilot: Pilot[None]) -> float:
    """The share of cells with nothing within a word's length beside them and a row above and below.

    The room above the bars of a chart says something, too: it belongs to the picture.
    """
    rows = shown(pilot)
    marks = [[sign != " " for sign in row] for row in rows]
    for chart in pilot.app.screen.query(Cells):
        region = chart.region.intersection(pilot.app.screen.region)
        for y in range(region.y, region.bottom):
            marks[y][region.x : region.right] = [True] * region.width

    def far(x: int, y: int) -> bool:
        around = (row[max(x - 4, 0) : x + 5] for row in marks[max(y - 1, 0) : y + 2])
        return not any(map(any, around))

    cells = [(x, y) for y, row in enumerate(marks) for x in range(len(row))]
    return sum(far(x, y) for x, y in cells) / len(cells)


@pytest.mark.parametrize("state", ["live", "injection"])
@pytest.mark.parametrize("name", SCREENS)
async def test_no_screen_has_more_than_a_third_of_its_cells_empty(
    name: str, state: str, year: HistoryReader, grids: Path
) -> None:
    if state != "live" and name not in ("dashboard", "meter"):
        pytest.skip("the same for every meter")
    async with app_of(year, grids).run_test(size=SIZES["120x40"]) as pilot:
        await press(pilot, *SCREENS[name], state=state)
        assert empty_share(pilot) <= 1 / 3, "\n".join(shown(pilot))
