"""The answers beside the labels: what they say, and what Home Assistant is told of them."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from linkytui.billing.account import Account
from linkytui.errors import HistoryError
from linkytui.i18n import use_language
from linkytui.link import Link, LinkState
from linkytui.outputs.callbacks.mqtt.account_figures import AccountFigures
from linkytui.outputs.callbacks.mqtt.answer_entities import outlived
from linkytui.outputs.callbacks.mqtt.answers import answers_of, answers_payload
from linkytui.outputs.callbacks.mqtt.discovery import descriptions
from linkytui.outputs.callbacks.mqtt.figures import Figures
from linkytui.outputs.callbacks.mqtt.household import Household
from linkytui.reading import Contract, Meter, Reading
from linkytui.reading.active_power import ActivePower
from linkytui.reading.ahead import Origin, Outlook, Period, Stretch
from linkytui.reading.contracts import REGISTERS
from linkytui.settings.model import HistorySettings, Settings, TariffSettings
from linkytui.tic import Colour, Group, Mode
from tests.billing.households import PARIS, moment
from tests.billing.recordings import keep, samples, steady
from tests.outputs.callbacks.frames import METER_ID, framed

NOW = moment(2025, 11, 20, 12)
LIVE = Link(state=LinkState.LIVE)


def reading(**said: Any) -> Reading:
    """What a meter says."""
    usual: dict[str, Any] = {"meter_id": METER_ID, "contract": Contract.BASE, "period": "BASE", "subscribed": 6.0}
    return Reading(at=NOW, mode=Mode.HISTORIC, **(usual | said))


def account(folder: Path, **tariff: object) -> Account:
    """An account on the history in a folder, with the regulated tariff alone."""
    settings = Settings(history=HistorySettings(folder=str(folder)), tariff=TariffSettings(**tariff))  # type: ignore[arg-type]
    return Account.open(settings, folder / "prices.jsonl")


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    """600 W from the first of November on."""
    start = moment(2025, 11, 1)
    keep(tmp_path, samples(start, NOW, Contract.BASE, steady, before={"BASE": 0}), NOW)
    return tmp_path


def described(answers: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What Home Assistant is told of these answers, by answer."""
    told = descriptions(
        "homeassistant",
        "teleinfo",
        METER_ID,
        labels={},
        answers=answers,
        mode=Mode.HISTORIC,
        contract=Contract.BASE,
        expire_after=180,
    )
    return {payload["unique_id"].removeprefix(f"teleinfo_{METER_ID}_"): payload for _topic, payload in told}


def test_a_month_of_600_w(recorded: Path) -> None:
    """19.5 days of 14.4 kWh at 0.1952 EUR: 54.81216 EUR; 20 of 30 days of 15.47 EUR: 10.31 EUR."""
    figures = AccountFigures(lambda: account(recorded)).at(NOW, reading())
    answers = answers_payload(answers_of(reading(), LIVE, figures))
    assert answers["price"]["value"] == 0.1952
    assert answers["month_cost"]["value"] == 65.12
    assert answers["month_cost"]["since"] == "2025-11-01T00:00:00+01:00"
    assert answers["month_cost"]["attributes"]["complete"] is True
    assert answers["month_estimate"]["value"] == pytest.approx(99.8, abs=0.02)
    # 14.4 kWh, 2.81088 EUR to the cent, and a thirtieth of the subscription, 0.51567.
    assert answers["yesterday_cost"]["value"] == 3.33
    assert answers["cost_base"] == {"value": 54.8122, "since": "2025-11-01T00:00:00+01:00"}
    assert "cost_energy" not in answers  # there is one register
    assert "income" not in answers
    assert not [name for name in answers if name.startswith("tempo")]


def test_without_a_record_there_is_a_price_and_no_cost(tmp_path: Path) -> None:
    figures = AccountFigures(lambda: account(tmp_path)).at(NOW, reading())
    assert set(answers_of(reading(), LIVE, figures)) == {"link", "active_power", "period", "price"}


def test_a_day_that_is_not_whole_has_no_cost(tmp_path: Path) -> None:
    start = moment(2025, 11, 19, 12)
    keep(tmp_path, samples(start, NOW, Contract.BASE, steady, before={"BASE": 0}), NOW)
    answers = answers_of(reading(), LIVE, AccountFigures(lambda: account(tmp_path)).at(NOW, reading()))
    assert answers["yesterday_cost"].value is None
    assert answers["month_cost"].attributes["complete"] is False
    assert answers["month_cost"].attributes["recorded_since"] == "2025-11-19T12:00+01:00"


def test_the_account_is_read_once_a_minute_and_at_once_for_another_contract(recorded: Path) -> None:
    opened = []

    def open_account() -> Account:
        opened.append(1)
        return account(recorded)

    feed = AccountFigures(open_account)
    for seconds in (0, 1, 30, 59):
        feed.at(NOW + seconds, reading())
    assert len(opened) == 1
    feed.at(NOW + 61, reading())
    feed.at(NOW + 62, reading(contract=Contract.HPHC, period="HP"))
    assert len(opened) == 3


