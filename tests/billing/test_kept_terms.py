"""A change of the settings that nobody gave a day begins when it is made; it never reprices the past."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkytui.billing.account import Account
from linkytui.billing.kept_terms import KeptTerms, course_of_settings, note_terms, read_terms, with_today
from linkytui.billing.remarks import cost_remarks
from linkytui.collector.duties import Duties
from linkytui.reading import Contract
from linkytui.settings.model import HistorySettings, MeterSettings, Settings, TariffContract
from tests.billing.households import PARIS, moment, tariff
from tests.billing.recordings import keep, samples, steady

D = Decimal
NOVEMBER = date(2026, 11, 10)
NOW = moment(2026, 11, 24, 18)


def by_hand(base: str, subscription: str = "12.00") -> dict[str, Decimal]:
    """Prices of one register."""
    return {"BASE": D(base), "subscription": D(subscription)}


def settings(folder: Path = Path(), power: float | None = None, **said: object) -> Settings:
    """Settings of the tariff, and of a history."""
    return Settings(
        history=HistorySettings(folder=str(folder)), meter=MeterSettings(power_kva=power), tariff=tariff(**said)
    )


def noted(*changes: tuple[date, Settings]) -> tuple[KeptTerms, ...]:
    """What is noted of settings that changed on these days."""
    kept: tuple[KeptTerms, ...] = ()
    for day, said in changes:
        kept = with_today(kept, said, day)
    return kept


def test_a_change_begins_on_its_day() -> None:
    kept = noted((date(2026, 3, 1), settings(provider="A", offer="a")), (NOVEMBER, settings(provider="B", offer="b")))
    assert [(each.first, each.provider) for each in kept] == [(None, "A"), (NOVEMBER, "B")]
    course = course_of_settings(kept, settings(provider="B", offer="b"))
    assert [(each.first, each.tariff.provider) for each in course] == [(date.min, "A"), (NOVEMBER, "B")]


@pytest.mark.parametrize(
    "completed",
    [
        {"provider": "A", "offer": "a"},
        {"provider": "A", "offer": "a", "option": "HPHC"},
        {"provider": "A", "prices": {"BASE": D("0.2")}},
    ],
)
def test_what_completes_the_settings_holds_for_the_past_too(completed: dict[str, Any]) -> None:
    kept = noted(
        (date(2026, 3, 1), settings()), (date(2026, 3, 2), settings(provider="A")), (NOVEMBER, settings(**completed))
    )
    assert [each.first for each in kept] == [None]
    assert kept[0].provider == "A"


def test_a_day_of_trying_leaves_nothing_behind() -> None:
    mine, other = settings(provider="A", offer="a"), settings(provider="B", offer="b")
    start = (date(2026, 3, 1), mine)
    assert noted(start, (NOVEMBER, other), (NOVEMBER, mine)) == noted(start)
    third = settings(provider="C", offer="c")
    assert [each.provider for each in noted(start, (NOVEMBER, other), (NOVEMBER, third))] == ["A", "C"]


def test_tables_with_days_say_it_all() -> None:
    dated = settings(provider="B", contracts=(TariffContract(first=date(2026, 6, 1), offer="b"),))
    kept = noted((date(2026, 3, 1), settings(provider="A")), (NOVEMBER, settings(provider="B")))
    assert with_today(kept, dated, date(2026, 12, 1)) == kept
    assert [each.first for each in course_of_settings(kept, dated)] == [date.min, date(2026, 6, 1)]


def test_what_another_person_noted_of_the_same_meter_is_not_mine() -> None:
    kept = noted((date(2026, 3, 1), settings(provider="A")), (NOVEMBER, settings(provider="B")))
    assert [each.tariff.provider for each in course_of_settings(kept, settings(provider="C"))] == ["C"]


_some = st.builds(
    settings,
    provider=st.sampled_from([None, "A", "B"]),
    offer=st.sampled_from([None, "a", "b"]),
    option=st.sampled_from([None, "BASE", "HPHC"]),
    power=st.sampled_from([None, 6.0, 9.0]),
    prices=st.sampled_from([{}, by_hand("0.2"), by_hand("0.3")]),
)


@given(st.lists(st.tuples(st.integers(0, 40), _some), max_size=12))
def test_whatever_is_changed_the_last_word_holds_and_days_rise(changes: list[tuple[int, Settings]]) -> None:
    changes = sorted(changes, key=lambda change: change[0])
    days = [(date.fromordinal(NOVEMBER.toordinal() + after), said) for after, said in changes]
    kept = noted(*days)
    firsts = [each.first for each in kept]
    assert firsts[:1] in ([], [None])
    later = [first for first in firsts[1:] if first is not None]
    assert len(later) == len(firsts[1:])
    assert later == sorted(set(later))
    for day, said in days[-1:]:
        assert with_today(kept, said, day) == kept
        last = course_of_settings(kept, said)[-1]
        assert (last.tariff.provider, last.tariff.offer, last.tariff.option, last.tariff.prices) == (
            said.tariff.provider,
            said.tariff.offer,
            said.tariff.option,
            said.tariff.prices,
        )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """600 W from October on."""
    keep(tmp_path, samples(moment(2026, 10, 1), NOW, Contract.BASE, steady, before={"BASE": 0}), NOW)
    return tmp_path


def test_october_stays_and_november_is_split_by_hand(folder: Path) -> None:
    """October: 31 × 24 h and the hour more of the 25th, 745 × 0.6 = 447.0 kWh × 0.20 = 89.40, with 12.00: 101.40 EUR.

    November: 9 days × 14.4 = 129.6 × 0.20 = 25.92 and 9/30 × 12.00 = 3.60; then from the 10th on to the 24th, 18:00:
    14 × 14.4 + 10.8 = 212.4 × 0.30 = 63.72 and 15/30 × 15.00 = 7.50. In all 100.74 EUR.
    """
    before, after = settings(folder, prices=by_hand("0.20")), settings(folder, prices=by_hand("0.30", "15.00"))
    note_terms(folder, before, date(2026, 10, 1))
    note_terms(folder, after, NOVEMBER)
    mine = Account.open(after, folder / "none.jsonl")
    plan = mine.plan(NOW)
    assert mine.month(plan, date(2026, 10, 1), now=NOW).bill.total == D("101.40")
    month = mine.month(plan, date(2026, 11, 1), now=NOW)
    assert [line.amount for line in month.bill.lines] == [D("25.92"), D("63.72")]
    assert [line.amount for line in month.bill.subscription_lines] == [D("3.60"), D("7.50")]
    assert month.bill.total == D("100.74")
    (remark,) = [text for text in cost_remarks(month, mine.book, PARIS, now=NOW) if "[[tariff.contracts]]" in text]
    assert "10 November 2026" in remark


def test_a_power_that_the_meter_does_not_say_is_kept_too(tmp_path: Path) -> None:
    """A meter that tells no power: 6 kVA in October, 9 kVA from 10 November on."""
    rows = samples(moment(2026, 10, 1), NOW, Contract.BASE, steady, before={"BASE": 0})
    keep(tmp_path, (row._replace(limit_kva=None) for row in rows), NOW)
    note_terms(tmp_path, settings(tmp_path, power=6.0), date(2026, 10, 1))
    nine = settings(tmp_path, power=9.0)
    note_terms(tmp_path, nine, NOVEMBER)
    plan = Account.open(nine, tmp_path / "none.jsonl").plan(NOW)
    assert [plan.on(day).power_kva for day in (date(2026, 10, 5), date(2026, 11, 9), NOVEMBER)] == [6, 6, 9]


def test_whoever_reads_the_meter_notes_what_is_set(tmp_path: Path) -> None:
    duties = Duties(settings(tmp_path, provider="A", offer="a"))
    assert [each.offer for each in read_terms(tmp_path)] == ["a"]
    duties._note(settings(tmp_path, provider="A", offer="a", option="HPHC"))
    assert [each.option for each in read_terms(tmp_path)] == ["HPHC"]


def test_a_file_that_cannot_be_read_is_as_none(tmp_path: Path) -> None:
    (tmp_path / "tariff.json").write_text("[{", encoding="utf-8")
    assert read_terms(tmp_path) == ()
