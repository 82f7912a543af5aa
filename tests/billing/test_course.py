"""A contract that changes: bills worked out by hand, to the cent, and what is said of days that nobody knows."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkytui.billing.account import Account
from linkytui.billing.course import runs_of
from linkytui.billing.month import MonthCost, month_cost
from linkytui.billing.plan import find_plan
from linkytui.billing.record import Record
from linkytui.billing.remarks import cost_remarks, plan_remarks
from linkytui.civil.off_peak import OffPeak
from linkytui.history import HistoryReader, Importer, Sample
from linkytui.history.results import DayContract
from linkytui.reading import Contract
from linkytui.settings.model import HistorySettings, MeterSettings, Prices, Settings, TariffContract, TariffSettings
from linkytui.tariffs.book import PriceBook
from linkytui.tariffs.offers import Offer, PriceKind, PriceSource
from tests.billing.households import BOOK, PARIS, base, days, moment, off_peak
from tests.billing.recordings import METER, STEP

D = Decimal
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


def since(day: str, **what: object) -> TariffContract:
    prices = what.pop("prices", {})
    assert isinstance(prices, dict)
    return TariffContract(first=date.fromisoformat(day), prices=Prices(**prices), **what)  # type: ignore[arg-type]


def march(
    *contracts: TariffContract,
    book: PriceBook = BOOK,
    flow: object = None,
    contract: Contract = Contract.BASE,
    first: date = MARCH,
    end: date = APRIL,
    today: date = APRIL,
    **tariff: object,
) -> MonthCost:
    """What a month costs, looked at on some later day."""
    settings = TariffSettings(contracts=contracts, **tariff)  # type: ignore[arg-type]
    plan = find_plan(settings, book, contract, 6.0, today)
    record = Record(zone=PARIS, energies=days(first, end, flow or base(400)))  # type: ignore[arg-type]
    return month_cost(record, plan, book, first, now=moment(today.year, today.month, today.day))


def told(cost: MonthCost) -> tuple[list[tuple[str, int, str, str]], list[tuple[int, str, str]]]:
    """Lines of energy and of the subscription: register, Wh, price and amount; days, price and amount."""
    energy = [(line.register, line.wh, str(line.price), str(line.amount)) for line in cost.bill.lines]
    return energy, [(line.days, str(line.price), str(line.amount)) for line in cost.bill.subscription_lines]


POWER_CHANGE = (
    [("BASE", 144_000, "0.1940", "27.94"), ("BASE", 153_200, "0.1927", "29.52")],
    [(15, "15.65", "7.57"), (16, "19.56", "10.10")],
)
"""March 2026 at 400 Wh an hour, 6 kVA up to the 15th, 9 kVA from the 16th; the clock goes forward on the 29th.

