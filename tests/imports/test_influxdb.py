"""linkypy's database on a real server: a year through its hours, a week through its frames, exact to the Wh."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from influxdb import InfluxDBClient

from linkytui.history import HistoryReader, importing
from linkytui.imports import influxdb
from linkytui.imports.influxdb import address_of, open_influxdb
from linkytui.imports.model import Older, Samples, SourceError
from linkytui.imports.run import Outcome, look_at, take_in
from linkytui.outputs.callbacks.influxdb.address import InfluxAddress
from linkytui.outputs.callbacks.influxdb.trouble import InfluxError
from linkytui.reading import Contract
from linkytui.settings.model import InfluxSettings
from tests.history.household import total
from tests.lines import PATIENCE
from tests.outputs.callbacks import linkypy
from tests.servers import InfluxServer

HOUR = 3600
NOW = time.time() + 3600
HC, HP = 5_602_128, 7_923_975


@pytest.fixture(scope="module")
def client(influxd: InfluxServer) -> Iterator[InfluxDBClient]:
    client = InfluxDBClient("127.0.0.1", influxd.port, timeout=PATIENCE)
    yield client
    client.close()


@pytest.fixture(scope="module")
def now() -> int:
    return int(time.time())


def registers(at: int) -> tuple[int, int]:
    """HCHC and HCHP at a moment: 600 W, off-peak from 00:00 to 08:00 UTC."""
    seconds = at - 1_700_000_000 // 86_400 * 86_400
    days, rest = divmod(seconds, 86_400)
    off_peak = days * 8 * HOUR + min(rest, 8 * HOUR)
    return HC + off_peak // 6, HP + (seconds - off_peak) // 6


def hourly(client: InfluxDBClient, database: str, start: int, end: int) -> None:
    """What linkypy's continuous query left: the hour's last registers at its beginning, the mean power as a float."""
    points = []
    for hour in range(start // HOUR * HOUR, end, HOUR):
        hchc, hchp = registers(min(hour + HOUR, end))
        points.append(
            {"measurement": "linky_mean", "time": hour, "fields": {"PAPP": 612.25, "HCHC": hchc, "HCHP": hchp}}
        )
    client.write_points(points, time_precision="s", database=database, batch_size=5000)


def frames(client: InfluxDBClient, database: str, start: int, end: int, step: int = 60) -> None:
    points = []
    for at in range(start, end, step):
        hchc, hchp = registers(at)
        fields = {"PAPP": 610, "HCHC": hchc, "HCHP": hchp}
        points.append({"measurement": "linky", "time": at, "fields": fields, "tags": linkypy._tags(at)})
    client.write_points(points, time_precision="s", retention_policy="linky_rp", database=database, batch_size=5000)


@pytest.fixture(scope="module")
def year(client: InfluxDBClient, now: int) -> str:
    """A year of hours, and the frames of the last day."""
    linkypy.make_database(client, "year")
    client.query('DROP CONTINUOUS QUERY "linky_mean_cq" ON "year"', method="POST")
    hourly(client, "year", now - 365 * 86_400, now)
    frames(client, "year", now - 86_400, now)
    return "year"


def opened(influxd: InfluxServer, database: str, now: float, contract: Contract | None = None) -> Older:
    return open_influxdb(InfluxAddress(host="127.0.0.1", port=influxd.port, database=database), now, contract)


def imported(folder: Path, older: Older) -> Outcome:
    return take_in(older, HistoryReader(folder), now=NOW, raw_days=7, minute_days=730)


def test_a_year_and_a_week_are_exact(influxd: InfluxServer, year: str, now: int, tmp_path: Path) -> None:
    older = opened(influxd, year, now)
    looked = look_at(older, HistoryReader(tmp_path), now=NOW)
    assert not tmp_path.joinpath("history.db").exists()
    outcome = imported(tmp_path, older)
    first, last = now - 365 * 86_400, now - 86_400 + (86_399 // 60) * 60
    begin, end = registers(first // HOUR * HOUR + HOUR), registers(last)
    rises = {"HC": end[0] - begin[0], "HP": end[1] - begin[1]}
    assert outcome.wh == looked.wh == rises
    assert total(tmp_path) == rises
    assert looked.new == looked.rows == outcome.rows == outcome.new
    reader = HistoryReader(tmp_path)
    (meter,) = reader.meters()
    assert (meter.number, meter.contract) == ("", Contract.HPHC)
    estimated = sum(hour.estimated_wh for hour in reader.hours(*_all(reader)))
    # Only between the last whole hour and the first frame is anything guessed.
    assert estimated <= 600
    assert {"HC", "HP"} >= {name for hour in reader.hours(*_all(reader)) for name in hour.wh}


def _all(reader: HistoryReader) -> tuple[datetime, datetime]:
    known = reader.recorded()
    assert known is not None
    start, end = (datetime.fromtimestamp(at, UTC) for at in known)
    return start, end + timedelta(hours=1)


def test_each_hour_has_its_own_energy_and_power(
    influxd: InfluxServer, client: InfluxDBClient, now: int, tmp_path: Path
) -> None:
    linkypy.make_database(client, "hours")
    hourly(client, "hours", now - 100 * HOUR, now)
    imported(tmp_path, opened(influxd, "hours", now))
    reader = HistoryReader(tmp_path)
    for hour in list(reader.hours(*_all(reader)))[1:-1]:
        assert sum(hour.wh.values()) == 600
        assert hour.estimated_wh == 0
    assert all(point.mean == 612 for point in reader.curve(now - 90 * HOUR, now - 2 * HOUR, 50))


def test_twice_changes_nothing_and_frames_that_expired_are_no_matter(
    influxd: InfluxServer, client: InfluxDBClient, now: int, tmp_path: Path
) -> None:
    linkypy.make_database(client, "moving")
    hourly(client, "moving", now - 20 * 86_400, now)
    frames(client, "moving", now - 6 * HOUR, now)
    imported(tmp_path, opened(influxd, "moving", now))
    before = total(tmp_path), HistoryReader(tmp_path).recorded(), HistoryReader(tmp_path).newest_sample()
    again = imported(tmp_path, opened(influxd, "moving", now))
    assert again.new == 0
    expired = f"DELETE FROM linky WHERE time < {now - 3 * HOUR}s"  # noqa: S608 -- a test's own words
    client.query(expired, database="moving", method="POST")
    assert imported(tmp_path, opened(influxd, "moving", now)).new == 0
    assert look_at(opened(influxd, "moving", now), HistoryReader(tmp_path), now=NOW).new == 0
    assert (total(tmp_path), HistoryReader(tmp_path).recorded(), HistoryReader(tmp_path).newest_sample()) == before


def test_an_interrupted_import_goes_on_where_it_was(
    influxd: InfluxServer, year: str, now: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "IMPORT_BATCH", 500)
    whole, torn = tmp_path / "whole", tmp_path / "torn"
    imported(whole, opened(influxd, year, now))

    def stop(share: float) -> None:
        if share > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take_in(opened(influxd, year, now), HistoryReader(torn), now=NOW, raw_days=7, minute_days=730, progress=stop)
    some = sum(total(torn).values())
    assert 0 < some < sum(total(whole).values())
    outcome = imported(torn, opened(influxd, year, now))
    assert 0 < outcome.new < outcome.rows
    assert total(torn) == total(whole)
    assert HistoryReader(torn).recorded() == HistoryReader(whole).recorded()


def test_pages_join_without_loss(
    influxd: InfluxServer, year: str, now: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(influxdb, "_PAGE", 777)
    (hours, _frames) = opened(influxd, year, now).parts
    assert isinstance(hours, Samples)
    moments = [sample.at for sample in hours.read()]
    assert len(moments) == len(set(moments)) == round((moments[-1] - moments[0]) / HOUR) + 1


def test_a_meter_with_one_register_keeps_it(
    influxd: InfluxServer, client: InfluxDBClient, now: int, tmp_path: Path
) -> None:
    linkypy.make_database(client, "base")
    points = [
        {"measurement": "linky_mean", "time": hour, "fields": {"PAPP": 500.0, "HCHC": 0, "HCHP": 1000 + number * 500}}
        for number, hour in enumerate(range((now - 50 * HOUR) // HOUR * HOUR, now - HOUR, HOUR))
    ]
    client.write_points(points, time_precision="s", database="base")
    assert imported(tmp_path, opened(influxd, "base", now)).wh == {"BASE": (len(points) - 1) * 500}
    with pytest.raises(SourceError, match="counts BASE, but the meter in the history has another contract"):
        opened(influxd, "base", now, Contract.TEMPO)


def test_an_hour_that_runs_is_left_out(influxd: InfluxServer, client: InfluxDBClient, now: int, tmp_path: Path) -> None:
    linkypy.make_database(client, "running")
    hourly(client, "running", now - 10 * HOUR, now)
    outcome = imported(tmp_path, opened(influxd, "running", now))
    assert outcome.last_at is not None
    assert outcome.last_at <= now // HOUR * HOUR


def test_an_empty_database_is_said(influxd: InfluxServer, client: InfluxDBClient, now: int) -> None:
    client.create_database("empty")
    with pytest.raises(SourceError, match="holds nothing written by linkypy"):
        opened(influxd, "empty", now)
    with pytest.raises(InfluxError, match="no database nowhere"):
        opened(influxd, "nowhere", now)


SETTINGS = InfluxSettings(host="pi", port=8087, database="linky", username="me", password="deep")  # noqa: S106 -- nobody's


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("influxdb://", ("pi", 8087, "linky", ("me", "deep"))),
        ("influxdb://other", ("other", 8087, "linky", ("me", "deep"))),
        ("influxdb://other:1234/power/", ("other", 1234, "power", ("me", "deep"))),
        ("influxdb://you:p%40ss@[::1]:8086/linky", ("::1", 8086, "linky", ("you", "p@ss"))),
        ("influxdb://you@host/linky", ("host", 8087, "linky", None)),
    ],
)
def test_an_address_leaves_to_the_settings_what_it_does_not_say(url: str, expected: tuple[object, ...]) -> None:
    address = address_of(url, SETTINGS)
    assert (address.host, address.port, address.database, address.login) == expected


@pytest.mark.parametrize(
    "url", ["influxdb://me:deep@host:port/x", "influxdb://me:deep@host/a/b", "influxdb://me:deep@[x"]
)
def test_an_address_that_is_none_is_not_repeated(url: str) -> None:
    with pytest.raises(SourceError) as caught:
        address_of(url, SETTINGS)
    assert "deep" not in str(caught.value)
