"""Measurements, fields, types and tags, as linkypy made them."""

import locale
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkytui.link import Link, LinkState
from linkytui.outputs.callbacks.influxdb.points import (
    LabelPoints,
    OfferCost,
    StatePoints,
    date_tags,
    hchc_hchp,
    link_point,
    linky_point,
    price_point,
)
from linkytui.reading import REGISTERS, Contract
from linkytui.reading.model import Reading
from linkytui.tic import Group, Mode
from linkytui.tic.status import Colour
from tests.outputs.callbacks.frames import METER_ID, START, framed, historic

PARIS = ZoneInfo("Europe/Paris")
NEW_YEAR = 1_767_222_000.0
"""2026-01-01 00:00:00 in Paris, still 2025 in UTC."""


@pytest.mark.parametrize(
    ("registers", "expected"),
    [
        ({"HC": 5, "HP": 7}, (5, 7)),
        ({"HP": 7}, (None, 7)),
        ({"BASE": 9}, (0, 9)),
        ({"HCJB": 1, "HPJB": 2, "HCJW": 10, "HPJW": 20, "HCJR": 100, "HPJR": 200}, (111, 222)),
        ({"HCJB": 1, "HPJB": 2}, (None, None)),
        ({"HN": 3, "PM": 4}, (3, 4)),
        ({"EASF01": 1, "EASF02": 10, "EASF04": 100}, (1, 110)),
        ({"EASF02": 10}, (0, 10)),
        ({}, (None, None)),
    ],
)
def test_every_contract_becomes_two_fields(registers: dict[str, int], expected: tuple[int | None, int | None]) -> None:
    assert hchc_hchp(registers) == expected


@given(st.sampled_from(list(Contract)), st.data())
def test_the_total_is_kept_whatever_the_contract(contract: Contract, data: st.DataObject) -> None:
    registers = {name: data.draw(st.integers(0, 999_999_999)) for name in REGISTERS[contract]}
    hchc, hchp = hchc_hchp(registers)
    assert (hchc or 0) + (hchp or 0) == sum(registers.values())


def test_a_point_of_linky_holds_whole_numbers_and_three_tags() -> None:
    point = linky_point(START + 0.9, 460, {"HC": 5_602_128, "HP": 7_923_975}, PARIS)
    assert point == {
        "measurement": "linky",
        "tags": {"month_number": "11", "year_number": "2025", "month_name": "November"},
        "time": int(START),
        "fields": {"PAPP": 460, "HCHC": 5_602_128, "HCHP": 7_923_975},
    }
    assert all(type(value) is int for value in point["fields"].values())


def test_months_begin_in_paris_and_have_english_names() -> None:
    assert date_tags(NEW_YEAR, PARIS) == {"month_number": "1", "year_number": "2026", "month_name": "January"}
    assert date_tags(NEW_YEAR - 1, PARIS)["year_number"] == "2025"
    before = locale.setlocale(locale.LC_TIME)
    try:
        for name in ("fr_FR.UTF-8", "C"):
            try:
                locale.setlocale(locale.LC_TIME, name)
            except locale.Error:
                continue
            assert date_tags(NEW_YEAR, PARIS)["month_name"] == "January"
    finally:
        locale.setlocale(locale.LC_TIME, before)


def test_prices_are_floating_numbers_with_all_tags() -> None:
    cost = OfferCost(
        provider="EDF",
        offer_name="bleu",
        offer_type="HPHC",
        power=9,
        subscription_price=20,
        hp_kwh_price=0.2065,
        hc_kwh_price=0.1579,
        current_cost=45,
        estimated_cost=98.4567,
    )
    point = price_point(cost, START, PARIS)
    assert point["fields"] == {"CURRENT_COST": 45.0, "ESTIMATED_COST": 98.46}
    assert all(type(value) is float for value in point["fields"].values())
    assert point["tags"] == {
        "provider": "EDF",
        "offer_name": "bleu",
        "offer_type": "HPHC",
        "power": "9",
        "subscription_price": "20.0",
        "hp_kwh_price": "0.2065",
        "hc_kwh_price": "0.1579",
        "month_number": "11",
        "year_number": "2025",
        "month_name": "November",
    }


def test_a_label_is_written_when_it_changes_and_each_minute() -> None:
    labels = LabelPoints()
    first = labels.point(historic(power=460), START)
    assert first is not None
    assert first["measurement"] == "linky_tic"
    assert first["fields"]["PAPP"] == 460
    assert first["fields"]["ADCO"] == METER_ID
    assert first["fields"]["PTEC"] == "HP.."
    assert labels.point(historic(power=460), START + 1.5) is None
    changed = labels.point(historic(power=470), START + 3)
    assert changed is not None
    assert changed["fields"] == {"PAPP": 470}
    again = labels.point(historic(power=470), START + 61)
    assert again is not None
    assert again["fields"].keys() == first["fields"].keys()


def test_a_label_never_changes_its_type() -> None:
    frame = framed(
        [
            Group("ADSC", METER_ID),
            Group("DATE", "", "H251124060001"),
            Group("SMAXSN", "02740", "H251124050000"),
            Group("STGE", "00000001"),
            Group("RELAIS", "000"),
        ],
        Mode.STANDARD,
    )
    point = LabelPoints().point(frame, START)
    assert point is not None
    assert point["tags"] == {"mode": "standard"}
    assert point["fields"] == {
        "ADSC": METER_ID,
        "DATE": "H251124060001",
        "SMAXSN": 2740,
        "STGE": "00000001",
        "RELAIS": "000",
    }


def test_the_lines_counters_are_numbers_and_its_state_a_word() -> None:
    link = Link(state=LinkState.LIVE, frames=12, accepted=130, rejected={"checksum": 2}, bytes_read=2040)
    assert link_point(link, START)["fields"] == {
        "state": "live",
        "frames": 12,
        "accepted": 130,
        "bytes": 2040,
        "rejected_checksum": 2,
        "rejected_format": 0,
        "rejected_structure": 0,
    }


def test_the_state_is_written_on_a_change_and_each_minute_and_remembers() -> None:
    points = StatePoints()
    first = Reading(
        at=START,
        mode=Mode.STANDARD,
        meter_id=METER_ID,
        contract=Contract.TEMPO,
        period="HPJW",
        power=460,
        subscribed=9.0,
        today=Colour.WHITE,
    )
    point = points.point(first, {"HCJB": 7, "HPJW": 9})
    assert point is not None
    assert point["fields"] == {
        **{"meter": METER_ID, "contract": "TEMPO", "period": "HPJW", "today": "white", "tomorrow": "unknown"},
        **{"power": 460, "subscribed": 9000, "wh_hcjb": 7, "wh_hpjw": 9},
    }
    assert point["tags"] == {}
    short = Reading(at=START + 2, mode=Mode.STANDARD, power=500)
    assert points.point(short, {}) is None, "a short frame changes nothing"
    announced = Reading(at=START + 4, mode=Mode.STANDARD, today=Colour.WHITE, tomorrow=Colour.RED)
    changed = points.point(announced, {})
    assert changed is not None
    assert (changed["fields"]["tomorrow"], changed["fields"]["power"]) == ("red", 500)
    assert points.point(Reading(at=START + 63, mode=Mode.STANDARD), {}) is None
    assert points.point(Reading(at=START + 64, mode=Mode.STANDARD), {}) is not None
    assert StatePoints().point(Reading(at=START, mode=Mode.STANDARD, power=1), {}) is None, "nothing is known yet"
