"""What InfluxDB refuses is counted, told, kept for seven days, and sent again; nothing else of its batch is lost."""

import logging
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from influxdb import InfluxDBClient

from linkytui.outputs.callbacks.influxdb.address import InfluxAddress
from linkytui.outputs.callbacks.influxdb.client import InfluxClient
from linkytui.outputs.callbacks.influxdb.points import OfferCost
from linkytui.outputs.callbacks.influxdb.refused import RefusedPoints
from linkytui.outputs.callbacks.influxdb.writing import write_all
from linkytui.outputs.callbacks.samples import MemoryLog
from tests.outputs.callbacks.fake_influxdb import FakeInfluxDB
from tests.outputs.callbacks.frames import START
from tests.outputs.callbacks.week import Clock, add, callback, readings
from tests.servers import InfluxServer

DAY = 86_400
WORDS = "field type conflict: PAPP is float"


def filled(start: float, seconds: float, step: float) -> MemoryLog:
    log = MemoryLog()
    for reading in readings(start, seconds, step):
        add(log, reading)
    return log


def seconds_of(lines: list[str]) -> set[int]:
    return {int(line.rpartition(" ")[2]) for line in lines if line.startswith("linky,")}


def test_a_field_of_another_type_is_told_kept_over_a_restart_and_taken_at_last(
    influxd: InfluxServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    # The server drops what is older than a week by its own clock.
    today = time.time() // DAY * DAY
    clock, log = Clock(today + 600), filled(today - 300, 600, 5)
    theirs = InfluxDBClient("127.0.0.1", influxd.port, database="refusing")
    theirs.create_database("refusing")
    theirs.create_retention_policy("linky_rp", "1w", "1", "refusing")
    point = {"measurement": "linky", "time": int(today + 1), "fields": {"PAPP": 1.5}}
    theirs.write_points([point], time_precision="s", retention_policy="linky_rp")
    file = tmp_path / "refused.db"
    with caplog.at_level(logging.INFO):
        running = callback(influxd.port, "refusing", log, clock, refused=file)
        running.idle()
        # The types are settled for each day: those of yesterday are taken.
        assert running.delivery.sent == 60
        assert running.delivery.refused_points == 60
        assert "is type integer, already exists as type float" in str(running.delivery.refused)
        assert running.delivery.error is None
        for _ in range(100):
            running.idle()
            clock.now += 60
        assert running.delivery.refused_points == 60
        assert len([record for record in caplog.records if "type float" in record.message]) == 1
        running.close()
        again = callback(influxd.port, "refusing", log, clock, refused=file)
        again.idle()
        assert again.delivery.refused_points == 60
        theirs.query("DROP MEASUREMENT linky", method="POST")
        for _ in range(4):
            clock.now += 60
            again.idle()
    assert again.delivery.refused is None
    assert again.delivery.refused_points == 0
    assert "InfluxDB took all that it had refused" in caplog.messages
    found = theirs.query("SELECT PAPP FROM linky_rp.linky", epoch="s").get_points()
    assert [point["time"] for point in found if point["time"] >= today] == [
        int(today) + second for second in range(0, 300, 5)
    ]
    again.close()
    theirs.close()


def test_a_number_that_no_server_can_read_costs_itself_only(influxd: InfluxServer, tmp_path: Path) -> None:
    now = time.time() // 60 * 60
    clock, log = Clock(now), MemoryLog()
    for count, reading in enumerate(readings(now - 2_000, 2_000, 1)):
        log.add(reading.at, 10**25 if count == 777 else reading.power or 0, reading.registers)
    running = callback(influxd.port, "unreadable", log, clock, refused=tmp_path / "refused.db")
    running.idle()
    assert (running.delivery.sent, running.delivery.refused_points) == (1_999, 1)
    client = InfluxDBClient("127.0.0.1", influxd.port, database="unreadable")
    found = client.query("SELECT count(PAPP) FROM linky_rp.linky").get_points()
    assert next(found)["count"] == 1_999
    client.close()
    running.close()


@given(st.sets(st.integers(0, 499), max_size=12))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whichever_points_are_refused_the_others_are_taken(bad: set[int]) -> None:
    with FakeInfluxDB() as fake:
        fake.refuses = lambda line: int(line.rpartition(" ")[2]) in bad
        client = InfluxClient(InfluxAddress(host="127.0.0.1", port=fake.port))
        points = [{"measurement": "linky", "tags": {}, "time": at, "fields": {"PAPP": at}} for at in range(500)]
        written = write_all(client, points)
        client.close()
    assert {point["time"] for point in written.refused} == bad
    assert {point["time"] for point in written.taken} == set(range(500)) - bad
    assert {int(line.rpartition(" ")[2]) for line in fake.lines} == set(range(500)) - bad


def test_many_refused_points_do_not_cost_a_request_each() -> None:
    with FakeInfluxDB() as fake:
        fake.refuses = lambda line: int(line.rpartition(" ")[2]) % 2 == 0
        client = InfluxClient(InfluxAddress(host="127.0.0.1", port=fake.port))
        points = [{"measurement": "linky", "tags": {}, "time": at, "fields": {"PAPP": at}} for at in range(2_000)]
        written = write_all(client, points)
        client.close()
    assert fake.requests <= 220
    assert {point["time"] for point in written.refused} >= set(range(0, 2_000, 2))
    assert {int(line.rpartition(" ")[2]) for line in fake.lines} == set(range(1, 2_000, 2))


def test_it_is_sent_again_by_itself_within_minutes_and_at_once_when_asked(tmp_path: Path) -> None:
    clock, log = Clock(START + 3600), filled(START, 3600, 60)
    with FakeInfluxDB() as fake:
        fake.refuses = lambda line: line.startswith("linky,")
        running = callback(fake.port, "linky", log, clock, refused=tmp_path / "refused.db")
        running.idle()
        assert running.delivery.refused_points == 60
        assert running.delivery.sent == 0
        assert running.delivery.refused == WORDS
        requests = fake.requests
        for _ in range(60):
            clock.now += 1
            running.idle()
        assert fake.requests - requests < 30
        fake.refuses = lambda _line: False
        running.send_again()
        running.idle()
        assert len(seconds_of(fake.lines)) == 60
        assert running.delivery.sent == 60
        assert running.delivery.refused_points == 0
        running.close()
    with FakeInfluxDB() as fake:
        fake.refuses = lambda line: line.startswith("linky,")
        running = callback(fake.port, "linky", log := filled(START, 3600, 60), clock, refused=tmp_path / "other.db")
        running.idle()
        fake.refuses = lambda _line: False
        for _ in range(100):
            clock.now += 2
            running.idle()
        assert len(seconds_of(fake.lines)) == 60
        running.close()


def test_what_is_refused_for_ever_does_not_hold_up_the_others(tmp_path: Path) -> None:
    clock, log = Clock(START + 3600), filled(START, 3600, 1)
    with FakeInfluxDB() as fake:
        fake.refuses = lambda line: line.startswith("linky,")
        running = callback(fake.port, "linky", log, clock, refused=tmp_path / "refused.db")
        while running.idle() == 0.0:
            pass
        assert running.delivery.refused_points == 3600
        # The first half stays refused.
        fake.refuses = lambda line: line.startswith("linky,") and int(line.rpartition(" ")[2]) < START + 1800
        for _ in range(12):
            clock.now += 181
            while running.idle() == 0.0:
                pass
        assert seconds_of(fake.lines) == {int(START) + second for second in range(1800, 3600)}
        assert running.delivery.refused_points == 1800
        running.close()


def test_it_is_kept_for_seven_days_and_then_counts_as_too_old(tmp_path: Path) -> None:
    clock, log = Clock(START + 60), filled(START, 60, 1)
    with FakeInfluxDB() as fake:
        fake.refuses = lambda line: line.startswith("linky,")
        running = callback(fake.port, "linky", log, clock, refused=tmp_path / "refused.db")
        running.idle()
        for _ in range(6):
            clock.now += DAY
            running.idle()
        assert running.delivery.refused_points == 60
        for _ in range(3):
            clock.now += DAY
            running.idle()
        assert (running.delivery.refused_points, running.delivery.too_old, running.delivery.refused) == (0, 60, None)
        running.close()


def test_dropping_the_backlog_drops_what_was_refused() -> None:
    clock, log = Clock(START + 60), filled(START, 60, 1)
    with FakeInfluxDB() as fake:
        fake.refuses = lambda line: line.startswith("linky,")
        running = callback(fake.port, "linky", log, clock)
        running.idle()
        running.drop_backlog()
        running.idle()
        assert (running.delivery.refused_points, running.delivery.refused) == (0, None)
        running.close()


def test_refused_prices_are_kept_too(tmp_path: Path) -> None:
    clock = Clock(START + 60)
    feed = Feed()
    with FakeInfluxDB() as fake:
        fake.refuses = lambda line: line.startswith("prices,")
        running = callback(fake.port, "linky", MemoryLog(), clock, prices=feed, refused=tmp_path / "refused.db")
        feed.known = (COST,)
        running.idle()
        assert running.delivery.refused_points == 1
        fake.refuses = lambda _line: False
        running.send_again()
        running.idle()
        assert any(line.startswith("prices,") for line in fake.lines)
        running.close()


def test_first_prices_are_there_within_five_seconds_of_being_known() -> None:
    clock, feed = Clock(START), Feed()
    with FakeInfluxDB() as fake:
        running = callback(fake.port, "linky", MemoryLog(), clock, prices=feed)
        for _ in range(7):
            running.idle()
            clock.now += 1
        feed.known = (COST,)
        for _ in range(5):
            running.idle()
            clock.now += 1
        assert [line for line in fake.lines if line.startswith("prices,")]
        assert "prices_mean" in "".join(fake.mean_statements[-2:])
        asked = feed.asked
        for _ in range(50):
            running.idle()
            clock.now += 1
        assert feed.asked <= asked + 1
        running.close()


@pytest.mark.parametrize("damage", [b"not a database at all" * 100, b""])
def test_a_damaged_file_is_begun_anew(damage: bytes, tmp_path: Path) -> None:
    file = tmp_path / "refused.db"
    file.write_bytes(damage)
    kept = RefusedPoints("here", file)
    kept.open()
    kept.add([{"measurement": "linky", "tags": {}, "time": 1, "fields": {"PAPP": 1}}], "no")
    kept.close()
    again = RefusedPoints("here", file)
    again.open()
    assert (again.count, again.words) == (1, "no")
    assert RefusedPoints("elsewhere", file).count == 0
    again.close()


def test_a_disk_that_cannot_be_written_leaves_memory(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    kept = RefusedPoints("here", tmp_path / "missing" / "refused.db")
    kept.add([{"measurement": "linky", "tags": {}, "time": 1, "fields": {"PAPP": 1}}], "no")
    assert kept.count == 1
    assert "in memory only" in caplog.text
    kept.close()


class Feed:
    """Prices that are not known yet."""

    def __init__(self) -> None:
        self.known: tuple[OfferCost, ...] = ()
        self.asked = 0

    def costs(self, at: float) -> tuple[OfferCost, ...]:  # noqa: ARG002 -- always the same
        self.asked += 1
        return self.known


COST = OfferCost(
    provider="EDF",
    offer_name="bleu",
    offer_type="HPHC",
    power=6,
    subscription_price=16.0,
    hp_kwh_price=0.2,
    hc_kwh_price=0.15,
    current_cost=10.0,
    estimated_cost=20.0,
)
