"""What the registers of a supplier's own calendar are called, and which price is paid at a moment."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from linkytui.billing.account import Account
from linkytui.billing.costs import costs_of
from linkytui.billing.invoice import make_invoice
from linkytui.billing.paid import PaidRegister, paid_register
from linkytui.billing.plan import Plan, find_plan
from linkytui.billing.rows import energy_row
from linkytui.civil.off_peak import OffPeak
from linkytui.history import Importer, Sample
from linkytui.link import Link
from linkytui.outputs.callbacks.mqtt.account_figures import AccountFigures
from linkytui.outputs.callbacks.mqtt.answers import answers_of
from linkytui.outputs.callbacks.mqtt.discovery import descriptions
from linkytui.reading import Contract, Reading
from linkytui.settings.model import HistorySettings, Settings, TariffContract
from linkytui.tariffs.book import PriceBook
from linkytui.tic import Colour, Mode
from tests.billing.households import BOOK, PARIS, moment, tariff
from tests.billing.test_calendars import BOOK as OWN
from tests.billing.test_calendars import WEEK_END, planned

D = Decimal
NOW = moment(2026, 11, 24, 18)
TEXTS = {"EASF01": "HC  SEMAINE", "EASF02": "HP SEMAINE", "EASF03": "WEEK-END ET JF"}


def register_at(when: datetime) -> str:
    """The calendar of the meter."""
    if when.weekday() >= 5:
        return "EASF03"
    return "EASF01" if when.hour >= 23 or when.hour < 7 else "EASF02"


def own_meter(start: float, end: float) -> Iterator[Sample]:
    """600 W, seen every ten minutes."""
    wh = dict.fromkeys(TEXTS, 1_000_000)
    at = start
    while at <= end:
        name = register_at(datetime.fromtimestamp(at, PARIS))
        yield Sample(
            at=at,
            power=600,
            period=name,
            registers=dict(wh),
            meter="041234567890",
            contract=Contract.OTHER,
            limit_kva=6.0,
            subscribed_kva=6.0,
            calendar="HC SEMAINE WE",
            period_text=TEXTS[name],
        )
        wh[name] += 100
        at += 600


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Ten days of it, a week-end among them."""
    with Importer(tmp_path, now=NOW, gap_seconds=1200) as importer:
        importer.import_samples(own_meter(moment(2026, 11, 14), NOW))
    return tmp_path


def account(folder: Path, book: PriceBook, **set_: object) -> Account:
    """Its account."""
    settings = Settings(history=HistorySettings(folder=str(folder)), tariff=tariff(**set_))
    return Account(settings, Account.open(settings, folder / "none.jsonl").reader, book)


def reading(**said: object) -> Reading:
    """What the meter says now."""
    usual: dict[str, object] = {"meter_id": "041234567890", "contract": Contract.OTHER, "period": "EASF02"}
    return Reading(at=NOW, mode=Mode.STANDARD, **(usual | {"subscribed": 6.0} | said))  # type: ignore[arg-type]


def test_the_meter_names_its_registers_where_no_offer_does(folder: Path) -> None:
    """Prices by hand by register: bill, invoice and screen say the meter's words, and the bill's JSON the registers."""
    prices = {"subscription": D(15), "EASF01": D("0.15"), "EASF02": D("0.23"), "EASF03": D("0.14")}
    mine = account(folder, BOOK, provider="Lac", offer="Sur mesure", prices=prices)
    costs = costs_of(mine, NOW, Contract.OTHER, 6.0)
    assert dict(costs.called) == {"EASF01": "HC semaine", "EASF02": "HP semaine", "EASF03": "Week-end et JF"}
    rows = [energy_row(line).name for line in costs.month.bill.lines]
    assert rows == ["HC semaine", "HP semaine", "Week-end et JF"]
    assert costs.month.bill.names == {}
    plan = mine.plan(NOW)
    invoice = make_invoice(costs.month.bill, plan, plan.prices(mine.book), {})
    assert invoice.bill.called == costs.called


def test_the_offers_own_names_count_more_than_the_meters(folder: Path) -> None:
    mine = account(folder, PriceBook([WEEK_END]), provider="Lac", offer="Week-end")
    called = costs_of(mine, NOW, Contract.OTHER, 6.0).called
    assert called["EASF01"] == "HC semaine"
    assert called["EASF02"] == "HP semaine"
    assert "week-end" in called["EASF03"].lower()


