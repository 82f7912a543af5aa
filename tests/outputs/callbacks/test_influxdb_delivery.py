"""What InfluxDB could not take is sent later, in order, once."""

import base64
import re
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from influxdb import InfluxDBClient

from linkytui.link import Link, LinkState
from linkytui.outputs.callbacks.influxdb.address import InfluxAddress
from linkytui.outputs.callbacks.influxdb.callback import InfluxDBCallback
from linkytui.outputs.callbacks.influxdb.client import InfluxClient
from linkytui.outputs.callbacks.influxdb.trouble import Trouble
from linkytui.outputs.callbacks.samples import MemoryLog
from linkytui.reading import Contract
from tests.lines import PATIENCE
from tests.outputs.callbacks.fake_influxdb import HANGS, FakeInfluxDB
from tests.outputs.callbacks.frames import START, Household
from tests.outputs.callbacks.week import NOTHING, PARIS, Clock, add, callback, expected, readings, work_off
from tests.servers import InfluxServer

DAY = 86_400
STEP = 60
WEEK = 7 * DAY - 2 * 3600


def linky_lines(fake: FakeInfluxDB) -> list[tuple[int, str]]:
    """Second and fields of each line of `linky`, in the order in which they came."""
    lines = [line.split(" ") for line in fake.lines if line.startswith("linky,")]
    return [(int(second), fields) for _tags, fields, second in lines]


def taken(client: InfluxDBClient) -> list[tuple[int, int, int, int]]:
    """Every point of linky_rp.linky."""
    points = client.query("SELECT PAPP, HCHC, HCHP FROM linky_rp.linky", epoch="s").get_points()
    return [(point["time"], point["PAPP"], point["HCHC"], point["HCHP"]) for point in points]


def test_three_days_without_a_server_and_a_kill_lose_and_double_nothing(tmp_path: Path) -> None:
    server = InfluxServer(tmp_path)
    server.start()
    try:
        # The server drops what is older than a week by its own clock, so the week ends now.
        start = time.time() // 3600 * 3600 - WEEK
        clock, log = Clock(start), MemoryLog()
        client = InfluxDBClient("127.0.0.1", server.port, database="linky", timeout=PATIENCE)
        running = callback(server.port, "linky", log, clock)
        all_readings = list(readings(start, WEEK, STEP))
        for count, reading in enumerate(all_readings):
            day = count * STEP / DAY
            add(log, reading)
            running.reading(reading, NOTHING)
            clock.now = reading.at
            if day == 2:
                server.kill()
            elif day == 3.5:
                # Killed: neither closed nor asked.
                assert running.trouble is not None
                assert running.trouble.kind is Trouble.REFUSED
                assert running.delivery.oldest_at == pytest.approx(start + 2 * DAY, abs=3600)
                running = callback(server.port, "linky", log, clock)
            elif day == 5:
                server.start()
            if count % 15 == 0:
                running.idle()
        work_off(running, clock)
        assert taken(client) == [expected(reading) for reading in all_readings]
        assert running.delivery.waiting == 0
        assert running.delivery.refused is None
        hours = list(client.query("SELECT PAPP, HCHC, HCHP FROM linky_mean", epoch="s").get_points())
        assert len(hours) == WEEK // 3600
        for hour in hours:
            inside = [reading for reading in all_readings if hour["time"] <= reading.at < hour["time"] + 3600]
            assert hour["PAPP"] == pytest.approx(sum(reading.power or 0 for reading in inside) / len(inside))
            assert (hour["HCHC"], hour["HCHP"]) == expected(inside[-1])[2:]
        client.close()
        running.close()
    finally:
        server.stop()


@pytest.mark.parametrize(
    ("mood", "kind"),
    [
        ("500", Trouble.SERVER),
        ("hang", Trouble.TIMEOUT),
        ("401", Trouble.LOGIN),
        ("hang up", Trouble.UNREACHABLE),
        ("nonsense", Trouble.OTHER),
    ],
)
def test_a_server_in_a_bad_mood_gets_everything_later_in_order(mood: str, kind: Trouble) -> None:
    clock, log = Clock(START), MemoryLog()
    with FakeInfluxDB() as fake:
        running = callback(fake, "linky", log, clock)
        all_readings = list(readings(START, DAY, STEP))
        for count, reading in enumerate(all_readings):
            add(log, reading)
            clock.now = reading.at
            if count == 480:
                fake.mood = mood
            elif count == 960:
                assert running.trouble is not None
                assert running.trouble.kind is kind
                assert "\n" not in str(running.delivery.error)
                assert running.delivery.waiting >= 470
                fake.mood = "good"
            elif count == 720:
                running = callback(fake, "linky", log, clock)
            if count % 60 == 0:
                running.idle()
        work_off(running, clock)
        lines = linky_lines(fake)
        assert all(earlier < later for (earlier, _), (later, _) in pairwise(lines))
        assert [second for second, _ in lines] == [int(reading.at) for reading in all_readings]
        assert running.delivery.error is None
        running.close()


