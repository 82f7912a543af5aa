"""The questions that screens and commands ask."""

import json
import os
import sqlite3
from datetime import date, datetime
from pathlib import Path

import pytest

from linkytui.civil.spans import By
from linkytui.errors import HistoryError
from linkytui.history import Backlog, GapSpan, HistoryReader, LapBook, RegisterValue, Sample
from linkytui.history.schema import FILE_NAME, open_for_writing
from linkytui.reading import Contract
from linkytui.tic import Colour
from tests.history.household import METER, PARIS, at, moment, record, steady

NOON = at("2026-06-01 12:00")


def test_before_there_is_a_file_nothing_has_happened(tmp_path: Path) -> None:
    check_empty(HistoryReader(tmp_path / "nowhere"))


def test_in_a_new_file_nothing_has_happened(tmp_path: Path) -> None:
    open_for_writing(tmp_path / FILE_NAME).close()
    check_empty(HistoryReader(tmp_path))


def test_in_an_empty_file_nothing_has_happened(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).touch()
    check_empty(HistoryReader(tmp_path))


def check_empty(reader: HistoryReader) -> None:
    start, end = moment("2026-06-01 00:00"), moment("2026-06-03 00:00")
    assert reader.recorded() is None
    assert reader.meters() == []
    days = reader.spans(By.DAY, start, end)
    assert [(day.wh, day.power, day.covered_s) for day in days] == [({}, None, 0)] * 2
    assert reader.today(start).total_wh == 0
    assert reader.months() == []
    assert list(reader.hours(start, end)) == []
    assert list(reader.minutes(NOON, NOON + 3600)) == []
    assert reader.base_load(start.date(), end.date()) is None
    assert reader.curve(NOON, NOON + 3600, 10) == []
    assert reader.gaps(NOON, NOON + 3600) == []
    assert reader.registers_at(NOON) == {}
    assert reader.measure(NOON, NOON + 10).wh == {}
    assert reader.laps() == []
    assert reader.colours(start.date(), end.date()) == {}
    assert reader.samples() == []
    assert list(reader.samples_between(NOON, NOON + 10)) == []
    assert reader.cursor("influxdb") is None
    assert reader.backlog("influxdb") == Backlog(0, None)
    assert reader.counters(start.date(), end.date()) == {}


def test_a_damaged_file_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"\x00garbage" * 1000)
    with pytest.raises(HistoryError, match="Cannot read the history") as raised:
        HistoryReader(tmp_path).recorded()
    assert "\n" not in str(raised.value)


def test_a_page_torn_later_is_said_in_one_line(tmp_path: Path) -> None:
    record(tmp_path, steady(NOON, NOON + 7200))
    path = tmp_path / FILE_NAME
    data = bytearray(path.read_bytes())
    data[3 * 4096 :] = b"\xff" * (len(data) - 3 * 4096)
    path.write_bytes(data)
    reader = HistoryReader(tmp_path)
    with pytest.raises(HistoryError, match="Cannot read the history"):
        reader.today(moment("2026-06-01 12:00"))


def test_a_span_is_printed_as_the_contract_says(tmp_path: Path) -> None:
    samples = list(steady(at("2026-11-23 00:00"), at("2026-11-24 00:00:10"), step=60.0))
    samples[700] = samples[700]._replace(power=5210)
    samples[20] = samples[20]._replace(power=90)
    record(tmp_path, iter(samples))
    (day,) = HistoryReader(tmp_path).spans(By.DAY, moment("2026-11-23 12:00"), moment("2026-11-23 13:00"))
    assert json.loads(json.dumps(day.as_dict())) == {
        "start": "2026-11-23T00:00:00+01:00",
        "end": "2026-11-24T00:00:00+01:00",
        "wh": {"BASE": 28_780},
        "power_va": {"mean": 1202, "min": 90, "max": 5210, "max_at": "2026-11-23T11:40:00+01:00"},
        "estimated_wh": 0,
        "covered_s": 86340,
    }
    assert day.total_wh == 28_780


