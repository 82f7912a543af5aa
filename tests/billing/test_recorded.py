"""Bills from a real history file."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from linkytui.billing.account import Account
from linkytui.billing.energy import Energy
from linkytui.billing.recorded import connection_of, read_record
from linkytui.civil.days import midnight
from linkytui.civil.off_peak import OffPeak
from linkytui.errors import HistoryError
from linkytui.history import HistoryReader, Importer, Sample, Told
from linkytui.outputs.callbacks.influxdb.month_prices import MonthPrices
from linkytui.reading import Contract, Meter
from linkytui.settings.model import HistorySettings, MeterSettings, Settings, TariffSettings
from linkytui.simulator.meter import SimulatedMeter
from linkytui.tic import Colour, FrameReader, Mode
from tests.billing.households import HOUR, PARIS, moment
from tests.billing.recordings import keep, night_and_day, samples, steady

D = Decimal


def energies(folder: Path, start: float, end: float) -> list[Energy]:
    """What is recorded between two moments."""
    return list(read_record(HistoryReader(folder), ((start, end),), PARIS).energies)


def account(folder: Path, **tariff: object) -> Account:
    """An account on the history in a folder, with the regulated tariff alone."""
    settings = Settings(
        history=HistorySettings(folder=str(folder)),
        tariff=TariffSettings(**tariff),  # type: ignore[arg-type]
    )
    return Account.open(settings, folder / "prices.jsonl")


def test_no_history_is_an_empty_record(tmp_path: Path) -> None:
    assert energies(tmp_path, 0, 2e9) == []
    found = account(tmp_path)
    plan = found.plan(moment(2025, 11, 20))
    assert plan.subscribed_kva is None
    assert found.month(plan, date(2025, 11, 1), now=moment(2025, 11, 20)).bill.start is None


def test_hours_are_known_from_the_first_to_the_last_moment(tmp_path: Path) -> None:
    start, end = moment(2025, 11, 12, 8) + 1200, moment(2025, 11, 12, 11) + 600
    keep(tmp_path, samples(start, end, Contract.BASE, steady, before={"BASE": 5_000_000}), end)
    assert [(each.start, each.end, each.wh["BASE"], each.known) for each in energies(tmp_path, 0, 2e9)] == [
        (start, start + 2400, 400, 2400),
        (start + 2400, start + 6000, 600, 3600),
        (start + 6000, start + 9600, 600, 3600),
        (start + 9600, end, 100, 600),
    ]


def test_the_hour_that_runs_is_on_the_bill(tmp_path: Path) -> None:
    """What a meter read for half an hour has counted is known at once, not at the full hour."""
    start, now = moment(2025, 11, 12, 8) + 600, moment(2025, 11, 12, 8) + 2400
    keep(tmp_path, samples(start, now, Contract.BASE, steady, before={"BASE": 0}), now)
    found = account(tmp_path)
    bill = found.month(found.plan(now), date(2025, 11, 1), now=now).bill
    assert (bill.start, bill.until, dict(bill.wh)) == (start, now, {"BASE": 300})
    assert MonthPrices(lambda: found).costs(now)[0].current_cost > 0


def test_a_gap_is_estimated_and_known(tmp_path: Path) -> None:
    """600 W from 08:00 on, nothing seen from 10:00 to 15:30; the 3300 Wh of the gap lie in it."""
    start, end = moment(2025, 11, 12, 8), moment(2025, 11, 12, 18)
    rows = list(samples(start, end, Contract.BASE, steady, before={"BASE": 0}))
    off, on = moment(2025, 11, 12, 10), moment(2025, 11, 12, 15) + 1800
    keep(tmp_path, (row for row in rows if row.at <= off or row.at >= on), end)
    found = energies(tmp_path, 0, 2e9)
    assert sum(each.drawn for each in found) == 6000
    assert [each.estimated for each in found] == [{}, {}, *[{"BASE": 600}] * 5, {"BASE": 300}, {}, {}]
    assert [each.covered for each in found] == [3600, 3600, 0, 0, 0, 0, 0, 1800, 3600, 3600]
    assert [each.known for each in found] == [3600.0] * 10


def test_a_gap_in_which_nothing_was_drawn_is_known_too(tmp_path: Path) -> None:
    start = moment(2025, 11, 12, 8)
    rows = [
        Sample(at=start + hour * HOUR, power=0, period="BASE", registers={"BASE": 7000}, contract=Contract.BASE)
        for hour in (0, 1, 9, 10)
    ]
    keep(tmp_path, rows, start + 10 * HOUR)
    assert sum(each.known for each in energies(tmp_path, 0, 2e9)) == 10 * HOUR


def test_energy_given_to_the_grid_is_a_register_of_its_own(tmp_path: Path) -> None:
    start = moment(2025, 11, 12, 8)
    rows = [
        Sample(
            at=start + number * 600,
            power=0,
            period="BASE",
            registers={"BASE": 7000, "INJECTED": 100 * number},
            contract=Contract.BASE,
        )
        for number in range(7)
    ]
    keep(tmp_path, rows, start + HOUR)
    (energy,) = energies(tmp_path, 0, 2e9)
    assert energy.wh == {"BASE": 0, "INJECTED": 600}
    plan_account = account(tmp_path, injection_price=D("0.04"))
    plan = plan_account.plan(start + HOUR, subscribed_kva=6.0)
    assert plan_account.month(plan, date(2025, 11, 1), now=start + HOUR).bill.income == D("0.02")


def test_hours_that_somebody_else_counted_count(tmp_path: Path) -> None:
    now = moment(2025, 11, 13)
    first = moment(2025, 11, 1)
    with Importer(tmp_path, now=now) as importer:
        importer.import_told(
            [Told(first + hour * HOUR, first + (hour + 1) * HOUR, {"BASE": 500}) for hour in range(240)], "csv"
        )
    keep(tmp_path, samples(moment(2025, 11, 11), now, Contract.BASE, steady, before={"BASE": 0}), now)
    found = account(tmp_path)
    cost = found.month(found.plan(now), date(2025, 11, 1), now=now)
    assert cost.bill.complete
    assert cost.bill.wh == {"BASE": 240 * 500 + 48 * 600}


def test_minutes_split_an_hour_of_the_record(tmp_path: Path) -> None:
    start, end = moment(2025, 11, 12, 22), moment(2025, 11, 12, 23)

    def late(when: datetime) -> tuple[str, int]:
        return "BASE", 1200 if when.minute >= 30 else 0

    keep(tmp_path, samples(start, end, Contract.BASE, late, before={"BASE": 0}, step=60), end)
    record = read_record(HistoryReader(tmp_path), ((start, end),), PARIS, off_peak=OffPeak.of(("22:30-06:30",)))
    assert sum(minute.wh for minute in record.minutes(start, start + 1800)) == 0
    assert sum(minute.wh for minute in record.minutes(start + 1800, end)) == 600


def test_the_colours_of_tempo_are_read(tmp_path: Path) -> None:
    start, end = moment(2026, 1, 5, 5), moment(2026, 1, 5, 9)

    def colour(when: datetime) -> Colour:
        return Colour.RED if when.hour >= 6 else Colour.WHITE

    def watts(when: datetime) -> tuple[str, int]:
        return ("HPJR" if when.hour >= 6 else "HCJW"), 600

    names = dict.fromkeys(("HCJB", "HPJB", "HCJW", "HPJW", "HCJR", "HPJR"), 1000)
    keep(tmp_path, samples(start, end, Contract.TEMPO, watts, before=names, colour=colour), end)
    record = read_record(HistoryReader(tmp_path), ((start, end),), PARIS)
    assert record.colours == {date(2026, 1, 4): Colour.WHITE, date(2026, 1, 5): Colour.RED}


def test_contract_and_power_come_from_the_meter_and_the_settings_fill_in(tmp_path: Path) -> None:
    start = moment(2025, 11, 12, 8)
    rows = samples(start, start + HOUR, Contract.HPHC, night_and_day, before={"HC": 0, "HP": 0}, kva=9.0)
    keep(tmp_path, rows, start + HOUR)
    assert connection_of(HistoryReader(tmp_path)) == (Contract.HPHC, 9.0)
    found = account(tmp_path)
    assert found.plan(start).power_kva == 9
    assert found.plan(start, contract=Contract.BASE, subscribed_kva=12.0).power_kva == 12
    told = Account(Settings(meter=MeterSettings(power_kva=15.0)), found.reader, found.book)
    assert told.plan(start).power_kva == 15


def test_a_month_that_the_meter_tells_is_billed_to_the_cent(tmp_path: Path) -> None:
    """November 2025, 6 kVA: 8 h × 900 W and 16 h × 300 W a day.

    HC 216 kWh × 0.1635 = 35.316 → 35.32; HP 144 kWh × 0.2081 = 29.9664 → 29.97; 15.74: 81.03 EUR.
    """
    start, end = midnight(date(2025, 11, 1), PARIS), midnight(date(2025, 12, 1), PARIS)
    rows = samples(start, end, Contract.HPHC, night_and_day, before={"HC": 1_000_000, "HP": 2_000_000})
    keep(tmp_path, rows, end)
    found = account(tmp_path)
    cost = found.month(found.plan(end), date(2025, 11, 1), now=end + HOUR)
    assert cost.bill.energy == {"HC": D("35.32"), "HP": D("29.97")}
    assert cost.bill.total == D("81.03")
    assert cost.bill.complete


def test_a_standard_mode_meter_is_billed_like_any_other(tmp_path: Path) -> None:
    """Three days of frames of a simulated meter in standard mode, read as the program reads them, at 6 kVA.

    The bill is what its own registers EASF01 (off-peak) and EASF02 (peak) rose by, at 0.1635 and 0.2081.
    """
    start, end = midnight(date(2025, 11, 3), PARIS), midnight(date(2025, 11, 6), PARIS)
    simulated = SimulatedMeter(Contract.HPHC, Mode.STANDARD, start=start)
    meter, reader = Meter(), FrameReader()
    counted: list[dict[str, int]] = []

    def heard() -> list[Sample]:
        rows = []
        for number in range(3 * 24 * 6 + 1):
            at = start + number * 600
            for frame in reader.feed(simulated.frame(at)):
                meter.observe(frame, at)
                latest = meter.latest
                assert latest is not None
                raw = {group.label: int(group.data) for group in frame.groups if group.label.startswith("EASF")}
                counted.append(raw)
                rows.append(
                    Sample(
                        at=at,
                        period=latest.period,
                        registers=dict(latest.registers),
                        meter=latest.meter_id,
                        contract=latest.contract,
                        limit_kva=latest.subscribed,
                    )
                )
        return rows

    keep(tmp_path, heard(), end)
    found = account(tmp_path)
    bill = found.month(found.plan(end), date(2025, 11, 1), now=end).bill
    low, high = (counted[-1][name] - counted[0][name] for name in ("EASF01", "EASF02"))
    assert low > 0
    assert high > 0
    assert bill.wh == {"HC": low, "HP": high}
    cents = D("0.01")
    assert bill.energy == {
        "HC": (low * D("0.1635") / 1000).quantize(cents),
        "HP": (high * D("0.2081") / 1000).quantize(cents),
    }


def test_a_day_and_a_comparison_come_from_the_same_account(tmp_path: Path) -> None:
    start, now = moment(2025, 11, 1), moment(2025, 11, 20, 12)
    keep(tmp_path, samples(start, now, Contract.BASE, steady, before={"BASE": 0}), now)
    found = account(tmp_path)
    plan = found.plan(now)
    day = date(2025, 11, 20)
    assert found.days(plan, day, day + timedelta(days=1), now=now).wh == {"BASE": 7200}
    comparison = found.comparison(plan, now=now)
    assert comparison.mine is not None
    assert comparison.mine.bill == found.month(plan, day, now=now).bill
    assert found.month_comparison(plan, now=now).mine is not None


def test_the_month_knows_the_hour_that_runs_as_the_day_does(tmp_path: Path) -> None:
    """The first of a month, 00:40: 600 W for 40 minutes, and a day of subscription."""
    start, now = moment(2025, 11, 1), moment(2025, 11, 1, 0, 40)
    keep(tmp_path, samples(start, now, Contract.BASE, steady, before={"BASE": 0}), now)
    found = account(tmp_path)
    plan = found.plan(now)
    day = date(2025, 11, 1)
    bill = found.month(plan, day, now=now).bill
    assert bill.wh == found.days(plan, day, day + timedelta(days=1), now=now).wh == {"BASE": 400}
    assert bill.until == now


def test_the_dashboard_of_linkypy_gets_the_month(tmp_path: Path) -> None:
    """20 days and 12 h of 14.4 kWh a day: 280.8 kWh (19.5 days); CURRENT has the whole subscription, as in linkypy."""
    start, now = moment(2025, 11, 1), moment(2025, 11, 20, 12)
    keep(tmp_path, samples(start, now, Contract.BASE, steady, before={"BASE": 0}), now)
    opened = []

    def open_account() -> Account:
        opened.append(1)
        return account(tmp_path)

    feed = MonthPrices(open_account)
    (cost,) = feed.costs(now)
    assert (cost.provider, cost.offer_name, cost.offer_type, cost.power) == ("EDF", "bleu", "BASE", 6)
    assert (cost.subscription_price, cost.hp_kwh_price, cost.hc_kwh_price) == (15.47, 0.1952, 0.1952)
    # 280.8 × 0.1952 = 54.81216, and 15.47; 432 kWh × 0.1952 = 84.3264 at the end.
    assert cost.current_cost == 70.28
    assert cost.estimated_cost == pytest.approx(99.8, abs=0.02)
    assert feed.costs(now + 60) == (cost,)
    assert len(opened) == 1
    feed.costs(now + 301)
    assert len(opened) == 2


def test_a_damaged_history_is_one_error(tmp_path: Path) -> None:
    (tmp_path / "history.db").write_bytes(b"not a database" * 500)
    with pytest.raises(HistoryError):
        account(tmp_path).plan(datetime(2025, 11, 1, tzinfo=UTC).timestamp())
