"""Answers that never end, trickle or lead elsewhere: each request ends in time, in little memory, in one line."""

import socket
import threading
import time
import tracemalloc
from collections.abc import Iterator

import pytest

from linkytui.outputs.callbacks.influxdb.address import InfluxAddress
from linkytui.outputs.callbacks.influxdb.client import InfluxClient
from linkytui.outputs.callbacks.influxdb.trouble import InfluxError, Trouble
from tests.tariffs import site as answers
from tests.tariffs.conftest import site
from tests.tariffs.site import Answer, Site

__all__ = ["site"]

POINT = {"measurement": "linky", "tags": {}, "time": 1_700_000_000, "fields": {"PAPP": 460}}


@pytest.fixture
def client(site: Site) -> Iterator[InfluxClient]:
    made = InfluxClient(InfluxAddress(host="127.0.0.1", port=int(site.url.rpartition(":")[2])), read_timeout=0.5)
    yield made
    made.close()


def trouble(client: InfluxClient) -> InfluxError:
    """What a write and a query come to."""
    with pytest.raises(InfluxError) as writing:
        client.write([POINT])
    with pytest.raises(InfluxError) as asking:
        client.query("SHOW DATABASES")
    assert str(writing.value) == str(asking.value)
    assert "\n" not in str(asking.value)
    return asking.value


@pytest.mark.parametrize("answer", ["trickle", "trickling_head", "silent"])
def test_an_answer_that_trickles_is_given_up(answer: str, site: Site, client: InfluxClient) -> None:
    site.answers["/write"] = site.answers["/query"] = getattr(answers, answer)(site.over)
    began = time.monotonic()
    assert trouble(client).kind is Trouble.TIMEOUT
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "answer", [answers.endless, answers.raw(b"HTTP/1.1 204 No\r\nX: " + b"x" * 100_000_000)], ids=["body", "head"]
)
def test_an_answer_that_never_ends_takes_no_memory(answer: Answer, site: Site, client: InfluxClient) -> None:
    site.answers["/write"] = site.answers["/query"] = answer
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        assert trouble(client).kind in (Trouble.OTHER, Trouble.TIMEOUT, Trouble.UNREACHABLE)
        assert tracemalloc.get_traced_memory()[1] - before < 8_000_000
    finally:
        tracemalloc.stop()


def test_a_server_that_leads_elsewhere_is_not_followed(site: Site, client: InfluxClient) -> None:
    site.answers["/write"] = site.answers["/query"] = answers.moved("http://127.0.0.1:1/write")
    assert trouble(client).kind is Trouble.OTHER
    site.answers["/write"] = site.answers["/query"] = answers.moved("https://127.0.0.1:1/write")
    assert str(trouble(client)).endswith("requires an encrypted connection: set tls")


@pytest.mark.parametrize(
    "body", [b"[]", b'{"results":7}', b'{"results":[{"series":3}]}', b"[" * 100_000, b"null", b"1"]
)
def test_an_answer_of_another_form_is_not_influxdb(body: bytes, site: Site, client: InfluxClient) -> None:
    site.answers["/query"] = answers.status(200, body)
    with pytest.raises(InfluxError) as caught:
        client.query("SHOW DATABASES")
    assert caught.value.kind is Trouble.OTHER


def test_a_connection_that_was_closed_meanwhile_is_made_again() -> None:
    taken = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            for _ in range(2):
                connection, _address = server.accept()
                with connection:
                    taken.append(connection.recv(65536).partition(b"\r\n")[0])
                    connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")  # it seems to stay, and goes

        thread = threading.Thread(target=serve)
        thread.start()
        client = InfluxClient(InfluxAddress(host="127.0.0.1", port=server.getsockname()[1]))
        client.write([POINT])
        client.write([POINT])
        client.close()
        thread.join()
    assert len(taken) == 2


def test_a_proxy_of_the_environment_is_asked(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", site.url)
    site.answers["http://influxdb.test:8086/write"] = answers.status(204, b"")
    client = InfluxClient(InfluxAddress(host="influxdb.test"))
    client.write([POINT])
    client.close()
