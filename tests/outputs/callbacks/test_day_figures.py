"""What the day came to, from a real history and the prices of a person."""

from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from linkytui.billing.account import Account
from linkytui.history import HistoryReader
from linkytui.outputs.callbacks.upstream.day_figures import TODAY_EVERY, DayFigures
from linkytui.outputs.callbacks.upstream.live import Today
from linkytui.settings.model import Prices, Settings, TariffSettings
from linkytui.tariffs.book import PriceBook
from tests.outputs.callbacks.frames import START
from tests.outputs.callbacks.test_history_log import hear, writer_of
from tests.outputs.callbacks.week import readings

PARIS = ZoneInfo("Europe/Paris")


def test_the_day_so_far_in_energy_and_money_once_a_minute(tmp_path: Path) -> None:
    writer = writer_of(tmp_path)
    said = list(readings(START, 7_200, 60))
    for reading in said[:61]:
        hear(writer, reading)
    writer.flush()
    prices = Prices(subscription=Decimal(0), HC=Decimal("0.10"), HP=Decimal("0.20"))
    settings = Settings(tariff=TariffSettings(prices=prices))
    asked = []

    def account() -> Account:
        asked.append(1)
        return Account(settings, HistoryReader(tmp_path, PARIS), PriceBook())

    figures = DayFigures(account)
    now = said[60].at
    first = figures.at(now)
    drawn = {name: said[60].registers[name] - said[0].registers[name] for name in ("HC", "HP")}
    assert first.wh == sum(drawn.values()) > 0
    assert first.eur == pytest.approx((drawn["HC"] * 0.10 + drawn["HP"] * 0.20) / 1000, abs=0.011)
    for reading in said[61:]:
        hear(writer, reading)
    writer.flush()
    assert figures.at(now + TODAY_EVERY - 1) is first
    assert len(asked) == 1
    assert (figures.at(now + 3_600).wh or 0) > first.wh
    writer.close()


def test_nothing_recorded_and_nothing_readable_are_nothing_known(tmp_path: Path) -> None:
    account = Account(Settings(), HistoryReader(tmp_path, PARIS), PriceBook())
    assert DayFigures(lambda: account).at(START) == Today()
    (tmp_path / "history.db").write_bytes(b"this is no database" * 1000)
    assert DayFigures(lambda: account).at(START) == Today()
