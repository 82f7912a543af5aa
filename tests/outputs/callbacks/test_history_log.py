"""The real history feeds InfluxDB, over kills, gaps and files that begin anew."""

from itertools import pairwise
from pathlib import Path

import pytest

from linkytui.history import HistoryReader, HistoryWriter, Sample
from linkytui.outputs.callbacks.history_log import HistoryLog
from linkytui.reading import Contract, Reading
from tests.outputs.callbacks.fake_influxdb import FakeInfluxDB
from tests.outputs.callbacks.frames import START
from tests.outputs.callbacks.test_influxdb_delivery import linky_lines
from tests.outputs.callbacks.week import NOTHING, Clock, callback, readings, work_off


def writer_of(folder: Path) -> HistoryWriter:
    """A writer that takes times as they are and flushes when told."""
    return HistoryWriter(folder, flush_seconds=3600, monotonic=None)


def hear(writer: HistoryWriter, reading: Reading) -> None:
    writer.hear(
        Sample(
            at=reading.at,
            power=reading.power,
            period="HP",
            registers=reading.registers,
            meter=reading.meter_id,
            contract=Contract.HPHC,
            limit_kva=9,
        )
    )


def fields_of(reading: Reading) -> str:
    registers = reading.registers
    return f"HCHC={registers['HC']}i,HCHP={registers['HP']}i,PAPP={reading.power}i"


def test_an_empty_history_has_nothing_to_send(tmp_path: Path) -> None:
    writer = writer_of(tmp_path)
    log = HistoryLog(HistoryReader(tmp_path), writer)
    assert log.cursor("influxdb") is None
    assert log.after(0, 10) == []
    assert log.before(START) == log.end() == 0
    assert log.waiting(0) == (0, None)
    writer.close()


def test_samples_come_in_order_with_all_their_registers(tmp_path: Path) -> None:
    writer = writer_of(tmp_path)
    said = list(readings(START, 600, 2))
    for reading in said:
        hear(writer, reading)
    writer.flush()
    log = HistoryLog(HistoryReader(tmp_path), writer)
    first = log.after(0, 100)
    rest = log.after(first[-1].cursor, 1000)
    samples = [*first, *rest]
    assert [(sample.at, sample.power, dict(sample.registers)) for sample in samples] == [
        (reading.at, reading.power, dict(reading.registers)) for reading in said
    ]
    assert all(earlier.cursor < later.cursor for earlier, later in pairwise(samples))
    assert log.end() == samples[-1].cursor
    assert log.before(START + 300) == samples[149].cursor
    assert log.waiting(samples[149].cursor) == (150, START + 300)
    log.advance("influxdb", samples[10].cursor)
    writer.flush()
    assert HistoryLog(HistoryReader(tmp_path), writer).cursor("influxdb") == samples[10].cursor
    writer.close()


def test_two_days_of_a_real_history_reach_influxdb_once_and_in_order(tmp_path: Path) -> None:
    said = list(readings(START, 2 * 86_400, 60))
    clock = Clock(START)
    with FakeInfluxDB() as fake:
        writer = writer_of(tmp_path)
        running = callback(fake, "linky", HistoryLog(HistoryReader(tmp_path), writer), clock)
        for count, reading in enumerate(said):
            clock.now = reading.at
            hear(writer, reading)
            running.reading(reading, NOTHING)
            if count == 720:
                fake.mood = "500"
            elif count == 1800:
                fake.mood = "good"
            elif count == 1440:
                # The collector stops and starts.
                writer.close()
                writer = writer_of(tmp_path)
                running = callback(fake, "linky", HistoryLog(HistoryReader(tmp_path), writer), clock)
            if count % 30 == 0:
                writer.flush()
                running.idle()
        writer.flush()
        work_off(running, clock)
        # Each point as the history has it, as the live value had it: the same line.
        assert sorted(set(linky_lines(fake))) == [(int(reading.at), fields_of(reading)) for reading in said]
        assert running.delivery.waiting == 0
        running.close()
        writer.close()


def test_a_history_that_begins_anew_is_sent_from_its_beginning(tmp_path: Path) -> None:
    clock = Clock(START)
    with FakeInfluxDB() as fake:
        writer = writer_of(tmp_path)
        running = callback(fake, "linky", HistoryLog(HistoryReader(tmp_path), writer), clock)
        for reading in readings(START, 6000, 60):
            hear(writer, reading)
        clock.now = START + 6000
        writer.flush()
        work_off(running, clock)
        for file in tmp_path.glob("history.db*"):
            file.unlink()
        fake.lines.clear()
        for reading in readings(START + 6000, 600, 60):
            hear(writer, reading)
        clock.now = START + 6600
        writer.flush()
        work_off(running, clock)
        assert len(linky_lines(fake)) == 10
        running.close()
        writer.close()


def test_a_history_that_cannot_be_read_holds_no_live_value_back(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock(START)
    with FakeInfluxDB() as fake:
        writer = writer_of(tmp_path)
        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir()
        (elsewhere / "history.db").write_bytes(b"this is no database" * 1000)
        running = callback(fake, "linky", HistoryLog(HistoryReader(elsewhere), writer), clock)
        for reading in readings(START, 60, 10):
            clock.now = reading.at
            running.reading(reading, NOTHING)
            running.idle()
        assert len(linky_lines(fake)) == 6
        assert running.delivery.connected
        assert running.delivery.unreadable is not None
        assert len([record for record in caplog.records if "live values only" in record.message]) == 1
        running.close()
        writer.close()