def test_the_live_value_does_not_wait_for_the_history() -> None:
    clock, log = Clock(START), MemoryLog()
    with FakeInfluxDB() as fake:
        running = callback(fake, "linky", log, clock)
        arrival = Household().arrival()
        running.reading(arrival.reading, arrival.frame)
        running.idle()
        assert linky_lines(fake) == [(int(arrival.reading.at), "HCHC=5602128i,HCHP=7923975i,PAPP=460i")]
        # The history flushes later: the same point at the same second, which the server keeps once.
        add(log, arrival.reading)
        running.idle()
        assert len(set(fake.lines)) == 1
        running.close()


def test_the_live_value_goes_before_a_long_backlog() -> None:
    clock, log = Clock(START + DAY), MemoryLog()
    for reading in readings(START, DAY, 10):
        add(log, reading)
    with FakeInfluxDB() as fake:
        running = callback(fake, "linky", log, clock)
        arrival = Household(START + DAY).arrival()
        running.reading(arrival.reading, arrival.frame)
        assert running.idle() == 0.0
        assert linky_lines(fake)[0][0] == int(arrival.reading.at)
        assert 0 < running.delivery.waiting < 8640
        running.close()


def test_without_a_history_the_last_hours_are_kept_in_memory() -> None:
    clock = Clock(START)
    with FakeInfluxDB() as fake:
        fake.mood = "500"
        running = callback(fake, "linky", None, clock)
        household = Household()
        for _ in range(700):
            arrival = household.arrival()
            running.reading(arrival.reading, arrival.frame)
            clock.now = arrival.reading.at
        running.idle()
        assert running.delivery.waiting == 700
        fake.mood = "good"
        work_off(running, clock)
        assert len({second for second, _ in linky_lines(fake)}) == 700
        running.close()


def test_what_waited_for_more_than_seven_days_is_left_out_and_counted() -> None:
    clock, log = Clock(START + 8 * DAY), MemoryLog()
    log.advance("influxdb", 0)
    for reading in readings(START, 8 * DAY, 3600):
        add(log, reading)
    with FakeInfluxDB() as fake:
        running = callback(fake, "linky", log, clock)
        running.idle()
        assert min(second for second, _ in linky_lines(fake)) > START + DAY
        assert running.delivery.too_old == 25
        assert running.delivery.sent == 7 * 24 - 1
        running.close()


def test_the_first_start_sends_the_week_before() -> None:
    clock, log = Clock(START + 8 * DAY), MemoryLog()
    for reading in readings(START, 8 * DAY, 3600):
        add(log, reading)
    with FakeInfluxDB() as fake:
        running = callback(fake, "linky", log, clock)
        running.idle()
        assert running.delivery.too_old == 0
        assert running.delivery.sent == 7 * 24 - 1
        running.close()


def test_the_backlog_can_be_dropped_while_the_server_is_away() -> None:
    clock, log = Clock(START + DAY), MemoryLog()
    with FakeInfluxDB() as fake:
        fake.mood = "500"
        running = callback(fake, "linky", log, clock, all_labels=True)
        for reading in readings(START, DAY, STEP):
            add(log, reading)
            running.reading(reading, NOTHING)
        running.link(Link())
        running.idle()
        assert running.delivery.waiting == DAY // STEP
        running.drop_backlog()
        running.idle()
        assert running.delivery.waiting == 0
        fake.mood = "good"
        work_off(running, clock)
        assert fake.lines == []
        again = callback(fake, "linky", log, clock)
        again.idle()
        assert linky_lines(fake) == []
        running.close()
        again.close()