def test_the_price_follows_the_period(recorded: Path) -> None:
    feed = AccountFigures(lambda: account(recorded))
    prices = {}
    for period in ("HP", "HC"):
        now = reading(contract=Contract.HPHC, period=period)
        prices[period] = answers_of(now, LIVE, feed.at(NOW, now))["price"].value
    assert prices == {"HP": 0.2081, "HC": 0.1635}


def test_the_price_of_an_option_that_the_meter_does_not_count_is_that_of_the_hour(recorded: Path) -> None:
    """The meter counts all in one register, the person pays peak and off-peak hours."""
    household = Household(AccountFigures(lambda: account(recorded, option="HPHC", off_peak=("22:30-06:30",))))
    by_day = household.message(reading(), NOW, old=False)
    at_night = household.message(reading(), NOW + 12 * 3600, old=False)
    assert (by_day["price"]["value"], at_night["price"]["value"]) == (0.2081, 0.1635)
    assert set(by_day) >= {"cost_hp", "cost_hc", "cost_energy"}
    both = by_day["cost_hp"]["value"] + by_day["cost_hc"]["value"]
    assert by_day["cost_energy"]["value"] == pytest.approx(both)


def test_a_silent_meter_says_so_and_nothing_else_of_now(recorded: Path) -> None:
    figures = AccountFigures(lambda: account(recorded)).at(NOW, reading())
    power = ActivePower(452.4, 300, 12)
    live = answers_payload(answers_of(reading(), LIVE, figures, active=power))
    assert live["active_power"] == {"value": 452, "attributes": {"margin": 12}}
    silent = answers_payload(answers_of(reading(), Link(state=LinkState.SILENT), figures, active=power, old=True))
    assert silent["link"]["value"] == "silent"
    assert [silent[name]["value"] for name in ("active_power", "period", "price")] == [None, None, None]
    assert silent["month_cost"] == live["month_cost"]
    assert set(silent) == set(live)


def test_until_when_and_what_follows() -> None:
    evening = moment(2025, 11, 20, 22, 30)
    peak = Stretch(NOW, evening, Period("HP", False), ends=True, sure=True)
    night = Stretch(evening, evening + 8 * 3600, Period("HC", True), ends=True, sure=True)
    ahead = Outlook(origin=Origin.METER, stretches=(peak, night), zone=PARIS)
    until = answers_of(reading(), LIVE, ahead=ahead)["period_until"]
    assert until.value == "2025-11-20T22:30:00+01:00"
    assert until.attributes == {"next": "off-peak", "known_from": "meter"}
    unsure = Outlook(origin=Origin.METER, stretches=(peak._replace(sure=False), night), zone=PARIS)
    assert answers_of(reading(), LIVE, ahead=unsure)["period_until"].value is None
    assert "period_until" not in answers_of(reading(), LIVE)


def test_tempo(tmp_path: Path) -> None:
    now = reading(contract=Contract.TEMPO, period="HPJW", today=Colour.WHITE)
    answers = answers_of(now, LIVE)
    assert answers["tempo_today"].value == "white"
    assert answers["tempo_tomorrow"].value is None
    figures = Figures(
        day=date(2025, 11, 20),
        prices=lambda _contract, _day: None,
        month_began=datetime(2025, 11, 1, tzinfo=PARIS),
        days_left={Colour.RED: 22, Colour.WHITE: 40},
    )
    answers = answers_of(now, LIVE, figures)
    assert (answers["tempo_red_left"].value, answers["tempo_white_left"].value) == (22, 40)
    assert "tempo_blue_left" not in answers
    told = described(dict(answers))
    assert told["tempo_today"]["options"] == ["blue", "white", "red"]
    assert told["tempo_red_left"]["unit_of_measurement"] == "days"
    # Of a season of which nothing is recorded nothing is left that can be told.
    fed = AccountFigures(lambda: account(tmp_path)).at(moment(2026, 1, 20, 12), now)
    assert not fed.days_left


def test_what_is_sold_is_an_income(tmp_path: Path) -> None:
    found = account(tmp_path, injection_price=Decimal("0.04"))
    answers = answers_of(reading(), LIVE, AccountFigures(lambda: found).at(NOW, reading()))
    assert "income" not in answers  # nothing is recorded yet
    figures = Figures(
        day=date(2025, 11, 20),
        prices=lambda _contract, _day: None,
        month_began=datetime(2025, 11, 1, tzinfo=PARIS),
        month=Decimal("12.00"),
        income=Decimal("1.20"),
    )
    assert answers_of(reading(), LIVE, figures)["income"].value == 1.2


