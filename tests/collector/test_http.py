"""The collector's HTTP server: what it answers, and that nobody can hold it up."""

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from linkytui import cli
from linkytui.collector.http import HttpServer
from linkytui.line.relay.report import LinkReport, Report
from tests.collector.processes import Collector, CountingMeter
from tests.collector.test_metrics import FULL
from tests.lines import PATIENCE, wait_until
from tests.servers import free_port

HOST = b"Host: 127.0.0.1\r\n"


@pytest.fixture
def server() -> Iterator[HttpServer]:
    made = HttpServer("127.0.0.1:0", lambda: FULL, ZoneInfo("Europe/Paris"), patience=PATIENCE)
    wait_until(lambda: made.address)
    yield made
    made.close()


def connect(server: HttpServer) -> socket.socket:
    """A connection of ours."""
    assert server.address is not None
    return socket.create_connection(server.address, PATIENCE)


def ask(server: HttpServer, request: bytes) -> bytes:
    """All that it answers to some bytes, until it ends the connection."""
    with connect(server) as client:
        client.sendall(request)
        client.shutdown(socket.SHUT_WR)
        answer = b""
        while data := client.recv(65536):
            answer += data
    return answer


def test_the_status_is_that_of_the_command_line(server: HttpServer) -> None:
    answer = ask(server, b"GET /status HTTP/1.1\r\n" + HOST + b"\r\n")
    head, _end, body = answer.partition(b"\r\n\r\n")
    assert b"200 OK" in head
    assert b"Content-Type: application/json\r\n" in head
    told = json.loads(body)
    assert (told["power_va"], told["link"]["state"], told["month_eur"]) == (460, "live", 42.1)
    assert told["at"] == "2023-11-14T23:13:18+01:00"


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        (b"GET /metrics HTTP/1.1", 200),
        (b"GET /metrics?x=1 HTTP/1.0", 200),
        (b"HEAD /metrics HTTP/1.1", 200),
        (b"GET / HTTP/1.1", 404),
        (b"GET /metrics/ HTTP/1.1", 404),
        (b"GET /../metrics HTTP/1.1", 404),
        (b"GET /metrics/../../etc/passwd HTTP/1.1", 404),
        (b"POST /metrics HTTP/1.1", 405),
        (b"DELETE /status HTTP/1.1", 405),
        (b"GET /metrics", 400),
        (b"GET  /metrics HTTP/1.1", 400),
        (b"GET /metrics HTTP/2", 400),
        (b"\xff\xfe\x00", 400),
        (b"", 400),
    ],
)
def test_every_request_has_its_answer(server: HttpServer, request_line: bytes, status: int) -> None:
    answer = ask(server, request_line + b"\r\n" + HOST + b"\r\n")
    assert answer.startswith(b"HTTP/1.1 %d " % status)
    head, _end, body = answer.partition(b"\r\n\r\n")
    assert b"Connection: close" in head
    assert bool(body) == (not request_line.startswith(b"HEAD"))


@pytest.mark.parametrize(
    ("host", "status"),
    [
        (b"localhost", 200),
        (b"localhost:8095", 200),
        (b"127.0.0.1:8095", 200),
        (b"[::1]:8095", 200),
        (b"evil.example", 403),
        (b"evil.example:8095", 403),
        (b"127.0.0.1.evil.example", 403),
        (b"192.0.2.1", 403),
        (b"[::2]", 403),
    ],
)
def test_a_web_page_cannot_ask_by_a_name_of_its_own(server: HttpServer, host: bytes, status: int) -> None:
    assert b" %d " % status in ask(server, b"GET /status HTTP/1.1\r\nhOsT: " + host + b"\r\n\r\n")


def test_headers_without_end_are_refused(server: HttpServer) -> None:
    answer = ask(server, b"GET /metrics HTTP/1.1\r\n" + b"X: y\r\n" * 4000)
    assert answer.startswith(b"HTTP/1.1 431 ")


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.binary(max_size=600))
def test_whatever_is_sent_it_goes_on(server: HttpServer, data: bytes) -> None:
    ask(server, data)
    assert b"200 OK" in ask(server, b"GET /metrics HTTP/1.1\r\n\r\n")