def test_a_server_that_is_away_is_asked_less_and_less(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock(START)
    with FakeInfluxDB() as fake:
        fake.mood = "500"
        running = callback(fake, "linky", MemoryLog(), clock)
        for _ in range(3600):
            running.idle()
            clock.now += 1
        assert 55 < fake.requests < 75
        assert len([record for record in caplog.records if "problem" in record.message]) == 1
        running.close()


def test_what_waits_is_counted_while_the_server_is_left_alone() -> None:
    clock, log = Clock(START), MemoryLog()
    with FakeInfluxDB() as fake:
        fake.mood = "500"
        running = callback(fake, "linky", log, clock)
        for _ in range(300):
            running.idle()
            clock.now += 1
        for reading in readings(clock.now, 20, 1):
            add(log, reading)
            clock.now += 1
            running.idle()
        assert fake.requests < 30
        assert running.delivery.waiting >= 10
        running.close()


def test_a_clock_that_jumps_back_does_not_stop_the_sending() -> None:
    clock, log = Clock(START), MemoryLog()
    with FakeInfluxDB() as fake:
        fake.mood = "500"
        running = callback(fake, "linky", log, clock)
        running.idle()
        fake.mood = "good"
        clock.now -= 10 * DAY
        add(log, next(readings(clock.now, STEP, STEP)))
        running.idle()
        assert running.delivery.connected
        assert len(linky_lines(fake)) == 1
        running.close()


def test_another_contract_does_not_mix_with_the_one_before() -> None:
    clock = Clock(START)
    with FakeInfluxDB() as fake:
        running = callback(fake, "linky", None, clock)
        arrival = Household().arrival()
        running.reading(arrival.reading, arrival.frame)
        base = replace(arrival.reading, at=START + 60, contract=Contract.BASE, registers={"BASE": 42})
        running.reading(base, arrival.frame)
        running.idle()
        assert "HCHC=0i,HCHP=42i,PAPP=460i" in [fields for _, fields in linky_lines(fake)]
        running.close()


def test_all_labels_and_the_lines_counters_go_to_measurements_of_their_own() -> None:
    clock = Clock(START)
    with FakeInfluxDB() as fake:
        running = callback(fake, "linky", None, clock, all_labels=True)
        arrival = Household().arrival()
        running.reading(arrival.reading, arrival.frame)
        running.link(Link(state=LinkState.LIVE, frames=1))
        running.link(Link(state=LinkState.LIVE, frames=2))
        running.idle()
        kinds = sorted({line.partition(",")[0].partition(" ")[0] for line in fake.lines})
        assert kinds == ["linky", "linky_link", "linky_state", "linky_tic"]
        assert len([line for line in fake.lines if line.startswith("linky_link")]) == 1
        running.close()


def test_the_login_goes_out_as_it_must_and_nowhere_else(caplog: pytest.LogCaptureFixture) -> None:
    secret = "pässwörd€"  # noqa: S105 -- made up
    address = InfluxAddress(host="127.0.0.1", port=1, database="linky", username="jeanne", password=secret)
    assert secret not in repr(address)
    clock = Clock(START)
    with FakeInfluxDB() as fake:
        fake.mood = "401"
        running = InfluxDBCallback(
            InfluxAddress(host="127.0.0.1", port=fake.port, username="jeanne", password=secret),
            samples=None,
            zone=PARIS,
            clock=clock,
            connect=InfluxClient,
        )
        running.idle()
        assert fake.authorizations[0] == "Basic " + base64.b64encode(f"jeanne:{secret}".encode()).decode()
        assert "jeanne" in str(running.delivery.error)
        assert secret not in f"{running.delivery} {running.trouble!r} {caplog.text} {vars(running)}"
        running.close()


@pytest.mark.parametrize(
    "answer",
    [
        (403, b'{"error":"not authorized to execute statement"}'),
        (400, b'{"error":"error parsing query: found INTO"}'),
        (404, b"404 page not found"),
        (422, b'{"code":"invalid","message":"not implemented"}'),
    ],
)
def test_a_server_without_hourly_means_still_gets_every_value(answer: tuple[int, bytes]) -> None:
    clock, log = Clock(START), MemoryLog()
    with FakeInfluxDB() as fake:
        fake.means = answer
        running = callback(fake, "linky", log, clock)
        for reading in readings(START, 3600, STEP):
            add(log, reading)
            clock.now = reading.at
            running.idle()
        assert running.delivery.connected
        assert len(running.delivery.remarks) == 1
        assert len(linky_lines(fake)) == 60
        running.close()


def test_means_that_take_too_long_are_asked_for_in_smaller_parts() -> None:
    clock = Clock(START)
    with FakeInfluxDB() as fake:
        fake.means = HANGS
        running = callback(fake, "linky", MemoryLog(), clock)
        for _ in range(5):
            running.idle()
            clock.now += 61
        hours = [
            (int(end) - int(start)) // 3600
            for start, end in (re.findall(r"(\d{10})s", statement) for statement in fake.mean_statements)
        ]
        assert hours == [24, 6, 1, 1, 1]
        running.close()