def test_a_meter_that_names_nothing_leaves_nothing_called(tmp_path: Path) -> None:
    rows = (row._replace(period_text=None) for row in own_meter(moment(2026, 11, 20), NOW))
    with Importer(tmp_path, now=NOW, gap_seconds=1200) as importer:
        importer.import_samples(rows)
    assert costs_of(account(tmp_path, BOOK), NOW, Contract.OTHER, 6.0).called == {}


def test_home_assistant_hears_the_names(folder: Path) -> None:
    prices = {"subscription": D(15), "EASF01": D("0.15"), "EASF02": D("0.23"), "EASF03": D("0.14")}
    mine = account(folder, BOOK, provider="Lac", offer="Sur mesure", prices=prices)
    figures = AccountFigures(lambda: mine).at(NOW, reading())
    answers = answers_of(reading(), Link(), figures)
    assert answers["period"].value == "HP semaine"
    told = descriptions(
        "homeassistant",
        "teleinfo",
        "041234567890",
        labels={},
        answers=answers,
        mode=Mode.STANDARD,
        contract=Contract.OTHER,
        expire_after=180,
        called=figures.called,
    )
    names = [payload["name"] for _topic, payload in told]
    assert "Energy cost this month: Week-end et JF" in names


# Which price is paid -------------------------------------------------------------------------------------------------

WINDOWS = OffPeak.of(["22:30-06:30"])


def clock(plan: Plan, colours: dict[date, Colour] | None = None) -> PaidRegister:
    """What is paid by a plan, at an address with off-peak hours from 22:30 on."""
    return paid_register(plan, PARIS, WINDOWS, colours or {})


@pytest.mark.parametrize(
    ("hour", "minute", "register"),
    [(22, 29, "HP"), (22, 30, "HC"), (3, 0, "HC"), (6, 29, "HC"), (6, 30, "HP"), (12, 0, "HP")],
)
def test_off_peak_prices_on_a_meter_with_one_register_go_by_the_clock(hour: int, minute: int, register: str) -> None:
    plan = find_plan(tariff(option="HPHC"), BOOK, Contract.BASE, 6.0, date(2026, 11, 24))
    assert clock(plan)("BASE", moment(2026, 11, 24, hour, minute)) == register


def test_what_the_meter_counts_is_paid_where_the_offer_counts_alike() -> None:
    plan = find_plan(tariff(option="HPHC"), BOOK, Contract.HPHC, 6.0, date(2026, 11, 24))
    assert clock(plan)("HP", moment(2026, 11, 24, 23)) == "HP"  # whatever the clock says
    assert clock(find_plan(tariff(), BOOK, Contract.HPHC, 6.0, date(2026, 11, 24)))(None, NOW) is None


def test_a_week_end_offer_on_a_meter_of_peak_and_off_peak_hours() -> None:
    """Saturday the 28th is week-end at any hour, Tuesday follows the address."""
    plan = planned("Week-end", Contract.HPHC)
    offer = plan.prices(OWN)(Contract.OTHER, date(2026, 11, 24))
    assert offer is not None
    paid = clock(plan)
    named = {
        when: offer.called[paid(register, when) or ""]
        for when, register in ((moment(2026, 11, 28, 12), "HP"), (moment(2026, 11, 28, 3), "HC"))
    }
    assert set(named.values()) == {"week-end"}
    assert offer.called[paid("HP", moment(2026, 11, 24, 12)) or ""] == "HP semaine"
    assert offer.called[paid("HC", moment(2026, 11, 24, 23)) or ""] == "HC semaine"


def test_a_tempo_price_needs_the_colour_of_the_day() -> None:
    plan = find_plan(tariff(option="TEMPO"), BOOK, Contract.BASE, 9.0, date(2026, 11, 24))
    noon, night = moment(2026, 11, 24, 12), moment(2026, 11, 24, 3)
    known = {date(2026, 11, 24): Colour.RED, date(2026, 11, 23): Colour.BLUE}
    assert clock(plan, known)("BASE", noon) == "HPJR"
    assert clock(plan, known)("BASE", night) == "HCJB"  # the day of before lasts until 06:00
    assert clock(plan)("BASE", noon) is None


def test_the_offer_of_the_day_counts() -> None:
    """From the 25th on the option is set: before, what the meter counts is paid."""
    settings = tariff(contracts=(TariffContract(first=date(2026, 11, 25), option="HPHC"),))
    plan = find_plan(settings, BOOK, Contract.BASE, 6.0, date(2026, 11, 24))
    assert clock(plan)("BASE", moment(2026, 11, 24, 23)) == "BASE"
    assert clock(plan)("BASE", moment(2026, 11, 25, 23)) == "HC"