def test_idle_clients_keep_nobody_out(server: HttpServer) -> None:
    idle = [connect(server) for _number in range(100)]
    assert b"200 OK" in ask(server, b"GET /metrics HTTP/1.1\r\n\r\n")
    for client in idle:
        client.close()
    assert sum(thread.name == "http" for thread in threading.enumerate()) == 1


def test_a_slow_client_is_sent_away() -> None:
    server = HttpServer("127.0.0.1:0", lambda: FULL, ZoneInfo("Europe/Paris"), patience=0.2)
    try:
        wait_until(lambda: server.address)
        with connect(server) as client:
            client.sendall(b"GET /metrics")
            assert client.recv(100) == b""
        with connect(server) as client:  # it has its answer, and does not close
            client.sendall(b"GET /metrics HTTP/1.1\r\n\r\n")
            while client.recv(65536):
                pass
    finally:
        server.close()


def test_a_client_that_takes_nothing_holds_nobody_up() -> None:
    many = Report(kind="collector", pid=1, link=LinkReport(source="x"), callbacks=FULL.callbacks * 20_000)
    server = HttpServer("127.0.0.1:0", lambda: many, ZoneInfo("Europe/Paris"), patience=PATIENCE)
    try:
        wait_until(lambda: server.address)
        with connect(server) as client:
            client.sendall(b"GET /metrics HTTP/1.1\r\n\r\n")
            assert b"200 OK" in ask(server, b"GET /status HTTP/1.1\r\n\r\n")
    finally:
        server.close()


def test_an_answer_that_cannot_be_made_ends_nothing(caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> Report:
        raise RuntimeError("the disk")

    server = HttpServer("127.0.0.1:0", fail, ZoneInfo("Europe/Paris"))
    try:
        wait_until(lambda: server.address)
        for _time in range(2):
            assert b" 500 " in ask(server, b"GET /status HTTP/1.1\r\n\r\n")
    finally:
        server.close()
    assert "the disk" in caplog.text


def test_an_address_that_is_taken_is_said_once(server: HttpServer, caplog: pytest.LogCaptureFixture) -> None:
    assert server.address is not None
    second = HttpServer(f"127.0.0.1:{server.address[1]}", lambda: FULL, ZoneInfo("Europe/Paris"))
    wait_until(lambda: "Cannot listen" in caplog.text)
    assert second.address is None
    second.close()
    second.close()


def get(port: int, path: str) -> tuple[int, bytes] | None:
    """Status and text of an answer; None while nobody listens."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except OSError:
        return None
    finally:
        connection.close()


def test_a_collector_answers_where_its_settings_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    port = free_port()
    with (
        CountingMeter(tmp_path / "meter") as meter,
        Collector(tmp_path, meter.port, LINKYTUI_HTTP_LISTEN=f"127.0.0.1:{port}") as collector,
    ):
        wait_until(lambda: meter.heard)
        meter.send(5)
        collector.reads(4)
        wait_until(lambda: get(port, "/status"))
        metrics, status = get(port, "/metrics"), get(port, "/status")
        assert metrics is not None
        assert b'linkytui_energy_wh_total{register="HC"} 723392\n' in metrics[1]
        assert status is not None
        monkeypatch.setenv("LINKYTUI_RELAY_SOCKET", str(collector.place.socket))
        assert cli.run(["status", "--json"]) == 0
        told, printed = json.loads(status[1]), json.loads(capsys.readouterr().out)
        assert told.keys() == printed.keys()
        assert (told["registers_wh"]["HC"], told["contract"]) == (723392, "HPHC")
        assert collector.stop() == 0
        assert get(port, "/status") is None


def test_without_the_setting_nothing_listens(tmp_path: Path) -> None:
    with CountingMeter(tmp_path / "meter") as meter, Collector(tmp_path, meter.port) as collector:
        assert collector.process is not None
        table = Path(f"/proc/{collector.process.pid}/net/tcp").read_text()
        own = {
            link.readlink().name for link in Path(f"/proc/{collector.process.pid}/fd").iterdir() if link.is_symlink()
        }
        listening = [row.split() for row in table.splitlines()[1:] if row.split()[3] == "0A"]
        assert [row for row in listening if f"socket:[{row[9]}]" in own] == []