def test_spans_without_a_record_keep_their_place(tmp_path: Path) -> None:
    record(tmp_path, steady(at("2026-06-02 00:00"), at("2026-06-03 00:00:10"), step=30))
    days = HistoryReader(tmp_path).spans(By.DAY, moment("2026-06-01 00:00"), moment("2026-06-05 00:00"))
    assert [day.total_wh for day in days] == [0, 28800 - 10, 0, 0]
    assert [day.covered_s for day in days] == [0, 86370, 0, 0]
    assert [day.power is None for day in days] == [True, False, True, True]


def test_today_begins_at_midnight_in_france(tmp_path: Path) -> None:
    record(tmp_path, steady(at("2026-05-31 20:00"), at("2026-06-01 12:00:10")))
    today = HistoryReader(tmp_path).today(datetime.fromisoformat("2026-06-01T08:00:00+00:00"))
    assert today.start == moment("2026-06-01 00:00")
    assert today.wh == {"BASE": 12 * 1200}
    assert today.power is not None
    assert today.power.max_at == moment("2026-06-01 00:00")


def test_months_are_those_of_which_there_is_a_record(tmp_path: Path) -> None:
    record(tmp_path, steady(at("2026-01-31 23:00"), at("2026-02-01 00:30")))
    record(tmp_path, steady(at("2026-04-10 12:00"), at("2026-04-10 13:00"), meter="051234567891"))
    record(tmp_path, steady(at("2026-04-10 14:00"), at("2026-04-10 15:00"), meter="051234567891", base=5_002_000))
    assert HistoryReader(tmp_path).months() == [(2026, 1), (2026, 2), (2026, 4)]


def test_meters_tell_contract_and_limit(tmp_path: Path) -> None:
    record(tmp_path, steady(NOON, NOON + 60))
    (meter,) = HistoryReader(tmp_path).meters()
    assert meter[1:] == (METER, Contract.BASE, 6.0, NOON, NOON + 50)