def test_a_history_that_cannot_be_read_costs_only_the_money(recorded: Path, caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        def at(self, _now: float, _latest: Reading) -> Figures:
            raise HistoryError("The history is damaged")

    household = Household(Broken())
    for _ in range(3):
        assert set(household.message(reading(), NOW, old=False)) == {"link", "active_power", "period"}
    assert caplog.text.count("The history is damaged") == 1


def test_active_power_comes_from_the_registers() -> None:
    """A step of 1 Wh each 6 s: 600 W."""
    household, meter = Household(None), Meter()
    for step in range(40):
        groups = [
            Group("ADCO", METER_ID),
            Group("OPTARIF", "BASE"),
            Group("BASE", f"{step:09}"),
            Group("PAPP", "00640"),
        ]
        said = meter.observe(framed(groups, Mode.HISTORIC), NOW + 6 * step)
        assert meter.latest is not None
        household.hear(said, meter.latest)
    assert meter.latest is not None
    assert household.message(meter.latest, NOW + 240, old=False)["active_power"]["value"] == pytest.approx(600, abs=1)
    household.forget()
    assert household.message(meter.latest, NOW + 240, old=False)["active_power"]["value"] is None


@pytest.mark.parametrize("language", ["en", "fr"])
def test_home_assistant_takes_what_it_is_told(recorded: Path, language: Any) -> None:
    use_language(language)
    try:
        now = reading(contract=Contract.TEMPO, period="HPJB", today=Colour.BLUE, tomorrow=Colour.RED)
        figures = AccountFigures(lambda: account(recorded, injection_price=Decimal("0.04"))).at(NOW, now)
        left = dict.fromkeys(Colour, 5)
        peak = Stretch(NOW, NOW + 60, Period("HPJB", False), ends=True, sure=True)
        answers = answers_of(
            now,
            LIVE,
            replace(figures, days_left=left),
            ahead=Outlook(origin=Origin.METER, stretches=(peak,), zone=PARIS),
        )
        told = described(dict(answers))
    finally:
        use_language("en")
    assert set(told) == set(answers)
    assert len({payload["name"] for payload in told.values()}) == len(told)
    for name, payload in told.items():
        assert payload["state_topic"] == f"teleinfo/{METER_ID}/answers"
        if payload.get("device_class") == "enum":
            assert answers[name].value in payload["options"]
            assert "state_class" not in payload
        if payload.get("device_class") == "monetary":
            # The only state class that Home Assistant takes for money.
            assert payload.get("state_class", "total") == "total"
            assert payload["unit_of_measurement"] == "EUR"
        assert ("last_reset_value_template" in payload) == (payload.get("state_class") == "total")
        assert ("last_reset_value_template" in payload) == (answers[name].since is not None)
        if "state_class" in payload:
            assert "unit_of_measurement" in payload
    assert told["price"]["unit_of_measurement"] == "EUR/kWh"
    assert "Price" in told["price"]["name"] or language == "fr"
    assert told["link"]["entity_category"] == "diagnostic"


def test_the_first_minutes_of_a_history_have_a_cost_within_seconds(tmp_path: Path) -> None:
    feed = AccountFigures(lambda: account(tmp_path))
    assert feed.at(NOW, reading()).month is None
    keep(tmp_path, samples(NOW - 600, NOW, Contract.BASE, steady, before={"BASE": 0}), NOW)
    assert feed.at(NOW + 1, reading()).month is None
    assert feed.at(NOW + 6, reading()).month is not None


TEMPO_ONLY = {"tempo_today", "tempo_tomorrow", "tempo_blue_left", "tempo_white_left", "tempo_red_left"}
COSTS = {contract: {f"cost_{name.lower()}" for name in REGISTERS[contract]} for contract in Contract}


@pytest.mark.parametrize("contract", Contract)
def test_what_was_of_another_contract_can_go(contract: Contract) -> None:
    now = {"link", "price", "month_cost", *COSTS[contract]}
    gone = outlived(contract, now)
    assert gone.isdisjoint(now)
    assert gone >= set().union(*COSTS.values()) - COSTS[contract]
    assert (gone >= TEMPO_ONLY) is (contract is not Contract.TEMPO)
    assert ("cost_energy" in gone) is (contract is Contract.BASE)
    assert {"link", "income", "yesterday_cost", "period_until"}.isdisjoint(gone)


@pytest.mark.parametrize(
    ("contract", "answers"),
    [
        (None, {"cost_hc", "cost_hp"}),
        (Contract.HPHC, set()),  # no cost is known yet, which says nothing
        (Contract.HPHC, {"cost_hc", "cost_hcjb"}),  # the month of the change
        (Contract.BASE, {"cost_hc", "cost_hp", "cost_energy"}),  # another option than the meter counts
    ],
)
def test_what_is_not_certain_stays(contract: Contract | None, answers: set[str]) -> None:
    assert outlived(contract, answers) == frozenset()
