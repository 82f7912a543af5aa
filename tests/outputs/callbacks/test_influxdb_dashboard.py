"""linkypy's dashboard gets from linkytui's data what it would have got from linkypy's."""

import time
from dataclasses import replace

import pytest
from influxdb import InfluxDBClient

from linkytui.outputs.callbacks.influxdb.callback import InfluxDBCallback
from linkytui.outputs.callbacks.influxdb.points import OfferCost
from linkytui.outputs.callbacks.samples import MemoryLog
from linkytui.reading import Contract, Reading
from tests.lines import PATIENCE
from tests.outputs.callbacks import linkypy
from tests.outputs.callbacks.week import NOTHING, Clock, add, callback, readings, work_off
from tests.servers import InfluxServer

STEP = 10
TICK = 600
LAST = "SELECT last(HCHC) AS hchc, last(HCHP) AS hchp FROM linky_rp.linky"

BLEU = OfferCost(
    provider="EDF",
    offer_name="bleu",
    offer_type="HPHC",
    power=9,
    subscription_price=20.21,
    hp_kwh_price=0.2065,
    hc_kwh_price=0.1579,
    current_cost=0.0,
    estimated_cost=0.0,
)


class Feed:
    """Costs that grow from one ten minutes to the next."""

    def costs(self, at: float) -> tuple[OfferCost, ...]:
        tick = int(at) // TICK % 1000
        offers = (
            BLEU,
            replace(BLEU, offer_type="BASE", hc_kwh_price=0.2065),
            replace(BLEU, provider="Engie", offer_name="elec_energie", subscription_price=19.0),
        )
        return tuple(
            replace(
                offer,
                current_cost=round(45.0 + tick / 10 + extra, 2),
                estimated_cost=round(90.0 + tick / 100 + extra, 2),
            )
            for extra, offer in enumerate(offers)
        )


@pytest.fixture(scope="module")
def client(influxd: InfluxServer) -> InfluxDBClient:
    client = InfluxDBClient("127.0.0.1", influxd.port, timeout=PATIENCE)
    yield client
    client.close()


def replay(influxd: InfluxServer, database: str, day: list[Reading]) -> InfluxDBCallback:
    """Send a day through the callback, which gets to work every ten minutes."""
    clock, log = Clock(day[0].at), MemoryLog()
    running = callback(influxd.port, database, log, clock, prices=Feed())
    for count, reading in enumerate(day):
        add(log, reading)
        clock.now = reading.at
        running.reading(reading, NOTHING)
        if count * STEP % TICK == 0:
            running.idle()
    return running


@pytest.fixture(scope="module")
def day_of_both(influxd: InfluxServer, client: InfluxDBClient) -> list[Reading]:
    """The same day, written by linkypy into `theirs` and by linkytui into `ours`."""
    start = time.time() // TICK * TICK - 86_400
    day = list(readings(start, 86_400, STEP))
    linkypy.make_database(client, "theirs")
    linkypy.write(
        client, "theirs", day, {reading.at: list(Feed().costs(reading.at)) for reading in (*day[::60], day[-1])}
    )
    running = replay(influxd, "ours", day)
    work_off(running, Clock(day[-1].at))
    assert running.delivery.refused is None
    assert running.delivery.remarks == ()
    # What both already had: hours of 2021, which a panel asks for, and of the days before.
    earlier = [1_620_000_000, *(int(start) // 3600 * 3600 - days * 86_400 for days in range(2, 12))]
    means = [
        {"measurement": "linky_mean", "time": hour, "fields": {"PAPP": 512.5, "HCHC": 1, "HCHP": 2}} for hour in earlier
    ]
    for database in ("theirs", "ours"):
        client.write_points(means, time_precision="s", database=database)
    running.close()
    return day


@pytest.mark.parametrize("panel", linkypy.QUERIES)
def test_every_query_of_the_dashboard_gives_the_same(
    day_of_both: list[Reading], client: InfluxDBClient, panel: str
) -> None:
    # Some answers are dated by the second in which they are asked for, which may have changed between the two.
    for _attempt in range(5):
        theirs, ours = (client.query(linkypy.QUERIES[panel], database=name, epoch="s") for name in ("theirs", "ours"))
        if ours.raw["series"] == theirs.raw["series"]:
            break
    assert theirs.raw["series"], "the query gives nothing at all"
    assert ours.raw["series"] == theirs.raw["series"]


def test_fields_tags_policies_and_continuous_queries_are_linkypys(
    day_of_both: list[Reading], client: InfluxDBClient
) -> None:
    for statement in (
        "SHOW FIELD KEYS",
        "SHOW FIELD KEYS FROM linky_rp.linky",
        "SHOW FIELD KEYS FROM linky_rp.prices",
        "SHOW TAG KEYS",
        "SHOW TAG KEYS FROM linky_rp.linky",
        "SHOW TAG KEYS FROM linky_rp.prices",
        "SHOW RETENTION POLICIES",
    ):
        theirs, ours = (client.query(statement, database=name).raw for name in ("theirs", "ours"))
        assert ours == theirs, statement
    listed = {series["name"]: series["values"] for series in client.query("SHOW CONTINUOUS QUERIES").raw["series"]}
    assert [[name, text.replace("theirs", "ours")] for name, text in listed["theirs"]] == listed["ours"]


def test_a_database_that_linkypy_wrote_before_takes_everything(influxd: InfluxServer, client: InfluxDBClient) -> None:
    start = time.time() // TICK * TICK - 7200
    linkypy.make_database(client, "both")
    before = list(readings(start, 3600, STEP))
    linkypy.write(client, "both", before, {before[0].at: list(Feed().costs(start))})
    after = [replace(reading, at=reading.at + 3600) for reading in before]
    running = replay(influxd, "both", after)
    work_off(running, Clock(after[-1].at))
    assert running.delivery.refused is None
    assert running.delivery.remarks == ()
    count = client.query("SELECT count(PAPP) AS n FROM linky_rp.linky", database="both").get_points()
    assert next(count)["n"] == len(before) + len(after)
    types = client.query("SHOW FIELD KEYS FROM linky_rp.linky", database="both").get_points()
    assert {row["fieldKey"]: row["fieldType"] for row in types} == dict.fromkeys(("HCHC", "HCHP", "PAPP"), "integer")
    running.close()


def test_every_contract_fills_the_dashboard(influxd: InfluxServer, client: InfluxDBClient) -> None:
    start = time.time() // TICK * TICK - 3600
    day = list(readings(start, 600, STEP))
    tempo = {"HCJB": 1, "HPJB": 2, "HCJW": 3, "HPJW": 4, "HCJR": 5, "HPJR": 6}
    for contract, registers, expected in (
        (Contract.BASE, {"BASE": 7000}, (0, 7000)),
        (Contract.TEMPO, tempo, (9, 12)),
        (Contract.EJP, {"HN": 10, "PM": 3}, (10, 3)),
        (Contract.OTHER, {"EASF01": 1, "EASF02": 2, "EASF03": 4}, (1, 6)),
    ):
        name = f"contract_{contract.value.lower()}"
        said = [replace(reading, contract=contract, registers=registers) for reading in day]
        running = replay(influxd, name, said)
        work_off(running, Clock(day[-1].at))
        last = next(client.query(LAST, database=name).get_points())
        assert (last["hchc"], last["hchp"]) == expected
        running.close()