def test_a_curve_has_a_point_for_each_column(tmp_path: Path) -> None:
    samples = [
        sample._replace(power=500 + 100 * (number // 360)) for number, sample in enumerate(steady(NOON, NOON + 7200))
    ]
    record(tmp_path, iter(samples))
    reader = HistoryReader(tmp_path)
    assert [(point.at, point.mean) for point in reader.curve(NOON, NOON + 7200, 2)] == [(NOON, 500), (NOON + 3600, 600)]
    assert [(point.at, point.low, point.high) for point in reader.curve(NOON + 3300, NOON + 3900, 2)] == [
        (NOON + 3300, 500, 500),
        (NOON + 3600, 600, 600),
    ]
    fine = reader.curve(NOON + 3590, NOON + 3610, 2)
    assert [(point.at, point.mean) for point in fine] == [(NOON + 3590, 500), (NOON + 3600, 600)]
    assert {point.register for point in fine} == {"BASE"}
    assert reader.curve(NOON + 10_000, NOON + 20_000, 5) == []
    assert reader.curve(NOON, NOON, 5) == []


def test_a_curve_is_coloured_by_the_register_that_counted_longest(tmp_path: Path) -> None:
    samples = [
        sample._replace(period="HC" if number % 6 < 2 else "HP")
        for number, sample in enumerate(steady(NOON, NOON + 3600))
    ]
    record(tmp_path, iter(samples))
    points = HistoryReader(tmp_path).curve(NOON, NOON + 3600, 60)
    assert len(points) == 60
    assert {point.register for point in points} == {"HP"}


def test_a_curve_of_hours_remains_when_minutes_are_gone(tmp_path: Path) -> None:
    record(tmp_path, steady(NOON, NOON + 7200))
    with sqlite3.connect(tmp_path / FILE_NAME) as connection:
        connection.execute("DELETE FROM minutes")
    connection.close()
    assert [point.mean for point in HistoryReader(tmp_path).curve(NOON, NOON + 7200, 4)] == [1200, 1200]


def test_gaps_lie_between_records(tmp_path: Path) -> None:
    record(tmp_path, steady(NOON, NOON + 3610))
    record(tmp_path, steady(NOON + 7200, NOON + 10_810, since=NOON))
    reader = HistoryReader(tmp_path)
    gap = GapSpan(NOON + 3600, NOON + 7200)
    assert reader.gaps(NOON - 9999, NOON + 99_999) == [gap]
    assert reader.gaps(NOON + 5000, NOON + 6000) == [GapSpan(NOON + 5000, NOON + 6000)]
    assert reader.gaps(NOON + 5000, NOON + 8000) == [GapSpan(NOON + 5000, NOON + 7200)]
    assert reader.gaps(NOON, NOON + 3000) == []
    assert reader.gaps(NOON + 20_000, NOON + 30_000) == []


def test_a_silence_of_two_minutes_is_no_gap(tmp_path: Path) -> None:
    record(tmp_path, steady(NOON, NOON + 610))
    record(tmp_path, steady(NOON + 720, NOON + 3610, since=NOON))
    reader = HistoryReader(tmp_path)
    assert reader.gaps(NOON, NOON + 3600) == []
    (hour,) = reader.spans(By.HOUR, moment("2026-06-01 12:00"), moment("2026-06-01 13:00"))
    assert (hour.total_wh, hour.estimated_wh, hour.covered_s) == (1200, 0, 3600)


def test_registers_are_exact_among_the_frames_and_interpolated_elsewhere(tmp_path: Path) -> None:
    record(tmp_path, steady(NOON, NOON + 3610))
    record(tmp_path, steady(NOON + 7200, NOON + 14_410, since=NOON))
    reader = HistoryReader(tmp_path)
    assert reader.registers_at(NOON - 1) == {}
    assert reader.registers_at(NOON + 305) == {"BASE": RegisterValue(5_000_100, True)}
    assert reader.registers_at(NOON + 5400) == {"BASE": RegisterValue(5_001_800, False)}
    assert reader.registers_at(NOON + 14_400) == {"BASE": RegisterValue(5_004_800, True)}
    assert reader.registers_at(NOON + 99_999) == {"BASE": RegisterValue(5_004_800, False)}
    with sqlite3.connect(tmp_path / FILE_NAME) as connection:
        connection.execute("DELETE FROM samples")
    connection.close()
    assert reader.registers_at(NOON + 305) == {"BASE": RegisterValue(5_000_101, False)}
    assert reader.registers_at(NOON + 3599) == {"BASE": RegisterValue(5_001_199, False)}
    with sqlite3.connect(tmp_path / FILE_NAME) as connection:
        connection.execute("DELETE FROM minutes")
    connection.close()
    assert reader.registers_at(NOON + 9000) == {"BASE": RegisterValue(5_003_000, False)}


def test_a_stretch_is_measured_from_its_registers(tmp_path: Path) -> None:
    samples = list(steady(NOON, NOON + 3610))
    samples[100] = samples[100]._replace(power=3000)
    record(tmp_path, iter(samples))
    reader = HistoryReader(tmp_path)
    figures = reader.measure(NOON + 600, NOON + 1800)
    assert figures.wh == {"BASE": 400}
    assert figures.total_wh == 400
    assert figures.exact
    assert (figures.mean, figures.peak, figures.peak_at) == (1215, 3000, NOON + 1000)
    assert not reader.measure(NOON + 600, NOON + 9999).exact
    assert reader.measure(NOON - 500, NOON - 100).wh == {}
    with sqlite3.connect(tmp_path / FILE_NAME) as connection:
        connection.execute("DELETE FROM samples")
    connection.close()
    later = reader.measure(NOON + 600, NOON + 1790)
    assert (later.wh, later.exact, later.peak) == ({"BASE": 396}, False, 3000)
    assert later.peak_at == NOON + 960


def test_laps_are_kept_with_their_names(tmp_path: Path) -> None:
    record(tmp_path, steady(NOON, NOON + 3610))
    reader, laps = HistoryReader(tmp_path), LapBook(tmp_path)
    oven = laps.add("oven", reader.measure(NOON + 600, NOON + 1800))
    kettle = laps.add("kettle", reader.measure(NOON + 2000, NOON + 2120))
    assert [(lap.id, lap.name, lap.figures.wh) for lap in reader.laps()] == [
        (kettle, "kettle", {"BASE": 40}),
        (oven, "oven", {"BASE": 400}),
    ]
    assert reader.laps()[1].figures == reader.measure(NOON + 600, NOON + 1800)
    laps.rename(oven, "four")
    laps.remove(kettle)
    assert [lap.name for lap in reader.laps()] == ["four"]


def test_a_lap_where_nothing_can_be_written_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    figures = HistoryReader(tmp_path).measure(NOON, NOON + 1)
    with pytest.raises(HistoryError, match="Cannot write the history"):
        LapBook(tmp_path / "file").add("oven", figures)


def test_minutes_tell_power_and_energy_by_register(tmp_path: Path) -> None:
    record(tmp_path, steady(NOON, NOON + 130))
    rows = list(HistoryReader(tmp_path).minutes(NOON, NOON + 120))
    assert [tuple(row) for row in rows] == [
        (NOON, "BASE", 6, 1200, 1200, 1200, 20),
        (NOON + 60, "BASE", 6, 1200, 1200, 1200, 20),
    ]


def test_the_power_of_frames_without_a_period_is_kept_too(tmp_path: Path) -> None:
    record(tmp_path, (sample._replace(period=None) for sample in steady(NOON, NOON + 3600)))
    reader = HistoryReader(tmp_path)
    (hour,) = reader.spans(By.HOUR, moment("2026-06-01 12:00"), moment("2026-06-01 13:00"))
    assert hour.power is not None
    assert hour.power.mean == 1200
    assert list(hour.wh) == ["BASE"]
    assert [point.register for point in reader.curve(NOON, NOON + 3600, 1)] == [None]


def test_the_base_load_is_what_the_nights_never_fall_below(tmp_path: Path) -> None:
    def nights() -> list[Sample]:
        samples = []
        for sample in steady(at("2026-06-01 00:00"), at("2026-06-04 00:00"), step=20):
            hour = datetime.fromtimestamp(sample.at, PARIS).hour
            fridge = 80 if int(sample.at) // 1200 % 3 == 0 else 0
            glitch = -200 if int(sample.at) % 86_400 == 7200 else 0
            samples.append(sample._replace(power=(230 if 1 <= hour < 5 else 900) + fridge + glitch))
        return samples

    record(tmp_path, iter(nights()))
    reader = HistoryReader(tmp_path)
    assert reader.base_load(date(2026, 6, 1), date(2026, 6, 3)) == 230
    assert reader.base_load(date(2026, 6, 10), date(2026, 6, 12)) is None


def test_hours_for_the_bill_come_in_order_with_their_estimates(tmp_path: Path) -> None:
    record(tmp_path, steady(NOON, NOON + 3610))
    record(tmp_path, steady(NOON + 7200, NOON + 10_810, since=NOON))
    hours = list(HistoryReader(tmp_path).hours(moment("2026-06-01 12:00"), moment("2026-06-01 15:00")))
    assert [(hour.start, hour.wh, hour.estimated_wh, hour.injected_wh) for hour in hours] == [
        (NOON, {"BASE": 1200}, 0, 0),
        (NOON + 3600, {"BASE": 1200}, 1200, 0),
        (NOON + 7200, {"BASE": 1200}, 0, 0),
    ]


def test_the_hour_that_runs_counts_as_far_as_it_has_come(tmp_path: Path) -> None:
    record(tmp_path, steady(NOON, NOON + 1210))
    reader = HistoryReader(tmp_path)
    assert [hour.wh for hour in reader.hours(moment("2026-06-01 00:00"), moment("2026-06-01 12:20"))] == [{"BASE": 400}]
    assert not list(reader.hours(moment("2026-06-01 00:00"), moment("2026-06-01 12:00")))


def test_the_colour_of_a_tempo_day_is_what_was_said_most(tmp_path: Path) -> None:
    def tempo() -> list[Sample]:
        samples = []
        for number, sample in enumerate(steady(at("2026-11-23 05:00"), at("2026-11-24 07:00"), step=60)):
            civil = datetime.fromtimestamp(sample.at, PARIS)
            today = Colour.RED if civil >= moment("2026-11-24 06:00") else Colour.WHITE
            if civil < moment("2026-11-23 06:00"):
                today = Colour.BLUE
            if number % 100 == 50:
                today = Colour.BLUE
            evening = moment("2026-11-23 20:00") <= civil < moment("2026-11-24 06:00")
            samples.append(sample._replace(today=today, tomorrow=Colour.RED if evening else None))
        return samples

    record(tmp_path, iter(tempo()))
    assert HistoryReader(tmp_path).colours(date(2026, 11, 20), date(2026, 12, 1)) == {
        date(2026, 11, 22): Colour.BLUE,
        date(2026, 11, 23): Colour.WHITE,
        date(2026, 11, 24): Colour.RED,
    }


def test_a_colour_that_was_only_announced_is_known_too(tmp_path: Path) -> None:
    evening = steady(at("2026-11-23 21:00"), at("2026-11-23 22:00"), step=60)
    record(tmp_path, (sample._replace(today=Colour.WHITE, tomorrow=Colour.RED) for sample in evening))
    colours = HistoryReader(tmp_path).colours(date(2026, 11, 23), date(2026, 11, 25))
    assert colours == {date(2026, 11, 23): Colour.WHITE, date(2026, 11, 24): Colour.RED}


def test_samples_come_back_with_all_registers(tmp_path: Path) -> None:
    record(tmp_path, steady(NOON, NOON + 7200))
    reader = HistoryReader(tmp_path)
    some = list(reader.samples_between(NOON + 3500, NOON + 3700))
    assert [sample.at for sample in some] == [NOON + 3500 + 10 * n for n in range(20)]
    assert [sample.registers["BASE"] for sample in some] == [5_000_000 + (3500 + 10 * n) // 3 for n in range(20)]
    assert all(sample.period == "BASE" and sample.meter == METER for sample in some)
    pages, after = [], 0
    while page := reader.samples(after, limit=100):
        pages += page
        after = page[-1].id
    assert [sample.registers["BASE"] for sample in pages] == [5_000_000 + 10 * n // 3 for n in range(720)]


def test_a_reader_may_lack_the_right_to_write(tmp_path: Path) -> None:
    """The folder of a service: readable for all, writable for none of them."""
    record(tmp_path, steady(NOON, NOON + 3610))
    tmp_path.chmod(0o555)
    (tmp_path / FILE_NAME).chmod(0o444)
    try:
        assert HistoryReader(tmp_path).today(moment("2026-06-01 12:00")).total_wh == 1200
    finally:
        tmp_path.chmod(0o755)


def test_a_file_that_may_not_be_read_is_said_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / FILE_NAME
    path.symlink_to(path)  # as with a closed folder, not even root learns what is there
    with pytest.raises(HistoryError, match=r"Cannot read the history .*: Too many levels of symbolic links"):
        HistoryReader(tmp_path).recorded()
    path.unlink()
    record(tmp_path, steady(NOON, NOON + 3610))
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)
    with pytest.raises(HistoryError, match=r"Cannot read the history .*: Permission denied"):
        HistoryReader(tmp_path).recorded()


def test_a_year_by_months_days_and_hours_adds_up(tmp_path: Path) -> None:
    record(tmp_path, steady(at("2026-01-01 00:00"), at("2027-01-01 00:15"), step=900.0))
    reader = HistoryReader(tmp_path)
    start, end = moment("2026-01-01 00:00"), moment("2027-01-01 00:00")
    for by, count in ((By.YEAR, 1), (By.MONTH, 12), (By.DAY, 365), (By.HOUR, 8760)):
        spans = reader.spans(by, start, end)
        assert len(spans) == count
        assert sum(span.total_wh for span in spans) == 365 * 24 * 1200
