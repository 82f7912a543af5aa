"""What each hour, day and month cost: together no more and no less than the bill."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from linkytui.billing.account import Account
from linkytui.civil.spans import By
from linkytui.reading import Contract
from linkytui.reading.lap import LapFigures
from linkytui.settings.model import HistorySettings, Settings, TariffContract, TariffSettings
from tests.billing.households import PARIS, moment
from tests.billing.recordings import keep, night_and_day, samples

D = Decimal
NOW = moment(2025, 9, 2)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Off-peak hours from 22:30 to 06:30 at 900 W, 300 W by day, at 6 kVA, over the prices of August 2025."""
    folder = tmp_path_factory.mktemp("history")
    start = moment(2025, 7, 30)
    keep(folder, samples(start, NOW, Contract.HPHC, night_and_day, before={"HC": 0, "HP": 0}), NOW)
    return folder


def account(folder: Path, **tariff: object) -> Account:
    settings = Settings(
        history=HistorySettings(folder=str(folder)),
        tariff=TariffSettings(**tariff),  # type: ignore[arg-type]
    )
    return Account.open(settings, folder / "prices.jsonl")


def costs(found: Account, by: By, first: tuple[int, ...], end: tuple[int, ...]) -> list[dict[str, float] | None]:
    begin, after = (datetime(*when, tzinfo=PARIS) for when in (first, end))  # type: ignore[misc,arg-type]
    spans = found.reader.spans(by, begin, after)
    return [None if cost is None else cost.as_json() for cost in found.spans(found.plan(NOW), spans, now=NOW)]


def test_days_at_the_prices_of_their_day(folder: Path) -> None:
    """HC 7.2 kWh and HP 4.8 kWh a day: 1.22 + 1.03 + 14.04 / 31 in July, 1.18 + 1.00 + 15.74 / 31 in August."""
    july = {"HC": 1.22, "HP": 1.03, "subscription": 0.45, "total": 2.70}
    august = {"HC": 1.18, "HP": 1.0, "subscription": 0.51, "total": 2.69}
    assert costs(account(folder), By.DAY, (2025, 7, 29), (2025, 8, 2)) == [None, july, july, august]


def test_an_hour_has_its_energy_and_no_subscription(folder: Path) -> None:
    """06:00 to 07:00: half an hour of 900 W off-peak, half an hour of 300 W: 0.45 × 0.1635, 0.15 × 0.2081."""
    (cost,) = costs(account(folder), By.HOUR, (2025, 8, 5, 6), (2025, 8, 5, 7))
    assert cost == {"HC": 0.07, "HP": 0.03, "subscription": 0.0, "total": 0.1}


def test_a_month_is_the_bill_of_the_month(folder: Path) -> None:
    found = account(folder)
    (cost,) = costs(found, By.MONTH, (2025, 8, 1), (2025, 9, 1))
    bill = found.month(found.plan(NOW), date(2025, 8, 1), now=NOW).bill
    assert cost == {"HC": 36.49, "HP": 30.97, "subscription": 15.74, "total": 83.2}
    assert bill.total == D("83.20")


def test_without_a_price_there_is_no_cost(folder: Path) -> None:
    assert costs(account(folder, provider="Nobody"), By.DAY, (2025, 8, 1), (2025, 8, 2)) == [None]


def test_an_option_that_was_set_from_a_day_on(folder: Path) -> None:
    """All of 2 August counts as Base: 12 kWh × 0.1952."""
    base = TariffContract(first=date(2025, 8, 2), option="BASE")
    first, second = costs(account(folder, contracts=(base,)), By.DAY, (2025, 8, 1), (2025, 8, 3))
    assert first is not None
    assert first["HC"] == 1.18
    assert second == {"BASE": 2.34, "subscription": 0.5, "total": 2.84}


def test_a_lap_costs_its_energy(folder: Path) -> None:
    found = account(folder)
    wh = {"HC": 1000, "HP": 2500}
    lap = LapFigures(start=moment(2025, 8, 5, 6), end=moment(2025, 8, 5, 8), wh=wh, mean=None, peak=None, peak_at=None)
    assert found.lap_cost(found.plan(NOW), lap) == D("0.68")  # 0.1635 → 0.16, 0.52025 → 0.52