15 × 24 × 0.4 = 144 kWh × 0.1940 = 27.936; (16 × 24 - 1) × 0.4 = 153.2 kWh × 0.1927 = 29.52164;
15.65 × 15/31 = 7.57258; 19.56 × 16/31 = 10.09548. Total 75.13 EUR.
"""


def test_a_power_change_inside_a_month_splits_it() -> None:
    cost = march(since("2026-03-16", power_kva=9.0))
    assert told(cost) == POWER_CHANGE
    assert cost.bill.total == D("75.13")
    assert cost.whole_subscription == D("17.67")


def grid(provider: str, name: str, option: Contract, subscription: str, **prices: str) -> Offer:
    """An offer at 6 kVA since the beginning of 2026."""
    return Offer(
        provider=provider,
        offer=name,
        option=option,
        power_kva=6,
        subscription=D(subscription),
        prices={register: D(price) for register, price in prices.items()},
        valid_from=date(2026, 1, 1),
        source=PriceSource(kind=PriceKind.GRID, file="grid.pdf"),
    )


def test_an_offer_change_inside_a_month_splits_it() -> None:
    """March 2026, off-peak 700 Wh, peak 300 Wh an hour; EDF up to the 10th, Mint from the 11th.

    10 days: HC 56 kWh × 0.1579 = 8.8424, HP 48 kWh × 0.2065 = 9.912; 15.65 × 10/31 = 5.04839.
    21 days, of which one has an hour of the night less: HC (21 × 8 - 1) × 0.7 = 116.9 kWh × 0.15 = 17.535,
    HP 100.8 kWh × 0.19 = 19.152; 12.50 × 21/31 = 8.46774. Total 8.84 + 9.91 + 17.54 + 19.15 + 5.05 + 8.47 = 68.96 EUR.
    """
    book = PriceBook([grid("Mint", "Online & Green", Contract.HPHC, "12.50", HC="0.15", HP="0.19")])
    cost = march(
        since("2026-03-11", provider="Mint", offer="Online & Green"),
        book=book,
        flow=off_peak(700, 300),
        contract=Contract.HPHC,
        provider="EDF",
    )
    assert told(cost) == (
        [
            ("HC", 56_000, "0.1579", "8.84"),
            ("HP", 48_000, "0.2065", "9.91"),
            ("HC", 116_900, "0.15", "17.54"),
            ("HP", 100_800, "0.19", "19.15"),
        ],
        [(10, "15.65", "5.05"), (21, "12.50", "8.47")],
    )
    assert cost.bill.total == D("68.96")


def test_prices_by_hand_that_begin_in_november_leave_march_alone() -> None:
    """March 2026: 297.2 kWh × 0.1940 = 57.6568, and 15.65; November: 288 kWh × 0.1234 = 35.5392, and 10."""
    mine = since("2026-11-01", prices={"BASE": D("0.1234"), "subscription": D("10")})
    december = date(2026, 12, 1)
    spring = march(mine, today=december)
    assert told(spring) == ([("BASE", 297_200, "0.1940", "57.66")], [(31, "15.65", "15.65")])
    assert spring.holds.assumed
    autumn = march(mine, first=date(2026, 11, 1), end=december, today=december)
    assert told(autumn) == ([("BASE", 288_000, "0.1234", "35.54")], [(30, "10", "10.00")])
    assert not autumn.holds.assumed


def test_prices_by_hand_of_an_option_that_is_over_hold_in_their_time() -> None:
    """The meter counts HP and HC now; in March it counted BASE, at prices that the person knows."""
    before = {"BASE": D("0.2"), "subscription": D("11")}
    cost = march(
        since("2026-03-01", prices=before),
        since("2026-06-01", provider="EDF"),
        contract=Contract.HPHC,
        today=date(2026, 9, 1),
    )
    assert told(cost) == ([("BASE", 297_200, "0.2", "59.44")], [(31, "11", "11.00")])


def test_an_option_that_was_set_from_a_day_on_holds_from_that_day() -> None:
    """Off-peak from 23:00 to 07:00, counted on one register up to the 15th; the person has HP/HC from the 16th on."""
    settings = TariffSettings(contracts=(since("2026-03-16", option="HPHC"),), off_peak=("23:00-07:00",))
    plan = find_plan(settings, BOOK, Contract.BASE, 6.0, APRIL)
    record = Record(zone=PARIS, energies=days(MARCH, APRIL, base(400)), off_peak=OffPeak.of(settings.off_peak))
    cost = month_cost(record, plan, BOOK, MARCH, now=moment(2026, 4, 1))
    assert dict(cost.bill.wh) == {"BASE": 144_000, "HC": 50_800, "HP": 102_400}
    assert [line.offer.option for line in cost.bill.subscription_lines] == [Contract.BASE, Contract.HPHC]


def test_another_supplier_ends_what_was_set_by_hand() -> None:
    settings = TariffSettings(
        provider="X",
        prices=Prices(BASE=D("0.3"), subscription=D("20")),
        contracts=(
            since("2026-03-01", power_kva=9.0),
            since("2026-05-01", provider="EDF"),
            since("2026-07-01", power_kva=12.0),
        ),
    )
    prices = find_plan(settings, BOOK, Contract.BASE, 6.0, date(2026, 9, 1)).prices(BOOK)

    def on(month: int) -> tuple[str, str, int]:
        offer = prices(Contract.BASE, date(2026, month, 15))
        assert offer is not None
        return offer.provider, str(offer.prices["BASE"]), offer.power_kva

    assert [on(month) for month in (2, 3, 5, 7)] == [
        ("X", "0.3", 6),
        ("X", "0.3", 9),
        ("EDF", "0.1927", 9),
        ("EDF", "0.1927", 12),
    ]


@given(st.lists(st.tuples(st.integers(0, 400), st.sampled_from([3, 6, 9, 12])), max_size=6), st.integers(-10, 420))
def test_on_each_day_holds_what_began_last(changes: list[tuple[int, int]], today: int) -> None:
    start = date(2025, 9, 1)
    contracts = tuple(TariffContract(first=start + timedelta(number), power_kva=float(kva)) for number, kva in changes)
    plan = find_plan(TariffSettings(contracts=contracts), BOOK, Contract.BASE, 15.0, start + timedelta(today))
    for number in range(-5, 405, 7):
        day = start + timedelta(number)
        began = [(first, kva) for first, kva in changes if first <= number]
        last = max((first for first, _ in began), default=None)
        wanted = [kva for first, kva in began if first == last][-1:] or [15]
        assert plan.on(day).power_kva == wanted[0]
    assert plan == plan.on(start + timedelta(today)) or plan.power_kva == plan.on(start + timedelta(today)).power_kva


def metered(first: datetime, end: datetime, kva: float, wh: int) -> Iterator[Sample]:
    """A meter that says its subscribed power, at 2400 W."""
    at = first.timestamp()
    while at <= end.timestamp():
        registers = {"BASE": wh + round((at - first.timestamp()) * 2400 / 3600)}
        yield Sample(
            at=at,
            power=2400,
            period="BASE",
            registers=registers,
            meter=METER,
            contract=Contract.BASE,
            limit_kva=kva,
            subscribed_kva=kva,
            calendar="BASE",
        )
        at += STEP


def test_the_power_that_the_meter_said_is_billed_on_its_days(tmp_path: Path) -> None:
    """The same March as by the settings, read from a meter at 2400 W, and looked at when it says 12 kVA."""

    def clock(*when: int) -> datetime:
        return datetime(*when, tzinfo=PARIS)  # type: ignore[misc,arg-type]

    half = 15 * 24 * 2400
    rows = [
        *metered(clock(2026, 3, 1), clock(2026, 3, 15, 23, 50), 6.0, 0),
        *metered(clock(2026, 3, 16), clock(2026, 4, 1), 9.0, half),
    ]
    with Importer(tmp_path, now=moment(2026, 4, 2), gap_seconds=2 * STEP) as importer:
        importer.import_samples(rows)
    settings = Settings(history=HistorySettings(folder=str(tmp_path)), meter=MeterSettings(power_kva=15))
    account = Account.open(settings, tmp_path / "prices.jsonl")
    now = moment(2026, 4, 20)
    plan = account.plan(now, subscribed_kva=12.0)
    assert [
        plan.on(date(2026, month, day)).power_kva for month, day in ((2, 1), (3, 15), (3, 16), (4, 19), (4, 20))
    ] == [*(6, 6, 9, 9, 12)]
    cost = account.month(plan, MARCH, now=now)
    assert told(cost)[1] == POWER_CHANGE[1]
    assert [wh for _register, wh, *_ in told(cost)[0]] == [864_000, 919_200]
    assert account.plan(now).power_kva == 9


def test_what_is_said_less_than_three_times_a_day_is_noise(tmp_path: Path) -> None:
    noon = datetime(2026, 3, 3, 12, tzinfo=PARIS)
    rows = list(metered(noon, noon + timedelta(hours=4), 6.0, 1000))
    rows[5], rows[9] = (rows[5]._replace(subscribed_kva=46.0), rows[9]._replace(calendar="HC.."))
    rows[-1] = rows[-1]._replace(subscribed_kva=9.0)
    for order in (rows[:12], rows[12:]):
        with Importer(tmp_path, now=moment(2026, 4, 2), gap_seconds=2 * STEP) as importer:
            importer.import_samples(order)
    assert HistoryReader(tmp_path).contracts() == [DayContract(date(2026, 3, 3), Contract.BASE, "BASE", 6.0)]


def day_contracts(*said: tuple[int, float]) -> list[DayContract]:
    return [DayContract(date(2026, 3, day), Contract.BASE, "BASE", kva) for day, kva in said]


@pytest.mark.parametrize(
    ("said", "text"),
    [
        (
            day_contracts((1, 6), (2, 6), (10, 9), (31, 9)),
            "The contract changed from Base, 6 kVA to Base, 9 kVA between 3 March 2026 and 10 March 2026",
        ),
        (day_contracts((10, 9), (31, 9)), "The subscribed power before 10 March 2026 is not known: 9 kVA is assumed"),
        (day_contracts((1, 6), (2, 6), (10, 6), (11, 9), (31, 9)), None),
    ],
)
def test_a_gap_in_what_is_known_is_said(said: list[DayContract], text: str | None) -> None:
    plan = find_plan(TariffSettings(provider="EDF"), BOOK, Contract.BASE, 9.0, APRIL, runs_of(said))
    record = Record(zone=PARIS, energies=days(MARCH, APRIL, base(400)))
    cost = month_cost(record, plan, BOOK, MARCH, now=moment(2026, 4, 1))
    remarks = cost_remarks(cost, BOOK, PARIS, now=moment(2026, 4, 1))
    assert [remark for remark in remarks if "kVA" in remark] == ([] if text is None else [remarks[0]])
    assert text is None or remarks[0].startswith(text)


def test_days_without_a_contract_are_assumed_and_it_is_said() -> None:
    cost = march(since("2026-03-11", provider="EDF", offer="Tarif Bleu"))
    remarks = cost_remarks(cost, BOOK, PARIS, now=moment(2026, 4, 1))
    assert "No contract is set for the first days: the regulated tariff is assumed for them." in remarks


@pytest.mark.parametrize(
    "name", ["GEG", "uem", "Régie d'électricité de X", "SICAE de l'Oise", "Électricité de Strasbourg"]
)
def test_who_has_a_local_supplier_is_told_whose_subscription_is_taken(name: str) -> None:
    today = date(2026, 3, 1)
    plan = find_plan(TariffSettings(provider=name), BOOK, Contract.BASE, 6.0, today)
    offer = plan.prices(BOOK)(Contract.BASE, today)
    assert offer is not None
    assert (offer.subscription, plan.assumed, plan.local) == (D("15.65"), False, name)
    text = "sells the regulated tariff in its own area: EDF's subscription is assumed, which may differ by some cents."
    assert list(plan_remarks(plan, BOOK, today, over=True)) == [f"{name} {text}"]
    mine = PriceBook([grid(name, "Tarif Bleu", Contract.BASE, "15.70", BASE="0.1952")])
    known = find_plan(TariffSettings(provider=name), mine, Contract.BASE, 6.0, today)
    assert (known.local, known.key.provider) == (None, name)


def test_a_national_supplier_without_a_grid_has_no_price() -> None:
    plan = find_plan(TariffSettings(provider="Ohm Énergie"), BOOK, Contract.BASE, 6.0, MARCH)
    assert plan.prices(BOOK)(Contract.BASE, MARCH) is None
