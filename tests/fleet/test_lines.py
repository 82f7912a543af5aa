"""Batches as lines, and addresses as a person writes them."""

from pathlib import Path

import pytest

from linkytui.errors import UsageError
from linkytui.fleet.addresses import Certificates, broker_of, database_of
from linkytui.fleet.lines import lines_of
from linkytui.outputs.callbacks.upstream.batch import WireSample
from linkytui.outputs.callbacks.upstream.topics import Source, level, source_of, topic


def test_a_sample_is_a_line_at_its_own_millisecond() -> None:
    samples = [
        WireSample(1_790_000_000_250, 300, None, "HP", {"HC": 1, "HP": 2}),
        WireSample(1_790_000_001_750, None, 450, None, {"INJECTED": 7}),
        WireSample(1_790_000_003_250),
        WireSample(1_790_000_004_750, 0),
    ]
    assert lines_of(Source("Rue, 5", "a=b"), samples).splitlines() == [
        r"linky_fleet,meter=a\=b,site=Rue\,\ 5 wh_hc=1i,wh_hp=2i,power=300i 1790000000250",
        r"linky_fleet,meter=a\=b,site=Rue\,\ 5 wh_injected=7i,injected_power=450i 1790000001750",
        r"linky_fleet,meter=a\=b,site=Rue\,\ 5 power=0i 1790000004750",
    ]


@pytest.mark.parametrize(
    ("named", "source"),
    [
        ("fleet/here/house/samples", Source("here", "house")),
        ("fleet/here/samples", None),
        ("fleet/here/house/more/samples", None),
        ("other/here/house/samples", None),
        ("fleet//house/samples", None),
        ("fleet/a\nb/house/samples", None),
        ("", None),
    ],
)
def test_the_meter_of_a_topic(named: str, source: Source | None) -> None:
    assert source_of("fleet", named) == source
    if source is not None:
        assert topic("fleet", source, "samples") == named


@pytest.mark.parametrize(
    ("text", "name"), [("house", "house"), (" a/b#c+d$ ", "a-b-c-d-"), ("", "x"), ("  ", "x"), ("n" * 90, "n" * 64)]
)
def test_any_text_becomes_one_level_of_a_topic(text: str, name: str) -> None:
    assert level(text, "x") == name


def test_the_address_of_a_broker() -> None:
    address, base = broker_of("mqtt://me:p%40ss@host.example:1999/town/west/")
    assert (address.host, address.port, address.username, address.password) == ("host.example", 1999, "me", "p@ss")
    assert (address.tls, base) == (False, "town/west")
    assert "p@ss" not in repr(address)
    address, base = broker_of("mqtts://host")
    assert (address.port, address.tls, base) == (8883, True, "fleet")
    address, _base = broker_of("mqtt://host", Certificates(authority=Path("ca.pem")))
    assert (address.port, address.tls, address.authority) == (8883, True, Path("ca.pem"))


def test_the_address_of_a_database() -> None:
    address = database_of("influxdb://me:word@host:8428/town")
    assert (address.host, address.port, address.database, address.login) == ("host", 8428, "town", ("me", "word"))
    assert (address.tls, address.prefix) == (False, "")
    address = database_of("https://host/insert/0/influx/town")
    assert (address.port, address.tls, address.prefix, address.database) == (8086, True, "/insert/0/influx", "town")
    assert database_of("influxdb://host").database == "linky"


@pytest.mark.parametrize(
    "url", ["", "host", "mqtt://", "http://host", "mqtt://host/a#b", "mqtt://host/a+b", "mqtt://host:port", "mqtt://[x"]
)
def test_what_is_no_address_of_a_broker(url: str) -> None:
    with pytest.raises(UsageError, match=r"mqtt://host:1883/fleet"):
        broker_of(url)


@pytest.mark.parametrize("url", ["", "mqtt://host/x", "influxdb://", "influxdb://host:no/x", "influxdb://host/x?y=z"])
def test_what_is_no_address_of_a_database(url: str) -> None:
    with pytest.raises(UsageError, match=r"influxdb://host:8086/linky"):
        database_of(url)
