"""The cost panel: its figures add up, and it says what it does not know."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from linkytui.billing.account import Account
from linkytui.billing.costs import Costs, costs_of
from linkytui.history import HistoryReader
from linkytui.reading import Contract, Reading
from linkytui.settings.model import Settings, TariffSettings
from linkytui.tariffs.bookfile import add_to_book, known_prices
from linkytui.tariffs.offers import Offer, PriceKind, PriceSource
from linkytui.tic import Mode
from linkytui.tui.widgets.cost import CostPanel
from tests.history.household import PARIS, at, record, steady
from tests.tui.widgets.conftest import Alone, rows

NOW = at("2026-06-11 12:00")


def reading(power: int = 2000, injected: int | None = None) -> Reading:
    return Reading(
        at=NOW, mode=Mode.HISTORIC, contract=Contract.BASE, period="BASE", power=power, injected_power=injected
    )


@pytest.fixture(scope="module")
def costs(tmp_path_factory: pytest.TempPathFactory) -> Costs:
    """Eleven days at 1.2 kW, at the regulated tariff."""
    return paying(tmp_path_factory.mktemp("costs"), Settings())


def paying(folder: Path, settings: Settings, now: float = NOW) -> Costs:
    """Eleven days at 1.2 kW."""
    record(folder, steady(at("2026-06-01 00:00"), now, step=60.0))
    reader = HistoryReader(folder, PARIS)
    account = Account(settings, reader, known_prices(folder / "book.json"))
    return costs_of(account, now, Contract.BASE, 6.0)


def amounts(row: str) -> list[Decimal]:
    return [Decimal(text.replace(",", "")) for text in re.findall(r"([\d,]+\.\d\d) €", row)]


async def shown(panel: CostPanel, costs: Costs | None, now: Reading | None, size: tuple[int, int]) -> list[str]:
    panel.styles.height = size[1]
    async with Alone(panel).run_test(size=size) as pilot:
        panel.reading = now
        panel.costs = costs
        await pilot.pause()
        return [row for row in rows(panel) if row]


async def test_the_sum_is_that_of_its_parts(costs: Costs) -> None:
    energy, subscription, total, *_rest = await shown(CostPanel(), costs, None, (40, 7))
    assert energy.startswith("Energy")
    assert subscription.startswith("Subscription")
    assert amounts(total)[0] == costs.month.bill.total.quantize(Decimal("0.01"))
    assert amounts(energy)[0] + amounts(subscription)[0] == amounts(total)[0]
    estimate = costs.month.estimate
    assert estimate is not None
    assert estimate.total > costs.month.bill.total


async def test_an_hour_costs_its_power_times_the_price(costs: Costs) -> None:
    hour = (await shown(CostPanel(), costs, reading(2000), (40, 7)))[5]
    assert "/h now" in hour
    price = costs.month.bill.lines[-1].price
    assert amounts(hour)[0] == pytest.approx(2 * price, abs=Decimal("0.01"))


async def test_what_is_given_to_the_grid_costs_nothing_an_hour(costs: Costs) -> None:
    hour = (await shown(CostPanel(), costs, reading(0, 900), (40, 7)))[5]
    assert "/h" not in hour


async def test_a_remark_takes_the_rows_that_are_left(costs: Costs) -> None:
    remark = costs.remarks[0]
    high = await shown(CostPanel(), costs, reading(), (40, 12))
    assert " ".join(high[6:]) == remark
    low = await shown(CostPanel(), costs, reading(), (40, 7))
    assert low[6] == "More: o, then Enter"
    assert len(low) == 7


async def test_yesterday_today_and_this_hour_have_their_figures(costs: Costs) -> None:
    *_rest, days, hour = await shown(CostPanel(), costs, reading(), (40, 6))
    assert amounts(days) == [costs.yesterday.total, costs.today.total]
    assert days.startswith("Yesterday ")
    assert costs.hour is None  # it has just begun
    assert "this hour" not in hour
    *_rest, hour = await shown(CostPanel(), replace(costs, hour=Decimal("0.42")), reading(), (40, 6))
    assert hour.endswith("this hour 0.42 €")


async def test_this_hour_costs_what_it_drew(tmp_path: Path) -> None:
    costs = paying(tmp_path, Settings(), NOW + 1800)
    price = costs.month.bill.lines[-1].price
    assert costs.hour == pytest.approx(Decimal("0.6") * price, abs=Decimal("0.01"))


async def test_a_day_of_which_a_part_is_missing_is_no_yesterday(tmp_path: Path) -> None:
    record(tmp_path, steady(at("2026-06-10 12:00"), NOW, step=60.0))
    account = Account(Settings(), HistoryReader(tmp_path, PARIS), known_prices(tmp_path / "book.json"))
    told = " ".join(await shown(CostPanel(), costs_of(account, NOW, Contract.BASE, 6.0), reading(), (40, 6)))
    assert "Yesterday" not in told
    assert "Today" in told


async def test_what_the_sum_is_made_of_gives_way_where_there_is_no_room(costs: Costs) -> None:
    subscription, *rest = await shown(CostPanel(), costs, reading(), (40, 5))
    assert subscription.startswith("Energy ")
    assert amounts(subscription) == [costs.month.bill.energy_total, costs.month.bill.subscription]
    assert rest == (await shown(CostPanel(), costs, reading(), (40, 6)))[2:]
    narrow = await shown(CostPanel(), costs, reading(), (30, 5))
    assert amounts(narrow[0]) == [costs.month.bill.subscription]


@pytest.mark.parametrize("budget", [50, 100, 500])
async def test_a_budget_is_a_bar_that_says_how_much_of_it_is_spent(costs: Costs, budget: int) -> None:
    with_budget = replace(costs, budget=Decimal(budget))
    rows_ = await shown(CostPanel(), with_budget, reading(), (40, 6))
    (bar,) = [row for row in rows_ if row.startswith(f"Budget {budget}.00 €")]
    share = float(costs.month.bill.total) / budget
    assert bar.endswith(f" {share * 100:.0f} %")
    filled, rest = bar.count("━"), bar.count("─")
    assert filled == min(round(share * (filled + rest)), filled + rest)
    assert filled + rest > 10


async def test_without_a_price_whole_remarks_say_why(costs: Costs) -> None:
    bill = replace(costs.month.bill, lines=(), subscription_lines=())
    remarks = ("348.0 kWh are left out: their price is not known.", "No price is known of this.", "word " * 90)
    unknown = replace(costs, month=replace(costs.month, bill=bill), remarks=remarks)
    shown_ = await shown(CostPanel(), unknown, reading(), (36, 5))
    assert " ".join(shown_) == " ".join(remarks[:2])


@pytest.mark.parametrize("height", [1, 5])
async def test_before_the_first_record_no_price_is_missed(costs: Costs, height: int) -> None:
    bill = replace(costs.month.bill, lines=(), subscription_lines=(), start=None)
    empty = replace(costs, month=replace(costs.month, bill=bill))
    assert await shown(CostPanel(), empty, reading(), (46, height)) == ["Nothing recorded yet."]


async def test_the_date_of_the_prices_is_shortened_and_then_left_out_rather_than_cut(costs: Costs) -> None:
    shortened = {}
    for width in (48, 33, 31, 27):
        panel = CostPanel()
        await shown(panel, costs, reading(), (width, 6))
        shortened[width] = panel.border_subtitle
    assert shortened == {
        48: "tariff assumed, 1 February 2026",
        33: "tariff assumed, 1 February 2026",
        31: "tariff assumed, 1 Feb 2026",
        27: "tariff assumed",
    }


async def test_before_the_first_answer_nothing_is_said(costs: Costs) -> None:
    assert await shown(CostPanel(), None, reading(), (40, 6)) == []
    assert await shown(CostPanel(billed=False), None, reading(), (40, 6)) == ["No cost here: no history is kept."]


async def test_a_phone_gets_one_row(costs: Costs) -> None:
    (row,) = await shown(CostPanel(), costs, reading(), (46, 1))
    assert amounts(row)[0] == costs.month.bill.total.quantize(Decimal("0.01"))


@pytest.mark.parametrize("height", [1, 6])
async def test_where_nothing_is_billed_there_is_no_figure(height: int) -> None:
    text = " ".join(await shown(CostPanel(billed=False), None, reading(), (46, height)))
    assert text
    assert not re.search(r"\d", text)


async def test_why_there_is_no_price_is_read_to_its_end(tmp_path: Path) -> None:
    costs = paying(tmp_path, Settings(tariff=TariffSettings(provider="Nobody", offer="Nothing")))
    told = " ".join(await shown(CostPanel(), costs, reading(), (40, 5)))
    assert told.startswith("No price of Nobody Nothing, Base is known")
    assert told.endswith("or set the prices by hand in [tariff.prices].")


async def test_energy_without_a_price_is_told_beside_the_sum(tmp_path: Path) -> None:
    offer = Offer(
        provider="Somebody",
        offer="Something",
        option=Contract.BASE,
        power_kva=6,
        subscription=Decimal(15),
        prices={"BASE": Decimal("0.2")},
        valid_from=date(2026, 6, 5),
        source=PriceSource(kind=PriceKind.GRID, file="grid.pdf"),
    )
    add_to_book(tmp_path / "book.json", [offer])
    costs = paying(tmp_path, Settings(tariff=TariffSettings(provider="Somebody", offer="Something")))
    total = (await shown(CostPanel(), costs, reading(), (40, 7)))[2]
    # Four days at 1.2 kW before the first price.
    assert total.startswith("So far without 115.2 kWh")
