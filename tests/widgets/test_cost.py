"""The cost panel: its figures add up, and it says what it does not know."""

import re
from decimal import Decimal

import pytest

from linkytui.costs import Costs
from linkytui.history import HistoryReader
from linkytui.money import Money
from linkytui.reading import Contract, Reading
from linkytui.settings import Settings
from linkytui.tic import Mode
from linkytui.widgets.cost import CostPanel
from tests.history.household import PARIS, at, record, steady
from tests.widgets.conftest import Alone, rows

NOW = at("2026-06-11 12:00")


def reading(power: int = 2000, injected: int | None = None) -> Reading:
    return Reading(
        at=NOW, mode=Mode.HISTORIC, contract=Contract.BASE, period="BASE", power=power, injected_power=injected
    )


@pytest.fixture(scope="module")
def costs(tmp_path_factory: pytest.TempPathFactory) -> Costs:
    """Eleven days at 1.2 kW, at the regulated tariff."""
    folder = tmp_path_factory.mktemp("costs")
    record(folder, steady(at("2026-06-01 00:00"), NOW, step=60.0))
    reader = HistoryReader(folder, PARIS)
    money = Money(Settings(), lambda: reader, folder / "book.json")
    found = money.costs(NOW, Contract.BASE, 6.0)
    assert found is not None
    return found


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
    energy, subscription, total, *_rest = await shown(CostPanel(), costs, None, (40, 6))
    assert energy.startswith("Energy")
    assert subscription.startswith("Subscription")
    assert amounts(total)[0] == costs.month.bill.total.quantize(Decimal("0.01"))
    assert amounts(energy)[0] + amounts(subscription)[0] == pytest.approx(amounts(total)[0], abs=Decimal("0.01"))
    estimate = costs.month.estimate
    assert estimate is not None
    assert estimate.total > costs.month.bill.total


async def test_an_hour_costs_its_power_times_the_price(costs: Costs) -> None:
    hour = (await shown(CostPanel(), costs, reading(2000), (40, 6)))[4]
    assert "/h now" in hour
    price = costs.month.bill.lines[-1].price
    assert amounts(hour)[0] == pytest.approx(2 * price, abs=Decimal("0.01"))


async def test_what_is_given_to_the_grid_costs_nothing_an_hour(costs: Costs) -> None:
    hour = (await shown(CostPanel(), costs, reading(0, 900), (40, 6)))[4]
    assert "/h" not in hour


async def test_a_remark_takes_the_rows_that_are_left(costs: Costs) -> None:
    remark = costs.remarks[0]
    high = await shown(CostPanel(), costs, reading(), (40, 12))
    assert " ".join(high[5:]) == remark
    low = await shown(CostPanel(), costs, reading(), (40, 6))
    assert low[5].endswith("…")
    assert len(low) == 6


async def test_a_phone_gets_one_row(costs: Costs) -> None:
    (row,) = await shown(CostPanel(), costs, reading(), (46, 1))
    assert amounts(row)[0] == costs.month.bill.total.quantize(Decimal("0.01"))


@pytest.mark.parametrize("height", [1, 6])
async def test_without_a_price_there_is_no_figure(height: int) -> None:
    text = " ".join(await shown(CostPanel(), None, reading(), (46, height)))
    assert text
    assert not re.search(r"\d", text)
